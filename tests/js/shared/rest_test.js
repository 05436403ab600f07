import assert from "node:assert/strict";
import { Rest } from "../../../docs/assets/js/shared/rest.js";

Deno.test("an act that waits can be had at once, and then waits no longer", () => {
  let acts = 0;
  const rest = new Rest(() => acts += 1);
  rest.flush();
  assert.equal(acts, 0);
  rest.later();
  rest.later();
  rest.flush();
  rest.flush();
  assert.equal(acts, 1);
});

Deno.test("an act that is given up does not come", () => {
  let acts = 0;
  const rest = new Rest(() => acts += 1);
  rest.later();
  rest.cancel();
  rest.flush();
  assert.equal(acts, 0);
});

Deno.test("an act comes by itself after a rest", async () => {
  await new Promise((resolve) => new Rest(() => resolve(null)).later());
});
