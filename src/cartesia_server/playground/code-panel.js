/** Programs for the present settings, to be copied. */

import { element } from "./dom.js";

const COPIED_FOR = 2000; // milliseconds that the button says so

const panels = []; // functions that show a language

/**
 * Show programs; the language chosen in one panel is that of all.
 * @param {HTMLElement} place
 * @param {string} title
 * @param {() => Record<string, string>} snippets by language
 * @returns {() => void} shows them anew, after a setting has changed
 */
export function codePanel(place, title, snippets) {
  const code = element("code");
  const said = element("span", { className: "quiet" });
  said.setAttribute("role", "status");
  const copy = element("button", { type: "button" }, "Copy");
  const choices = Object.keys(snippets()).map((language) => choice(place.id, language));
  const languages = element(
    "fieldset",
    { className: "tabs" },
    element("legend", {}, title),
    ...choices,
  );
  const block = element("pre", { tabIndex: 0 }, code);
  block.setAttribute("aria-label", title);
  block.setAttribute("role", "region");
  place.append(element("div", { className: "code-head" }, languages, said, copy), block);

  const show = () => {
    code.textContent = snippets()[languages.querySelector(":checked").value];
  };
  const choose = (language) => {
    languages.querySelector(`[value="${language}"]`).checked = true;
    show();
  };
  panels.push(choose);
  document.addEventListener("key", show); // programs need it too
  languages.addEventListener("change", ({ target }) => {
    for (const panel of panels) panel(target.value);
  });
  copy.addEventListener("click", async () => {
    said.textContent = (await copied(code)) ? "Copied" : "Selected; copy with Ctrl + C";
    setTimeout(() => {
      said.textContent = "";
    }, COPIED_FOR);
  });
  choose(languages.querySelector("input").value);
  return show;
}

function choice(group, language) {
  const button = element("input", { type: "radio", name: group, value: language });
  return element("label", {}, button, element("span", {}, language));
}

/** Copy, or where the browser keeps the clipboard from pages on plain http, select. */
async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return false;
  }
}
