/** Pure functions over requests and answers. */
import type { UpstreamAnswer, UpstreamRequest } from '../contract.ts';

/** Returns the fields that have a value: what a caller omits is omitted from the request. */
export function onlyGiven<Value>(
  fields: Readonly<Record<string, Value>>,
): Readonly<Record<string, NonNullable<Value>>> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Record<string, NonNullable<Value>>;
}

/** Value of a header in a planned request that a read just before sending decides; see `PreparedWrite`. */
export const PREPARED = '<read before sending>';

/** Returns path and query as they are sent. The query is encoded as in WHATWG URLs. */
export function toTarget({ path, query }: Pick<UpstreamRequest, 'path' | 'query'>): string {
  if (!query || query.length === 0) return path;
  return `${path}?${toForm(query)}`;
}

/** Characters that a form does not encode. */
const UNRESERVED = /^[A-Za-z0-9*._-]*$/;

/** `application/x-www-form-urlencoded`, in the order given. https://url.spec.whatwg.org/#urlencoded-serializing */
export function toForm(fields: readonly (readonly [string, string])[]): string {
  // Most queries need no encoding (docs/performance.md#form-encoding).
  if (fields.every(([name, value]) => UNRESERVED.test(name) && UNRESERVED.test(value))) {
    return fields.map(([name, value]) => `${name}=${value}`).join('&');
  }
  return new URLSearchParams(fields as [string, string][]).toString();
}

/** Removes trailing slashes of a path or an address. */
export function withoutEndSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/**
 * A path segment that is not a word, i.e. letters and hyphens, or a version such as `v2` or `2.0`. One pattern for the
 * whole path avoids a list of its segments (docs/performance.md#call-events).
 */
const ID = /(?<![^/])(?!(?:[A-Za-z][A-Za-z-]*|v[0-9]+|[0-9]\.[0-9])(?![^/]))[^/]+/g;

/** The endpoint of a request, without ids: `GET /api/v2/ticket/:id`. Any segment that is not a word counts as an id. */
export function toOperation({ method, path }: Pick<UpstreamRequest, 'method' | 'path'>): string {
  return `${method} ${path.replace(ID, ':id') || '/'}`;
}

/**
 * Returns labels unchanged up to `maxLabels` different ones, then `other` for each new one: bounds the series of a metric
 * whose labels others choose.
 */
export function createLabels(maxLabels: number): (label: string) => string {
  const known = new Map<string, string>();
  return (label) => {
    // The same string object each time, so that lookups by it need not compare characters.
    const same = known.get(label);
    if (same !== undefined) return same;
    if (known.size >= maxLabels) return 'other';
    known.set(label, label);
    return label;
  };
}

/** Returns the media type of an answer, in lower case without parameters; empty if it has none. */
export function mediaType(answer: UpstreamAnswer): string {
  const value = answer.headers['content-type'];
  return typeof value === 'string' ? value.split(';', 1)[0]!.trim().toLowerCase() : '';
}
