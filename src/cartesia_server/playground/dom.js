/** What every section needs of the document. */

import { Problem } from "./api.js";

/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} properties of the element
 * @param {...(Node | string)} children
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Fill a list of choices.
 * @param {HTMLSelectElement} select whose choice is kept, if it is still there
 * @param {Iterable<[string, string]>} choices values and what they are called
 */
export function fill(select, choices) {
  const chosen = select.value;
  select.replaceChildren(...Array.from(choices, ([value, name]) => new Option(name, value)));
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
}

/** Say something in a line of status; `problem` shows it as one. */
export function say(line, text, { problem = false } = {}) {
  line.textContent = text;
  line.classList.toggle("problem", problem);
}

/**
 * Run what may fail, and say in a line of status why it did.
 * @param {HTMLElement} line
 * @param {() => Promise<void>} work
 */
export async function telling(line, work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) console.error(error);
    say(line, error.message, { problem: true });
  }
}

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** A language tag in words: `en-US` is American English. What is no tag stays as it is. */
export function languageName(tag) {
  try {
    return names.of(tag);
  } catch {
    return tag;
  }
}

/** The language of a tag, without its region. */
export const primary = (tag) => tag.split("-")[0];

/** Seconds as people read them. */
export const seconds = (value) => `${value.toFixed(value < 1 ? 2 : 1)} s`;
