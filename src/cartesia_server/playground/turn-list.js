/** Turns, as `/stt/turns/websocket` tells of them. */

import { element, seconds } from "./dom.js";

/** Shows one conversation: its turns in a list, the one that goes on below. */
export class TurnList {
  #list;
  #line;
  #began = performance.now();
  #text = "";
  #events = []; // [type, seconds since the conversation began]

  /**
   * @param {HTMLElement} list is emptied
   * @param {HTMLElement} line
   */
  constructor(list, line) {
    this.#list = list;
    this.#line = line;
    list.replaceChildren();
    this.close();
  }

  /** @param {{type: string, transcript?: string}} event */
  take({ type, transcript }) {
    if (type === "connected") {
      this.#began = performance.now();
      return;
    }
    this.#text = transcript ?? this.#text;
    if (type !== "turn.update") this.#events.push([type, (performance.now() - this.#began) / 1000]);
    if (type === "turn.end") {
      this.#list.append(element("li", {}, element("p", {}, this.#text), this.#trail()));
      this.close();
    } else {
      this.#line.hidden = false;
      this.#line.replaceChildren(element("span", {}, this.#text || "…"), this.#trail());
      this.#line.dataset.state = this.#events.at(-1)?.[0] ?? type;
    }
  }

  /** There is no turn now. */
  close() {
    this.#text = "";
    this.#events = [];
    this.#line.hidden = true;
  }

  #trail() {
    const told = this.#events.map(([type, at]) => `${type} ${seconds(at)}`);
    return element("small", { className: "quiet" }, told.join(" · "));
  }
}
