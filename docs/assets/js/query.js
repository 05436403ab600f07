/**
 * What the rank page is asked for: which models, in which order, with which columns; as a value, and as an address.
 *
 * An empty query is the page as it is served. Every query has one address, and what an address says that cannot be read
 * is left out, so that an old or mistyped one still opens.
 * @module
 */

import { parseQuantity, quantityText } from "./quantity.js";

/** @typedef {import("./catalog.js").Model} Model */
/** @typedef {import("./quantity.js").Kind} Kind */

/**
 * Limits of a figure, both inclusive; null is none.
 * @typedef {{min: number | null, max: number | null}} Range
 */

/**
 * The figures that can be limited, by their column, and what they count.
 * @type {Record<string, Kind>}
 */
export const RANGES = {
  parameters: "count",
  parameter_bytes: "bytes",
  macs: "macs",
  activations: "count",
  input_size: "pixels",
  inference_bytes: "bytes",
  training_bytes: "bytes",
  training_bytes_mixed: "bytes",
};

/** The columns that rows can be sorted by; all of them can be shown. */
export const COLUMNS = [
  "rank",
  "name",
  "family",
  "parameters",
  "parameter_bytes",
  "parameter_tensors",
  "macs",
  "activations",
  "input_size",
  "tags",
  "license_classes",
  "feature_strides",
  "inference_bytes",
  "training_bytes",
  "training_bytes_mixed",
];

/** Most and fewest models that can be compared. */
export const MOST_COMPARED = 6;
export const FEWEST_COMPARED = 2;

/**
 * @typedef {object} Query
 * @property {string} name words that all are in the model's name
 * @property {string} family words that all are in the family's name
 * @property {string} tag words that all are in one tag
 * @property {Record<string, Range>} ranges by column; a column without limits is not there
 * @property {"" | "yes" | "no"} weights whether there are pretrained weights; "" is either
 * @property {number[]} strides all of them are among the strides of the feature pyramid, in pixels, ascending
 * @property {string[]} licenses classes of which the licence of some weights is one; with `tag`, of weights of such a tag
 * @property {string} sort a column, "" for the order of ranks
 * @property {boolean} descending
 * @property {string[] | null} columns that are shown; null is as the page is served
 * @property {string[]} compared names of the models that are ticked, in the order of ticking
 */

/** @returns {Query} */
export function emptyQuery() {
  return {
    name: "",
    family: "",
    tag: "",
    ranges: {},
    weights: "",
    strides: [],
    licenses: [],
    sort: "",
    descending: false,
    columns: null,
    compared: [],
  };
}

/**
 * The query of an address: the opposite of `queryParameters`.
 * @param {URLSearchParams} parameters
 * @returns {Query}
 */
export function parseQuery(parameters) {
  const query = emptyQuery();
  for (const key of /** @type {const} */ (["name", "family", "tag"])) query[key] = (parameters.get(key) ?? "").trim();
  for (const [column, kind] of Object.entries(RANGES)) {
    const [least = "", most = ""] = (parameters.get(column) ?? "").split("..");
    const range = { min: parseQuantity(kind, least, "min"), max: parseQuantity(kind, most, "max") };
    if (range.min !== null || range.max !== null) query.ranges[column] = range;
  }
  const weights = parameters.get("weights");
  if (weights === "yes" || weights === "no") query.weights = weights;
  const strides = list(parameters, "strides").map(Number).filter((stride) =>
    Number.isSafeInteger(stride) && stride > 0
  );
  query.strides = [...new Set(strides)].sort((one, other) => one - other);
  query.licenses = list(parameters, "license").sort();
  const sort = parameters.get("sort") ?? "";
  const column = sort.replace(/^-/, "");
  if (COLUMNS.includes(column)) {
    query.sort = column;
    query.descending = sort !== column;
  }
  if (parameters.has("columns")) {
    const asked = list(parameters, "columns");
    query.columns = COLUMNS.filter((name) => asked.includes(name));
  }
  query.compared = list(parameters, "m").slice(0, MOST_COMPARED);
  return query;
}

/**
 * @param {URLSearchParams} parameters
 * @param {string} key
 * @returns {string[]} the members of a list in an address, each once
 */
function list(parameters, key) {
  return [...new Set((parameters.get(key) ?? "").split(",").filter(Boolean))];
}

/**
 * The parameters of a query's address; none for an empty query.
 * @param {Query} query
 * @returns {URLSearchParams}
 */
export function queryParameters(query) {
  const parameters = new URLSearchParams();
  /** @param {string} key @param {string} value */
  const put = (key, value) => value && parameters.set(key, value);
  put("name", query.name);
  put("family", query.family);
  put("tag", query.tag);
  for (const [column, kind] of Object.entries(RANGES)) {
    const { min, max } = query.ranges[column] ?? { min: null, max: null };
    const least = min === null ? "" : quantityText(kind, min, "min").replace(" ", "");
    const most = max === null ? "" : quantityText(kind, max, "max").replace(" ", "");
    if (least || most) put(column, `${least}..${most}`);
  }
  put("weights", query.weights);
  put("strides", query.strides.join(","));
  put("license", query.licenses.join(","));
  put("sort", query.sort && (query.descending ? `-${query.sort}` : query.sort));
  // No column but the name is a choice as well.
  if (query.columns) parameters.set("columns", query.columns.join(","));
  put("m", query.compared.join(","));
  return parameters;
}

