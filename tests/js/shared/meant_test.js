import assert from "node:assert/strict";
import { meantBy, understood } from "../../../docs/assets/js/shared/meant.js";
import { model } from "../models.js";

const MODELS = ["net_50", "net_50d", "wide_net", "other_net"].map((name) => model({ name, tags: [] }));
const TAGGED = [...MODELS, model({ name: "tiny", tags: ["a1_in1k"] })];
const RENAMED = { old: "tiny.a1_in1k", gone: null };
/** @param {string} asked */
const meant = (asked) => meantBy(asked, TAGGED, RENAMED);

Deno.test("a name with its tag, and one that the model had, mean this model alone", () => {
  assert.deepEqual(meant("tiny.a1_in1k"), { names: ["tiny"], sentence: "tiny.a1_in1k names weights of tiny." });
  assert.deepEqual(meant("timm/old").names, ["tiny"]);
  assert.equal(meant("old").sentence, "old is a deprecated name of tiny.a1_in1k.");
});

Deno.test("separators do not count, and all models are found that hold what was asked", () => {
  assert.deepEqual(meant("net-50"), {
    names: ["net_50", "net_50d"],
    sentence: 'Nothing is named "net-50". Nearest: net_50, net_50d.',
  });
  assert.deepEqual(meant("a1_in1k").names, ["tiny"]);
});

Deno.test("without any of these, the nearest are found, and the sentence names the first of them", () => {
  assert.deepEqual(meant("nnet_50"), {
    names: ["net_50", "net_50d"],
    sentence: 'Nothing is named "nnet_50". Nearest: net_50, net_50d.',
  });
});

Deno.test("what is far from every name means nothing", () => {
  assert.deepEqual(meant("zzzzzz"), { names: [], sentence: 'Nothing is named "zzzzzz".' });
  assert.deepEqual(meant("gone"), { names: [], sentence: "gone was removed from timm without a replacement." });
});

Deno.test("what a model has in its name needs no rule, and loads nothing", async () => {
  assert.equal(await understood("", MODELS), null);
  assert.equal(await understood("NET 50d", MODELS), null);
});
