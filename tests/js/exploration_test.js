import assert from "node:assert/strict";
import {
  emptyExploration,
  explorationParameters,
  FIGURES,
  groups,
  NO_WEIGHTS,
  OTHER,
  parseExploration,
  placed,
} from "../../docs/assets/js/exploration.js";
import { searchText } from "../../docs/assets/js/query.js";
import { model } from "./models.js";

/** @param {string} text */
const asked = (text) => parseExploration(new URLSearchParams(text));

Deno.test("the page as it is served has no address", () => {
  assert.equal(searchText(explorationParameters(emptyExploration())), "");
  assert.deepEqual(asked(""), emptyExploration());
});

Deno.test("an address comes back as it was", () => {
  for (
    const text of [
      "?x=parameter_tensors&y=activations&figure=pixels&of=resnet",
      "?colour=licence&x_scale=linear&y_scale=linear&x_best=more&y_best=less&front=no",
    ]
  ) {
    assert.equal(searchText(explorationParameters(asked(text))), text);
  }
});

Deno.test("what cannot be read is left out", () => {
  assert.deepEqual(asked("?x=toString&y=size&x_scale=cubic&x_best=worst&colour=red&front=maybe"), emptyExploration());
});

Deno.test("a figure has its unit, and its input size where it depends on it", () => {
  const made = model({ name: "a", parameters: 1500, parameter_bytes: 2048, macs: 4112000000 });
  const texts = Object.fromEntries(Object.entries(FIGURES).map(([name, { text }]) => [name, text(made)]));
  assert.equal(texts.parameters, "1,500");
  assert.equal(texts.parameter_bytes, "2.000 KiB");
  assert.equal(texts.macs, "4.112 GMACs, 3 × 224 × 224 pixels");
  assert.equal(FIGURES.pixels?.value(made), 224 * 224);
  assert.equal(FIGURES.macs?.text(model({ macs: null })), "unknown");
});

Deno.test("what is not known has no place, nor has nothing on a logarithmic axis", () => {
  const models = [model({ name: "a" }), model({ name: "b", macs: null }), model({ name: "c", parameters: 0 })];
  const names = (/** @type {string} */ text) => placed(models, asked(text)).map((point) => point.model.name).join("");
  assert.equal(names(""), "a");
  assert.equal(names("?y_scale=linear"), "ac");
  assert.equal(names("?x=parameters&y=parameter_bytes"), "ab");
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
