/**
 * Quantities that people type, such as "25M", "25 million", "4.5 GMACs" and "90 MiB": text to exact integers, and back.
 * @module
 */

/**
 * The kind of a quantity, which determines the units that may be typed.
 * @typedef {"count" | "macs" | "bytes" | "percent" | "pixels"} Quantity
 */

/** @type {Record<string, number>} */
const DECIMAL = {
  "": 1,
  ...each(["k", "thousand"], 1e3),
  ...each(["m", "mio", "mln", "million", "millions"], 1e6),
  ...each(["g", "b", "bn", "billion", "billions"], 1e9),
  ...each(["t", "trillion", "trillions"], 1e12),
};

/** The units that each kind accepts behind the number, in lower case and without blanks, with their factors.
 * @type {Record<Quantity, Record<string, number>>} */
const UNITS = {
  count: DECIMAL,
  macs: Object.assign({}, ...["", "mac", "macs"].map((unit) => withUnit(DECIMAL, unit))),
  // Without a unit it is MiB, the usual unit of models; the field then shows it. MB and MiB are different.
  bytes: {
    ...withUnit(DECIMAL, "byte"),
    ...withUnit(DECIMAL, "bytes"),
    "": 2 ** 20,
    ...each(["b", "byte", "bytes"], 1),
    ...each(["k", "ki", "kib", "kibibyte", "kibibytes"], 2 ** 10),
    ...each(["m", "mi", "mib", "mebibyte", "mebibytes"], 2 ** 20),
    ...each(["g", "gi", "gib", "gibibyte", "gibibytes"], 2 ** 30),
    ...each(["t", "ti", "tib", "tebibyte", "tebibytes"], 2 ** 40),
    ...each(["kb", "kilobyte", "kilobytes"], 1e3),
    ...each(["mb", "megabyte", "megabytes"], 1e6),
    ...each(["gb", "gigabyte", "gigabytes"], 1e9),
    ...each(["tb", "terabyte", "terabytes"], 1e12),
  },
  // In thousandths of a percent, the digits that are published.
  percent: each(["", "%", "percent"], 1000),
  pixels: each(["", "px", "pixel", "pixels"], 1),
};

/** The units in which each kind is written, largest first.
 * @type {Record<Quantity, [string, number][]>} */
const WRITTEN = {
  count: [["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3], ["", 1]],
  macs: [["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3], ["", 1]],
  bytes: [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
    ["bytes", 1],
  ],
  percent: [["", 1000]],
  pixels: [["", 1]],
};

/** Digits, in groups of three or not; decimals; a power of ten; a unit. */
const WHOLE =
  /^(?<whole>\d+|\d{1,3}(?<mark>[,'’_ ])\d{3}(?:\k<mark>\d{3})*)?(?:\.(?<decimals>\d*))?(?:e\+?(?<power>\d{1,2}))?(?<unit>[a-z% ]*)$/;
/** A number that may not have its last digits yet, and no unit. */
const BEGUN = /^(?:\d*|\d{1,3}(?:[,'’_ ]\d{3})*[,'’_ ]\d{0,2})(?:\.\d*)?(?:e\+?\d*)?$/;

/**
 * Read a text as an integer. A value between two integers becomes the one inside the limit.
 * @param {Quantity} kind
 * @param {string} text
 * @param {"min" | "max"} side which limit it is
 * @returns {number | null} null where the text is not a quantity of this kind
 */
export function parseQuantity(kind, text, side) {
  const parts = WHOLE.exec(plain(text))?.groups;
  if (!parts || (parts.whole === undefined && !parts.decimals)) return null;
  const unit = (parts.unit ?? "").replaceAll(" ", "");
  const factor = Object.hasOwn(UNITS[kind], unit) ? UNITS[kind][unit] : undefined;
  if (factor === undefined) return null;
  const decimals = parts.decimals ?? "";
  const digits = (parts.whole ?? "").replace(/\D/g, "") + decimals;
  // In integers throughout: with floating-point numbers, 1.005 times 1,000 is less than 1,005.
  const scaled = BigInt(digits) * BigInt(factor) * 10n ** BigInt(parts.power ?? 0);
  const divisor = 10n ** BigInt(decimals.length);
  const whole = scaled / divisor;
  const value = Number(side === "min" && scaled % divisor ? whole + 1n : whole);
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * Say whether a text may become a quantity with more letters, as "25 mill" does: it is no fault while it is typed.
 * @param {Quantity} kind
 * @param {string} text
 * @returns {boolean}
 */
export function isBegun(kind, text) {
  const typed = plain(text);
  if (BEGUN.test(typed)) return true;
  const parts = WHOLE.exec(typed)?.groups;
  if (!parts || (parts.whole === undefined && !parts.decimals)) return false;
  const unit = (parts.unit ?? "").replaceAll(" ", "");
  return Object.keys(UNITS[kind]).some((known) => known.startsWith(unit));
}

/**
 * Write a short text that `parseQuantity` reads as exactly this integer, e.g. `25M`, `90 MiB` or `25557032`.
 * @param {Quantity} kind
 * @param {number} value
 * @param {"min" | "max"} side which limit it is
 * @returns {string}
 */
export function quantityText(kind, value, side) {
  const space = kind === "bytes" ? " " : "";
  let shortest = "";
  for (const [unit, factor] of WRITTEN[kind]) {
    // At least 1 before the point, so that nobody has to count zeros.
    if (value < factor && kind !== "percent") continue;
    for (let decimals = 0; decimals <= 3; decimals += 1) {
      const text = `${(value / factor).toFixed(decimals)}${space}${unit}`;
      if (parseQuantity(kind, text, side) !== value) continue;
      if (!shortest || text.length < shortest.length) shortest = text;
      break;
    }
  }
  return shortest || `0${space}${kind === "bytes" ? "bytes" : ""}`;
}

/** @param {string} text @returns {string} in lower case, with plain blanks and digits */
function plain(text) {
  return text.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * @param {string[]} units
 * @param {number} factor
 * @returns {Record<string, number>} the factor by each of the units
 */
function each(units, factor) {
  return Object.fromEntries(units.map((unit) => [unit, factor]));
}

/**
 * @param {Record<string, number>} factors by their prefix
 * @param {string} unit
 * @returns {Record<string, number>} the same factors, with the unit behind each prefix
 */
function withUnit(factors, unit) {
  return Object.fromEntries(Object.entries(factors).map(([prefix, factor]) => [prefix + unit, factor]));
}
