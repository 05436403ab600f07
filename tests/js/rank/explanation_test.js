import assert from "node:assert/strict";
import { changeText, leadText, reachedText } from "../../../docs/assets/js/rank/explanation.js";
import { loosenings } from "../../../docs/assets/js/rank/loosening.js";
import { parseQuery } from "../../../docs/assets/js/shared/query.js";
import { catalog } from "../models.js";

const CATALOG = catalog(
  { name: "big", parameters: 9000, parameter_bytes: 2 ** 20 },
  { name: "low", parameters: 104, parameter_bytes: 2 ** 20, input_size: [3, 64, 96], feature_strides: [3] },
);

/** @param {string} text @returns {string[]} */
function told(text) {
  const query = parseQuery(new URLSearchParams(text), CATALOG);
  const ways = loosenings(CATALOG.models, query, CATALOG.figures);
  return [leadText(ways), ...ways.flatMap(({ changes }) => changes.map((change) => changeText(change, query, spoken)))];
}
/** @param {string} key */
const spoken = (key) => `Field ${key}`;

Deno.test("what is reached is told in one number or the other", () => {
  assert.equal(reachedText(1, "a"), "Then there is one model, a.");
  assert.equal(reachedText(17, "a"), "Then there are 17 models, a among them.");
});

Deno.test("a limit is told with the label of its figure, in its unit", () => {
  assert.deepEqual(told("?parameters=..100"), [
    "One limit binds:",
    "The parameters at most 100: loosen by 4.0 % to 104",
  ]);
  assert.deepEqual(told("?parameter_bytes=3MiB.."), [
    "One limit binds:",
    "The parameter_bytes at least 3 MiB: loosen by 66.7 % to 1.000 MiB",
  ]);
  assert.deepEqual(told("?input_size=..90")[1], "The input_size at most 90: loosen by 6.7 % to 96 pixels");
});

Deno.test("much is told in times, and from nothing in no share at all", () => {
  assert.equal(told("?parameters=..10")[1], "The parameters at most 10: loosen to 10.4 times as much, 104");
  assert.equal(told("?parameters=..0")[1], "The parameters at most 0: loosen to 104");
});

Deno.test("what is no limit is left out", () => {
  assert.deepEqual(told("?name=none"), ["One limit binds:", "Field name: leave it out"]);
  assert.ok(told("?name=big&strides=3").includes("Stride of 3 pixels: leave it out"));
  assert.deepEqual(
    told("?license=copyleft,non-commercial")[1],
    "Licence class copyleft or non-commercial: leave it out",
  );
  assert.equal(
    told("?name=none&strides=3,4")[0],
    "No single limit is what binds: these would have to give way together.",
  );
  assert.equal(leadText([]), "No loosening of these limits would change that.");
});

Deno.test("who asks for a test fixture is told that these are left out", () => {
  const all = catalog({ name: "test_low", fixture: true });
  const query = parseQuery(new URLSearchParams("?name=test"), all);
  const [change] = loosenings(all.models, query, all.figures).flatMap(({ changes }) => changes);
  assert.ok(change);
  assert.equal(changeText(change, query, spoken), "Test fixtures are left out: take them in");
});
