/**
 * Checks of the Host and Origin headers. Without sign-in they are all that keeps web pages out: a page whose name is
 * rebound to this machine's address shares its origin with the endpoint, so a browser sends what it likes.
 */
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findRepeated, toSingleNames } from './headers.ts';
import { rejectRequest } from '../graphql/error-codes.ts';

export interface HostRules {
  /** Names that requests may be addressed to, besides those of loopback; any if undefined. */
  readonly hosts: readonly string[] | undefined;
  /** Whether callers sign in. Pages of other origins are then kept out by their lack of credentials. */
  readonly hasSignIn: boolean;
}

/** Any name, no sign-in. */
export const ANY_HOST: HostRules = { hosts: undefined, hasSignIn: false };

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** A name or an address, and perhaps a port. RFC 9110 section 7.2 allows more, which no DNS name has. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)(?::[0-9]*)?$/;

/** The host without its port, in its one spelling; undefined if the text is not a host. */
export function readHostname(text: string): string | undefined {
  if (!HOST.test(text)) return undefined;
  const url = URL.parse(`http://${text}`);
  return url?.hostname.replace(/\.$/, '');
}

/** Host names separated by commas; undefined if one is not a host name, or has a port. */
export function parseHosts(text: string): readonly string[] | undefined {
  const hosts = text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  return hosts.every((host) => !/:\d*$/.test(host) && Boolean(readHostname(host))) ? hosts : undefined;
}

/** Names of this machine, whatever DNS says: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname) ||
    /^\[::ffff:7f[0-9a-f]{2}:/.test(hostname)
  );
}

/** Whether HOST means every address of the machine, so that it says nothing about names. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '[::]'].includes(readHostname(toHostHeader(host)) ?? '');
}

/** An IPv6 address stands in brackets in a Host header. */
export function toHostHeader(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

const HOST_LINES = toSingleNames(['host']);

/** Hosts that clients send differ little: how many of them are remembered. */
const MAX_KNOWN = 100;

/**
 * Rejects requests whose Host header is missing, repeated or invalid with 400, and those addressed to another host with
 * 421.
 */
export function createHostCheck({ hosts }: HostRules): Hook {
  const allowed = hosts && new Set(hosts.map((host) => readHostname(toHostHeader(host))));
  // No DNS answers for an address, so none can be rebound.
  const takesAddresses = hosts?.some(isWildcard) ?? false;
  const known = new Map<string, 'accepted' | 'invalid' | 'foreign'>();

  const judge = (host: string): 'accepted' | 'invalid' | 'foreign' => {
    const hostname = readHostname(host);
    if (hostname === undefined || hostname === '') return 'invalid';
    if (!allowed || allowed.has(hostname) || isLoopbackName(hostname)) return 'accepted';
    return takesAddresses && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 ? 'accepted' : 'foreign';
  };

  return (request, reply, done) => {
    const host = hostOf(request) ?? '';
    let verdict = known.get(host);
    if (verdict === undefined) {
      verdict = judge(host);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(host, verdict);
    }
    if (verdict === 'invalid' || findRepeated(request.raw.rawHeaders, HOST_LINES) !== undefined) {
      rejectRequest(
        reply,
        400,
        'INVALID_HOST',
        'The Host header is missing, repeated or invalid. Send one valid Host header.',
      );
    } else if (verdict === 'foreign') {
      const message =
        'This host name is not served here: without sign-in only loopback names and HOST are. ' +
        'Use one of those, or add the name to ALLOWED_HOSTS.';
      rejectRequest(reply, 421, 'HOST_NOT_ALLOWED', message);
    } else {
      done();
    }
  };
}

/**
 * The host that a request is addressed to. A target that is a whole address overrides the Host header:
 * https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
function hostOf({ headers, raw: { url: target = '' } }: FastifyRequest): string | undefined {
  const authority = target.startsWith('/') ? undefined : /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority ?? headers.host;
}

/** Rejects requests from pages of other origins with 403, unless the origin is listed. Off if callers sign in. */
export function createOriginCheck({ hasSignIn }: HostRules, origins: readonly string[]): Hook {
  const listed = new Set(origins);
  return (request, reply, done) => {
    const { origin } = request.headers;
    const isUnchecked = hasSignIn || origin === undefined || listed.has(origin) || request.method === 'OPTIONS';
    if (isUnchecked || isSameHost(origin, hostOf(request))) {
      done();
      return;
    }
    const message =
      'Pages of this origin may not send requests here: without sign-in only those of the same host may. ' +
      'Add the origin to CORS_ORIGINS.';
    rejectRequest(reply, 403, 'ORIGIN_NOT_ALLOWED', message);
  };
}

/** Name and port alike. The scheme may differ: TLS may end in front of this server. */
function isSameHost(origin: string, host: string | undefined): boolean {
  const from = URL.parse(origin);
  if (from?.protocol !== 'http:' && from?.protocol !== 'https:') return false;
  return from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}
