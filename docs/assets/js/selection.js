/**
 * Which models are compared: a value that says all, its address, and what readers do to it.
 *
 * Every selection has one address, from which the page can be made anew. Names are taken as they come: whether there
 * are such models is not known here.
 * @module
 */

/** The least and the most models that are compared, as in the terminal. */
export const LEAST = 2;
export const MOST = 6;

/**
 * @typedef {object} Selection
 * @property {string[]} names each once, at most `MOST`, in the order of columns
 * @property {string} base the name of the one that the others are compared with; "" is the first
 * @property {string[]} pair the two whose tensors are compared; empty is the base and the first of the others
 * @property {string[]} surplus names that were asked for beyond `MOST`
 */

/**
 * The selection of an address: the opposite of `addressOf`.
 * @param {string} search the part of an address from the question mark
 * @returns {Selection}
 */
export function parseSelection(search) {
  const parameters = new URLSearchParams(search);
  const asked = list(parameters.get("m"));
  const names = asked.slice(0, MOST);
  const base = (parameters.get("base") ?? "").trim();
  const pair = list(parameters.get("tensors")).filter((name) => names.includes(name));
  return tidy({ names, base, pair, surplus: asked.slice(MOST) });
}

/** @param {string | null} text @returns {string[]} */
function list(text) {
  return [...new Set((text ?? "").split(",").map((name) => name.trim()).filter(Boolean))];
}

/**
 * What is not said in another way as well: the first is the base unless another one is.
 * @param {Selection} selection
 * @returns {Selection}
 */
function tidy({ names, base, pair, surplus }) {
  return {
    names,
    base: base !== names[0] && names.includes(base) ? base : "",
    pair: pair.length === 2 && pair.every((name) => names.includes(name)) ? pair : [],
    surplus,
  };
}

/**
 * The part of an address after the path; "" where nothing is chosen. Commas stay commas, which addresses allow.
 * @param {Selection} selection
 * @returns {string}
 */
export function addressOf({ names, base, pair }) {
  const parameters = new URLSearchParams();
  if (names.length) parameters.set("m", names.join(","));
  if (base) parameters.set("base", base);
  if (pair.length) parameters.set("tensors", pair.join(","));
  const text = parameters.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/**
 * With another model at the end; as it is where the model is there already or there are `MOST`.
 * @param {Selection} selection
 * @param {string} name
 * @returns {Selection}
 */
export function added(selection, name) {
  const { names } = selection;
  return names.includes(name) || names.length >= MOST ? selection : changed(selection, [...names, name]);
}

/**
 * Without a model.
 * @param {Selection} selection
 * @param {string} name
 * @returns {Selection}
 */
export function removed(selection, name) {
  return changed(selection, selection.names.filter((other) => other !== name));
}

/**
 * With one name in the place of another: what was meant.
 * @param {Selection} selection
 * @param {string} name
 * @param {string} meant
 * @returns {Selection}
 */
export function replaced(selection, name, meant) {
  const names = selection.names.map((other) => (other === name ? meant : other));
  const base = selection.base === name ? meant : selection.base;
  return changed({ ...selection, base }, [...new Set(names)]);
}

/**
 * With a model one place earlier (-1) or later (1). The base stays the same model.
 * @param {Selection} selection
 * @param {string} name
 * @param {-1 | 1} by
 * @returns {Selection}
 */
export function moved(selection, name, by) {
  const names = [...selection.names];
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return selection;
  names.splice(to, 0, ...names.splice(from, 1));
  return changed({ ...selection, base: selection.base || String(selection.names[0]) }, names);
}

/**
 * With another base.
 * @param {Selection} selection
 * @param {string} name
 * @returns {Selection}
 */
export function withBase(selection, name) {
  return changed({ ...selection, base: name }, selection.names);
}

/**
 * With other two models whose tensors are compared.
 * @param {Selection} selection
 * @param {string} one
 * @param {string} other
 * @returns {Selection}
 */
export function withPair(selection, one, other) {
  return changed({ ...selection, pair: [one, other] }, selection.names);
}

/**
 * After an act of the reader nothing is left of what was too much.
 * @param {Selection} selection
 * @param {string[]} names
 * @returns {Selection}
 */
function changed(selection, names) {
  return tidy({ ...selection, names, surplus: [] });
}
