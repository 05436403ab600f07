/**
 * The budget finder at work: form, table and address show one query, whichever of them was changed.
 * @module
 */

import { loadCatalog } from "./catalog.js";
import { csvText } from "./csv.js";
import { integer, memory, metric, percent, plural } from "./formatting.js";
import { loosenings } from "./loosening.js";
import { parseQuantity, quantityText } from "./quantity.js";
import {
  COLUMNS,
  emptyQuery,
  FEWEST_COMPARED,
  matching,
  MOST_COMPARED,
  parseQuery,
  queryParameters,
  RANGES,
  searchText,
  sorted,
} from "./query.js";
import { Rows } from "./rows.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./loosening.js").Change} Change */
/** @typedef {import("./quantity.js").Kind} Kind */
/** @typedef {import("./query.js").Query} Query */
/** @typedef {"min" | "max"} Side */

/** Milliseconds of rest after a key until the address follows: browsers allow only so many changes of it. */
const REST = 300;

/** What reads well in a range of figures.
 * @type {Record<Kind, (value: number) => string>} */
const READ = {
  count: integer,
  macs: (value) => metric(value, "MACs"),
  bytes: memory,
  pixels: (value) => plural(value, "pixel"),
};

export class Finder {
  /** @type {HTMLFormElement} */
  #form;
  /** @type {Model[]} */
  #models;
  /** @type {Map<string, Model>} */
  #byName;
  /** @type {Rows} */
  #rows;
  /** @type {string[]} the columns that the page is served with */
  #served;
  /** @type {Query} */
  #query = emptyQuery();
  /** What the models are sorted by, and how they are then: typing changes neither.
   * @type {{sort: string, descending: boolean, models: Model[]}} */
  #order;
  /** @type {Model[]} */
  #matches = [];
  /** Whether the entry of the history is that of what is being typed, and is replaced by each further key. */
  #isTyping = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * The finder of an element, once the models are there. What was typed meanwhile is kept.
   * @param {HTMLElement} element
   * @returns {Promise<Finder>}
   * @throws {Error} the models could not be loaded
   */
  static async of(element) {
    return new Finder(element, await loadCatalog());
  }

  /**
   * @param {HTMLElement} element
   * @param {Model[]} models
   */
  constructor(element, models) {
    this.#form = /** @type {HTMLFormElement} */ (element.querySelector("form"));
    this.#models = models;
    this.#byName = new Map(models.map((model) => [model.name, model]));
    this.#served = (element.dataset.columns ?? "").split(",");
    this.#rows = new Rows(/** @type {HTMLTableElement} */ (element.querySelector("table")), this.#served);
    this.#rows.addBoxes();
    this.#order = { sort: "", descending: false, models };
    this.#matches = models;
    this.#suggestFamilies();
    const asked = location.search ? parseQuery(new URLSearchParams(location.search)) : this.#typed();
    this.#set(asked);
    if (Object.keys(asked.ranges).length || asked.strides.length || asked.licenses.length) this.#openLimits();
    // Rows may have moved away from under the place that the address names.
    if (location.search && location.hash) {
      this.#rows.drawn.then(() => document.querySelector(":target")?.scrollIntoView());
    }
  }

