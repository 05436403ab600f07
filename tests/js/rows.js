/**
 * Comparison of models for Python's tests: reads documents as JSON, and writes lines and sentences as JSON.
 * @module
 */

import { comparisonRows, sharedSentences } from "../../docs/assets/js/compare/comparison.js";

const { documents, base, words } = await new Response(Deno.stdin.readable).json();
console.log(JSON.stringify({ rows: comparisonRows(documents, base, words), shared: sharedSentences(documents) }));
