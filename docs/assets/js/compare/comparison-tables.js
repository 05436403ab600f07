/**
 * Tables of a comparison that always show all rows: figures, forms, feature pyramids, weights.
 * @module
 */

import { bar, element } from "../shared/elements.js";
import { integer, pixels, plural } from "../shared/formatting.js";
import { modelAddress } from "../shared/site.js";
import { comparisonRows, formNames, sharedSentences, shareText } from "./comparison.js";

/** @typedef {import("./documents.js").ModelDocument} ModelDocument */

/**
 * The data of all sections: the models in the order of columns, the index of the base, and the words for missing
 * values.
 * @typedef {{documents: ModelDocument[], base: number, words: import("../shared/figures.js").Words}} Compared
 */

/**
 * Make a table in a scrolling frame, with a column for each model.
 * @param {string} label names the table
 * @param {Compared} compared
 * @param {HTMLTableSectionElement[]} bodies
 * @returns {HTMLElement}
 */
export function frame(label, { documents, base }, bodies) {
  const head = element(
    "tr",
    {},
    element("td"),
    ...documents.map(({ name }, place) =>
      element(
        "th",
        { scope: "col" },
        element("a", { href: modelAddress(name) }, ...breakable(name)),
        place === base && element("span", { class: "base" }, "base"),
      )
    ),
  );
  return element(
    "div",
    {
      class: "compare-frame",
      role: "group",
      "aria-label": label,
      tabindex: "0",
      style: `--models:${documents.length}`,
    },
    element("table", { class: "compare-table" }, element("thead", {}, head), ...bodies),
  );
}

/**
 * Let a name break after its underscores and dots, and nowhere else.
 * @param {string} name
 * @returns {(string | HTMLElement)[]}
 */
export function breakable(name) {
  return name.split(/(?<=[_.])/).flatMap((part) => [part, element("wbr")]);
}

/** @param {Compared} compared @returns {HTMLElement[]} */
export function figuresSection(compared) {
  /** @type {HTMLTableSectionElement[]} */
  const bodies = [element("tbody")];
  const columns = 1 + compared.documents.length;
  for (const { depth, label, cells } of comparisonRows(compared.documents, compared.base, compared.words)) {
    const [heading = "", note = ""] = label.split(" (");
    if (!cells.length) {
      const words = element("th", { scope: "rowgroup", colspan: columns }, element("span", {}, heading));
      if (note) words.append(" ", element("small", {}, note.replace(")", "")));
      bodies.push(element("tbody", {}, element("tr", { class: `heading depth-${depth}` }, words)));
      continue;
    }
    // A row at the depth of headings belongs to none of them.
    if (depth === 0 && bodies.length > 1 && bodies.at(-1)?.querySelector(".heading")) bodies.push(element("tbody"));
    bodies.at(-1)?.append(element(
      "tr",
      {},
      element("th", { scope: "row", class: `depth-${depth}` }, label),
      ...cells.map((cell, place) => figureCell(cell, place === compared.base)),
    ));
  }
  return [frame("Figures", compared, bodies)];
}

/** @param {import("./comparison.js").Cell} cell @param {boolean} isBase @returns {HTMLElement} */
function figureCell({ text, difference, ratio, share }, isBase) {
  return element(
    "td",
    isBase ? { class: "of-base" } : {},
    element("b", {}, text),
    share !== null && bar(share),
    (difference || ratio) && element("small", {}, [difference, ratio].filter(Boolean).join("  ")),
  );
}

/** @param {Compared} compared @returns {HTMLElement[]} */
export function sharedSection({ documents }) {
  return [element("ul", {}, ...sharedSentences(documents).map((sentence) => element("li", {}, sentence)))];
}

