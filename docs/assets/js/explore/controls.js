/**
 * Controls of the explore page: their values as the parameters of an address, and back.
 * @module
 */

import { element, isAsServed } from "../shared/elements.js";

/** @typedef {import("./exploration.js").Exploration} Exploration */
/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

const TEXTS = ["name", "family"];
const CHOICES = ["x", "y", "x_scale", "y_scale", "x_best", "y_best", "colour", "figure", "of"];

export class Controls {
  #root;

  /** @param {HTMLElement} root that the forms are in */
  constructor(root) {
    this.#root = root;
  }

  /** The names of the figures that can be chosen. */
  get axes() {
    return [...this.#choice("x").options].map(({ value }) => value);
  }

  /** The figures of the axes as served.
   * @returns {import("./exploration.js").Served} */
  get served() {
    const [x = "", y = ""] = ["x", "y"].map((name) =>
      [...this.#choice(name).options].find(({ defaultSelected }) => defaultSelected)?.value
    );
    return { x, y };
  }

  /** The values of all controls, as parameters of an address. */
  get values() {
    const found = new URLSearchParams();
    for (const name of [...TEXTS, ...CHOICES]) found.set(name, this.#control(name).value);
    if (!this.#front.checked) found.set("front", "no");
    return found;
  }

  /** The same for controls that are not as served: those that a reader changed before the script was loaded. */
  get touched() {
    const found = new URLSearchParams();
    for (const name of TEXTS) if (this.#control(name).value) found.set(name, this.#control(name).value);
    for (const name of CHOICES) {
      const choice = this.#choice(name);
      if (!isAsServed(choice)) found.set(name, choice.value);
    }
    if (!this.#front.checked) found.set("front", "no");
    return found;
  }

  /**
   * @param {Exploration} exploration
   * @param {URLSearchParams} texts the contents of the text fields, as typed
   */
  show({ x, y, xScale, yScale, xBest, yBest, colour, front, figure, of }, texts) {
    const values = {
      x,
      y,
      x_scale: xScale,
      y_scale: yScale,
      x_best: xBest,
      y_best: yBest,
      colour,
      figure,
      of,
    };
    for (const [name, value] of Object.entries(values)) this.#control(name).value = value;
    for (const name of TEXTS) {
      // Setting even the same text would move the cursor to its end.
      const control = this.#control(name);
      const text = texts.get(name) ?? "";
      if (control.value !== text) control.value = text;
    }
    this.#front.checked = front;
  }

  /**
   * Offer these families to choose from.
   * @param {string[]} families
   * @param {string} chosen one of them, or "" for none
   */
  offerFamilies(families, chosen) {
    const options = families.map((family) => element("option", { value: family }, family));
    const choice = this.#choice("of");
    choice.replaceChildren(...[...choice.options].slice(0, 1), ...options);
    choice.value = chosen;
  }

  get #front() {
    return /** @type {HTMLInputElement} */ (this.#control("front"));
  }

  /** @param {string} name */
  #choice(name) {
    return /** @type {HTMLSelectElement} */ (this.#control(name));
  }

  /** @param {string} name */
  #control(name) {
    return /** @type {Control} */ (this.#root.querySelector(`[name=${name}]`));
  }
}
