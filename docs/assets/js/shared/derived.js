/**
 * Figures of models that depend on a query: the largest batch on its card, and the accuracy of the weights that match.
 * @module
 */

import { accuracyKey, accurate } from "./accuracy.js";
import { fitted } from "./fitting.js";

/** @typedef {import("./catalog.js").Catalog} Catalog */
/** @typedef {import("./query.js").Query} Query */

/** Accuracy, and the weights and the image size that it is of. */
export const ACCURACY = ["top1", "top1_tag", "top1_image_size"];
export const DEPENDENT = ["largest_batch", ...ACCURACY];

/**
 * Say what a query's figures depend on: equal texts have the same figures.
 * @param {Query} query
 * @param {boolean} usesAccuracy
 * @returns {string} "" for the figures as loaded
 */
export function derivation(query, usesAccuracy) {
  const { gpu, run } = query;
  return [gpu ?? "", run, usesAccuracy ? accuracyKey(query) : ""].join(" ").trim();
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
  const found = await fitted(catalog, query);
  return usesAccuracy ? await accurate(found, query) : found;
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
