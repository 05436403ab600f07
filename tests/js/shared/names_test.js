// The rule is that of generator/facts/names.py: both have the same cases.
import assert from "node:assert/strict";
import shared from "../../cases/names.json" with { type: "json" };
import { distances, meaning, nearest } from "../../../docs/assets/js/shared/names.js";

const MODELS = Object.entries(shared.models).map(([name, tags]) => ({ name, tags }));

for (const { asked, found } of shared.cases) {
  Deno.test(`what is near to ${JSON.stringify(asked)} is so in both languages`, () => {
    assert.deepEqual(nearest(asked, MODELS, shared.limit).map(({ name }) => name), found);
  });
}

Deno.test("equals stay in the order of the models, and no more are found than asked for", () => {
  const models = ["net_b", "net_a", "net_c"].map((name) => ({ name, tags: [] }));
  assert.deepEqual(nearest("net", models, 2).map(({ name }) => name), ["net_b", "net_a"]);
});

Deno.test("what differs in letters is a guess, what holds what was asked is none", () => {
  assert.deepEqual(nearest("resnt18", MODELS, 1), [{ name: "resnet18", isExact: false, isGuess: true }]);
  assert.deepEqual(nearest("ResNet 18", MODELS, 1), [{ name: "resnet18", isExact: true, isGuess: false }]);
});

Deno.test("a distance counts letters", () => {
  assert.deepEqual(distances("", "abc"), [3, 0]);
  assert.deepEqual(distances("kitten", "sitting"), [3, 2]);
  assert.deepEqual(distances("same", "same"), [0, 0]);
  assert.deepEqual(distances("renset", "resnet50"), [4, 2]);
});

const { meanings } = shared;
const KNOWN = Object.entries(meanings.models).map(([name, tags]) => ({ name, tags }));

for (const { asked, ...found } of meanings.cases) {
  Deno.test(`what ${JSON.stringify(asked)} names for certain is so in both languages`, () => {
    assert.deepEqual(meaning(asked, KNOWN, meanings.deprecated), found.name === null ? null : found);
  });
}

Deno.test("without guesses, what differs in letters is not found", () => {
  assert.deepEqual(nearest("resnt18", MODELS, 1, false), []);
  assert.equal(nearest("ResNet 18", MODELS, 1, false).length, 1);
});

Deno.test("a distance that does not matter need not be counted", () => {
  assert.deepEqual(distances("kitten", "sitting", 3), [3, 2]);
  assert.deepEqual(distances("kitten", "other", 1), [Infinity, Infinity]);
});
