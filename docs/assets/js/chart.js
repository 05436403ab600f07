/**
 * Charts by Bokeh, which is loaded when the first of them is drawn. Its files come out of the installed package.
 * @module
 */

import { extent, ticks, tickText } from "./axis.js";

/** @typedef {import("./quantity.js").Kind} Kind */

/** The library first, then what is for scripts. */
const FILES = ["bokeh.min.js", "bokeh-api.min.js"];

/** Shapes of the groups, each told apart from the others, and the signs that stand for them in words. */
export const SHAPES = ["circle", "square", "triangle", "diamond", "inverted_triangle", "star", "hex", "cross"];
export const SIGNS = ["●", "■", "▲", "◆", "▼", "★", "⬢", "+"];

/**
 * An axis: its words, what it counts, and the values that have to be on it.
 * @typedef {{title: string, kind: Kind, log: boolean, values: number[]}} Axis
 */

/**
 * A point of a scatter plot: `lines` are the words of its tooltip.
 * @typedef {{x: number, y: number, group: number, name: string, lines: [string, string]}} Dot
 */

/**
 * What a chart that is drawn can do.
 * @typedef {object} Chart
 * @property {(dot: {x: number, y: number} | null) => void} mark puts a ring around a point, or takes it away
 * @property {() => void} whole shows all points after a part was zoomed in
 * @property {() => void} remove
 */

/** @type {Promise<any> | null} */
let loading = null;

/**
 * Bokeh, loaded once a page.
 * @returns {Promise<any>}
 * @throws {Error} a file could not be loaded; the message is for readers
 */
export function loadLibrary() {
  loading ??= FILES.reduce((before, file) => before.then(() => loadScript(file)), Promise.resolve())
    .then(() => {
      const { Bokeh } = /** @type {any} */ (globalThis);
      Bokeh.set_log_level("warn");
      return Bokeh;
    })
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

/** @param {string} file @returns {Promise<void>} */
function loadScript(file) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = String(new URL(`../charts/${file}`, import.meta.url));
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("The chart could not be loaded."));
    document.head.append(script);
  });
}

/**
 * Draw points on two axes, in place of what is in the element.
 * @param {HTMLElement} element
 * @param {Axis} across
 * @param {Axis} up
 * @param {Dot[]} dots
 * @param {{x: number, y: number}[]} line
 * @param {(place: number, pointer: string) => void} chosen called with the place of a dot that was clicked or tapped
 * @returns {Promise<Chart>}
 */
export async function scatter(element, across, up, dots, line, chosen) {
  const library = await loadLibrary();
  const style = colours(element);
  const figure = framed(library, style, across, up);
  // The last group is that of all others, and is drawn below the rest.
  const ordered = dots.map((dot, place) => ({ ...dot, place })).sort((one, other) => other.group - one.group);
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
    tooltips: [["Model", "@name"], [short(across.title), "@across"], [short(up.title), "@up"]],
  });
  const tools = [hover, new library.TapTool({ renderers: [points] })];
  // With a finger, dragging scrolls the page.
  if (matchMedia("(pointer: fine)").matches) tools.push(new library.BoxZoomTool());
  figure.add_tools(...tools);
  let pointer = "mouse";
  const seen = (/** @type {PointerEvent} */ event) => pointer = event.pointerType;
  element.addEventListener("pointerdown", seen, true);
  source.selected.change.connect(() => {
    const dot = ordered[source.selected.indices[0]];
    if (!dot) return;
    source.selected.indices = [];
    chosen(dot.place, pointer);
  });
  const view = await shown(library, figure, element);
  return {
    mark: (dot) => ring.data = { x: dot ? [dot.x] : [], y: dot ? [dot.y] : [] },
    whole: () => {
      [figure.x_range.start, figure.x_range.end] = extent(across.values, across.log);
      [figure.y_range.start, figure.y_range.end] = extent(up.values, up.log);
    },
    remove: () => {
      element.removeEventListener("pointerdown", seen, true);
      view.remove();
    },
  };
}

/**
 * Draw how many values lie in each step: all of them as areas, a part of them as outlines.
 * @param {HTMLElement} element
 * @param {Axis} across its values are those of the edges
 * @param {number[]} edges ascending
 * @param {{all: number[], part: number[]}} heights numbers of models, one less than edges; `part` may be empty
 * @returns {Promise<Chart>}
 */
export async function histogram(element, across, edges, { all, part }) {
  const library = await loadLibrary();
  const style = colours(element);
  const most = all.reduce((greatest, value) => Math.max(greatest, value), 1);
  const figure = framed(library, style, across, { title: "Models", kind: "count", log: false, values: [0, most] });
  figure.y_range.start = 0;
  const left = edges.slice(0, -1);
  const right = edges.slice(1);
  const bottom = left.map(() => 0);
  figure.quad({ left, right, bottom, top: all, fill_color: style.groups[0], fill_alpha: 0.35, line_color: style.line });
  if (part.length) {
    const bars = { fill_color: style.groups[1], fill_alpha: 0.8, line_color: style.text };
    figure.quad({ left, right, bottom, top: part, ...bars });
  }
  const view = await shown(library, figure, element);
  return { mark: () => {}, whole: () => {}, remove: () => view.remove() };
}

/**
 * A figure with two axes in the page's colours, and nothing else.
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
      // Text by text: a formatter of one's own would be code in a string, which a careful host forbids.
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

/** @param {any} library @param {any} figure @param {HTMLElement} element */
async function shown(library, figure, element) {
  element.replaceChildren();
  return await library.Plotting.show(figure, element);
}

/**
 * The page's colours, as they are in its palette now.
 * @param {HTMLElement} element
 */
function colours(element) {
  const style = getComputedStyle(element);
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @param {string} name */
  const colour = (name) => {
    // In the few notations that a canvas gives back, all of which Bokeh reads.
    pen.fillStyle = style.getPropertyValue(name).trim();
    return pen.fillStyle;
  };
  return {
    text: colour("--md-default-fg-color"),
    muted: colour("--atlas-muted"),
    line: colour("--atlas-line"),
    groups: SHAPES.map((_, place) => colour(`--explore-${place + 1}`)),
  };
}

/** @param {string} title */
function short(title) {
  return /** @type {string} */ (title.split(/ of one image|,/)[0]);
}
