/**
 * The rows of the rank page's table: put into another order, left out, ticked, and given further columns.
 *
 * The table is made of groups of rows that are laid out only near the screen (generator/site/tables.py). So rows move
 * between groups, and each group keeps its size: hiding rows where they are would leave groups of any height, whose
 * height the browser could not know beforehand. Rows that do not match are taken out of the page.
 * @module
 */

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
  /** @type {string[]} what is in the page now */
  #names;

  /**
   * @param {HTMLTableElement} table
   * @param {string[]} columns their names, in the order of the table
   */
  constructor(table, columns) {
    this.#table = table;
    this.#groups = [...table.tBodies];
    this.#rows = new Map(this.#groups.flatMap((group) => [...group.rows].map((row) => [row.id, row])));
    this.#names = [...this.#rows.keys()];
    this.#columns = [...columns];
    // A table that is short is not divided, and the browser finds the widths by itself.
    this.#size = Number(table.style.getPropertyValue("--rows")) || this.#rows.size;
    this.#widths = table.style.getPropertyValue("--columns").split(" ").filter(Boolean);
  }

  /**
   * Have just these rows in the page, in this order.
   * @param {string[]} names
   */
  arrange(names) {
    if (names.length === this.#names.length && names.every((name, place) => name === this.#names[place])) return;
    for (let place = 0, start = 0; place < this.#groups.length; place += 1, start += this.#size) {
      const group = /** @type {HTMLTableSectionElement} */ (this.#groups[place]);
      const members = names.slice(start, start + this.#size);
      if (members.length === 0) {
        group.replaceChildren();
        group.remove();
        continue;
      }
      group.replaceChildren(...members.map((name) => this.#row(name)));
      if (members.length === this.#size) group.style.removeProperty("--rows");
      else group.style.setProperty("--rows", String(members.length));
      if (!group.isConnected) this.#table.append(group);
    }
    this.#names = names;
  }

  /** @param {string} name */
  #row(name) {
    return /** @type {HTMLTableRowElement} */ (this.#rows.get(name));
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
