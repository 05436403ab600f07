/**
 * Conditions that a query sets: which models meet them, and in which order these are shown.
 * @module
 */

import { keyOf, limitedOf, limitsOf } from "./figures.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./figures.js").Figure} Figure */
/** @typedef {import("./figures.js").Side} Side */
/** @typedef {import("./query.js").Query} Query */

/**
 * One condition of a query, which a reader can loosen on its own.
 * @typedef {object} Condition
 * @property {string} key its name in the address
 * @property {Side | ""} side "" where the condition is not a limit of a figure
 * @property {Figure} [figure] the figure that is limited
 * @property {number} [value] the value asked for, where one key has several conditions
 * @property {(model: Model) => boolean} holds whether a model meets it; an unknown figure is within no limit
 */

/**
 * List the conditions of a query, in the order of the form.
 * @param {Query} query
 * @param {Figure[]} figures
 * @param {readonly string[] | null} [meant] the models that the name means, where no model has it in its name
 * @returns {Condition[]}
 */
export function conditions(query, figures, meant = null) {
  /** @type {Condition[]} */
  const found = [];
  /** @param {string} key @param {(model: Model) => boolean} holds @param {number} [value] */
  const add = (key, holds, value) => found.push({ key, side: "", value, holds });
  if (meant && query.name) {
    const names = new Set(meant);
    add("name", ({ name }) => names.has(name));
  } else if (query.name) add("name", isNamed(query.name));
  const inFamily = words(query.family);
  if (inFamily.length) add("family", ({ family }) => containsAll(family, inFamily));
  const isAsked = isTagged(query.tag);
  if (query.tag.trim()) add("tag", (model) => model.tags.some(isAsked));
  for (const figure of limitsOf(figures)) {
    const { name: key } = figure;
    const { min, max } = query.ranges[key] ?? { min: null, max: null };
    /** @type {(model: Model) => boolean} */
    const isAtLeast = (model) => (limitedOf(figure, model[key], "min") ?? -1) >= Number(min);
    /** @type {(model: Model) => boolean} */
    const isAtMost = (model) => (limitedOf(figure, model[key], "max") ?? Infinity) <= Number(max);
    if (min !== null) found.push({ key, side: "min", figure, holds: isAtLeast });
    if (max !== null) found.push({ key, side: "max", figure, holds: isAtMost });
  }
  if (query.weights) add("weights", (model) => (model.tags.length > 0) === (query.weights === "yes"));
  for (const stride of query.strides) {
    add("strides", (model) => model.feature_strides?.includes(stride) ?? false, stride);
  }
  if (query.licenses.length) {
    // Only weights with the tag asked for count: the model's other weights may have another licence.
    add(
      "license",
      (model) =>
        model.tags.some((tag, place) =>
          isAsked(tag) && query.licenses.includes(/** @type {string} */ (model.tag_license_classes[place]))
        ),
    );
  }
  if (!query.fixtures) add("fixtures", (model) => !model.fixture);
  return found;
}

/**
 * Make the condition that all words of a text are in a model's name.
 * @param {string} text
 * @returns {(model: Model) => boolean}
 */
export function isNamed(text) {
  const asked = words(text);
  return ({ name }) => containsAll(name, asked);
}

/**
 * Make the condition that all words of a text are in a tag; any tag meets that of an empty text.
 * @param {string} text
 * @returns {(tag: string) => boolean}
 */
export function isTagged(text) {
  const asked = words(text);
  return (tag) => containsAll(tag, asked);
}

/** @param {string} text */
function words(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** @param {string} text @param {string[]} asked in lower case */
function containsAll(text, asked) {
  const small = text.toLowerCase();
  return asked.every((word) => small.includes(word));
}

/**
 * List the models that meet every condition of a query, in the order that it asks for.
 * @param {Model[]} models in the order of ranks
 * @param {Query} query
 * @param {Figure[]} figures
 * @param {readonly string[] | null} [meant] see `conditions`
 * @returns {Model[]}
 */
export function matching(models, query, figures, meant = null) {
  const asked = conditions(query, figures, meant);
  const found = models.filter((model) => asked.every(({ holds }) => holds(model)));
  return sorted(found, figures.find(({ name }) => name === query.sort), query.descending);
}

/**
 * Sort models by a figure. Equal ones keep their order; unknown values come last, ascending or descending.
 * @param {Model[]} models
 * @param {Figure | undefined} figure without one, the order stays
 * @param {boolean} descending
 * @returns {Model[]}
 */
export function sorted(models, figure, descending) {
  if (!figure) return models;
  const direction = descending ? -1 : 1;
  return models
    .map((model) => ({ model, key: keyOf(figure, model[figure.name]) }))
    .sort((one, other) => {
      if (one.key === null || other.key === null) return Number(one.key === null) - Number(other.key === null);
      return one.key < other.key ? -direction : one.key > other.key ? direction : 0;
    })
    .map(({ model }) => model);
}
