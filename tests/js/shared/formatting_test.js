// tests/test_scripts.py tests that these are the texts of the pages.
import assert from "node:assert/strict";
import { integer, memory, metric, percent, pixels, plural } from "../../../docs/assets/js/shared/formatting.js";

Deno.test("a figure has its unit", () => {
  assert.equal(integer(5831848), "5,831,848");
  assert.equal(memory(23324896), "22.244 MiB");
  assert.equal(metric(4111514624, "MACs"), "4.112 GMACs");
  assert.equal(percent(2, 3), "66.67");
  assert.equal(pixels([3, 224, 224]), "3 × 224 × 224");
  assert.equal(plural(1, "tag"), "1 tag");
  assert.equal(plural(2000, "family", "families"), "2,000 families");
});
