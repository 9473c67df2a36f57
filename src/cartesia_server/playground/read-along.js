/** The words in a text field, marked while they are spoken. */

/**
 * Works on a layer behind the field that holds the same text at the same places. The layer also
 * makes the field as high as its text.
 */
export class ReadAlong {
  #field;
  #layer;
  #rest = null; // text node: what has no time yet; null when nothing is spoken
  #words = []; // {mark, start, end}, in seconds

  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} layer
   */
  constructor(field, layer) {
    this.#field = field;
    this.#layer = layer;
    field.addEventListener("input", () => this.clear());
    this.clear();
  }

  /** Mark nothing. */
  clear() {
    this.#words = [];
    this.#rest = null;
    this.#layer.textContent = `${this.#field.value}\n`; // a last line needs it to have its height
  }

  /** Get ready for the words of the text that is in the field now. */
  begin() {
    this.clear();
    this.#rest = this.#layer.firstChild;
  }

  /**
   * Learn when words are spoken. One that is not in the text is passed over.
   * @param {{words: string[], start: number[], end: number[]}} times in seconds
   */
  add({ words, start, end }) {
    words.forEach((word, index) => {
      const at = this.#rest ? this.#rest.data.indexOf(word) : -1;
      if (at < 0) return;
      const text = this.#rest.splitText(at);
      this.#rest = text.splitText(word.length);
      const mark = document.createElement("mark");
      text.replaceWith(mark);
      mark.append(text);
      this.#words.push({ mark, start: start[index], end: end[index] });
    });
  }

  /** @param {number} position seconds of the speech that have been heard */
  show(position) {
    for (const { mark, start, end } of this.#words) {
      const now = start <= position && position < end;
      mark.classList.toggle("said", start <= position);
      if (mark.classList.toggle("now", now)) this.#keepInView(mark);
    }
  }

  /** Scroll the box that holds field and layer, and not the page, which people may be reading. */
  #keepInView(mark) {
    const box = this.#layer.parentElement;
    const above = mark.offsetTop - box.scrollTop;
    if (above < 0 || above + mark.offsetHeight > box.clientHeight) {
      box.scrollTop = mark.offsetTop - box.clientHeight / 3;
    }
  }
}
