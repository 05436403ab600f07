import assert from "node:assert/strict";
import {
  COLUMNS,
  emptyQuery,
  matching,
  parseQuery,
  queryParameters,
  RANGES,
  searchText,
  sorted,
} from "../../docs/assets/js/query.js";
import { model } from "./models.js";

/** @param {string} text */
const asked = (text) => parseQuery(new URLSearchParams(text));
/** @param {{name: string}[]} models */
const names = (models) => models.map(({ name }) => name).join(" ");

const MODELS = [
  model({ name: "big", parameters: 9000, macs: null, input_size: null, feature_strides: null }),
  model({ name: "mid_a", family: "other", parameters: 5000, tags: [], tag_license_classes: [] }),
  model({
    name: "mid_b",
    parameters: 5000,
    macs: 400,
    tags: ["in1k", "in22k_ft"],
    tag_license_classes: ["permissive", "non-commercial"],
  }),
  model({ name: "wide", parameters: 100, input_size: [3, 1024, 768], feature_strides: [16, 16] }),
];

Deno.test("an empty query is every model in the order of ranks, and no address", () => {
  assert.deepEqual(matching(MODELS, emptyQuery()), MODELS);
  assert.equal(searchText(queryParameters(emptyQuery())), "");
  assert.deepEqual(asked(""), emptyQuery());
});

Deno.test("an address comes back as it was", () => {
  for (
    const text of [
      "?name=vit+base",
      "?family=resnet&tag=in22k",
      "?parameters=..25M&macs=300M..4.5G",
      "?parameter_bytes=90MiB..&training_bytes_mixed=..24GiB",
      "?input_size=224..384&weights=yes&strides=4,8,16,32&license=copyleft,permissive",
      "?sort=-macs&columns=name,macs&m=mid_a,big",
      "?sort=name",
      "?weights=no&columns=",
    ]
  ) {
    assert.equal(searchText(queryParameters(asked(text))), text);
  }
});

Deno.test("what cannot be read is left out", () => {
  assert.deepEqual(
    asked("?parameters=many..&macs=1GFLOPs&weights=perhaps&strides=x,-4,,8&sort=colour&other=1"),
    { ...emptyQuery(), strides: [8] },
  );
  assert.deepEqual(asked("?columns=macs,colour").columns, ["macs"]);
  assert.equal(asked("?m=a,b,c,d,e,f,g,a").compared.join(""), "abcdef");
});

Deno.test("every limited figure is a column that can be shown", () => {
  for (const column of Object.keys(RANGES)) assert.ok(COLUMNS.includes(column), column);
});

Deno.test("limits are inclusive, and what is not known is within none", () => {
  assert.equal(names(matching(MODELS, asked("?parameters=100..5k"))), "mid_a mid_b wide");
  assert.equal(names(matching(MODELS, asked("?parameters=101..4999"))), "");
  assert.equal(names(matching(MODELS, asked("?macs=0.."))), "mid_a mid_b wide");
  assert.equal(names(matching(MODELS, asked("?macs=..1T"))), "mid_a mid_b wide");
});

Deno.test("both sides of an input are within its limits", () => {
  assert.equal(names(matching(MODELS, asked("?input_size=..1000"))), "mid_a mid_b");
  assert.equal(names(matching(MODELS, asked("?input_size=800.."))), "");
  assert.equal(names(matching(MODELS, asked("?input_size=768..1024"))), "wide");
});

Deno.test("all words have to be there, in any order and case", () => {
  assert.equal(names(matching(MODELS, asked("?name=B+mid"))), "mid_b");
  assert.equal(names(matching(MODELS, asked("?family=OTHER"))), "mid_a");
  assert.equal(names(matching(MODELS, asked("?tag=ft+in22k"))), "mid_b");
  assert.equal(names(matching(MODELS, asked("?tag=in1k+ft"))), "");
});

Deno.test("a licence is that of weights with the tag that was asked for", () => {
  assert.equal(names(matching(MODELS, asked("?license=non-commercial"))), "mid_b");
  assert.equal(names(matching(MODELS, asked("?license=permissive&tag=in22k"))), "");
  assert.equal(names(matching(MODELS, asked("?license=non-commercial,permissive"))), "big mid_b wide");
});

Deno.test("weights and strides", () => {
  assert.equal(names(matching(MODELS, asked("?weights=no"))), "mid_a");
  assert.equal(names(matching(MODELS, asked("?weights=yes"))), "big mid_b wide");
  assert.equal(names(matching(MODELS, asked("?strides=16"))), "mid_a mid_b wide");
  assert.equal(names(matching(MODELS, asked("?strides=4,16"))), "mid_a mid_b");
});

Deno.test("sorting is stable, and unknown comes last both ways", () => {
  assert.equal(names(sorted(MODELS, "macs", false)), "mid_b mid_a wide big");
  assert.equal(names(sorted(MODELS, "macs", true)), "mid_a wide mid_b big");
  assert.equal(names(sorted(MODELS, "parameters", false)), "wide mid_a mid_b big");
  assert.equal(names(sorted(MODELS, "parameters", true)), "big mid_a mid_b wide");
  assert.equal(names(sorted(MODELS, "input_size", true)), "wide mid_a mid_b big");
  assert.equal(names(sorted(MODELS, "feature_strides", false)), "mid_a mid_b wide big");
  assert.equal(names(sorted(MODELS, "tags", true)), "mid_b big wide mid_a");
  assert.equal(names(sorted(MODELS, "license_classes", false)), "big wide mid_b mid_a");
});
