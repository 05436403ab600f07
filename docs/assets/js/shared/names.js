/**
 * Search for the models that a name may mean, by the rule of generator/facts/names.py.
 * Both are tested with the cases of tests/cases/names.json.
 * @module
 */

/**
 * The parts of a model that the search uses.
 * @typedef {{name: string, tags: string[]}} Named
 */

/**
 * A name that may be meant. A guess differs in a few letters from the name asked for.
 * @typedef {{name: string, isGuess: boolean}} Match
 */

/** Prefixes that timm and Hugging Face put before a model's name, in lower case. */
const PREFIXES = ["https://huggingface.co/", "hf_hub:", "hf-hub:", "timm/"];
const SEPARATORS = /[\s_\-./:]+/g;
const WILDCARDS = /[*?[\]!]/g;

/** Least letters for finding names by a near beginning: fewer would find half of all names. */
const LEAST_BEGINNING = 4;

const EXACT = 0, TAG = 1, BEGINNING = 2, WORDS = 3, NEAR = 4, NEAR_BEGINNING = 5;

/**
 * List the names that are most likely meant, best first; none where nothing is near.
 *
 * Case and separators do not count. Equal names come first, then models with an equal tag (alone or behind the name),
 * names that begin with the text, names that contain each of its words (a word may also be in a tag), names that differ
 * in few letters, and last names whose beginning does. Among equals, shorter names come first; otherwise the order of
 * the models stays.
 * @param {string} asked as timm writes it (`resnet50`, `timm/resnet50.a1_in1k`) or as people do (`ResNet 50`)
 * @param {Named[]} models
 * @param {number} limit the most names that are returned
 * @returns {Match[]}
 */
export function nearest(asked, models, limit) {
  const plain = withoutPrefix(asked.replace(WILDCARDS, ""));
  const words = plain.split(SEPARATORS).filter(Boolean);
  if (!words.length) return [];
  const key = words.join("");
  // Without its tag, so that a name with an unknown tag finds its model.
  const model = squeezed(plain.split(".", 1)[0] ?? "") || key;
  /** @type {{kind: number, place: number, name: string}[]} */
  const found = [];
  /** @type {{name: string, own: string}[]} */
  const rest = [];
  for (const { name, tags } of models) {
    const own = squeezed(name);
    const match = matched(own, tags, key, model, words);
    if (match) found.push({ kind: match[0], place: match[1], name });
    else rest.push({ name, own });
  }
  if (found.length < limit) found.push(...fewLettersAway(model, rest));
  return found
    .sort((one, other) => one.kind - other.kind || one.place - other.place || one.name.length - other.name.length)
    .slice(0, limit)
    .map(({ name, kind }) => ({ name, isGuess: kind >= NEAR }));
}

/**
 * Count the letters to insert, delete or change to make one text of the other (Levenshtein distance).
 * @param {string} one
 * @param {string} other
 * @returns {[whole: number, beginning: number]} the distance to all of the other, and the least to a beginning of it
 */
export function distances(one, other) {
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
  return [/** @type {number} */ (above[other.length]), Math.min(...above)];
}

/**
 * Give a name in lower case, without a prefix of timm or Hugging Face.
 * @param {string} asked
 * @returns {string}
 */
function withoutPrefix(asked) {
  let text = asked.trim().toLowerCase();
  for (const prefix of PREFIXES) if (text.startsWith(prefix)) text = text.slice(prefix.length);
  return text;
}

/** @param {string} name @returns {string} in lower case without separators */
function squeezed(name) {
  return name.toLowerCase().replace(SEPARATORS, "");
}

/**
 * @param {string} own a model's name, squeezed
 * @param {string[]} tags
 * @param {string} key all of the text asked for, squeezed
 * @param {string} model the same without a tag
 * @param {string[]} words
 * @returns {[kind: number, place: number] | null} the kind of match, then a place within that kind
 */
function matched(own, tags, key, model, words) {
  if (own === key || own === model) return [EXACT, 0];
  const plain = tags.map(squeezed);
  if (plain.some((tag) => key === tag || key === own + tag)) return [TAG, 0];
  if (own.startsWith(model)) return [BEGINNING, 0];
  if (words.every((word) => own.includes(word))) return [WORDS, own.includes(key) ? 0 : 1];
  if (plain.some((tag) => words.every((word) => own.includes(word) || tag.includes(word)))) return [WORDS, 2];
  return null;
}

/** @param {string} asked @param {{name: string, own: string}[]} names */
function fewLettersAway(asked, names) {
  // A name that differs in more than a third of its letters is another name.
  const most = Math.max(1, Math.floor(asked.length / 3));
  return names.flatMap(({ name, own }) => {
    const [letters, atBeginning] = distances(asked, own);
    if (letters <= most) return [{ kind: NEAR, place: letters, name }];
    const isNear = atBeginning <= most && asked.length >= LEAST_BEGINNING;
    return isNear ? [{ kind: NEAR_BEGINNING, place: atBeginning, name }] : [];
  });
}
