/**
 * Points of the plot: the models that have a place in it, their groups, and moving between them by keys.
 * @module
 */

import { numberOf, textOf } from "../shared/figures.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/catalog.js").Model} Model */
/** @typedef {import("../shared/figures.js").Figure} Figure */
/** @typedef {import("./exploration.js").Exploration} Exploration */

/**
 * A model with its place in the plot.
 * @typedef {{model: Model, x: number, y: number}} Point
 */

/**
 * Groups of models with their own colours and shapes.
 * @typedef {{names: string[], of: (model: Model) => number}} Groups
 */

/**
 * List the models that have a place in the plot: both figures are known, and positive on a logarithmic axis.
 * @param {Model[]} models
 * @param {{x: Figure, y: Figure}} figures
 * @param {{xLog: boolean, yLog: boolean}} scales
 * @returns {Point[]}
 */
export function placed(models, figures, { xLog, yLog }) {
  return models.flatMap((model) => {
    const x = numberOf(figures.x, model[figures.x.name]);
    const y = numberOf(figures.y, model[figures.y.name]);
    const hasPlace = x !== null && y !== null && (x > 0 || !xLog) && (y > 0 || !yLog);
    return hasPlace ? [{ model, x, y }] : [];
  });
}

/**
 * Write a figure of a model with its unit, and with the input size where the figure holds only at that size.
 * @param {Figure} figure
 * @param {Model} model
 * @param {Pick<Catalog, "figures" | "words">} catalog
 * @returns {string}
 */
export function figureText(figure, model, { figures, words }) {
  const text = textOf(figure, model[figure.name], words);
  const size = figures.find(({ kind }) => kind === "size");
  if (!figure.at_input_size || !size || model[figure.name] === null) return text;
  return `${text}, ${textOf(size, model[size.name], words)} pixels`;
}

/** How many families have a colour of their own. */
const OWN_COLOURS = 7;
export const OTHER = "other families";
export const NO_WEIGHTS = "no weights";

/**
 * Divide models into groups that get their own colours and shapes.
 * @param {Model[]} models
 * @param {Exploration["colour"]} colour
 * @returns {Groups} the largest families first and the others last; or the licence classes of the default weights
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

/** The keys that move to another point: the figure whose order they follow, and how far.
 * @type {Record<string, ["x" | "y", number]>} */
const STEPS = { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowUp: ["y", 1], ArrowDown: ["y", -1] };

/**
 * Find the point that a key moves to.
 * @param {{x: number, y: number}[]} points
 * @param {number} at index of the current point; -1 for none
 * @param {string} key
 * @returns {number | null} its index; null where the key does not move
 */
export function stepped(points, at, key) {
  const isEnd = key === "Home" || key === "End";
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (!points.length || (!step && !isEnd)) return null;
  const [figure, by] = step ?? ["x", 0];
  const ordered = points
    .map((point, place) => ({ value: point[figure], place }))
    .sort((one, other) => one.value - other.value)
    .map(({ place }) => place);
  const last = ordered.length - 1;
  const next = isEnd || at < 0
    ? (key === "End" || by < 0 ? last : 0)
    : Math.min(last, Math.max(0, ordered.indexOf(at) + by));
  return ordered[next] ?? null;
}
