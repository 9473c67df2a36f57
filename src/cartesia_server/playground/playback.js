/** Speech that is heard while it still comes in. */

/** Hz: what the local voices speak at, so that nothing is resampled but by the browser, once. */
export const SAMPLE_RATE = 24000;

const LEAD = 0.03; // seconds between scheduling and sounding, which the browser needs
const LEAD_AFTER_GAP = 0.3; // after the first gap; twice that after the second, and so on:
const LONGEST_LEAD = 2.4; // one longer wait is better than a stutter
const FADE = 0.01; // seconds; a sound that breaks off at once clicks
const SILENCE = 0.003; // amplitude, -50 dB

/**
 * One utterance.
 *
 * Each piece is a buffer that starts at the sample at which the one before ends; with a context that
 * runs at the sample rate of the pieces, their joints cannot be heard.
 */
export class Playback {
  #context;
  #gain;
  #sources = new Set();
  #spans = []; // {at, from, to}: context time; seconds of the speech
  #next = 0; // frame of the context at which the next piece may start
  #seconds = 0;
  #complete = false;
  #finish;

  /** Resolves when all was heard, or when it was stopped. */
  ended = new Promise((resolve) => {
    this.#finish = resolve;
  });

  /** Times at which a piece came later than it was due. */
  gaps = 0;

  /** Context time of the first sample that is no silence; null before there is one. */
  firstSound = null;

  /** @param {BaseAudioContext} context running at `SAMPLE_RATE` */
  constructor(context) {
    this.#context = context;
    this.#gain = context.createGain();
    this.#gain.connect(context.destination);
  }

  /** Seconds of speech that have come in. */
  get seconds() {
    return this.#seconds;
  }

  /** Seconds of the speech that have been heard. */
  get position() {
    const now = this.#context.currentTime - (this.#context.outputLatency || 0);
    const span = this.#spans.findLast(({ at }) => at <= now);
    return span ? Math.min(span.from + now - span.at, span.to) : 0;
  }

  /**
   * Add a piece.
   * @param {Float32Array} samples mono, at the sample rate of the context
   */
  add(samples) {
    if (!samples.length) return;
    const rate = this.#context.sampleRate;
    const now = this.#context.currentTime;
    if (!this.#spans.length) {
      this.#next = Math.ceil((now + LEAD) * rate);
    } else if (this.#next < now * rate) {
      const lead = Math.min(LONGEST_LEAD, LEAD_AFTER_GAP * 2 ** this.gaps);
      this.#next = Math.ceil((now + lead) * rate);
      this.gaps += 1;
    }
    this.#schedule(samples, this.#next / rate);
    this.#note(samples, this.#next / rate);
    this.#next += samples.length;
  }

  /** There is no more to come. */
  complete() {
    this.#complete = true;
    if (!this.#sources.size) this.#finish();
  }

  /** Be silent, at once. */
  stop() {
    const now = this.#context.currentTime;
    this.#gain.gain.setValueAtTime(1, now);
    this.#gain.gain.linearRampToValueAtTime(0, now + FADE);
    for (const source of this.#sources) source.stop(now + FADE);
    this.#sources.clear();
    this.complete();
  }

  #schedule(samples, at) {
    const buffer = this.#context.createBuffer(1, samples.length, this.#context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#gain);
    source.start(at);
    this.#sources.add(source);
    source.addEventListener("ended", () => {
      this.#sources.delete(source);
      if (this.#complete && !this.#sources.size) this.#finish();
    });
  }

  #note(samples, at) {
    const rate = this.#context.sampleRate;
    const from = this.#seconds;
    this.#seconds += samples.length / rate;
    this.#spans.push({ at, from, to: this.#seconds });
    if (this.firstSound === null) {
      const heard = samples.findIndex((sample) => Math.abs(sample) > SILENCE);
      if (heard >= 0) this.firstSound = at + heard / rate;
    }
  }
}