  /**
   * Show the query of an address.
   * @param {string} search the part of an address from its question mark on
   */
  open(search) {
    clearTimeout(this.#timer);
    this.#isTyping = false;
    this.#set(parseQuery(new URLSearchParams(search)));
  }

  /**
   * A field was changed, or left.
   * @param {HTMLElement} field
   * @param {"input" | "change" | "focusout"} event
   */
  edited(field, event) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    const isText = field instanceof HTMLInputElement && field.type !== "checkbox";
    if (event === "focusout") {
      // Who leaves a field as it was before changes nothing, though there were changes in between.
      if (isText && this.#isTyping) this.#commit();
      return;
    }
    // A box or a choice is one act, of which a browser tells twice.
    if (!isText && event === "input") return;
    if (field.name === "m") {
      this.#tick(/** @type {HTMLInputElement} */ (field));
      return;
    }
    this.#query = this.#typed();
    if (field.name === "columns") {
      const ticked = COLUMNS.filter((name) => name === "name" || this.#ticked("columns").includes(name));
      this.#query.columns = ticked.join() === this.#unasked().join() ? null : ticked;
    }
    if (event === "input") {
      this.#render();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#follow(), REST);
    } else {
      this.#set(this.#query, true);
      this.#commit();
    }
  }

  /**
   * A button or a link of ours was pressed.
   * @param {HTMLButtonElement | HTMLAnchorElement} target
   */
  pressed(target) {
    const { sort, descending, columns, compared } = this.#query;
    if (target.name === "csv") {
      this.#save();
      return;
    }
    if (target instanceof HTMLAnchorElement) {
      const asked = parseQuery(new URLSearchParams(target.search));
      const isPreset = target.classList.contains("finder-preset");
      this.#set(isPreset ? { ...asked, sort, descending, columns, compared } : asked);
      this.#openLimits();
    } else if (target.name === "sort") this.#sort(target.value);
    else if (target.name === "clear") this.#set({ ...emptyQuery(), compared });
    else if (target.name === "untick") this.#set({ ...this.#query, compared: [] });
    this.#commit();
    // What was pressed may be gone, and the focus with it.
    if (!target.isConnected || target.hidden) this.#count().focus();
  }

  /** @param {string} column */
  #sort(column) {
    const { sort, descending } = this.#query;
    // The order of ranks is that of the page without a query: by rank, ascending.
    const isBy = (sort || "rank") === column;
    const turned = isBy && !descending;
    this.#set({ ...this.#query, sort: column === "rank" && !turned ? "" : column, descending: turned });
  }

  /** @param {HTMLInputElement} box */
  #tick(box) {
    const others = this.#query.compared.filter((name) => name !== box.value);
    if (box.checked && others.length === MOST_COMPARED) {
      box.checked = false;
      this.#showCompared(`${MOST_COMPARED} models are the most that can be compared.`);
      return;
    }
    this.#query = { ...this.#query, compared: box.checked ? [...others, box.value] : others };
    this.#showCompared();
    this.#commit();
  }

