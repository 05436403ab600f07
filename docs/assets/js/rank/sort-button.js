/**
 * Button in a column's heading that sorts by the column.
 * @module
 */

import { element } from "../shared/elements.js";

/**
 * @param {string} column
 * @param {string} heading
 * @returns {HTMLButtonElement}
 */
export function sortButton(column, heading) {
  return element("button", { type: "button", name: "sort", value: column }, heading);
}
