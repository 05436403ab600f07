/**
 * Place of the reader in the list of models: kept when the page is left, and found again on the way back.
 *
 * Browsers keep the place in the page, but not that in the table, which scrolls within itself and whose rows follow from
 * the address. The place belongs to an entry of the browser's history, so a page that is opened anew begins at its top.
 * @module
 */

/**
 * `row` is the name of the model whose link had the focus, "" for none.
 * @typedef {{down: number, across: number, page: number, row: string}} Place
 */

/** The entries of the browser's history: the part of `Navigation` that is used here.
 * @typedef {{currentEntry: {key: string} | null}} Entries */

/**
 * Keep the place.
 * @param {HTMLElement} root the element around the table
 */
export function keepPlace(root) {
  const [key, scroller] = [placeKey(), scrollerOf(root)];
  if (!key || !scroller) return;
  const row = document.activeElement?.closest("atlas-rank tbody tr")?.id ?? "";
  const place = { down: scroller.scrollTop, across: scroller.scrollLeft, page: scrollY, row };
  storage()?.setItem(key, JSON.stringify(place));
}

/**
 * Go to the place that was kept, if any.
 * @param {HTMLElement} root
 */
export async function findPlace(root) {
  const [key, scroller] = [placeKey(), scrollerOf(root)];
  const kept = key && storage()?.getItem(key);
  if (!kept || !scroller) return;
  const { down, across, page, row } = /** @type {Place} */ (JSON.parse(kept));
  // Without its styles the table does not scroll.
  await styled(root);
  scroller.scrollTo(across, down);
  scrollTo(scrollX, page);
  const link = row && document.getElementById(row)?.querySelector("a");
  if (link && document.activeElement === document.body) link.focus({ preventScroll: true });
}

/** @param {HTMLElement} root @returns {HTMLElement | null} the element that the table scrolls in */
function scrollerOf(root) {
  return root.querySelector("table")?.parentElement ?? null;
}

/** @param {HTMLElement} root */
async function styled(root) {
  const styles = root.parentElement?.querySelector(":scope > link[rel=stylesheet]");
  if (!(styles instanceof HTMLLinkElement) || styles.sheet) return;
  await new Promise((resolve) => ["load", "error"].forEach((event) => styles.addEventListener(event, resolve)));
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
