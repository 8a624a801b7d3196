/**
 * One request, one answer, over one connection. What both transports share: what is sent, how a broken exchange is
 * told, and how a body becomes text. Policy (deadline, retries, queue, breaker) is the business of `../upstream.ts`.
 */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { StopSignal, UpstreamAnswer, UpstreamRequest } from '../../contract.ts';
import { toTarget } from '../request.ts';

/** Why an exchange broke. */
export type BreakReason =
  /** No connection: refused, no such host, TLS handshake. */
  | 'no-connection'
  /** The connection ended before the answer did. */
  | 'reset'
  /** The answer has more bytes than allowed, decompressed. */
  | 'oversized'
  /** The answer cannot be decoded. */
  | 'garbled'
  /** The signal that came with the request was aborted. */
  | 'aborted';

/** An exchange that brought no whole answer. Its message names no address, header or body. */
export class BrokenExchange extends Error {
  readonly reason: BreakReason;
  /** Whether a byte of the request may have left. Known from the connection's phase, never from an error's text. */
  readonly wasSent: boolean;

  constructor(reason: BreakReason, wasSent: boolean) {
    super(`The exchange broke: ${reason}.`);
    this.name = 'BrokenExchange';
    this.reason = reason;
    this.wasSent = wasSent;
  }
}

/** Sends one request and gives the whole answer. Follows no redirect, retries nothing, throws only `BrokenExchange`. */
export interface Transport {
  exchange(request: UpstreamRequest, signal: StopSignal): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Origin and path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly connections: number;
  /** Most bytes of a decoded body. */
  readonly maximumBytes: number;
  /** Milliseconds until a connection must stand. */
  readonly connectTimeoutMs: number;
}

const USER_AGENT = 'ticketgraph';

/** A header value that HTTP can carry: RFC 9110 section 5.5. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers as they go over the wire, but for `host` and `connection`, which belong to the connection. */
export function toWireHeaders(request: UpstreamRequest): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': USER_AGENT, ...request.headers };
  if (request.body !== undefined) headers['content-length'] = String(Buffer.byteLength(request.body));
  else if (request.method !== 'GET' && request.method !== 'DELETE') headers['content-length'] = '0';
  for (const [name, value] of Object.entries(headers)) {
    // Client libraries quote the value in their error, and the value may be a secret.
    if (!HEADER_VALUE.test(value)) throw new RangeError(`The header ${name} has a value that HTTP cannot carry.`);
  }
  return headers;
}

/** Path and query below the base address's own path, e.g. `/prefix/api/v2/ticket?itemStart=0`. */
export function toWirePath(prefix: string, request: UpstreamRequest): string {
  return (prefix + toTarget(request)).replace(/^(?=\?|$)/, '/');
}

/** The path prefix of a base address; empty where there is none. */
export function prefixOf(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/+$/, '');
}

/**
 * The body as text, decompressed under the same cap as the raw bytes, so that a small answer cannot unfold into a
 * large one.
 *
 * @throws BrokenExchange `oversized` or `garbled`.
 */
export function decodeBody(bytes: Buffer, encoding: unknown, maximumBytes: number): string {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return bytes.toString('utf8');
  const limit = { maxOutputLength: maximumBytes };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, limit).toString('utf8');
    if (encoding === 'deflate') return inflateSync(bytes, limit).toString('utf8');
    if (encoding === 'br') return brotliDecompressSync(bytes, limit).toString('utf8');
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new BrokenExchange(isTooLarge ? 'oversized' : 'garbled', true);
  }
  throw new BrokenExchange('garbled', true);
}
