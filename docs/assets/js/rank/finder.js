/**
 * Budget finder: form, table and address show the same query, whichever of them was changed.
 * @module
 */

import { loadCatalog } from "../shared/catalog.js";
import { Address } from "../shared/address.js";
import { matching, sorted } from "../shared/conditions.js";
import { csvText } from "../shared/csv.js";
import { element } from "../shared/elements.js";
import { columnsOf, isNumeric, textOf } from "../shared/figures.js";
import { ACCURACY, DEPENDENT, derivation, derived, underived } from "../shared/derived.js";
import { emptyQuery, parseQuery, queryParameters, readQuery, searchText } from "../shared/query.js";
import { Rest } from "../shared/rest.js";
import { Form } from "./form.js";
import { Notes } from "./notes.js";
import { Rows } from "./rows.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/catalog.js").Model} Model */
/** @typedef {import("../shared/query.js").Query} Query */

export class Finder {
  /** As loaded.
   * @type {Catalog} */
  #loaded;
  /** With the figures that the query asks for.
   * @type {Catalog} */
  #catalog;
  /** @type {Map<string, Model>} */
  #byName;
  /** @type {string[]} the names of all columns */
  #columns;
  /** @type {string[]} the columns that the page is served with */
  #served;
  /** @type {Form} */
  #form;
  /** @type {Rows} */
  #rows;
  /** @type {Query} */
  #query = emptyQuery();
  /** The order, and the models in it: typing changes neither.
   * @type {{sort: string, descending: boolean, models: Model[]}} */
  #order;
  /** @type {Model[]} */
  #matches;
  /** Whether the rows are in the order of what a name means that no model has. */
  #isByNearness = false;
  /** @type {Notes} */
  #notes;
  /** Whether the history entry is for text being typed, so that each further key replaces it. */
  #isTyping = false;
  #rest = new Rest(() => this.#follow());
  /** What the figures of the catalog depend on, or those that are being loaded. */
  #derivation = "";
  /** Whether that failed; the reader's next act tries again. */
  #isUnderived = false;
  /** Resolves when the catalog has the figures that the query asks for. */
  #deriving = Promise.resolve();

  /**
   * Make the finder of an element once the models are loaded. Text typed meanwhile is kept.
   * @param {HTMLElement} place
   * @returns {Promise<Finder>}
   * @throws {Error} the models could not be loaded
   */
  static async of(place) {
    return new Finder(place, await loadCatalog());
  }

  /**
   * @param {HTMLElement} place
   * @param {Catalog} catalog
   */
  constructor(place, catalog) {
    this.#loaded = this.#catalog = catalog;
    this.#byName = new Map(catalog.models.map((model) => [model.name, model]));
    this.#columns = columnsOf(catalog.figures).map(({ name }) => name);
    this.#served = (place.dataset.columns ?? "").split(",");
    this.#form = new Form(/** @type {HTMLFormElement} */ (place.querySelector("form")), catalog);
    this.#rows = new Rows(/** @type {HTMLTableElement} */ (place.querySelector("table")), this.#served);
    this.#rows.addBoxes();
    this.#notes = new Notes(this.#form, catalog, () => this.#render());
    this.#order = { sort: "", descending: false, models: catalog.models };
    this.#matches = catalog.models;
    const typed = this.#form.typed();
    const read = location.search ? this.#read(location.search) : this.#query;
    const asked = { ...read, ...typed, ranges: { ...read.ranges, ...typed.ranges } };
    if (asked.columns) asked.columns = this.#columns.filter((name) => asked.columns?.includes(name));
    // A row that the address names has to be there.
    if (!location.search) asked.fixtures ||= this.#byName.get(location.hash.slice(1))?.fixture ?? false;
    this.#set(asked);
    if (Object.keys(asked.ranges).length || asked.strides.length || asked.licenses.length) this.#form.openLimits();
    if (Object.keys(typed).length) this.#rest.later();
    // The row that the address names may have moved.
    if (location.search && location.hash) {
      this.#rows.drawn.then(() => document.querySelector(":target")?.scrollIntoView());
    }
  }

  /**
   * Show the query of an address.
   * @param {string} search the part of an address from its question mark on
   */
  open(search) {
    this.#rest.cancel();
    this.#isTyping = false;
    this.#set(this.#read(search), true);
  }

  /** Resolves when the table is up to date. */
  get drawn() {
    return this.#deriving.then(() => this.#rows.drawn);
  }

