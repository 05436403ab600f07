/**
 * What an address of the site names.
 * @module
 */

/**
 * What an address asks for: its last part, without the end of a file's name, as in `/models/resnet55/`.
 * @param {string} path of an address, escaped as there
 * @returns {string} empty for the root, and for what is not escaped as it must be
 */
export function askedFor(path) {
  const last = path.replace(/\/(index\.(html|md))?$/, "").split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last).replace(/\.(html|json|md)$/, "");
  } catch {
    return ""; // Half an escape, such as "%5": nobody can say what was meant.
  }
}
