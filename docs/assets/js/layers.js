/**
 * `<atlas-layers>` stands before the layer table of a model's page and gives it what a long table needs: a filter,
 * columns to sort by, an address for each row, and a copy as CSV. Without it the table is whole and stands still.
 * @module
 */

import { csvLines } from "./csv.js";
import { integer, percent, plural } from "./formatting.js";
import { matchingTensors, parametersOf, sortedTensors } from "./tensors.js";

/**
 * @typedef {object} Row
 * @property {string[]} cells
 * @property {HTMLTableRowElement} element
 */

// What the address of a row begins with, followed by the tensor's name. No heading of a page has such an address.
const ANCHOR = "tensor-";
const STEPS = new Map([["ArrowUp", -1], ["ArrowDown", 1], ["Home", -Infinity], ["End", Infinity]]);

class LayerTools extends HTMLElement {
  /** Ends what listens outside this element. */
  #mounted = new AbortController();
  /** @type {HTMLTableElement | null} */
  #table = null;
  /** @type {Row[] | null} */
  #read = null;
  /** @type {Row[]} */
  #shown = [];
  #column = -1;
  #descending = false;
  #filter = document.createElement("input");
  #status = document.createElement("output");
  // One link for all rows: it is moved to the row that is pointed at. Two thousand of them would be in the way.
  #link = document.createElement("a");

