/**
 * What all transports share: they send one request over one connection and return the whole answer. They follow no
 * redirect and retry nothing. Deadlines, retries and queues belong to `../attempts.ts`.
 */
import type { AbortSignalLike, UpstreamAnswer } from '../../contract.ts';
import { withoutEndSlashes } from '../../vendor-kit/request.ts';
import type { WireRequest } from '../sign-request.ts';
import type { TlsOptions } from './tls.ts';

export interface Transport {
  /**
   * Sends the request and resolves to the whole answer, whatever its status.
   *
   * @param signal must not be aborted yet
   * @throws TransportError if there is no whole answer.
   */
  send(request: WireRequest, signal: AbortSignalLike): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/** The three transports to one upstream. */
export interface Transports {
  readonly reads: Transport;
  readonly writes: Transport;
  readonly signIns: Transport;
  close(): Promise<void>;
}

export type TransportErrorReason =
  /** No connection: refused, no such host, TLS handshake. */
  | 'no-connection'
  /** The connection ended before the answer did. */
  | 'reset'
  /** The answer has more bytes than allowed, decompressed. */
  | 'oversized'
  /** The answer cannot be decoded. */
  | 'garbled'
  /** Aborted by the signal. */
  | 'aborted';

/** No whole answer. The message contains no address, header or body. */
export class TransportError extends Error {
  readonly reason: TransportErrorReason;
  /** Whether a byte of the request may have left. Derived from the connection's phase, never from an error message. */
  readonly wasSent: boolean;
  /** Code of the underlying error, e.g. `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** The status with which the proxy rejected the connection. */
  readonly proxyStatus: number | undefined;

  constructor(reason: TransportErrorReason, wasSent: boolean, code?: string, proxyStatus?: number) {
    super(`No answer from upstream: ${reason}.`);
    this.name = 'TransportError';
    this.reason = reason;
    this.wasSent = wasSent;
    this.code = code;
    this.proxyStatus = proxyStatus;
  }
}

export interface TransportOptions {
  /** Origin and path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly connections: number;
  /** Most bytes of a decoded body. */
  readonly maximumBytes: number;
  /** Milliseconds for establishing a connection, TLS handshake included. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which an idle connection is not reused. Defaults to the client library's own. */
  readonly idleMs?: number;
  /** Address of the proxy, with its credentials. Omit to connect directly. */
  readonly proxy?: string | undefined;
  /** Omit to trust the authorities that Node trusts, and to show no client certificate. */
  readonly tls?: TlsOptions | undefined;
}

/**
 * The target of a request line: the request's target joined with the base address's own path by one slash. For an empty
 * target, the base address's own path. Never empty. RFC 9112 section 3.2.1
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
