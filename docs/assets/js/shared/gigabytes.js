/**
 * The memory of a GPU as people write it: text to GB, and back.
 * @module
 */

/** GB by the units of the memory of a GPU: cards are sold by GB and have about as many GiB. */
const UNITS = new Map([["", 1], ["gb", 1], ["gib", 1], ["g", 1], ["mb", 1 / 1024], ["mib", 1 / 1024], ["m", 1 / 1024]]);

/**
 * Read the memory of a GPU as people write it, such as "24 GB" or "24".
 * @param {string} text
 * @returns {number | null} in GB; null where it is none
 */
export function parseGigabytes(text) {
  const parts = /^(?<number>\d+(?:\.\d*)?|\.\d+)\s*(?<unit>[a-z]*)$/.exec(text.normalize("NFKC").trim().toLowerCase());
  const size = Number(parts?.groups?.number) * (UNITS.get(parts?.groups?.unit ?? "") ?? NaN);
  return size > 0 && size < 1e6 ? size : null;
}

/**
 * @param {number} size in GB
 * @returns {string} as `parseGigabytes` reads it
 */
export function gigabytesText(size) {
  return `${size} GB`;
}
