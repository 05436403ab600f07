/**
 * Charts by Bokeh, which is loaded with the first chart. Its files come from the installed Python package.
 * @module
 */

import { element } from "../shared/elements.js";
import { LoadError, retried } from "../shared/loading.js";
import { siteAddress } from "../shared/site.js";
import { extent, ticks, tickText } from "./axis.js";

/** @typedef {import("../shared/figures.js").Kind} Kind */

/** The library first, then its interface for scripts. */
const SCRIPTS = ["bokeh.min.js", "bokeh-api.min.js"].map((file) => retried(() => loadScript(file)));

/** Shapes of the groups, all different, and the signs that stand for them in text. */
const SHAPES = ["circle", "square", "triangle", "diamond", "inverted_triangle", "star", "hex", "cross"];
export const SIGNS = ["●", "■", "▲", "◆", "▼", "★", "⬢", "+"];

/**
 * An axis: its title, a short label, the kind of its figure, its scale, and the values that have to be on it.
 * @typedef {{title: string, label: string, kind: Kind, log: boolean, values: number[]}} Axis
 */

/**
 * A point of a scatter plot; `lines` are the two figures of its tooltip.
 * @typedef {{x: number, y: number, group: number, name: string, lines: [string, string]}} Dot
 */

/**
 * A drawn chart.
 * @typedef {object} Chart
 * @property {(dot: {x: number, y: number} | null) => void} mark puts a ring around a point, or removes it
 * @property {() => void} whole shows all points after a part was zoomed in
 * @property {() => void} remove
 */

/**
 * Load Bokeh, once per page.
 * @throws {LoadError} a file could not be loaded; the message is for readers
 */
export const loadLibrary = retried(async () => {
  for (const load of SCRIPTS) await load();
  const { Bokeh } = /** @type {any} */ (globalThis);
  Bokeh.set_log_level("warn");
  return Bokeh;
});

/** @param {string} file @returns {Promise<void>} */
function loadScript(file) {
  return new Promise((resolve, reject) => {
    const script = element("script", { src: siteAddress(`assets/charts/${file}`) });
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new LoadError("The chart", null));
    });
    document.head.append(script);
  });
}

/**
 * Draw points on two axes, in place of the element's content.
 * @param {HTMLElement} place
 * @param {Axis} across
 * @param {Axis} up
 * @param {Dot[]} dots
 * @param {{x: number, y: number}[]} line
 * @param {(index: number, pointer: string) => void} chosen called with the index of a dot that was clicked or tapped
 * @returns {Promise<Chart>}
 */
export async function scatter(place, across, up, dots, line, chosen) {
  const library = await loadLibrary();
  const style = colours(place);
  const figure = framed(library, style, across, up);
  // The last group is that of all others, and is drawn below the rest.
  const ordered = dots.map((dot, index) => ({ ...dot, index })).sort((one, other) => other.group - one.group);
  const source = new library.ColumnDataSource({
    data: {
      x: ordered.map(({ x }) => x),
      y: ordered.map(({ y }) => y),
      name: ordered.map(({ name }) => name),
      across: ordered.map(({ lines }) => lines[0]),
      up: ordered.map(({ lines }) => lines[1]),
      shape: ordered.map(({ group }) => SHAPES[group % SHAPES.length]),
      colour: ordered.map(({ group }) => style.groups[group % style.groups.length]),
    },
  });
  figure.line(line.map(({ x }) => x), line.map(({ y }) => y), { line_color: style.text, line_width: 1.5 });
  const points = figure.scatter({ field: "x" }, { field: "y" }, {
    source,
    size: 7,
    marker: { field: "shape" },
    fill_color: { field: "colour" },
    fill_alpha: 0.55,
    line_color: { field: "colour" },
    nonselection_fill_alpha: 0.55,
    nonselection_line_alpha: 1,
  });
  const ring = new library.ColumnDataSource({ data: { x: [], y: [] } });
  figure.scatter({ field: "x" }, { field: "y" }, {
    source: ring,
    size: 18,
    marker: "circle",
    fill_color: null,
    line_color: style.text,
    line_width: 3,
  });
  const hover = new library.HoverTool({
    renderers: [points],
    limit: 4,
    tooltips: [["Model", "@name"], [across.label, "@across"], [up.label, "@up"]],
  });
  const tools = [hover, new library.TapTool({ renderers: [points] })];
  // With a finger, dragging scrolls the page.
  if (matchMedia("(pointer: fine)").matches) tools.push(new library.BoxZoomTool());
  figure.add_tools(...tools);
  let pointer = "mouse";
  const seen = (/** @type {PointerEvent} */ event) => pointer = event.pointerType;
  place.addEventListener("pointerdown", seen, true);
  source.selected.change.connect(() => {
    const dot = ordered[source.selected.indices[0]];
    if (!dot) return;
    source.selected.indices = [];
    chosen(dot.index, pointer);
  });
  const view = await shown(library, figure, place);
  return {
    mark: (dot) => ring.data = { x: dot ? [dot.x] : [], y: dot ? [dot.y] : [] },
    whole: () => {
      [figure.x_range.start, figure.x_range.end] = extent(across.values, across.log);
      [figure.y_range.start, figure.y_range.end] = extent(up.values, up.log);
    },
    remove: () => {
      place.removeEventListener("pointerdown", seen, true);
      view.remove();
    },
  };
}

