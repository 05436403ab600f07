/**
 * Sentences about what is not understood in an address, each with the nearest that exists.
 * @module
 */

import { element } from "./elements.js";
import { nearest } from "./names.js";

/** @typedef {import("./address.js").Fault} Fault */

/** How many values that exist are named; few enough to name all of them, or the nearest. */
const FEW = 3;

/**
 * @param {Fault} fault
 * @returns {string}
 */
export function faultText({ key, value, known, example }) {
  if (value === null) return `The address has "${key}", which this page does not know.${hint(key, known)}`;
  const place = `"${value}" for "${key}" in the address`;
  if (example) return `${place} is not understood. A limit is written as in "${example}".`;
  return `${place} is not known.${hint(value, known)}`;
}

/**
 * @param {readonly Fault[]} faults
 * @returns {HTMLElement[]} a paragraph for each
 */
export function faultNotes(faults) {
  return faults.map((fault) => element("p", { class: "address-fault" }, faultText(fault)));
}

/**
 * @param {string} asked
 * @param {readonly string[]} known
 * @returns {string} a sentence with the nearest that are known, or with all where they are few
 */
function hint(asked, known) {
  const near = nearest(asked, known.map((name) => ({ name, tags: [] })), FEW).map(({ name }) => name);
  if (near.length) return ` Nearest: ${near.join(", ")}.`;
  return known.length && known.length <= FEW ? ` It can be ${known.join(" or ")}.` : "";
}
