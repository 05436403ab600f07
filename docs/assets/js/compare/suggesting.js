/**
 * Suggestions of the field that adds a model: the nearest names, with their numbers of parameters.
 * @module
 */

import { loadCatalog } from "../shared/catalog.js";
import { integer } from "../shared/formatting.js";
import { nearest } from "../shared/names.js";

/** How many names are suggested. */
const MOST = 8;

/**
 * @param {string} text
 * @returns {Promise<import("./combobox.js").Answer>} certain where the first name is no guess
 * @throws {Error} the models could not be loaded; the message is for readers
 */
export async function suggest(text) {
  const { models } = await loadCatalog();
  const parameters = new Map(models.map((model) => [model.name, model.parameters]));
  const matches = nearest(text, models, MOST);
  return {
    suggestions: matches.map(({ name }) => ({ name, note: `${integer(parameters.get(name) ?? 0)} parameters` })),
    certain: matches.length > 0 && !matches[0]?.isGuess,
  };
}
