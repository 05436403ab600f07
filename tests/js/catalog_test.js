import assert from "node:assert/strict";
import { editDistance, fromIndex, nearestNames } from "../../docs/assets/js/catalog.js";

const NAMES = ["resnet18", "resnet50", "resnet50d", "seresnet50", "vit_base_patch16_224", "vit_small_patch16_224"];

Deno.test("a row becomes an object by the names of the columns, with each licence class once", () => {
  const index = {
    columns: ["name", "macs", "tag_license_classes"],
    rows: [["a", 5, ["permissive", "unknown", "permissive"]], ["b", null, []]],
  };
  assert.deepEqual(fromIndex(index), [
    {
      name: "a",
      macs: 5,
      tag_license_classes: ["permissive", "unknown", "permissive"],
      license_classes: ["permissive", "unknown"],
    },
    { name: "b", macs: null, tag_license_classes: [], license_classes: [] },
  ]);
});

Deno.test("the name itself comes first, then what begins with it, then what contains it", () => {
  assert.deepEqual(nearestNames("resnet50", NAMES, 3), ["resnet50", "resnet50d", "seresnet50"]);
  assert.deepEqual(nearestNames("ResNet50", NAMES, 1), ["resnet50"]);
});

Deno.test("words are found wherever they are in a name", () => {
  assert.deepEqual(nearestNames("vit 224 small", NAMES, 5), ["vit_small_patch16_224"]);
  assert.deepEqual(nearestNames("vit base", NAMES, 5), ["vit_base_patch16_224"]);
});

Deno.test("a name with wrong letters finds the nearest", () => {
  assert.deepEqual(nearestNames("resnt18", NAMES, 1), ["resnet18"]);
  assert.deepEqual(nearestNames("vit_bsae_patch16_224", NAMES, 1), ["vit_base_patch16_224"]);
});

Deno.test("nothing is near to nothing, or to what is no name", () => {
  assert.deepEqual(nearestNames("  ", NAMES, 5), []);
  assert.deepEqual(nearestNames("zzzzzzzz", NAMES, 5), []);
});

Deno.test("a distance counts letters", () => {
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("same", "same"), 0);
});
