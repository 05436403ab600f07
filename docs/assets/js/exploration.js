/**
 * What the explore page shows: two figures, how they are drawn, and whose distribution; as a value and as an address.
 *
 * Which models it shows is the rank page's query, which stands in the same address: see query.js.
 * @module
 */

import { integer, memory, metric, pixels } from "./formatting.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./pareto.js").Better} Better */
/** @typedef {import("./quantity.js").Kind} Kind */

/**
 * A figure of a model that can be an axis.
 * @typedef {object} Figure
 * @property {string} label with what it depends on
 * @property {Kind} kind
 * @property {(model: Model) => number | null} value
 * @property {(model: Model) => string} text with its unit
 */

/** @param {string} label @param {"parameters" | "parameter_tensors" | "activations"} column @returns {Figure} */
const counted = (label, column) => ({
  label,
  kind: "count",
  value: (model) => model[column],
  text: (model) => integer(model[column]),
});

/**
 * @param {string} label
 * @param {"parameter_bytes" | "inference_bytes" | "training_bytes" | "training_bytes_mixed"} column
 * @returns {Figure}
 */
const sized = (label, column) => ({
  label,
  kind: "bytes",
  value: (model) => model[column],
  text: (model) => memory(model[column]),
});

/** By the name that an address has, in the order of the lists of the page.
 * @type {Record<string, Figure>} */
export const FIGURES = {
  parameters: counted("Parameters", "parameters"),
  parameter_bytes: sized("Parameter memory", "parameter_bytes"),
  parameter_tensors: counted("Parameter tensors", "parameter_tensors"),
  macs: {
    label: "MACs of one image at the model's input size",
    kind: "macs",
    value: (model) => model.macs,
    text: (model) => (model.macs === null ? metric(null) : `${metric(model.macs, "MACs")}, ${size(model)}`),
  },
  activations: {
    label: "Activations of one image at the model's input size, elements",
    kind: "count",
    value: (model) => model.activations,
    text: (model) => (model.activations === null ? metric(null) : `${metric(model.activations)}, ${size(model)}`),
  },
  pixels: {
    label: "Input size, pixels",
    kind: "count",
    value: (model) => model.input_size && model.input_size.slice(1).reduce((area, side) => area * side),
    text: (model) => pixels(model.input_size),
  },
  inference_bytes: sized("Estimated memory of inference, fp32, batch 1", "inference_bytes"),
  training_bytes: sized("Estimated memory of training, fp32, AdamW, batch 32", "training_bytes"),
  training_bytes_mixed: sized("Estimated memory of training, bf16 mixed, AdamW, batch 32", "training_bytes_mixed"),
};

/** @param {Model} model */
function size(model) {
  return `${pixels(model.input_size)} pixels`;
}

/**
 * @typedef {object} Exploration
 * @property {string} x a name of `FIGURES`, like `y` and `figure`
 * @property {string} y
 * @property {boolean} xLog
 * @property {boolean} yLog
 * @property {Better} xBest
 * @property {Better} yBest
 * @property {"family" | "licence"} colour
 * @property {boolean} front
 * @property {string} figure whose distribution is shown
 * @property {string} of the family beside all models; "" for none
 */

/** The page as it is served: what the static picture shows.
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
 * The exploration of an address; what cannot be read is left out.
 * @param {URLSearchParams} parameters
 * @returns {Exploration}
 */
export function parseExploration(parameters) {
  const found = emptyExploration();
  for (const key of /** @type {const} */ (["x", "y", "figure"])) {
    const name = parameters.get(key) ?? "";
    if (Object.hasOwn(FIGURES, name)) found[key] = name;
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
 * The parameters of an exploration's address; none for the page as it is served.
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

/**
 * A model with its place in the plot.
 * @typedef {{model: Model, x: number, y: number, group: number}} Point
 */

/**
 * The models that have a place in the plot: both figures are known, and positive where their axis is logarithmic.
 * @param {Model[]} models
 * @param {Exploration} exploration
 * @returns {{model: Model, x: number, y: number}[]}
 */
export function placed(models, { x, y, xLog, yLog }) {
  return models.flatMap((model) => {
    const across = FIGURES[x]?.value(model) ?? null;
    const up = FIGURES[y]?.value(model) ?? null;
    const hasPlace = across !== null && up !== null && (across > 0 || !xLog) && (up > 0 || !yLog);
    return hasPlace ? [{ model, x: across, y: up }] : [];
  });
}

/** How many families have a colour of their own. */
const OWN_COLOURS = 7;
export const OTHER = "other families";
export const NO_WEIGHTS = "no weights";

/**
 * The groups that colours and shapes tell apart, and the group of each model.
 * @param {Model[]} models
 * @param {Exploration["colour"]} colour
 * @returns {{names: string[], of: (model: Model) => number}} the largest families first and the others last; or the
 *   classes of the licence of the default weights
 */
export function groups(models, colour) {
  const key = colour === "family"
    ? (/** @type {Model} */ model) => model.family
    : (/** @type {Model} */ model) => model.tag_license_classes[0] ?? NO_WEIGHTS;
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const model of models) sizes.set(key(model), (sizes.get(key(model)) ?? 0) + 1);
  const names = [...sizes.keys()].sort((one, other) =>
    (sizes.get(other) ?? 0) - (sizes.get(one) ?? 0) || (one < other ? -1 : 1)
  );
  if (names.length > OWN_COLOURS + 1) names.splice(OWN_COLOURS, names.length, OTHER);
  return {
    names,
    of: (model) => {
      const place = names.indexOf(key(model));
      return place < 0 ? names.length - 1 : place;
    },
  };
}
