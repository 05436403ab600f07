/**
 * The rows of the rank page's table: put into another order, left out, ticked, and given further columns.
 *
 * The table is made of groups of rows that are laid out only near the screen (generator/site/tables.py). Rows move
 * between groups for another order alone. What does not match is hidden where it stands, which costs a third of taking
 * it out of the page; each group is given the height of what is left in it, so that nothing moves when it is laid out.
 *
 * A key is answered by the rows on the screen alone. All others follow once these are drawn, from the top to the end.
 * @module
 */

import { frame, pause } from "./elements.js";

/** Screens from the top of the table within which the browser lays groups out while the finder's fields are in sight. */
const AHEAD = 2;
/** The most groups that are brought up to date at a time, so that the page answers in between. */
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
  /** @type {string[]} the width of each column that there is, shown or not */
  #widths;
  /** @type {string[]} the name of each of these columns */
  #columns;
  /** @type {string[]} the names of all rows, in their order */
  #names;
  /** @type {Set<string>} those in sight */
  #shown;
  /** @type {number[]} how many rows are in sight of each group, by its place */
  #left;
  /** @type {Set<number>} places of groups that have yet to be given their rows of a new order */
  #moved = new Set();
  /** @type {HTMLTableSectionElement[]} groups on the screen, which the browser is not left to find out */
  #visible = [];
  /** @type {symbol | null} the change that is being drawn: a newer one ends what is still to come of an older */
  #change = null;
  /** Until all rows are up to date. */
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
    // Where the first key finds its rows.
    this.#layOut(this.#groups.slice(0, 1));
    this.#columns = [...columns];
    // A table that is short is not divided, and the browser finds the widths by itself.
    this.#size = Number(table.style.getPropertyValue("--rows")) || this.#rows.size;
    this.#widths = table.style.getPropertyValue("--columns").split(" ").filter(Boolean);
  }

  /**
   * Have the rows in this order, and these of them in sight.
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

  /** Bring the groups up to date: those on the screen at once, and each other after what is above it. */
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
      // A tab that nobody looks at is not drawn, and rests a second at every pause.
      if (!document.hidden) await (isNear ? frame() : pause());
      if (this.#change !== change) return;
      const last = Math.min(place + AT_A_TIME, end);
      const most = isNear ? above + this.#size : Infinity;
      while (place < last && above < most) above += this.#update(place++);
    }
    this.#table.ariaBusy = null;
  }

  /**
   * Scroll the table to its first row. This asks for the layout, so it has to come before a change.
   * @returns {[number, number]} how many rows are on the screen then, and how many fill one, both rounded up
   */
  #toTop() {
    const scroller = /** @type {HTMLElement} */ (this.#table.parentElement);
    scroller.scrollTop = 0;
    const head = this.#table.tHead?.getBoundingClientRect();
    // A table that the reader has left meanwhile has no rows on the screen.
    if (!head?.height) return [0, 0];
    const bottom = Math.min(scroller.getBoundingClientRect().bottom, innerHeight);
    return [Math.ceil((bottom - head.bottom) / head.height), Math.ceil(innerHeight / head.height)];
  }

  /**
   * Have these groups laid out, and no others that were: where a browser finds by itself that a group has come onto the
   * screen, it draws its rows a frame later.
   * @param {HTMLTableSectionElement[]} groups
   */
  #layOut(groups) {
    for (const group of this.#visible) if (!groups.includes(group)) group.classList.remove("is-now");
    for (const group of groups) group.classList.add("is-now");
    this.#visible = groups;
  }

  /**
   * Keep the groups right below the screen out of the layout until they are up to date. Those further off are not laid
   * out in any case.
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
   * Give a group its rows, and show those of them that are to be seen.
   * @param {number} place
   * @returns {number} how many these are
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
      // Not by the property --rows, which all cells would have to inherit.
      group.style.height = `calc(${left} * var(--row))`;
    }
    group.classList.remove("is-later");
    return left;
  }

  /** Put a box to tick into every row. */
  addBoxes() {
    for (const [name, row] of this.#rows) {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = "m";
      box.value = name;
      box.setAttribute("aria-label", `Compare ${name}`);
      row.cells[0]?.prepend(box);
    }
  }

  /**
   * Tick the boxes of these models alone.
   * @param {string[]} names
   */
  tick(names) {
    for (const [name, row] of this.#rows) {
      const box = row.cells[0]?.querySelector("input");
      if (box) box.checked = names.includes(name);
    }
  }

  /**
   * Show these columns; those that the page is served without are made when they are first shown.
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
  }

  /**
   * @param {string} name
   * @param {Extra} extra
   */
  #add(name, { heading, isNumeric, text }) {
    this.#columns.push(name);
    if (isNumeric) this.#table.classList.add(`right-${this.#columns.length}`);
    const head = document.createElement("th");
    head.append(sortButton(name, heading));
    this.#table.tHead?.rows[0]?.append(head);
    let longest = heading.length;
    for (const [model, row] of this.#rows) {
      const cell = text(model);
      longest = Math.max(longest, cell.length);
      row.insertCell().textContent = cell;
    }
    // Letters are wider than digits, of which the unit is one.
    if (this.#widths.length) this.#widths.push(`${longest + 2}ch`);
  }

  /**
   * Say by which column the rows are sorted.
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

/**
 * The button in a column's head that sorts by it.
 * @param {string} column
 * @param {string} heading
 */
export function sortButton(column, heading) {
  const button = document.createElement("button");
  button.type = "button";
  button.name = "sort";
  button.value = column;
  button.textContent = heading;
  return button;
}
