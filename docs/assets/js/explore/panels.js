/**
 * Panels of the explore page beside its charts: the line of matches, legend, front, tables, and the words for a point.
 * @module
 */

import { element, part } from "../shared/elements.js";
import { integer } from "../shared/formatting.js";
import { queryParameters, searchText } from "../shared/query.js";
import { tickText } from "./axis.js";
import { frontText, matchesText } from "./captions.js";
import { SIGNS } from "./chart.js";
import { explorationParameters } from "./exploration.js";
import { figureText } from "./points.js";
import { longTable, modelLink, table } from "./tables.js";

/** @typedef {import("./scene.js").Scene} Scene */

/**
 * Show all panels.
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function showPanels(root, scene) {
  showMatches(root, scene);
  showLegend(root, scene);
  showFront(root, scene);
  showPoints(root, scene);
  showSteps(root, scene);
}

/** @param {HTMLElement} root @param {Scene} scene */
function showMatches(root, { catalog, query, sentence, exploration, shown, points }) {
  const left = query.fixtures ? 0 : catalog.models.filter(({ fixture }) => fixture).length;
  const all = catalog.models.length - left;
  const filter = searchText(queryParameters(query, catalog));
  const line = part(root, ".matches", HTMLElement);
  line.replaceChildren(
    `${sentence && `${sentence} `}${matchesText(all, shown.length, points.length, left)} `,
    element("a", { href: `../models/${filter}` }, "Open them in the rank page"),
    ".",
  );
  if (left) {
    const asked = queryParameters({ ...query, fixtures: true }, catalog);
    explorationParameters(exploration).forEach((text, key) => asked.set(key, text));
    line.append(" ", element("a", { href: `../explore/${searchText(asked)}` }, "Take them in"), ".");
  }
  if (shown.length === all) return;
  const own = searchText(explorationParameters(exploration));
  line.append(" ", element("a", { href: `../explore/${own}` }, "Without the filter"), ".");
}

/** @param {HTMLElement} root @param {Scene} scene */
function showLegend(root, { groups, points }) {
  const items = groups.map((name, group) => {
    const place = group % SIGNS.length;
    const sign = element("span", { "aria-hidden": "true" }, SIGNS[place] ?? "");
    sign.style.color = `var(--explore-${place + 1})`;
    return element("li", {}, sign, ` ${name}, ${integer(points.filter((point) => point.group === group).length)}`);
  });
  part(root, ".legend", HTMLElement).replaceChildren(...items);
}

/** @param {HTMLElement} root @param {Scene} scene */
function showFront(root, { catalog, exploration, x, y, best }) {
  part(root, ".about-front", HTMLElement).textContent = frontText(exploration, best.length);
  const rows = best.toSorted((one, other) => other.y - one.y).map(({ model }) => [
    modelLink(model.name),
    figureText(x, model, catalog),
    figureText(y, model, catalog),
    model.family,
  ]);
  const titles = ["Model", x.axis ?? "", y.axis ?? "", "Family"];
  part(root, ".members", HTMLElement).replaceChildren(
    ...(exploration.front ? [table({ "aria-labelledby": "front" }, titles, rows)] : []),
  );
}

/**
 * Show the points as a table, if it is open.
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function showPoints(root, { catalog, exploration, x, y, points, groups }) {
  const group = exploration.colour === "family" ? "Family" : "Licence class of the default weights";
  const titles = ["Model", x.axis ?? "", y.axis ?? "", group];
  showInside(root, ".points", () =>
    longTable({ "aria-label": "Points" }, titles, points, ({ model, group }) => [
      modelLink(model.name),
      figureText(x, model, catalog),
      figureText(y, model, catalog),
      groups[group] ?? "",
    ]));
}

/**
 * Show the histogram as a table, if it is open.
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function showSteps(root, { exploration, figure, distribution: { edges, all, part: members } }) {
  const titles = [figure.axis ?? "", "Models", ...(members.length ? [`Of ${exploration.of}`] : [])];
  showInside(root, ".steps", () => {
    const texts = edges.map((edge) => tickText(edge, figure.kind));
    const rows = all.map((count, step) => [
      `${texts[step]} to ${texts[step + 1]}`,
      integer(count),
      ...(members.length ? [integer(members[step] ?? 0)] : []),
    ]);
    return [table({ "aria-labelledby": "distributions" }, titles, rows)];
  });
}

/**
 * Describe the point that the keyboard is at.
 * @param {HTMLElement} root
 * @param {Scene} scene
 * @param {number} at its index, -1 for none
 */
export function showPoint(root, { catalog, x, y, points, groups }, at) {
  const point = points[at];
  const line = part(root, ".point", HTMLElement);
  if (!point) {
    line.replaceChildren();
    return;
  }
  const { model, group } = point;
  const told = [x, y].map((figure) => `${figure.axis}: ${figureText(figure, model, catalog)}; `).join("");
  line.replaceChildren(modelLink(model.name), `: ${told}${groups[group] ?? ""}`);
}

/**
 * Replace the content of details below their summary; leave it empty while they are closed.
 * @param {HTMLElement} root
 * @param {string} selector of the details
 * @param {() => HTMLElement[]} make
 */
function showInside(root, selector, make) {
  const details = part(root, selector, HTMLDetailsElement);
  while (details.children.length > 1) details.lastElementChild?.remove();
  if (details.open) details.append(...make());
}
