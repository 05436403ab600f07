import assert from "node:assert/strict";
import { familiesOf, fromIndex, stridesOf } from "../../../docs/assets/js/shared/catalog.js";
import { CARD, model, TEST_SETS, WORDS } from "../models.js";

Deno.test("a model has the values at its place, by the names of the figures", () => {
  const figures = ["name", "macs", "tags"].map((name) => ({
    name,
    label: name,
    axis: null,
    kind: /** @type {const} */ ("text"),
    column: null,
    limit: null,
  }));
  const index = {
    figures,
    compared: { least: 2, most: 3 },
    words: WORDS,
    classes: ["free"],
    card: CARD,
    test_sets: TEST_SETS,
    differences: ["rank"],
    relative: { bytes: /** @type {[string, number]} */ (["macs", 4]) },
    places: { best: "tags" },
    values: {
      name: ["a", "b"],
      macs: [5, null],
      tags: [["x", "y"], []],
      rank: [1, 2],
      bytes: [3, null],
      best: [1, -1],
    },
  };
  const { values: _, differences: _d, relative: _r, places: _p, ...rest } = index;
  assert.deepEqual(fromIndex(index), {
    ...rest,
    models: [
      { name: "a", macs: 5, tags: ["x", "y"], rank: 1, bytes: 23, best: "y" },
      { name: "b", macs: null, tags: [], rank: 3, bytes: null, best: "" },
    ],
  });
});

Deno.test("families are there once, by the alphabet", () => {
  assert.deepEqual(familiesOf(["b", "a", "b"].map((family) => model({ family }))), ["a", "b"]);
});

Deno.test("strides are there once, the smallest first", () => {
  const models = [[16, 8], null, [8, 32]].map((feature_strides) => model({ feature_strides }));
  assert.deepEqual(stridesOf(models), [8, 16, 32]);
});
