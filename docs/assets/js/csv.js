/**
 * Rows as CSV, as /data/models.csv has them: exact, lists joined by semicolons, unknown is an empty cell.
 * @module
 */

/**
 * @param {string[]} columns
 * @param {Record<string, unknown>[]} rows
 * @returns {string}
 */
export function csvText(columns, rows) {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

/** @param {unknown} value */
function cell(value) {
  const text = Array.isArray(value) ? value.join(";") : String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
