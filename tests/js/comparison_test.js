// That lines and words are those of the terminal is what tests/test_comparison_scripts.py is about.
import assert from "node:assert/strict";
import { differenceText, figureText, shareText, times } from "../../docs/assets/js/comparison.js";
import { explained } from "../../docs/assets/js/documents.js";

Deno.test("a difference has its sign and its unit", () => {
  assert.equal(differenceText(21797672, 11689512, ""), "+10,108,160");
  assert.equal(differenceText(1024, 3 * 1024, "bytes"), "−2.000 KiB");
  assert.equal(differenceText(3e9, 1e9, "MACs"), "+2.000 GMACs");
  assert.equal(differenceText(5, 7, "elements"), "−2 elements");
  assert.equal(differenceText(7, 7, "bytes"), "same");
});

Deno.test("what is not known has neither difference nor ratio", () => {
  assert.deepEqual([differenceText(null, 5, ""), differenceText(5, null, ""), times(null, 5), times(5, null)], [
    "",
    "",
    "",
    "",
  ]);
  assert.equal(figureText(null, "elements"), "unknown");
});

Deno.test("a ratio to nothing says nothing, and one that is too small says so", () => {
  assert.deepEqual([times(5, 0), times(1, 1000), times(0, 5), times(3, 2)], ["", "×<0.01", "×0.00", "×1.50"]);
});

Deno.test("a share that is too small to show is not nothing", () => {
  assert.deepEqual([shareText(1, 1e6), shareText(0, 5), shareText(0, 0)], ["<0.01", "0.00", "–"]);
});

Deno.test("a name that is none is told with what took its place, or the nearest", () => {
  const renamed = { old: "resnet50.tv_in1k", gone: null };
  const names = ["resnet50", "resnet18"];
  assert.deepEqual(explained("old", renamed, names), {
    sentence: "old is a deprecated name of resnet50.tv_in1k.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("gone", renamed, names).nearest, []);
  assert.match(explained("gone", renamed, names).sentence, /was removed from timm without a replacement/);
  assert.deepEqual(explained("resnet50.a1_in1k", renamed, names), {
    sentence: "resnet50.a1_in1k names weights; models are compared.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("resnt50", renamed, names), {
    sentence: "No model is named resnt50.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("constructor", renamed, names).nearest, []);
});
