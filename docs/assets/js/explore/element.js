/**
 * `AtlasExplore` is the element of the explore page: it plots two figures of all models against each other, with the
 * Pareto front, and distributions.
 *
 * Its static picture stays until the reader does something: the charting library is large, and reading alone does not
 * need it.
 * @module
 */

import { Address } from "../shared/address.js";
import { familiesOf, loadCatalog } from "../shared/catalog.js";
import { ignoreHeld, part } from "../shared/elements.js";
import { faultNotes } from "../shared/faults.js";
import { derived } from "../shared/derived.js";
import { understood } from "../shared/meant.js";
import { keepPlaces, keptPlace } from "../shared/place.js";
import { parseQuery, queryParameters, readQuery, searchText } from "../shared/query.js";
import { Rest } from "../shared/rest.js";
import { loadLibrary } from "./chart.js";
import { Controls } from "./controls.js";
import { emptyExploration, explorationParameters, parseExploration, readExploration } from "./exploration.js";
import { showPanels, showPoint, showPoints, showSteps } from "./panels.js";
import { goTo, placeIn } from "./place.js";
import { Plots } from "./plots.js";
import { stepped } from "./points.js";
import { sceneOf } from "./scene.js";

/** @typedef {import("../shared/catalog.js").Catalog} Catalog */
/** @typedef {import("../shared/query.js").Query} Query */
/** @typedef {import("./scene.js").Scene} Scene */

const ACTS = ["focusin", "keydown", "pointerdown", "pointermove", "scroll", "touchstart"];
/** After a failure, moving and scrolling do not try again. */
const DELIBERATE = ["focusin", "keydown", "pointerdown", "touchstart"];

