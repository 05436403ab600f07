/**
 * Difference between the parameter tensors of two models, by name and shape.
 * @module
 */

import { merged } from "./merging.js";

/** @typedef {import("./documents.js").Tensor} Tensor */

/**
 * A tensor with the same name and shape in both is equal.
 * @typedef {"equal" | "changed" | "here" | "there"} Kind
 */

/** @type {Kind[]} */
export const KINDS = ["changed", "here", "there", "equal"];

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {Kind} kind
 * @property {number[] | null} here the shape in the first model; null where it has no such tensor
 * @property {number[] | null} there the same for the second
 */

/**
 * The number of tensors of a kind, and of their parameters in each model.
 * @typedef {{tensors: number, here: number, there: number}} Count
 */

/**
 * Compare the tensors of two models. Both models' orders are kept as far as they agree.
 * @param {Tensor[]} here
 * @param {Tensor[]} there
 * @returns {{entries: Entry[], counts: Record<Kind, Count>}}
 */
export function tensorDifference(here, there) {
  const inHere = new Map(here.map((tensor) => [tensor.name, tensor]));
  const inThere = new Map(there.map((tensor) => [tensor.name, tensor]));
  /** @type {Record<Kind, Count>} */
  const counts = { changed: none(), here: none(), there: none(), equal: none() };
  const entries = merged([[...inHere.keys()], [...inThere.keys()]]).map((name) => {
    const one = inHere.get(name);
    const other = inThere.get(name);
    const kind = kindOf(one, other);
    counts[kind].tensors += 1;
    counts[kind].here += one?.parameters ?? 0;
    counts[kind].there += other?.parameters ?? 0;
    return { name, kind, here: one?.shape ?? null, there: other?.shape ?? null };
  });
  return { entries, counts };
}

/** @returns {Count} */
function none() {
  return { tensors: 0, here: 0, there: 0 };
}

/** @param {Tensor | undefined} one @param {Tensor | undefined} other @returns {Kind} */
function kindOf(one, other) {
  if (!one) return "there";
  if (!other) return "here";
  return shapeText(one.shape) === shapeText(other.shape) ? "equal" : "changed";
}

/**
 * Write a shape as model pages do, in Python's notation: `(64, 3, 7, 7)`, `(64,)`, `()`.
 * @param {number[]} shape
 * @returns {string}
 */
export function shapeText(shape) {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}
