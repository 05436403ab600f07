/**
 * Query of the rank page: which models, in which order, with which columns; as a value, and as an address.
 *
 * An empty query is the page as served. Every query has one address. Parts of an address that cannot be read are
 * ignored, so that an old or mistyped address still opens, and are told (address.js).
 * @module
 */

import { Address } from "./address.js";
import { stridesOf } from "./catalog.js";
import { gigabytesText, parseGigabytes } from "./gigabytes.js";
import { columnsOf, limitsOf, quantityOf } from "./figures.js";
import { quantityText } from "./quantity.js";

/**
 * The data for reading and writing addresses: figures, models, classes of licences, and how many models can be compared.
 * @typedef {Pick<import("./catalog.js").Catalog, "figures" | "compared" | "models" | "classes" | "card" | "test_sets">} Declared
 */

/**
 * Limits of a figure, both inclusive; null is no limit.
 * @typedef {{min: number | null, max: number | null}} Range
 */

/**
 * @typedef {object} Query
 * @property {string} name words that are all in the model's name
 * @property {string} family words that are all in the family's name
 * @property {string} tag words that are all in one tag
 * @property {Record<string, Range>} ranges by figure; figures without limits are left out
 * @property {number | null} gpu the GB of the card that largest batches are of; null for the usual one
 * @property {string} run the setting that they are of; "" for the usual one
 * @property {string} testSet the test set that accuracy is on; "" for the usual one
 * @property {"" | "yes" | "no"} weights whether there are pretrained weights; "" is either
 * @property {number[]} strides that the feature pyramid must all have, in pixels, ascending
 * @property {string[]} licenses classes, one of which some weights have; with `tag`, weights of such a tag
 * @property {boolean} fixtures whether the models that timm has for its own tests are among them
 * @property {string} sort a column, "" for the order of ranks
 * @property {boolean} descending
 * @property {string[] | null} columns that are shown; null is those of the page as served
 * @property {string[]} compared names of the models that are ticked, in the order of ticking
 */

/** The figure that depends on a card and a setting. */
const FITTING = "largest_batch";

/** @returns {Query} */
export function emptyQuery() {
  return {
    name: "",
    family: "",
    tag: "",
    ranges: {},
    gpu: null,
    run: "",
    testSet: "",
    weights: "",
    strides: [],
    licenses: [],
    fixtures: false,
    sort: "",
    descending: false,
    columns: null,
    compared: [],
  };
}

/**
 * Read the query of an address: the inverse of `queryParameters`.
 * @param {URLSearchParams} parameters
 * @param {Declared} declared
 * @returns {Query}
 */
export function parseQuery(parameters, declared) {
  return readQuery(new Address(parameters), declared);
}

/**
 * Read the query of an address, which notes what is not understood.
 * @param {Address} address
 * @param {Declared} declared
 * @returns {Query}
 */
export function readQuery(address, { figures, compared, models, classes, card, test_sets }) {
  const query = emptyQuery();
  for (const key of /** @type {const} */ (["name", "family", "tag"])) query[key] = address.text(key);
  for (const figure of limitsOf(figures)) {
    const range = address.range(figure);
    if (range.min !== null || range.max !== null) query.ranges[figure.name] = range;
  }
  const gpu = address.text("gpu");
  query.gpu = parseGigabytes(gpu);
  if (gpu && query.gpu === null) address.tell("gpu", gpu, [], gigabytesText(card.size).replace(" ", ""));
  query.run = address.one("run", Object.keys(card.settings));
  Object.assign(query, onCard(query, card));
  const [usual = "", ...others] = Object.keys(test_sets);
  query.testSet = address.one("test_set", [usual, ...others]);
  if (query.testSet === usual) query.testSet = "";
  query.weights = address.one("weights", ["yes", "no"]);
  const strides = address.has("strides") ? address.list("strides", stridesOf(models).map(String)) : [];
  query.strides = strides.map(Number).sort((one, other) => one - other);
  query.licenses = address.list("license", classes).sort();
  query.fixtures = address.one("fixtures", ["yes"]) === "yes";
  const columns = columnsOf(figures).map(({ name }) => name);
  const sort = address.text("sort");
  const column = sort.replace(/^-/, "");
  if (columns.includes(column)) {
    query.sort = column;
    query.descending = sort !== column;
  } else if (sort) address.tell("sort", sort, columns);
  if (address.has("columns")) {
    // Without their names, rows would say nothing.
    const asked = ["name", ...address.list("columns", columns)];
    query.columns = columns.filter((name) => asked.includes(name));
  }
  query.compared = (address.has("m") ? address.list("m", models.map(({ name }) => name)) : []).slice(0, compared.most);
  return query;
}

/**
 * Make a query's card and setting plain: the usual ones are not named, and others ask for models of which an image fits.
 * @param {Query} query
 * @param {import("./catalog.js").Card} card
 * @returns {Pick<Query, "gpu" | "run" | "ranges">}
 */
export function onCard(query, card) {
  const gpu = query.gpu === card.size ? null : query.gpu;
  const run = query.run === card.setting ? "" : query.run;
  const isAsked = gpu !== null || run !== "";
  const range = query.ranges[FITTING] ?? { min: isAsked ? 1 : null, max: null };
  const { [FITTING]: _, ...others } = query.ranges;
  return { gpu, run, ranges: range.min === null && range.max === null ? others : { ...others, [FITTING]: range } };
}

/**
 * Write a query as the parameters of an address; none for an empty query.
 * @param {Query} query
 * @param {Pick<Declared, "figures">} declared
 * @returns {URLSearchParams}
 */
export function queryParameters(query, { figures }) {
  const parameters = new URLSearchParams();
  /** @param {string} key @param {string} value */
  const put = (key, value) => value && parameters.set(key, value);
  put("name", query.name);
  put("family", query.family);
  put("tag", query.tag);
  for (const figure of limitsOf(figures)) {
    const { min, max } = query.ranges[figure.name] ?? { min: null, max: null };
    const quantity = quantityOf(figure);
    const least = min === null ? "" : quantityText(quantity, min, "min").replace(" ", "");
    const most = max === null ? "" : quantityText(quantity, max, "max").replace(" ", "");
    if (least || most) put(figure.name, `${least}..${most}`);
  }
  put("gpu", query.gpu === null ? "" : gigabytesText(query.gpu).replace(" ", ""));
  put("run", query.run);
  put("test_set", query.testSet);
  put("weights", query.weights);
  put("strides", query.strides.join(","));
  put("license", query.licenses.join(","));
  put("fixtures", query.fixtures ? "yes" : "");
  put("sort", query.sort && (query.descending ? `-${query.sort}` : query.sort));
  if (query.columns) parameters.set("columns", query.columns.join(","));
  put("m", query.compared.join(","));
  return parameters;
}

/**
 * Write the part of an address after the path, `""` for an empty query. Commas are allowed, and are not escaped.
 * @param {URLSearchParams} parameters
 * @returns {string}
 */
export function searchText(parameters) {
  const text = parameters.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}
