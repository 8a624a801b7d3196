/**
 * For the `default` of a `switch`: does not compile if a case is missing.
 *
 * @throws TypeError if it runs, because a newer endpoint returned a value that this client does not know.
 */
export function assertNever(value: never): never {
  throw new TypeError(`Unknown value ${JSON.stringify(value)}. Update ticketgraph-client.`);
}
