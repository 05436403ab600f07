/**
 * What the comparison says of models: documents come as JSON, lines and sentences go the same way.
 * @module
 */

import { comparisonRows, sharedSentences } from "../../docs/assets/js/comparison.js";

const { documents, base } = await new Response(Deno.stdin.readable).json();
console.log(JSON.stringify({ rows: comparisonRows(documents, base), shared: sharedSentences(documents) }));
