/**
 * Explanation of an empty result: which limits bind, how far they have to be loosened, and links that do so.
 * @module
 */

import { matching } from "../shared/conditions.js";
import { element } from "../shared/elements.js";
import { limitText, quantityOf } from "../shared/figures.js";
import { percent, plural } from "../shared/formatting.js";
import { quantityText } from "../shared/quantity.js";
import { queryParameters, searchText } from "../shared/query.js";
import { loosenings } from "./loosening.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/query.js").Query} Query */
/** @typedef {import("./loosening.js").Change} Change */
/** @typedef {import("./loosening.js").Loosening} Loosening */

/**
 * @param {Catalog} catalog
 * @param {Query} query one that nothing matches
 * @param {(key: string) => string} spoken gives the label and value of a field
 * @param {readonly string[] | null} meant the models that the name means, where no model has it in its name
 * @returns {HTMLElement[]}
 */
export function explanation(catalog, query, spoken, meant) {
  const ways = loosenings(catalog.models, query, catalog.figures, meant);
  const items = ways.map((way) => {
    const changes = way.changes.map((change) => changeText(change, query, spoken)).join("; and ");
    const count = matching(catalog.models, way.query, catalog.figures, meant).length;
    const address = location.pathname + searchText(queryParameters(way.query, catalog));
    return element(
      "li",
      {},
      `${changes}. ${reachedText(count, way.nearest.name)} `,
      element("a", { class: "finder-loosen", href: address }, "Loosen"),
    );
  });
  return [
    element("p", {}, `No model matches. ${leadText(ways)}`),
    ...(items.length ? [element("ul", {}, ...items)] : []),
  ];
}

/** @param {Loosening[]} ways @returns {string} the sentence before their list */
export function leadText(ways) {
  if (!ways.length) return "No loosening of these limits would change that.";
  if ((ways[0]?.changes.length ?? 0) > 1) {
    return "No single limit is what binds: these would have to give way together.";
  }
  return ways.length === 1 ? "One limit binds:" : "Each of these binds: loosen one.";
}

/**
 * Say what matches after a loosening.
 * @param {number} count
 * @param {string} nearest the model that is reached
 * @returns {string}
 */
export function reachedText(count, nearest) {
  return count === 1
    ? `Then there is one model, ${nearest}.`
    : `Then there are ${plural(count, "model")}, ${nearest} among them.`;
}

/**
 * Write a change in words, e.g. "MACs at most 300M: loosen by 1.4 % to 304.183 MMACs".
 * @param {Change} change
 * @param {Query} query
 * @param {(key: string) => string} spoken
 * @returns {string}
 */
export function changeText({ condition: { key, side, value, figure }, limit, needed }, query, spoken) {
  if (figure && side && limit !== null && needed !== null) {
    const word = side === "max" ? "at most" : "at least";
    const asked = quantityText(quantityOf(figure), limit, side);
    return `${figure.label} ${word} ${asked}: loosen ${shareText(limit, needed)} ${limitText(figure, needed)}`;
  }
  if (key === "strides") return `Stride of ${plural(value ?? 0, "pixel")}: leave it out`;
  if (key === "license") return `Licence class ${query.licenses.join(" or ")}: leave it out`;
  if (key === "fixtures") return "Test fixtures are left out: take them in";
  return `${spoken(key)}: leave it out`;
}

/** @param {number} limit @param {number} needed @returns {string} */
function shareText(limit, needed) {
  if (limit <= 0) return "to";
  // A factor reads better than hundreds of percent.
  if (needed >= 2 * limit) return `to ${(needed / limit).toFixed(1)} times as much,`;
  return `by ${percent(Math.abs(needed - limit), limit, 1)} % to`;
}
