/**
 * Headers of all responses, and how to find repeated headers of a request. Node keeps the first of some and joins others, so `request.headers` hides repetitions;
 * `rawHeaders` has all.
 */

/** Names in lower case with a bit each. The lengths rule out most headers without changing their case. */
export interface SingleNames {
  readonly bits: ReadonlyMap<string, number>;
  readonly lengths: ReadonlySet<number>;
}

/** @param names at most 31, in lower case. */
export function toSingleNames(names: Iterable<string>): SingleNames {
  const bits = new Map([...new Set(names)].map((name, index) => [name, 1 << index]));
  return { bits, lengths: new Set([...bits.keys()].map(({ length }) => length)) };
}

/** Returns the first of the names that occurs twice, or `undefined`. */
export function findRepeated(rawHeaders: readonly string[], { bits, lengths }: SingleNames): string | undefined {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index]!;
    if (!lengths.has(raw.length)) continue;
    const name = raw.toLowerCase();
    const bit = bits.get(name) ?? 0;
    if (seen & bit) return name;
    seen |= bit;
  }
  return undefined;
}

/** Keeps browsers from interpreting JSON as HTML. */
export const NOSNIFF = ['x-content-type-options', 'nosniff'] as const;

/** Responses hold data that only the caller may see. */
export const NO_STORE = ['cache-control', 'no-store'] as const;
