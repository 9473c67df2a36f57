/** The section in which text is spoken. */

import { place } from "./api.js";
import { EMOTIONS, MODELS, SAMPLES } from "./choices.js";
import { codePanel } from "./code-panel.js";
import { byId, element, fill, primary, say, seconds, telling } from "./dom.js";
import { SAMPLE_RATE } from "./playback.js";
import { ReadAlong } from "./read-along.js";
import { speechSnippets } from "./snippets.js";
import { Utterance } from "./utterance.js";
import { wav } from "./wav.js";

const PLAIN = { speed: 1, volume: 1, emotion: "neutral" };

/** @param {import("./voices.js").Voices} voices */
export function setUpSpeaking(voices) {
  const form = byId("speak-form");
  const field = byId("text");
  const status = byId("speak-status");
  fill(byId("model"), MODELS);
  fill(
    byId("emotion"),
    EMOTIONS.map((name) => [name, name]),
  );
  field.value = SAMPLES.en;
  const readAlong = new ReadAlong(field, byId("read-along"));

  let current = null; // what is being spoken
  let last = null; // what was, or is

  const message = () => ({
    model_id: byId("model").value,
    transcript: field.value,
    voice: { mode: "id", id: voices.chosen?.id ?? "" },
    ...delivery(),
  });

  const showCode = codePanel(byId("speak-code"), "The same in a program", () =>
    speechSnippets(place(), message()),
  );

  const start = async () => {
    let first = "";
    const mine = new Utterance(message(), {
      onWords: (times) => readAlong.add(times),
      onSound(after) {
        first = `First sound after ${seconds(after)}`;
        say(status, first);
      },
    });
    current = last = mine;
    readAlong.begin();
    say(status, "Waiting for the first sound");
    showButtons();
    follow();
    try {
      await mine.run();
      if (mine === current) say(status, mine.stopped ? "Stopped" : summary(first, mine));
    } finally {
      if (mine === current) {
        current = null;
        readAlong.clear();
        showButtons();
      }
    }
  };

  const showButtons = () => {
    byId("stop").disabled = current === null;
    byId("download").disabled = current !== null || !last?.pieces.length;
  };

  const follow = () => {
    if (!current) return;
    readAlong.show(current.position);
    requestAnimationFrame(follow);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    telling(status, start);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  byId("stop").addEventListener("click", () => current.stop());
  byId("download").addEventListener("click", () =>
    save(wav(last.pieces, SAMPLE_RATE), "speech.wav"),
  );

  form.addEventListener("input", () => {
    showNumbers();
    showCode();
  });
  voices.addEventListener("choice", () => {
    greet(field, voices.chosen);
    if (!current) readAlong.clear();
    showCode();
  });
  showNumbers();
}

/** What differs from a voice's own way. */
function delivery() {
  const given = {
    speed: Number(byId("speed").value),
    volume: Number(byId("volume").value),
    emotion: byId("emotion").value,
  };
  const changed = Object.entries(given).filter(([name, value]) => value !== PLAIN[name]);
  return changed.length ? { generation_config: Object.fromEntries(changed) } : {};
}

function showNumbers() {
  for (const output of byId("speak-form").querySelectorAll("output")) {
    output.value = `${Number(byId(output.htmlFor.value).value).toFixed(2)} ×`;
  }
}

function summary(first, { seconds: length, gaps }) {
  const waits = { 0: "no gaps", 1: "one gap" }[gaps] ?? `${gaps} gaps`;
  return [first || "Nothing to hear", `${seconds(length)} of speech`, waits].join(" · ");
}

/** Give a voice something to say in its own language, where nobody has written anything. */
function greet(field, voice) {
  const untouched = !field.value.trim() || Object.values(SAMPLES).includes(field.value);
  const sample = voice && SAMPLES[primary(voice.language)];
  if (untouched && sample) field.value = sample;
}

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // Not at once: a browser may yet ask where to put the file.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
