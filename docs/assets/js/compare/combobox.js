/**
 * Combobox by the ARIA pattern: a text field that suggests names. Arrow keys choose, Enter takes, Escape closes.
 * @module
 */

import { element } from "../shared/elements.js";

/**
 * A suggestion: `name` is taken, `note` stands beside it.
 * @typedef {{name: string, note: string}} Suggestion
 */

/**
 * The suggestions for a text. With `certain`, Enter takes the first where none was chosen.
 * @typedef {{suggestions: Suggestion[], certain: boolean}} Answer
 */

export class Combobox {
  /** @type {Suggestion[]} */
  #suggestions = [];
  #active = -1;
  /** Number of the last request: answers to earlier ones are dropped. */
  #asked = 0;
  #abort = new AbortController();

  /**
   * @param {HTMLInputElement} input with the role and `aria-controls`
   * @param {HTMLElement} list the listbox that it controls
   * @param {(text: string) => Promise<Answer>} suggest
   * @param {(name: string) => void} take
   * @param {(error: Error) => void} fail
   */
  constructor(input, list, suggest, take, fail) {
    this.input = input;
    this.list = list;
    this.suggest = suggest;
    this.take = take;
    this.fail = fail;
    const { signal } = this.#abort;
    input.addEventListener("input", () => this.update(), { signal });
    input.addEventListener("keydown", (event) => this.#key(event), { signal });
    input.addEventListener("blur", () => this.close(), { signal });
    // Keeps the focus in the field: losing it would close the list.
    list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    list.addEventListener("click", (event) => this.#click(event), { signal });
  }

  /** Close the list, and remove the listeners. */
  disconnect() {
    this.close();
    this.#abort.abort();
  }

  /** The name that Enter takes; null where none is chosen or certain. */
  get chosen() {
    return this.#suggestions[this.#active]?.name ?? null;
  }

  /** Ask for suggestions for the text in the field, and show them. */
  async update() {
    this.#asked += 1;
    const asked = this.#asked;
    const text = this.input.value.trim();
    if (!text) {
      this.close();
      return;
    }
    try {
      const { suggestions, certain } = await this.suggest(text);
      if (asked === this.#asked) this.#show(suggestions, certain ? 0 : -1);
    } catch (error) {
      if (asked === this.#asked) this.fail(/** @type {Error} */ (error));
    }
  }

  /** Show no suggestions, and drop answers that are on their way. */
  close() {
    this.#asked += 1;
    this.#show([], -1);
  }

  /** @param {Suggestion[]} suggestions @param {number} active */
  #show(suggestions, active) {
    this.#suggestions = suggestions;
    this.list.replaceChildren(...suggestions.map(({ name, note }, place) =>
      element(
        "li",
        { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" },
        element("span", {}, name),
        " ",
        element("small", {}, note),
      )
    ));
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#activate(active);
  }

  /** @param {number} place -1 is none */
  #activate(place) {
    this.#active = place;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === place));
    });
    const option = this.list.children[place];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#suggestions.length - 1;
    if (event.key === "Escape" && last >= 0) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (last < 0) this.update();
      else if (event.key === "ArrowDown") this.#activate(this.#active >= last ? 0 : this.#active + 1);
      else this.#activate(this.#active <= 0 ? last : this.#active - 1);
    }
  }

  /** @param {Event} event */
  #click(event) {
    const option = /** @type {Element} */ (event.target).closest("[role=option]");
    const suggestion = option && this.#suggestions[[...this.list.children].indexOf(option)];
    if (suggestion) this.take(suggestion.name);
  }
}
