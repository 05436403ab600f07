/**
 * Captions of the explore page: sentences on the matches and on the Pareto front.
 * @module
 */

import { integer, plural } from "../shared/formatting.js";

/**
 * Say how many models there are, match and are drawn, and how many test fixtures are left out.
 * @param {number} all
 * @param {number} matching
 * @param {number} drawn
 * @param {number} fixtures
 * @returns {string}
 */
export function matchesText(all, matching, drawn, fixtures) {
  const words = [
    matching === all
      ? `All ${integer(all)} models.`
      : `${integer(matching)} of ${integer(all)} models match the filter.`,
  ];
  if (matching !== drawn) words.push(`${integer(matching - drawn)} of them have no place on these axes.`);
  if (fixtures) words.push(`${plural(fixtures, "test fixture")} of timm left out.`);
  return words.join(" ");
}

/**
 * @param {import("./exploration.js").Exploration} exploration
 * @param {number} members how many models are on the front
 * @returns {string}
 */
export function frontText({ front, xBest, yBest }, members) {
  return front
    ? `${plural(members, "model")} of those in the plot, for which ${xBest} across and ${yBest} up is better: ` +
      "no other model is as good in both figures, unless it is equal in both."
    : "The Pareto front is not shown.";
}
