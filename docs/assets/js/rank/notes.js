/**
 * Notes of the budget finder: what of the address is not understood, what a name is taken for, why nothing matches.
 *
 * Few readers need them, so their modules are loaded when there is something to say.
 * @module
 */

import { isNamed } from "../shared/conditions.js";
import { element } from "../shared/elements.js";
import { importer } from "../shared/loading.js";
import { emptyQuery } from "../shared/query.js";

/** @typedef {import("../shared/address.js").Fault} Fault */
/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/meant.js").Meant} Meant */
/** @typedef {import("../shared/query.js").Query} Query */
/** @typedef {import("./form.js").Form} Form */

const loadExplanation = importer(
  (query) => /** @type {Promise<typeof import("./explanation.js")>} */ (import(`./explanation.js${query}`)),
  "What would have to give way",
);
const loadMeant = importer(
  (query) => /** @type {Promise<typeof import("../shared/meant.js")>} */ (import(`../shared/meant.js${query}`)),
  "The search for near names",
);
const loadFaults = importer(
  (query) => /** @type {Promise<typeof import("../shared/faults.js")>} */ (import(`../shared/faults.js${query}`)),
  "What is not understood in the address",
);

export class Notes {
  #form;
  #catalog;
  #changed;
  /** @type {((asked: string) => Meant) | null} finds what a name means that no model has; null until it is loaded */
  #rule = null;
  /** @type {Meant | null} */
  #meant = null;
  /** @type {HTMLElement[]} about the address, until the reader acts */
  #ofAddress = [];
  #isLearning = false;
  /** @type {HTMLElement[]} about figures that the query asks for, where they could not be loaded */
  #figures = [];
  /** @type {HTMLElement[]} about the rule, where it could not be loaded */
  #failures = [];
  /** What was told of last.
   * @type {[query: Query, matches: number]} */
  #told = [emptyQuery(), 0];
  /** Number of the newest notes, which stops older ones. */
  #telling = 0;

  /**
   * @param {Form} form
   * @param {Catalog} catalog
   * @param {() => void} changed called once it is known what a name means
   */
  constructor(form, catalog, changed) {
    this.#form = form;
    this.#catalog = catalog;
    this.#changed = changed;
  }

  /**
   * Note what is not understood in the address; an act of the reader makes a new address, and takes the notes away.
   * @param {Fault[]} faults none after an act
   */
  async ofAddress(faults) {
    /** @type {HTMLElement[]} */
    const notes = this.#ofAddress = [];
    if (!faults.length) return;
    const told = await loadFaults().then(({ faultNotes }) => faultNotes(faults), failureNote);
    // The reader may have acted meanwhile.
    if (this.#ofAddress !== notes) return;
    this.#ofAddress = told;
    this.#changed();
  }

  /** @param {Error | null} error why figures that the query asks for are not known; null where they are */
  ofFigures(error) {
    this.#figures = error ? failureNote(error) : [];
  }

  /**
   * Give what a name means that no model has in its name; null where one has, and until that is known.
   * @param {string} name
   * @returns {Meant | null}
   */
  meant(name) {
    this.#meant = null;
    if (!name || this.#catalog.models.some(isNamed(name))) this.#failures = [];
    else if (this.#rule) this.#meant = this.#rule(name);
    else this.#learn();
    return this.#meant;
  }

  /** Load the rule that finds what a name means. After a failure, which is told, the next key tries again. */
  async #learn() {
    if (this.#isLearning) return;
    this.#isLearning = true;
    try {
      const { loadRule } = await loadMeant();
      this.#rule = await loadRule(this.#catalog.models);
      this.#failures = [];
      this.#changed();
    } catch (error) {
      this.#failures = failureNote(/** @type {Error} */ (error));
      this.tell(...this.#told);
    } finally {
      this.#isLearning = false;
    }
  }

  /**
   * Show all notes.
   * @param {Query} query
   * @param {number} matches how many models match it
   */
  async tell(query, matches) {
    this.#telling += 1;
    const telling = this.#telling;
    this.#told = [query, matches];
    const meant = this.#meant;
    const notes = [
      ...this.#ofAddress,
      ...this.#figures,
      ...(meant ? [element("p", {}, meant.sentence)] : []),
      ...this.#failures,
    ];
    this.#form.explain(matches ? notes : [...notes, element("p", {}, "No model matches.")]);
    if (matches) return;
    const spoken = (/** @type {string} */ key) => this.#form.spoken(key);
    const why = await loadExplanation().then(
      ({ explanation }) => explanation(this.#catalog, query, spoken, meant?.names ?? null),
      (error) => [element("p", {}, `No model matches. ${error.message}`)],
    );
    if (telling === this.#telling) this.#form.explain([...notes, ...why]);
  }
}

/** @param {Error} error @returns {HTMLElement[]} a note that says what could not be loaded */
function failureNote(error) {
  return [element("p", {}, error.message)];
}
