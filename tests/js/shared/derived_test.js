import assert from "node:assert/strict";
import { best } from "../../../docs/assets/js/shared/accuracy.js";
import { accuracyKey, derivation, underived } from "../../../docs/assets/js/shared/derived.js";
import { gigabytesText, parseGigabytes } from "../../../docs/assets/js/shared/gigabytes.js";
import { emptyQuery } from "../../../docs/assets/js/shared/query.js";
import { catalog, model } from "../models.js";

const NET = model({ tags: ["a_in1k", "b_in22k"], tag_license_classes: ["permissive", "non-commercial"] });
/** @type {import("../../../docs/assets/js/shared/accuracy.js").Result[]} */
const RESULTS = [[0, 224, 80], [0, 288, 81], [1, 224, 83], [1, 384, 83], [-1, 224, 90]];

/** @param {Partial<import("../../../docs/assets/js/shared/query.js").Query>} asked */
const found = (asked) => Object.values(best(NET, RESULTS.slice(0, 4), { ...emptyQuery(), ...asked }));

Deno.test("accuracy is that of the best weights that match", () => {
  assert.deepEqual(found({}), [83, "b_in22k", 224]);
  assert.deepEqual(found({ tag: "in1k" }), [81, "a_in1k", 288]);
  assert.deepEqual(found({ licenses: ["permissive"] }), [81, "a_in1k", 288]);
  assert.deepEqual(found({ ranges: { input_size: { min: 300, max: null } } }), [83, "b_in22k", 384]);
  assert.deepEqual(found({ tag: "in1k", ranges: { input_size: { min: null, max: 256 } } }), [80, "a_in1k", 224]);
  assert.deepEqual(found({ tag: "in1k", licenses: ["non-commercial"] }), [null, null, null]);
});

Deno.test("weights without a tag match as long as none is asked for", () => {
  const query = emptyQuery();
  assert.deepEqual(Object.values(best(NET, RESULTS, query)), [90, "", 224]);
  assert.equal(best(NET, RESULTS, { ...query, tag: "in" }).top1, 83);
  assert.equal(best(NET, RESULTS, { ...query, licenses: ["permissive"] }).top1, 81);
});

Deno.test("what figures depend on is told by what the query asks for", () => {
  const query = emptyQuery();
  assert.equal(derivation(query, true), "");
  assert.equal(derivation({ ...query, tag: "in1k" }, false), "");
  assert.equal(derivation({ ...query, gpu: 8 }, false), '[8,"",""]');
  const asked = { ...query, tag: "In1k ", licenses: ["permissive"], testSet: "hard" };
  assert.equal(accuracyKey(asked), accuracyKey({ ...asked, tag: "in1k" }));
  assert.notEqual(accuracyKey(asked), accuracyKey({ ...asked, testSet: "" }));
  const [least, most] = [{ min: 256, max: null }, { min: null, max: 256 }].map((input_size) =>
    accuracyKey({ ...query, ranges: { input_size } })
  );
  assert.notEqual(least, most);
  assert.notEqual(accuracyKey({ ...query, tag: "hard" }), accuracyKey({ ...query, testSet: "hard" }));
});

Deno.test("what could not be loaded is not known", () => {
  const [first] = underived(catalog({ name: "a" })).models;
  assert.deepEqual([first?.largest_batch, first?.top1, first?.parameters], [null, null, 1000]);
});

Deno.test("the memory of a GPU is read as people write it", () => {
  const texts = ["24", "24GB", "24 gib", ".5", "512 MiB", "1e3", "much", "", "0", "-5", "24 TB", "9999999"];
  assert.deepEqual(texts.map(parseGigabytes), [24, 24, 24, 0.5, 0.5, null, null, null, null, null, null, null]);
  assert.equal(parseGigabytes(gigabytesText(1.5)), 1.5);
});
