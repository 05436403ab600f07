/**
 * Addresses of the site's files, the same from each of its pages.
 * @module
 */

const ROOT = new URL("../../../", import.meta.url);

/**
 * @param {string} path of a file or a page, from the root of the site
 * @returns {string} its full address
 */
export function siteAddress(path) {
  return new URL(path, ROOT).href;
}

/** @param {string} name @returns {string} the address of a model's page */
export function modelAddress(name) {
  return siteAddress(`models/${encodeURIComponent(name)}/`);
}
