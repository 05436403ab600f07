/**
 * Reading of an address: its keys and values, and which of them are not understood.
 * @module
 */

import { quantityOf } from "./figures.js";
import { parseQuantity } from "./quantity.js";

/** @typedef {import("./figures.js").Figure} Figure */
/** @typedef {import("./query.js").Range} Range */

/**
 * A key or a value that is not understood; it is ignored, and readers are told.
 * @typedef {object} Fault
 * @property {string} key
 * @property {string | null} value null where the key itself is not known
 * @property {readonly string[]} known the keys or values that exist; empty where they are not a list
 * @property {string} example of a value, where they are not a list
 */

/** Keys that the theme understands on every page: what was searched for. */
const THEME = ["h", "q"];

export class Address {
  /** @type {Fault[]} */
  #faults = [];
  /** @type {Set<string>} */
  #keys = new Set();
  #parameters;

  /** @param {URLSearchParams} parameters */
  constructor(parameters) {
    this.#parameters = parameters;
  }

  /** What is not understood, once all keys are read. */
  get faults() {
    const known = [...this.#keys];
    const strange = [...new Set(this.#parameters.keys())].filter((key) => !this.#keys.has(key) && !THEME.includes(key));
    return [...strange.map((key) => ({ key, value: null, known, example: "" })), ...this.#faults];
  }

  /** @param {string} key @returns {boolean} whether the address has it */
  has(key) {
    this.#keys.add(key);
    return this.#parameters.has(key);
  }

  /** @param {string} key @returns {string} its value, whatever it is; "" without one */
  text(key) {
    this.#keys.add(key);
    return (this.#parameters.get(key) ?? "").trim();
  }

  /**
   * Read a key that has one of some values.
   * @template {string} Value
   * @param {string} key
   * @param {readonly Value[]} known
   * @returns {Value | ""} "" without one of them
   */
  one(key, known) {
    const text = this.text(key);
    if (known.includes(/** @type {Value} */ (text))) return /** @type {Value} */ (text);
    if (text) this.tell(key, text, known);
    return "";
  }

  /**
   * Read a key that has a list of values, separated by commas.
   * @param {string} key
   * @param {readonly string[]} [known] the values that exist; without them, any is taken
   * @returns {string[]} each once, in their order
   */
  list(key, known) {
    const values = [...new Set(this.text(key).split(",").map((value) => value.trim()).filter(Boolean))];
    if (!known) return values;
    for (const value of values) if (!known.includes(value)) this.tell(key, value, known);
    return values.filter((value) => known.includes(value));
  }

  /**
   * Read the limits of a figure, e.g. `5M..25M`, `..25M` or `5M..`.
   * @param {Figure} figure
   * @returns {Range}
   */
  range(figure) {
    const { name: key } = figure;
    const text = this.text(key);
    const sides = text.split("..");
    const [least = "", most = ""] = sides.map((side) => side.trim());
    const quantity = quantityOf(figure);
    const range = { min: parseQuantity(quantity, least, "min"), max: parseQuantity(quantity, most, "max") };
    const isRead = sides.length === 2 && (least || most) && (!least || range.min !== null) &&
      (!most || range.max !== null);
    if (text && !isRead) this.tell(key, text, [], `..${(figure.limit ?? "").replaceAll(" ", "")}`);
    return sides.length === 2 ? range : { min: null, max: null };
  }

  /**
   * Note a value that is not understood.
   * @param {string} key
   * @param {string} value
   * @param {readonly string[]} known
   * @param {string} [example]
   */
  tell(key, value, known, example = "") {
    this.#faults.push({ key, value, known, example });
  }
}
