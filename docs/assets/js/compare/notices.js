/**
 * Notices of faults: names that no model has, files that could not be loaded, too few or too many models.
 * @module
 */

import { button, element } from "../shared/elements.js";
import { faultText } from "../shared/faults.js";
import { isUnknown } from "./documents.js";
import { replaced } from "./selection.js";

/** @typedef {import("./documents.js").ModelDocument} ModelDocument */
/** @typedef {import("./documents.js").Unknown} Unknown */
/** @typedef {import("./selection.js").Selection} Selection */
/** @typedef {import("./chosen.js").Go} Go */

/**
 * A name, with its model's document, the explanation that no model has it, or the error on loading.
 * @typedef {{name: string, found: ModelDocument | Unknown | Error}} Answer
 */

/** @param {ModelDocument | Unknown | Error} found @returns {found is ModelDocument} */
export function isDocument(found) {
  return !(found instanceof Error) && !isUnknown(found);
}

/**
 * @param {Selection} selection
 * @param {Answer[]} answers
 * @param {import("../shared/catalog.js").Compared} compared
 * @param {Go} go
 * @param {() => void} again loads the failed files again
 * @param {import("../shared/address.js").Fault[]} faults what is not understood in the address
 * @returns {HTMLElement[]} items of a list
 */
export function notices(selection, answers, { least, most }, go, again, faults) {
  const items = faults.map((fault) => element("li", {}, faultText(fault)));
  items.push(...answers.flatMap(({ name, found }) => {
    if (found instanceof Error) return [element("li", {}, `${found.message} `, button({}, again, "Try again"))];
    return isUnknown(found) ? [unknownItem(selection, name, found, go)] : [];
  }));
  if (selection.surplus.length) {
    const left = selection.surplus.join(", ");
    items.push(element("li", {}, `At most ${most} models are compared; left out: ${left}.`));
  }
  const known = answers.filter(({ found }) => isDocument(found)).length;
  if (selection.names.length && known < least && !answers.some(({ found }) => found instanceof Error)) {
    items.push(element("li", {}, known ? "Add one more model to compare." : "Add two models to compare."));
  }
  return items;
}

/** @param {Selection} selection @param {string} name @param {Unknown} unknown @param {Go} go */
function unknownItem(selection, name, { sentence, nearest }, go) {
  const made = element("li", {}, sentence);
  if (nearest.length) made.append(nearest.length > 1 ? " Nearest: " : " Take ");
  nearest.forEach((meant, place) => {
    const take = button(
      { "aria-label": `Take ${meant} in its place` },
      () => go(replaced(selection, name, meant), `${meant} is taken.`, `remove ${meant}`),
      meant,
    );
    made.append(place ? ", " : "", take);
  });
  if (nearest.length) made.append(nearest.length > 1 ? "." : " in its place.");
  return made;
}
