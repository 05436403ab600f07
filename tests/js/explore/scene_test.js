import assert from "node:assert/strict";
import { frontText, matchesText } from "../../../docs/assets/js/explore/captions.js";
import { emptyExploration } from "../../../docs/assets/js/explore/exploration.js";
import { sceneOf } from "../../../docs/assets/js/explore/scene.js";
import { emptyQuery } from "../../../docs/assets/js/shared/query.js";
import { catalog } from "../models.js";

const CATALOG = catalog(
  { name: "a", parameters: 100, macs: 10 },
  { name: "b", parameters: 200, macs: 20, family: "other" },
  { name: "c", parameters: 150, macs: 30 },
  { name: "d", parameters: 50, macs: null },
);
/** @param {{model: {name: string}}[]} points */
const names = (points) => points.map(({ model }) => model.name).join("");

Deno.test("a scene has what matches, what has a place, and the front", () => {
  const scene = sceneOf(CATALOG, emptyExploration(), emptyQuery());
  assert.equal(scene.shown.length, 4);
  assert.equal(names(scene.points), "abc");
  assert.equal(names(scene.best), "ab");
  assert.deepEqual(scene.groups, ["tiny", "other"]);
  assert.deepEqual(scene.points.map(({ group }) => group), [0, 1, 0]);
  assert.deepEqual(sceneOf(CATALOG, { ...emptyExploration(), front: false }, emptyQuery()).best, []);
});

Deno.test("a filter leaves fewer models, and each group its colour", () => {
  const scene = sceneOf(CATALOG, emptyExploration(), { ...emptyQuery(), family: "other" });
  assert.deepEqual([names(scene.points), scene.points[0]?.group], ["b", 1]);
});

Deno.test("what a name means that no model has takes the place of what it names", () => {
  const query = { ...emptyQuery(), name: "zz" };
  assert.deepEqual(sceneOf(CATALOG, emptyExploration(), query).shown, []);
  const scene = sceneOf(CATALOG, emptyExploration(), query, { names: ["c"], sentence: "Said." });
  assert.deepEqual([names(scene.points), scene.sentence], ["c", "Said."]);
});

Deno.test("the distribution counts all that match, and those of a family", () => {
  const { distribution } = sceneOf(CATALOG, { ...emptyExploration(), of: "other" }, emptyQuery());
  /** @param {number[]} counts */
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  assert.deepEqual([sum(distribution.all), sum(distribution.part)], [4, 1]);
  assert.deepEqual(sceneOf(CATALOG, emptyExploration(), emptyQuery()).distribution.part, []);
});

Deno.test("an axis that is not declared is the first that is", () => {
  assert.equal(sceneOf(CATALOG, { ...emptyExploration(), x: "noise" }, emptyQuery()).x.name, "parameters");
});

Deno.test("what is shown is told", () => {
  assert.equal(matchesText(1371, 1371, 1371, 0), "All 1,371 models.");
  assert.equal(matchesText(9, 5, 3, 0), "5 of 9 models match the filter. 2 of them have no place on these axes.");
  assert.equal(matchesText(9, 9, 9, 1), "All 9 models. 1 test fixture of timm left out.");
  assert.match(frontText(emptyExploration(), 1), /^1 model of those in the plot, for which less across and more up/);
  assert.equal(frontText({ ...emptyExploration(), front: false }, 0), "The Pareto front is not shown.");
});
