/**
 * `<atlas-compare>`: models side by side. What is shown follows from the address alone; each act of the reader makes a
 * new address, and Back goes to the one before.
 * @module
 */

import { loadCatalog, nearestNames } from "./catalog.js";
import { Combobox } from "./combobox.js";
import {
  breakable,
  figuresSection,
  formsSection,
  pageOf,
  pyramidSection,
  sharedSection,
  weightsSection,
} from "./comparison-tables.js";
import { isUnknown, loadDocument } from "./documents.js";
import { button, element, pause } from "./elements.js";
import { integer, plural } from "./formatting.js";
import { modulesSection } from "./module-table.js";
import {
  added,
  addressOf,
  LEAST,
  MOST,
  moved,
  parseSelection,
  removed,
  replaced,
  withBase,
  withPair,
} from "./selection.js";
import { tensorsSection } from "./tensor-table.js";

/** @typedef {import("./documents.js").ModelDocument} ModelDocument */
/** @typedef {import("./documents.js").Unknown} Unknown */
/** @typedef {import("./selection.js").Selection} Selection */
/** @typedef {import("./comparison-tables.js").Compared} Compared */

/** How many names are suggested. */
const SUGGESTIONS = 8;

/**
 * A name, and what is known of it: the model, that there is none, or why that could not be found out.
 * @typedef {{name: string, found: ModelDocument | Unknown | Error}} Answer
 */

