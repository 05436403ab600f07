import assert from "node:assert/strict";
import { shapeText, tensorDifference } from "../../../docs/assets/js/compare/difference.js";
import { merged } from "../../../docs/assets/js/compare/merging.js";

/** @param {string} name @param {...number} shape */
const tensor = (name, ...shape) => ({ name, shape, parameters: shape.reduce((product, size) => product * size, 1) });

Deno.test("every key is there once, where its own list has it", () => {
  assert.deepEqual(merged([["a", "b", "d"], ["a", "c", "d", "e"]]), ["a", "c", "b", "d", "e"]);
  assert.deepEqual(merged([["b"], ["a", "b", "c"]]), ["a", "b", "c"]);
  assert.deepEqual(merged([["a"], [], ["b"], ["a"]]), ["b", "a"]);
  assert.deepEqual(merged([]), []);
});

Deno.test("lists that agree keep their orders, all of them", () => {
  const lists = [["a", "b", "c", "f"], ["b", "d", "f"], ["a", "e", "f", "g"]];
  const order = merged(lists);
  for (const list of lists) assert.deepEqual(order.filter((key) => list.includes(key)), list);
});

Deno.test("tensors are equal, changed, or in one of the models alone", () => {
  const here = [tensor("conv.weight", 8, 3, 3, 3), tensor("conv.bias", 8), tensor("fc.weight", 10, 8)];
  const there = [tensor("conv.weight", 8, 3, 3, 3), tensor("bn.weight", 8), tensor("fc.weight", 5, 8)];
  const { entries, counts } = tensorDifference(here, there);
  assert.deepEqual(entries.map(({ name, kind }) => [name, kind]), [
    ["conv.weight", "equal"],
    ["bn.weight", "there"],
    ["conv.bias", "here"],
    ["fc.weight", "changed"],
  ]);
  assert.deepEqual(entries[3], { name: "fc.weight", kind: "changed", here: [10, 8], there: [5, 8] });
  assert.deepEqual(counts, {
    changed: { tensors: 1, here: 80, there: 40 },
    here: { tensors: 1, here: 8, there: 0 },
    there: { tensors: 1, here: 0, there: 8 },
    equal: { tensors: 1, here: 216, there: 216 },
  });
});

Deno.test("as many elements in another shape is a changed shape", () => {
  assert.equal(tensorDifference([tensor("a", 4, 2)], [tensor("a", 2, 4)]).counts.changed.tensors, 1);
  assert.equal(tensorDifference([tensor("a", 1)], [tensor("a")]).counts.changed.tensors, 1);
});

Deno.test("a model without tensors differs in all of the other's", () => {
  assert.deepEqual(tensorDifference([], []).entries, []);
  assert.equal(tensorDifference([], [tensor("a", 4)]).counts.there.tensors, 1);
});

Deno.test("a shape reads as in Python", () => {
  assert.deepEqual([[], [64], [64, 3]].map(shapeText), ["()", "(64,)", "(64, 3)"]);
});
