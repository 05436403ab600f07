/**
 * Entry of a model's page: defines `<atlas-layers>`.
 * @module
 */

import { LayerTools } from "./layers.js";

customElements.define("atlas-layers", LayerTools);
