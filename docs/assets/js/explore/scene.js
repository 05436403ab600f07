/**
 * Scene of the explore page: all data that it shows for one exploration and one query, before drawing.
 * @module
 */

import { matching } from "../shared/conditions.js";
import { axesOf, numberOf } from "../shared/figures.js";
import { counts, edges } from "./distribution.js";
import { front } from "./pareto.js";
import { groups, placed } from "./points.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/catalog.js").Model} Model */
/** @typedef {import("../shared/figures.js").Figure} Figure */
/** @typedef {import("../shared/query.js").Query} Query */
/** @typedef {import("./exploration.js").Exploration} Exploration */
/** @typedef {import("./points.js").Point} Point */

/**
 * A histogram over all models that match, and over those of the chosen family; `part` is empty without one.
 * @typedef {{edges: number[], all: number[], part: number[]}} Distribution
 */

/**
 * @typedef {object} Scene
 * @property {Catalog} catalog
 * @property {Exploration} exploration
 * @property {Query} query
 * @property {string} sentence about a name that no model has in its name; "" where one has
 * @property {boolean} xLog whether the axis is logarithmic
 * @property {boolean} yLog
 * @property {Figure} x
 * @property {Figure} y
 * @property {Figure} figure the one whose distribution is shown
 * @property {Model[]} shown the models that match
 * @property {(Point & {group: number})[]} points those that have a place on the axes
 * @property {string[]} groups their names
 * @property {Point[]} best the points on the Pareto front
 * @property {Distribution} distribution
 */

/** Number of steps of a histogram. */
const STEPS = 30;

/**
 * @param {Catalog} catalog
 * @param {Exploration} exploration
 * @param {Query} query
 * @param {import("../shared/meant.js").Meant | null} [meant] what the name means, where no model has it in its name
 * @returns {Scene}
 */
export function sceneOf(catalog, exploration, query, meant = null) {
  const { figures, models } = catalog;
  const [x, y, figure] = [exploration.x, exploration.y, exploration.figure].map((asked) => {
    const axes = axesOf(figures);
    return /** @type {Figure} */ (axes.find(({ name }) => name === asked) ?? axes[0]);
  });
  if (!x || !y || !figure) throw new Error("No figure can be an axis.");
  const shown = matching(models, { ...query, sort: "" }, figures, meant?.names);
  // Groups are made from all models, so that a filter does not change a family's colour.
  const { names, of } = groups(models, exploration.colour);
  const xLog = isLogarithmic(exploration.xScale, x);
  const yLog = isLogarithmic(exploration.yScale, y);
  const points = placed(shown, { x, y }, { xLog, yLog }).map((point) => ({ ...point, group: of(point.model) }));
  const best = exploration.front ? front(points, exploration.xBest, exploration.yBest) : [];
  return {
    catalog,
    exploration,
    query,
    sentence: meant ? meant.sentence : "",
    xLog,
    yLog,
    x,
    y,
    figure,
    shown,
    points,
    groups: names,
    best: best.map((place) => /** @type {Point} */ (points[place])),
    distribution: distribution(figure, shown, exploration.of),
  };
}

/** @param {import("./exploration.js").Scale} scale @param {Figure} figure @returns {boolean} shares suit a linear axis */
function isLogarithmic(scale, { kind }) {
  return scale ? scale === "logarithmic" : kind !== "percent";
}

/** @param {Figure} figure @param {Model[]} models @param {string} of @returns {Distribution} */
function distribution(figure, models, of) {
  /** @param {Model[]} among */
  const values = (among) =>
    among.flatMap((model) => {
      const value = numberOf(figure, model[figure.name]);
      return value !== null && value > 0 ? [value] : [];
    });
  const between = edges(values(models), STEPS, true);
  const members = of ? models.filter(({ family }) => family === of) : [];
  return { edges: between, all: counts(values(models), between), part: of ? counts(values(members), between) : [] };
}
