import assert from "node:assert/strict";
import { loosenings } from "../../../docs/assets/js/rank/loosening.js";
import { matching } from "../../../docs/assets/js/shared/conditions.js";
import { parseQuery, queryParameters, searchText } from "../../../docs/assets/js/shared/query.js";
import { catalog } from "../models.js";

const CATALOG = catalog(
  { name: "big", parameters: 9000, macs: null },
  { name: "mid", parameters: 5000, macs: 400, tags: [], tag_license_classes: [] },
  { name: "low", parameters: 100, macs: 300, feature_strides: [4, 8] },
);
const MODELS = CATALOG.models;

/** @param {string} text */
function ways(text) {
  const query = parseQuery(new URLSearchParams(text), CATALOG);
  assert.deepEqual(matching(MODELS, query, CATALOG.figures), []);
  return loosenings(MODELS, query, CATALOG.figures).map(({ changes, nearest, query: loosened }) => {
    assert.ok(
      matching(MODELS, loosened, CATALOG.figures).includes(nearest),
      "what is loosened matches the model that it names",
    );
    return {
      changes: changes.map(({ condition, needed }) => `${condition.key} ${condition.side} ${needed ?? ""}`.trim()),
      nearest: nearest.name,
      address: decodeURIComponent(searchText(queryParameters(loosened, CATALOG))),
    };
  });
}

Deno.test("one limit binds, and gives way to the nearest model", () => {
  assert.deepEqual(ways("?parameters=..99"), [
    { changes: ["parameters max 100"], nearest: "low", address: "?parameters=..100" },
  ]);
});

Deno.test("each of two limits binds, the least change first", () => {
  assert.deepEqual(ways("?parameters=4k..&macs=..300"), [
    { changes: ["macs max 400"], nearest: "mid", address: "?parameters=4k..&macs=..400" },
    { changes: ["parameters min 100"], nearest: "low", address: "?parameters=100..&macs=..300" },
  ]);
});

Deno.test("limits that bind together give way together", () => {
  assert.deepEqual(ways("?parameters=..99&macs=..299"), [
    { changes: ["parameters max 100", "macs max 300"], nearest: "low", address: "?parameters=..100&macs=..300" },
  ]);
});

Deno.test("what is no limit is left out, a stride by itself", () => {
  assert.deepEqual(ways("?name=low&strides=4,16"), [
    { changes: ["name"], nearest: "big", address: "?strides=4,16" },
    { changes: ["strides"], nearest: "low", address: "?name=low&strides=4" },
  ]);
  assert.deepEqual(ways("?name=mid&license=permissive"), [
    { changes: ["name"], nearest: "big", address: "?license=permissive" },
    { changes: ["license"], nearest: "mid", address: "?name=mid" },
  ]);
});

Deno.test("no loosening reaches a figure that is not known", () => {
  assert.deepEqual(ways("?name=big&macs=..1"), [
    { changes: ["name", "macs max 300"], nearest: "low", address: "?macs=..300" },
  ]);
  assert.deepEqual(loosenings([], parseQuery(new URLSearchParams("?name=a"), CATALOG), CATALOG.figures), []);
});

Deno.test("a test fixture is offered to who asks for its name, and to nobody else", () => {
  const all = catalog({ name: "low", parameters: 100 }, { name: "test_low", parameters: 1, fixture: true });
  /** @param {string} text */
  const nearest = (text) =>
    loosenings(all.models, parseQuery(new URLSearchParams(text), all), all.figures).map(({ nearest }) => nearest.name);
  assert.deepEqual(nearest("?parameters=..50"), ["low"]);
  assert.deepEqual(nearest("?name=low&parameters=..50"), ["low"]);
  assert.deepEqual(nearest("?name=test"), ["low", "test_low"]);
  assert.deepEqual(nearest("?parameters=..0&fixtures=yes"), ["test_low"]);
});
