/**
 * Checks the Host and Origin headers. Without authentication only they keep web pages out: with DNS rebinding, a page
 * shares the endpoint's origin, and the browser does not restrict its requests.
 */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { findRepeated, toSingleNames } from './headers.ts';
import type { HeaderCheck, Rejection } from './rejection.ts';

export interface HostRules {
  /** Allowed host names, besides loopback. `undefined` for any. */
  readonly hosts: readonly string[] | undefined;
  /** Whether callers authenticate. Pages of other origins then have no credentials, and need no check. */
  readonly requiresAuth: boolean;
}

/** Any host, no authentication. */
export const ANY_HOST: HostRules = { hosts: undefined, requiresAuth: false };

/** A name or an address, and optionally a port. RFC 9110 section 7.2 allows more, but no DNS name has it. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)(?::[0-9]*)?$/;

/** Returns the normalized host without its port, or `undefined` if the text is not a host. */
export function readHostname(text: string): string | undefined {
  if (!HOST.test(text)) return undefined;
  const url = URL.parse(`http://${text}`);
  return url?.hostname.replace(/\.$/, '');
}

/** Parses host names separated by commas. Returns `undefined` if one is invalid or has a port. */
export function parseHosts(text: string): readonly string[] | undefined {
  const hosts = text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  return hosts.every((host) => !/:\d*$/.test(host) && Boolean(readHostname(host))) ? hosts : undefined;
}

/** Loopback names and addresses, whatever DNS says: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname) ||
    /^\[::ffff:7f[0-9a-f]{2}:/.test(hostname)
  );
}

/** Whether a Host header names this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackName(readHostname(host) ?? '');
}

/** Whether HOST means all interfaces, so that it names no host. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '[::]'].includes(readHostname(toHostHeader(host)) ?? '');
}

/** Puts an IPv6 address in brackets. */
export function toHostHeader(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

const HOST_LINES = toSingleNames(['host']);

/** Clients send few different hosts, so verdicts are cached. */
const MAX_CACHED = 100;

type Verdict = 'allowed' | 'invalid' | 'foreign';

/**
 * Rejects requests whose Host header is missing, repeated or invalid with 400, and those addressed to another host with
 * 421.
 */
export function checkHost({ hosts }: HostRules): HeaderCheck {
  const allowed = hosts && new Set(hosts.map((host) => readHostname(toHostHeader(host))));
  // An IP address cannot be rebound by DNS.
  const allowsAddresses = hosts?.some(isWildcard) ?? false;
  const cache = new Map<string, Verdict>();

  const classify = (host: string): Verdict => {
    const hostname = readHostname(host);
    if (hostname === undefined || hostname === '') return 'invalid';
    if (!allowed || allowed.has(hostname) || isLoopbackName(hostname)) return 'allowed';
    return allowsAddresses && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 ? 'allowed' : 'foreign';
  };

  return (request) => {
    const host = hostOf(request) ?? '';
    let verdict = cache.get(host);
    if (verdict === undefined) {
      verdict = classify(host);
      if (cache.size >= MAX_CACHED) cache.clear();
      cache.set(host, verdict);
    }
    if (verdict === 'invalid' || findRepeated(request.rawHeaders, HOST_LINES) !== undefined) return INVALID_HOST;
    return verdict === 'foreign' ? FOREIGN_HOST : undefined;
  };
}

const INVALID_HOST: Rejection = {
  status: 400,
  code: 'INVALID_HOST',
  message: 'The Host header is missing, repeated or invalid. Send one valid Host header.',
};

const FOREIGN_HOST: Rejection = {
  status: 421,
  code: 'HOST_NOT_ALLOWED',
  message:
    'Host not allowed: without authentication only loopback names and HOST are. ' +
    'Use one of those, or add the name to ALLOWED_HOSTS.',
};

/**
 * Returns the request's host. An absolute request target overrides the Host header:
 * https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
function hostOf({ headers, url: target = '' }: IncomingMessage): string | undefined {
  const authority = target.startsWith('/') ? undefined : /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority ?? headers.host;
}

/** Rejects requests from pages of other origins with 403, unless the origin is listed. Off if callers sign in. */
export function checkOrigin({ requiresAuth }: HostRules, origins: readonly string[]): HeaderCheck {
  const listed = new Set(origins);
  return (request) => {
    const { origin } = request.headers;
    const isUnchecked = requiresAuth || origin === undefined || listed.has(origin) || request.method === 'OPTIONS';
    return isUnchecked || isSameHost(origin, hostOf(request)) ? undefined : FOREIGN_ORIGIN;
  };
}

const FOREIGN_ORIGIN: Rejection = {
  status: 403,
  code: 'ORIGIN_NOT_ALLOWED',
  message:
    'Origin not allowed: without authentication only pages of the same host may send requests. ' +
    'Add the origin to CORS_ORIGINS.',
};

/** Compares name and port. The scheme may differ, as TLS may be terminated in front of this server. */
function isSameHost(origin: string, host: string | undefined): boolean {
  const from = URL.parse(origin);
  if (from?.protocol !== 'http:' && from?.protocol !== 'https:') return false;
  return from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}