  /**
   * Show a query in the form and in the table.
   * @param {Query} query
   * @param {boolean} [keepsFaults] leave what was typed and cannot be read, and say so
   */
  #set(query, keepsFaults = false) {
    this.#query = { ...query, compared: query.compared.filter((name) => this.#byName.has(name)) };
    this.#fill(keepsFaults);
    this.#rows.tick(this.#query.compared);
    this.#render();
  }

  /**
   * What the form asks for, and what is not in it as it is. What cannot be read limits nothing.
   * @returns {Query}
   */
  #typed() {
    const query = { ...emptyQuery(), ...this.#query, ranges: /** @type {Query["ranges"]} */ ({}) };
    for (const name of /** @type {const} */ (["name", "family", "tag"])) query[name] = this.#field(name).value.trim();
    query.weights = /** @type {Query["weights"]} */ (this.#field("weights").value);
    for (const [column, kind] of Object.entries(RANGES)) {
      const [min, max] = /** @type {const} */ (["min", "max"]).map((side) =>
        parseQuantity(kind, this.#field(`${column}.${side}`).value, side)
      );
      if (min != null || max != null) query.ranges[column] = { min: min ?? null, max: max ?? null };
    }
    query.strides = this.#ticked("strides").map(Number);
    query.licenses = this.#ticked("license").sort();
    return query;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLSelectElement} */ (this.#form.elements.namedItem(name));
  }

  /** @param {string} name */
  #boxes(name) {
    return /** @type {HTMLInputElement[]} */ ([...this.#form.querySelectorAll(`input[name="${name}"]`)]);
  }

  /** @param {string} name */
  #ticked(name) {
    return this.#boxes(name).filter((box) => box.checked).map((box) => box.value);
  }

  /**
   * Fill the form with the query.
   * @param {boolean} keepsFaults
   */
  #fill(keepsFaults) {
    const query = this.#query;
    for (const name of /** @type {const} */ (["name", "family", "tag", "weights"])) {
      this.#field(name).value = query[name];
    }
    for (const [column, kind] of Object.entries(RANGES)) {
      for (const side of /** @type {const} */ (["min", "max"])) {
        const field = /** @type {HTMLInputElement} */ (this.#field(`${column}.${side}`));
        const value = query.ranges[column]?.[side] ?? null;
        const isFault = keepsFaults && value === null && field.value.trim() !== "";
        // The text is written anew, so that a reader sees what was understood: "90" becomes "90 MiB".
        if (!isFault) field.value = value === null ? "" : quantityText(kind, value, side);
        markFault(field, isFault);
      }
    }
    for (const box of this.#boxes("strides")) box.checked = query.strides.includes(Number(box.value));
    for (const box of this.#boxes("license")) box.checked = query.licenses.includes(box.value);
  }

  /** The columns that are shown when nobody has chosen any: as served, and those that the query is about. */
  #unasked() {
    const { ranges, strides, sort } = this.#query;
    return COLUMNS.filter((name) =>
      this.#served.includes(name) || name in ranges || name === sort ||
      (name === "feature_strides" && strides.length > 0)
    );
  }

  /** Show what matches, in its order and with its columns. */
  #render() {
    const query = this.#query;
    const ordered = this.#ordered();
    this.#matches = matching(ordered, { ...query, sort: "" });
    this.#rows.arrange(ordered.map(({ name }) => name), new Set(this.#matches.map(({ name }) => name)));
    const columns = query.columns ?? this.#unasked();
    this.#rows.show(columns, (column) => this.#extra(column));
    for (const box of this.#boxes("columns")) box.checked = columns.includes(box.value);
    this.#rows.markSort(query.sort || "rank", query.descending);
    setText(this.#count(), `${integer(this.#matches.length)} of ${plural(this.#models.length, "model")}`);
    this.#markLinks();
    this.#showCompared();
    this.#explain();
  }

  /** All models, in the order of the query. */
  #ordered() {
    const { sort, descending } = this.#query;
    if (sort !== this.#order.sort || descending !== this.#order.descending) {
      this.#order = { sort, descending, models: sorted(this.#models, sort, descending) };
    }
    return this.#order.models;
  }

  /**
   * @param {string} column one that the page is served without
   * @returns {import("./rows.js").Extra}
   */
  #extra(column) {
    const box = this.#boxes("columns").find(({ value }) => value === column);
    return {
      heading: box?.labels?.[0]?.textContent?.trim() ?? column,
      isNumeric: column !== "feature_strides",
      text: (name) => {
        const model = /** @type {Model} */ (this.#byName.get(name));
        if (column === "feature_strides") return model.feature_strides?.join(", ") ?? "–";
        return memory(/** @type {number | null} */ (model[/** @type {keyof Model} */ (column)]));
      },
    };
  }

  /** Suggest families as their names are typed. */
  #suggestFamilies() {
    const list = document.createElement("datalist");
    list.id = "finder-families";
    const families = [...new Set(this.#models.map(({ family }) => family))].sort();
    list.append(...families.map((family) => new Option(family)));
    this.#form.append(list);
    this.#field("family").setAttribute("list", list.id);
  }

  #count() {
    return /** @type {HTMLElement} */ (this.#form.querySelector("output"));
  }

  /** Mark the preset whose limits are just those of the query, and have the plots take them along. */
  #markLinks() {
    const limits = { ...this.#query, sort: "", columns: null, compared: [] };
    const current = searchText(queryParameters(limits));
    const plot = /** @type {HTMLAnchorElement} */ (this.#form.querySelector(".finder-plot"));
    plot.href = `../explore/${current}`;
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (this.#form.querySelectorAll(".finder-preset"))) {
      const own = searchText(queryParameters(parseQuery(new URLSearchParams(link.search))));
      if (own === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /**
   * Show the models that are ticked, and lead to their comparison.
   * @param {string} [refusal] what is said in place of their names
   */
  #showCompared(refusal) {
    const { compared } = this.#query;
    const place = /** @type {HTMLElement} */ (this.#form.querySelector(".finder-compared"));
    const words = /** @type {HTMLElement} */ (place.querySelector("span"));
    const link = /** @type {HTMLAnchorElement} */ (place.querySelector("a"));
    const untick = /** @type {HTMLButtonElement} */ (place.querySelector("button"));
    const range = `${FEWEST_COMPARED} to ${MOST_COMPARED} models`;
    setText(words, refusal ?? (compared.length ? `Ticked: ${compared.join(", ")}.` : `Tick ${range} to compare them.`));
    link.hidden = compared.length < FEWEST_COMPARED;
    link.href = `../compare/?m=${compared.map(encodeURIComponent).join(",")}`;
    untick.hidden = compared.length === 0;
  }

  /** Where nothing matches, say which limits bind, and by how much they have to give way. */
  #explain() {
    const place = /** @type {HTMLElement} */ (this.#form.querySelector(".finder-empty"));
    if (this.#matches.length > 0) {
      place.replaceChildren();
      return;
    }
    const ways = loosenings(this.#models, this.#query);
    const lead = document.createElement("p");
    const several = (ways[0]?.changes.length ?? 0) > 1;
    lead.textContent = "No model matches. " +
      (ways.length === 0
        ? "No loosening of these limits would change that."
        : several
        ? "No single limit is what binds: these would have to give way together."
        : ways.length === 1
        ? "One limit binds:"
        : "Each of these binds: loosen one.");
    const list = document.createElement("ul");
    for (const way of ways) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "finder-loosen";
      link.href = location.pathname + searchText(queryParameters(way.query));
      link.textContent = "Loosen";
      const count = matching(this.#models, way.query).length;
      const reached = count > 1
        ? `${plural(count, "model")}, ${way.nearest.name} among them`
        : `one model, ${way.nearest.name}`;
      item.append(
        `${way.changes.map((change) => this.#told(change)).join("; and ")}. Then there is ${reached}. `,
        link,
      );
      list.append(item);
    }
    place.replaceChildren(lead, ...(ways.length ? [list] : []));
  }

  /**
   * A change in words, e.g. "MACs at most 300M: loosen by 1.4 % to 304.183 MMACs".
   * @param {Change} change
   * @returns {string}
   */
  #told({ condition: { key, side, value }, limit, needed }) {
    if (!side || limit === null || needed === null) {
      const field = this.#form.elements.namedItem(key);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        const choice = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent : `“${field.value}”`;
        return `${field.labels?.[0]?.firstChild?.textContent?.trim()} ${choice}: leave it out`;
      }
      return key === "strides"
        ? `Stride of ${plural(value ?? 0, "pixel")}: leave it out`
        : `Licence class ${this.#query.licenses.join(" or ")}: leave it out`;
    }
    const legend = this.#form.querySelector(`[data-limit="${key}"] legend`)?.textContent;
    const kind = /** @type {Kind} */ (RANGES[key]);
    const by = `by ${percent(Math.abs(needed - limit), limit, 1)} % to`;
    // Hundreds of percent say little.
    const share = limit <= 0 ? "to" : needed < 2 * limit ? by : `to ${(needed / limit).toFixed(1)} times as much,`;
    const word = side === "max" ? "at most" : "at least";
    return `${legend} ${word} ${quantityText(kind, limit, side)}: loosen ${share} ${READ[kind](needed)}`;
  }

  #openLimits() {
    /** @type {HTMLDetailsElement} */ (this.#form.querySelector(".finder-limits")).open = true;
  }

  /** Save the rows that match, in their order, with every figure that is known here. */
  #save() {
    const rows = /** @type {Record<string, unknown>[]} */ (/** @type {unknown} */ (this.#matches));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csvText(COLUMNS, rows)], { type: "text/csv" }));
    link.download = "timm-models.csv";
    link.click();
    // The browser has to have begun before the address goes.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** Have the address follow what is being typed: an entry of the history for all of it, not for each key. */
  #follow() {
    const address = this.#address();
    if (address === location.pathname + location.search) return;
    history[this.#isTyping ? "replaceState" : "pushState"](null, "", address);
    this.#isTyping = true;
  }

  /** Give a change that is made its entry in the history. */
  #commit() {
    clearTimeout(this.#timer);
    this.#follow();
    this.#isTyping = false;
  }

  #address() {
    return location.pathname + searchText(queryParameters(this.#query));
  }
}

/**
 * Change a text only where it differs: what is put in anew is read aloud again.
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Say beside a field that its text cannot be read, or no longer.
 * @param {HTMLInputElement} field
 * @param {boolean} isFault
 */
function markFault(field, isFault) {
  const label = /** @type {HTMLElement} */ (field.closest("label"));
  const told = label.querySelector("small");
  if (isFault === (told !== null)) return;
  told?.remove();
  field.removeAttribute("aria-invalid");
  if (!isFault) return;
  field.setAttribute("aria-invalid", "true");
  const fault = document.createElement("small");
  fault.setAttribute("role", "alert");
  fault.textContent = `Not understood: ${field.placeholder}`;
  label.append(fault);
}
