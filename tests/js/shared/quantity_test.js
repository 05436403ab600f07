import assert from "node:assert/strict";
import { isBegun, parseQuantity, quantityText } from "../../../docs/assets/js/shared/quantity.js";

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
    ["count", "25e6", 25e6],
    ["count", "2.5E7", 25e6],
    ["count", "2.5e+7", 25e6],
    ["count", "25 million", 25e6],
    ["count", "25 Million", 25e6],
    ["count", "25  M", 25e6],
    ["count", "25\u00a0M", 25e6],
    ["count", "25 mio", 25e6],
    ["count", "1.5 billion", 15e8],
    ["count", "600 thousand", 6e5],
    ["count", "1,000,000", 1e6],
    ["count", "1 000 000", 1e6],
    ["count", "1\u202f000\u202f000", 1e6],
    ["count", "1_000_000", 1e6],
    ["count", "1'000'000", 1e6],
    ["count", "1,000.5k", 1000500],
    ["macs", "4.5e9", 45e8],
    ["macs", "4.5 billion MACs", 45e8],
    ["macs", "4.5 G MACs", 45e8],
    ["bytes", "1.5 GiB", 1536 * MIB],
    ["bytes", "1.5 Gi", 1536 * MIB],
    ["bytes", "24 GB", 24e9],
    ["bytes", "2 gigabytes", 2e9],
    ["bytes", "2 gibibytes", 2048 * MIB],
    ["bytes", "1e6 bytes", 1e6],
    ["bytes", "2 million bytes", 2e6],
    ["bytes", "512 B", 512],
    ["pixels", "224 pixels", 224],
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
    ["count", "5Q"],
    ["count", "25e"],
    ["count", "1e99"],
    ["count", "25e-1"],
    ["count", "1,0000"],
    ["count", "1,000 000"],
    ["count", "constructor"],
    ["count", "25 toString"],
    ["macs", "4.5 GiB"],
  ];
  for (const [kind, text] of cases) assert.equal(parseQuantity(kind, text, "max"), null, text);
});

Deno.test("what is still being typed is no fault, and what leads nowhere is one", () => {
  for (const whole of ["25 million", "1.5 GiB", "1,000,000", "25e6", "4.5 GMACs", "2 gigabytes"]) {
    const kind = /B|byt/.test(whole) ? "bytes" : "macs";
    for (let end = 0; end <= whole.length; end += 1) assert.ok(isBegun(kind, whole.slice(0, end)), whole.slice(0, end));
  }
  /** @type {[Quantity, string][]} */
  const cases = [
    ["count", "5Q"],
    ["count", "many"],
    ["count", "-5"],
    ["count", "1.2.3"],
    ["count", "1,0000"],
    ["count", "90 MiB"],
    ["macs", "4.5 GF"],
    ["bytes", "5 GMA"],
    ["pixels", "224k"],
  ];
  for (const [kind, text] of cases) assert.ok(!isBegun(kind, text), text);
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

Deno.test("a share is in thousandths of a percent, and comes back as it was", () => {
  assert.equal(parseQuantity("percent", "80.5 %", "min"), 80500);
  assert.equal(parseQuantity("percent", "0.25", "max"), 250);
  assert.equal(parseQuantity("percent", "80 points", "min"), null);
  for (const share of [80500, 80000, 250, 83123, 0]) {
    const text = quantityText("percent", share, "min");
    assert.equal(parseQuantity("percent", text, "min"), share, text);
  }
});
