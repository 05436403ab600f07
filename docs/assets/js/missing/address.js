/**
 * Reading the name in an address of the site.
 * @module
 */

/**
 * Give the last part of an address without a file extension: `resnet55` for `/models/resnet55/`.
 * @param {string} path of an address, still escaped
 * @returns {string} empty for the root, and for an invalid escape
 */
export function askedFor(path) {
  const last = path.replace(/\/(index\.(html|md))?$/, "").split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last).replace(/\.(html|json|md)$/, "");
  } catch {
    return ""; // Half an escape, such as "%5": the name is not known.
  }
}
