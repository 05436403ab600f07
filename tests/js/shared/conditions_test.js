import assert from "node:assert/strict";
import { conditions, matching, sorted } from "../../../docs/assets/js/shared/conditions.js";
import { emptyQuery, parseQuery } from "../../../docs/assets/js/shared/query.js";
import { catalog, declared } from "../models.js";

/** @param {{name: string}[]} models */
const names = (models) => models.map(({ name }) => name).join(" ");

const CATALOG = catalog(
  { name: "big", parameters: 9000, macs: null, input_size: null, feature_strides: null },
  { name: "mid_a", family: "other", parameters: 5000, tags: [], license_classes: [], tag_license_classes: [] },
  {
    name: "mid_b",
    parameters: 5000,
    macs: 400,
    tags: ["in1k", "in22k_ft"],
    license_classes: ["permissive", "non-commercial"],
    tag_license_classes: ["permissive", "non-commercial"],
  },
  { name: "wide", parameters: 100, input_size: [3, 1024, 768], feature_strides: [16, 16] },
);

const MODELS = CATALOG.models;
/** @param {string} text */
const found = (text) => names(matching(MODELS, parseQuery(new URLSearchParams(text), CATALOG), CATALOG.figures));

Deno.test("an empty query is every model in the order of ranks", () => {
  assert.deepEqual(matching(MODELS, emptyQuery(), CATALOG.figures), MODELS);
  assert.deepEqual(conditions({ ...emptyQuery(), fixtures: true }, CATALOG.figures), []);
});

Deno.test("test fixtures are left out unless they are asked for", () => {
  const all = catalog({ name: "net" }, { name: "test_net", fixture: true });
  /** @param {string} text */
  const among = (text) => names(matching(all.models, parseQuery(new URLSearchParams(text), all), all.figures));
  assert.equal(among(""), "net");
  assert.equal(among("?name=test"), "");
  assert.equal(among("?fixtures=no"), "net");
  assert.equal(among("?fixtures=yes"), "net test_net");
});

Deno.test("limits are inclusive, and what is not known is within none", () => {
  assert.equal(found("?parameters=100..5k"), "mid_a mid_b wide");
  assert.equal(found("?parameters=101..4999"), "");
  assert.equal(found("?macs=0.."), "mid_a mid_b wide");
  assert.equal(found("?macs=..1T"), "mid_a mid_b wide");
});

Deno.test("both sides of an input are within its limits", () => {
  assert.equal(found("?input_size=..1000"), "mid_a mid_b");
  assert.equal(found("?input_size=800.."), "");
  assert.equal(found("?input_size=768..1024"), "wide");
});

Deno.test("all words have to be there, in any order and case", () => {
  assert.equal(found("?name=B+mid"), "mid_b");
  assert.equal(found("?family=OTHER"), "mid_a");
  assert.equal(found("?tag=ft+in22k"), "mid_b");
  assert.equal(found("?tag=in1k+ft"), "");
});

Deno.test("what a name means that no model has takes the place of what it names", () => {
  const query = parseQuery(new URLSearchParams("?name=zz&parameters=..5000"), CATALOG);
  assert.equal(names(matching(MODELS, query, CATALOG.figures)), "");
  assert.equal(names(matching(MODELS, query, CATALOG.figures, ["wide", "big"])), "wide");
  assert.equal(names(matching(MODELS, { ...query, name: "" }, CATALOG.figures, ["wide"])), "mid_a mid_b wide");
});

Deno.test("a licence is that of weights with the tag that was asked for", () => {
  assert.equal(found("?license=non-commercial"), "mid_b");
  assert.equal(found("?license=permissive&tag=in22k"), "");
  assert.equal(found("?license=non-commercial,permissive"), "big mid_b wide");
});

Deno.test("weights and strides", () => {
  assert.equal(found("?weights=no"), "mid_a");
  assert.equal(found("?weights=yes"), "big mid_b wide");
  assert.equal(found("?strides=16"), "mid_a mid_b wide");
  assert.equal(found("?strides=4,16"), "mid_a mid_b");
});

Deno.test("any figure that is declared can be limited and sorted by", () => {
  assert.equal(found("?watts=..69"), "");
  assert.equal(found("?watts=70..70&sort=-parameters"), "big mid_a mid_b wide");
});

Deno.test("sorting is stable, and unknown comes last both ways", () => {
  assert.equal(names(sorted(MODELS, declared("macs"), false)), "mid_b mid_a wide big");
  assert.equal(names(sorted(MODELS, declared("macs"), true)), "mid_a wide mid_b big");
  assert.equal(names(sorted(MODELS, declared("parameters"), false)), "wide mid_a mid_b big");
  assert.equal(names(sorted(MODELS, declared("parameters"), true)), "big mid_a mid_b wide");
  assert.equal(names(sorted(MODELS, declared("input_size"), true)), "wide mid_a mid_b big");
  assert.equal(names(sorted(MODELS, declared("feature_strides"), false)), "mid_a mid_b wide big");
  assert.equal(names(sorted(MODELS, declared("tags"), true)), "mid_b big wide mid_a");
  assert.equal(names(sorted(MODELS, declared("license_classes"), false)), "big wide mid_b mid_a");
});