/** @param {Compared} compared @returns {HTMLElement[]} */
export function formsSection(compared) {
  const totals = compared.documents.map(({ forms }) =>
    Object.values(forms).reduce((sum, [tensors, parameters]) => [sum[0] + tensors, sum[1] + parameters], [0, 0])
  );
  const bodies = formNames(compared.documents).map((form) => {
    const rows = ["tensors", "parameters"].map((kind, which) =>
      element(
        "tr",
        {},
        element("th", { scope: "row", class: "depth-1" }, `of ${kind}`),
        ...compared.documents.map(({ forms }, place) => {
          const part = forms[form]?.[which] ?? 0;
          const whole = totals[place]?.[which] ?? 0;
          return element(
            "td",
            place === compared.base ? { class: "of-base" } : {},
            element("b", {}, `${shareText(part, whole, compared.words)} %`),
            bar(whole ? part / whole : 0),
            element("small", {}, plural(part, which ? "parameter" : "tensor")),
          );
        }),
      )
    );
    const heading = element("th", { scope: "rowgroup", colspan: 1 + compared.documents.length }, form);
    return element("tbody", {}, element("tr", { class: "heading depth-0" }, heading), ...rows);
  });
  return [frame("Form shares", compared, bodies)];
}

/** @param {Compared} compared @returns {HTMLElement[]} */
export function pyramidSection(compared) {
  const { documents, words } = compared;
  const body = element("tbody");
  const most = Math.max(...documents.map(({ pyramid }) => pyramid.length));
  if (documents.some(({ features_only }) => !features_only)) {
    body.append(element(
      "tr",
      {},
      element("th", { scope: "row" }, "features_only=True"),
      ...documents.map(({ features_only, features_reason }) =>
        element(
          "td",
          {},
          element("b", {}, features_only ? "works" : features_only === null ? words.unknown : "does not work"),
          features_reason !== null && element("small", {}, features_reason),
        )
      ),
    ));
  }
  for (let level = 0; level < most; level += 1) {
    const cells = documents.map(({ pyramid }) => {
      const found = pyramid[level];
      if (!found) return element("td", {}, words.undefined);
      return element(
        "td",
        {},
        element("b", {}, plural(found.channels, "channel")),
        element("small", {}, `stride ${plural(found.stride, "pixel")}`),
        element("small", {}, `${integer(found.height)} × ${integer(found.width)} elements`),
      );
    });
    body.append(element("tr", {}, element("th", { scope: "row" }, `level ${level}`), ...cells));
  }
  return [frame("Feature pyramid", compared, [body])];
}

/** @param {Compared} compared @returns {HTMLElement[]} */
export function weightsSection(compared) {
  const { documents, words } = compared;
  /** @param {string} label @param {(document: ModelDocument) => string} text */
  const row = (label, text) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      ...documents.map((document) => element("td", {}, element("b", {}, ...breakable(text(document))))),
    );
  const body = element(
    "tbody",
    {},
    row("Tags", ({ tags }) => (tags.length ? integer(tags.length) : words.none)),
    row("Default tag", ({ weights }) => weights.find(({ is_default }) => is_default)?.tag ?? words.none),
    row("Licences named", ({ licenses }) => licenses.join(", ") || words.none),
    row(
      "Licence classes",
      ({ weights }) => [...new Set(weights.map(({ license_class }) => license_class))].join(", ") || words.none,
    ),
  );
  return [
    frame("Weights and licences", compared, [body]),
    ...documents.filter(({ weights }) => weights.length).map((document) => weightsDetails(document, words.none)),
  ];
}

/**
 * List all weights of a model. The list is made when a reader opens it.
 * @param {ModelDocument} document
 * @param {string} none
 * @returns {HTMLElement}
 */
function weightsDetails({ name, weights }, none) {
  const details = element("details", { class: "weights" });
  details.append(element("summary", {}, `${name}: ${plural(weights.length, "tag")}`));
  details.addEventListener("toggle", () => {
    const titles = ["Tag", "Classes", "Input size", "Licence", "Licence class"];
    const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
    const rows = weights.map(({ tag, is_default, num_classes, input_size, license, license_class }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, element("code", {}, tag), is_default && " (default)"),
        element("td", {}, num_classes ? integer(num_classes) : none),
        element("td", {}, pixels(input_size)),
        element("td", {}, license ?? "not named"),
        element("td", {}, license_class),
      )
    );
    details.append(element(
      "div",
      { class: "compare-frame plain", role: "group", "aria-label": `Weights of ${name}`, tabindex: "0" },
      element("table", { class: "compare-table" }, element("thead", {}, head), element("tbody", {}, ...rows)),
    ));
  }, { once: true });
  return details;
}
