/**
 * Answers for Python's tests: reads calls of docs/assets/js/shared/formatting.js as JSON, and writes results as JSON.
 * @module
 */

import * as formatting from "../../docs/assets/js/shared/formatting.js";

/** @type {[keyof typeof formatting, unknown[]][]} */
const calls = await new Response(Deno.stdin.readable).json();
const results = calls.map(([name, values]) => /** @type {Function} */ (formatting[name])(...values));
console.log(JSON.stringify(results));
