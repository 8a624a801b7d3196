/** Nothing may be left out. */

/**
 * Stands in the `default` of a `switch`: where a case is missing, it does not compile. When it runs, the endpoint is
 * newer than this client and has given a value that was not known when it was compiled.
 */
export function assertNever(value: never): never {
  throw new TypeError(`This client does not know ${JSON.stringify(value)}; a newer one may.`);
}
