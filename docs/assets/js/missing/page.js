/**
 * Entry of the page for unknown addresses: defines `<atlas-suggestions>`.
 * @module
 */

import { Suggestions } from "./suggestions.js";

customElements.define("atlas-suggestions", Suggestions);
