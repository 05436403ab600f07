/**
 * Alignment of several models' module trees: one tree by path, with each model's type and parameters.
 * @module
 */

import { merged } from "./merging.js";

/** @typedef {import("./documents.js").ModelDocument} ModelDocument */

/**
 * A module of one model: its type and the parameters at and below it, in elements.
 * @typedef {{type: string, parameters: number}} Module
 */

/**
 * @typedef {object} Aligned
 * @property {string} path dotted; "" is the model itself
 * @property {string} name the last part of the path
 * @property {(Module | null)[]} modules one for each model; null where it has no module at that path
 * @property {boolean} differs whether types or parameters differ between models, here or anywhere below
 * @property {Aligned[]} children
 */

/**
 * @param {Pick<ModelDocument, "modules" | "tensors">[]} documents
 * @returns {Aligned} the root
 */
export function alignedModules(documents) {
  const totals = documents.map(parametersByPath);
  /** @type {Map<string, string[]>[]} */
  const below = documents.map(({ modules }) => {
    const children = new Map();
    for (const path of Object.keys(modules)) {
      if (!path) continue;
      const above = path.slice(0, Math.max(0, path.lastIndexOf(".")));
      if (children.has(above)) children.get(above).push(path);
      else children.set(above, [path]);
    }
    return children;
  });

  /** @param {string} path @returns {Aligned} */
  const at = (path) => {
    const modules = documents.map(({ modules }, place) => {
      const found = modules[path];
      return found ? { type: found[0], parameters: totals[place]?.get(path) ?? 0 } : null;
    });
    const children = merged(below.map((children) => children.get(path) ?? [])).map(at);
    const first = modules[0];
    const differs = children.some((child) => child.differs) ||
      modules.some((module) => module?.type !== first?.type || module?.parameters !== first?.parameters);
    return { path, name: path.slice(path.lastIndexOf(".") + 1), modules, differs, children };
  };
  return at("");
}

/**
 * Sum the parameters at and below each path to a tensor. A tensor that modules share counts only where it is named.
 * @param {Pick<ModelDocument, "tensors">} document
 * @returns {Map<string, number>}
 */
function parametersByPath({ tensors }) {
  const totals = new Map([["", 0]]);
  for (const { name, parameters } of tensors) {
    totals.set("", (totals.get("") ?? 0) + parameters);
    for (let stop = name.indexOf("."); stop >= 0; stop = name.indexOf(".", stop + 1)) {
      const path = name.slice(0, stop);
      totals.set(path, (totals.get(path) ?? 0) + parameters);
    }
  }
  return totals;
}
