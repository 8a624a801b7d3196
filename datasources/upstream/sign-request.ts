/**
 * Requests as they go over the wire: with what the sign-in adds, every header checked, and a list of what must never be
 * shown. A vendor sends thousands of reads with the same headers and the same signature, so what these two make together
 * is worked out once.
 */
import type { Method, AuthHeaders, UpstreamRequest } from '../contract.ts';
import { toForm, toTarget } from '../vendor-kit/request.ts';

export interface WireRequest {
  readonly method: Method;
  /** Path and query below the base address's own path, e.g. `/api/v2/ticket?itemStart=0`. */
  readonly target: string;
  /** All but `host` and `connection`, which belong to the connection. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Values as sent that must never be shown. */
  readonly secrets: readonly string[];
}

/** Of a call that is sent as it is. */
export const UNSIGNED: AuthHeaders = {};

/** @throws RangeError for a header value that HTTP cannot carry; the message does not repeat it. */
export function signRequest(request: UpstreamRequest, signature: AuthHeaders): WireRequest {
  const { method, body } = request;
  const { headers, query, secrets } = joined(request, signature);
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

/** What a signature and the headers of a request come to. */
interface Joined {
  readonly headers: Readonly<Record<string, string>>;
  /** Of the signature alone, encoded. */
  readonly query: string;
  readonly secrets: readonly string[];
}

/** By signature, and by the headers of requests: both are the same objects for most requests of a vendor. */
const known = new WeakMap<AuthHeaders, WeakMap<UpstreamRequest['headers'], Joined>>();

function joined(request: UpstreamRequest, signature: AuthHeaders): Joined {
  // Which of its own headers are secret stands in the request, and few have any.
  if (request.secrets) return join(request, signature);
  let ofSignature = known.get(signature);
  if (!ofSignature) known.set(signature, (ofSignature = new WeakMap()));
  let found = ofSignature.get(request.headers);
  if (!found) ofSignature.set(request.headers, (found = join(request, signature)));
  return found;
}

function join({ headers: own, secrets = [] }: UpstreamRequest, signature: AuthHeaders): Joined {
  const headers = { 'user-agent': USER_AGENT, ...own, ...signature.headers };
  for (const [name, value] of Object.entries(headers)) {
    // Client libraries quote the value in their error, and the value may be a secret.
    if (!HEADER_VALUE.test(value)) throw new RangeError(`The header ${name} has a value that HTTP cannot carry.`);
  }
  const names = new Set(secrets.map((name) => name.toLowerCase()));
  return {
    headers,
    query: toForm(signature.query ?? []),
    secrets: [
      ...Object.entries(own).flatMap(([name, value]) => (names.has(name.toLowerCase()) ? [value] : [])),
      ...Object.values(signature.headers ?? {}),
      ...(signature.query ?? []).map(([, value]) => value),
    ],
  };
}

const USER_AGENT = 'ticketgraph';

/** A header value that HTTP can carry: RFC 9110 section 5.5. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
