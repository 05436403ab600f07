/**
 * Declarations and models made by hand, small enough to sort in one's head.
 * @module
 */

import { fromIndex } from "../../docs/assets/js/shared/catalog.js";

/** @typedef {import("../../docs/assets/js/shared/figures.js").Figure} Figure */
/** @typedef {import("../../docs/assets/js/shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../../docs/assets/js/shared/catalog.js").Model} Model */

/**
 * @param {string} name
 * @param {Figure["kind"]} kind
 * @param {Partial<Figure>} [values]
 * @returns {Figure}
 */
const figure = (name, kind, values = {}) => ({
  name,
  label: `The ${name}`,
  axis: null,
  kind,
  column: "shown",
  limit: null,
  at_input_size: false,
  ...values,
});

/** A figure of every kind, including kinds that no site has. */
export const FIGURES = [
  figure("name", "text"),
  figure("family", "text"),
  figure("rank", "count"),
  figure("parameters", "count", { axis: "All parameters", limit: "25M" }),
  figure("parameter_bytes", "bytes", { axis: "Parameter memory", limit: "90 MiB" }),
  figure("macs", "macs", { axis: "MACs of one image", limit: "4.5 GMACs", at_input_size: true }),
  figure("input_size", "size", { axis: "Input size, pixels", limit: "256" }),
  figure("feature_strides", "numbers", { column: "on request" }),
  figure("tags", "number of"),
  figure("license_classes", "texts"),
  figure("tag_license_classes", "texts", { column: null }),
  figure("watts", "count", { column: "on request", limit: "300" }),
  figure("top1", "percent", { column: "on request", limit: "80 %", axis: "Top-1" }),
  figure("top1_tag", "text", { column: "on request" }),
  figure("largest_batch", "count", { column: "on request", limit: "32", at_input_size: true }),
  figure("fixture", "flag", { column: null }),
];

export const WORDS = { unknown: "not known", undefined: "~", none: "nothing" };
/** Classes of licences. */
export const CLASSES = ["permissive", "copyleft", "non-commercial"];

export const TEST_SETS = { val: "Validation", hard: "Hard images" };
export const CARD = { size: 24, setting: "train", settings: { infer: "Inference", train: "Training" } };

const PLAIN = {
  name: "",
  family: "tiny",
  rank: 1,
  parameters: 1000,
  parameter_bytes: 4000,
  macs: /** @type {number | null} */ (5000),
  input_size: /** @type {number[] | null} */ ([3, 224, 224]),
  feature_strides: /** @type {number[] | null} */ ([4, 8, 16, 32]),
  tags: ["in1k"],
  license_classes: ["permissive"],
  tag_license_classes: ["permissive"],
  watts: /** @type {number | null} */ (70),
  top1: /** @type {number | null} */ (80.125),
  top1_tag: /** @type {string | null} */ ("in1k"),
  largest_batch: /** @type {number | null} */ (64),
  fixture: false,
};

/**
 * Make a catalog of models with these values, and plain ones elsewhere. It is read from an index, as on the site.
 * @param {Partial<typeof PLAIN>[]} models
 * @returns {Catalog}
 */
export function catalog(...models) {
  /** @type {Record<string, unknown>[]} */
  const whole = models.map((values) => ({ ...PLAIN, ...values }));
  const values = Object.fromEntries(FIGURES.map(({ name }) => [name, whole.map((model) => model[name])]));
  return fromIndex({
    figures: FIGURES,
    compared: { least: 2, most: 4 },
    words: WORDS,
    classes: CLASSES,
    card: CARD,
    test_sets: TEST_SETS,
    differences: [],
    relative: {},
    places: {},
    values,
  });
}

/** @param {Partial<typeof PLAIN>} values @returns {Model} */
export function model(values) {
  return /** @type {Model} */ (catalog(values).models[0]);
}

/** @param {string} name @returns {Figure} */
export function declared(name) {
  return /** @type {Figure} */ (FIGURES.find((figure) => figure.name === name));
}
