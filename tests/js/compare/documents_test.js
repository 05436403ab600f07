import assert from "node:assert/strict";
import { explained } from "../../../docs/assets/js/compare/documents.js";

Deno.test("a name that is none is told with what took its place, or the nearest", () => {
  const renamed = { old: "resnet50.tv_in1k", gone: null };
  const models = ["resnet50", "resnet18"].map((name) => ({ name, tags: ["tv_in1k"] }));
  assert.deepEqual(explained("old", renamed, models), {
    sentence: "old is a deprecated name of resnet50.tv_in1k.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("gone", renamed, models).nearest, []);
  assert.match(explained("gone", renamed, models).sentence, /was removed from timm without a replacement/);
  assert.deepEqual(explained("resnet50.a1_in1k", renamed, models), {
    sentence: "resnet50.a1_in1k names weights; models are compared.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("ResNet-50", renamed, models), {
    sentence: "No model is named ResNet-50.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("timm/OLD", renamed, models).nearest, ["resnet50"]);
  assert.deepEqual(explained("resnt50", renamed, models), {
    sentence: "No model is named resnt50.",
    nearest: ["resnet50"],
  });
  assert.deepEqual(explained("constructor", renamed, models).nearest, []);
});
