/**
 * CSV in the form of /data/models.csv: RFC 4180 with line feeds, exact numbers, lists joined by semicolons, and empty
 * cells for unknown values. A text that a spreadsheet would take for a formula begins with an apostrophe.
 * @module
 */

/**
 * @param {string[]} columns
 * @param {Record<string, unknown>[]} rows
 * @returns {string} a heading line, then a line for each row
 */
export function csvText(columns, rows) {
  return csvLines([columns, ...rows.map((row) => columns.map((column) => row[column]))]);
}

/**
 * @param {unknown[][]} lines of cells
 * @returns {string}
 */
export function csvLines(lines) {
  return lines.map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

/** @param {unknown} value */
function cell(value) {
  const joined = Array.isArray(value) ? value.join(";") : String(value ?? "");
  const isText = typeof (Array.isArray(value) ? value[0] : value) === "string";
  const text = isText && /^[=+\-@\t\r]/.test(joined) ? `'${joined}` : joined;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
