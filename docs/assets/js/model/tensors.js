/**
 * Rows of a layer table: finding them by a text, and sorting them.
 * @module
 */

/**
 * A row as the texts of its cells: name, shape, squeezed shape, number of parameters, form.
 * @typedef {object} Tensor
 * @property {string[]} cells
 */

/** The columns of the layer table. */
export const NAME = 0, SHAPE = 1, SQUEEZED = 2, PARAMETERS = 3, FORM = 4;

/**
 * Find the rows that contain every word of a text, in any case: in the name, a shape or the form.
 * @template {Tensor} T
 * @param {T[]} tensors
 * @param {string} text words separated by spaces
 * @returns {T[]}
 */
export function matchingTensors(tensors, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return tensors;
  return tensors.filter(({ cells }) => {
    const searched = [cells[NAME], cells[SHAPE], cells[SQUEEZED], cells[FORM]].join("\n").toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/**
 * Sort rows by a column. Equal ones keep their order, ascending or descending.
 * @template {Tensor} T
 * @param {T[]} tensors
 * @param {number} column
 * @param {boolean} descending
 * @returns {T[]}
 */
export function sortedTensors(tensors, column, descending) {
  const direction = descending ? -1 : 1;
  return tensors
    .map((tensor) => ({ tensor, key: sortKey(tensor.cells, column) }))
    .sort((one, other) => direction * compared(one.key, other.key))
    .map(({ tensor }) => tensor);
}

/**
 * Make the sort key of a row: numbers in a name count as numbers, shapes go by dimension, forms by rank.
 * @param {string[]} cells
 * @param {number} column
 * @returns {(string | number)[]} to be compared part by part
 */
function sortKey(cells, column) {
  const text = cells[column] ?? "";
  if (column === PARAMETERS) return [Number(text)];
  if (column === SHAPE || column === SQUEEZED) return dimensions(text);
  if (column === FORM) return [dimensions(cells[SQUEEZED] ?? "").length];
  return (text.match(/\d+|\D+/g) ?? []).map((part) => /\d/.test(part) ? Number(part) : part);
}

/**
 * @param {string} text a shape as Python writes it, e.g. `(64,)`
 * @returns {number[]}
 */
function dimensions(text) {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/**
 * @param {(string | number)[]} one
 * @param {(string | number)[]} other
 * @returns {number} below 0 where the first comes first; numbers come before text, and a beginning before the whole
 */
function compared(one, other) {
  for (let place = 0; place < Math.min(one.length, other.length); place += 1) {
    const [left, right] = [/** @type {string | number} */ (one[place]), /** @type {string | number} */ (other[place])];
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return one.length - other.length;
}

/**
 * @param {Tensor[]} tensors
 * @returns {number} their parameters in total
 */
export function parametersOf(tensors) {
  return tensors.reduce((sum, { cells }) => sum + Number(cells[PARAMETERS]), 0);
}
