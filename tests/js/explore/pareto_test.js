import assert from "node:assert/strict";
import { front } from "../../../docs/assets/js/explore/pareto.js";

/** @param {[number, number][]} pairs */
const points = (...pairs) => pairs.map(([x, y]) => ({ x, y }));

Deno.test("on the front is what nothing equals or beats in both figures", () => {
  const found = points([1, 1], [2, 3], [2, 2], [1, 2], [3, 3]);
  assert.deepEqual(front(found, "less", "more"), [3, 1]);
  assert.deepEqual(front(found, "less", "less"), [0]);
  assert.deepEqual(front(found, "more", "less"), [4, 2, 0]);
  assert.deepEqual(front(found, "more", "more"), [4]);
});

Deno.test("equals stand on the front together", () => {
  assert.deepEqual(front(points([4, 5], [4, 5], [5, 5], [4, 4]), "less", "more"), [0, 1]);
});

Deno.test("one point is a front, and none has none", () => {
  assert.deepEqual(front(points([7, 7]), "more", "less"), [0]);
  assert.deepEqual(front([], "more", "less"), []);
});

Deno.test("the front is that of the definition, compared pair by pair", () => {
  // Multiplying by a prime reaches many small pairs, the same in each run.
  const found = points(...Array.from({ length: 60 }, (_, step) => {
    const value = (step * 7919) % 641;
    return /** @type {[number, number]} */ ([value % 13, Math.floor(value / 13) % 11]);
  }));
  const expected = found.flatMap(({ x, y }, place) =>
    found.some((other) => other.x <= x && other.y >= y && (other.x !== x || other.y !== y)) ? [] : [place]
  );
  assert.deepEqual(front(found, "less", "more").toSorted((one, other) => one - other), expected);
});
