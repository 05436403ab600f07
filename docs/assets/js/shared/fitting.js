/**
 * Largest batches that fit on a GPU, from the lines over the batch that say what each model takes. The same arithmetic
 * as in generator/facts/cards.py; tests/test_scripts.py compares the two.
 * @module
 */

import { jsonLoader } from "./loading.js";

/** @typedef {import("./catalog.js").Catalog} Catalog */

/** Bytes of a GB. */
const GB = 1e9;
/**
 * What makes a largest batch of lines: the bytes of a GPU that no run can have, and the ranges of batches, the largest
 * first: the first batch, that after the last (null for none), and the factor by which runs took more than estimated.
 * @typedef {{taken: number, bands: [first: number, after: number | null, factor: number][]}} Limits
 */

/**
 * Bytes that are there always; pairs of constant bytes and bytes for each image, from batch 2 on; and those at batch 1
 * where they differ. Null where that cannot run.
 * @typedef {[resident: number, several: number[], single?: number[]] | null} Lines
 */

/** @typedef {Limits & {models: Lines[]}} Setting lines of all models, in the order of ranks */

const loadLines = jsonLoader("The memory of the models");

/**
 * Find the largest batch that fits on a card.
 * @param {Lines} lines
 * @param {Limits} limits
 * @param {number} size of the card, in GB
 * @returns {number | null} 0 where not a single image fits; null where that cannot run or is not known
 */
export function largestBatch(lines, { taken, bands }, size) {
  if (!lines) return null;
  for (const [first, after, factor] of bands) {
    const most = within(lines, Math.trunc((size * GB - taken) / factor));
    if (most >= first) return after === null ? most : Math.min(most, after - 1);
  }
  return 0;
}

/**
 * @param {NonNullable<Lines>} lines
 * @param {number} available bytes
 * @returns {number} the largest batch whose estimate is at most these bytes
 */
function within([resident, several, single = several], available) {
  const left = available - resident;
  let most = Infinity;
  let fits = several.length > 0;
  for (let place = 0; place < several.length; place += 2) {
    const constant = several[place] ?? 0;
    const growing = several[place + 1] ?? 0;
    fits &&= constant <= left;
    if (growing) most = Math.min(most, Math.floor((left - constant) / growing));
  }
  if (fits && most >= 2 && most < Infinity) return most;
  let alone = single.length ? 0 : Infinity;
  for (let place = 0; place < single.length; place += 2) {
    alone = Math.max(alone, (single[place] ?? 0) + (single[place + 1] ?? 0));
  }
  return alone <= left ? 1 : 0;
}

/**
 * Give a catalog whose largest batches are those of a card and a setting.
 * @param {Catalog} catalog as loaded, with those of the usual card and setting
 * @param {Pick<import("./query.js").Query, "gpu" | "run">} asked
 * @returns {Promise<Catalog>}
 * @throws {import("./loading.js").LoadError} the message is for readers
 */
export async function fitted(catalog, { gpu, run }) {
  /** @type {Setting} */
  const setting = await loadLines(`data/lines/${run || catalog.card.setting}.json`);
  const size = gpu ?? catalog.card.size;
  const models = catalog.models.map((model, place) => ({
    ...model,
    largest_batch: largestBatch(setting.models[place] ?? null, setting, size),
  }));
  return { ...catalog, models };
}
