/**
 * Why nothing matches: which conditions of a query bind, and by how much they have to be loosened.
 * @module
 */

import { conditions, limited } from "./query.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./query.js").Condition} Condition */
/** @typedef {import("./query.js").Query} Query */

/**
 * One condition that has to give way. `limit` and `needed` are null for what is no limit of a figure: it is dropped.
 * @typedef {object} Change
 * @property {Condition} condition
 * @property {number | null} limit
 * @property {number | null} needed the value that the limit has to have, at the least change
 */

/**
 * A way to a query that matches something.
 * @typedef {object} Loosening
 * @property {Change[]} changes all of them together
 * @property {Model} nearest the model that is reached
 * @property {Query} query
 */

/** The most ways that are told: more are not read. */
const MOST = 4;

/**
 * The ways to loosen a query that matches nothing: those with the fewest conditions to change, the least change first.
 *
 * Each way changes other conditions. Where two or more have to give way together, the model is taken that is the least
 * beyond them. A model whose figure is not known is never reached by loosening a limit.
 * @param {Model[]} models
 * @param {Query} query
 * @returns {Loosening[]}
 */
export function loosenings(models, query) {
  const asked = conditions(query);
  /** @type {Map<string, {broken: Condition[], nearest: Model, cost: number}>} */
  const found = new Map();
  let fewest = Infinity;
  for (const model of models) {
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
 * How far a model is beyond a limit, as the logarithm of the ratio; what is no limit costs as much as a doubling.
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
  const { key, side } = condition;
  if (!side) return { condition, limit: null, needed: null };
  return { condition, limit: query.ranges[key]?.[side] ?? null, needed: limited(model, key, side) };
}

/**
 * @param {Model} model that the new query matches
 * @param {Query} query
 * @param {Condition[]} broken
 * @returns {Query}
 */
function loosened(model, query, broken) {
  const loose = structuredClone(query);
  for (const { key, side, value } of broken) {
    const range = loose.ranges[key];
    if (side && range) range[side] = limited(model, key, side);
    else if (key === "strides") loose.strides = loose.strides.filter((stride) => stride !== value);
    else if (key === "license") loose.licenses = [];
    else if (key === "name" || key === "family" || key === "tag" || key === "weights") loose[key] = "";
  }
  return loose;
}
