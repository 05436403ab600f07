import assert from "node:assert/strict";
import {
  emptyExploration,
  explorationParameters,
  parseExploration,
  readExploration,
} from "../../../docs/assets/js/explore/exploration.js";
import { Address } from "../../../docs/assets/js/shared/address.js";
import { faultText } from "../../../docs/assets/js/shared/faults.js";
import { searchText } from "../../../docs/assets/js/shared/query.js";

const AXES = ["parameters", "parameter_bytes", "macs", "input_size"];
/** @param {string} text */
const asked = (text) => parseExploration(new URLSearchParams(text), AXES);

Deno.test("the page as it is served has no address", () => {
  assert.equal(searchText(explorationParameters(emptyExploration())), "");
  assert.deepEqual(asked(""), emptyExploration());
});

Deno.test("an address comes back as it was", () => {
  for (
    const text of [
      "?x=parameter_bytes&y=macs&figure=input_size&of=resnet",
      "?colour=licence&x_scale=linear&y_scale=logarithmic&x_best=more&y_best=less&front=no",
    ]
  ) {
    assert.equal(searchText(explorationParameters(asked(text))), text);
  }
});

Deno.test("what is served needs no address, whatever it is", () => {
  const served = { x: "macs", y: "top1" };
  const axes = [...AXES, "top1"];
  assert.equal(parseExploration(new URLSearchParams(), axes, served).y, "top1");
  assert.equal(searchText(explorationParameters(emptyExploration(served), served)), "");
  const other = parseExploration(new URLSearchParams("?y=parameters"), axes, served);
  assert.equal(searchText(explorationParameters(other, served)), "?y=parameters");
});

Deno.test("what cannot be read is left out", () => {
  assert.deepEqual(asked("?x=toString&y=size&x_scale=cubic&x_best=worst&colour=red&front=maybe"), emptyExploration());
});

Deno.test("what cannot be read is told, with the nearest that exists", () => {
  /** @param {string} text */
  const told = (text) => {
    const address = new Address(new URLSearchParams(text));
    readExploration(address, AXES, undefined, ["resnet", "vit"]);
    return address.faults.map(faultText);
  };
  assert.deepEqual(told("?x=pixels&y=macs&x_scale=logarithmic&y_best=more&colour=family&front=yes&of=vit"), []);
  assert.deepEqual(told("?x=mac&front=maybe&of=resnets&colr=licence"), [
    'The address has "colr", which this page does not know. Nearest: colour.',
    '"mac" for "x" in the address is not known. Nearest: macs.',
    '"maybe" for "front" in the address is not known. It can be yes or no.',
    '"resnets" for "of" in the address is not known. Nearest: resnet.',
  ]);
});

Deno.test("an axis by its older name is the same axis", () => {
  assert.deepEqual(asked("?x=pixels&figure=pixels"), { ...emptyExploration(), x: "input_size", figure: "input_size" });
});
