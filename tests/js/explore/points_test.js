import assert from "node:assert/strict";
import { figureText, groups, NO_WEIGHTS, OTHER, placed, stepped } from "../../../docs/assets/js/explore/points.js";
import { catalog, declared, model } from "../models.js";

Deno.test("a figure has its unit, and its input size where it depends on it", () => {
  const made = catalog({ parameters: 1500, macs: 4112000000 }, { macs: null });
  /** @param {string} name @param {number} place */
  const text = (name, place) => figureText(declared(name), made.models[place] ?? model({}), made);
  assert.equal(text("parameters", 0), "1,500");
  assert.equal(text("macs", 0), "4.112 GMACs, 3 × 224 × 224 pixels");
  assert.equal(text("macs", 1), "not known");
});

Deno.test("what is not known has no place, nor has nothing on a logarithmic axis", () => {
  const models = [model({ name: "a" }), model({ name: "b", macs: null }), model({ name: "c", parameters: 0 })];
  /** @param {string} x @param {string} y @param {boolean} yLog */
  const names = (x, y, yLog) =>
    placed(models, { x: declared(x), y: declared(y) }, { xLog: true, yLog }).map((point) => point.model.name).join("");
  assert.equal(names("macs", "parameters", true), "a");
  assert.equal(names("macs", "parameters", false), "ac");
  assert.equal(names("parameters", "parameter_bytes", true), "ab");
});

Deno.test("the largest families have a group each, and the others have one together", () => {
  const models = Array.from(
    { length: 9 },
    (_, family) => Array.from({ length: 9 - family }, () => model({ family: `f${family}` })),
  ).flat();
  const found = groups(models, "family");
  assert.deepEqual(found.names, ["f0", "f1", "f2", "f3", "f4", "f5", "f6", OTHER]);
  assert.deepEqual(["f0", "f6", "f7", "f8"].map((family) => found.of(model({ family }))), [0, 6, 7, 7]);
});

Deno.test("up to eight families need no others", () => {
  const models = Array.from({ length: 8 }, (_, family) => model({ family: `f${family}` }));
  assert.ok(!groups(models, "family").names.includes(OTHER));
});

Deno.test("a licence class is that of the default weights", () => {
  const models = [
    model({ tag_license_classes: ["non-commercial", "permissive"] }),
    model({ tags: [], tag_license_classes: [] }),
  ];
  const found = groups(models, "licence");
  assert.deepEqual(found.names, [NO_WEIGHTS, "non-commercial"].sort());
  assert.deepEqual(models.map((made) => found.names[found.of(made)]), ["non-commercial", NO_WEIGHTS]);
});

Deno.test("arrow keys go from point to point, in the order of either figure", () => {
  const points = [{ x: 5, y: 1 }, { x: 1, y: 5 }, { x: 3, y: 9 }];
  assert.deepEqual([stepped(points, -1, "ArrowRight"), stepped(points, -1, "ArrowLeft")], [1, 0]);
  assert.deepEqual([stepped(points, 1, "ArrowRight"), stepped(points, 2, "ArrowRight")], [2, 0]);
  assert.deepEqual([stepped(points, 0, "ArrowRight"), stepped(points, 1, "ArrowLeft")], [0, 1]);
  assert.deepEqual([stepped(points, 0, "ArrowUp"), stepped(points, 2, "ArrowDown")], [1, 1]);
  assert.deepEqual([stepped(points, 2, "Home"), stepped(points, 2, "End")], [1, 0]);
});

Deno.test("other keys go nowhere, and without points no key does", () => {
  assert.deepEqual([stepped([{ x: 1, y: 1 }], 0, "a"), stepped([{ x: 1, y: 1 }], 0, "toString")], [null, null]);
  assert.equal(stepped([], -1, "End"), null);
});
