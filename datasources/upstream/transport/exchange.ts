/**
 * One request, one answer, over one connection. What the transports share: what is sent, and how a broken exchange is
 * reported; `decoding.ts` turns a body into text. Policy (deadline, retries, queue, breaker) is the business of `../upstream.ts`.
 */
import type { UpstreamAnswer } from '../../contract.ts';
import { withoutEndSlashes } from '../../vendor-kit/request.ts';
import type { WireRequest } from '../sign-request.ts';

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
  /** Ended by whoever began it. */
  | 'aborted';

/** An exchange that brought no whole answer. Its message names no address, header or body. */
export class BrokenExchange extends Error {
  readonly reason: BreakReason;
  /** Whether a byte of the request may have left. Known from the connection's phase, never from an error's text. */
  readonly wasSent: boolean;
  /** The code of the error behind it, e.g. `ECONNREFUSED`. */
  readonly code: string | undefined;

  constructor(reason: BreakReason, wasSent: boolean, code?: string) {
    super(`The exchange broke: ${reason}.`);
    this.name = 'BrokenExchange';
    this.reason = reason;
    this.wasSent = wasSent;
    this.code = code;
  }
}

/** Sends one request and gives the whole answer. Follows no redirect, retries nothing. */
export interface Transport {
  exchange(request: WireRequest, receiver: ResponseCallbacks): PendingExchange;
  close(): Promise<void>;
}

/** Told how an exchange ended: one of the two, once. It may be told so before `exchange` has returned. */
export interface ResponseCallbacks {
  onResponse(answer: UpstreamAnswer): void;
  onError(error: BrokenExchange): void;
}

/** An exchange under way. */
export interface PendingExchange {
  /** Ends it as soon as may be. Its receiver is told that it broke, unless it has ended otherwise by then. */
  abort(): void;
}

export interface TransportOptions {
  /** Origin and path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly connections: number;
  /** Most bytes of a decoded body. */
  readonly maximumBytes: number;
  /** Milliseconds until a connection must stand. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which an idle connection is not used again. Defaults to what the client library does. */
  readonly idleMs?: number;
  /** The address of the proxy, with its credentials. Omit for the direct way. */
  readonly proxy?: string | undefined;
}

/**
 * The target of a request line: below the base address's own path, joined with one slash; the whole of the base address
 * for an empty path. Never empty. RFC 9112 section 3.2.1
 */
export function toWirePath(prefix: string, { target }: WireRequest): string {
  if (target.startsWith('/')) return (prefix.endsWith('/') ? withoutEndSlashes(prefix) : prefix) + target;
  if (target.startsWith('?') && prefix.includes('?')) return `${prefix}&${target.slice(1)}`;
  const path = prefix + target;
  return path.startsWith('/') ? path : `/${path}`;
}

/** Path and query of a base address; empty without either. */
export function prefixOf(baseUrl: string): string {
  const { pathname, search } = new URL(baseUrl);
  return pathname === '/' && search === '' ? '' : pathname + search;
}
