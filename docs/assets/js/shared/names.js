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
 * A name that may be meant. An exact one is equal to the text or has the tag in it. A guess differs in a few letters.
 * @typedef {{name: string, isExact: boolean, isGuess: boolean}} Match
 */

/**
 * The model that a text names for certain: its tag in the text, if any, and a sentence where the text is not its name.
 * @typedef {{name: string, tag: string | null, note: string}} Meaning
 */

/** Prefixes that timm and Hugging Face put before a model's name, in lower case. */
const PREFIXES = ["https://huggingface.co/", "hf_hub:", "hf-hub:", "timm/"];
const SEPARATORS = /[\s_\-./:]+/g;
const WILDCARDS = /[*?[\]!]/g;

/** Least letters for finding names by a near beginning: fewer would find half of all names. */
const LEAST_BEGINNING = 4;

const EXACT = 0, TAG = 1, BEGINNING = 2, WORDS = 3, NEAR = 4, NEAR_BEGINNING = 5;

/**
 * Give the model that a text names for certain; null where it names none, or several.
 *
 * A text names a model as timm does: by its name, with one of its tags, with a prefix, or by a deprecated name. A text
 * that differs from exactly one name only in case and separators names that model too.
 * @param {string} asked
 * @param {Named[]} models
 * @param {Record<string, string | null>} deprecated names, each with its successor, with a tag if timm names one
 * @returns {Meaning | null}
 */
export function meaning(asked, models, deprecated) {
  const plain = withoutPrefix(asked);
  const [name, tag] = split(plain);
  const succeeding = successor(plain, name, tag, models, deprecated);
  if (succeeding) return succeeding;
  if (models.some((model) => model.name === name && (!tag || model.tags.includes(tag)))) {
    return { name, tag: tag || null, note: "" };
  }
  const key = squeezed(plain);
  const alike = models.flatMap(({ name: other, tags }) => [
    ...(squeezed(other) === key ? [{ name: other, tag: null }] : []),
    ...tags.filter((own) => squeezed(`${other}.${own}`) === key).map((own) => ({ name: other, tag: own })),
  ]);
  const [found] = alike;
  if (found && alike.length === 1) {
    const whole = [found.name, found.tag].filter(Boolean).join(".");
    return { ...found, note: `${asked.trim()} is taken as ${whole}.` };
  }
  if (found) return null;
  const once = Object.keys(deprecated).filter((old) => squeezed(old) === key);
  const [old = ""] = once;
  return once.length === 1 ? successor(old, old, "", models, deprecated) : null;
}

/**
 * Say whether a text says more than the name of the model that it means: a tag, or a name that the model had.
 * @param {string} asked
 * @param {Meaning} found
 * @returns {boolean}
 */
export function saysMore(asked, { name }) {
  return squeezed(name) !== squeezed(withoutPrefix(asked));
}

/**
 * @param {string} text that was asked for, without a prefix
 * @param {string} name in the text
 * @param {string} tag in the text, "" without one
 * @param {Named[]} models
 * @param {Record<string, string | null>} deprecated
 * @returns {Meaning | null} null where the name is not deprecated, or its successor not known
 */
function successor(text, name, tag, models, deprecated) {
  const now = Object.hasOwn(deprecated, name) && deprecated[name];
  if (!now || models.some((model) => model.name === name)) return null;
  const [model, own] = split(now);
  if (!models.some((other) => other.name === model)) return null;
  return { name: model, tag: tag || own || null, note: `${text} is a deprecated name of ${now}.` };
}

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
 * @param {boolean} [guesses] whether names that differ in letters are found as well
 * @returns {Match[]}
 */
export function nearest(asked, models, limit, guesses = true) {
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
  if (guesses && found.length < limit) found.push(...fewLettersAway(model, rest));
  return found
    .sort((one, other) => one.kind - other.kind || one.place - other.place || one.name.length - other.name.length)
    .slice(0, limit)
    .map(({ name, kind }) => ({ name, isExact: kind <= TAG, isGuess: kind >= NEAR }));
}

/**
 * Count the letters to insert, delete or change to make one text of the other (Levenshtein distance).
 * @param {string} one
 * @param {string} other
 * @param {number} [most] the greatest distance that matters: greater ones may be given as Infinity
 * @returns {[whole: number, beginning: number]} the distance to all of the other, and the least to a beginning of it
 */
export function distances(one, other, most = Infinity) {
  const width = other.length;
  let above = Array.from({ length: width + 1 }, (_, column) => column);
  let current = new Array(width + 1).fill(Infinity);
  let least = 0;
  for (let row = 1; row <= one.length; row += 1) {
    // Cells further from the diagonal have greater distances. Most names are so far that a few rows tell.
    const first = Math.max(1, row - most);
    const last = Math.min(width, row + most);
    const letter = one.charCodeAt(row - 1);
    let left = first === 1 ? row : Infinity;
    least = current[first - 1] = left;
    for (let column = first; column <= last; column += 1) {
      const changed = Number(above[column - 1]) + (other.charCodeAt(column - 1) === letter ? 0 : 1);
      left = current[column] = Math.min(changed, left + 1, Number(above[column]) + 1);
      if (left < least) least = left;
    }
    if (last < width) current[last + 1] = Infinity;
    // The least distance in a row is never less than that in the row above.
    if (least > most) return [Infinity, Infinity];
    [above, current] = [current, above];
  }
  return [Math.abs(one.length - width) > most ? Infinity : Number(above[width]), least];
}

/**
 * Give a name in lower case, without a prefix of timm or Hugging Face.
 * @param {string} asked
 * @returns {string}
 */
export function withoutPrefix(asked) {
  let text = asked.trim().toLowerCase();
  for (const prefix of PREFIXES) if (text.startsWith(prefix)) text = text.slice(prefix.length);
  return text;
}

/** @param {string} text @returns {[name: string, tag: string]} the parts before and after the first dot */
function split(text) {
  const [name = ""] = text.split(".", 1);
  return [name, text.slice(name.length + 1)];
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
    const [letters, atBeginning] = distances(asked, own, most);
    if (letters <= most) return [{ kind: NEAR, place: letters, name }];
    const isNear = atBeginning <= most && asked.length >= LEAST_BEGINNING;
    return isNear ? [{ kind: NEAR_BEGINNING, place: atBeginning, name }] : [];
  });
}
