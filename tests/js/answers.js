/**
 * Answers for Python's tests: calls of docs/assets/js/formatting.js come in as JSON, their results go out as JSON.
 * @module
 */

import * as formatting from "../../docs/assets/js/formatting.js";

/** @type {[keyof typeof formatting, unknown[]][]} */
const calls = await new Response(Deno.stdin.readable).json();
const results = calls.map(([name, values]) => /** @type {Function} */ (formatting[name])(...values));
console.log(JSON.stringify(results));
