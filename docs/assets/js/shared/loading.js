/**
 * Loading of data and modules: once per page, and again after a failure, which is reported in a sentence.
 * @module
 */

import { siteAddress } from "./site.js";

/** A failure to load something, with a message for readers. */
export class LoadError extends Error {
  /**
   * @param {string} what begins the sentence
   * @param {number | null} status of HTTP; null where no complete answer came
   * @param {unknown} [cause]
   */
  constructor(what, status, cause) {
    const why = status === null ? ": there was no answer from the network" : ` (HTTP ${status})`;
    super(`${what} could not be loaded${why}.`, { cause });
    this.status = status;
  }
}

/**
 * Load a JSON file of the site.
 * @param {string} path from the root of the site
 * @param {string} what begins the sentence that reports a failure
 * @param {typeof fetch} [ask]
 * @returns {Promise<any>}
 * @throws {LoadError}
 */
export async function loadJson(path, what, ask = fetch) {
  /** @type {Response} */
  let response;
  try {
    response = await ask(siteAddress(path));
  } catch (error) {
    throw new LoadError(what, null, error);
  }
  if (!response.ok) throw new LoadError(what, response.status);
  try {
    return await response.json();
  } catch (error) {
    throw new LoadError(what, null, error);
  }
}

/**
 * Make a loader that loads once. After a failure, the next call loads again.
 * @template T
 * @param {(failures: number) => Promise<T>} load takes the number of failures so far
 * @returns {() => Promise<T>}
 */
export function retried(load) {
  let failures = 0;
  /** @type {Promise<T> | null} */
  let loading = null;
  return () => {
    loading ??= load(failures).catch((error) => {
      failures += 1;
      loading = null;
      throw error;
    });
    return loading;
  };
}

/**
 * Make a loader of JSON files of the site, each once.
 * @param {string} what begins the sentence that reports a failure
 * @returns {(path: string) => Promise<any>}
 */
export function jsonLoader(what) {
  /** @type {Map<string, () => Promise<any>>} */
  const loaders = new Map();
  return (path) => {
    const load = loaders.get(path) ?? retried(() => loadJson(path, what));
    loaders.set(path, load);
    return load();
  };
}

/**
 * Make a loader of a module. After a failure it uses another address: browsers remember the failure of the old one.
 * @template T
 * @param {(query: string) => Promise<T>} load imports the module with a query behind its address
 * @param {string} what begins the sentence that reports a failure
 * @returns {() => Promise<T>}
 */
export function importer(load, what) {
  return retried(async (failures) => {
    try {
      return await load(failures ? `?again=${failures}` : "");
    } catch (error) {
      throw new LoadError(what, null, error);
    }
  });
}
