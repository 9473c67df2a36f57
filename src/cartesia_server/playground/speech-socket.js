/** Speech over `/tts/websocket`. One socket is kept, so that only the first utterance opens it. */

import { openSocket, Problem } from "./api.js";

/**
 * @typedef {object} Listener
 * @property {(samples: Float32Array) => void} audio a piece of speech
 * @property {(times: {words: string[], start: number[], end: number[]}) => void} words
 * @property {() => void} done nothing more comes
 * @property {(problem: Problem) => void} failed nothing more comes, and why
 */

const listeners = new Map(); // by context id
let connecting = null; // of the socket, open or being opened; null where there is none

/**
 * Have something spoken.
 * @param {object} message a generation request, without output format and context
 * @param {number} sampleRate
 * @param {Listener} listener
 * @returns {Promise<() => void>} cancels it
 * @throws {Problem} there is no connection
 */
export async function speak(message, sampleRate, listener) {
  connecting ??= connect();
  const socket = await connecting;
  const contextId = newId();
  listeners.set(contextId, listener);
  socket.send(
    JSON.stringify({
      ...message,
      context_id: contextId,
      output_format: { container: "raw", encoding: "pcm_f32le", sample_rate: sampleRate },
      add_timestamps: true,
    }),
  );
  return () => {
    if (!listeners.delete(contextId)) return;
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ context_id: contextId, cancel: true }));
    }
  };
}

async function connect() {
  try {
    const socket = await openSocket("tts/websocket", {}, "tts");
    socket.addEventListener("message", ({ data }) => take(JSON.parse(data)));
    socket.addEventListener("close", lose);
    return socket;
  } catch (problem) {
    connecting = null;
    throw problem;
  }
}

/** The server closes a socket that is idle for long; the next utterance opens another. */
function lose() {
  connecting = null;
  const waiting = [...listeners.values()];
  listeners.clear();
  for (const listener of waiting) listener.failed(new Problem("The connection was lost."));
}

function take(event) {
  const listener = listeners.get(event.context_id);
  if (!listener) return; // a piece that was on its way when its context was cancelled
  if (event.done) listeners.delete(event.context_id);
  if (event.type === "chunk") listener.audio(samplesOf(event.data));
  else if (event.type === "timestamps") listener.words(event.word_timestamps);
  else if (event.type === "error") listener.failed(new Problem(event.message));
  else if (event.type === "done") listener.done();
}

function samplesOf(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer); // little-endian, as are all machines that browsers run on
}

/** As `crypto.randomUUID`, which browsers keep from pages on plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
