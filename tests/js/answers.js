/**
 * Answers for Python's tests: reads calls of functions of the site's scripts as JSON, and writes results as JSON.
 * @module
 */

import * as fitting from "../../docs/assets/js/shared/fitting.js";
import * as formatting from "../../docs/assets/js/shared/formatting.js";

/** @type {Record<string, unknown>} */
const functions = { ...formatting, ...fitting };
/** @type {[string, unknown[]][]} */
const calls = await new Response(Deno.stdin.readable).json();
console.log(JSON.stringify(calls.map(([name, values]) => /** @type {Function} */ (functions[name])(...values))));
