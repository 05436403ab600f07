/**
 * Tables of the explore page, in scrolling frames; long ones are made a part at a time.
 * @module
 */

import { button, element } from "../shared/elements.js";
import { integer } from "../shared/formatting.js";

/** Rows of a long table that are made at a time. */
const ROWS = 100;

/**
 * Make a table in a scrolling frame.
 * @param {Record<string, string>} named an attribute with its name
 * @param {string[]} titles
 * @param {(string | HTMLElement)[][]} rows
 * @returns {HTMLElement}
 */
export function table(named, titles, rows) {
  return element(
    "div",
    { class: "table", tabindex: 0, role: "group", ...named },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", {}, title)))),
      element("tbody", {}, ...rows.map(rowOf)),
    ),
  );
}

/**
 * Make a table that gets further rows on request.
 * @template T
 * @param {Record<string, string>} named
 * @param {string[]} titles
 * @param {T[]} items
 * @param {(item: T) => (string | HTMLElement)[]} cells of an item's row
 * @returns {HTMLElement[]} the table, and a button where there are more rows
 */
export function longTable(named, titles, items, cells) {
  let until = ROWS;
  const frame = table(named, titles, items.slice(0, until).map(cells));
  if (items.length <= until) return [frame];
  const left = () => `${integer(ROWS)} more of ${integer(items.length - until)}`;
  const more = button({ class: "md-button" }, () => {
    frame.querySelector("tbody")?.append(...items.slice(until, until + ROWS).map((item) => rowOf(cells(item))));
    until += ROWS;
    more.textContent = left();
    if (until >= items.length) more.remove();
  }, left());
  return [frame, more];
}

/** @param {string} name @returns {HTMLElement} a link to a model's page */
export function modelLink(name) {
  return element("a", { href: `../models/${encodeURIComponent(name)}/` }, name);
}

/** @param {(string | HTMLElement)[]} cells */
function rowOf(cells) {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}
