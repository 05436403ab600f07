/**
 * What is known of each model, /data/models/<model>.json: fetched once a page, for the models that are asked for alone.
 * @module
 */

import { loadCatalog, nearestNames } from "./catalog.js";

/**
 * A parameter tensor. Parameters are a number of elements.
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
 * A line of what is set side by side: how deep it stands, its label, its unit and its value. A heading has no unit, an
 * unknown value is null.
 * @typedef {[depth: number, label: string, unit: string | null, value: number | null]} Line
 */

/**
 * What this site's scripts read of a model's document. The guide describes all of it, under "Data files".
 * @typedef {object} ModelDocument
 * @property {string} name
 * @property {string} family
 * @property {number} rank
 * @property {number[] | null} input_size
 * @property {string[]} unlisted_operators
 * @property {boolean | null} features_only
 * @property {string | null} features_reason
 * @property {string[]} tags
 * @property {string[]} licenses
 * @property {string} signature
 * @property {string} checkpoint_signature
 * @property {Weights[]} weights
 * @property {Tensor[]} tensors
 * @property {Level[]} pyramid
 * @property {Record<string, [type: string, macs: number | null]>} modules
 * @property {Record<string, [tensors: number, parameters: number]>} forms
 * @property {boolean | null} has_deploy_form
 * @property {Line[]} figures
 */

/**
 * A name of which there is no model: what is to be said of it, and the names that may be meant.
 * @typedef {{sentence: string, nearest: string[]}} Unknown
 */

/** How many names are told where one is not known. */
const NEAREST = 3;
const DATA = new URL("../../data/", import.meta.url);

/** @type {Map<string, Promise<ModelDocument | Unknown>>} */
const loaded = new Map();

/**
 * What is known of a model, or of a name that is none. What failed to load is asked for again by the next call.
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
  // What no model can be called is no part of an address.
  if (!/^\w[\w.-]*$/.test(name)) return unknown(name);
  const response = await answer(`models/${name}.json`);
  if (response.status === 404) return unknown(name);
  if (!response.ok) throw new Error(`What is known of ${name} could not be loaded (HTTP ${response.status}).`);
  return response.json();
}

/** @param {string} path below /data/ @returns {Promise<Response>} */
async function answer(path) {
  try {
    return await fetch(new URL(path, DATA));
  } catch {
    throw new Error(`${path} could not be loaded: there was no answer.`);
  }
}

/** @param {string} name @returns {Promise<Unknown>} */
async function unknown(name) {
  const [models, response] = await Promise.all([loadCatalog(), answer("renamed.json")]);
  if (!response.ok) throw new Error(`The names that timm has changed could not be loaded (HTTP ${response.status}).`);
  return explained(name, await response.json(), models.map((model) => model.name));
}

/**
 * The words of the terminal for a name that is not known.
 * @param {string} name
 * @param {Record<string, string | null>} renamed deprecated names, with what took their place
 * @param {string[]} names of all models
 * @returns {Unknown}
 */
export function explained(name, renamed, names) {
  const now = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
  if (now) {
    const model = String(now.split(".")[0]);
    return { sentence: `${name} is a deprecated name of ${now}.`, nearest: [model] };
  }
  if (now === null) return { sentence: `${name} was removed from timm without a replacement.`, nearest: [] };
  // Weights are named by model and tag; models are what is compared.
  const [model = ""] = name.split(".");
  if (model !== name && names.includes(model)) {
    return { sentence: `${name} names weights; models are compared.`, nearest: [model] };
  }
  return { sentence: `No model is named ${name}.`, nearest: nearestNames(name, names, NEAREST) };
}
