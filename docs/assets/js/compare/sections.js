/**
 * Sections of a comparison: their list, links to them, putting them into the page, and scrolling to one.
 * @module
 */

import { drawing, element, pause } from "../shared/elements.js";
import { figuresSection, formsSection, pyramidSection, sharedSection, weightsSection } from "./comparison-tables.js";
import { fitSection } from "./fit-table.js";
import { modulesSection } from "./module-table.js";
import { withCard, withPair } from "./selection.js";
import { tensorsSection } from "./tensor-table.js";

/** @typedef {import("./comparison-tables.js").Compared} Compared */
/** @typedef {import("./documents.js").ModelDocument} ModelDocument */
/** @typedef {import("./selection.js").Selection} Selection */

/**
 * @typedef {{id: string, title: string, make: () => HTMLElement[]}} Section
 */

/** Label of the first of the two fields that choose whose tensors are compared. */
const TENSOR_LABEL = "Tensors of";

/**
 * @param {Selection} selection
 * @param {Compared} compared of at least two models
 * @param {import("./element.js").Declared} declared
 * @param {import("./chosen.js").Go} go
 * @returns {Section[]}
 */
export function sectionsOf(selection, compared, declared, go) {
  const { documents, base, words } = compared;
  return [
    { id: "figures", title: "Figures", make: () => figuresSection(compared) },
    {
      id: "fits",
      title: "Largest batch on a GPU",
      make: () => fitSection(compared, declared, selection.gpu, (gpu) => go(withCard(selection, gpu), "", "gpu")),
    },
    { id: "shared", title: "What they share", make: () => sharedSection(compared) },
    { id: "forms", title: "Form shares", make: () => formsSection(compared) },
    { id: "pyramids", title: "Feature pyramid", make: () => pyramidSection(compared) },
    { id: "weights", title: "Weights and licences", make: () => weightsSection(compared) },
    { id: "modules", title: "Modules", make: () => modulesSection(compared) },
    {
      id: "tensors",
      title: "Tensor difference",
      make: () =>
        tensorsSection(documents, pairOf(selection, documents, base), words.undefined, (one, other) => {
          go(withPair(selection, one, other), "", `tensors ${TENSOR_LABEL}`);
        }),
    },
  ];
}

/**
 * Give the two models whose tensors are compared: those chosen, else the base and the first of the others.
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

/**
 * Put a section in place of its older version, or at the end.
 * @param {HTMLElement} results
 * @param {Section} section
 */
export async function place(results, { id, title, make }) {
  const made = element("section", { id, "aria-labelledby": `${id}-title` });
  made.append(element("h2", { id: `${id}-title` }, title), ...make());
  const old = results.querySelector(`#${id}`);
  if (old) old.replaceWith(made);
  else await grow(results, made);
}

/**
 * Put a section at the end, and the bodies of its first table one by one: a phone lays out few rows at a time.
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

/** @param {Section[]} sections @returns {HTMLElement} links to each of them */
export function contents(sections) {
  const links = sections.map(({ id, title }) => element("a", { href: `#${id}` }, title));
  const made = element("nav", { "aria-label": "Sections" }, ...links);
  made.addEventListener("click", () => goToSection(sections.length));
  return made;
}

/** Drawings in a row in which a section has to keep its place until it is reached, and the most per section. */
const STILL = 3;
const MOST = 4;

/**
 * Scroll to the section that the address names, until it keeps its place: each drawing lays out more sections on the
 * way, whose heights then differ from the estimates.
 * @param {number} sections how many there are
 */
export async function goToSection(sections) {
  let still = 0;
  let before = NaN;
  for (let drawn = 0; drawn < MOST * sections && still < STILL; drawn += 1) {
    await drawing();
    const section = document.querySelector(`.compare-results > #${CSS.escape(location.hash.slice(1))}`);
    section?.scrollIntoView();
    const place = section ? section.getBoundingClientRect().top + scrollY : 0;
    still = place === before ? still + 1 : 0;
    before = place;
  }
}
