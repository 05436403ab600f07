/**
 * An action that waits until nothing has happened for a while, such as changing the address after typing.
 * @module
 */

/** Milliseconds from a key to the change of the address. Browsers refuse more than a hundred changes in 30 seconds. */
const REST = 400;

export class Rest {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #act;

  /** @param {() => void} act */
  constructor(act) {
    this.#act = act;
  }

  /** Act after a delay, which starts again with each call. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), REST);
  }

  /** Act at once, if the action is waiting. */
  flush() {
    if (this.#timer === undefined) return;
    this.cancel();
    this.#act();
  }

  /** Drop the waiting action. */
  cancel() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
