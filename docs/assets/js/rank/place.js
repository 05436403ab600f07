/**
 * Place of the reader in the rank page's table, which scrolls within itself and whose rows follow from the address.
 * @module
 */

/**
 * `row` is the name of the model whose link had the focus, "" for none.
 * @typedef {{down: number, across: number, page: number, row: string}} Place
 */

/**
 * @param {HTMLElement} root the element around the table
 * @returns {Place}
 */
export function placeIn(root) {
  const { scrollTop: down = 0, scrollLeft: across = 0 } = scrollerOf(root) ?? {};
  const row = document.activeElement?.closest("atlas-rank tbody tr")?.id ?? "";
  return { down, across, page: scrollY, row };
}

/**
 * @param {HTMLElement} root
 * @param {Place} place
 */
export async function goTo(root, { down, across, page, row }) {
  // Without its styles the table does not scroll.
  await styled(root);
  scrollerOf(root)?.scrollTo(across, down);
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
