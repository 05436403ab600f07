/**
 * Documents of single models, /data/models/<model>.json: each fetched when first needed, once per page.
 * @module
 */

import { loadCatalog, loadRenamed } from "../shared/catalog.js";
import { LoadError, loadJson } from "../shared/loading.js";
import { meaning, nearest, saysMore, withoutPrefix } from "../shared/names.js";

/**
 * A parameter tensor; `parameters` is its number of elements.
 * @typedef {{name: string, shape: number[], parameters: number}} Tensor
 */

/**
 * A set of weights.
 * @typedef {object} Weights
 * @property {string} tag
 * @property {boolean} is_default
 * @property {number} num_classes 0 for weights without a classifier
 * @property {number[]} input_size channels, height and width in pixels
 * @property {string | null} license null where timm names none
 * @property {string} license_class
 */

/**
 * A level of a feature pyramid: stride in pixels of the input, height and width in elements.
 * @typedef {{level: number, channels: number, stride: number, height: number, width: number}} Level
 */

/**
 * A line of a comparison: its depth, label, unit and value.
 *
 * A heading has no unit. With the unit "text", the value is a text, which may be "". With any other unit it is an
 * integer, null where it is not known, or the word for a value that is known not to exist.
 * @typedef {[depth: number, label: string, unit: string | null, value: number | string | null]} Line
 */

/**
 * A property that models with the same key share; `words` is a predicate. A key of null equals no other.
 * @typedef {[key: string | null, words: string]} Share
 */

/**
 * The parts of a model's document that scripts read. The guide describes all of it, under "Data files".
 * @typedef {object} ModelDocument
 * @property {string} name
 * @property {Line[]} figures the same lines in the same order for every model
 * @property {Record<string, import("../shared/fitting.js").Lines>} lines over the batch, by setting
 * @property {Share[]} shares the same words in the same order for every model
 * @property {boolean | null} features_only
 * @property {string | null} features_reason
 * @property {string[]} tags
 * @property {string[]} licenses
 * @property {Weights[]} weights
 * @property {Tensor[]} tensors
 * @property {Level[]} pyramid
 * @property {Record<string, [type: string, macs: number | null]>} modules
 * @property {Record<string, [tensors: number, parameters: number]>} forms
 */

/**
 * A name that no model has: a sentence about it, and the names that may be meant.
 * @typedef {{sentence: string, nearest: string[]}} Unknown
 */

/** How many names are suggested for an unknown one. */
const NEAREST = 3;

/** @type {Map<string, Promise<ModelDocument | Unknown>>} */
const loaded = new Map();

/**
 * Load a model's document, or find out why no model has the name. After a failure, the next call tries again.
 * @param {string} name
 * @returns {Promise<ModelDocument | Unknown>}
 * @throws {Error} a file could not be fetched; the message is for readers
 */
export function loadDocument(name) {
  const found = loaded.get(name) ?? fetched(name);
  loaded.set(name, found);
  found.catch(() => loaded.delete(name));
  return found;
}

/**
 * @param {ModelDocument | Unknown} found
 * @returns {found is Unknown}
 */
export function isUnknown(found) {
  return "sentence" in found;
}

/** @param {string} name @returns {Promise<ModelDocument | Unknown>} */
async function fetched(name) {
  // A name that no model can have is kept out of addresses.
  if (!/^\w[\w.-]*$/.test(name)) return unknown(name);
  try {
    return await loadJson(`data/models/${name}.json`, `What is known of ${name}`);
  } catch (error) {
    if (error instanceof LoadError && error.status === 404) return unknown(name);
    throw error;
  }
}

/** @param {string} name @returns {Promise<Unknown>} */
async function unknown(name) {
  const [{ models }, renamed] = await Promise.all([loadCatalog(), loadRenamed()]);
  return explained(name, renamed, models);
}

/**
 * Explain a name that is not known, in the terminal's words.
 * @param {string} name
 * @param {Record<string, string | null>} renamed deprecated names, with their replacements
 * @param {import("../shared/names.js").Named[]} models all models
 * @returns {Unknown}
 */
export function explained(name, renamed, models) {
  const found = meaning(name, models, renamed);
  if (found?.note && saysMore(name, found)) return { sentence: found.note, nearest: [found.name] };
  const plain = withoutPrefix(name);
  const now = Object.hasOwn(renamed, plain) ? renamed[plain] : undefined;
  if (now === null) return { sentence: `${name} was removed from timm without a replacement.`, nearest: [] };
  if (found && !found.tag) return { sentence: `No model is named ${name}.`, nearest: [found.name] };
  // Weights are named by model and tag, but only models are compared.
  const [model = ""] = plain.split(".");
  if (model !== plain && models.some((other) => other.name === model)) {
    return { sentence: `${name} names weights; models are compared.`, nearest: [model] };
  }
  const names = nearest(name, models, NEAREST).map((match) => match.name);
  return { sentence: `No model is named ${name}.`, nearest: names };
}
