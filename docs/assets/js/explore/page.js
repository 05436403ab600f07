/**
 * Entry of the explore page: defines `<atlas-explore>`.
 * @module
 */

import { AtlasExplore } from "./element.js";

customElements.define("atlas-explore", AtlasExplore);
