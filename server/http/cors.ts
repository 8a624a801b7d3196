/** CORS: pages of allowed origins may use the endpoint, without cookies. */

/** The origin of Apollo Studio. */
export const STUDIO_ORIGIN = 'https://studio.apollographql.com';

/** Short names of origins in CORS_ORIGINS. */
const NAMED_ORIGINS: Readonly<Record<string, string>> = { studio: STUDIO_ORIGIN };

/**
 * Request headers that a page may always send: credentials, trace context, request id, and the name and version of Apollo
 * clients.
 */
const HEADERS = [
  'content-type',
  'authorization',
  'x-api-key',
  'apollo-require-preflight',
  'traceparent',
  'tracestate',
  'x-request-id',
  'apollographql-client-name',
  'apollographql-client-version',
];

/** Response headers that a page may read. */
const EXPOSED = 'x-request-id, retry-after';

/** The response to a preflight request. Browsers cache it for ten minutes. */
function toPreflightHeaders(forwards: Iterable<string>): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': [...HEADERS, ...forwards].join(', '),
    'access-control-max-age': '600',
  };
}

/** Parses origins separated by commas. Returns `undefined` if one is invalid; `*` is. */
export function parseOrigins(text: string): readonly string[] | undefined {
  const words = text.split(',').map((word) => word.trim());
  const origins = words.filter((word) => word !== '').map((word) => NAMED_ORIGINS[word] ?? word);
  return origins.every(isOrigin) ? origins : undefined;
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

export interface Cors {
  /** The headers of a response to a page of that origin, as names and values in turn. Few different lists. */
  headersFor(origin: string | undefined): readonly string[];
  /** The headers of the response to a preflight request of that origin. */
  preflightHeadersFor(origin: string | undefined): Readonly<Record<string, string>>;
}

const NONE: readonly string[] = [];

/**
 * CORS headers: https://fetch.spec.whatwg.org/#http-cors-protocol
 *
 * @param forwards headers that callers may send with their own credentials for a vendor.
 */
export function createCors(origins: readonly string[], forwards: Iterable<string>): Cors {
  // Caches must not serve one origin's response to another.
  const vary: readonly string[] = origins.length > 0 ? ['vary', 'Origin'] : NONE;
  const preflight = toPreflightHeaders(forwards);
  const expose = ['access-control-expose-headers', EXPOSED];
  const allowed = new Map(
    origins.map((origin) => [origin, [...vary, 'access-control-allow-origin', origin, ...expose]] as const),
  );
  return {
    headersFor: (origin) => (origin === undefined ? vary : (allowed.get(origin) ?? vary)),
    preflightHeadersFor: (origin) => ({
      ...(origins.length > 0 && { vary: 'Origin' }),
      ...(origin !== undefined && allowed.has(origin) && { 'access-control-allow-origin': origin, ...preflight }),
    }),
  };
}
