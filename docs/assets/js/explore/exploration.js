/**
 * Exploration: two figures, how they are drawn, and which distribution is shown; as a value and as an address.
 *
 * The rank page's query in the same address decides which models are shown: see query.js.
 * @module
 */

import { Address } from "../shared/address.js";

/** @typedef {import("./pareto.js").Better} Better */

/** Axis names in older addresses, with their new names.
 * @type {Record<string, string>} */
const RENAMED = { pixels: "input_size" };

const SCALES = /** @type {const} */ (["linear", "logarithmic"]);
const BETTER = /** @type {const} */ (["less", "more"]);
const COLOURS = /** @type {const} */ (["family", "licence"]);

/** How an axis is divided; "" is as suits its figure.
 * @typedef {"" | "linear" | "logarithmic"} Scale */

/** The figures of the axes as served: what goes up depends on what is known.
 * @typedef {{x: string, y: string}} Served */

/**
 * @typedef {object} Exploration
 * @property {string} x name of a figure that can be an axis, like `y` and `figure`
 * @property {string} y
 * @property {Scale} xScale
 * @property {Scale} yScale
 * @property {Better} xBest
 * @property {Better} yBest
 * @property {"family" | "licence"} colour
 * @property {boolean} front
 * @property {string} figure the one whose distribution is shown
 * @property {string} of the family shown beside all models; "" for none
 */

/**
 * The page as served, as in the static picture.
 * @param {Served} [served]
 * @returns {Exploration}
 */
export function emptyExploration({ x, y } = { x: "macs", y: "parameters" }) {
  return {
    x,
    y,
    xScale: "",
    yScale: "",
    xBest: "less",
    yBest: "more",
    colour: "family",
    front: true,
    figure: "parameters",
    of: "",
  };
}

/**
 * Read the exploration of an address. Parts that cannot be read are ignored.
 * @param {URLSearchParams} parameters
 * @param {string[]} axes names of the figures that can be an axis
 * @param {Served} [served]
 * @returns {Exploration}
 */
export function parseExploration(parameters, axes, served) {
  return readExploration(new Address(parameters), axes, served);
}

/**
 * Read the exploration of an address, which notes what is not understood.
 * @param {Address} address
 * @param {string[]} axes names of the figures that can be an axis
 * @param {Served} [served]
 * @param {string[]} [families] that can be chosen; without them, any is taken
 * @returns {Exploration}
 */
export function readExploration(address, axes, served, families) {
  const found = emptyExploration(served);
  for (const key of /** @type {const} */ (["x", "y", "figure"])) {
    const asked = address.text(key);
    const name = Object.hasOwn(RENAMED, asked) ? String(RENAMED[asked]) : asked;
    if (axes.includes(name)) found[key] = name;
    else if (asked) address.tell(key, asked, axes);
  }
  found.xScale = address.one("x_scale", SCALES);
  found.yScale = address.one("y_scale", SCALES);
  found.xBest = address.one("x_best", BETTER) || found.xBest;
  found.yBest = address.one("y_best", BETTER) || found.yBest;
  found.colour = address.one("colour", COLOURS) || found.colour;
  found.front = address.one("front", ["yes", "no"]) !== "no";
  found.of = families ? address.one("of", families) : address.text("of");
  return found;
}

/**
 * Write an exploration as parameters of an address; none for the page as served.
 * @param {Exploration} exploration
 * @param {Served} [served]
 * @returns {URLSearchParams}
 */
export function explorationParameters(exploration, served) {
  const usual = emptyExploration(served);
  const parameters = new URLSearchParams();
  for (const key of /** @type {const} */ (["x", "y", "figure", "of", "colour"])) {
    if (exploration[key] !== usual[key]) parameters.set(key, exploration[key]);
  }
  if (exploration.xScale) parameters.set("x_scale", exploration.xScale);
  if (exploration.yScale) parameters.set("y_scale", exploration.yScale);
  if (exploration.xBest !== usual.xBest) parameters.set("x_best", exploration.xBest);
  if (exploration.yBest !== usual.yBest) parameters.set("y_best", exploration.yBest);
  if (!exploration.front) parameters.set("front", "no");
  return parameters;
}
