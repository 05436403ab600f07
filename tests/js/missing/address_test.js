import assert from "node:assert/strict";
import { askedFor } from "../../../docs/assets/js/missing/address.js";

Deno.test("an address asks for its last part", () => {
  for (
    const path of [
      "/models/resnet55/",
      "/models/resnet55",
      "/atlas/models/resnet55/index.html",
      "/models/resnet55/index.md",
      "/data/models/resnet55.json",
      "/models/resnet55.html",
    ]
  ) {
    assert.equal(askedFor(path), "resnet55");
  }
});

Deno.test("what is escaped is read, and what is escaped wrongly asks for nothing", () => {
  assert.equal(askedFor("/models/res%20net/"), "res net");
  assert.equal(askedFor("/models/%5/"), "");
  assert.equal(askedFor("/"), "");
});
