/**
 * Numbers as text, the same as those of generator/pages/formatting.py. tests/test_scripts.py compares the two.
 *
 * All numbers here are known; the words for unknown ones come with the data.
 * @module
 */

const MEMORY_UNITS = ["KiB", "MiB", "GiB"];
const PREFIXES = ["k", "M", "G", "T"];

/**
 * An exact integer with thousands separators, e.g. `5,831,848`.
 * @param {number} value
 * @returns {string}
 */
export function integer(value) {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * Bytes in the largest of KiB, MiB and GiB that leaves at least one, three decimals, e.g. `22.244 MiB`.
 * @param {number} bytes
 * @returns {string}
 */
export function memory(bytes) {
  return scaled(bytes, 1024, MEMORY_UNITS);
}

/**
 * A count in the largest of k, M, G and T (powers of 1,000) that leaves at least one, e.g. `4.112 GMACs`.
 * @param {number} value
 * @param {string} [unit]
 * @returns {string}
 */
export function metric(value, unit = "") {
  return scaled(value, 1000, PREFIXES) + unit;
}

/**
 * @param {number} value
 * @param {number} base
 * @param {string[]} units
 * @returns {string}
 */
function scaled(value, base, units) {
  let power = 1;
  while (power < units.length && value >= base ** (power + 1)) power += 1;
  let text = quotient(value, base ** power, 3);
  // Rounding may reach the next unit: write "1.000 MiB", and never "1024.000 KiB".
  if (power < units.length && text === `${base}.000`) {
    power += 1;
    text = "1.000";
  }
  return `${text} ${units[power - 1]}`;
}

/**
 * `part` in percent of `whole`, without the percent sign, e.g. `66.53`.
 * @param {number} part
 * @param {number} whole positive: a share of 0 is not defined
 * @param {number} [digits]
 * @returns {string}
 */
export function percent(part, whole, digits = 2) {
  return quotient(100 * part, whole, digits);
}

/**
 * Divide non-negative integers to this many decimals, rounded half to even, in integers throughout.
 * @param {number} dividend
 * @param {number} divisor
 * @param {number} digits
 * @returns {string}
 */
export function quotient(dividend, divisor, digits) {
  // BigInt, since a number cannot hold a thousand times the MACs of a large model exactly.
  const whole = BigInt(divisor);
  const multiplied = BigInt(dividend) * 10n ** BigInt(digits);
  const rest = multiplied % whole;
  let result = multiplied / whole;
  if (2n * rest > whole || (2n * rest === whole && result % 2n)) result += 1n;
  const text = String(result).padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}

/**
 * (channels, height, width) as `3 × 224 × 224`.
 * @param {number[]} size
 * @returns {string}
 */
export function pixels(size) {
  return size.join(" × ");
}

/**
 * `1 tag`, `2 tags`.
 * @param {number} number
 * @param {string} noun
 * @param {string} [nouns] the plural, where an s is not enough
 * @returns {string}
 */
export function plural(number, noun, nouns = `${noun}s`) {
  return `${integer(number)} ${number === 1 ? noun : nouns}`;
}
