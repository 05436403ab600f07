/**
 * Suggestions of the field that adds a model: the nearest names, with their numbers of parameters.
 * @module
 */

import { loadCatalog, loadRenamed } from "../shared/catalog.js";
import { integer } from "../shared/formatting.js";
import { meaning, nearest, saysMore } from "../shared/names.js";

/** How many names are suggested. */
const MOST = 8;

/**
 * @param {string} text
 * @returns {Promise<import("./combobox.js").Answer>} certain where the first name is no guess
 * @throws {Error} the models could not be loaded; the message is for readers
 */
export async function suggest(text) {
  const [{ models }, renamed] = await Promise.all([loadCatalog(), loadRenamed()]);
  return suggested(text, models, renamed);
}

/**
 * @param {string} text
 * @param {import("../shared/catalog.js").Model[]} models
 * @param {Record<string, string | null>} renamed deprecated names, with their successors
 * @returns {import("./combobox.js").Answer}
 */
export function suggested(text, models, renamed) {
  const parameters = new Map(models.map((model) => [model.name, model.parameters]));
  const found = meaning(text, models, renamed);
  const matches = nearest(text, models, MOST);
  const near = matches.map(({ name }) => name).filter((name) => name !== found?.name);
  const names = found ? [found.name, ...near].slice(0, MOST) : near;
  const why = found && saysMore(text, found) ? found.note : "";
  return {
    suggestions: names.map((name, place) => ({
      name,
      note: `${integer(parameters.get(name) ?? 0)} parameters${why && place === 0 ? `. ${why}` : ""}`,
    })),
    certain: found !== null || (matches.length > 0 && !matches[0]?.isGuess),
  };
}