export class AtlasCompare extends HTMLElement {
  #abort = new AbortController();
  /** @type {Combobox | null} */
  #combobox = null;
  /** Renderings are numbered: a newer one ends what is still to come of an older. */
  #rendering = 0;
  /** The part of the address that is shown. */
  #shown = "";

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const input = this.#part("input", HTMLInputElement);
    this.#combobox = new Combobox(
      input,
      this.#part("[role=listbox]", HTMLElement),
      suggest,
      (name) => this.#add(name),
      (error) => this.#say(error.message),
    );
    this.#part("form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(input.value.trim());
    }, { signal });
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
   * Shows what the address asks for. `aria-busy` on the element tells that there is more to come.
   * @returns {Promise<void>}
   */
  async render() {
    this.#rendering += 1;
    const rendering = this.#rendering;
    const isFirst = rendering === 1;
    this.#shown = location.search;
    const selection = parseSelection(location.search);
    document.documentElement.classList.toggle("comparing", selection.names.length > 0);
    this.setAttribute("aria-busy", "true");
    this.#drawChosen(selection, null);
    const answers = await Promise.all(selection.names.map(answered));
    if (rendering !== this.#rendering) return;
    const documents = answers.map(({ found }) => found).filter(isDocument);
    const baseName = documents.some(({ name }) => name === selection.base) ? selection.base : documents[0]?.name;
    const known = documents.map(({ name }) => name);
    this.#drawChosen(selection, baseName ?? "", selection.names.filter((name) => !known.includes(name)));
    this.#drawNotices(selection, answers, documents.length);
    const compared = { documents, base: documents.findIndex(({ name }) => name === baseName) };
    const results = this.#part(".compare-results", HTMLElement);
    const sections = documents.length < LEAST ? [] : this.#sections(selection, compared);
    if (!sections.length) results.replaceChildren();
    else if (!results.firstElementChild) results.append(contents(sections));
    for (const { id, title, make } of sections) {
      const made = element("section", { id, "aria-labelledby": `${id}-title` });
      made.append(element("h2", { id: `${id}-title` }, title), ...make());
      const old = results.querySelector(`#${id}`);
      if (old) old.replaceWith(made);
      else await grow(results, made);
      await pause();
      if (rendering !== this.#rendering) return;
    }
    this.removeAttribute("aria-busy");
    if (isFirst && location.hash) goToSection(sections.length);
  }

  /**
   * @param {Selection} selection
   * @param {Compared} compared
   * @returns {{id: string, title: string, make: () => HTMLElement[]}[]}
   */
  #sections(selection, compared) {
    const { documents, base } = compared;
    return [
      { id: "figures", title: "Figures", make: () => figuresSection(compared) },
      { id: "shared", title: "What they share", make: () => sharedSection(compared) },
      { id: "forms", title: "Form shares", make: () => formsSection(compared) },
      { id: "pyramids", title: "Feature pyramid", make: () => pyramidSection(compared) },
      { id: "weights", title: "Weights and licences", make: () => weightsSection(compared) },
      { id: "modules", title: "Modules", make: () => modulesSection(compared) },
      {
        id: "tensors",
        title: "Tensor difference",
        make: () =>
          tensorsSection(documents, pairOf(selection, documents, base), (one, other) => {
            this.#go(withPair(selection, one, other), "", `tensors ${TENSOR_LABEL}`);
          }),
      },
    ];
  }

  /**
   * The models that are chosen, with what can be done to each.
   * @param {Selection} selection
   * @param {string | null} base null where it is not known yet
   * @param {string[]} [without] names that are no model's, which have no page
   */
  #drawChosen(selection, base, without = []) {
    const list = this.#part(".compare-chosen", HTMLElement);
    const { names } = selection;
    const focused = this.#focused();
    list.replaceChildren(...names.map((name, place) =>
      element(
        "li",
        { "data-name": name },
        without.includes(name) ? breakable(name) : element("a", { href: pageOf(name) }, breakable(name)),
        element(
          "span",
          { class: "acts" },
          button(
            { "aria-pressed": String(name === base), "aria-label": `Base: ${name}`, "data-focus": `base ${name}` },
            () => this.#go(withBase(selection, name), `The others are compared with ${name}.`, `base ${name}`),
            "Base",
          ),
          this.#mover(selection, name, place, -1),
          this.#mover(selection, name, place, 1),
          button(
            { "aria-label": `Remove ${name}`, title: "Remove", "data-focus": `remove ${name}` },
            () => this.#remove(selection, name),
            "×",
          ),
        ),
      )
    ));
    if (focused) this.#focus(focused);
  }

  /**
   * @param {Selection} selection
   * @param {string} name
   * @param {number} place
   * @param {-1 | 1} by
   */
  #mover(selection, name, place, by) {
    const to = place + by;
    const word = by < 0 ? "earlier" : "later";
    return button(
      {
        "aria-label": `Move ${name} ${word}`,
        title: `Move ${word}`,
        disabled: to < 0 || to >= selection.names.length,
        "data-focus": `${word} ${name}`,
      },
      () => {
        const said = `${name} is number ${to + 1} of ${selection.names.length}.`;
        this.#go(moved(selection, name, by), said, `${word} ${name}`);
      },
      by < 0 ? "←" : "→",
    );
  }

  /** @param {Selection} selection @param {string} name */
  #remove(selection, name) {
    const place = selection.names.indexOf(name);
    const left = removed(selection, name);
    const next = left.names[Math.min(place, left.names.length - 1)];
    this.#go(left, `${name} is removed. ${counted(left)}`, next ? `remove ${next}` : "");
  }

  /**
   * What a reader has to know of names that are none, and how many there are.
   * @param {Selection} selection
   * @param {Answer[]} answers
   * @param {number} known
   */
  #drawNotices(selection, answers, known) {
    const notices = answers.flatMap(({ name, found }) => {
      if (found instanceof Error) {
        return [element("li", {}, `${found.message} `, button({}, () => this.render(), "Try again"))];
      }
      return isUnknown(found) ? [this.#unknown(selection, name, found)] : [];
    });
    if (selection.surplus.length) {
      const left = selection.surplus.join(", ");
      notices.push(element("li", {}, `At most ${MOST} models are compared; left out: ${left}.`));
    }
    if (selection.names.length && known < LEAST && !answers.some(({ found }) => found instanceof Error)) {
      notices.push(element("li", {}, known ? "Add one more model to compare." : "Add two models to compare."));
    }
    this.#part(".compare-notices", HTMLElement).replaceChildren(...notices);
  }

  /** @param {Selection} selection @param {string} name @param {Unknown} unknown */
  #unknown(selection, name, { sentence, nearest }) {
    const made = element("li", {}, sentence);
    if (nearest.length) made.append(nearest.length > 1 ? " Nearest: " : " Take ");
    nearest.forEach((meant, place) => {
      const take = button(
        { "aria-label": `Take ${meant} in its place` },
        () => this.#go(replaced(selection, name, meant), `${meant} is taken.`, `remove ${meant}`),
        meant,
      );
      made.append(place ? ", " : "", take);
    });
    if (nearest.length) made.append(nearest.length > 1 ? "." : " in its place.");
    return made;
  }

  /** @param {string} text what stood in the field when it was sent */
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
    const selection = parseSelection(location.search);
    const input = this.#part("input", HTMLInputElement);
    this.#combobox?.close();
    input.focus();
    if (selection.names.includes(name)) this.#say(`${name} is there already.`);
    else if (selection.names.length >= MOST) this.#say(`At most ${MOST} models are compared. Remove one first.`);
    else {
      input.value = "";
      const more = added(selection, name);
      this.#go(more, `${name} is added. ${counted(more)}`, null);
    }
  }

  /**
   * Shows another selection, and has it in the address.
   * @param {Selection} selection
   * @param {string} said to whom it may concern
   * @param {string | null} focus what gets the focus: a `data-focus`, "" for the field, null to leave it
   */
  #go(selection, said, focus) {
    const address = addressOf(selection);
    if (address !== location.search) history.pushState(null, "", address || location.pathname);
    this.#say(said);
    this.render();
    if (focus !== null && !(focus && this.#focus(focus))) this.#part("input", HTMLInputElement).focus();
  }

  /** @param {string} text */
  #say(text) {
    this.#part("[role=status]", HTMLElement).textContent = text;
  }

  /** @returns {string} the `data-focus` of what has the focus */
  #focused() {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement && this.contains(activeElement)
      ? activeElement.dataset.focus ?? ""
      : "";
  }

  /**
   * Gives the focus to what it says; to what does the opposite, where that can do no more.
   * @param {string} focus
   * @returns {boolean}
   */
  #focus(focus) {
    const all = [...this.querySelectorAll("[data-focus]")].filter((found) => found instanceof HTMLElement);
    const opposite = focus.startsWith("earlier ")
      ? focus.replace("earlier", "later")
      : focus.replace("later", "earlier");
    for (const wanted of [focus, opposite]) {
      const found = all.find(({ dataset }) => dataset.focus === wanted);
      if (found && !found.matches(":disabled")) {
        found.focus();
        return true;
      }
    }
    return false;
  }

  /**
   * @template {HTMLElement} Type
   * @param {string} selector
   * @param {new () => Type} type
   * @returns {Type}
   */
  #part(selector, type) {
    const found = this.querySelector(selector);
    if (!(found instanceof type)) throw new Error(`<atlas-compare> has no ${selector}`);
    return found;
  }
}

