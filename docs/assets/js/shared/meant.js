/**
 * The models that are meant by a name which no model's name contains, and a sentence about them.
 *
 * Lists that are filtered by name show these models in place of none.
 * @module
 */

import { loadRenamed } from "./catalog.js";
import { isNamed } from "./conditions.js";
import { meaning, nearest, saysMore, withoutPrefix } from "./names.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./names.js").Named} Named */

/**
 * `names` are the models that are meant, best first; none where no name is near.
 * @typedef {{names: string[], sentence: string}} Meant
 */

/** The most models that are shown where all of them are guesses. */
const GUESSES = 8;
/** The most models that the sentence names. */
const NAMED = 3;

/**
 * Make the rule that finds what is meant, once the deprecated names are loaded.
 * @param {Named[]} models
 * @returns {Promise<(asked: string) => Meant>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export async function loadRule(models) {
  const renamed = await loadRenamed();
  return (asked) => meantBy(asked, models, renamed);
}

/**
 * Find what a name means; null where there is none, and where a model has it in its name.
 * @param {string} name
 * @param {Model[]} models
 * @returns {Promise<Meant | null>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export async function understood(name, models) {
  return !name || models.some(isNamed(name)) ? null : (await loadRule(models))(name);
}

/**
 * @param {string} asked a text that no name contains
 * @param {Named[]} models
 * @param {Record<string, string | null>} renamed deprecated names, with their successors
 * @returns {Meant}
 */
export function meantBy(asked, models, renamed) {
  const found = meaning(asked, models, renamed);
  if (found && saysMore(asked, found)) {
    return { names: [found.name], sentence: found.note || `${asked} names weights of ${found.name}.` };
  }
  const old = withoutPrefix(asked);
  if (Object.hasOwn(renamed, old) && renamed[old] === null) {
    return { names: [], sentence: `${old} was removed from timm without a replacement.` };
  }
  const held = nearest(asked, models, models.length, false);
  const names = (held.length ? held : nearest(asked, models, GUESSES)).map(({ name }) => name);
  const near = names.length ? ` Nearest: ${names.slice(0, NAMED).join(", ")}.` : "";
  return { names, sentence: `Nothing is named "${asked}".${near}` };
}
