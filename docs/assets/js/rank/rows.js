/**
 * Rows of the rank page's table: sorting, hiding and ticking them, and adding columns.
 *
 * The table is made of groups of rows that are laid out only near the screen (generator/site/tables.py). Rows move
 * between groups only when sorted. Rows that do not match are hidden in place, which costs a third of removing them.
 * Each group has the height of its visible rows, so that nothing moves when it is laid out.
 *
 * A key first updates only the rows on the screen. The others follow once these are drawn, from top to bottom.
 * @module
 */

import { drawing, element, pause } from "../shared/elements.js";
import { sortButton } from "./sort-button.js";

/** How many screens from the top of the table the browser lays out while the finder is in view. */
const AHEAD = 2;
/** The most groups that are updated at a time, so that the page responds in between. */
const AT_A_TIME = 16;

/**
 * A column that the page is served without.
 * @typedef {object} Extra
 * @property {string} heading
 * @property {boolean} isNumeric
 * @property {(name: string) => string} text of the cell in a model's row
 */

export class Rows {
  /** @type {HTMLTableElement} */
  #table;
  /** @type {Map<string, HTMLTableRowElement>} by the model's name, in the order of ranks */
  #rows;
  /** @type {HTMLTableSectionElement[]} */
  #groups;
  /** @type {number} rows of a full group */
  #size;
  /** @type {string[]} the width of each column, shown or not */
  #widths;
  /** @type {string[]} the name of each of these columns */
  #columns;
  /** @type {string[]} the names of all rows, in their order */
  #names;
  /** @type {Set<string>} the names of the rows that match */
  #shown;
  /** @type {number[]} how many rows of each group match */
  #left;
  /** @type {Set<number>} indices of the groups that still have to be filled in a new order */
  #moved = new Set();
  /** @type {HTMLTableSectionElement[]} groups on the screen, laid out without waiting for the browser to find them */
  #visible = [];
  /** Index of the cells that the boxes are in: those of the first column that is shown. */
  #ticked = 0;
  /** @type {symbol | null} the change that is being drawn; a newer one stops an older one */
  #change = null;
  /** Resolves when all rows are up to date. */
  drawn = Promise.resolve();

  /**
   * @param {HTMLTableElement} table
   * @param {string[]} columns their names, in the order of the table
   */
  constructor(table, columns) {
    this.#table = table;
    this.#groups = [...table.tBodies];
    this.#rows = new Map(this.#groups.flatMap((group) => [...group.rows].map((row) => [row.id, row])));
    this.#names = [...this.#rows.keys()];
    this.#shown = new Set(this.#names);
    this.#left = this.#groups.map((group) => group.rows.length);
    // The first key shows its rows here.
    this.#layOut(this.#groups.slice(0, 1));
    this.#columns = [...columns];
    // A short table is not divided, and the browser finds the widths by itself.
    this.#size = Number(table.style.getPropertyValue("--rows")) || this.#rows.size;
    this.#widths = table.style.getPropertyValue("--columns").split(" ").filter(Boolean);
  }