  connectedCallback() {
    const table = document.querySelector("#layer-information ~ .table table");
    if (!(table instanceof HTMLTableElement) || this.childElementCount) return;
    this.#table = table;
    this.#mounted = new AbortController();
    const { signal } = this.#mounted;
    this.#build();
    for (const [column, heading] of this.#headings().entries()) heading.replaceChildren(this.#sorter(heading, column));
    table.addEventListener("pointerover", (event) => this.#point(event.target), { signal });
    this.#link.addEventListener("keydown", (event) => this.#step(event), { signal });
    addEventListener("hashchange", () => this.#goTo(), { signal });
    this.#attach(this.#rows()[0]);
    this.#goTo();
  }

  disconnectedCallback() {
    this.#mounted.abort();
  }

  #build() {
    const label = document.createElement("label");
    this.#filter.type = "search";
    this.#filter.placeholder = "attn weight";
    this.#filter.autocomplete = "off";
    this.#filter.addEventListener("input", () => this.#show());
    label.append("Filter by name, shape or form ", this.#filter);
    const copy = document.createElement("button");
    copy.type = "button";
    copy.textContent = "Copy as CSV";
    copy.addEventListener("click", () => this.#copy());
    this.#status.setAttribute("aria-live", "polite");
    this.#link.className = "row-link";
    this.#link.textContent = "¶";
    this.append(label, copy, this.#status);
    this.#shown = this.#rows();
    this.#tell();
  }

  #headings() {
    return [.../** @type {HTMLTableElement} */ (this.#table).querySelectorAll("th")];
  }

  /** The rows in the order of the model. Read once, before anything is put into them. */
  #rows() {
    this.#read ??= [.../** @type {HTMLTableElement} */ (this.#table).tBodies].flatMap((body) =>
      [...body.rows].map((element) => ({
        element,
        cells: [...element.cells].map((cell) => (cell.textContent ?? "").trim()),
      }))
    );
    return this.#read;
  }

  /**
   * @param {HTMLElement} heading
   * @param {number} column
   */
  #sorter(heading, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => {
      // Up, down, and as the model has them.
      const same = this.#column === column;
      this.#column = same && this.#descending ? -1 : column;
      this.#descending = same && !this.#descending;
      for (const [place, other] of this.#headings().entries()) {
        other.removeAttribute("aria-sort");
        if (place === this.#column) other.setAttribute("aria-sort", this.#descending ? "descending" : "ascending");
      }
      this.#show();
    });
    return button;
  }

  /** Put the rows that the filter leaves into the table, in their order, as many to a group as before. */
  #show() {
    const table = /** @type {HTMLTableElement} */ (this.#table);
    const found = matchingTensors(this.#rows(), this.#filter.value);
    this.#shown = this.#column < 0 ? found : sortedTensors(found, this.#column, this.#descending);
    const size = table.classList.contains("long") ? Number(table.style.getPropertyValue("--rows")) : this.#shown.length;
    const groups = [];
    for (let start = 0; start < this.#shown.length; start += size) {
      const rows = this.#shown.slice(start, start + size);
      const group = document.createElement("tbody");
      if (rows.length < size) group.style.setProperty("--rows", String(rows.length));
      group.append(...rows.map(({ element }) => element));
      groups.push(group);
    }
    for (const body of [...table.tBodies]) body.remove();
    table.append(...groups);
    // Where rows are gone, so is what was below: begin at the top of what there is.
    const frame = table.closest(".table");
    if (frame) frame.scrollTop = 0;
    if (!this.#link.isConnected && this.#shown[0]) this.#attach(this.#shown[0]);
    this.#tell();
  }

  #tell() {
    const all = this.#rows();
    if (this.#shown.length === all.length) {
      this.#status.textContent = plural(all.length, "tensor");
    } else {
      const parameters = parametersOf(this.#shown);
      this.#status.textContent = `${integer(this.#shown.length)} of ${plural(all.length, "tensor")}: ` +
        `${plural(parameters, "parameter")}, ${percent(parameters, parametersOf(all))} %`;
    }
  }

  async #copy() {
    const headings = this.#headings().map((heading) => (heading.textContent ?? "").trim());
    try {
      await navigator.clipboard.writeText(csvLines([headings, ...this.#shown.map(({ cells }) => cells)]));
      this.#status.textContent = `${plural(this.#shown.length, "row")} copied`;
    } catch {
      // Browsers allow it on pages from https alone, and where the reader does.
      this.#status.textContent = "The browser does not allow copying";
    }
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const element = target instanceof Element ? target.closest("tbody > tr") : null;
    // A link that is in use stays where it is; one that is put where it was would miss the click that begins on it.
    if (!element || element.contains(this.#link) || document.activeElement === this.#link) return;
    this.#attach(this.#rows().find((row) => row.element === element));
  }

  /**
   * Give a row its address, and the link to it.
   * @param {Row | undefined} row
   */
  #attach(row) {
    const [name] = row?.cells ?? [];
    if (!row || name === undefined) return;
    row.element.id = ANCHOR + name;
    this.#link.href = `#${encodeURIComponent(ANCHOR + name)}`;
    this.#link.setAttribute("aria-label", `Link to ${name}`);
    row.element.cells[0]?.append(this.#link);
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const step = STEPS.get(event.key);
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const place = this.#shown.findIndex(({ element }) => element.contains(this.#link));
    this.#attach(this.#shown[Math.min(Math.max(place + step, 0), this.#shown.length - 1)]);
    this.#link.focus();
  }

  /** Go to the row that the address names, where it names one. */
  #goTo() {
    const name = named(location.hash);
    const row = name === null ? undefined : this.#rows().find(({ cells }) => cells[0] === name);
    if (!row) return;
    if (!this.#shown.includes(row)) {
      this.#filter.value = "";
      this.#show();
    }
    this.#attach(row);
    // The browser looked for the row before it had its address: let it look again, and mark it.
    if (document.querySelector(":target") !== row.element) location.replace(location.hash);
    // The row is in the middle of its frame then; the frame is not to be below the head of the page.
    row.element.closest(".long-table")?.scrollIntoView({ block: "center" });
  }
}

/**
 * @param {string} hash of an address
 * @returns {string | null} the tensor that it names
 */
function named(hash) {
  try {
    const name = decodeURIComponent(hash.slice(1));
    return name.startsWith(ANCHOR) ? name.slice(ANCHOR.length) : null;
  } catch {
    return null; // No name of ours has a percent sign that begins nothing.
  }
}

customElements.define("atlas-layers", LayerTools);