export class AtlasExplore extends HTMLElement {
  #leaving = new AbortController();
  #controls = new Controls(this);
  #plots = new Plots(this, (place, pointer) => this.#chosen(place, pointer));
  #exploration = emptyExploration();
  /** The models and the query to draw; null until models and charts are loaded.
   * @type {{catalog: Catalog, query: Query} | null} */
  #ready = null;
  /** The scene that is shown.
   * @type {Scene | null} */
  #scene = null;
  /** Index of the point that the keyboard is at, -1 for none. */
  #at = -1;
  /** Drawings run one after another. Requests come faster than that, and one that waits is enough. */
  #drawing = Promise.resolve();
  #isWaiting = false;
  /** Whether the address still has to be updated. */
  #isAhead = false;
  #rest = new Rest(() => this.#follow());
  /** Where the reader was before, until all is drawn.
   * @type {import("./place.js").Place | null} */
  #place = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    // Changes that a reader made before the script was loaded override the address.
    const asked = new URLSearchParams(location.search);
    const { touched } = this.#controls;
    touched.forEach((value, key) => asked.set(key, value));
    this.#isAhead = touched.size > 0;
    this.#exploration = parseExploration(asked, this.#controls.axes, this.#controls.served);
    this.#controls.show(this.#exploration, asked);
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("keydown", ignoreHeld, { signal });
    this.addEventListener("input", () => this.#changed(), { signal });
    for (const event of ["change", "focusout"]) this.addEventListener(event, () => this.#rest.flush(), { signal });
    this.#listen(".points", "toggle", () => this.#scene && showPoints(this, this.#scene));
    this.#listen(".steps", "toggle", () => this.#scene && showSteps(this, this.#scene));
    this.#listen("button[name=whole]", "click", () => this.#plots.whole());
    this.#listen(".plot", "keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
    this.#place = keptPlace();
    keepPlaces(() => placeIn(this), signal);
    // A link with a query is drawn at once, and what the reader comes back to.
    if (location.search || this.#isAhead || this.#place?.open.length) this.#start();
    else this.#await(ACTS);
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#rest.cancel();
    this.#plots.remove();
    this.#ready = this.#scene = null;
  }

  /** @param {string} selector @param {string} event @param {(event: Event) => void} act */
  #listen(selector, event, act) {
    part(this, selector, HTMLElement).addEventListener(event, act, { signal: this.#leaving.signal });
  }

  /** @param {string[]} acts events, the first of which starts */
  #await(acts) {
    const { signal } = this.#leaving;
    const awake = () => {
      for (const act of acts) removeEventListener(act, awake, true);
      this.#start();
    };
    for (const act of acts) addEventListener(act, awake, { capture: true, passive: true, signal });
  }

  /** Load models and charts, and draw. A failure is shown, and the next action tries again. */
  async #start() {
    const { signal } = this.#leaving;
    /** @type {Catalog} */
    let catalog;
    try {
      catalog = await loadCatalog();
      catalog = await derived(catalog, parseQuery(new URLSearchParams(location.search), catalog), true);
      await loadLibrary();
    } catch (error) {
      if (signal.aborted) return;
      // The static picture stays.
      this.#tell(/** @type {Error} */ (error).message);
      this.#await(DELIBERATE);
      return;
    }
    if (!signal.aborted) this.#begin(catalog);
  }

  /** @param {Catalog} catalog */
  #begin(catalog) {
    const address = new Address(new URLSearchParams(location.search));
    const query = this.#typed(readQuery(address, catalog));
    this.#ready = { catalog, query };
    const families = familiesOf(catalog.models);
    readExploration(address, this.#controls.axes, this.#controls.served, families);
    part(this, ".matches", HTMLElement).before(...faultNotes(address.faults));
    if (!families.includes(this.#exploration.of)) this.#exploration.of = "";
    this.#controls.offerFamilies(families, this.#exploration.of);
    const plot = part(this, ".plot", HTMLElement);
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute(
      "aria-label",
      "Points of the plot. Arrow keys go from point to point, and Enter opens the model. " +
        "Below are the same points as a table.",
    );
    // Charts have the palette's colours. The theme's script may set the same palette again.
    let scheme = document.body.dataset.mdColorScheme;
    const palette = new MutationObserver(() => {
      if (scheme === document.body.dataset.mdColorScheme) return;
      scheme = document.body.dataset.mdColorScheme;
      this.#draw();
    });
    palette.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    this.#leaving.signal.addEventListener("abort", () => palette.disconnect());
    this.#draw();
    if (this.#isAhead) this.#rest.later();
  }

  /** Handle a changed control. Before the models are loaded, this only affects the first drawing. */
  #changed() {
    this.#exploration = parseExploration(this.#controls.values, this.#controls.axes, this.#controls.served);
    this.#isAhead = true;
    // The address becomes that of the controls, and all of it is understood.
    for (const note of this.querySelectorAll(".address-fault")) note.remove();
    if (!this.#ready) return;
    this.#ready = { ...this.#ready, query: this.#typed(this.#ready.query) };
    this.#rest.later();
    this.#draw();
  }

  /**
   * Put the texts of the page's fields into a query.
   * @param {Query} query
   * @returns {Query}
   */
  #typed(query) {
    const { values } = this.#controls;
    return { ...query, name: (values.get("name") ?? "").trim(), family: (values.get("family") ?? "").trim() };
  }

  /** Update the address to what is shown. */
  #follow() {
    if (!this.#ready) return;
    const { query, catalog } = this.#ready;
    const parameters = queryParameters(query, catalog);
    explorationParameters(this.#exploration, this.#controls.served).forEach((text, key) => parameters.set(key, text));
    history.replaceState(history.state, "", `${location.pathname}${searchText(parameters)}${location.hash}`);
    this.#isAhead = false;
  }

  /** Draw after the current drawing. A failure is shown, and does not stop the next drawing. */
  #draw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#drawing = this.#drawing.then(async () => {
      this.#isWaiting = false;
      try {
        await this.#drawn();
      } catch (error) {
        this.#tell("The plot could not be drawn. The next change tries again.");
        reportError(error);
      }
    });
  }

  async #drawn() {
    if (!this.isConnected || !this.#ready) return;
    const { catalog, query } = this.#ready;
    const meant = await understood(query.name, catalog.models);
    if (!this.isConnected) return;
    const scene = sceneOf(catalog, this.#exploration, query, meant);
    this.#scene = scene;
    this.#at = -1;
    showPanels(this, scene);
    showPoint(this, scene, -1);
    await this.#plots.draw(scene);
    if (this.#place) goTo(this, this.#place);
    this.#place = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.#scene) return;
    const { points } = this.#scene;
    const point = points[this.#at];
    if (event.key === "Enter" && point) {
      this.#open(point.model.name);
      return;
    }
    const place = stepped(points, this.#at, event.key);
    if (place === null) return;
    event.preventDefault();
    this.#go(place);
  }

  /** @param {number} place @param {string} pointer */
  #chosen(place, pointer) {
    const point = this.#scene?.points[place];
    // Touch has no hover: a touch shows the point and its link, and does not open the model.
    if (pointer === "touch") this.#go(place);
    else if (point) this.#open(point.model.name);
  }

  /** @param {number} place */
  #go(place) {
    if (!this.#scene) return;
    this.#at = place;
    this.#plots.mark(this.#scene.points[place] ?? null);
    showPoint(this, this.#scene, place);
  }

  /** @param {string} name */
  #open(name) {
    location.assign(new URL(`../models/${encodeURIComponent(name)}/`, location.href));
  }

  /** @param {string} text */
  #tell(text) {
    part(this, ".matches", HTMLElement).textContent = text;
  }
}