  /**
   * Handle a field that was changed or left.
   * @param {HTMLElement} field
   * @param {"input" | "change" | "focusout"} event
   */
  edited(field, event) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    const isText = field instanceof HTMLInputElement && field.type !== "checkbox";
    if (event === "focusout") {
      // A text that was edited and then restored sends no change event.
      if (isText && this.#isTyping) this.#commit();
      return;
    }
    // For a box or a choice, browsers send both an input and a change event.
    if (!isText && event === "input") return;
    if (field.name === "m") {
      this.#tick(/** @type {HTMLInputElement} */ (field));
      return;
    }
    this.#notes.ofAddress([]);
    if (this.#isUnderived) this.#derivation = "?";
    this.#query = this.#form.query(this.#query);
    if (field.name === "columns") {
      const boxes = this.#form.ticked("columns");
      const ticked = this.#columns.filter((name) => name === "name" || boxes.includes(name));
      this.#query.columns = ticked.join() === this.#unasked().join() ? null : ticked;
    }
    if (event === "input") {
      this.#form.judge(field);
      this.#render();
      this.#rest.later();
    } else {
      this.#set(this.#query);
      this.#commit();
    }
  }

  /**
   * Handle a button or a link that was pressed.
   * @param {HTMLButtonElement | HTMLAnchorElement} target
   */
  pressed(target) {
    const { sort, descending, columns, compared } = this.#query;
    if (target.name === "csv") {
      this.#save();
      return;
    }
    this.#notes.ofAddress([]);
    if (target instanceof HTMLAnchorElement) {
      const asked = parseQuery(new URLSearchParams(target.search), this.#catalog);
      const isPreset = target.classList.contains("finder-preset");
      this.#set(isPreset ? { ...asked, sort, descending, columns, compared } : asked, isPreset);
      this.#form.openLimits();
    } else if (target.name === "sort") this.#sort(target.value);
    else if (target.name === "clear") this.#set({ ...emptyQuery(), compared }, true);
    else if (target.name === "untick") this.#set({ ...this.#query, compared: [] });
    this.#commit();
    // The pressed element may be gone, and the focus with it.
    if (!target.isConnected || target.hidden) this.#form.count.focus();
  }

  /**
   * Read an address, and note what is not understood in it.
   * @param {string} search the part of an address from its question mark on
   * @returns {Query}
   */
  #read(search) {
    const address = new Address(new URLSearchParams(search));
    const query = readQuery(address, this.#catalog);
    this.#notes.ofAddress(address.faults);
    return query;
  }

  /** @param {string} column */
  #sort(column) {
    const { sort, descending } = this.#query;
    // Without a query the order is by rank, ascending, unless the nearest come first.
    const usual = this.#isByNearness ? "" : "rank";
    const turned = (sort || usual) === column && !descending;
    this.#set({ ...this.#query, sort: column === usual && !turned ? "" : column, descending: turned });
  }

  /** @param {HTMLInputElement} box */
  #tick(box) {
    const { most } = this.#catalog.compared;
    const others = this.#query.compared.filter((name) => name !== box.value);
    if (box.checked && others.length === most) {
      box.checked = false;
      this.#form.showCompared(others, `${most} models are the most that can be compared.`);
      return;
    }
    this.#query = { ...this.#query, compared: box.checked ? [...others, box.value] : others };
    this.#form.showCompared(this.#query.compared);
    this.#commit();
  }

