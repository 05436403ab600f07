/**
 * Several orders to one, in which each of them is kept as far as they agree.
 * @module
 */

/**
 * Every key once. What only a later list has comes after what it comes after there.
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
