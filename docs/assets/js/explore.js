/**
 * `<atlas-explore>`: any two figures of all models against each other, the Pareto front, and distributions.
 *
 * What it holds without a script stays until a reader does something: the charting library is large, and a page that is
 * read alone does without.
 * @module
 */

import { tickText } from "./axis.js";
import { loadCatalog } from "./catalog.js";
import * as charts from "./chart.js";
import { counts, edges } from "./distribution.js";
import { emptyExploration, explorationParameters, FIGURES, groups, parseExploration, placed } from "./exploration.js";
import { integer, plural } from "./formatting.js";
import { front } from "./pareto.js";
import { matching, parseQuery, queryParameters, searchText } from "./query.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./exploration.js").Exploration} Exploration */
/** @typedef {import("./exploration.js").Point} Point */
/** @typedef {import("./exploration.js").Figure} Figure */

const ACTS = ["focusin", "keydown", "pointerdown", "pointermove", "scroll", "touchstart"];
/** Rows of a table that are made at a time. */
const ROWS = 100;
/** Steps of a histogram. */
const STEPS = 30;
/** The keys that go to the next point, by the figure in whose order, and how far. */
const STEPPING = /** @type {Record<string, ["x" | "y", number]>} */ ({
  ArrowRight: ["x", 1],
  ArrowLeft: ["x", -1],
  ArrowUp: ["y", 1],
  ArrowDown: ["y", -1],
});

class Explore extends HTMLElement {
  /** @type {Model[]} */
  models = [];
  /** @type {Point[]} */
  points = [];
  /** @type {{names: string[], of: (model: Model) => number}} */
  groups = { names: [], of: () => 0 };
  /** The place of the point that has the keyboard's attention, -1 for none. */
  at = -1;
  exploration = emptyExploration();
  query = parseQuery(new URLSearchParams());
  /** @type {charts.Chart | null} */
  chart = null;
  /** @type {charts.Chart | null} */
  bars = null;
  /** Drawings are asked for faster than they are made: they come one after the other, and one that waits is enough. */
  drawing = Promise.resolve();
  isWaiting = false;
  leaving = new AbortController();

