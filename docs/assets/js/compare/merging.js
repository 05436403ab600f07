/**
 * Merging of several ordered lists into one, which keeps each order as far as they agree.
 * @module
 */

/**
 * List every key once. A key that only a later list has follows the key that it follows there.
 * @param {string[][]} lists keys, each once in a list
 * @returns {string[]}
 */
export function merged(lists) {
  /** @type {string[]} */
  let order = [];
  for (const list of lists) {
    const known = new Set(order);
    /** @type {Map<string | null, string[]>} */
    const after = new Map();
    /** @type {string | null} */
    let before = null;
    for (const key of list) {
      if (known.has(key)) before = key;
      else if (after.has(before)) after.get(before)?.push(key);
      else after.set(before, [key]);
    }
    order = [...(after.get(null) ?? []), ...order.flatMap((key) => [key, ...(after.get(key) ?? [])])];
  }
  return order;
}
