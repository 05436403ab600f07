/**
 * Entry of the rank page: defines `<atlas-rank>`.
 * @module
 */

import { AtlasRank } from "./element.js";

customElements.define("atlas-rank", AtlasRank);
