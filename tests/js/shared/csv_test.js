import assert from "node:assert/strict";
import { csvText } from "../../../docs/assets/js/shared/csv.js";

Deno.test("a row a line, lists joined, unknown empty", () => {
  const rows = [
    { name: "a", size: [3, 224, 224], macs: null, other: 1 },
    { name: 'b, "c"', size: [], macs: 0 },
  ];
  assert.equal(csvText(["name", "size", "macs"], rows), 'name,size,macs\na,3;224;224,\n"b, ""c""",,0\n');
});

Deno.test("a text is no formula, and a number stays one", () => {
  for (const formula of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]) {
    assert.equal(csvText(["name"], [{ name: formula }]), `name\n'${formula}\n`);
    assert.equal(csvText(["tags"], [{ tags: [formula, "b"] }]), `tags\n'${formula};b\n`);
  }
  assert.equal(csvText(["a", "b", "c"], [{ a: -1, b: [-1, 2], c: "a-1" }]), "a,b,c\n-1,-1;2,a-1\n");
});

Deno.test("a cell with any line end is in quotes", () => {
  for (const end of ["\r", "\n", "\r\n"]) {
    assert.equal(csvText(["name"], [{ name: `a${end}b` }]), `name\n"a${end}b"\n`);
  }
  assert.equal(csvText(["name"], [{ name: "\r=1" }]), `name\n"'\r=1"\n`);
});
