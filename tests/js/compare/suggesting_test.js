import assert from "node:assert/strict";
import { suggested } from "../../../docs/assets/js/compare/suggesting.js";
import { catalog } from "../models.js";

const { models } = catalog(
  { name: "net_50", parameters: 5000, tags: ["a1_in1k"] },
  { name: "net_50d", parameters: 6000, tags: [] },
  { name: "other", parameters: 70, tags: [] },
);
const RENAMED = { old: "net_50d.in1k", gone: null };
/** @param {string} text */
const names = (text) => suggested(text, models, RENAMED).suggestions.map(({ name }) => name);

Deno.test("what a text names for certain comes first, and is taken", () => {
  assert.deepEqual(names("Net 50"), ["net_50", "net_50d"]);
  assert.deepEqual(names("net_50.a1_in1k"), ["net_50", "net_50d"]);
  assert.deepEqual(suggested("old", models, RENAMED), {
    suggestions: [{ name: "net_50d", note: "6,000 parameters. old is a deprecated name of net_50d.in1k." }],
    certain: true,
  });
});

Deno.test("a guess is offered, and not taken", () => {
  assert.deepEqual(names("nett_50"), ["net_50", "net_50d"]);
  assert.equal(suggested("nett_50", models, RENAMED).certain, false);
  assert.deepEqual(suggested("zzzzzz", models, RENAMED), { suggestions: [], certain: false });
});
