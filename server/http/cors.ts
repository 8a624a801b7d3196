/** CORS: pages of allowed origins may use the endpoint, without cookies. */
import type { FastifyReply, FastifyRequest } from 'fastify';

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

/**
 * Adds CORS headers, and answers preflight requests:
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 *
 * @param forwards headers that callers may send with their own credentials for a vendor.
 */
export function createCors(origins: readonly string[], forwards: Iterable<string>) {
  const allowed = new Set(origins);
  const preflight = toPreflightHeaders(forwards);
  return ({ method, headers }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const isAllowed = headers.origin !== undefined && allowed.has(headers.origin);
    // Caches must not serve one origin's response to another.
    if (allowed.size > 0) void reply.header('vary', 'Origin');
    if (isAllowed) void reply.header('access-control-allow-origin', headers.origin);
    if (method !== 'OPTIONS') {
      if (isAllowed) void reply.header('access-control-expose-headers', EXPOSED);
      done();
      return;
    }
    if (isAllowed) void reply.headers(preflight);
    void reply.code(204).header('allow', 'GET, POST, OPTIONS').send();
  };
}
