/**
 * Table of the tensors of two models side by side: equal, changed, or in one of them alone.
 * @module
 */

import { element, pause } from "../shared/elements.js";
import { integer, plural } from "../shared/formatting.js";
import { KINDS, shapeText, tensorDifference } from "./difference.js";

/** @typedef {import("./difference.js").Kind} Kind */
/** @typedef {import("./difference.js").Entry} Entry */
/** @typedef {import("./documents.js").ModelDocument} ModelDocument */

/** Rows of a group, which is not laid out while out of view, as in the long tables of other pages. */
const GROUP = 10;
/** Groups that are made at a time, so that the page responds in between. */
const AT_A_TIME = 16;

/**
 * @param {ModelDocument[]} documents all models that are compared
 * @param {[ModelDocument, ModelDocument]} pair the two that are shown
 * @param {string} missing text where a model has no such tensor
 * @param {(one: string, other: string) => void} choose called when another pair is chosen
 * @returns {HTMLElement[]}
 */
export function tensorsSection(documents, [here, there], missing, choose) {
  const { entries, counts } = tensorDifference(here.tensors, there.tensors);
  /** @type {Record<Kind, string>} */
  const words = {
    changed: "changed shape",
    here: `only in ${here.name}`,
    there: `only in ${there.name}`,
    equal: "equal",
  };
  const frame = element("div", { class: "table long-table", role: "region", "aria-label": "Tensors", tabindex: "0" });
  // Equal tensors are of little interest, unless there are no others.
  const differ = counts.equal.tensors < entries.length;
  const shown = new Set(differ ? KINDS.filter((kind) => kind !== "equal") : KINDS);
  const draw = () => {
    const titles = ["Tensor", here.name, there.name, "Difference"];
    const rows = entries.filter(({ kind }) => shown.has(kind)).map((entry) => rowOf(entry, missing, words));
    table(frame, titles, rows);
  };
  const choices = KINDS.map((kind) => {
    const input = element("input", {
      type: "checkbox",
      name: kind,
      checked: shown.has(kind),
      disabled: !counts[kind].tensors,
    });
    input.addEventListener("change", () => {
      if (!shown.delete(kind)) shown.add(kind);
      draw();
    });
    return element(
      "label",
      { class: "compare-choice" },
      input,
      ` ${words[kind]}: `,
      element("b", {}, plural(counts[kind].tensors, "tensor")),
      counts[kind].tensors > 0 && element("small", {}, ` ${parametersOf(counts[kind], kind)}`),
    );
  });
  draw();
  return [
    ...(documents.length > 2 ? [pairChoice(documents, here, there, choose)] : []),
    element(
      "p",
      {},
      `${here.name} has ${plural(here.tensors.length, "parameter tensor")}, ${there.name} ` +
        `${integer(there.tensors.length)}. Tensors of the same name and shape are equal; values are not compared.`,
    ),
    element("fieldset", { class: "compare-kinds" }, element("legend", {}, "Show"), ...choices),
    frame,
  ];
}

/** @param {import("./difference.js").Count} count @param {Kind} kind @returns {string} */
function parametersOf({ here, there }, kind) {
  if (kind === "changed") return `${integer(here)} and ${plural(there, "parameter")}`;
  return plural(kind === "there" ? there : here, "parameter");
}

/**
 * @param {ModelDocument[]} documents
 * @param {ModelDocument} here
 * @param {ModelDocument} there
 * @param {(one: string, other: string) => void} choose
 * @returns {HTMLElement}
 */
function pairChoice(documents, here, there, choose) {
  /** @param {string} label @param {ModelDocument} chosen @param {ModelDocument} other */
  const select = (label, chosen, other) =>
    element(
      "label",
      {},
      `${label} `,
      element(
        "select",
        { "data-focus": `tensors ${label}` },
        ...documents.filter((document) => document !== other).map(({ name }) =>
          element("option", { value: name, selected: name === chosen.name }, name)
        ),
      ),
    );
  const made = element(
    "div",
    { class: "compare-pair" },
    select("Tensors of", here, there),
    select("beside those of", there, here),
  );
  made.addEventListener("change", () => {
    const [one, other] = made.querySelectorAll("select");
    if (one && other) choose(one.value, other.value);
  });
  return made;
}

/**
 * A row of the table.
 * @typedef {{kind: Kind, cells: string[]}} Row
 */

/** @param {Entry} entry @param {string} missing @param {Record<Kind, string>} words @returns {Row} */
function rowOf({ name, kind, here, there }, missing, words) {
  const shapes = [here, there].map((shape) => (shape ? shapeText(shape) : missing));
  return { kind, cells: [name, ...shapes, words[kind]] };
}

/**
 * Put a table into its frame, a part at a time where it is long. A newer table stops an older one.
 * @param {HTMLElement} frame
 * @param {string[]} titles
 * @param {Row[]} rows
 */
async function table(frame, titles, rows) {
  if (!rows.length) {
    frame.replaceChildren(element("p", { class: "compare-none" }, "No tensor is of the kinds that are shown."));
    return;
  }
  const made = element(
    "table",
    { class: "long", style: `--rows:${GROUP};--columns:${widths([titles, ...rows.map(({ cells }) => cells)])}` },
    element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)))),
  );
  frame.replaceChildren(made);
  frame.setAttribute("aria-busy", "true");
  for (let start = 0; start < rows.length; start += GROUP) {
    if (start && start % (AT_A_TIME * GROUP) === 0) await pause();
    if (made.parentNode !== frame) return;
    const group = rows.slice(start, start + GROUP).map(({ kind, cells: [name = "", ...rest] }) =>
      element(
        "tr",
        { class: `is-${kind}` },
        element("th", { scope: "row" }, name),
        ...rest.map((text) => element("td", {}, text)),
      )
    );
    made.append(element("tbody", { style: `--rows:${group.length}` }, ...group));
  }
  frame.removeAttribute("aria-busy");
}

/**
 * Estimate the widths of columns in digits: groups of rows are laid out separately, and cannot agree on them.
 * @param {string[][]} rows
 * @returns {string}
 */
function widths(rows) {
  const most = (rows[0] ?? []).map(() => 0);
  for (const row of rows) {
    row.forEach((text, column) => {
      // These letters are wider than a digit.
      const wide = text.length + (text.match(/[mwMW_A-Z]/g)?.length ?? 0) / 2;
      most[column] = Math.max(most[column] ?? 0, wide);
    });
  }
  return most.map((width) => `${Math.ceil(width) + 1}ch`).join(" ");
}
