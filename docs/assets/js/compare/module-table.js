/**
 * Table of the module trees of several models. A row opens to show its modules, whose rows are made only then.
 * @module
 */

import { button, element } from "../shared/elements.js";
import { integer } from "../shared/formatting.js";
import { alignedModules } from "./alignment.js";
import { breakable, frame } from "./comparison-tables.js";

/** @typedef {import("./alignment.js").Aligned} Aligned */

/**
 * @param {import("./comparison-tables.js").Compared} compared
 * @returns {HTMLElement[]}
 */
export function modulesSection(compared) {
  const missing = compared.words.undefined;
  const root = alignedModules(compared.documents);
  const body = element("tbody");
  const open = new Set([""]);
  let all = false;

  /** @param {string} [focused] path of the row that keeps the focus */
  const draw = (focused) => {
    const rows = visible(root, 0).map(({ node, depth }) => row(node, depth));
    body.replaceChildren(...rows);
    if (focused !== undefined) {
      const found = [...body.querySelectorAll("button")].find(({ dataset }) => dataset.path === focused);
      found?.focus();
    }
  };

  /** @param {Aligned} node @param {number} depth @returns {{node: Aligned, depth: number}[]} */
  const visible = (node, depth) => {
    const below = open.has(node.path) ? node.children.filter((child) => all || child.differs) : [];
    return [{ node, depth }, ...below.flatMap((child) => visible(child, depth + 1))];
  };

  /** @param {Aligned} node @param {number} depth */
  const row = (node, depth) => {
    const name = node.path ? breakable(node.name) : ["the model"];
    const opens = node.children.some((child) => all || child.differs);
    const label = opens
      ? button(
        { "aria-expanded": String(open.has(node.path)), "data-path": node.path, title: node.path || null },
        () => {
          if (!open.delete(node.path)) open.add(node.path);
          draw(node.path);
        },
        ...name,
      )
      : element("span", { title: node.path || null }, ...name);
    const heading = element("th", { scope: "row" }, label, !node.differs && element("small", {}, " equal"));
    heading.style.setProperty("--depth", String(depth));
    return element(
      "tr",
      {},
      heading,
      ...node.modules.map((module) =>
        module
          ? element("td", {}, element("b", {}, integer(module.parameters)), element("small", {}, module.type))
          : element("td", {}, missing)
      ),
    );
  };

  const choice = element("input", { type: "checkbox" });
  choice.addEventListener("change", () => {
    all = choice.checked;
    draw();
  });
  draw();
  const sentence = root.differs
    ? "Parameters and type of each module. Rows open to what is in them; " +
      `${missing} stands where a model has no such module.`
    : "All modules are equal: the same paths, types and parameters.";
  const table = frame("Modules", compared, [body]);
  table.classList.add("modules");
  return [
    element("p", {}, sentence),
    element("label", { class: "compare-choice" }, choice, " Show equal modules too"),
    table,
  ];
}
