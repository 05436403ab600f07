/**
 * Comparison of models: each line as text, with differences and ratios to the base, and the models' common properties.
 *
 * The lines, their words and their order come with the models' documents, and are those of `timm-atlas compare`.
 * @module
 */

import { integer, memory, metric, percent, quotient } from "../shared/formatting.js";

/** @typedef {import("./documents.js").Line} Line */
/** @typedef {import("./documents.js").ModelDocument} ModelDocument */
/** @typedef {import("../shared/figures.js").Words} Words */

/**
 * The value of one model in a line.
 * @typedef {object} Cell
 * @property {string} text
 * @property {string} difference to the base, with its sign and unit; "" where there is none
 * @property {string} ratio to the base, e.g. `×1.52`; "" where there is none
 * @property {number | null} share of the greatest value of the line, 0 to 1; null where there is no bar
 */

/**
 * A line: a heading has no cells.
 * @typedef {{depth: number, label: string, cells: Cell[]}} Row
 */

/**
 * Make every line of a comparison.
 * @param {ModelDocument[]} documents
 * @param {number} base index of the model that the others are compared with
 * @param {Words} words
 * @returns {Row[]}
 */
export function comparisonRows(documents, base, words) {
  const lines = documents[0]?.figures ?? [];
  /** @type {Row[]} */
  const rows = [];
  for (let place = 0; place < lines.length; place += 1) {
    const [depth, label, unit] = /** @type {Line} */ (lines[place]);
    const values = documents.map(({ figures }) => figures[place]?.[3] ?? null);
    if (unit === null) {
      const end = endOf(lines, place);
      const below = documents.flatMap(({ figures }) => figures.slice(place + 1, end).filter(([, , of]) => of !== null));
      const isNone = below.length > 0 && below.every(([, , , value]) => value === words.none);
      rows.push({ depth, label, cells: isNone ? documents.map(() => cell(words.none)) : [] });
      if (isNone) place = end - 1;
    } else if (unit !== "text") rows.push({ depth, label, cells: numbers(values, unit, base, words) });
    else if (values.some(Boolean)) {
      rows.push({ depth, label, cells: values.map((value) => cell(String(value || words.undefined))) });
    }
  }
  return rows;
}

/**
 * @param {Line[]} lines
 * @param {number} heading index of a heading
 * @returns {number} the index after all lines that belong to it
 */
function endOf(lines, heading) {
  const [depth] = /** @type {Line} */ (lines[heading]);
  const next = lines.findIndex(([other], place) => place > heading && other <= depth);
  return next < 0 ? lines.length : next;
}

/** @param {string} text @returns {Cell} */
function cell(text) {
  return { text, difference: "", ratio: "", share: null };
}

/**
 * @param {(number | string | null)[]} values of a line; a word where a value does not exist
 * @param {string} unit
 * @param {number} base
 * @param {Words} words
 * @returns {Cell[]}
 */
function numbers(values, unit, base, words) {
  const known = values.map((value) => (typeof value === "number" ? value : null));
  const greatest = Math.max(...known.map((value) => value ?? 0));
  const first = known[base] ?? null;
  return values.map((value, model) => {
    if (typeof value !== "number") return cell(value ?? words.unknown);
    return {
      text: figureText(value, unit),
      difference: model === base ? "" : differenceText(value, first, unit),
      ratio: model === base ? "" : times(value, first),
      share: greatest ? value / greatest : null,
    };
  });
}

/**
 * Write a value with its unit. Bytes and MACs are scaled; other numbers are exact.
 * @param {number} value
 * @param {string} unit
 * @returns {string}
 */
export function figureText(value, unit) {
  if (unit === "bytes") return memory(value);
  if (unit === "MACs") return metric(value, unit);
  return integer(value) + (unit && ` ${unit}`);
}

/**
 * Write the difference of a value from the base's; "" where one of them is not known.
 * @param {number | null} value
 * @param {number | null} base
 * @param {string} unit
 * @returns {string}
 */
export function differenceText(value, base, unit) {
  if (value === null || base === null) return "";
  if (value === base) return "same";
  return (value > base ? "+" : "−") + figureText(Math.abs(value - base), unit);
}

/**
 * Write the ratio of a value to the base's, e.g. `×1.52`; "" where one is not known or the base's is 0.
 * @param {number | null} value
 * @param {number | null} base
 * @returns {string}
 */
export function times(value, base) {
  if (value === null || !base) return "";
  const text = quotient(value, base, 2);
  return value && text === "0.00" ? "×<0.01" : `×${text}`;
}

/**
 * Write `part` in percent of `whole`, e.g. `0.02`; a part above 0 that would round to 0 is `<0.01`.
 * @param {number} part
 * @param {number} whole
 * @param {Words} words
 * @returns {string}
 */
export function shareText(part, whole, words) {
  if (!whole) return words.undefined;
  const text = percent(part, whole);
  return part && text === "0.00" ? "<0.01" : text;
}

/**
 * Write the sentences on the models' common properties.
 * @param {ModelDocument[]} documents
 * @returns {string[]}
 */
export function sharedSentences(documents) {
  const shares = documents[0]?.shares ?? [];
  return shares.map(([, words], place) => together(documents, ({ shares }) => shares[place]?.[0] ?? null, words));
}

/**
 * @param {ModelDocument[]} documents
 * @param {(document: ModelDocument) => string | null} key null equals nothing
 * @param {string} what
 * @returns {string}
 */
function together(documents, key, what) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const document of documents) {
    const value = key(document);
    if (value !== null) groups.set(value, [...(groups.get(value) ?? []), document.name]);
  }
  const found = [...groups.values()].filter((names) => names.length > 1);
  if (!found.length) return `No two of them ${what}.`;
  if (found[0]?.length === documents.length) return `${documents.length === 2 ? "Both" : "All of them"} ${what}.`;
  return `${found.map((names) => `${names.slice(0, -1).join(", ")} and ${names.at(-1)} ${what}`).join("; ")}.`;
}

/**
 * List the forms of several models in order: scalars, vectors, matrices, then tensors by rank.
 * @param {ModelDocument[]} documents
 * @returns {string[]}
 */
export function formNames(documents) {
  const order = ["Scalar", "Vector", "Matrix"];
  /** @param {string} form */
  const rank = (form) => (order.includes(form) ? order.indexOf(form) : Number(form.replace(/\D/g, "")));
  return [...new Set(documents.flatMap(({ forms }) => Object.keys(forms)))].sort((one, other) =>
    rank(one) - rank(other)
  );
}
