/**
 * Axes of charts: their ends, their marks, and the texts of the marks.
 * @module
 */

/** @typedef {import("../shared/figures.js").Kind} Kind */

const PREFIXES = ["", " k", " M", " G", " T"];
const MEMORY_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
/** More marks than this would overlap. */
const MOST_TICKS = 7;

/**
 * Find the ends of an axis, so that all values are inside and none is on an end.
 * @param {number[]} values at least one; positive for a logarithmic axis
 * @param {boolean} log
 * @returns {[number, number]}
 */
export function extent(values, log) {
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  if (log) {
    // At least a factor of six, so that there are two marks.
    const margin = Math.max(0.04 * Math.log10(high / low), (Math.log10(6) - Math.log10(high / low)) / 2);
    return [low / 10 ** margin, high * 10 ** margin];
  }
  const margin = 0.04 * (high - low) || Math.max(1, 0.5 * high);
  return [low - margin, high + margin];
}

/**
 * List round values within an axis, ascending. Bytes are round in KiB, MiB and GiB.
 * @param {number} low
 * @param {number} high
 * @param {boolean} log
 * @param {Kind} kind
 * @returns {number[]}
 */
export function ticks(low, high, log, kind) {
  return log ? logTicks(low, high, kind) : linearTicks(low, high, kind);
}

/** @param {number} low @param {number} high @param {Kind} kind */
function logTicks(low, high, kind) {
  const base = kind === "bytes" ? 1024 : 10;
  /** Multiples of the powers of the base: the first list that fits is taken. */
  const choices = kind === "bytes"
    ? [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512], [1, 4, 16, 64, 256], [1, 16, 256], [1, 32], [1]]
    : [[1, 2, 5], [1]];
  /** @type {number[]} */
  let found = [];
  for (const multiples of choices) {
    found = [];
    for (let power = 1; power <= high; power *= base) {
      found.push(...multiples.map((multiple) => multiple * power).filter((value) => value >= low && value <= high));
    }
    if (found.length <= MOST_TICKS) break;
  }
  return found;
}

/** @param {number} low @param {number} high @param {Kind} kind */
function linearTicks(low, high, kind) {
  const rough = (high - low) / (MOST_TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = kind === "bytes"
    ? 2 ** Math.ceil(Math.log2(rough))
    : [1, 2, 5].map((multiple) => multiple * power).find((step) => step >= rough) ?? 10 * power;
  // Counts are whole numbers.
  const width = Math.max(1, round);
  const found = [];
  for (let value = Math.max(0, Math.ceil(low / width)) * width; value <= high; value += width) found.push(value);
  return found;
}

/**
 * Write a mark, e.g. `500`, `20 k` or `16 MiB`. Round values are exact; others have three digits.
 * @param {number} value
 * @param {Kind} kind
 * @returns {string}
 */
export function tickText(value, kind) {
  const base = kind === "bytes" ? 1024 : 1000;
  const units = kind === "bytes" ? MEMORY_UNITS.map((unit) => ` ${unit}`) : PREFIXES;
  if (kind === "percent") return `${Number(value.toPrecision(3))} %`;
  let power = 0;
  while (value >= base && power < units.length - 1) {
    value /= base;
    power += 1;
  }
  return `${Number(value.toPrecision(value >= 1000 ? 4 : 3))}${value ? units[power] : ""}`;
}
