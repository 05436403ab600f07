/**
 * Figures of models as the index declares them, and what depends on their kinds: text, order, number and limits.
 * @module
 */

import { integer, memory, metric, pixels, plural, quotient } from "./formatting.js";

/** @typedef {import("./quantity.js").Quantity} Quantity */

/** @typedef {"text" | "texts" | "number of" | "count" | "macs" | "bytes" | "percent" | "size" | "numbers" | "flag"} Kind */

/**
 * A figure as the index declares it.
 * @typedef {object} Figure
 * @property {string} name its key in addresses and in a model
 * @property {string} label short, for a heading
 * @property {string | null} axis long, for an axis; null where it cannot be one
 * @property {Kind} kind
 * @property {"shown" | "on request" | null} column whether the rank table shows it from the start; null is never
 * @property {string | null} limit an example of a limit as typed; null where it cannot be limited
 * @property {boolean} [gives_way] whether its column gives way to those that a query asks for
 * @property {boolean} [at_input_size] whether it holds only at the model's input size
 */

/**
 * Words in place of a value that is not known, that is not defined, or that is known not to exist.
 * @typedef {{unknown: string, undefined: string, none: string}} Words
 */

/** @typedef {"min" | "max"} Side */

/**
 * How values of a kind are read, where they are known.
 * @typedef {object} Reading
 * @property {(value: any, words: Words) => string} text
 * @property {(value: any) => string | number | null} key for sorting; null comes last
 * @property {(value: any) => number | null} number the position on an axis
 * @property {Quantity | null} limit the quantity of its limits; null where it has none
 * @property {keyof Words} [missing] the word for a value of null, where that is not "unknown"
 */

/** @param {number} value */
const itself = (value) => value;
/** @param {number[]} size @returns {number} */
const area = (size) => size.slice(1).reduce((product, side) => product * side);
/** @param {unknown[]} list @returns {number} */
const length = (list) => list.length;
const noNumber = () => null;

/** @param {number} share in percent @returns {number} in thousandths, which are what was published */
const thousandths = (share) => Math.round(1000 * share);
/** @param {number} share @returns {string} */
const percentText = (share) => `${quotient(thousandths(share), 1000, 2)} %`;

/** @type {Record<Kind, Reading>} */
const READINGS = {
  text: { text: String, key: String, number: noNumber, limit: null },
  texts: {
    text: (list, words) => list.join(", ") || words.undefined,
    key: (list) => list.join(", ") || null,
    number: noNumber,
    limit: null,
  },
  "number of": { text: (list) => integer(list.length), key: length, number: length, limit: "count" },
  count: { text: integer, key: itself, number: itself, limit: "count" },
  macs: { text: (value) => metric(value, "MACs"), key: itself, number: itself, limit: "macs" },
  bytes: { text: memory, key: itself, number: itself, limit: "bytes" },
  percent: { text: percentText, key: itself, number: itself, limit: "percent" },
  size: { text: pixels, key: area, number: area, limit: "pixels" },
  numbers: {
    text: (list) => list.join(", "),
    // Padded, so that text sorts by number: (2, 4), (4, 8), (16, 16).
    key: (list) => list.map((/** @type {number} */ number) => String(number).padStart(5)).join(),
    number: noNumber,
    limit: null,
    missing: "undefined",
  },
  flag: { text: (value) => (value ? "yes" : "no"), key: Number, number: noNumber, limit: null },
};

/**
 * List all columns of the rank table: the rank, then the others in their order.
 * @param {Figure[]} figures
 * @returns {Figure[]}
 */
export function columnsOf(figures) {
  const columns = figures.filter(({ column }) => column !== null);
  return [...columns.filter(({ name }) => name === "rank"), ...columns.filter(({ name }) => name !== "rank")];
}

/** @param {Figure[]} figures @returns {Figure[]} those that can be limited */
export function limitsOf(figures) {
  return figures.filter(({ limit }) => limit !== null);
}

/** @param {Figure[]} figures @returns {Figure[]} those that can be an axis */
export function axesOf(figures) {
  return figures.filter(({ axis }) => axis !== null);
}

/**
 * Write the value of a figure as pages show it, with its unit.
 * @param {Figure} figure
 * @param {any} value
 * @param {Words} words
 * @returns {string}
 */
export function textOf({ kind }, value, words) {
  const reading = READINGS[kind];
  return value === null ? words[reading.missing ?? "unknown"] : reading.text(value, words);
}

/**
 * Give the sort key of a figure's value; null comes last, ascending or descending.
 * @param {Figure} figure
 * @param {any} value
 * @returns {string | number | null}
 */
export function keyOf({ kind }, value) {
  return value === null ? null : READINGS[kind].key(value);
}

/**
 * Give the position of a figure's value on an axis; null where it has none.
 * @param {Figure} figure
 * @param {any} value
 * @returns {number | null}
 */
export function numberOf({ kind }, value) {
  return value === null ? null : READINGS[kind].number(value);
}

/** @param {Figure} figure @returns {boolean} whether its texts are numbers, which columns align right */
export function isNumeric({ kind }) {
  return READINGS[kind].number !== noNumber;
}

/** @param {Figure} figure one that can be limited @returns {Quantity} */
export function quantityOf({ kind }) {
  return READINGS[kind].limit ?? "count";
}

/**
 * Give the number that a limit is compared with. For a size that is not square, each side has to be within both limits.
 * @param {Figure} figure
 * @param {any} value
 * @param {Side} side
 * @returns {number | null}
 */
export function limitedOf(figure, value, side) {
  if (figure.kind === "size") return value && Math[side](...value.slice(1));
  if (figure.kind === "percent") return value === null ? null : thousandths(value);
  return numberOf(figure, value);
}

/** @type {Record<Quantity, (limit: number) => string>} */
const LIMIT_TEXTS = {
  count: integer,
  macs: (limit) => metric(limit, "MACs"),
  bytes: memory,
  percent: (limit) => percentText(limit / 1000),
  pixels: (limit) => plural(limit, "pixel"),
};

/**
 * Write a limit of a figure for use in a sentence.
 * @param {Figure} figure
 * @param {number} limit
 * @returns {string}
 */
export function limitText(figure, limit) {
  return LIMIT_TEXTS[quantityOf(figure)](limit);
}
