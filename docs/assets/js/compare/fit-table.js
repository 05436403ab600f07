/**
 * Table of the largest batches of the models that fit on a card, whose memory a reader can change.
 * @module
 */

import { bar, element } from "../shared/elements.js";
import { largestBatch } from "../shared/fitting.js";
import { gigabytesText, parseGigabytes } from "../shared/gigabytes.js";
import { integer } from "../shared/formatting.js";
import { times } from "./comparison.js";
import { frame } from "./comparison-tables.js";

/** @typedef {import("./comparison-tables.js").Compared} Compared */
/** @typedef {import("../shared/catalog.js").Card} Card */
/** @typedef {import("../shared/fitting.js").Limits} Limits */

/**
 * @param {Compared} compared
 * @param {{card: Card, limits: Record<string, Limits>}} declared
 * @param {number | null} gpu GB of the card; null for the usual one
 * @param {(gpu: number | null) => void} choose called when a reader changes it
 * @returns {HTMLElement[]}
 */
export function fitSection(compared, { card, limits }, gpu, choose) {
  const { documents, base, words } = compared;
  const size = gpu ?? card.size;
  const rows = Object.entries(card.settings).map(([key, label]) => {
    const batches = documents.map(({ lines }) =>
      largestBatch(lines[key] ?? null, /** @type {Limits} */ (limits[key]), size)
    );
    const greatest = Math.max(...batches.map((batch) => batch ?? 0));
    const first = batches[base] ?? null;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      ...batches.map((batch, place) =>
        element(
          "td",
          place === base ? { class: "of-base" } : {},
          element("b", {}, batch === null ? words.unknown : integer(batch)),
          batch !== null && greatest > 0 && bar(batch / greatest),
          place !== base && batch !== null && first ? element("small", {}, times(batch, first)) : "",
        )
      ),
    );
  });
  return [
    field(size, card, choose),
    frame("Largest batch on a GPU", compared, [element("tbody", {}, ...rows)]),
    element(
      "p",
      {},
      "Images at a time at each model's input size, if it takes the most that real runs took beyond their estimate. " +
        "0: not a single image.",
    ),
  ];
}

/**
 * @param {number} size
 * @param {Card} card
 * @param {(gpu: number | null) => void} choose
 * @returns {HTMLElement}
 */
function field(size, card, choose) {
  const fault = element("small", { role: "alert", class: "fit-fault" });
  const input = element("input", {
    type: "text",
    value: gigabytesText(size),
    list: "compare-cards",
    spellcheck: "false",
    "data-focus": "gpu",
  });
  input.addEventListener("change", () => {
    const found = input.value.trim() ? parseGigabytes(input.value) : card.size;
    input.setAttribute("aria-invalid", String(found === null));
    fault.textContent = found === null ? `Not understood: e.g. ${gigabytesText(card.size)}` : "";
    if (found !== null) choose(found === card.size ? null : found);
  });
  return element("p", {}, element("label", {}, "Memory of the GPU ", input), " ", fault);
}