/**
 * Draw how many values lie in each step: of all models, and in front of them of a part.
 * @param {HTMLElement} place
 * @param {Axis} across its values are the edges
 * @param {number[]} edges ascending
 * @param {{all: number[], part: number[]}} heights numbers of models, one less than edges; `part` may be empty
 * @returns {Promise<Chart>}
 */
export async function histogram(place, across, edges, { all, part }) {
  const library = await loadLibrary();
  const style = colours(place);
  const most = all.reduce((greatest, value) => Math.max(greatest, value), 1);
  const figure = framed(library, style, across, {
    title: "Models",
    label: "Models",
    kind: "count",
    log: false,
    values: [0, most],
  });
  figure.y_range.start = 0;
  const left = edges.slice(0, -1);
  const right = edges.slice(1);
  const bottom = left.map(() => 0);
  figure.quad({ left, right, bottom, top: all, fill_color: style.groups[0], fill_alpha: 0.35, line_color: style.line });
  if (part.length) {
    const bars = { fill_color: style.groups[1], fill_alpha: 0.8, line_color: style.text };
    figure.quad({ left, right, bottom, top: part, ...bars });
  }
  const view = await shown(library, figure, place);
  return { mark: () => {}, whole: () => {}, remove: () => view.remove() };
}

/**
 * Make a Bokeh figure with two axes in the page's colours, and nothing else.
 * @param {any} library
 * @param {ReturnType<typeof colours>} style
 * @param {Axis} across
 * @param {Axis} up
 */
function framed(library, style, across, up) {
  const [x, y] = [across, up].map((axis) => {
    const [start, end] = extent(axis.values, axis.log);
    return new library.Range1d({ start, end });
  });
  const figure = library.Plotting.figure({
    x_range: x,
    y_range: y,
    x_axis_type: across.log ? "log" : "linear",
    y_axis_type: up.log ? "log" : "linear",
    x_axis_label: across.title,
    y_axis_label: up.title,
    sizing_mode: "stretch_both",
    toolbar_location: null,
    tools: [],
    background_fill_color: null,
    border_fill_color: null,
    outline_line_color: style.line,
  });
  for (
    const { axis, grid, range, at } of [
      { axis: figure.xaxis, grid: figure.xgrid, range: x, at: across },
      { axis: figure.yaxis, grid: figure.ygrid, range: y, at: up },
    ]
  ) {
    const fit = () => {
      const values = ticks(range.start, range.end, at.log, at.kind);
      // Fixed texts: a custom formatter would be code in a string, which a strict host forbids.
      axis.major_label_overrides = new Map(values.map((value) => [value, tickText(value, at.kind)]));
      const ticker = new library.FixedTicker({ ticks: values });
      axis.ticker = ticker;
      grid.ticker = ticker;
    };
    fit();
    range.change.connect(fit);
    axis.axis_label_text_color = style.text;
    axis.major_label_text_color = style.text;
    axis.axis_line_color = style.muted;
    axis.major_tick_line_color = style.muted;
    axis.axis_label_text_font_style = "normal";
    axis.axis_label_text_font_size = "13px";
    axis.major_label_text_font_size = "12px";
    grid.grid_line_color = style.line;
  }
  return figure;
}

/** @param {any} library @param {any} figure @param {HTMLElement} place */
async function shown(library, figure, place) {
  place.replaceChildren();
  return await library.Plotting.show(figure, place);
}

/**
 * Read the page's colours from its current palette.
 * @param {HTMLElement} place
 */
function colours(place) {
  const style = getComputedStyle(place);
  const pen = /** @type {CanvasRenderingContext2D} */ (element("canvas").getContext("2d"));
  /** @param {string} name */
  const colour = (name) => {
    // A canvas converts any colour to a notation that Bokeh reads.
    pen.fillStyle = style.getPropertyValue(name).trim();
    return pen.fillStyle;
  };
  return {
    text: colour("--md-default-fg-color"),
    muted: colour("--atlas-muted"),
    line: colour("--atlas-line"),
    groups: SHAPES.map((_, index) => colour(`--explore-${index + 1}`)),
  };
}
