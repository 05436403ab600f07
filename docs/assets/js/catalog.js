/**
 * The models, as /data/index.json tells of them: fetched once a page, by whoever asks first.
 * @module
 */

/**
 * What the site's scripts know of a model. Names are those of /data/models.json; sizes are in bytes where the name says
 * so, and counts of elements elsewhere. Unknown is null.
 * @typedef {object} Model
 * @property {string} name
 * @property {string} family
 * @property {number} rank competition rank by parameter memory, 1 is the largest
 * @property {number} parameters
 * @property {number} parameter_bytes
 * @property {number} parameter_tensors
 * @property {number | null} macs at `input_size` and batch 1, like `activations`
 * @property {number | null} activations
 * @property {number[] | null} input_size channels, height and width in pixels
 * @property {number[] | null} feature_strides a level each, in pixels; null where there is no feature pyramid
 * @property {string[]} tags the default first
 * @property {string[]} tag_license_classes a tag each, in their order
 * @property {string[]} license_classes the same, each once
 * @property {number | null} inference_bytes estimate: fp32, batch 1, at `input_size` as the next two
 * @property {number | null} training_bytes estimate: fp32, AdamW, batch 32
 * @property {number | null} training_bytes_mixed estimate: bf16 mixed precision, AdamW, batch 32
 */

/**
 * @typedef {object} Index
 * @property {string[]} columns
 * @property {unknown[][]} rows
 */

const ADDRESS = new URL("../../data/index.json", import.meta.url);

/** @type {Promise<Model[]> | null} */
let loading = null;

/**
 * Every model, in the order of the rank page. One that failed to load is asked for again by the next call.
 * @returns {Promise<Model[]>}
 * @throws {Error} the file could not be fetched; the message is for readers
 */
export function loadCatalog() {
  loading ??= fetched().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @returns {Promise<Model[]>} */
async function fetched() {
  const response = await fetch(ADDRESS);
  if (!response.ok) throw new Error(`The list of models could not be loaded (HTTP ${response.status}).`);
  return fromIndex(await response.json());
}

/**
 * The models of an index: a row each.
 * @param {Index} index
 * @returns {Model[]}
 */
export function fromIndex({ columns, rows }) {
  return rows.map((row) => {
    const model = Object.fromEntries(columns.map((column, place) => [column, row[place]]));
    model.license_classes = [...new Set(/** @type {string[]} */ (model.tag_license_classes))];
    return /** @type {Model} */ (/** @type {unknown} */ (model));
  });
}

/**
 * The names that somebody may have meant, best first: those that contain every word of the query, then those that are
 * few letters away. A word is what stands between spaces; `_`, `-` and `.` are letters like others.
 * @param {string} query
 * @param {string[]} names
 * @param {number} limit the most names that are returned
 * @returns {string[]}
 */
export function nearestNames(query, names, limit) {
  const asked = query.trim().toLowerCase();
  if (!asked) return [];
  const words = asked.split(/\s+/);
  const joined = words.join("_");
  /** @param {string} name */
  const place = (name) => (name === joined ? 0 : name.startsWith(joined) ? 1 : name.includes(joined) ? 2 : 3);
  const containing = names.filter((name) => words.every((word) => name.includes(word)));
  containing.sort((one, other) => place(one) - place(other) || one.length - other.length);
  if (containing.length >= limit) return containing.slice(0, limit);
  // What differs in more than a third of its letters is another name.
  const most = Math.max(1, Math.floor(joined.length / 3));
  const found = new Set(containing);
  const near = names
    .filter((name) => !found.has(name) && Math.abs(name.length - joined.length) <= most)
    .map((name) => ({ name, distance: editDistance(joined, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance);
  return [...containing, ...near.map(({ name }) => name)].slice(0, limit);
}

/**
 * How many letters have to be put in, left out or changed to make one text of the other (Levenshtein).
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
export function editDistance(one, other) {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          /** @type {number} */ (above[column]) + 1,
          /** @type {number} */ (current[column - 1]) + 1,
          /** @type {number} */ (above[column - 1]) + changed,
        ),
      );
    }
    above = current;
  }
  return /** @type {number} */ (above[other.length]);
}
