import assert from "node:assert/strict";
import { parseQuantity, quantityText } from "../../../docs/assets/js/shared/quantity.js";

/** @typedef {import("../../../docs/assets/js/shared/quantity.js").Quantity} Quantity */

const MIB = 2 ** 20;

Deno.test("people's ways of writing are read", () => {
  /** @type {[Quantity, string, number][]} */
  const cases = [
    ["count", "25M", 25e6],
    ["count", "25 m", 25e6],
    ["count", "1,234,567", 1234567],
    ["count", "7B", 7e9],
    ["count", ".5k", 500],
    ["macs", "4.5 GMACs", 4.5e9],
    ["macs", "4.5G", 4.5e9],
    ["macs", "300 mmacs", 3e8],
    ["bytes", "90 MiB", 90 * MIB],
    ["bytes", "90", 90 * MIB],
    ["bytes", "90M", 90 * MIB],
    ["bytes", "90 MB", 90e6],
    ["bytes", "1.5GiB", 1536 * MIB],
    ["bytes", "4096 bytes", 4096],
    ["pixels", "224", 224],
    ["pixels", " 224 px ", 224],
  ];
  for (const [kind, text, value] of cases) assert.equal(parseQuantity(kind, text, "max"), value, text);
});

Deno.test("what is no quantity of the kind is not read", () => {
  /** @type {[Quantity, string][]} */
  const cases = [
    ["count", ""],
    ["count", "."],
    ["count", "many"],
    ["count", "-5M"],
    ["count", "4,5"],
    ["count", "1.2.3"],
    ["count", "90 MiB"],
    ["macs", "4.5 GFLOPs"],
    ["bytes", "5 GMACs"],
    ["pixels", "224k"],
    ["count", "99999999999T"],
  ];
  for (const [kind, text] of cases) assert.equal(parseQuantity(kind, text, "max"), null, text);
});

Deno.test("decimals are exact, and a fraction stays inside the limit", () => {
  assert.equal(parseQuantity("count", "1.005k", "max"), 1005);
  assert.equal(parseQuantity("bytes", "0.1 KiB", "max"), 102);
  assert.equal(parseQuantity("bytes", "0.1 KiB", "min"), 103);
});

Deno.test("the text of a quantity is short and reads as the same", () => {
  assert.equal(quantityText("count", 25e6, "max"), "25M");
  assert.equal(quantityText("macs", 4.5e9, "max"), "4.5G");
  assert.equal(quantityText("bytes", 90 * MIB, "max"), "90 MiB");
  assert.equal(quantityText("bytes", 90e6, "max"), "90 MB");
  assert.equal(quantityText("count", 25557032, "max"), "25557032");
  assert.equal(quantityText("pixels", 1024, "max"), "1024");
  assert.equal(quantityText("count", 0, "min"), "0");
});

Deno.test("every quantity survives being written", () => {
  /** @type {Quantity[]} */
  const kinds = ["count", "macs", "bytes", "pixels"];
  // Multiplying by a prime reaches all sizes and many endings, the same in each run.
  for (let value = 0, step = 0; step < 3000; step += 1, value = (value * 31 + 7) % (2 ** 45)) {
    for (const kind of kinds) {
      for (const side of /** @type {const} */ (["min", "max"])) {
        const text = quantityText(kind, value, side);
        assert.equal(parseQuantity(kind, text, side), value, `${kind} ${text}`);
      }
    }
  }
});