  connectedCallback() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    const parameters = new URLSearchParams(location.search);
    this.exploration = parseExploration(parameters);
    this.query = parseQuery(parameters);
    for (const name of ["x", "y", "figure"]) {
      this.control(name).replaceChildren(
        ...Object.entries(FIGURES).map(([value, { label }]) => new Option(label, value)),
      );
    }
    this.showControls();
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("input", () => this.changed(), { signal });
    this.inside(".points").addEventListener("toggle", () => this.showPoints(), { signal });
    this.inside(".steps").addEventListener("toggle", () => this.showSteps(), { signal });
    this.button("whole").addEventListener("click", () => this.chart?.whole(), { signal });
    this.inside(".plot").addEventListener("keydown", (event) => this.stepped(event), { signal });
    const awake = () => {
      ACTS.forEach((act) => removeEventListener(act, awake, true));
      this.start();
    };
    ACTS.forEach((act) => addEventListener(act, awake, { capture: true, passive: true, signal }));
    // Who follows a link to a view of it wants to see that.
    if (location.search) awake();
  }

  disconnectedCallback() {
    this.leaving.abort();
    this.chart?.remove();
    this.bars?.remove();
    this.chart = this.bars = null;
  }

  async start() {
    const { signal } = this.leaving;
    try {
      this.models = await loadCatalog();
      await charts.loadLibrary();
    } catch (error) {
      // The static picture stays.
      this.inside(".matches").textContent = /** @type {Error} */ (error).message;
      return;
    }
    if (signal.aborted) return;
    const families = [...new Set(this.models.map(({ family }) => family))].sort();
    this.control("of").append(...families.map((family) => new Option(family, family)));
    if (!families.includes(this.exploration.of)) this.exploration.of = "";
    this.showControls();
    const plot = this.inside(".plot");
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute(
      "aria-label",
      "Points of the plot. Arrow keys go from point to point, and Enter opens the model. " +
        "Below are the same points as a table.",
    );
    // Charts take the colours of the palette that is shown. The theme's script sets the same one again.
    let scheme = document.body.dataset.mdColorScheme;
    const palette = new MutationObserver(() => {
      if (scheme === document.body.dataset.mdColorScheme) return;
      scheme = document.body.dataset.mdColorScheme;
      this.draw();
    });
    palette.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    signal.addEventListener("abort", () => palette.disconnect());
    this.draw();
  }

  /** The controls as the address has it. */
  showControls() {
    const { x, y, xLog, yLog, xBest, yBest, colour, front: hasFront, figure, of } = this.exploration;
    const values = {
      x,
      y,
      x_scale: xLog ? "" : "linear",
      y_scale: yLog ? "" : "linear",
      x_best: xBest,
      y_best: yBest,
      colour,
      figure,
      of,
      name: this.query.name,
      family: this.query.family,
    };
    for (const [name, value] of Object.entries(values)) this.control(name).value = value;
    /** @type {HTMLInputElement} */ (this.inside("[name=front]")).checked = hasFront;
  }

  changed() {
    const value = (/** @type {string} */ name) => this.control(name).value;
    const asked = new URLSearchParams();
    for (const name of ["x", "y", "x_scale", "y_scale", "x_best", "y_best", "colour", "figure", "of"]) {
      asked.set(name, value(name));
    }
    if (!(/** @type {HTMLInputElement} */ (this.inside("[name=front]")).checked)) asked.set("front", "no");
    this.exploration = parseExploration(asked);
    this.query = { ...this.query, name: value("name").trim(), family: value("family").trim() };
    const parameters = queryParameters(this.query);
    explorationParameters(this.exploration).forEach((text, key) => parameters.set(key, text));
    history.replaceState(history.state, "", `${location.pathname}${searchText(parameters)}${location.hash}`);
    // Before the models are there, what is drawn first is drawn so.
    if (this.models.length) this.draw();
  }

  draw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.drawing = this.drawing.then(() => {
      this.isWaiting = false;
      return this.drawn();
    });
  }

  async drawn() {
    if (!this.isConnected) return;
    const { exploration } = this;
    const shown = matching(this.models, { ...this.query, sort: "" });
    // Groups are those of all models, so that a filter does not change a family's colour.
    this.groups = groups(this.models, exploration.colour);
    this.points = placed(shown, exploration).map((point) => ({ ...point, group: this.groups.of(point.model) }));
    this.at = -1;
    const best = exploration.front
      ? front(this.points, exploration.xBest, exploration.yBest).map((
        place,
      ) => /** @type {Point} */ (this.points[place]))
      : [];
    this.showMatches(shown.length);
    this.showLegend();
    this.showFront(best);
    this.showPoints();
    this.showPoint();
    await this.drawPlot(best);
    await this.drawBars(shown);
  }

  /** @param {Point[]} best */
  async drawPlot(best) {
    const plot = this.inside(".plot");
    const [x, y] = [this.figure("x"), this.figure("y")];
    this.chart?.remove();
    this.chart = null;
    if (!this.points.length) {
      plot.textContent = "No model has a place on these axes.";
      return;
    }
    this.chart = await charts.scatter(
      plot,
      { title: x.label, kind: x.kind, log: this.exploration.xLog, values: this.points.map((point) => point.x) },
      { title: y.label, kind: y.kind, log: this.exploration.yLog, values: this.points.map((point) => point.y) },
      this.points.map((point) => ({
        ...point,
        name: point.model.name,
        lines: [x.text(point.model), y.text(point.model)],
      })),
      best,
      (place, pointer) => {
        // A finger has no way to look before it leaps: its first touch tells of the point, with a link.
        if (pointer === "touch") this.go(place);
        else this.open(/** @type {Point} */ (this.points[place]).model.name);
      },
    );
  }

  /** @param {Model[]} shown */
  async drawBars(shown) {
    const figure = this.figure("figure");
    const { all, part, between } = this.distribution(shown);
    this.bars?.remove();
    this.bars = null;
    if (!between.length) {
      this.inside(".histogram").replaceChildren();
      return;
    }
    const axis = { title: figure.label, kind: figure.kind, log: true, values: between };
    this.bars = await charts.histogram(this.inside(".histogram"), axis, between, { all, part });
    this.showSteps();
  }

  /**
   * The histogram of the chosen figure over models, and over those of the chosen family among all of the site.
   * @param {Model[]} models
   */
  distribution(models) {
    const { value } = this.figure("figure");
    /** @param {Model[]} among */
    const values = (among) => among.map(value).filter((found) => found !== null && found > 0).map(Number);
    const between = edges(values(models), STEPS, true);
    const members = models.filter(({ family }) => family === this.exploration.of);
    return {
      between,
      all: counts(values(models), between),
      part: this.exploration.of ? counts(values(members), between) : [],
    };
  }

  /** @param {number} number models that the filter leaves */
  showMatches(number) {
    const line = this.inside(".matches");
    const filter = searchText(queryParameters(this.query));
    const missing = number - this.points.length;
    const words = number === this.models.length
      ? `All ${integer(number)} models.`
      : `${integer(number)} of ${integer(this.models.length)} models match the filter.`;
    const unplaced = missing ? ` ${integer(missing)} of them have no place on these axes.` : "";
    line.replaceChildren(`${words}${unplaced} `, link(`../models/${filter}`, "Open them in the rank page"), ".");
    if (number !== this.models.length) {
      const own = explorationParameters(this.exploration);
      line.append(" ", link(`../explore/${searchText(own)}`, "Without the filter"), ".");
    }
  }

  showLegend() {
    const sizes = this.groups.names.map((_, group) => this.points.filter((point) => point.group === group).length);
    this.inside(".legend").replaceChildren(
      ...this.groups.names.map((name, group) => {
        const item = document.createElement("li");
        const sign = document.createElement("span");
        sign.textContent = charts.SIGNS[group % charts.SIGNS.length] ?? "";
        sign.style.color = `var(--explore-${(group % charts.SIGNS.length) + 1})`;
        sign.ariaHidden = "true";
        item.append(sign, ` ${name}, ${integer(sizes[group] ?? 0)}`);
        return item;
      }),
    );
  }

  /** @param {Point[]} best */
  showFront(best) {
    const { xBest, yBest, front: hasFront } = this.exploration;
    const [x, y] = [this.figure("x"), this.figure("y")];
    this.inside(".about-front").textContent = hasFront
      ? `${plural(best.length, "model")} of those in the plot, for which ${xBest} across and ${yBest} up is better: ` +
        "no other model is as good in both figures, unless it is equal in both."
      : "The Pareto front is not shown.";
    const body = [...best].sort((one, other) => other.y - one.y).map(({ model }) => [
      model.name,
      x.text(model),
      y.text(model),
      model.family,
    ]);
    this.inside(".members").replaceChildren(
      ...(hasFront ? [table("front", ["Model", x.label, y.label, "Family"], body)] : []),
    );
  }

  showPoints() {
    const details = /** @type {HTMLDetailsElement} */ (this.inside(".points"));
    while (details.children.length > 1) details.lastElementChild?.remove();
    if (!details.open || !this.models.length) return;
    const [x, y] = [this.figure("x"), this.figure("y")];
    const body = this.points.map(({ model, group }) => [
      model.name,
      x.text(model),
      y.text(model),
      this.groups.names[group] ?? "",
    ]);
    const group = this.exploration.colour === "family" ? "Family" : "Licence class of the default weights";
    const frame = table("", ["Model", x.label, y.label, group], body.slice(0, ROWS));
    frame.setAttribute("aria-label", "Points");
    details.append(frame);
    if (body.length <= ROWS) return;
    const more = document.createElement("button");
    let until = ROWS;
    const show = () => {
      more.textContent = `${integer(ROWS)} more of ${integer(body.length - until)}`;
      if (until >= body.length) more.remove();
    };
    more.type = "button";
    more.className = "md-button";
    more.addEventListener("click", () => {
      frame.querySelector("tbody")?.append(...body.slice(until, until + ROWS).map((cells) => row(cells, true)));
      until += ROWS;
      show();
    });
    show();
    details.append(more);
  }

  showSteps() {
    const details = /** @type {HTMLDetailsElement} */ (this.inside(".steps"));
    while (details.children.length > 1) details.lastElementChild?.remove();
    if (!details.open || !this.models.length) return;
    const { all, part, between } = this.distribution(matching(this.models, this.query));
    const figure = this.figure("figure");
    const texts = between.map((edge) => tickText(edge, figure.kind));
    const body = all.map((count, step) => [
      `${texts[step]} to ${texts[step + 1]}`,
      integer(count),
      ...(part.length ? [integer(part[step] ?? 0)] : []),
    ]);
    const titles = [figure.label, "Models", ...(part.length ? [`Of ${this.exploration.of}`] : [])];
    details.append(table("distributions", titles, body, false));
  }

  /** Words for the point that the keyboard is at. */
  showPoint() {
    const point = this.points[this.at];
    const line = this.inside(".point");
    if (!point) {
      line.replaceChildren();
      return;
    }
    const { model } = point;
    const [x, y] = [this.figure("x"), this.figure("y")];
    line.replaceChildren(
      link(`../models/${model.name}/`, model.name),
      `: ${x.label}: ${x.text(model)}; ${y.label}: ${y.text(model)}; ${this.groups.names[point.group] ?? ""}`,
    );
  }

  /** @param {KeyboardEvent} event */
  stepped(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.points.length) return;
    const point = this.points[this.at];
    if (event.key === "Enter" && point) {
      this.open(point.model.name);
      return;
    }
    const step = STEPPING[event.key];
    const isEnd = event.key === "Home" || event.key === "End";
    if (!step && !isEnd) return;
    event.preventDefault();
    const [figure, by] = step ?? ["x", 0];
    const ordered = this.points.map((_, place) => place).sort((one, other) =>
      /** @type {Point} */ (this.points[one])[figure] - /** @type {Point} */ (this.points[other])[figure]
    );
    const last = ordered.length - 1;
    const place = isEnd || this.at < 0
      ? (event.key === "End" || by < 0 ? last : 0)
      : Math.min(last, Math.max(0, ordered.indexOf(this.at) + by));
    this.go(/** @type {number} */ (ordered[place]));
  }

  /** @param {number} place */
  go(place) {
    this.at = place;
    this.chart?.mark(this.points[place] ?? null);
    this.showPoint();
  }

  /** @param {string} name */
  open(name) {
    location.assign(new URL(`../models/${name}/`, location.href));
  }

  /** @param {"x" | "y" | "figure"} which @returns {Figure} */
  figure(which) {
    return /** @type {Figure} */ (FIGURES[this.exploration[which]]);
  }

  /** @param {string} name @returns {HTMLSelectElement} */
  control(name) {
    return /** @type {HTMLSelectElement} */ (this.inside(`[name=${name}]`));
  }

  /** @param {string} name */
  button(name) {
    return this.inside(`button[name=${name}]`);
  }

  /** @param {string} selector @returns {HTMLElement} */
  inside(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

/** @param {string} address @param {string} words */
function link(address, words) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
}

/**
 * A table in the frame that it scrolls in.
 * @param {string} heading the id of what names it; "" for none
 * @param {string[]} titles
 * @param {string[][]} body
 * @param {boolean} [isOfModels] the first cell of a row names a model, which it then leads to
 */
function table(heading, titles, body, isOfModels = true) {
  const frame = document.createElement("div");
  frame.className = "table";
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  if (heading) frame.setAttribute("aria-labelledby", heading);
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const title of titles) {
    const cell = document.createElement("th");
    cell.textContent = title;
    head.append(cell);
  }
  made.createTBody().append(...body.map((cells) => row(cells, isOfModels)));
  frame.append(made);
  return frame;
}

/**
 * @param {string[]} cells
 * @param {boolean} isOfModels
 */
function row(cells, isOfModels) {
  const made = document.createElement("tr");
  cells.forEach((text, place) => {
    const cell = made.insertCell();
    if (place || !isOfModels) cell.textContent = text;
    else cell.append(link(`../models/${text}/`, text));
  });
  return made;
}

customElements.define("atlas-explore", Explore);
