/**
 * Accuracy of the best of a model's weights that match a query: its tag, its licence classes, and its input size.
 * @module
 */

import { isTagged } from "./conditions.js";
import { jsonLoader } from "./loading.js";

/** @typedef {import("./catalog.js").Catalog} Catalog */
/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./query.js").Query} Query */

/**
 * A result of some weights of a model: the place of their tag among the model's, -1 for weights without one.
 * @typedef {[place: number, size: number, top1: number]} Result
 */

const loadResults = jsonLoader("The accuracy of the models");

/**
 * Give a catalog whose accuracy is that of the best weights that match a query, on its test set.
 * @param {Catalog} catalog as loaded, with that of all weights on the usual test set
 * @param {Query} query
 * @returns {Promise<Catalog>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export async function accurate(catalog, query) {
  const key = query.testSet || (Object.keys(catalog.test_sets)[0] ?? "");
  /** @type {{models: Result[][]}} */
  const { models: results } = await loadResults(`data/accuracy/${key}.json`);
  const models = catalog.models.map((model, place) => ({ ...model, ...best(model, results[place] ?? [], query) }));
  return { ...catalog, models };
}

/**
 * @param {Model} model
 * @param {Result[]} results
 * @param {Query} query
 * @returns {{top1: number | null, top1_tag: string | null, top1_image_size: number | null}}
 */
export function best(model, results, { tag, licenses, ranges }) {
  const isAsked = isTagged(tag);
  const { min = null, max = null } = ranges.input_size ?? {};
  /** @type {Result | null} */
  let found = null;
  for (const result of results) {
    const [place, size, top1] = result;
    const isMatch = isAsked(model.tags[place] ?? "") &&
      (!licenses.length || licenses.includes(model.tag_license_classes[place] ?? "")) &&
      (min === null || size >= min) && (max === null || size <= max);
    if (isMatch && (!found || top1 > found[2] || (top1 === found[2] && size < found[1]))) found = result;
  }
  if (!found) return { top1: null, top1_tag: null, top1_image_size: null };
  return { top1: found[2], top1_tag: model.tags[found[0]] ?? "", top1_image_size: found[1] };
}