  /**
   * Show a query in the form and in the table.
   * @param {Query} query
   * @param {boolean} [dropsFaults] drop text that cannot be read; else it stays, and is told
   */
  #set(query, dropsFaults = false) {
    this.#query = query;
    this.#form.fill(this.#query, !dropsFaults);
    this.#rows.tick(this.#query.compared);
    this.#render();
  }

  /** The columns shown where none are chosen: those that the query is about, and of those served what has room. */
  #unasked() {
    const { ranges, strides, sort, testSet, tag, licenses } = this.#query;
    // An accuracy says of which weights it is, and at which size.
    const isAccurate = ACCURACY.some((name) => name in ranges || name === sort) || testSet !== "";
    const asked = new Set([
      ...Object.keys(ranges),
      sort,
      ...(strides.length ? ["feature_strides"] : []),
      ...(tag ? ["tags"] : []),
      ...(licenses.length ? ["license_classes"] : []),
      ...(isAccurate ? ACCURACY : []),
    ]);
    const isWide = this.#columns.some((name) => asked.has(name) && !this.#served.includes(name));
    const gives = new Set(this.#catalog.figures.filter((figure) => figure.gives_way).map(({ name }) => name));
    return this.#columns.filter((name) =>
      asked.has(name) || (this.#served.includes(name) && !(isWide && gives.has(name)))
    );
  }

  /**
   * Have the figures be those that the query asks for, and show the models again.
   * @param {string} derivation what they depend on
   */
  async #derive(derivation) {
    this.#derivation = derivation;
    /** @type {Error | null} */
    let failure = null;
    const catalog = await derived(this.#loaded, this.#query, this.#usesAccuracy).catch((error) => {
      failure = error;
      return underived(this.#loaded);
    });
    if (this.#derivation !== derivation) return;
    this.#isUnderived = failure !== null;
    this.#notes.ofFigures(failure);
    this.#catalog = catalog;
    this.#byName = new Map(catalog.models.map((model) => [model.name, model]));
    this.#order = { sort: "", descending: false, models: catalog.models };
    for (const name of DEPENDENT) this.#rows.renew(name, this.#extra(name));
    this.#render();
  }

  /** Whether the query shows, limits or sorts by accuracy. */
  get #usesAccuracy() {
    const { columns, ranges, sort } = this.#query;
    return [...(columns ?? this.#unasked()), ...Object.keys(ranges), sort].some((name) => ACCURACY.includes(name));
  }

  /** Show the matching models in the query's order, with its columns. */
  #render() {
    const query = this.#query;
    const asked = derivation(query, this.#usesAccuracy);
    if (asked !== this.#derivation) this.#deriving = this.#derive(asked);
    const meant = this.#notes.meant(query.name);
    // Unless another order is asked for, the nearest come first.
    this.#isByNearness = Boolean(meant?.names.length) && !query.sort;
    const ordered = this.#isByNearness ? this.#nearestFirst(meant?.names ?? []) : this.#ordered();
    this.#matches = matching(ordered, { ...query, sort: "" }, this.#catalog.figures, meant?.names);
    this.#rows.arrange(ordered.map(({ name }) => name), new Set(this.#matches.map(({ name }) => name)));
    const columns = query.columns ?? this.#unasked();
    this.#rows.show(columns, (column) => this.#extra(column));
    this.#form.tick("columns", columns);
    this.#rows.markSort(this.#isByNearness ? "" : query.sort || "rank", query.descending);
    const known = this.#usesAccuracy ? this.#matches.filter(({ top1 }) => top1 !== null).length : null;
    this.#form.showCount(this.#matches.length, known);
    this.#form.markLinks(query);
    this.#form.showCompared(query.compared);
    this.#notes.tell(query, this.#matches.length);
  }

  /** @param {string[]} names @returns {Model[]} all models, these first */
  #nearestFirst(names) {
    const first = new Set(names);
    const near = names.map((name) => /** @type {Model} */ (this.#byName.get(name)));
    return [...near, ...this.#catalog.models.filter(({ name }) => !first.has(name))];
  }

  /** All models, in the order of the query. */
  #ordered() {
    const { sort, descending } = this.#query;
    if (sort !== this.#order.sort || descending !== this.#order.descending) {
      const { figures, models } = this.#catalog;
      const figure = figures.find(({ name }) => name === sort);
      this.#order = { sort, descending, models: sorted(models, figure, descending) };
    }
    return this.#order.models;
  }

  /**
   * @param {string} column a column that the page is served without
   * @returns {import("./rows.js").Extra}
   */
  #extra(column) {
    const { figures, words } = this.#catalog;
    const figure = /** @type {import("../shared/figures.js").Figure} */ (figures.find(({ name }) => name === column));
    return {
      heading: figure.label,
      isNumeric: isNumeric(figure),
      text: (name) => textOf(figure, this.#byName.get(name)?.[column], words),
    };
  }

  /** Save the rows that match as CSV, in their order, with every column. */
  async #save() {
    const { models } = await derived(this.#loaded, this.#query, true).catch(() => underived(this.#loaded));
    const byName = new Map(models.map((model) => [model.name, model]));
    const rows = this.#matches.map(({ name }) => /** @type {Model} */ (byName.get(name)));
    const href = URL.createObjectURL(new Blob([csvText(this.#columns, rows)], { type: "text/csv" }));
    element("a", { href, download: "timm-models.csv" }).click();
    // The download has to begin before the address is revoked.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  /** Update the address while text is typed: one history entry for all of it, not for each key. */
  #follow() {
    const address = location.pathname + searchText(queryParameters(this.#query, this.#catalog));
    if (address === location.pathname + location.search) return;
    history[this.#isTyping ? "replaceState" : "pushState"](null, "", address);
    this.#isTyping = true;
  }

  /** Give a finished change its own history entry. */
  #commit() {
    this.#rest.cancel();
    this.#follow();
    this.#isTyping = false;
  }
}
