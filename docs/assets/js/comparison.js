/**
 * Models side by side: every line of the comparison as text, with differences and ratios to the base.
 *
 * Which lines there are, their words and their order are those of `timm-atlas compare`: the numbers come with their
 * labels from the models' documents, and a test holds the rest to what the terminal prints.
 * @module
 */

import { integer, memory, metric, percent, pixels, plural, quotient, UNDEFINED, UNKNOWN } from "./formatting.js";

/** @typedef {import("./documents.js").ModelDocument} ModelDocument */

/**
 * What a line says of one model.
 * @typedef {object} Cell
 * @property {string} text
 * @property {string} difference to the base, with its sign and unit; "" where there is nothing to say
 * @property {string} ratio how many times that of the base it is, e.g. `×1.52`; "" where that says nothing
 * @property {number | null} share of the greatest value of the line, 0 to 1; null where there is no bar
 */

/**
 * A line: a heading has no cells.
 * @typedef {{depth: number, label: string, cells: Cell[]}} Row
 */

/** Where the words of a line are not those of a figure. */
const AT_INPUT_SIZE = "At the input size, batch 1";
const DEPLOY_FORM = "Deploy form";
const NONE = "none";

/**
 * Every line of a comparison.
 * @param {ModelDocument[]} documents
 * @param {number} base the place of the one that the others are compared with
 * @returns {Row[]}
 */
export function comparisonRows(documents, base) {
  const rows = [
    texts(0, "Family", documents.map(({ family }) => family)),
    texts(0, "Rank by parameter memory", documents.map(({ rank }) => integer(rank))),
  ];
  const lines = documents[0]?.figures ?? [];
  const deploy = lines.findIndex(([, label]) => label === DEPLOY_FORM);
  let isPass = false;
  lines.slice(0, deploy).forEach(([depth, label, unit], place) => {
    if (label === AT_INPUT_SIZE) {
      rows.push(texts(0, "Input size, pixels", documents.map(({ input_size }) => pixels(input_size))));
      isPass = true;
    } else if (isPass && unit === null) {
      rows.push(...doubts(documents));
      isPass = false;
    }
    rows.push(unit === null ? { depth, label, cells: [] } : numbers(documents, place, base));
  });
  if (isPass) rows.push(...doubts(documents));
  rows.push(...deployRows(documents, deploy, base));
  rows.push(
    { depth: 0, label: "Feature pyramid", cells: [] },
    texts(1, "channels", documents.map((document) => levels(document, "channels"))),
    texts(1, "strides, pixels", documents.map((document) => levels(document, "stride"))),
    texts(0, "Weights", documents.map(({ tags }) => (tags.length ? plural(tags.length, "tag") : NONE))),
    texts(0, "Licences named", documents.map(({ licenses }) => licenses.join(", ") || NONE)),
  );
  return rows;
}

/** @param {number} depth @param {string} label @param {string[]} listed @returns {Row} */
function texts(depth, label, listed) {
  return { depth, label, cells: listed.map((text) => ({ text, difference: "", ratio: "", share: null })) };
}

/** @param {ModelDocument[]} documents @param {number} place of the line @param {number} base @returns {Row} */
function numbers(documents, place, base) {
  const [depth, label, unit] = /** @type {import("./documents.js").Line} */ (documents[0]?.figures[place]);
  const values = documents.map(({ figures }) => figures[place]?.[3] ?? null);
  const greatest = Math.max(...values.map((value) => value ?? 0));
  const first = values[base] ?? null;
  const cells = values.map((value, model) => ({
    text: figureText(value, unit ?? ""),
    difference: model === base ? "" : differenceText(value, first, unit ?? ""),
    ratio: model === base ? "" : times(value, first),
    share: value === null || !greatest ? null : value / greatest,
  }));
  return { depth, label, cells };
}

/** @param {ModelDocument[]} documents @returns {Row[]} */
function doubts(documents) {
  if (documents.every(({ unlisted_operators }) => !unlisted_operators.length)) return [];
  return [
    texts(
      1,
      "cost not known of",
      documents.map(({ unlisted_operators }) => unlisted_operators.join(", ") || UNDEFINED),
    ),
  ];
}

/** @param {ModelDocument[]} documents @param {number} start of its lines @param {number} base @returns {Row[]} */
function deployRows(documents, start, base) {
  const without = documents.map(({ has_deploy_form }) => has_deploy_form === false);
  if (without.every(Boolean)) return [texts(0, DEPLOY_FORM, documents.map(() => NONE))];
  const lines = documents[0]?.figures.slice(start + 1) ?? [];
  return [
    { depth: 0, label: DEPLOY_FORM, cells: [] },
    ...lines.map((_, place) => {
      const row = numbers(documents, start + 1 + place, base);
      return { ...row, cells: row.cells.map((cell, model) => (without[model] ? { ...cell, text: NONE } : cell)) };
    }),
  ];
}

/** @param {ModelDocument} document @param {"channels" | "stride"} figure @returns {string} */
function levels({ features_only, pyramid }, figure) {
  if (!features_only) return features_only === null ? UNKNOWN : NONE;
  return pyramid.map((level) => integer(level[figure])).join(", ");
}

/**
 * A value by its unit: bytes and MACs are scaled, any other unit stands behind the exact number.
 * @param {number | null} value
 * @param {string} unit
 * @returns {string}
 */
export function figureText(value, unit) {
  if (unit === "bytes") return memory(value);
  if (unit === "MACs") return metric(value, unit);
  return integer(value) + (unit && value !== null ? ` ${unit}` : "");
}

/**
 * What a value has more or less than that of the base; "" where one of them is not known.
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
 * How many times that of the base a value is, e.g. `×1.52`; "" where that says nothing.
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
 * `part` in percent of `whole` for reading, e.g. `0.02`; what is there but too small to show is `<0.01`.
 * @param {number} part
 * @param {number} whole
 * @returns {string}
 */
export function shareText(part, whole) {
  const text = percent(part, whole);
  return part && text === "0.00" ? "<0.01" : text;
}

/**
 * What the models have in common, a sentence each: checkpoints, parameter tensors, feature pyramid.
 * @param {ModelDocument[]} documents
 * @returns {string[]}
 */
export function sharedSentences(documents) {
  return [
    together(documents, ({ checkpoint_signature }) => checkpoint_signature, "take each other's checkpoints"),
    together(documents, ({ signature }) => signature, "have the same parameter tensors, by name and shape"),
    together(
      documents,
      ({ features_only, pyramid }) =>
        features_only ? JSON.stringify(pyramid.map(({ channels, stride }) => [channels, stride])) : null,
      "have a feature pyramid of the same channels and strides",
    ),
  ];
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
 * The forms of several models in their order: scalars, vectors, matrices, then tensors by rank.
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
