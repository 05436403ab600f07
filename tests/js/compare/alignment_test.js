import assert from "node:assert/strict";
import { alignedModules } from "../../../docs/assets/js/compare/alignment.js";

/** @typedef {import("../../../docs/assets/js/compare/documents.js").ModelDocument} ModelDocument */

/**
 * @param {Record<string, string>} types of modules by path
 * @param {Record<string, number>} tensors parameters by name
 * @returns {Pick<ModelDocument, "modules" | "tensors">}
 */
function model(types, tensors) {
  return {
    modules: Object.fromEntries(Object.entries(types).map(([path, type]) => [path, [type, null]])),
    tensors: Object.entries(tensors).map(([name, parameters]) => ({ name, shape: [parameters], parameters })),
  };
}

const SHALLOW = model(
  { "": "Net", stem: "Conv2d", "layers": "Sequential", "layers.0": "Block", head: "Linear" },
  { scale: 1, "stem.weight": 10, "layers.0.weight": 20, "layers.0.bias": 2, "head.weight": 30 },
);
const DEEP = model(
  { "": "Net", stem: "Conv2d", "layers": "Sequential", "layers.0": "Block", "layers.1": "Block", head: "Linear" },
  { scale: 1, "stem.weight": 10, "layers.0.weight": 20, "layers.0.bias": 2, "layers.1.weight": 20, "head.weight": 30 },
);

Deno.test("modules are aligned by path, and their parameters add up", () => {
  const root = alignedModules([SHALLOW, DEEP]);
  assert.deepEqual(root.modules, [{ type: "Net", parameters: 63 }, { type: "Net", parameters: 83 }]);
  assert.deepEqual(root.children.map(({ name }) => name), ["stem", "layers", "head"]);
  const layers = root.children[1];
  assert.deepEqual(layers?.modules.map((module) => module?.parameters), [22, 42]);
  assert.deepEqual(layers?.children.map(({ path, modules }) => [path, modules]), [
    ["layers.0", [{ type: "Block", parameters: 22 }, { type: "Block", parameters: 22 }]],
    ["layers.1", [null, { type: "Block", parameters: 20 }]],
  ]);
});

Deno.test("a module differs by type, by parameters, or by what is below it", () => {
  const root = alignedModules([SHALLOW, DEEP]);
  assert.deepEqual(root.children.map(({ differs }) => differs), [false, true, false]);
  assert.equal(root.differs, true);
  assert.equal(alignedModules([SHALLOW, SHALLOW, SHALLOW]).differs, false);
  const other = model({ "": "Net", a: "Seq", "a.b": "X" }, { "a.b.weight": 5 });
  const retyped = model({ "": "Net", a: "Seq", "a.b": "Y" }, { "a.b.weight": 5 });
  assert.equal(alignedModules([other, retyped]).children[0]?.differs, true);
});

Deno.test("a model without parameters has its own module alone", () => {
  const root = alignedModules([model({ "": "Identity" }, {}), SHALLOW]);
  assert.deepEqual(root.modules, [{ type: "Identity", parameters: 0 }, { type: "Net", parameters: 63 }]);
  assert.equal(root.children[0]?.modules[0], null);
});
