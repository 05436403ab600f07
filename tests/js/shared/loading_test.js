import assert from "node:assert/strict";
import { importer, LoadError, loadJson, retried } from "../../../docs/assets/js/shared/loading.js";

/** @param {() => Response | Promise<Response>} answer */
const ask = (answer) => /** @type {typeof fetch} */ (() => Promise.resolve().then(answer));

Deno.test("what could not be loaded is said in words, not in those of the browser", async () => {
  const failing = ask(() => {
    throw new TypeError("Failed to fetch");
  });
  await assert.rejects(loadJson("data/a.json", "The list", failing), {
    message: "The list could not be loaded: there was no answer from the network.",
    status: null,
  });
  const broken = ask(() => new Response("{"));
  await assert.rejects(
    loadJson("data/a.json", "The list", broken),
    /^Error: The list could not be loaded: there was no/,
  );
  const refused = ask(() => new Response("", { status: 503 }));
  await assert.rejects(loadJson("data/a.json", "The list", refused), {
    message: "The list could not be loaded (HTTP 503).",
    status: 503,
  });
  assert.deepEqual(await loadJson("data/a.json", "The list", ask(() => new Response('{"a": 1}'))), { a: 1 });
});

Deno.test("a loader loads once, and once more after a failure", async () => {
  /** @type {number[]} */
  const told = [];
  const load = retried((failures) => {
    told.push(failures);
    return failures < 2 ? Promise.reject(new Error("no")) : Promise.resolve("there");
  });
  const [one, other] = [load(), load()];
  await assert.rejects(one);
  await assert.rejects(other);
  await assert.rejects(load());
  assert.equal(await load(), "there");
  assert.equal(await load(), "there");
  assert.deepEqual(told, [0, 1, 2]);
});

Deno.test("a module that failed is asked for under another address", async () => {
  /** @type {string[]} */
  const asked = [];
  const load = importer((query) => {
    asked.push(query);
    return query ? Promise.resolve(query) : Promise.reject(new TypeError("Failed to fetch"));
  }, "The tool");
  await assert.rejects(load(), LoadError);
  assert.equal(await load(), "?again=1");
  assert.equal(await load(), "?again=1");
  assert.deepEqual(asked, ["", "?again=1"]);
});
