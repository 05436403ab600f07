/**
 * `<atlas-suggestions>`: on the page for unknown addresses, the models whose names are nearest to what was asked for.
 * What stands in the element stays; a list is put behind it.
 * @module
 */

import { askedFor } from "./address.js";
import { loadCatalog, nearestNames } from "./catalog.js";

/** More than a few would be a search, which the page has too. */
const MOST = 5;

class Suggestions extends HTMLElement {
  async connectedCallback() {
    const asked = askedFor(location.pathname);
    if (!asked) return;
    try {
      const names = (await loadCatalog()).map((model) => model.name);
      this.show(nearestNames(asked, names, MOST));
    } catch (error) {
      const told = document.createElement("p");
      told.textContent = error instanceof Error ? error.message : String(error);
      this.append(told);
    }
  }

  /** @param {string[]} names */
  show(names) {
    if (!names.length) return;
    const question = document.createElement("p");
    question.textContent = "Did you mean";
    const list = document.createElement("ul");
    for (const name of names) {
      const link = document.createElement("a");
      link.href = new URL(`../../models/${encodeURIComponent(name)}/`, import.meta.url).href;
      link.textContent = name;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    this.append(question, list);
  }
}
customElements.define("atlas-suggestions", Suggestions);
