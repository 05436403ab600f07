/**
 * `LayerTools` is the element before the layer table of a model's page. It adds a filter, sorting, an address for each
 * row, and a copy as CSV. Without it the table is complete, but static.
 * @module
 */

import { csvLines } from "../shared/csv.js";
import { button, element } from "../shared/elements.js";
import { integer, percent, plural } from "../shared/formatting.js";
import { matchingTensors, parametersOf, sortedTensors } from "./tensors.js";

/**
 * @typedef {object} Row
 * @property {string[]} cells
 * @property {HTMLTableRowElement} element
 */

// Prefix of a row's address, before the tensor's name. No heading of a page has such an address.
const ANCHOR = "tensor-";
const STEPS = new Map([["ArrowUp", -1], ["ArrowDown", 1], ["Home", -Infinity], ["End", Infinity]]);

export class LayerTools extends HTMLElement {
  /** Removes the listeners outside this element. */
  #mounted = new AbortController();
  /** @type {HTMLTableElement | null} */
  #table = null;
  /** @type {Row[] | null} */
  #read = null;
  /** @type {Row[]} */
  #shown = [];
  #column = -1;
  #descending = false;
  #filter = element("input", { type: "search", placeholder: "attn weight", autocomplete: "off" });
  #status = element("output", { "aria-live": "polite" });
  // One link for all rows, moved to the row under the pointer: two thousand links would be in the way.
  #link = element("a", { class: "row-link" }, "¶");

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
    this.#filter.addEventListener("input", () => this.#show());
    this.append(
      element("label", {}, "Filter by name, shape or form ", this.#filter),
      button({}, () => this.#copy(), "Copy as CSV"),
      this.#status,
    );
    this.#shown = this.#rows();
    this.#tell();
  }

  #headings() {
    return [.../** @type {HTMLTableElement} */ (this.#table).querySelectorAll("th")];
  }

  /** The rows in the order of the model. Read once, before anything is added to them. */
  #rows() {
    this.#read ??= [.../** @type {HTMLTableElement} */ (this.#table).tBodies].flatMap((body) =>
      [...body.rows].map((row) => ({
        element: row,
        cells: [...row.cells].map((cell) => (cell.textContent ?? "").trim()),
      }))
    );
    return this.#read;
  }

  /**
   * @param {HTMLElement} heading
   * @param {number} column
   */
  #sorter(heading, column) {
    return button({}, () => {
      // Ascending, descending, then the model's order.
      const same = this.#column === column;
      this.#column = same && this.#descending ? -1 : column;
      this.#descending = same && !this.#descending;
      for (const [place, other] of this.#headings().entries()) {
        other.removeAttribute("aria-sort");
        if (place === this.#column) other.setAttribute("aria-sort", this.#descending ? "descending" : "ascending");
      }
      this.#show();
    }, ...heading.childNodes);
  }

  /** Show the rows that pass the filter, in their order, in groups of the same size as before. */
  #show() {
    const table = /** @type {HTMLTableElement} */ (this.#table);
    const found = matchingTensors(this.#rows(), this.#filter.value);
    this.#shown = this.#column < 0 ? found : sortedTensors(found, this.#column, this.#descending);
    const size = table.classList.contains("long") ? Number(table.style.getPropertyValue("--rows")) : this.#shown.length;
    const groups = [];
    for (let start = 0; start < this.#shown.length; start += size) {
      const rows = this.#shown.slice(start, start + size);
      const group = element("tbody", {}, ...rows.map((row) => row.element));
      if (rows.length < size) group.style.setProperty("--rows", String(rows.length));
      groups.push(group);
    }
    for (const body of [...table.tBodies]) body.remove();
    table.append(...groups);
    // The rows in view may be gone: begin at the top.
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
      const [parameters, whole] = [parametersOf(this.#shown), parametersOf(all)];
      this.#status.textContent = `${integer(this.#shown.length)} of ${plural(all.length, "tensor")}: ` +
        plural(parameters, "parameter") + (whole ? `, ${percent(parameters, whole)} %` : "");
    }
  }

  async #copy() {
    const headings = this.#headings().map((heading) => (heading.textContent ?? "").trim());
    try {
      await navigator.clipboard.writeText(csvLines([headings, ...this.#shown.map(({ cells }) => cells)]));
      this.#status.textContent = `${plural(this.#shown.length, "row")} copied`;
    } catch {
      // Browsers allow copying only on pages from https, and only if the reader permits it.
      this.#status.textContent = "The browser does not allow copying";
    }
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const found = target instanceof Element ? target.closest("tbody > tr") : null;
    // A link with the focus stays, and so does one in the same row: moving it would lose a click that has begun.
    if (!found || found.contains(this.#link) || document.activeElement === this.#link) return;
    this.#attach(this.#rows().find((row) => row.element === found));
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
    const place = this.#shown.findIndex((row) => row.element.contains(this.#link));
    this.#attach(this.#shown[Math.min(Math.max(place + step, 0), this.#shown.length - 1)]);
    this.#link.focus();
  }

  /** Go to the row that the address names, if it names one. */
  #goTo() {
    const name = named(location.hash);
    const row = name === null ? undefined : this.#rows().find(({ cells }) => cells[0] === name);
    if (!row) return;
    if (!this.#shown.includes(row)) {
      this.#filter.value = "";
      this.#show();
    }
    this.#attach(row);
    // The browser looked for the row before the row had its address: make it look again, and mark the row.
    if (document.querySelector(":target") !== row.element) location.replace(location.hash);
    // The row is now in the middle of its frame; keep the frame out from under the page's header.
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
    return null; // An invalid escape is no tensor's name.
  }
}
