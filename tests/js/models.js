/**
 * Models made by hand, small enough to sort in one's head.
 * @module
 */

import { fromIndex } from "../../docs/assets/js/catalog.js";

const PLAIN = {
  name: "",
  family: "tiny",
  rank: 1,
  parameters: 1000,
  parameter_bytes: 4000,
  parameter_tensors: 6,
  macs: /** @type {number | null} */ (5000),
  activations: /** @type {number | null} */ (700),
  input_size: /** @type {number[] | null} */ ([3, 224, 224]),
  feature_strides: /** @type {number[] | null} */ ([4, 8, 16, 32]),
  tags: ["in1k"],
  tag_license_classes: ["permissive"],
  inference_bytes: /** @type {number | null} */ (6000),
  training_bytes: /** @type {number | null} */ (90000),
  training_bytes_mixed: /** @type {number | null} */ (60000),
};

/**
 * A model with these values, and plain ones elsewhere; it comes through the index, as those of the site do.
 * @param {Partial<typeof PLAIN>} values
 */
export function model(values) {
  const whole = { ...PLAIN, ...values };
  const [made] = fromIndex({ columns: Object.keys(whole), rows: [Object.values(whole)] });
  return /** @type {import("../../docs/assets/js/catalog.js").Model} */ (made);
}