  /**
   * Put the rows into this order, and show those that match.
   * @param {string[]} names all of them
   * @param {Set<string>} shown
   */
  arrange(names, shown) {
    const isMoved = names.some((name, place) => name !== this.#names[place]);
    if (!isMoved && shown.size === this.#shown.size && [...shown].every((name) => this.#shown.has(name))) return;
    this.#names = names;
    this.#shown = shown;
    if (isMoved) this.#moved = new Set(this.#groups.keys());
    this.drawn = this.#draw();
  }

  /** Update the groups: those on the screen at once, the others from top to bottom. */
  async #draw() {
    const change = this.#change = Symbol();
    const [visible, screen] = this.#toTop();
    const ahead = AHEAD * screen;
    const end = this.#groups.length;
    let place = 0;
    let above = 0;
    while (place < end && above < visible) above += this.#update(place++);
    this.#layOut(this.#groups.slice(0, place).filter((group) => !group.hidden));
    this.#holdBack(place, ahead);
    this.#table.ariaBusy = "true";
    while (place < end) {
      const isNear = above < ahead;
      // A hidden tab is not drawn, and every pause in it takes a second.
      if (!document.hidden) await (isNear ? drawing() : pause());
      if (this.#change !== change) return;
      const last = Math.min(place + AT_A_TIME, end);
      const most = isNear ? above + this.#size : Infinity;
      while (place < last && above < most) above += this.#update(place++);
    }
    this.#table.ariaBusy = null;
  }

  /**
   * Scroll the table to its first row. This forces a layout, so it has to come before a change.
   * @returns {[number, number]} how many rows are on the screen then, and how many fill a screen, both rounded up
   */
  #toTop() {
    const scroller = /** @type {HTMLElement} */ (this.#table.parentElement);
    scroller.scrollTop = 0;
    const head = this.#table.tHead?.getBoundingClientRect();
    // Once the reader has left the page, the table has no rows on the screen.
    if (!head?.height) return [0, 0];
    const bottom = Math.min(scroller.getBoundingClientRect().bottom, innerHeight);
    return [Math.ceil((bottom - head.bottom) / head.height), Math.ceil(innerHeight / head.height)];
  }

  /**
   * Lay out these groups, and no longer the ones before. A browser that finds by itself that a group is on the screen
   * draws its rows one drawing later.
   * @param {HTMLTableSectionElement[]} groups
   */
  #layOut(groups) {
    for (const group of this.#visible) if (!groups.includes(group)) group.classList.remove("is-now");
    for (const group of groups) group.classList.add("is-now");
    this.#visible = groups;
  }

  /**
   * Keep the groups right below the screen out of the layout until they are updated. Those further down are not laid
   * out anyway.
   * @param {number} place of the first of them
   * @param {number} rows how many rows the browser would lay out
   */
  #holdBack(place, rows) {
    for (let above = 0; above < rows && place < this.#groups.length; place++) {
      const left = this.#left[place] ?? 0;
      if (left > 0) this.#groups[place]?.classList.add("is-later");
      above += left;
    }
  }

  /**
   * Give a group its rows, and show those that match.
   * @param {number} place
   * @returns {number} how many match
   */
  #update(place) {
    const group = /** @type {HTMLTableSectionElement} */ (this.#groups[place]);
    const names = this.#names.slice(place * this.#size, (place + 1) * this.#size);
    const rows = names.map((name) => /** @type {HTMLTableRowElement} */ (this.#rows.get(name)));
    if (this.#moved.delete(place)) group.replaceChildren(...rows);
    let left = 0;
    for (const [number, row] of rows.entries()) {
      const isShown = this.#shown.has(/** @type {string} */ (names[number]));
      if (row.hidden === isShown) row.hidden = !isShown;
      left += Number(isShown);
    }
    if (left !== this.#left[place]) {
      this.#left[place] = left;
      group.hidden = left === 0;
      // Setting --rows instead would be slower: all cells inherit it.
      group.style.height = `calc(${left} * var(--row))`;
    }
    group.classList.remove("is-later");
    return left;
  }

  /** Put a checkbox into every row. */
  addBoxes() {
    for (const [name, row] of this.#rows) {
      const box = { type: "checkbox", name: "m", value: name, "aria-label": `Compare ${name}` };
      row.cells[this.#ticked]?.prepend(element("input", box));
    }
  }

  /**
   * Tick the boxes of these models, and no others.
   * @param {string[]} names
   */
  tick(names) {
    for (const [name, row] of this.#rows) {
      const box = row.cells[this.#ticked]?.querySelector("input");
      if (box) box.checked = names.includes(name);
    }
  }

  /**
   * Show these columns. Those that the page is served without are made when they are first shown.
   * @param {string[]} names
   * @param {(name: string) => Extra} extra
   */
  show(names, extra) {
    for (const name of names) if (!this.#columns.includes(name)) this.#add(name, extra(name));
    this.#columns.forEach((name, place) => this.#table.classList.toggle(`hide-${place + 1}`, !names.includes(name)));
    if (this.#widths.length) {
      const shown = this.#widths.filter((_, place) => names.includes(/** @type {string} */ (this.#columns[place])));
      this.#table.style.setProperty("--columns", shown.join(" "));
    }
    this.#moveBoxes(this.#columns.findIndex((name) => names.includes(name)));
  }

  /**
   * Write the cells of a column anew, if it has been shown; it is one that the page is served without.
   * @param {string} name
   * @param {Extra} extra
   */
  renew(name, { text }) {
    const place = this.#columns.indexOf(name);
    if (place < 0) return;
    for (const [model, { cells }] of this.#rows) {
      const cell = cells[place];
      const box = cell?.querySelector("input");
      cell?.replaceChildren(...(box ? [box] : []), text(model));
    }
  }

  /**
   * Put the boxes into other cells of their rows: a box in a column that is hidden would be hidden too.
   * @param {number} place
   */
  #moveBoxes(place) {
    if (place === this.#ticked) return;
    for (const { cells } of this.#rows.values()) {
      const box = cells[this.#ticked]?.querySelector("input");
      if (box) cells[place]?.prepend(box);
    }
    this.#ticked = place;
  }

  /**
   * @param {string} name
   * @param {Extra} extra
   */
  #add(name, { heading, isNumeric, text }) {
    this.#columns.push(name);
    if (isNumeric) this.#table.classList.add(`right-${this.#columns.length}`);
    this.#table.tHead?.rows[0]?.append(element("th", {}, sortButton(name, heading)));
    let longest = heading.length;
    for (const [model, row] of this.#rows) {
      const cell = text(model);
      longest = Math.max(longest, cell.length);
      row.append(element("td", {}, cell));
    }
    // The unit ch is the width of a digit, and letters are wider.
    if (this.#widths.length) this.#widths.push(`${longest + 2}ch`);
  }

  /**
   * Mark the column that the rows are sorted by.
   * @param {string} name
   * @param {boolean} isDescending
   */
  markSort(name, isDescending) {
    for (const [place, head] of [...(this.#table.tHead?.rows[0]?.cells ?? [])].entries()) {
      if (this.#columns[place] === name) head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }
}
