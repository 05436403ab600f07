/**
 * The rows of the rank page's table: put into another order, left out, ticked, and given further columns.
 *
 * The table is made of groups of rows that are laid out only near the screen (generator/site/tables.py). Rows move
 * between groups for another order alone. What does not match is hidden where it stands, which costs a third of taking
 * it out of the page; each group says how many rows are left in it, so that its height is known beforehand.
 * @module
 */

import { pause } from "./elements.js";

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
  /** @type {HTMLTableRowElement[]} all of them, in the order of the page */
  #order;
  /** @type {HTMLTableSectionElement[]} groups that are yet to be laid out */
  #later = [];
  /** Until all groups may be laid out. */
  drawn = Promise.resolve();

  /**
   * @param {HTMLTableElement} table
   * @param {string[]} columns their names, in the order of the table
   */
  constructor(table, columns) {
    this.#table = table;
    this.#groups = [...table.tBodies];
    this.#rows = new Map(this.#groups.flatMap((group) => [...group.rows].map((row) => [row.id, row])));
    this.#order = [...this.#rows.values()];
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
    const order = names.map((name) => /** @type {HTMLTableRowElement} */ (this.#rows.get(name)));
    const isMoved = order.some((row, place) => row !== this.#order[place]);
    if (!isMoved && order.every((row) => row.hidden !== shown.has(row.id))) return;
    this.#order = order;
    const room = this.#toTop();
    let above = 0;
    const later = [];
    for (const [place, group] of this.#groups.entries()) {
      const members = this.#members(place);
      if (isMoved) group.replaceChildren(...members);
      for (const row of members) if (row.hidden === shown.has(row.id)) row.hidden = !row.hidden;
      const left = members.filter((row) => !row.hidden).length;
      group.hidden = left === 0;
      if (left === this.#size) group.style.removeProperty("--rows");
      else group.style.setProperty("--rows", String(left));
      if (above > room) later.push(group);
      above += left;
    }
    this.drawn = this.#layOut(later);
  }

  /**
   * Scroll the table to its first row. This asks for the layout, so it has to come before a change.
   * @returns {number} how many rows are in sight then, rounded up
   */
  #toTop() {
    const frame = /** @type {HTMLElement} */ (this.#table.parentElement);
    frame.scrollTop = 0;
    const row = this.#table.rows[0]?.offsetHeight ?? 0;
    return row ? Math.ceil(frame.clientHeight / row) : this.#size;
  }

  /**
   * Keep groups below the screen out of the layout until the first rows are drawn: a key is answered by these alone.
   * @param {HTMLTableSectionElement[]} later
   */
  async #layOut(later) {
    this.#later = later;
    for (const group of this.#groups) group.classList.toggle("is-later", later.includes(group));
    for (const group of later) {
      await pause();
      if (this.#later !== later) return;
      group.classList.remove("is-later");
    }
  }

  /** @param {number} place of a group */
  #members(place) {
    return this.#order.slice(place * this.#size, (place + 1) * this.#size);
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
