/** One text, spoken. */

import { Playback, SAMPLE_RATE } from "./playback.js";
import { speak } from "./speech-socket.js";

let context = null; // made when first needed: before they are used, browsers let no page sound
let speaking = null; // one at a time

/** Stop whatever is being spoken. */
export const silence = () => speaking?.stop();

export class Utterance {
  #message;
  #onWords;
  #onSound;
  #playback;
  #cancel = () => {};
  #problem = null;

  /** Whether somebody did not want to hear the rest. */
  stopped = false;

  /** @type {Float32Array[]} what has come in, at `SAMPLE_RATE` */
  pieces = [];

  /**
   * @param {object} message a generation request, without output format and context
   * @param {{onWords?: (times: object) => void, onSound?: (after: number) => void}} listeners
   *     `onWords` gets the times of words; `onSound` the seconds from `run` to the first sound
   */
  constructor(message, { onWords = () => {}, onSound = () => {} } = {}) {
    context ??= new AudioContext({ sampleRate: SAMPLE_RATE });
    this.#message = message;
    this.#onWords = onWords;
    this.#onSound = onSound;
    this.#playback = new Playback(context);
  }

  /** Seconds of it that have been heard. */
  get position() {
    return this.#playback.position;
  }

  /** Seconds of it that have come in. */
  get seconds() {
    return this.#playback.seconds;
  }

  /** Times at which listeners had to wait for more of it. */
  get gaps() {
    return this.#playback.gaps;
  }

  /**
   * Speak, until all is heard or `stop` is called; what was being spoken is stopped.
   * @throws {import("./api.js").Problem} it cannot be spoken, or not to its end
   */
  async run() {
    const asked = performance.now();
    silence();
    speaking = this;
    await context.resume();
    const cancel = await speak(this.#message, SAMPLE_RATE, {
      audio: (samples) => this.#add(samples, asked),
      words: this.#onWords,
      done: () => this.#playback.complete(),
      failed: (problem) => {
        this.#problem = problem;
        this.#playback.complete();
      },
    });
    if (this.stopped) cancel();
    this.#cancel = cancel;
    await this.#playback.ended;
    if (this.#problem) throw this.#problem;
  }

  /** Be silent at once, and have the server make no more. */
  stop() {
    this.stopped = true;
    this.#cancel();
    this.#playback.stop();
  }

  #add(samples, asked) {
    const silentSoFar = this.#playback.firstSound === null;
    this.pieces.push(samples);
    this.#playback.add(samples);
    const sound = this.#playback.firstSound;
    if (!silentSoFar || sound === null) return;
    // What counts is when it is heard: the time until its turn, and the way to the speaker.
    const ahead = sound - context.currentTime + (context.outputLatency || 0);
    this.#onSound((performance.now() - asked) / 1000 + ahead);
  }
}
