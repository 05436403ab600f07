/**
 * Place of the reader in the explore page: which tables are open, with how many rows.
 * @module
 */

/** The parts of the page that a reader opens. */
const OPENED = [".points", ".steps"];

/**
 * `link` is the index of the link in the table of points that had the focus, -1 for none.
 * @typedef {{open: string[], rows: number, page: number, link: number}} Place
 */

/**
 * @param {HTMLElement} root
 * @returns {Place}
 */
export function placeIn(root) {
  const links = [...root.querySelectorAll(".points tbody a")];
  return {
    open: OPENED.filter((part) => root.querySelector(`${part}[open]`)),
    rows: root.querySelectorAll(".points tbody tr").length,
    page: scrollY,
    link: links.findIndex((link) => link === document.activeElement),
  };
}

/**
 * Open what was open, once all else is drawn.
 * @param {HTMLElement} root
 * @param {Place} place
 */
export async function goTo(root, { open, rows, page, link }) {
  for (const part of open) {
    const details = /** @type {HTMLDetailsElement} */ (root.querySelector(part));
    if (details.open) continue;
    // The table is made when the browser tells that the details are open.
    await new Promise((resolve) => {
      details.addEventListener("toggle", resolve, { once: true });
      details.open = true;
    });
  }
  const count = () => root.querySelectorAll(".points tbody tr").length;
  for (let before = -1; before < count() && count() < rows;) {
    before = count();
    /** @type {HTMLButtonElement | null} */ (root.querySelector(".points button"))?.click();
  }
  scrollTo(scrollX, page);
  const focused = root.querySelectorAll(".points tbody a")[link];
  const isFree = document.activeElement === document.body;
  if (focused instanceof HTMLElement && isFree) focused.focus({ preventScroll: true });
}
