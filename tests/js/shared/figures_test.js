import assert from "node:assert/strict";
import {
  axesOf,
  columnsOf,
  isNumeric,
  keyOf,
  limitedOf,
  limitsOf,
  limitText,
  numberOf,
  quantityOf,
  textOf,
} from "../../../docs/assets/js/shared/figures.js";
import { declared, FIGURES, WORDS } from "../models.js";

/** @param {{name: string}[]} figures */
const names = (figures) => figures.map(({ name }) => name).join(" ");
/** A value of each figure, by its kind. */
const VALUES = {
  name: "a",
  license_classes: ["permissive", "unknown"],
  tags: ["x", "y"],
  parameters: 5831848,
  macs: 4111514624,
  parameter_bytes: 23324896,
  input_size: [3, 1024, 768],
  feature_strides: [4, 16],
};

Deno.test("where a figure is shown follows from what is declared", () => {
  assert.equal(
    names(columnsOf(FIGURES)),
    "rank name family parameters parameter_bytes macs input_size feature_strides tags license_classes watts " +
      "top1 top1_tag largest_batch",
  );
  assert.equal(names(limitsOf(FIGURES)), "parameters parameter_bytes macs input_size watts top1 largest_batch");
  assert.equal(names(axesOf(FIGURES)), "parameters parameter_bytes macs input_size top1");
});

Deno.test("a value reads by its kind", () => {
  const texts = Object.entries(VALUES).map(([name, value]) => textOf(declared(name), value, WORDS));
  assert.deepEqual(texts, [
    "a",
    "permissive, unknown",
    "2",
    "5,831,848",
    "4.112 GMACs",
    "22.244 MiB",
    "3 × 1024 × 768",
    "4, 16",
  ]);
});

Deno.test("what has no value has the word that came with the data", () => {
  for (const name of ["parameters", "macs", "parameter_bytes", "input_size"]) {
    assert.equal(textOf(declared(name), null, WORDS), WORDS.unknown);
  }
  assert.equal(textOf(declared("feature_strides"), null, WORDS), WORDS.undefined);
  assert.equal(textOf(declared("license_classes"), [], WORDS), WORDS.undefined);
});

Deno.test("a value is sorted and has its place by its kind", () => {
  const keys = Object.entries(VALUES).map(([name, value]) => keyOf(declared(name), value));
  const text = "permissive, unknown";
  assert.deepEqual(keys, ["a", text, 2, 5831848, 4111514624, 23324896, 1024 * 768, "    4,   16"]);
  const numbers = Object.entries(VALUES).map(([name, value]) => numberOf(declared(name), value));
  assert.deepEqual(numbers, [null, null, 2, 5831848, 4111514624, 23324896, 1024 * 768, null]);
  assert.equal(keyOf(declared("license_classes"), []), null);
  assert.deepEqual([keyOf(declared("macs"), null), numberOf(declared("macs"), null)], [null, null]);
});

Deno.test("texts and lists of numbers stand at the left", () => {
  assert.equal(
    names(FIGURES.filter(isNumeric)),
    "rank parameters parameter_bytes macs input_size tags watts top1 largest_batch",
  );
});

Deno.test("a limit counts by the kind, and each side of an input has to be within it", () => {
  assert.deepEqual(limitsOf(FIGURES).map(quantityOf), [
    "count",
    "bytes",
    "macs",
    "pixels",
    "count",
    "percent",
    "count",
  ]);
  assert.deepEqual(limitsOf(FIGURES).map((figure) => limitText(figure, 1500)), [
    "1,500",
    "1.465 KiB",
    "1.500 kMACs",
    "1,500 pixels",
    "1,500",
    "1.50 %",
    "1,500",
  ]);
  const size = declared("input_size");
  assert.deepEqual([limitedOf(size, [3, 1024, 768], "max"), limitedOf(size, [3, 1024, 768], "min")], [1024, 768]);
  assert.equal(limitedOf(size, null, "max"), null);
  assert.equal(limitedOf(declared("watts"), 5, "max"), 5);
  assert.deepEqual([limitedOf(declared("top1"), 80.125, "min"), limitedOf(declared("top1"), null, "min")], [
    80125,
    null,
  ]);
});