/**
 * Puts a section at the end, the bodies of its first table one after another: a phone lays out few rows at a time.
 * @param {HTMLElement} results
 * @param {HTMLElement} section
 */
async function grow(results, section) {
  const table = section.querySelector("table.compare-table");
  const later = table ? [...table.querySelectorAll("tbody")].slice(1) : [];
  for (const body of later) body.remove();
  results.append(section);
  for (const body of later) {
    await pause();
    table?.append(body);
  }
}

/** @param {{id: string, title: string}[]} sections @returns {HTMLElement} links to each of them */
function contents(sections) {
  const links = sections.map(({ id, title }) => element("a", { href: `#${id}` }, title));
  const made = element("nav", { "aria-label": "Sections" }, ...links);
  made.addEventListener("click", () => goToSection(sections.length));
  return made;
}

/**
 * Scrolls to the section that the address names. Sections that are laid out on the way are not as high as they were
 * taken for, each a frame after the one before, so that the way changes.
 * @param {number} frames
 */
async function goToSection(frames) {
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    document.querySelector(`.compare-results > #${CSS.escape(location.hash.slice(1))}`)?.scrollIntoView();
  }
}

/** The first of the two fields that choose whose tensors are compared. */
const TENSOR_LABEL = "Tensors of";

/** @param {string} name @returns {Promise<Answer>} */
async function answered(name) {
  try {
    return { name, found: await loadDocument(name) };
  } catch (error) {
    return { name, found: /** @type {Error} */ (error) };
  }
}

/** @param {ModelDocument | Unknown | Error} found @returns {found is ModelDocument} */
function isDocument(found) {
  return !(found instanceof Error) && !isUnknown(found);
}

/**
 * The two whose tensors are compared: those that were chosen, else the base and the first of the others.
 * @param {Selection} selection
 * @param {ModelDocument[]} documents at least two
 * @param {number} base
 * @returns {[ModelDocument, ModelDocument]}
 */
function pairOf({ pair }, documents, base) {
  const chosen = pair.map((name) => documents.find((document) => document.name === name));
  const usual = [documents[base], documents[base ? 0 : 1]];
  const [one, other] = chosen.length === 2 && chosen.every(Boolean) ? chosen : usual;
  return [/** @type {ModelDocument} */ (one), /** @type {ModelDocument} */ (other)];
}

/** @param {Selection} selection @returns {string} */
function counted({ names }) {
  return `${plural(names.length, "model")} now.`;
}

/**
 * @param {string} text
 * @returns {Promise<import("./combobox.js").Answer>} certain where the first name has what was typed in it
 */
async function suggest(text) {
  const models = await loadCatalog();
  const byName = new Map(models.map((model) => [model.name, model]));
  const names = nearestNames(text, [...byName.keys()], SUGGESTIONS);
  const words = text.toLowerCase().split(/\s+/);
  return {
    suggestions: names.map((name) => ({
      name,
      note: `${integer(byName.get(name)?.parameters ?? null)} parameters`,
    })),
    certain: words.every((word) => names[0]?.includes(word)),
  };
}

customElements.define("atlas-compare", AtlasCompare);
