/** The microphone, as mono samples. */

import { Problem } from "./api.js";

const WANTED_RATE = 16000; // Hz: what recognisers work with
const FLOOR = 60; // dB below full scale that a meter shows as nothing

const REASONS = {
  NotAllowedError:
    "The browser keeps the microphone from this page. Allow it beside the address, and try again.",
  NotFoundError: "No microphone was found.",
  NotReadableError: "The microphone cannot be used; another program may hold it.",
};

export class Microphone {
  #stream;
  #context;

  /**
   * Ask for the microphone, and listen.
   * @param {(samples: Float32Array) => void} onSamples gets a tenth of a second at a time
   * @returns {Promise<Microphone>}
   * @throws {Problem} there is none, or the page may not use it
   */
  static async open(onSamples) {
    if (!navigator.mediaDevices) {
      const local = `${location.protocol}//localhost:${location.port}${location.pathname}`;
      throw new Problem(
        "Browsers give the microphone only to pages on localhost or https. On the server's own " +
          `machine open ${local}, or give the server a certificate (--ssl-certfile).`,
      );
    }
    const microphone = new Microphone();
    try {
      microphone.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1 },
      });
      await microphone.#listen(onSamples);
      return microphone;
    } catch (error) {
      microphone.close();
      throw new Problem(REASONS[error.name] ?? `The microphone does not work: ${error.message}`);
    }
  }

  /** Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /** Listen no longer. Twice is harmless. */
  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#context && this.#context.state !== "closed") this.#context.close();
  }

  async #listen(onSamples) {
    this.#context = new AudioContext({ sampleRate: WANTED_RATE });
    let source;
    try {
      source = this.#context.createMediaStreamSource(this.#stream);
    } catch {
      // Firefox joins no microphone to a context of another rate. The server resamples then.
      await this.#context.close();
      this.#context = new AudioContext();
      source = this.#context.createMediaStreamSource(this.#stream);
    }
    await this.#context.audioWorklet.addModule("capture.js");
    const capture = new AudioWorkletNode(this.#context, "capture");
    capture.port.onmessage = ({ data }) => onSamples(data);
    // Its output is silence; but what leads nowhere is not run by every browser.
    source.connect(capture).connect(this.#context.destination);
  }
}

/**
 * How loud samples are, for a meter.
 * @param {Float32Array} samples
 * @returns {number} 0 to 1, even steps to the ear
 */
export function level(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return Math.max(0, 1 + (10 * Math.log10(power + 1e-12)) / FLOOR);
}
