import assert from "node:assert/strict";
import {
  FORM,
  matchingTensors,
  NAME,
  PARAMETERS,
  parametersOf,
  SHAPE,
  sortedTensors,
  SQUEEZED,
} from "../../../docs/assets/js/model/tensors.js";

const TENSORS = [
  ["blocks.0.attn.qkv.weight", "(768, 256, 1, 1)", "(768, 256)", "196608", "Matrix"],
  ["blocks.0.attn.qkv.bias", "(768,)", "(768,)", "768", "Vector"],
  ["blocks.10.conv.weight", "(64, 3, 7, 7)", "(64, 3, 7, 7)", "9408", "Tensor rank 4"],
  ["blocks.2.scale", "()", "()", "1", "Scalar"],
  ["Head.bias", "(1000,)", "(1000,)", "1000", "Vector"],
].map((cells) => ({ cells }));

/** @param {{cells: string[]}[]} tensors */
const names = (tensors) => tensors.map(({ cells }) => cells[NAME]);
/** @param {number} column @param {boolean} [descending] */
const sorted = (column, descending = false) => names(sortedTensors(TENSORS, column, descending));

Deno.test("every word has to be in the name, a shape or the form, whatever its case", () => {
  /** @param {string} text */
  const found = (text) => names(matchingTensors(TENSORS, text)).join(" ");
  assert.equal(found("ATTN weight"), "blocks.0.attn.qkv.weight");
  assert.equal(found("vector"), "blocks.0.attn.qkv.bias Head.bias");
  assert.equal(found(" (768, 256) "), "blocks.0.attn.qkv.weight");
  assert.equal(found("head"), "Head.bias");
  assert.equal(found("rank 4"), "blocks.10.conv.weight");
  assert.equal(found("attn conv"), "");
  assert.equal(matchingTensors(TENSORS, "  "), TENSORS);
});

Deno.test("a number of parameters is not searched for: 1000 would find what has a million", () => {
  assert.deepEqual(names(matchingTensors(TENSORS, "9408")), []);
});

Deno.test("numbers in names count as numbers", () => {
  assert.deepEqual(sorted(NAME), [
    "Head.bias",
    "blocks.0.attn.qkv.bias",
    "blocks.0.attn.qkv.weight",
    "blocks.2.scale",
    "blocks.10.conv.weight",
  ]);
  assert.deepEqual(names(sortedTensors([{ cells: ["a.b"] }, { cells: ["a.1"] }, { cells: ["a"] }], NAME, false)), [
    "a",
    "a.1",
    "a.b",
  ]);
});

Deno.test("shapes are sorted dimension by dimension, the shorter first", () => {
  const order = ["blocks.2.scale", "blocks.10.conv.weight", "blocks.0.attn.qkv.bias", "blocks.0.attn.qkv.weight"];
  assert.deepEqual(sorted(SHAPE), [...order, "Head.bias"]);
  assert.deepEqual(sorted(SQUEEZED, true), ["Head.bias", ...order.toReversed()]);
});

Deno.test("parameters are sorted as numbers, forms by their rank", () => {
  assert.deepEqual(sorted(PARAMETERS).map((name) => name?.split(".").at(-1)), [
    "scale",
    "bias",
    "bias",
    "weight",
    "weight",
  ]);
  assert.deepEqual(sorted(FORM)[0], "blocks.2.scale");
  assert.deepEqual(sorted(FORM)[4], "blocks.10.conv.weight");
});

Deno.test("equals keep their order, both ways", () => {
  const vectors = ["blocks.0.attn.qkv.bias", "Head.bias"];
  assert.deepEqual(sorted(FORM).slice(1, 3), vectors);
  assert.deepEqual(sorted(FORM, true).slice(2, 4), vectors);
});

Deno.test("parameters sum up", () => {
  assert.equal(parametersOf(TENSORS), 196608 + 768 + 9408 + 1 + 1000);
  assert.equal(parametersOf([]), 0);
});
