/**
 * `AtlasCompare` is the element that shows models side by side. Its content follows from the address alone: each action
 * of the reader makes a new address, and Back returns to the one before.
 * @module
 */

import { Address } from "../shared/address.js";
import { ignoreHeld, part, pause } from "../shared/elements.js";
import { chosenItems, counted, focused, giveFocus } from "./chosen.js";
import { Combobox } from "./combobox.js";
import { loadDocument } from "./documents.js";
import { isDocument, notices } from "./notices.js";
import { contents, goToSection, place, sectionsOf } from "./sections.js";
import { added, addressOf, parseSelection, readSelection } from "./selection.js";
import { suggest } from "./suggesting.js";

/** @typedef {import("./selection.js").Selection} Selection */

/**
 * Data in the page, so that it needs no list of all models: how many are compared, words, cards and their limits.
 * @typedef {Pick<import("../shared/catalog.js").Catalog, "compared" | "words" | "card">
 *   & {limits: Record<string, import("../shared/fitting.js").Limits>}} Declared
 */

export class AtlasCompare extends HTMLElement {
  #abort = new AbortController();
  /** @type {Combobox | null} */
  #combobox = null;
  /** Number of the newest rendering, which stops older ones. */
  #rendering = 0;
  /** The part of the address that is shown. */
  #shown = "";
  /** @type {Declared | null} */
  #read = null;

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const input = part(this, "input", HTMLInputElement);
    this.#combobox = new Combobox(
      input,
      part(this, "[role=listbox]", HTMLElement),
      suggest,
      (name) => this.#add(name),
      (error) => this.#say(error.message),
    );
    // What was typed before the script was there has suggestions too.
    if (document.activeElement === input) this.#combobox.update();
    part(this, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(input.value.trim());
    }, { signal });
    this.addEventListener("keydown", ignoreHeld, { signal });
    // A link within the page leaves the selection as it is.
    addEventListener("popstate", () => location.search === this.#shown || this.render(), { signal });
    this.render();
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#combobox?.disconnect();
    this.#rendering += 1;
  }

  /**
   * Show the selection of the address. The element has `aria-busy` until all of it is shown.
   * @returns {Promise<void>}
   */
  async render() {
    this.#rendering += 1;
    const rendering = this.#rendering;
    const isFirst = rendering === 1;
    const { compared, words } = this.#declared;
    this.#shown = location.search;
    const address = new Address(new URLSearchParams(location.search));
    const selection = readSelection(address, compared.most);
    document.documentElement.classList.toggle("comparing", selection.names.length > 0);
    this.setAttribute("aria-busy", "true");
    this.#drawChosen(selection, null, []);
    const answers = await Promise.all(selection.names.map(answered));
    if (rendering !== this.#rendering) return;
    const documents = answers.map(({ found }) => found).filter(isDocument);
    const baseName = documents.some(({ name }) => name === selection.base) ? selection.base : documents[0]?.name;
    const known = documents.map(({ name }) => name);
    this.#drawChosen(selection, baseName ?? "", selection.names.filter((name) => !known.includes(name)));
    part(this, ".compare-notices", HTMLElement).replaceChildren(
      ...notices(selection, answers, compared, this.#go, () => this.render(), address.faults),
    );
    const results = part(this, ".compare-results", HTMLElement);
    const base = documents.findIndex(({ name }) => name === baseName);
    const sections = documents.length < compared.least
      ? []
      : sectionsOf(selection, { documents, base, words }, this.#declared, this.#go);
    if (!sections.length) results.replaceChildren();
    else if (!results.firstElementChild) results.append(contents(sections));
    for (const section of sections) {
      await place(results, section);
      await pause();
      if (rendering !== this.#rendering) return;
    }
    this.removeAttribute("aria-busy");
    if (isFirst && location.hash) goToSection(sections.length);
  }

  /** @returns {Declared} */
  get #declared() {
    this.#read ??= /** @type {Declared} */ (JSON.parse(
      part(this, "template", HTMLTemplateElement).content.textContent ?? "",
    ));
    return this.#read;
  }

  /** The selection of the address. */
  #selection() {
    return parseSelection(location.search, this.#declared.compared.most);
  }

  /**
   * @param {Selection} selection
   * @param {string | null} base null where it is not known yet
   * @param {string[]} without names that no model has
   */
  #drawChosen(selection, base, without) {
    const list = part(this, ".compare-chosen", HTMLElement);
    const focus = focused(this);
    list.replaceChildren(...chosenItems(selection, base, without, this.#go));
    if (focus) giveFocus(this, focus);
  }

  /** @param {string} text in the field when the form was sent */
  async #submit(text) {
    const chosen = this.#combobox?.chosen;
    if (chosen || !text) {
      if (chosen) this.#add(chosen);
      return;
    }
    try {
      const { suggestions, certain } = await suggest(text);
      const names = suggestions.map(({ name }) => name);
      const [first] = names;
      if (certain && first) this.#add(first);
      else if (!first) this.#say(`No model is named ${text}.`);
      else this.#say(`No model is named ${text}. Nearest: ${names.slice(0, 3).join(", ")}.`);
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} name */
  #add(name) {
    const { most } = this.#declared.compared;
    const selection = this.#selection();
    const input = part(this, "input", HTMLInputElement);
    this.#combobox?.close();
    input.focus();
    if (selection.names.includes(name)) this.#say(`${name} is there already.`);
    else if (selection.names.length >= most) this.#say(`At most ${most} models are compared. Remove one first.`);
    else {
      input.value = "";
      const more = added(selection, name, most);
      this.#go(more, `${name} is added. ${counted(more)}`, null);
    }
  }

  /**
   * Show another selection, and put it into the address.
   * @type {import("./chosen.js").Go}
   */
  #go = (selection, said, focus) => {
    const address = addressOf(selection);
    if (address !== location.search) history.pushState(null, "", address || location.pathname);
    this.#say(said);
    this.render();
    if (focus !== null && !(focus && giveFocus(this, focus))) part(this, "input", HTMLInputElement).focus();
  };

  /** @param {string} text */
  #say(text) {
    part(this, "[role=status]", HTMLElement).textContent = text;
  }
}

/** @param {string} name @returns {Promise<import("./notices.js").Answer>} */
async function answered(name) {
  try {
    return { name, found: await loadDocument(name) };
  } catch (error) {
    return { name, found: /** @type {Error} */ (error) };
  }
}