/**
 * The part of an address after the path, `""` for an empty query. Commas stay commas, which addresses allow.
 * @param {URLSearchParams} parameters
 * @returns {string}
 */
export function searchText(parameters) {
  const text = parameters.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/**
 * A condition of a query: one that a reader can loosen by itself.
 * @typedef {object} Condition
 * @property {string} key the column of a range, or the query's own name for what it asks
 * @property {"min" | "max" | ""} side
 * @property {(model: Model) => boolean} holds a figure that is not known is within no limit
 */

/**
 * The conditions that a query makes, in the order of the form.
 * @param {Query} query
 * @returns {Condition[]}
 */
export function conditions(query) {
  /** @type {Condition[]} */
  const found = [];
  /** @param {string} key @param {(model: Model) => boolean} holds @param {"min" | "max" | ""} [side] */
  const add = (key, holds, side = "") => found.push({ key, side, holds });
  for (const key of /** @type {const} */ (["name", "family"])) {
    const asked = words(query[key]);
    if (asked.length) add(key, (model) => containsAll(model[key], asked));
  }
  const inTag = words(query.tag);
  /** @type {(tag: string) => boolean} */
  const isAsked = (tag) => containsAll(tag, inTag);
  if (inTag.length) add("tag", (model) => model.tags.some(isAsked));
  for (const column of Object.keys(RANGES)) {
    const { min, max } = query.ranges[column] ?? { min: null, max: null };
    if (min !== null) add(column, (model) => (limited(model, column, "min") ?? -1) >= min, "min");
    if (max !== null) add(column, (model) => (limited(model, column, "max") ?? Infinity) <= max, "max");
  }
  if (query.weights) add("weights", (model) => (model.tags.length > 0) === (query.weights === "yes"));
  for (const stride of query.strides) {
    add("strides", (model) => model.feature_strides !== null && model.feature_strides.includes(stride));
  }
  if (query.licenses.length) {
    // Of the weights that were asked for: others of the model may have another licence.
    add(
      "licenses",
      (model) =>
        model.tags.some((tag, place) =>
          isAsked(tag) && query.licenses.includes(/** @type {string} */ (model.tag_license_classes[place]))
        ),
    );
  }
  return found;
}

/**
 * The figure that a limit is held against. Of an input that is not square, each side has to be within both limits.
 * @param {Model} model
 * @param {string} column one of `RANGES`
 * @param {"min" | "max"} side
 * @returns {number | null}
 */
export function limited(model, column, side) {
  if (column === "input_size") {
    return model.input_size && Math[side](...model.input_size.slice(1));
  }
  return /** @type {number | null} */ (model[/** @type {keyof Model} */ (column)]);
}

/** @param {string} text */
function words(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** @param {string} text @param {string[]} asked in small letters */
function containsAll(text, asked) {
  const small = text.toLowerCase();
  return asked.every((word) => small.includes(word));
}

/**
 * The models that hold every condition of a query, in its order.
 * @param {Model[]} models in the order of ranks
 * @param {Query} query
 * @returns {Model[]}
 */
export function matching(models, query) {
  const asked = conditions(query);
  return sorted(models.filter((model) => asked.every(({ holds }) => holds(model))), query.sort, query.descending);
}

/**
 * The models by a column. Equals keep their order, and unknown comes last, both ways.
 * @param {Model[]} models
 * @param {string} column one of `COLUMNS`, or "" to leave them as they are
 * @param {boolean} descending
 * @returns {Model[]}
 */
export function sorted(models, column, descending) {
  if (!column) return models;
  const direction = descending ? -1 : 1;
  return models
    .map((model) => ({ model, key: sortKey(model, column) }))
    .sort((one, other) => {
      if (one.key === null || other.key === null) return Number(one.key === null) - Number(other.key === null);
      return one.key < other.key ? -direction : one.key > other.key ? direction : 0;
    })
    .map(({ model }) => model);
}

/**
 * What a model is sorted by: pixels of the input's area, the number of tags, the text of other lists.
 * @param {Model} model
 * @param {string} column
 * @returns {number | string | null}
 */
export function sortKey(model, column) {
  if (column === "input_size") return model.input_size && model.input_size.slice(1).reduce((area, side) => area * side);
  if (column === "tags") return model.tags.length;
  if (column === "license_classes") return model.license_classes.join(", ") || null;
  // By level: (2, 4) comes before (4, 8), and (4, 8) before (16, 16).
  if (column === "feature_strides") {
    return model.feature_strides?.map((stride) => String(stride).padStart(5)).join() ?? null;
  }
  return /** @type {number | string | null} */ (model[/** @type {keyof Model} */ (column)]);
}
