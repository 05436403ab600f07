/**
 * Entry of the page that compares models: defines `<atlas-compare>`.
 * @module
 */

import { AtlasCompare } from "./element.js";

customElements.define("atlas-compare", AtlasCompare);
