import assert from "node:assert/strict";
import { csvText } from "../../../docs/assets/js/shared/csv.js";

Deno.test("a row a line, lists joined, unknown empty", () => {
  const rows = [
    { name: "a", size: [3, 224, 224], macs: null, other: 1 },
    { name: 'b, "c"', size: [], macs: 0 },
  ];
  assert.equal(csvText(["name", "size", "macs"], rows), 'name,size,macs\na,3;224;224,\n"b, ""c""",,0\n');
});
