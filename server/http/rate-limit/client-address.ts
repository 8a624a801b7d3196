/** The address that a request comes from. */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/**
 * Returns a function that returns the client's address, with which requests of one client are counted.
 *
 * `X-Forwarded-For` is ignored unless proxies are trusted: any client may send it. Each proxy appends the address that it
 * was called from, so that the entries of the trusted ones come last.
 *
 * @param trustedProxies how many proxies in front of this server append to `X-Forwarded-For`
 */
export function createClientAddress(trustedProxies: number): (request: IncomingMessage) => string {
  if (trustedProxies === 0) return ({ socket }) => toNetwork(socket.remoteAddress ?? '');
  return ({ socket, headers }) => {
    // Node joins repeated headers with commas.
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const entry = forwarded.at(-trustedProxies) ?? forwarded[0]!;
    return toNetwork(entry.trim() || (socket.remoteAddress ?? ''));
  };
}

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** A subscriber has a /64 of IPv6 addresses at least: RFC 6177. Its hosts count as one client. */
export function toNetwork(address: string): string {
  const plain = address.replace(MAPPED, '');
  if (!isIPv6(plain)) return plain.slice(0, MAX_LENGTH);
  const [head, tail] = withoutZone(plain).split('::') as [string, string?];
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Longer than any address: a proxy passes on what it likes. */
const MAX_LENGTH = 64;

function withoutZone(address: string): string {
  return address.split('%')[0]!;
}
