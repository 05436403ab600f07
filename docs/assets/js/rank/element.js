/**
 * `AtlasRank` is the element around the budget finder and the table of all models.
 *
 * The page is complete without it, so at first it does next to nothing. The finder is loaded with the reader's first
 * action in it, or when the address has a query.
 * @module
 */

import { ignoreHeld, isAsServed } from "../shared/elements.js";
import { importer } from "../shared/loading.js";
import { keepPlaces, keptPlace } from "../shared/place.js";
import { goTo, placeIn } from "./place.js";
import { sortButton } from "./sort-button.js";

/** @typedef {import("./finder.js").Finder} Finder */

const ACTS = ["focusin", "pointerdown", "pointerover", "touchstart"];
const EVENTS = /** @type {const} */ (["input", "change", "focusout"]);

const loadFinder = importer(
  (query) => /** @type {Promise<typeof import("./finder.js")>} */ (import(`./finder.js${query}`)),
  "The budget finder",
);

export class AtlasRank extends HTMLElement {
  /** @type {Promise<Finder> | null} */
  #finder = null;
  #listening = new AbortController();

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const columns = (this.dataset.columns ?? "").split(",");
    for (const [place, head] of [...this.querySelectorAll("th")].entries()) {
      if (head.querySelector("button")) continue;
      head.replaceChildren(sortButton(columns[place] ?? "", head.textContent ?? ""));
      // As the page is served. The finder corrects it once loaded.
      if (columns[place] === "rank") head.setAttribute("aria-sort", "ascending");
    }
    for (const act of ACTS) this.addEventListener(act, () => this.#ready(), { signal, passive: true });
    for (const event of EVENTS) this.addEventListener(event, (happened) => this.#pass(happened), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("keydown", ignoreHeld, { signal });
    addEventListener("popstate", () => this.#ready().then((finder) => finder?.open(location.search)), { signal });
    keepPlaces(() => placeIn(this), signal);
    this.#find();
  }

  /** Go to where the reader was, once the rows are those of the address. */
  async #find() {
    const place = keptPlace();
    // A reader who comes back has used the finder, which leaves rows out that are served.
    const finder = location.search || place || this.#isTouched ? await this.#ready() : null;
    await finder?.drawn;
    if (place && this.isConnected) goTo(this, place);
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  /** Whether a reader has come to the finder, or changed its form, before this script was there. */
  get #isTouched() {
    return this.matches(":focus-within") || [...this.querySelectorAll("form :is(input, select)")].some((field) => {
      if (field instanceof HTMLSelectElement) return !isAsServed(field);
      if (!(field instanceof HTMLInputElement)) return false;
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    });
  }

  /**
   * Load the finder; null where that failed, which the page then says. The next action tries again.
   * @returns {Promise<Finder | null>}
   */
  async #ready() {
    this.#finder ??= loadFinder().then(({ Finder }) => Finder.of(this));
    try {
      return await this.#finder;
    } catch (error) {
      this.#finder = null;
      const count = this.querySelector("output");
      if (count) count.textContent = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  /** @param {Event} event */
  async #pass(event) {
    const { target, type } = event;
    (await this.#ready())?.edited(/** @type {HTMLElement} */ (target), /** @type {typeof EVENTS[number]} */ (type));
  }

  /** @param {MouseEvent} event */
  async #click(event) {
    const target = /** @type {HTMLElement} */ (event.target).closest("button, a.finder-preset, a.finder-loosen");
    if (!target) return;
    if (target instanceof HTMLAnchorElement) {
      // A click for another tab or a download is left to the browser.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
    }
    (await this.#ready())?.pressed(/** @type {HTMLButtonElement | HTMLAnchorElement} */ (target));
  }
}
