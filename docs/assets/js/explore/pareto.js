/**
 * The Pareto front of two figures.
 * @module
 */

/**
 * The direction in which a figure is better.
 * @typedef {"less" | "more"} Better
 */

/**
 * Find the points on the front, from the best in `x` to the worst. A point is on it if no other is at least as good in
 * both figures, unless it is equal in both.
 * @param {{x: number, y: number}[]} points
 * @param {Better} betterX
 * @param {Better} betterY
 * @returns {number[]} indices of `points`; equal ones keep their order
 */
export function front(points, betterX, betterY) {
  const signX = betterX === "less" ? 1 : -1;
  const signY = betterY === "less" ? 1 : -1;
  const ordered = points
    .map(({ x, y }, place) => ({ x: signX * x, y: signY * y, place }))
    .sort((one, other) => one.x - other.x || one.y - other.y || one.place - other.place);
  /** @type {typeof ordered} */
  const kept = [];
  for (const point of ordered) {
    // Only earlier points can beat this one, and the last one kept has the best y of them.
    const last = kept.at(-1);
    if (!last || point.y < last.y || (point.y === last.y && point.x === last.x)) kept.push(point);
  }
  return kept.map(({ place }) => place);
}
