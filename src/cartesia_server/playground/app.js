/** Puts the page together. */

import { Problem, request, setKeyAsker } from "./api.js";
import { setUpCloning } from "./clone.js";
import { byId, say, telling } from "./dom.js";
import { setUpListening } from "./listen.js";
import { setUpSpeaking } from "./speak.js";
import { silence } from "./utterance.js";
import { setUpPicker, Voices } from "./voices.js";

const sections = [...document.querySelectorAll("main > section")];

function showSection() {
  const shown = sections.find(({ id }) => location.hash === `#${id}`) ?? sections[0];
  for (const section of sections) section.hidden = section !== shown;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function askForKey(wrong) {
  const dialog = byId("key-dialog");
  const field = byId("key");
  byId("key-problem").hidden = !wrong;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  const key = field.value.trim();
  field.value = "";
  if (dialog.returnValue !== "given") {
    throw new Problem("This server asks for a key. Load the page again to give one.");
  }
  return key;
}

const voices = new Voices();
setKeyAsker(askForKey);
setUpPicker(voices);
setUpSpeaking(voices);
setUpListening();
setUpCloning(voices);
addEventListener("hashchange", showSection);
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") silence();
});
showSection();
telling(byId("server"), async () => {
  const { version } = await request("");
  await voices.load();
  say(byId("server"), `Version ${version}`);
});
