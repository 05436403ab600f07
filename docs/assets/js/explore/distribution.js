/**
 * Distribution: how many values lie in each of many steps, which are equally wide in values or in their logarithms.
 * @module
 */

/**
 * List the edges of the steps from the least value to the greatest, ascending: one more than there are steps.
 * @param {number[]} values where empty, there are no edges
 * @param {number} steps
 * @param {boolean} log equally wide in logarithms; values have to be positive then
 * @returns {number[]}
 */
export function edges(values, steps, log) {
  if (!values.length) return [];
  let low = values.reduce((least, value) => Math.min(least, value));
  let high = values.reduce((most, value) => Math.max(most, value));
  // Where all values are equal, they are in the middle of one step.
  if (low === high) return log ? [low / 2, low * 2] : [low - 1, low + 1];
  if (log) [low, high] = [Math.log10(low), Math.log10(high)];
  const width = (high - low) / steps;
  const found = Array.from({ length: steps + 1 }, (_, step) => (step === steps ? high : low + step * width));
  return log ? found.map((edge) => 10 ** edge) : found;
}

/**
 * Count the values in each step. A value on an edge belongs to the step above it, the greatest to the last step.
 * Values outside count in the first or the last step, so that the rounding of an edge loses none.
 * @param {number[]} values
 * @param {number[]} edges ascending
 * @returns {number[]} one less than there are edges
 */
export function counts(values, edges) {
  const found = Array.from({ length: Math.max(0, edges.length - 1) }, () => 0);
  for (const value of values) {
    let step = 0;
    while (step < found.length - 1 && value >= /** @type {number} */ (edges[step + 1])) step += 1;
    if (found.length) found[step] = /** @type {number} */ (found[step]) + 1;
  }
  return found;
}
