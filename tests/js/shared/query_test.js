import assert from "node:assert/strict";
import { emptyQuery, parseQuery, queryParameters, searchText } from "../../../docs/assets/js/shared/query.js";
import { catalog } from "../models.js";

const DECLARED = catalog();
/** @param {string} text */
const asked = (text) => parseQuery(new URLSearchParams(text), DECLARED);

Deno.test("an empty query has no address", () => {
  assert.equal(searchText(queryParameters(emptyQuery(), DECLARED)), "");
  assert.deepEqual(asked(""), emptyQuery());
});

Deno.test("an address comes back as it was", () => {
  for (
    const text of [
      "?name=vit+base",
      "?family=resnet&tag=in22k",
      "?parameters=..25M&macs=300M..4.5G",
      "?parameter_bytes=90MiB..&watts=..300",
      "?input_size=224..384&weights=yes&strides=4,8,16,32&license=copyleft,permissive",
      "?sort=-macs&columns=name,macs&m=mid_a,big",
      "?sort=name",
      "?weights=no&columns=",
    ]
  ) {
    assert.equal(searchText(queryParameters(asked(text), DECLARED)), text);
  }
});

Deno.test("what cannot be read is left out", () => {
  assert.deepEqual(
    asked("?parameters=many..&macs=1GFLOPs&weights=perhaps&strides=x,-4,,8&sort=colour&other=1"),
    { ...emptyQuery(), strides: [8] },
  );
  assert.deepEqual(asked("?columns=macs,colour").columns, ["macs"]);
});

Deno.test("what is not declared is no limit and no column", () => {
  assert.deepEqual(asked("?rank=..5&activations=..5M&sort=tag_license_classes"), emptyQuery());
});

Deno.test("as many models are compared as can be", () => {
  assert.equal(asked("?m=a,b,a,c,d,e,f").compared.join(""), "abcd");
});

Deno.test("columns are in the order of the table", () => {
  assert.deepEqual(asked("?columns=watts,macs,rank,name").columns, ["rank", "name", "macs", "watts"]);
});
