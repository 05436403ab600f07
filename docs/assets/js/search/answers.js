/**
 * Answers of the search with the models that a query names, in the order of `shared/names.js`.
 * @module
 */

import { loadCatalog, loadRenamed } from "../shared/catalog.js";
import { meaning, nearest, saysMore } from "../shared/names.js";

/** @typedef {import("../shared/names.js").Match} Match */
/** @typedef {import("../shared/names.js").Named} Named */

/**
 * A page or a part of one in the theme's index. Title and text are HTML.
 * @typedef {{location: string, title: string, text: string}} Doc
 */

/**
 * A part of a page in an answer; `terms` says of each word of the query whether it is there.
 * @typedef {Doc & {score: number, terms: Record<string, boolean>}} Found
 */

/**
 * The theme's answer: for each page its parts, the best page first.
 * @typedef {{items: Found[][], suggest?: string[]}} Result
 */

/** The most models that come before the theme's own answer. */
const MOST = 10;
/** Signs that the theme's search has a meaning for. */
const SIGNS = /[+~^*"\\]+/g;

/**
 * @param {Doc[]} docs the theme's index
 * @returns {Promise<Answers>}
 * @throws {import("../shared/loading.js").LoadError}
 */
export async function answersFor(docs) {
  const [{ models }, renamed] = await Promise.all([loadCatalog(), loadRenamed()]);
  return new Answers(docs, models, renamed);
}

export class Answers {
  #models;
  #renamed;
  /** @type {Map<string, Doc>} the page of each model, by the model's name */
  #pages;

  /**
   * @param {Doc[]} docs the theme's index
   * @param {Named[]} models
   * @param {Record<string, string | null>} renamed deprecated names, with their successors
   */
  constructor(docs, models, renamed) {
    const byLocation = new Map(docs.map((doc) => [doc.location, doc]));
    this.#models = models.filter(({ name }) => byLocation.has(place(name)));
    this.#pages = new Map(this.#models.map(({ name }) => [name, /** @type {Doc} */ (byLocation.get(place(name)))]));
    this.#renamed = renamed;
  }

  /**
   * Put the models that a query names before the theme's answer.
   * @param {string} query
   * @param {Result} result the theme's answer
   * @returns {Result} the same if no model is to come first
   */
  merged(query, result) {
    const text = query.replace(SIGNS, " ").trim();
    const found = text ? meaning(text, this.#models, this.#renamed) : null;
    const near = this.#near(text, found !== null, result.items);
    const names = [...new Set([...(found ? [found.name] : []), ...near])].slice(0, MOST);
    if (!names.length) return result;
    const note = found && saysMore(text, found) ? found.note : "";
    const { items } = result;
    const best = Math.max(0, ...items.flat().map(({ score }) => score));
    // With the words marked that the theme has found.
    const own = new Map(items.flat().map((part) => [part.location, part]));
    const first = names.map((name, index) => {
      const doc = /** @type {Doc} */ (this.#pages.get(name));
      const { title } = own.get(doc.location) ?? doc;
      const text = note && index === 0 ? `<p>${escaped(note)}</p>${doc.text}` : doc.text;
      // The theme opens the page with the highest score when Enter is pressed.
      return [{ ...doc, title, text, score: best + names.length - index, terms: { [name]: true } }];
    });
    const places = new Set(names.map(place));
    return {
      ...result,
      items: [...first, ...items.filter((item) => !item.some(({ location }) => places.has(location)))],
    };
  }

  /**
   * List the models that come first because they are near to a text.
   * @param {string} text
   * @param {boolean} isCertain whether the text names a model for certain
   * @param {Found[][]} items the theme's answer
   * @returns {string[]}
   */
  #near(text, isCertain, items) {
    const near = nearest(text, this.#models, MOST);
    const [best] = near;
    if (!best) return [];
    /** @param {Found[]} item */
    const isWhole = ([part]) => part !== undefined && Object.values(part.terms).every(Boolean);
    const [top] = items;
    // A page of the guide that has all the words is asked for, rather than a name that has them in other words.
    const isText = top !== undefined && isWhole(top) && !top.some(({ location }) => location.startsWith(MODELS));
    if (best.isGuess) return isCertain || items.some(isWhole) ? [] : near.map(({ name }) => name);
    return isText && !isCertain && !best.isExact ? [] : near.filter(({ isGuess }) => !isGuess).map(({ name }) => name);
  }
}

/** Beginning of the addresses of models' pages. */
const MODELS = "models/";

/** @param {string} name @returns {string} the location of a model's page in the theme's index */
function place(name) {
  return `${MODELS}${encodeURIComponent(name)}/`;
}

/** @param {string} text @returns {string} as HTML */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
