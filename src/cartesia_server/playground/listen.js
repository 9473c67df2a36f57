/** The section in which speech becomes text: live, and from files. */

import { openSocket, place, Problem, request } from "./api.js";
import { HEARD, TOLD_APART } from "./choices.js";
import { codePanel } from "./code-panel.js";
import { byId, element, fill, languageName, say, seconds, telling } from "./dom.js";
import { level, Microphone } from "./microphone.js";
import { listeningSnippets } from "./snippets.js";
import { TurnList } from "./turn-list.js";
import { pcm16 } from "./wav.js";

const language = byId("listen-language");

export function setUpListening() {
  fill(language, [["", "Detect"], ...HEARD.map((code) => [code, languageName(code)])]);
  const told = new Intl.ListFormat("en").format(TOLD_APART.map(languageName));
  byId("listen-hint").textContent =
    `Detect tells ${told} apart, live; in a recording it takes everything for English.`;
  const showCode = codePanel(byId("listen-code"), "The same in a program", () =>
    listeningSnippets(place(), language.value),
  );
  language.addEventListener("change", showCode);
  setUpLive();
  setUpFiles();
}

function setUpLive() {
  const button = byId("listen-toggle");
  const status = byId("listen-status");
  let listening = null;

  const stop = () => {
    listening.end();
    say(status, "Hearing out the rest");
  };

  const start = async () => {
    say(status, "Asking for the microphone");
    button.disabled = true;
    try {
      listening = await listen();
      button.textContent = "Stop";
      button.disabled = false;
      say(status, "Listening");
      await listening.ended;
      say(status, "Stopped");
    } finally {
      listening = null;
      button.textContent = "Start listening";
      button.disabled = false;
    }
  };

  button.addEventListener("click", () => (listening ? stop() : telling(status, start)));
}

/**
 * Send what the microphone hears to the server, and show what it makes of it.
 * @returns {Promise<{ended: Promise<void>, end: () => void}>}
 * @throws {Problem} there is no microphone, or no connection
 */
async function listen() {
  const turns = new TurnList(byId("turns"), byId("turn-now"));
  const meter = byId("listen-level");
  let socket = null;
  const microphone = await Microphone.open((samples) => {
    meter.value = level(samples);
    if (socket?.readyState === WebSocket.OPEN) socket.send(pcm16(samples));
  });
  const hush = () => {
    microphone.close();
    meter.value = 0;
  };
  try {
    const query = { model: "ink-2", encoding: "pcm_s16le", sample_rate: microphone.sampleRate };
    if (language.value) query.language = language.value;
    socket = await openSocket("stt/turns/websocket", query, "stt");
  } catch (problem) {
    hush();
    throw problem;
  }

  let problem = new Problem("The connection was lost."); // unless we know better
  socket.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "error") problem = new Problem(event.message);
    else turns.take(event);
  });
  const ended = new Promise((resolve, reject) => {
    socket.addEventListener("close", () => {
      hush();
      turns.close();
      if (problem) reject(problem);
      else resolve();
    });
  });
  const end = () => {
    problem = null;
    hush();
    socket.send(JSON.stringify({ type: "close" }));
  };
  return { ended, end };
}

function setUpFiles() {
  const input = byId("file");
  const drop = byId("drop");
  const status = byId("file-status");

  const take = (file) => telling(status, () => transcribe(file, status));
  input.addEventListener("click", () => {
    input.value = ""; // so that the same file can be chosen again, in another language say
  });
  input.addEventListener("change", () => {
    if (input.files.length) take(input.files[0]);
  });
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  });
}

async function transcribe(file, status) {
  byId("file-result").hidden = true;
  say(status, `Listening to ${file.name}`);
  const form = new FormData();
  form.append("file", file);
  form.append("model", "ink-whisper");
  form.append("language", language.value || "en");
  form.append("timestamp_granularities[]", "word");
  const asked = performance.now();
  const answer = await request("stt", { method: "POST", form });
  const took = (performance.now() - asked) / 1000;
  say(status, `${file.name}: ${seconds(answer.duration)}, heard in ${seconds(took)}`);
  show(file, answer);
}

/** Show a transcript beside its recording. A word that is clicked is heard. */
function show(file, { text, words }) {
  const audio = byId("file-audio");
  if (audio.src) URL.revokeObjectURL(audio.src);
  audio.src = URL.createObjectURL(file);
  const marks = words.map(({ word }) => element("mark", {}, word.trim()));
  marks.forEach((mark, index) => {
    mark.addEventListener("click", () => {
      audio.currentTime = words[index].start;
      audio.play();
    });
  });
  audio.ontimeupdate = () => {
    marks.forEach((mark, index) => {
      const { start, end } = words[index];
      mark.classList.toggle("now", start <= audio.currentTime && audio.currentTime < end);
    });
  };
  // Some languages put no spaces between words; their text is one without any.
  const space = text.includes(" ") || words.length < 2 ? " " : "";
  byId("file-words").replaceChildren(...marks.flatMap((mark) => [mark, space]));
  byId("file-times").replaceChildren(
    ...words.map(({ word, start, end }) =>
      element(
        "tr",
        {},
        ...[word, start.toFixed(2), end.toFixed(2)].map((cell) => element("td", {}, cell)),
      ),
    ),
  );
  byId("file-result").hidden = false;
}
