import assert from "node:assert/strict";
import { Answers } from "../../../docs/assets/js/search/answers.js";
import shared from "../../cases/names.json" with { type: "json" };
import { nearest } from "../../../docs/assets/js/shared/names.js";

const MODELS = Object.entries(shared.models).map(([name, tags]) => ({ name, tags }));
/** @param {string} location @param {string} title */
const doc = (location, title) => ({ location, title, text: `About ${title}` });
const DOCS = [doc("guide/", "Guide"), ...MODELS.map(({ name }) => doc(`models/${name}/`, name))];
const RENAMED = { ig_resnet: "resnet50.fb_swsl_ig1b_ft_in1k" };
const ANSWERS = new Answers(DOCS, MODELS, RENAMED);

/**
 * @param {string} location
 * @param {number} score
 * @param {Record<string, boolean>} terms
 */
const found = (location, score, terms) => [{ ...doc(location, `<mark>${location}</mark>`), score, terms }];
/** @param {string} query @param {{items: ReturnType<typeof found>[]}} [result] */
const locations = (query, result = { items: [] }) =>
  ANSWERS.merged(query, result).items.map(([part]) => part?.location.replace("models/", "").replace("/", ""));

Deno.test("the names that a query means come first, in the order of the shared rule", () => {
  for (const query of ["resnet 50", "ResNet50", "convnxt tiny", "a1_in1k", "vit base dinov3", "timm/resnet50"]) {
    const guessed = nearest(query, MODELS, 10);
    const names = guessed.filter(({ isGuess }) => isGuess === guessed[0]?.isGuess).map(({ name }) => name);
    assert.deepEqual(locations(query), names, query);
  }
});

Deno.test("each model's own name finds it first, whatever the theme has found", () => {
  const items = [found("models/resnet18/", 500, { resnet: true }), found("guide/", 400, { resnet: true })];
  for (const { name } of MODELS) {
    assert.equal(locations(name, { items })[0], name);
    assert.equal(locations(name.replaceAll("_", " "), { items })[0], name);
  }
});

Deno.test("a deprecated name leads to its successor, and says so", () => {
  const [first] = ANSWERS.merged("IG-ResNet", { items: [] }).items;
  assert.equal(first?.[0]?.location, "models/resnet50/");
  assert.match(first?.[0]?.text ?? "", /^<p>ig_resnet is a deprecated name of resnet50.fb_swsl_ig1b_ft_in1k.<\/p>/);
});

Deno.test("what the theme has found follows, each page once, and Enter opens the first", () => {
  const items = [found("models/resnet50/", 7, { resnet50: true }), found("guide/", 5, { resnet50: true })];
  const merged = ANSWERS.merged("resnet50", { items, suggest: ["resnet50"] });
  const scores = merged.items.map(([part]) => part?.score ?? 0);
  assert.deepEqual(scores, scores.toSorted((one, other) => other - one));
  assert.deepEqual(merged.suggest, ["resnet50"]);
  assert.equal(merged.items[0]?.[0]?.title, "<mark>models/resnet50/</mark>");
  assert.equal(merged.items.filter((item) => item.some(({ location }) => location === "models/resnet50/")).length, 1);
  assert.equal(merged.items.at(-1)?.[0]?.location, "guide/");
});

Deno.test("a page of text that has all the words stays first, unless the text is a name", () => {
  const items = [found("guide/", 5, { net: true })];
  assert.equal(ANSWERS.merged("snet", { items }).items, items);
  assert.equal(locations("resnet18", { items })[0], "resnet18");
});

Deno.test("a guess comes in where no page has all the words", () => {
  const whole = [found("guide/", 5, { convnxt: true, tiny: true })];
  const part = [found("guide/", 5, { convnxt: false, tiny: true })];
  assert.deepEqual(locations("convnxt tiny", { items: whole }), ["guide"]);
  assert.equal(locations("convnxt tiny", { items: part })[0], "convnext_tiny");
});

Deno.test("what names no model, and nothing at all, is left to the theme", () => {
  const result = { items: [found("guide/", 5, { zzzzzz: true })] };
  for (const query of ["zzzzzz", "", "  ", "**"]) assert.equal(ANSWERS.merged(query, result), result);
});

Deno.test("a model without a page in the index is not found", () => {
  assert.deepEqual(new Answers([], MODELS, RENAMED).merged("resnet50", { items: [] }), { items: [] });
});
