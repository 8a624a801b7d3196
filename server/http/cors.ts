/** Which web pages of other origins may use the endpoint from a browser: those on a list, and never with cookies. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where Apollo Studio's pages come from. */
export const STUDIO_ORIGIN = 'https://studio.apollographql.com';

/** Words that stand for an origin in the setting. */
const KNOWN: Readonly<Record<string, string>> = { studio: STUDIO_ORIGIN };

/**
 * Headers that a page may send whatever the settings are: credentials, what links its traces and logs to ours, and the
 * two by which Apollo's clients name themselves.
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

/** Headers of an answer that a page may read. */
const EXPOSED = 'x-request-id, retry-after';

/** What a page may send, and the seconds for which a browser need not ask again. */
function toPreflight(forwards: Iterable<string>): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': [...HEADERS, ...forwards].join(', '),
    'access-control-max-age': '600',
  };
}

/** Origins separated by commas; undefined where one is none. A star would be everybody, and is none. */
export function parseOrigins(text: string): readonly string[] | undefined {
  const words = text.split(',').map((word) => word.trim());
  const origins = words.filter((word) => word !== '').map((word) => KNOWN[word] ?? word);
  return origins.every(isOrigin) ? origins : undefined;
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/**
 * Says to browsers whether the page that asks may read the answer, and answers what they ask beforehand.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 *
 * @param forwards headers that carry callers' own credentials for a vendor.
 */
export function createCors(origins: readonly string[], forwards: Iterable<string>) {
  const allowed = new Set(origins);
  const preflight = toPreflight(forwards);
  return ({ method, headers }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const isAllowed = headers.origin !== undefined && allowed.has(headers.origin);
    // A cache must not give one origin's answer to another.
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
