/**
 * Quantities that people type, such as "25M", "4.5 GMACs" and "90 MiB": text to exact integers, and back.
 * @module
 */

/**
 * The kind of a quantity, which determines the units that may be typed.
 * @typedef {"count" | "macs" | "bytes" | "pixels"} Quantity
 */

const DECIMAL = { "": 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12 };

/** The units that each kind accepts behind the number, in lower case, with their factors.
 * @type {Record<Quantity, Record<string, number>>} */
const UNITS = {
  count: DECIMAL,
  macs: {
    ...DECIMAL,
    ...Object.fromEntries(
      Object.entries(DECIMAL).flatMap(([prefix, factor]) => [[`${prefix}macs`, factor], [`${prefix}mac`, factor]]),
    ),
  },
  // Without a unit it is MiB, the usual unit of models; the field then shows it. MB and MiB are different.
  bytes: {
    "": 2 ** 20,
    bytes: 1,
    ...Object.fromEntries(["k", "m", "g", "t"].flatMap((prefix, place) => [
      [prefix, 1024 ** (place + 1)],
      [`${prefix}ib`, 1024 ** (place + 1)],
      [`${prefix}b`, 1000 ** (place + 1)],
    ])),
  },
  pixels: { "": 1, px: 1, pixels: 1 },
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
  pixels: [["", 1]],
};

/**
 * Read a text as an integer. A value between two integers becomes the one inside the limit.
 * @param {Quantity} kind
 * @param {string} text
 * @param {"min" | "max"} side which limit it is
 * @returns {number | null} null where the text is not a quantity of this kind
 */
export function parseQuantity(kind, text, side) {
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?\s*([a-z]*)$/i.exec(text.trim());
  if (!match || (match[1] === undefined && !match[2])) return null;
  const factor = UNITS[kind][(match[3] ?? "").toLowerCase()];
  if (factor === undefined) return null;
  const decimals = match[2] ?? "";
  // In integers throughout: with floating-point numbers, 1.005 times 1,000 is less than 1,005.
  const scaled = BigInt((match[1] ?? "").replaceAll(",", "") + decimals) * BigInt(factor);
  const divisor = 10n ** BigInt(decimals.length);
  const whole = scaled / divisor;
  const value = Number(side === "min" && scaled % divisor ? whole + 1n : whole);
  return Number.isSafeInteger(value) ? value : null;
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
    if (value < factor) continue;
    for (let decimals = 0; decimals <= 3; decimals += 1) {
      const text = `${(value / factor).toFixed(decimals)}${space}${unit}`;
      if (parseQuantity(kind, text, side) !== value) continue;
      if (!shortest || text.length < shortest.length) shortest = text;
      break;
    }
  }
  return shortest || `0${space}${kind === "bytes" ? "bytes" : ""}`;
}
