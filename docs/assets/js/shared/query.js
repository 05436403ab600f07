/**
 * Query of the rank page: which models, in which order, with which columns; as a value, and as an address.
 *
 * An empty query is the page as served. Every query has one address. Parts of an address that cannot be read are
 * ignored, so that an old or mistyped address still opens.
 * @module
 */

import { columnsOf, limitsOf, quantityOf } from "./figures.js";
import { parseQuantity, quantityText } from "./quantity.js";

/**
 * The data for reading and writing addresses: the figures, and how many models can be compared.
 * @typedef {Pick<import("./catalog.js").Catalog, "figures" | "compared">} Declared
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
 * @property {"" | "yes" | "no"} weights whether there are pretrained weights; "" is either
 * @property {number[]} strides that the feature pyramid must all have, in pixels, ascending
 * @property {string[]} licenses classes, one of which some weights have; with `tag`, weights of such a tag
 * @property {string} sort a column, "" for the order of ranks
 * @property {boolean} descending
 * @property {string[] | null} columns that are shown; null is those of the page as served
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
 * Read the query of an address: the inverse of `queryParameters`.
 * @param {URLSearchParams} parameters
 * @param {Declared} declared
 * @returns {Query}
 */
export function parseQuery(parameters, { figures, compared }) {
  const query = emptyQuery();
  for (const key of /** @type {const} */ (["name", "family", "tag"])) query[key] = (parameters.get(key) ?? "").trim();
  for (const figure of limitsOf(figures)) {
    const [least = "", most = ""] = (parameters.get(figure.name) ?? "").split("..");
    const quantity = quantityOf(figure);
    const range = { min: parseQuantity(quantity, least, "min"), max: parseQuantity(quantity, most, "max") };
    if (range.min !== null || range.max !== null) query.ranges[figure.name] = range;
  }
  const weights = parameters.get("weights");
  if (weights === "yes" || weights === "no") query.weights = weights;
  const strides = list(parameters, "strides").map(Number).filter((stride) =>
    Number.isSafeInteger(stride) && stride > 0
  );
  query.strides = [...new Set(strides)].sort((one, other) => one - other);
  query.licenses = list(parameters, "license").sort();
  const columns = columnsOf(figures).map(({ name }) => name);
  const sort = parameters.get("sort") ?? "";
  const column = sort.replace(/^-/, "");
  if (columns.includes(column)) {
    query.sort = column;
    query.descending = sort !== column;
  }
  if (parameters.has("columns")) {
    const asked = list(parameters, "columns");
    query.columns = columns.filter((name) => asked.includes(name));
  }
  query.compared = list(parameters, "m").slice(0, compared.most);
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
  put("weights", query.weights);
  put("strides", query.strides.join(","));
  put("license", query.licenses.join(","));
  put("sort", query.sort && (query.descending ? `-${query.sort}` : query.sort));
  // An empty list is written too: it shows the name alone.
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
