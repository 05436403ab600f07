/**
 * Exploration: two figures, how they are drawn, and which distribution is shown; as a value and as an address.
 *
 * The rank page's query in the same address decides which models are shown: see query.js.
 * @module
 */

/** @typedef {import("./pareto.js").Better} Better */

/** Axis names in older addresses, with their new names.
 * @type {Record<string, string>} */
const RENAMED = { pixels: "input_size" };

/**
 * @typedef {object} Exploration
 * @property {string} x name of a figure that can be an axis, like `y` and `figure`
 * @property {string} y
 * @property {boolean} xLog
 * @property {boolean} yLog
 * @property {Better} xBest
 * @property {Better} yBest
 * @property {"family" | "licence"} colour
 * @property {boolean} front
 * @property {string} figure the one whose distribution is shown
 * @property {string} of the family shown beside all models; "" for none
 */

/** The page as served, as in the static picture.
 * @returns {Exploration} */
export function emptyExploration() {
  return {
    x: "macs",
    y: "parameters",
    xLog: true,
    yLog: true,
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
 * @returns {Exploration}
 */
export function parseExploration(parameters, axes) {
  const found = emptyExploration();
  for (const key of /** @type {const} */ (["x", "y", "figure"])) {
    const asked = parameters.get(key) ?? "";
    const name = Object.hasOwn(RENAMED, asked) ? String(RENAMED[asked]) : asked;
    if (axes.includes(name)) found[key] = name;
  }
  if (parameters.get("x_scale") === "linear") found.xLog = false;
  if (parameters.get("y_scale") === "linear") found.yLog = false;
  if (parameters.get("x_best") === "more") found.xBest = "more";
  if (parameters.get("y_best") === "less") found.yBest = "less";
  if (parameters.get("colour") === "licence") found.colour = "licence";
  if (parameters.get("front") === "no") found.front = false;
  found.of = parameters.get("of") ?? "";
  return found;
}

/**
 * Write an exploration as parameters of an address; none for the page as served.
 * @param {Exploration} exploration
 * @returns {URLSearchParams}
 */
export function explorationParameters(exploration) {
  const usual = emptyExploration();
  const parameters = new URLSearchParams();
  for (const key of /** @type {const} */ (["x", "y", "figure", "of", "colour"])) {
    if (exploration[key] !== usual[key]) parameters.set(key, exploration[key]);
  }
  if (!exploration.xLog) parameters.set("x_scale", "linear");
  if (!exploration.yLog) parameters.set("y_scale", "linear");
  if (exploration.xBest !== usual.xBest) parameters.set("x_best", exploration.xBest);
  if (exploration.yBest !== usual.yBest) parameters.set("y_best", exploration.yBest);
  if (!exploration.front) parameters.set("front", "no");
  return parameters;
}
