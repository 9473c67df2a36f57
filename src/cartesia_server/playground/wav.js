/** Samples as a WAV file. */

const HEADER = 44; // bytes

/**
 * @param {Float32Array[]} pieces mono, -1 to 1
 * @param {number} sampleRate
 * @returns {Blob} 16-bit PCM
 */
export function wav(pieces, sampleRate) {
  const bytes = 2 * pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(HEADER + bytes));
  const text = (at, letters) =>
    [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true); // bytes per second
  view.setUint16(32, 2, true); // bytes per frame
  view.setUint16(34, 16, true); // bits per sample
  text(36, "data");
  view.setUint32(40, bytes, true);
  let at = HEADER;
  for (const piece of pieces) {
    for (const sample of pcm16(piece)) {
      view.setInt16(at, sample, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}

/**
 * @param {Float32Array} samples -1 to 1; what is beyond is cut
 * @returns {Int16Array}
 */
export function pcm16(samples) {
  return Int16Array.from(samples, (sample) =>
    Math.round(32767 * Math.max(-1, Math.min(1, sample))),
  );
}
