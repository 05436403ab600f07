/**
 * Loosening of a query that nothing matches: which of its conditions bind, and how far each has to be loosened.
 * @module
 */

import { conditions } from "../shared/conditions.js";
import { limitedOf } from "../shared/figures.js";

/** @typedef {import("../shared/catalog.js").Model} Model */
/** @typedef {import("../shared/conditions.js").Condition} Condition */
/** @typedef {import("../shared/figures.js").Figure} Figure */
/** @typedef {import("../shared/query.js").Query} Query */

/**
 * One condition to loosen. Where it is no limit of a figure, it is dropped, and `limit` and `needed` are null.
 * @typedef {object} Change
 * @property {Condition} condition
 * @property {number | null} limit
 * @property {number | null} needed the value of the limit after the least change that helps
 */

/**
 * A way to loosen a query until it matches something.
 * @typedef {object} Loosening
 * @property {Change[]} changes all of them together
 * @property {Model} nearest the model that then matches
 * @property {Query} query
 */

/** The most ways that are shown: nobody reads more. */
const MOST = 4;

/**
 * List the ways to loosen a query that matches nothing: those that change the fewest conditions, least change first.
 *
 * Each way changes a different set of conditions, just enough for the model that is the least beyond them. Loosening a
 * limit never reaches a model whose figure is not known.
 * @param {Model[]} models
 * @param {Query} query
 * @param {Figure[]} figures
 * @param {readonly string[] | null} [meant] see `conditions`
 * @returns {Loosening[]}
 */
export function loosenings(models, query, figures, meant = null) {
  const asked = conditions(query, figures, meant);
  /** @type {Map<string, {broken: Condition[], nearest: Model, cost: number}>} */
  const found = new Map();
  // A test fixture is offered only where the name that is asked for is that of no other model.
  const named = asked.find(({ key }) => key === "name");
  const isMeant = named !== undefined && !models.some((model) => !model.fixture && named.holds(model));
  let fewest = Infinity;
  for (const model of models) {
    if (model.fixture && !query.fixtures && !isMeant) continue;
    const broken = asked.filter(({ holds }) => !holds(model));
    if (broken.length > fewest) continue;
    const cost = broken.reduce((sum, condition) => sum + excess(model, query, condition), 0);
    if (cost === Infinity) continue;
    if (broken.length < fewest) found.clear();
    fewest = broken.length;
    const key = broken.map((condition) => `${condition.key} ${condition.side} ${condition.value ?? ""}`).join(", ");
    if (cost < (found.get(key)?.cost ?? Infinity)) found.set(key, { broken, nearest: model, cost });
  }
  return [...found.values()]
    .sort((one, other) => one.cost - other.cost)
    .slice(0, MOST)
    .map(({ broken, nearest }) => ({
      changes: broken.map((condition) => change(nearest, query, condition)),
      nearest,
      query: loosened(nearest, query, broken),
    }));
}

/**
 * Measure how far a model is beyond a limit, as the logarithm of the ratio; other conditions count as a factor of 2.
 * @param {Model} model
 * @param {Query} query
 * @param {Condition} condition
 */
function excess(model, query, condition) {
  if (!condition.side) return Math.LN2;
  const { limit, needed } = change(model, query, condition);
  if (needed === null) return Infinity;
  return Math.abs(Math.log((needed + 1) / (/** @type {number} */ (limit) + 1)));
}

/**
 * @param {Model} model
 * @param {Query} query
 * @param {Condition} condition
 * @returns {Change}
 */
function change(model, query, condition) {
  const { key, side, figure } = condition;
  if (!side || !figure) return { condition, limit: null, needed: null };
  return { condition, limit: query.ranges[key]?.[side] ?? null, needed: limitedOf(figure, model[key], side) };
}

/**
 * @param {Model} model that the new query matches
 * @param {Query} query
 * @param {Condition[]} broken
 * @returns {Query}
 */
function loosened(model, query, broken) {
  const loose = structuredClone(query);
  for (const { key, side, value, figure } of broken) {
    const range = loose.ranges[key];
    if (side && range && figure) range[side] = limitedOf(figure, model[key], side);
    else if (key === "strides") loose.strides = loose.strides.filter((stride) => stride !== value);
    else if (key === "license") loose.licenses = [];
    else if (key === "fixtures") loose.fixtures = true;
    else if (key === "name" || key === "family" || key === "tag" || key === "weights") loose[key] = "";
  }
  return loose;
}
