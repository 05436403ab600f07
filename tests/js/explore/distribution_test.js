import assert from "node:assert/strict";
import { counts, edges } from "../../../docs/assets/js/explore/distribution.js";

Deno.test("steps are equally wide, in values or in their logarithms", () => {
  assert.deepEqual(edges([10, 0, 4], 5, false), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(edges([1, 1000, 30], 3, true).map(Math.round), [1, 10, 100, 1000]);
});

Deno.test("equal values are in one step, and none have none", () => {
  assert.deepEqual(edges([8, 8], 5, true), [4, 16]);
  assert.deepEqual(edges([8, 8], 5, false), [7, 9]);
  assert.deepEqual(edges([], 5, true), []);
  assert.deepEqual(counts([], []), []);
});

Deno.test("a value on an edge belongs to the step above it, and the greatest to the last", () => {
  assert.deepEqual(counts([0, 1, 2, 3, 4, 5, 6], [0, 2, 4, 6]), [2, 2, 3]);
});

Deno.test("no value is lost", () => {
  const values = Array.from({ length: 500 }, (_, step) => 1 + ((step * 7919) % 99991) ** 2);
  for (const log of [true, false]) {
    const found = counts(values, edges(values, 30, log));
    assert.equal(found.length, 30);
    assert.equal(found.reduce((sum, count) => sum + count), values.length);
  }
});
