/**
 * Form of the budget finder: reading a query from its fields, filling them, and the words and links beside them.
 * @module
 */

import { familiesOf } from "../shared/catalog.js";
import { element, part } from "../shared/elements.js";
import { limitsOf, quantityOf } from "../shared/figures.js";
import { gigabytesText, parseGigabytes } from "../shared/gigabytes.js";
import { integer, plural } from "../shared/formatting.js";
import { isBegun, parseQuantity, quantityText } from "../shared/quantity.js";
import { emptyQuery, onCard, parseQuery, queryParameters, searchText } from "../shared/query.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/query.js").Query} Query */

const SIDES = /** @type {const} */ (["min", "max"]);

export class Form {
  #form;
  #catalog;

  /**
   * @param {HTMLFormElement} form
   * @param {Catalog} catalog
   */
  constructor(form, catalog) {
    this.#form = form;
    this.#catalog = catalog;
    this.#suggestFamilies();
  }

  /** The element that says how many models match. */
  get count() {
    return part(this.#form, "output", HTMLElement);
  }

  /**
   * Read the query of the form. Text that cannot be read limits nothing.
   * @param {Query} query has the values that are not in the form
   * @returns {Query}
   */
  query(query) {
    const typed = { ...emptyQuery(), ...query, ranges: /** @type {Query["ranges"]} */ ({}) };
    for (const name of /** @type {const} */ (["name", "family", "tag"])) typed[name] = this.#field(name).value.trim();
    typed.weights = /** @type {Query["weights"]} */ (this.#field("weights").value);
    for (const figure of limitsOf(this.#catalog.figures)) {
      const [min = null, max = null] = SIDES.map((side) =>
        parseQuantity(quantityOf(figure), this.#field(`${figure.name}.${side}`).value, side)
      );
      if (min !== null || max !== null) typed.ranges[figure.name] = { min, max };
    }
    typed.gpu = parseGigabytes(this.#field("gpu").value);
    typed.run = this.#field("run").value;
    Object.assign(typed, onCard(typed, this.#catalog.card));
    const [usual] = Object.keys(this.#catalog.test_sets);
    typed.testSet = this.#field("test_set").value;
    if (typed.testSet === usual) typed.testSet = "";
    typed.strides = this.ticked("strides").map(Number);
    typed.licenses = this.ticked("license").sort();
    typed.fixtures = this.ticked("fixtures").length > 0;
    return typed;
  }

  /**
   * Read what a reader has changed in the form before the script was there.
   * @returns {Partial<Query>} without what is as served
   */
  typed() {
    const { name, family, tag, weights, ranges, gpu, run, testSet, strides, licenses, fixtures } = this.query(
      emptyQuery(),
    );
    /** @type {Partial<Query>} */
    const found = {};
    for (const [key, text] of Object.entries({ name, family, tag, weights, gpu, run, testSet })) {
      if (text) Object.assign(found, { [key]: text });
    }
    if (Object.keys(ranges).length) found.ranges = ranges;
    if (strides.length) found.strides = strides;
    if (licenses.length) found.licenses = licenses;
    if (fixtures) found.fixtures = fixtures;
    const columns = this.#boxes("columns");
    if (columns.some((box) => box.checked !== box.defaultChecked)) found.columns = ["name", ...this.ticked("columns")];
    return found;
  }

  /**
   * @param {Query} query
   * @param {boolean} keepsFaults keep text that cannot be read, and say so
   */
  fill(query, keepsFaults) {
    for (const name of /** @type {const} */ (["name", "family", "tag", "weights"])) {
      this.#field(name).value = query[name];
    }
    for (const figure of limitsOf(this.#catalog.figures)) {
      for (const side of SIDES) {
        const field = /** @type {HTMLInputElement} */ (this.#field(`${figure.name}.${side}`));
        const value = query.ranges[figure.name]?.[side] ?? null;
        const isFault = keepsFaults && value === null && field.value.trim() !== "";
        // Rewritten, so that readers see how it was understood: "90" becomes "90 MiB".
        if (!isFault) field.value = value === null ? "" : quantityText(quantityOf(figure), value, side);
        markFault(field, isFault);
      }
    }
    const { card } = this.#catalog;
    const gpu = /** @type {HTMLInputElement} */ (this.#field("gpu"));
    const isFault = keepsFaults && gpu.value.trim() !== "" && parseGigabytes(gpu.value) === null;
    if (!isFault) gpu.value = gigabytesText(query.gpu ?? card.size);
    markFault(gpu, isFault);
    this.#field("run").value = query.run || card.setting;
    this.#field("test_set").value = query.testSet || (Object.keys(this.#catalog.test_sets)[0] ?? "");
    this.tick("strides", query.strides.map(String));
    this.tick("license", query.licenses);
    this.tick("fixtures", query.fixtures ? ["yes"] : []);
  }

  /**
   * Say beside a field at once that its text cannot be read, unless it may still become readable.
   * @param {HTMLElement} field in which something was typed
   */
  judge(field) {
    if (field instanceof HTMLInputElement && field.name === "gpu") markFault(field, !isBegun("bytes", field.value));
    for (const figure of limitsOf(this.#catalog.figures)) {
      for (const side of SIDES) {
        if (this.#field(`${figure.name}.${side}`) !== field) continue;
        const limit = /** @type {HTMLInputElement} */ (field);
        const quantity = quantityOf(figure);
        const isFault = parseQuantity(quantity, limit.value, side) === null && !isBegun(quantity, limit.value);
        markFault(limit, isFault);
      }
    }
  }

  /** @param {string} name of a group of boxes @returns {string[]} the values of those that are ticked */
  ticked(name) {
    return this.#boxes(name).filter((box) => box.checked).map((box) => box.value);
  }

  /**
   * Tick the boxes of these values, and no others.
   * @param {string} name of a group of boxes
   * @param {string[]} values
   */
  tick(name, values) {
    for (const box of this.#boxes(name)) box.checked = values.includes(box.value);
  }

  openLimits() {
    part(this.#form, ".finder-limits", HTMLDetailsElement).open = true;
  }

  /**
   * Give the label and value of a field with one value, e.g. "Name “vit”".
   * @param {string} key
   * @returns {string}
   */
  spoken(key) {
    const field = this.#field(key);
    const choice = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent : `“${field.value}”`;
    return `${field.labels?.[0]?.firstChild?.textContent?.trim()} ${choice}`;
  }

  /**
   * @param {number} matches
   * @param {number | null} known how many of them have a published accuracy; null where that is not asked for
   */
  showCount(matches, known) {
    const told = known === null ? "" : `, ${integer(known)} with a published accuracy`;
    setText(this.count, `${integer(matches)} of ${plural(this.#catalog.models.length, "model")}${told}`);
  }

  /**
   * Mark the preset that has exactly the query's limits, and add them to the link to the plots.
   * @param {Query} query
   */
  markLinks(query) {
    const current = this.#address({ ...query, sort: "", columns: null, compared: [] });
    part(this.#form, ".finder-plot", HTMLAnchorElement).href = `../explore/${current}`;
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (this.#form.querySelectorAll(".finder-preset"))) {
      const own = this.#address(parseQuery(new URLSearchParams(link.search), this.#catalog));
      if (own === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /**
   * Show the models that are ticked, and a link to their comparison.
   * @param {string[]} compared
   * @param {string} [refusal] a text in place of their names
   */
  showCompared(compared, refusal) {
    const { least, most } = this.#catalog.compared;
    const words = part(this.#form, ".finder-compared > span", HTMLElement);
    const link = part(this.#form, ".finder-compare", HTMLAnchorElement);
    const invitation = `Tick ${least} to ${most} models to compare them.`;
    setText(words, refusal ?? (compared.length ? `Ticked: ${compared.join(", ")}.` : invitation));
    link.hidden = compared.length < least;
    link.href = `../compare/?m=${compared.map(encodeURIComponent).join(",")}`;
    part(this.#form, "[name=untick]", HTMLButtonElement).hidden = compared.length === 0;
  }

  /** @param {HTMLElement[]} notes on what is shown: what was not understood, and why nothing matches */
  explain(notes) {
    const place = part(this.#form, ".finder-empty", HTMLElement);
    // A link that is being pressed has to stay: pressing it leaves a field, which makes the same notes again.
    if (!place.matches(":active")) place.replaceChildren(...notes);
  }

  /** Suggest families as their names are typed. */
  #suggestFamilies() {
    const options = familiesOf(this.#catalog.models).map((family) => element("option", { value: family }));
    const list = element("datalist", { id: "finder-families" }, ...options);
    this.#form.append(list);
    this.#field("family").setAttribute("list", list.id);
  }

  /** @param {Query} query */
  #address(query) {
    return searchText(queryParameters(query, this.#catalog));
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLSelectElement} */ (this.#form.elements.namedItem(name));
  }

  /** @param {string} name */
  #boxes(name) {
    return /** @type {HTMLInputElement[]} */ ([...this.#form.querySelectorAll(`input[name="${name}"]`)]);
  }
}

/**
 * Set a text only where it differs: screen readers read it again each time it is set.
 * @param {HTMLElement} place
 * @param {string} text
 */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * Say beside a field that its text cannot be read, or take that back.
 * @param {HTMLInputElement} field
 * @param {boolean} isFault
 */
function markFault(field, isFault) {
  const id = `finder-fault-${field.name}`;
  const told = document.getElementById(id);
  if (isFault === (told !== null)) return;
  told?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  if (!isFault) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  // Outside of the label, which is the name of the field.
  const attributes = { id, role: "alert", "data-side": field.name.endsWith("max") ? "max" : "min" };
  field.closest("fieldset")?.append(element("small", attributes, `Not understood: ${field.placeholder}`));
}
