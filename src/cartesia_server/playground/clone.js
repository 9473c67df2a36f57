/** The section in which people make voices, and see to those they made. */

import { place, Problem, request } from "./api.js";
import { CLONED, SAMPLES } from "./choices.js";
import { cloningSnippets } from "./snippets.js";
import { codePanel } from "./code-panel.js";
import { byId, element, fill, languageName, primary, say, seconds, telling } from "./dom.js";
import { level, Microphone } from "./microphone.js";
import { Utterance } from "./utterance.js";
import { localeOf } from "./voices.js";
import { wav } from "./wav.js";

const LONGEST = 30; // seconds of a recording: what comes after is not listened to

/** @param {import("./voices.js").Voices} voices */
export function setUpCloning(voices) {
  const status = byId("clone-status");
  const form = byId("clone-form");
  const submit = form.querySelector(".primary");
  fill(
    byId("clone-language"),
    CLONED.map((tag) => [tag, languageName(tag)]),
  );
  let clip = null;

  const chosen = () => ({
    name: byId("clone-name").value || "Me",
    language: byId("clone-language").value,
    enhance: byId("clone-enhance").checked,
  });
  const showCode = codePanel(byId("clone-code"), "The same in a program", () =>
    cloningSnippets(place(), chosen()),
  );
  form.addEventListener("input", showCode);

  const take = (blob) => {
    const audio = byId("clip-audio");
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(blob);
    audio.hidden = false;
    clip = blob;
  };
  byId("clip").addEventListener("change", ({ target }) => {
    if (target.files.length) take(target.files[0]);
  });
  setUpRecording(status, (blob) => {
    byId("clip").value = ""; // else it would name a file that is not the clip any more
    take(blob);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    telling(status, async () => {
      if (!clip) throw new Problem("Record something first, or choose a recording.");
      submit.disabled = true;
      try {
        say(status, "Searching for the voice; this takes some seconds");
        say(status, await clone(clip, chosen()));
      } finally {
        submit.disabled = false;
      }
      await voices.load();
    });
  });
  setUpOwn(voices);
}

/** @returns {Promise<string>} what became of it */
async function clone(clip, { name, language, enhance }) {
  const form = new FormData();
  form.append("clip", clip, clip.name ?? "clip.wav");
  for (const [field, value] of Object.entries({ name, language, enhance, mode: "similarity" })) {
    form.append(field, value);
  }
  const voice = await request("voices/clone", { method: "POST", form });
  const scale = "two people have 0.5 on average, two recordings of one person 0.9 and more";
  return `${voice.name} is ready. Similarity to the clip: ${voice.similarity.toFixed(2)} (${scale}).`;
}

function setUpRecording(status, take) {
  const button = byId("record");
  const meter = byId("record-level");
  let stop = null;

  const record = async () => {
    const pieces = [];
    let length = 0;
    let finish;
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    button.disabled = true;
    try {
      const microphone = await Microphone.open((samples) => {
        pieces.push(samples);
        length += samples.length / microphone.sampleRate;
        meter.value = level(samples);
        button.textContent = `Stop recording (${Math.floor(length)} s)`;
        if (length >= LONGEST) finish();
      });
      stop = finish;
      say(status, `Read something aloud, up to ${LONGEST} seconds of it`);
      button.disabled = false;
      byId("record-meter").hidden = false;
      await finished;
      microphone.close();
      take(wav(pieces, microphone.sampleRate));
      say(status, `Recorded ${seconds(length)}`);
    } finally {
      stop = null;
      byId("record-meter").hidden = true;
      button.disabled = false;
      button.textContent = "Record";
    }
  };

  button.addEventListener("click", () => (stop ? stop() : telling(status, record)));
}

function setUpOwn(voices) {
  const status = byId("own-status");
  let latest = null; // of what is tried

  const hear = async (voice) => {
    latest = new Utterance({
      model_id: "sonic-2",
      transcript: SAMPLES[primary(voice.language)] ?? SAMPLES.en,
      voice: { mode: "id", id: voice.id },
    });
    const mine = latest;
    say(status, `${voice.name} speaks; Esc stops`);
    await mine.run();
    if (mine === latest) say(status, mine.stopped ? "Stopped" : "Heard");
  };
  const remove = async (voice) => {
    if (!confirm(`Delete the voice ${voice.name} for good?`)) return;
    await request(`voices/${voice.id}`, { method: "DELETE" });
    await voices.load();
  };

  const row = (voice) => {
    const button = (name, work) => {
      const made = element("button", { type: "button" }, name);
      made.setAttribute("aria-label", `${name} ${voice.name}`);
      made.addEventListener("click", () => telling(status, () => work(voice)));
      return made;
    };
    return element(
      "li",
      {},
      element(
        "span",
        {},
        element("strong", {}, voice.name),
        element("small", {}, languageName(localeOf(voice))),
      ),
      button("Try", hear),
      button("Use", async () => {
        voices.choose(voice.id);
        location.hash = "speak";
      }),
      button("Delete", remove),
    );
  };
  voices.addEventListener("change", () => {
    const own = voices.all.filter((voice) => voice.is_owner);
    byId("own-voices").replaceChildren(...own.map(row));
    say(status, own.length ? "" : "None yet");
  });
}
