/**
 * Place of the reader in a page: kept when the page is left, and found again on the way back.
 *
 * Browsers keep how far a page is scrolled, but not what scrolls within it, nor what its scripts have opened. A place
 * belongs to an entry of the browser's history, so a page that is opened anew begins at its top.
 * @module
 */

/** The entries of the browser's history: the part of `Navigation` that is used here.
 * @typedef {{currentEntry: {key: string} | null}} Entries */

/**
 * Keep the place whenever the page may be left.
 * @param {() => unknown} place gives what has to be kept, as JSON can hold it
 * @param {AbortSignal} signal ends it
 */
export function keepPlaces(place, signal) {
  const keep = () => {
    const key = placeKey();
    if (key) storage()?.setItem(key, JSON.stringify(place()));
  };
  // Before the page is exchanged without loading (navigation.instant), and before it is left in any other way.
  document.addEventListener("click", keep, { signal, capture: true });
  addEventListener("pagehide", keep, { signal });
}

/**
 * Give the place that was kept; null on the first visit.
 * @returns {any}
 */
export function keptPlace() {
  const key = placeKey();
  return JSON.parse((key && storage()?.getItem(key)) || "null");
}

/** @returns {string} the key of the entry in the browser's history; "" in browsers that do not tell it */
function placeKey() {
  const { navigation } = /** @type {{navigation?: Entries}} */ (/** @type {unknown} */ (globalThis));
  const key = navigation?.currentEntry?.key;
  return key ? `place ${key}` : "";
}

/** @returns {Storage | null} null where the reader does not let sites store anything */
function storage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null; // The place is then not kept.
  }
}
