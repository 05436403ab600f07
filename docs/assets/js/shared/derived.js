/**
 * Figures of models that depend on a query: the largest batch on its card, and the accuracy of the weights that match.
 *
 * Few readers ask for others than those that are loaded, so the modules that find them are loaded when they do.
 * @module
 */

import { importer } from "./loading.js";

/** @typedef {import("./catalog.js").Catalog} Catalog */
/** @typedef {import("./query.js").Query} Query */

const loadFitting = importer(
  (query) => /** @type {Promise<typeof import("./fitting.js")>} */ (import(`./fitting.js${query}`)),
  "The largest batch on a GPU",
);
const loadAccuracy = importer(
  (query) => /** @type {Promise<typeof import("./accuracy.js")>} */ (import(`./accuracy.js${query}`)),
  "The accuracy of the weights that match",
);

/** Accuracy, and the weights and the image size that it is of. */
export const ACCURACY = ["top1", "top1_tag", "top1_image_size"];
export const DEPENDENT = ["largest_batch", ...ACCURACY];

/**
 * Say which accuracy a query asks for: equal texts ask for the same.
 * @param {Query} query
 * @returns {string} "" for that of all weights on the usual test set
 */
export function accuracyKey({ testSet, tag, licenses, ranges }) {
  const { min = null, max = null } = ranges.input_size ?? {};
  return keyOf([testSet, tag.trim().toLowerCase(), licenses.join(), min ?? "", max ?? ""]);
}

/**
 * Say what a query's figures depend on: equal texts have the same figures.
 * @param {Query} query
 * @param {boolean} usesAccuracy
 * @returns {string} "" for the figures as loaded
 */
export function derivation(query, usesAccuracy) {
  const { gpu, run } = query;
  return keyOf([gpu ?? "", run, usesAccuracy ? accuracyKey(query) : ""]);
}

/** @param {(string | number)[]} parts @returns {string} different for different parts, "" where all are empty */
function keyOf(parts) {
  return parts.every((part) => part === "") ? "" : JSON.stringify(parts);
}

/**
 * Give a catalog with the figures that a query asks for.
 * @param {Catalog} catalog as loaded
 * @param {Query} query
 * @param {boolean} usesAccuracy whether accuracy has to be that of the weights that match
 * @returns {Promise<Catalog>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export async function derived(catalog, query, usesAccuracy) {
  let found = catalog;
  if (query.gpu !== null || query.run) found = await (await loadFitting()).fitted(found, query);
  if (usesAccuracy && accuracyKey(query)) found = await (await loadAccuracy()).accurate(found, query);
  return found;
}

/**
 * Give a catalog in which these figures are not known: better than those of another query.
 * @param {Catalog} catalog
 * @returns {Catalog}
 */
export function underived(catalog) {
  const nothing = Object.fromEntries(DEPENDENT.map((name) => [name, null]));
  return { ...catalog, models: catalog.models.map((model) => ({ ...model, ...nothing })) };
}
