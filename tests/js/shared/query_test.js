import assert from "node:assert/strict";
import { Address } from "../../../docs/assets/js/shared/address.js";
import { faultText } from "../../../docs/assets/js/shared/faults.js";
import {
  emptyQuery,
  parseQuery,
  queryParameters,
  readQuery,
  searchText,
} from "../../../docs/assets/js/shared/query.js";
import { catalog } from "../models.js";

const DECLARED = catalog(...["a", "b", "c", "d", "e", "f", "mid_a", "big"].map((name) => ({ name })));
/** @param {string} text */
const asked = (text) => parseQuery(new URLSearchParams(text), DECLARED);
/** @param {string} text @returns {string[]} what is said of an address */
function told(text) {
  const address = new Address(new URLSearchParams(text));
  readQuery(address, DECLARED);
  return address.faults.map(faultText);
}

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
      "?name=test&fixtures=yes&sort=macs",
      "?weights=no&columns=name",
      "?largest_batch=32..&gpu=8GB&run=infer",
      "?largest_batch=..64&gpu=0.5GB",
      "?largest_batch=32..",
    ]
  ) {
    assert.equal(searchText(queryParameters(asked(text), DECLARED)), text);
  }
});

Deno.test("a card asks for models of which an image fits, and the usual one is not named", () => {
  assert.deepEqual(asked("?gpu=8+GiB").ranges, { largest_batch: { min: 1, max: null } });
  assert.equal(searchText(queryParameters(asked("?run=infer"), DECLARED)), "?largest_batch=1..&run=infer");
  assert.deepEqual(asked("?gpu=24&run=train"), emptyQuery());
  assert.equal(asked("?gpu=512MiB").gpu, 0.5);
  assert.deepEqual(told("?gpu=much&run=fly"), [
    '"much" for "gpu" in the address is not understood. A limit is written as in "24GB".',
    '"fly" for "run" in the address is not known. It can be infer or train.',
  ]);
});

Deno.test("what cannot be read is left out", () => {
  assert.deepEqual(
    asked("?parameters=many..&macs=1GFLOPs&weights=perhaps&strides=x,-4,,8&sort=colour&other=1"),
    { ...emptyQuery(), strides: [8] },
  );
  assert.deepEqual(asked("?columns=macs,colour").columns, ["name", "macs"]);
});

Deno.test("what cannot be read is told, with the nearest that exists", () => {
  assert.deepEqual(told("?name=x&parameters=5M..25M&weights=yes&strides=4&license=copyleft&columns=&q=a&h=b"), []);
  assert.deepEqual(told("?parameters_max=6000000"), [
    'The address has "parameters_max", which this page does not know. Nearest: parameters, parameter_bytes.',
  ]);
  assert.deepEqual(told("?xyzzy=1"), ['The address has "xyzzy", which this page does not know.']);
  assert.deepEqual(told("?parameters=..5Q"), [
    '"..5Q" for "parameters" in the address is not understood. A limit is written as in "..25M".',
  ]);
  for (const limits of ["25M", "..", "1M..2M..3M", "5Q..25M", "..25M,"]) {
    assert.equal(told(`?parameters=${limits}`).length, 1, limits);
  }
  assert.deepEqual(told("?weights=yess&sort=-mac&columns=macs,parametres&m=big,mid_b"), [
    '"yess" for "weights" in the address is not known. Nearest: yes.',
    '"-mac" for "sort" in the address is not known. Nearest: macs.',
    '"parametres" for "columns" in the address is not known. Nearest: parameters, parameter_bytes.',
    '"mid_b" for "m" in the address is not known. Nearest: mid_a.',
  ]);
  assert.deepEqual(told("?license=xyz,permissive&strides=5"), [
    '"5" for "strides" in the address is not known. Nearest: 4, 8.',
    '"xyz" for "license" in the address is not known. It can be permissive or copyleft or non-commercial.',
  ]);
});

Deno.test("what can be read of a limit is kept", () => {
  assert.deepEqual(asked("?parameters=5Q..25M").ranges, { parameters: { min: null, max: 25e6 } });
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
