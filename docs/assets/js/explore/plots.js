/**
 * Plots of the explore page: a scene as a scatter plot and as a histogram, each in its place in the page.
 * @module
 */

import { part } from "../shared/elements.js";
import { histogram, scatter } from "./chart.js";
import { figureText } from "./points.js";

/** @typedef {import("../shared/figures.js").Figure} Figure */
/** @typedef {import("./chart.js").Chart} Chart */
/** @typedef {import("./scene.js").Scene} Scene */

export class Plots {
  /** @type {Chart | null} */
  #points = null;
  /** @type {Chart | null} */
  #bars = null;
  #root;
  #chosen;

  /**
   * @param {HTMLElement} root
   * @param {(place: number, pointer: string) => void} chosen takes the index of a point that was clicked or tapped
   */
  constructor(root, chosen) {
    this.#root = root;
    this.#chosen = chosen;
  }

  /**
   * Draw a scene in place of the one before.
   * @param {Scene} scene
   */
  async draw(scene) {
    await this.#drawPoints(scene);
    await this.#drawBars(scene);
  }

  /** @param {{x: number, y: number} | null} point gets a ring around it */
  mark(point) {
    this.#points?.mark(point);
  }

  /** Show all points after a part was zoomed in. */
  whole() {
    this.#points?.whole();
  }

  remove() {
    this.#points?.remove();
    this.#bars?.remove();
    this.#points = this.#bars = null;
  }

  /** @param {Scene} scene */
  async #drawPoints({ catalog, xLog, yLog, x, y, points, best }) {
    const place = part(this.#root, ".plot", HTMLElement);
    this.#points?.remove();
    this.#points = null;
    if (!points.length) {
      place.textContent = "No model has a place on these axes.";
      return;
    }
    const dots = points.map((point) => ({
      x: point.x,
      y: point.y,
      group: point.group,
      name: point.model.name,
      lines: /** @type {[string, string]} */ ([x, y].map((figure) => figureText(figure, point.model, catalog))),
    }));
    this.#points = await scatter(
      place,
      axisOf(x, xLog, points.map((point) => point.x)),
      axisOf(y, yLog, points.map((point) => point.y)),
      dots,
      best,
      this.#chosen,
    );
  }

  /** @param {Scene} scene */
  async #drawBars({ figure, distribution: { edges, all, part: members } }) {
    const place = part(this.#root, ".histogram", HTMLElement);
    this.#bars?.remove();
    this.#bars = null;
    if (edges.length) this.#bars = await histogram(place, axisOf(figure, true, edges), edges, { all, part: members });
    else place.replaceChildren();
  }
}

/** @param {Figure} figure @param {boolean} log @param {number[]} values @returns {import("./chart.js").Axis} */
function axisOf({ axis, label, kind }, log, values) {
  return { title: axis ?? label, label, kind, log, values };
}
