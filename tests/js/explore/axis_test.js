import assert from "node:assert/strict";
import { extent, ticks, tickText } from "../../../docs/assets/js/explore/axis.js";

const MIB = 2 ** 20;

Deno.test("all values are within their axis", () => {
  for (const log of [true, false]) {
    for (const values of [[1, 1000], [7], [5, 5], [3e5, 7e9]]) {
      const [low, high] = extent(values, log);
      for (const value of values) assert.ok(low < value && value < high, `${values} ${log}`);
      assert.ok(!log || high / low > 5.9);
    }
  }
  assert.deepEqual(extent([0, 100], false), [-4, 104]);
  assert.deepEqual(extent([0], false), [-1, 1]);
});

Deno.test("marks of a logarithmic axis are at 1, 2 and 5, or at the powers of ten alone", () => {
  assert.deepEqual(ticks(9, 101, true, "count"), [10, 20, 50, 100]);
  assert.deepEqual(ticks(9, 1e4, true, "count"), [10, 100, 1000, 10000]);
});

Deno.test("marks of bytes are powers of two", () => {
  assert.deepEqual(ticks(0.9 * MIB, 9 * MIB, true, "bytes"), [1, 2, 4, 8].map((value) => value * MIB));
  for (const tick of ticks(MIB, 2e10, true, "bytes")) assert.ok(Number.isInteger(Math.log2(tick)));
});

Deno.test("marks of a linear axis are equally far apart, within it, and not below nothing", () => {
  assert.deepEqual(ticks(-4, 104, false, "count"), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticks(-1, 1, false, "count"), [0, 1]);
  assert.deepEqual(ticks(-0.1 * MIB, 5.5 * MIB, false, "bytes"), [0, 1, 2, 3, 4, 5].map((value) => value * MIB));
  assert.ok(ticks(0, 6.9e9, false, "count").length <= 8);
});

Deno.test("a mark reads with its prefix or its unit", () => {
  assert.deepEqual([0, 500, 2e4, 5e6, 1e9, 2e12].map((value) => tickText(value, "count")), [
    "0",
    "500",
    "20 k",
    "5 M",
    "1 G",
    "2 T",
  ]);
  assert.deepEqual([0, 512, MIB, 16 * MIB, 2 ** 31].map((value) => tickText(value, "bytes")), [
    "0",
    "512 bytes",
    "1 MiB",
    "16 MiB",
    "2 GiB",
  ]);
  assert.equal(tickText(1234567, "count"), "1.23 M");
});
