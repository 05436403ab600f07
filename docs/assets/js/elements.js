/**
 * Elements of a page, made in one expression. Texts become text, and never markup.
 * @module
 */

/** @typedef {Node | string | null | false} Child */

/**
 * An element with attributes and what is in it. An attribute of `true` is there without a value, one of `false` or
 * null is not there; a child of `false` or null is left out.
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
 * A button that does something when it is pressed.
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
 * A bar of a share, 0 to 1. The figure stands beside it as text, so a screen reader is not told of it.
 * @param {number} share
 * @returns {HTMLElement}
 */
export function bar(share) {
  const made = element("i", { class: share ? "bar" : "bar none", "aria-hidden": "true" });
  made.style.width = `${+(100 * share).toFixed(2)}%`;
  return made;
}

/**
 * Lets the browser draw and answer before more is done.
 * @returns {Promise<void>}
 */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * Lets the browser draw what has changed. It does not draw a page that is hidden.
 * @returns {Promise<void>}
 */
export function frame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
