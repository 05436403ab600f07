/**
 * `Suggestions` is the element on the page for unknown addresses that lists the models nearest to the name asked for.
 * The list is put after the element's own content.
 * @module
 */

import { loadCatalog, loadRenamed } from "../shared/catalog.js";
import { element } from "../shared/elements.js";
import { meaning, nearest, saysMore } from "../shared/names.js";
import { modelAddress } from "../shared/site.js";
import { askedFor } from "./address.js";

/** Most models in the list: for more, the page has a search. */
const MOST = 5;

export class Suggestions extends HTMLElement {
  async connectedCallback() {
    const asked = askedFor(location.pathname);
    if (!asked) return;
    try {
      const [{ models }, renamed] = await Promise.all([loadCatalog(), loadRenamed()]);
      const found = meaning(asked, models, renamed);
      if (found && saysMore(asked, found)) this.show([found.name], found.note);
      else this.show(nearest(asked, models, MOST).map(({ name }) => name));
    } catch (error) {
      this.append(element("p", {}, error instanceof Error ? error.message : String(error)));
    }
  }

  /**
   * @param {string[]} names
   * @param {string} [why] a sentence about the first
   */
  show(names, why = "") {
    if (!names.length) return;
    const items = names.map((name) => element("li", {}, element("a", { href: modelAddress(name) }, name)));
    this.append(element("p", {}, `${why && `${why} `}Did you mean`), element("ul", {}, ...items));
  }
}
