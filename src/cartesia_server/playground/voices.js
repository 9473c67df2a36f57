/** The voices of the server, and the list in which one of them is chosen. */

import { request } from "./api.js";
import { byId, element, fill, languageName, primary } from "./dom.js";

const PAGE = "100"; // voices; the most that the server lists at once

/**
 * @typedef {object} Voice as `GET /voices` has it
 * @property {string} id
 * @property {string} name
 * @property {string} description
 * @property {string} language
 * @property {boolean} is_owner whether it can be deleted
 * @property {{locale: string}[]} locales the first is its own
 */

/** All voices; tells of a `change` of the list, and of a `choice` of one. */
export class Voices extends EventTarget {
  /** @type {Voice[]} */
  all = [];

  /** @type {Voice | null} */
  chosen = null;

  /** Read the list anew. The choice stays, unless the voice is gone. */
  async load() {
    const found = [];
    let page = { next_page: null };
    do {
      const query = new URLSearchParams({ limit: PAGE });
      if (page.next_page) query.set("starting_after", page.next_page);
      page = await request(`voices?${query}`);
      found.push(...page.data);
    } while (page.has_more);
    this.all = found;
    const before = this.chosen?.id;
    // The server lists people's own voices first, and then the best of its own.
    const first = found.find((voice) => !voice.is_owner) ?? found[0] ?? null;
    this.chosen = found.find((voice) => voice.id === before) ?? first;
    this.dispatchEvent(new Event("change"));
    if (this.chosen?.id !== before) this.dispatchEvent(new Event("choice"));
  }

  /** @param {string} id of the voice to speak with from now on */
  choose(id) {
    this.chosen = this.all.find((voice) => voice.id === id) ?? this.chosen;
    this.dispatchEvent(new Event("choice"));
  }
}

/** Show a list that narrows down while one types. Its radio buttons bring their own keys. */
export function setUpPicker(voices) {
  const search = byId("voice-search");
  const language = byId("voice-language");
  const list = byId("voice-list");

  const matches = (voice) => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text =
      `${voice.name} ${voice.description} ${languageName(localeOf(voice))}`.toLowerCase();
    const spoken = !language.value || primary(voice.language) === language.value;
    return spoken && words.every((word) => text.includes(word));
  };

  const show = () => {
    const shown = voices.all.filter(matches);
    list.replaceChildren(...shown.map((voice) => row(voice, voice === voices.chosen)));
    const count =
      shown.length === voices.all.length
        ? `${shown.length}`
        : `${shown.length} of ${voices.all.length}`;
    byId("voice-count").textContent = shown.length ? `${count} voices` : "No voice matches";
  };

  voices.addEventListener("change", () => {
    const spoken = [...new Set(voices.all.map((voice) => primary(voice.language)))];
    const named = spoken.map((code) => [code, languageName(code)]);
    fill(language, [["", "All"], ...named.sort(([, one], [, other]) => one.localeCompare(other))]);
    show();
  });
  voices.addEventListener("choice", () => {
    const button = list.querySelector(`[value="${CSS.escape(voices.chosen?.id ?? "")}"]`);
    if (button) button.checked = true;
  });
  search.addEventListener("input", show);
  language.addEventListener("change", show);
  list.addEventListener("change", ({ target }) => voices.choose(target.value));
  byId("voice-picker").addEventListener("submit", (event) => event.preventDefault());
}

/** @returns {string} the language tag that says best where a voice is at home */
export const localeOf = (voice) => voice.locales?.[0]?.locale ?? voice.language;

function row(voice, chosen) {
  return element(
    "label",
    { className: "voice" },
    element("input", { type: "radio", name: "voice", value: voice.id, checked: chosen }),
    element(
      "span",
      {},
      element("strong", {}, voice.name),
      element("small", {}, voice.is_owner ? "yours · " : "", languageName(localeOf(voice))),
      element("small", { className: "quiet" }, voice.description),
    ),
  );
}
