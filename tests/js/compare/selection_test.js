import assert from "node:assert/strict";
import { Address } from "../../../docs/assets/js/shared/address.js";
import {
  added,
  addressOf,
  moved,
  parseSelection,
  readSelection,
  removed,
  replaced,
  withBase,
  withCard,
  withPair,
} from "../../../docs/assets/js/compare/selection.js";

const MOST = 6;
/** @param {string} address */
const parsed = (address) => parseSelection(address, MOST);
const THREE = parsed("?m=a,b,c");

Deno.test("an address and its selection are the same thing", () => {
  for (const address of ["", "?m=a", "?m=a,b,c", "?m=a,b&base=b", "?m=a,b,c&base=c&tensors=b,a", "?m=a,b&gpu=8GB"]) {
    assert.equal(addressOf(parsed(address)), address);
  }
});

Deno.test("a card is that of the selection, whatever else changes", () => {
  const selection = withCard(THREE, 48);
  assert.equal(addressOf(moved(selection, "a", 1)), "?m=b,a,c&base=a&gpu=48GB");
  assert.equal(addressOf(withCard(selection, null)), "?m=a,b,c");
  assert.equal(parsed("?m=a,b&gpu=much").gpu, null);
});

Deno.test("a name that is there twice is there once", () => {
  assert.deepEqual(parsed("?m=a,b,a, b ,,c").names, ["a", "b", "c"]);
  assert.equal(added(THREE, "b", MOST), THREE);
});

Deno.test("what an address says twice, or of models that are not there, it need not say", () => {
  assert.equal(addressOf(parsed("?m=a,b&base=a")), "?m=a,b");
  assert.equal(addressOf(parsed("?m=a,b&base=z&tensors=a,z")), "?m=a,b");
  assert.equal(addressOf(parsed("?m=a,b&tensors=a,a")), "?m=a,b");
  assert.equal(addressOf(parsed("?base=a")), "");
});

Deno.test("what an address says of models that are not there is told", () => {
  const address = new Address(new URLSearchParams("?m=a,b&base=z&tensors=a,y&models=c"));
  readSelection(address, MOST);
  assert.deepEqual(address.faults, [
    { key: "models", value: null, known: ["m", "gpu", "base", "tensors"], example: "" },
    { key: "base", value: "z", known: ["a", "b"], example: "" },
    { key: "tensors", value: "y", known: ["a", "b"], example: "" },
  ]);
});

Deno.test("more than can be compared are left out, and told until the reader acts", () => {
  const eight = parsed("?m=a,b,c,d,e,f,g,h");
  assert.deepEqual(eight.names, ["a", "b", "c", "d", "e", "f"]);
  assert.deepEqual(eight.surplus, ["g", "h"]);
  assert.equal(added(eight, "z", MOST), eight);
  assert.deepEqual(removed(eight, "a").surplus, []);
});

Deno.test("what cannot be a name is a name that is not known, and stays one in the address", () => {
  const odd = parsed("?m=a%26b,%2e%2e%2fx");
  assert.deepEqual(odd.names, ["a&b", "../x"]);
  assert.deepEqual(parsed(addressOf(odd)), odd);
});

Deno.test("models are added at the end and removed wherever they are", () => {
  assert.equal(addressOf(added(THREE, "d", MOST)), "?m=a,b,c,d");
  assert.equal(addressOf(removed(THREE, "b")), "?m=a,c");
  assert.equal(addressOf(removed(removed(removed(THREE, "a"), "b"), "c")), "");
});

Deno.test("a base that is removed leaves the first as the base", () => {
  const based = withBase(THREE, "b");
  assert.equal(addressOf(based), "?m=a,b,c&base=b");
  assert.equal(addressOf(removed(based, "b")), "?m=a,c");
  assert.equal(addressOf(withBase(based, "a")), "?m=a,b,c");
});

Deno.test("moving keeps the base", () => {
  assert.equal(addressOf(moved(THREE, "b", -1)), "?m=b,a,c&base=a");
  assert.equal(addressOf(moved(moved(THREE, "b", -1), "a", -1)), "?m=a,b,c");
  assert.equal(addressOf(moved(THREE, "b", 1)), "?m=a,c,b");
  assert.equal(moved(THREE, "a", -1), THREE);
  assert.equal(moved(THREE, "c", 1), THREE);
  assert.equal(moved(THREE, "z", 1), THREE);
});

Deno.test("what was meant takes the place of what was typed", () => {
  assert.equal(addressOf(replaced(THREE, "b", "z")), "?m=a,z,c");
  assert.equal(addressOf(replaced(THREE, "b", "a")), "?m=a,c");
  assert.equal(addressOf(replaced(withBase(THREE, "b"), "b", "z")), "?m=a,z,c&base=z");
});

Deno.test("two models can be chosen for their tensors, as long as both are there", () => {
  const paired = withPair(THREE, "c", "b");
  assert.equal(addressOf(paired), "?m=a,b,c&tensors=c,b");
  assert.equal(addressOf(removed(paired, "c")), "?m=a,b");
});
