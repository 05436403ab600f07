// tests/test_comparison_scripts.py tests that figures read as in the terminal.
import assert from "node:assert/strict";
import {
  comparisonRows,
  differenceText,
  figureText,
  formNames,
  sharedSentences,
  shareText,
  times,
} from "../../../docs/assets/js/compare/comparison.js";
import { WORDS } from "../models.js";

/** @typedef {import("../../../docs/assets/js/compare/documents.js").ModelDocument} ModelDocument */
/** @typedef {import("../../../docs/assets/js/compare/documents.js").Line} Line */

/** @param {Partial<ModelDocument>} values @returns {ModelDocument} */
const made = (values) => /** @type {ModelDocument} */ (values);

/**
 * The lines of a comparison with the first, as text.
 * @param {Line[]} lines
 * @param {...unknown[]} values of each model, a line each
 */
function texts(lines, ...values) {
  const documents = values.map((of) =>
    made({
      figures: lines.map(([depth, label, unit], place) => [depth, label, unit, /** @type {any} */ (of[place] ?? null)]),
    })
  );
  return comparisonRows(documents, 0, WORDS).map(({ label, cells }) => [label, ...cells.map(({ text }) => text)]);
}

/** @param {number} depth @param {string} label @param {string | null} [unit] @returns {Line} */
const line = (depth, label, unit = null) => [depth, label, unit, null];

Deno.test("a value reads by its unit, and what is not known by its word", () => {
  const lines = [line(0, "a", "bytes"), line(0, "b", "MACs"), line(0, "c", "elements"), line(0, "d", "")];
  assert.deepEqual(texts(lines, [2048, 3e9, 1500, 7], [null, null, null, null]), [
    ["a", "2.000 KiB", WORDS.unknown],
    ["b", "3.000 GMACs", WORDS.unknown],
    ["c", "1,500 elements", WORDS.unknown],
    ["d", "7", WORDS.unknown],
  ]);
});

Deno.test("a text that is empty for all is left out, and for some it is the sign for nothing", () => {
  assert.deepEqual(texts([line(0, "a", "text"), line(0, "b", "text")], ["", "x"], ["", ""]), [
    ["b", "x", WORDS.undefined],
  ]);
});

Deno.test("a heading of what no model has is one line with the word", () => {
  const lines = [line(0, "Form"), line(1, "one", ""), line(1, "more"), line(2, "two", "bytes"), line(0, "next", "")];
  const none = [null, WORDS.none, null, WORDS.none, 5];
  assert.deepEqual(texts(lines, none, none), [["Form", WORDS.none, WORDS.none], ["next", "5", "5"]]);
  assert.deepEqual(texts(lines, none, [null, 6, null, null, 5]), [
    ["Form"],
    ["one", WORDS.none, "6"],
    ["more"],
    ["two", WORDS.none, WORDS.unknown],
    ["next", "5", "5"],
  ]);
  assert.deepEqual(texts([line(0, "Empty")], [null], [null]), [["Empty"]]);
});

Deno.test("numbers are compared with the base, words are not", () => {
  const documents = [4, 8, WORDS.none, null].map((value) => made({ figures: [[0, "a", "", value]] }));
  const [row] = comparisonRows(documents, 1, WORDS);
  assert.deepEqual(row?.cells.map(({ difference, ratio, share }) => [difference, ratio, share]), [
    ["−4", "×0.50", 0.5],
    ["", "", 1],
    ["", "", null],
    ["", "", null],
  ]);
});

Deno.test("a difference has its sign and its unit", () => {
  assert.equal(differenceText(21797672, 11689512, ""), "+10,108,160");
  assert.equal(differenceText(1024, 3 * 1024, "bytes"), "−2.000 KiB");
  assert.equal(differenceText(3e9, 1e9, "MACs"), "+2.000 GMACs");
  assert.equal(differenceText(5, 7, "elements"), "−2 elements");
  assert.equal(differenceText(7, 7, "bytes"), "same");
  assert.equal(figureText(7, "elements"), "7 elements");
});

Deno.test("what is not known has neither difference nor ratio", () => {
  assert.deepEqual([differenceText(null, 5, ""), differenceText(5, null, ""), times(null, 5), times(5, null)], [
    "",
    "",
    "",
    "",
  ]);
});

Deno.test("a ratio to nothing says nothing, and one that is too small says so", () => {
  assert.deepEqual([times(5, 0), times(1, 1000), times(0, 5), times(3, 2)], ["", "×<0.01", "×0.00", "×1.50"]);
});

Deno.test("a share that is too small to show is not nothing, and of nothing there is none", () => {
  assert.deepEqual([shareText(1, 1e6, WORDS), shareText(0, 5, WORDS), shareText(0, 0, WORDS)], [
    "<0.01",
    "0.00",
    WORDS.undefined,
  ]);
});

Deno.test("models share what has the same key, in a sentence with the words of the data", () => {
  /** @param {...(string | null)} keys of the first models by name */
  const said = (...keys) =>
    sharedSentences(keys.map((key, place) => made({ name: "abcd".charAt(place), shares: [[key, "sing"]] }))).join();
  assert.equal(said("x", "x"), "Both sing.");
  assert.equal(said("x", "x", "x"), "All of them sing.");
  assert.equal(said("x", "y"), "No two of them sing.");
  assert.equal(said(null, null), "No two of them sing.");
  assert.equal(said("x", "y", "x", "y"), "a and c sing; b and d sing.");
});

Deno.test("forms are in the order of their ranks", () => {
  /** @param {...string} forms */
  const document = (...forms) => made({ forms: Object.fromEntries(forms.map((form) => [form, [1, 1]])) });
  assert.deepEqual(formNames([document("Matrix", "4D tensor"), document("Vector", "3D tensor", "Scalar")]), [
    "Scalar",
    "Vector",
    "Matrix",
    "3D tensor",
    "4D tensor",
  ]);
});
