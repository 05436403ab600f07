/**
 * Selection of the models that are compared: as a value, as an address, and its changes by readers.
 *
 * Every selection has one address, from which the page can be made again. Names are not checked here: there may be no
 * such models.
 * @module
 */

import { Address } from "../shared/address.js";
import { gigabytesText, parseGigabytes } from "../shared/gigabytes.js";

/**
 * @typedef {object} Selection
 * @property {string[]} names each once, no more than can be compared, in the order of columns
 * @property {string} base the model that the others are compared with; "" is the first
 * @property {string[]} pair the two whose tensors are compared; empty is the base and the first of the others
 * @property {number | null} gpu the GB of the card that largest batches are of; null for the usual one
 * @property {string[]} surplus names asked for beyond the most that can be compared
 */

/**
 * Read the selection of an address: the inverse of `addressOf`.
 * @param {string} search the part of an address from the question mark
 * @param {number} most models that can be compared
 * @returns {Selection}
 */
export function parseSelection(search, most) {
  return readSelection(new Address(new URLSearchParams(search)), most);
}

/**
 * Read the selection of an address, which notes what is not understood.
 * @param {Address} address
 * @param {number} most models that can be compared
 * @returns {Selection}
 */
export function readSelection(address, most) {
  const asked = address.list("m");
  const names = asked.slice(0, most);
  const gpu = address.text("gpu");
  if (gpu && parseGigabytes(gpu) === null) address.tell("gpu", gpu, [], "24GB");
  return tidy({
    names,
    base: address.one("base", names),
    pair: address.list("tensors", names),
    gpu: parseGigabytes(gpu),
    surplus: asked.slice(most),
  });
}

/**
 * Normalise a selection: a base that is the first model or unknown becomes "", an invalid pair empty.
 * @param {Selection} selection
 * @returns {Selection}
 */
function tidy({ names, base, pair, gpu, surplus }) {
  return {
    names,
    base: base !== names[0] && names.includes(base) ? base : "",
    pair: pair.length === 2 && pair.every((name) => names.includes(name)) ? pair : [],
    gpu,
    surplus,
  };
}

/**
 * Write the part of an address after the path; "" where nothing is chosen. Commas are allowed, and are not escaped.
 * @param {Selection} selection
 * @returns {string}
 */
export function addressOf({ names, base, pair, gpu }) {
  const parameters = new URLSearchParams();
  if (names.length) parameters.set("m", names.join(","));
  if (base) parameters.set("base", base);
  if (pair.length) parameters.set("tensors", pair.join(","));
  if (names.length && gpu !== null) parameters.set("gpu", gigabytesText(gpu).replace(" ", ""));
  const text = parameters.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/**
 * Add a model at the end, unless it is there already or no more can be compared.
 * @param {Selection} selection
 * @param {string} name
 * @param {number} most models that can be compared
 * @returns {Selection}
 */
export function added(selection, name, most) {
  const { names } = selection;
  return names.includes(name) || names.length >= most ? selection : changed(selection, [...names, name]);
}

/**
 * Remove a model.
 * @param {Selection} selection
 * @param {string} name
 * @returns {Selection}
 */
export function removed(selection, name) {
  return changed(selection, selection.names.filter((other) => other !== name));
}

/**
 * Replace a name by the one that was meant.
 * @param {Selection} selection
 * @param {string} name
 * @param {string} meant
 * @returns {Selection}
 */
export function replaced(selection, name, meant) {
  const names = selection.names.map((other) => (other === name ? meant : other));
  const base = selection.base === name ? meant : selection.base;
  return changed({ ...selection, base }, [...new Set(names)]);
}

/**
 * Move a model one place earlier (-1) or later (1). The base stays the same model.
 * @param {Selection} selection
 * @param {string} name
 * @param {-1 | 1} by
 * @returns {Selection}
 */
export function moved(selection, name, by) {
  const names = [...selection.names];
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return selection;
  names.splice(to, 0, ...names.splice(from, 1));
  return changed({ ...selection, base: selection.base || String(selection.names[0]) }, names);
}

/**
 * Choose another base.
 * @param {Selection} selection
 * @param {string} name
 * @returns {Selection}
 */
export function withBase(selection, name) {
  return changed({ ...selection, base: name }, selection.names);
}

/**
 * Choose two other models whose tensors are compared.
 * @param {Selection} selection
 * @param {string} one
 * @param {string} other
 * @returns {Selection}
 */
export function withPair(selection, one, other) {
  return changed({ ...selection, pair: [one, other] }, selection.names);
}

/**
 * Choose another card.
 * @param {Selection} selection
 * @param {number | null} gpu its GB; null for the usual one
 * @returns {Selection}
 */
export function withCard(selection, gpu) {
  return changed({ ...selection, gpu }, selection.names);
}

/**
 * Change the names, and drop the surplus, which only the address had.
 * @param {Selection} selection
 * @param {string[]} names
 * @returns {Selection}
 */
function changed(selection, names) {
  return tidy({ ...selection, names, surplus: [] });
}
