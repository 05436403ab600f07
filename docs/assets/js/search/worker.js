/**
 * Worker of the search: the theme's, whose answers begin with the models that a query names.
 *
 * The theme's search finds words by their beginnings. It does not know that "resnet 50" is `resnet50`, and finds nothing
 * for "convnxt tiny", for tags and for deprecated names. What the site knows of names is loaded with the first
 * letter. The worker is a classic script, as is the theme's, whose address is in its own.
 */

(() => {
  /** Types of the theme's messages. */
  const SETUP = 0, QUERY = 2, RESULT = 3;

  /** @type {any} the scope of a worker, which is not that of a page */
  const worker = self;
  /** @type {(message: {type: number, data: any}) => void} */
  const send = worker.postMessage.bind(worker);
  const theme = new URL(new URL(location.href).searchParams.get("theme") ?? "", location.href);

  /** @type {any[]} the pages in the theme's index */
  let docs = [];
  /** @type {Promise<import("./answers.js").Answers> | null} */
  let loading = null;
  /** @type {import("./answers.js").Answers | null} null until names are known */
  let answers = null;
  let asked = "";

  // Added before the theme's own, so that it is called first.
  worker.addEventListener("message", (/** @type {MessageEvent<{type: number, data: any}>} */ { data: message }) => {
    if (message.type === SETUP) docs = message.data.docs;
    if (message.type === QUERY) asked = message.data;
  });

  /** @param {{type: number, data: any}} message of the theme */
  worker.postMessage = (message) => {
    if (message.type !== RESULT) send(message);
    else if (answers) send({ ...message, data: answers.merged(asked, message.data) });
    else {
      send(message);
      follow(asked, message);
    }
  };

  /** Load what is known of names. Where that fails, the search does without until the next query tries again. */
  async function begin() {
    loading ??= import("./answers.js").then(({ answersFor }) => answersFor(docs));
    try {
      answers = await loading;
    } catch (error) {
      loading = null;
      console.info("The search does without names:", error);
    }
  }

  /**
   * Answer a query again once names are known, if that makes a difference and the query is still the newest.
   * @param {string} query
   * @param {{type: number, data: any}} message with the theme's answer
   */
  async function follow(query, message) {
    // The theme sets itself up with the reader's first act, and asks for nothing.
    if (!query.trim()) return;
    await begin();
    const data = answers?.merged(query, message.data) ?? message.data;
    if (query === asked && data !== message.data) send({ ...message, data });
  }

  worker.importScripts(theme.href);
})();
