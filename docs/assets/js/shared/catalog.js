/**
 * All models with their figures, from /data/index.json, which each page fetches once.
 * @module
 */

import { loadJson, retried } from "./loading.js";

/** @typedef {import("./figures.js").Figure} Figure */
/** @typedef {import("./figures.js").Words} Words */

/**
 * A model: each figure's value by the figure's name, null where unknown. Scripts read those listed here by name.
 * @typedef {object} Named
 * @property {string} name
 * @property {string} family
 * @property {boolean} fixture whether timm has it for its own tests only
 * @property {number} parameters
 * @property {string[]} tags the default first
 * @property {string[]} tag_license_classes one for each tag, in the same order
 * @property {number[] | null} feature_strides in pixels, one for each level; null without a feature pyramid
 */
/** @typedef {Named & Record<string, any>} Model */

/**
 * How many models can be compared.
 * @typedef {{least: number, most: number}} Compared
 */

/**
 * The card and the setting that largest batches are of until a reader chooses others, and the words of all settings.
 * @typedef {{size: number, setting: string, settings: Record<string, string>}} Card
 */

/**
 * @typedef {object} Catalog
 * @property {Figure[]} figures in the order of the index
 * @property {Compared} compared
 * @property {Words} words
 * @property {string[]} classes of licences, in the order of the form
 * @property {Card} card
 * @property {Record<string, string>} test_sets their words, that of accuracy without a choice first
 * @property {Model[]} models in the order of ranks
 */

/**
 * The values of figures, some as something shorter: `differences` by the difference to the model before, `relative` by
 * that to another figure, so many times, and `places` by the place in the list of another figure.
 * @typedef {object} Values
 * @property {string[]} differences
 * @property {Record<string, [figure: string, times: number]>} relative
 * @property {Record<string, string>} places
 * @property {Record<string, any[]>} values
 */

/** @typedef {Omit<Catalog, "models"> & Values} Index
 */

/**
 * Load every model. After a failure, the next call tries again.
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export const loadCatalog = retried(async () => fromIndex(await loadJson("data/index.json", "The list of models")));

/**
 * Load the deprecated names of models, each with its successor, with a tag if timm names one; null without a successor.
 * @type {() => Promise<Record<string, string | null>>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export const loadRenamed = retried(() => loadJson("data/renamed.json", "The list of names that timm has changed"));

/**
 * Make the catalog from an index, which has a list of values for each figure.
 * @param {Index} index
 * @returns {Catalog}
 */
export function fromIndex({ values: short, differences, relative, places, ...declared }) {
  const values = { ...short };
  for (const name of differences) {
    let before = 0;
    values[name] = (short[name] ?? []).map((value) => before += value);
  }
  for (const [name, [other, times]] of Object.entries(relative)) {
    values[name] = (short[name] ?? []).map((value, place) =>
      value === null ? null : value + times * values[other]?.[place]
    );
  }
  for (const [name, other] of Object.entries(places)) {
    values[name] = (short[name] ?? []).map((value, place) =>
      value === null ? null : values[other]?.[place][value] ?? ""
    );
  }
  const columns = Object.entries(values);
  const models = (values.name ?? []).map((_, place) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column[place]]))
  );
  return { ...declared, models: /** @type {Model[]} */ (models) };
}

/** @param {Model[]} models @returns {string[]} each once, in alphabetical order */
export function familiesOf(models) {
  return [...new Set(models.map(({ family }) => family))].sort();
}

/** @param {Model[]} models @returns {number[]} the strides of all feature pyramids, in pixels, ascending */
export function stridesOf(models) {
  const all = new Set(models.flatMap(({ feature_strides }) => feature_strides ?? []));
  return [...all].sort((one, other) => one - other);
}
