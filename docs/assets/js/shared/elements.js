/**
 * Elements of a page, each made in one expression. Strings become text, never markup.
 * @module
 */

/** @typedef {Node | string | null | false} Child */

/**
 * Make an element with attributes and children. `true` sets an attribute without a value; an attribute or child that
 * is `false` or null is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== false) made.append(child);
  return made;
}

/**
 * Make a button that calls `act` when it is pressed.
 * @param {Record<string, string | number | boolean | null>} attributes
 * @param {() => void} act
 * @param {...Child} children
 * @returns {HTMLButtonElement}
 */
export function button(attributes, act, ...children) {
  const made = element("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", act);
  return made;
}

/**
 * Make a bar for a share, 0 to 1. It is hidden from screen readers: the figure stands beside it as text.
 * @param {number} share
 * @returns {HTMLElement}
 */
export function bar(share) {
  const made = element("i", { class: share ? "bar" : "bar none", "aria-hidden": "true" });
  made.style.width = `${+(100 * share).toFixed(2)}%`;
  return made;
}

/**
 * Let the browser draw and handle input before more work is done.
 * @returns {Promise<void>}
 */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * Let the browser draw what has changed. It draws nothing while the page is hidden.
 * @returns {Promise<void>}
 */
export function drawing() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/**
 * Find an element that has to be in the page.
 * @template {HTMLElement} Type
 * @param {Element} root
 * @param {string} selector
 * @param {new () => Type} type
 * @returns {Type}
 */
export function part(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`<${root.localName}> has no ${selector}`);
  return found;
}

/**
 * Ignore a key that is held down on a button or a box, which the browser takes for many presses. Each would be an entry
 * of the browser's history, and browsers refuse more than a hundred in some seconds.
 * @param {KeyboardEvent} event
 */
export function ignoreHeld(event) {
  const isPressed = event.target instanceof Element && event.target.matches("button, input[type=checkbox]");
  if (event.repeat && isPressed && (event.key === "Enter" || event.key === " ")) event.preventDefault();
}

/** @param {HTMLSelectElement} select @returns {boolean} whether the option is chosen that it was served with */
export function isAsServed({ options, selectedIndex }) {
  const served = [...options].findIndex(({ defaultSelected }) => defaultSelected);
  return selectedIndex === Math.max(0, served);
}
