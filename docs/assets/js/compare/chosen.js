/**
 * List of the chosen models, with buttons that make a model the base, move it or remove it. When the list is redrawn,
 * the focus goes back to the element with the same `data-focus`.
 * @module
 */

import { button, element } from "../shared/elements.js";
import { plural } from "../shared/formatting.js";
import { modelAddress } from "../shared/site.js";
import { breakable } from "./comparison-tables.js";
import { moved, removed, withBase } from "./selection.js";

/** @typedef {import("./selection.js").Selection} Selection */

/**
 * Show another selection. `said` is announced. `focus` is the `data-focus` of the element that gets the focus, "" for
 * the field, null for no change.
 * @typedef {(selection: Selection, said: string, focus: string | null) => void} Go
 */

/**
 * @param {Selection} selection
 * @param {string | null} base null where it is not known yet
 * @param {string[]} without names that no model has, and so without a page
 * @param {Go} go
 * @returns {HTMLElement[]}
 */
export function chosenItems(selection, base, without, go) {
  return selection.names.map((name, place) =>
    element(
      "li",
      { "data-name": name },
      ...(without.includes(name) ? breakable(name) : [element("a", { href: modelAddress(name) }, ...breakable(name))]),
      element(
        "span",
        { class: "acts" },
        button(
          { "aria-pressed": String(name === base), "aria-label": `Base: ${name}`, "data-focus": `base ${name}` },
          () => go(withBase(selection, name), `The others are compared with ${name}.`, `base ${name}`),
          "Base",
        ),
        mover(selection, name, place, -1, go),
        mover(selection, name, place, 1, go),
        button(
          { "aria-label": `Remove ${name}`, title: "Remove", "data-focus": `remove ${name}` },
          () => remove(selection, name, go),
          "×",
        ),
      ),
    )
  );
}

/** @param {Selection} selection @returns {string} a sentence with their number */
export function counted({ names }) {
  return `${plural(names.length, "model")} now.`;
}

/**
 * @param {Selection} selection
 * @param {string} name
 * @param {number} place
 * @param {-1 | 1} by
 * @param {Go} go
 */
function mover(selection, name, place, by, go) {
  const to = place + by;
  const word = by < 0 ? "earlier" : "later";
  return button(
    {
      "aria-label": `Move ${name} ${word}`,
      title: `Move ${word}`,
      disabled: to < 0 || to >= selection.names.length,
      "data-focus": `${word} ${name}`,
    },
    () => {
      const said = `${name} is number ${to + 1} of ${selection.names.length}.`;
      go(moved(selection, name, by), said, `${word} ${name}`);
    },
    by < 0 ? "←" : "→",
  );
}

/** @param {Selection} selection @param {string} name @param {Go} go */
function remove(selection, name, go) {
  const place = selection.names.indexOf(name);
  const left = removed(selection, name);
  const next = left.names[Math.min(place, left.names.length - 1)];
  go(left, `${name} is removed. ${counted(left)}`, next ? `remove ${next}` : "");
}

/** @param {HTMLElement} root @returns {string} the `data-focus` of the focused element inside; "" for none */
export function focused(root) {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && root.contains(activeElement) ? activeElement.dataset.focus ?? "" : "";
}

/**
 * Focus the element with this `data-focus`; where it is disabled, the button that moves the other way.
 * @param {HTMLElement} root
 * @param {string} focus
 * @returns {boolean}
 */
export function giveFocus(root, focus) {
  const all = [...root.querySelectorAll("[data-focus]")].filter((found) => found instanceof HTMLElement);
  const opposite = focus.startsWith("earlier ") ? focus.replace("earlier", "later") : focus.replace("later", "earlier");
  for (const wanted of [focus, opposite]) {
    const found = all.find(({ dataset }) => dataset.focus === wanted);
    if (found && !found.matches(":disabled")) {
      found.focus();
      return true;
    }
  }
  return false;
}
