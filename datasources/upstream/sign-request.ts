/**
 * Builds requests as they are sent: with authentication headers, every header checked, and a list of secrets.
 *
 * Most reads of a vendor have the same headers and the same credential, so the combination is built once.
 */
import type { Method, AuthHeaders, UpstreamRequest } from '../contract.ts';
import { toForm, toTarget } from '../vendor-kit/request.ts';

export interface WireRequest {
  readonly method: Method;
  /** Path and query below the base address's own path, e.g. `/api/v2/ticket?itemStart=0`. */
  readonly target: string;
  /** All except `host` and `connection`, which the transport adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Values, as sent, that must never appear in an answer, a log or an error. */
  readonly secrets: readonly string[];
}

/** For a call without a credential. */
export const UNSIGNED: AuthHeaders = {};

/** @throws RangeError for a header value that is invalid in HTTP. The message does not contain it. */
export function signRequest(request: UpstreamRequest, auth: AuthHeaders): WireRequest {
  const { method, body } = request;
  const { headers, query, secrets } = combinedHeaders(request, auth);
  const target = toTarget(request);
  const length = body === undefined ? (hasNoBody(method) ? undefined : 0) : Buffer.byteLength(body);
  return {
    method,
    target: query === '' ? target : `${target}${target.includes('?') ? '&' : '?'}${query}`,
    headers: length === undefined ? headers : { ...headers, 'content-length': String(length) },
    body,
    secrets,
  };
}

function hasNoBody(method: Method): boolean {
  return method === 'GET' || method === 'DELETE';
}

/** The headers of a request and its credential. */
interface Combined {
  readonly headers: Readonly<Record<string, string>>;
  /** Added by the credential; encoded. */
  readonly query: string;
  readonly secrets: readonly string[];
}

/** By credential and request headers: both are the same objects for most requests of a vendor. */
const cache = new WeakMap<AuthHeaders, WeakMap<UpstreamRequest['headers'], Combined>>();

function combinedHeaders(request: UpstreamRequest, auth: AuthHeaders): Combined {
  // The key does not include which of the headers are secret. Few requests have any.
  if (request.secrets) return combine(request, auth);
  let byHeaders = cache.get(auth);
  if (!byHeaders) cache.set(auth, (byHeaders = new WeakMap()));
  let combined = byHeaders.get(request.headers);
  if (!combined) byHeaders.set(request.headers, (combined = combine(request, auth)));
  return combined;
}

function combine({ headers: own, secrets = [] }: UpstreamRequest, auth: AuthHeaders): Combined {
  const headers = { 'user-agent': USER_AGENT, ...own, ...auth.headers };
  for (const [name, value] of Object.entries(headers)) {
    // Checked here because client libraries quote the value, which may be a secret, in their errors.
    if (!HEADER_VALUE.test(value)) throw new RangeError(`Invalid value of the header ${name}: not allowed in HTTP.`);
  }
  const names = new Set(secrets.map((name) => name.toLowerCase()));
  return {
    headers,
    query: toForm(auth.query ?? []),
    secrets: [
      ...Object.entries(own).flatMap(([name, value]) => (names.has(name.toLowerCase()) ? [value] : [])),
      ...Object.values(auth.headers ?? {}),
      ...(auth.query ?? []).map(([, value]) => value),
    ],
  };
}

const USER_AGENT = 'ticketgraph';

/** A valid header value: RFC 9110 section 5.5. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
