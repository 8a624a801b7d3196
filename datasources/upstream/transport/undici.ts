/**
 * The transport for reads and writes: undici's Pool, used through `dispatch`, its lowest documented level.
 *
 * A call costs a seventh of the CPU of one with got (docs/performance.md#transport), and `onRequestStart` shows whether a
 * byte may have left: undici calls it when the connection is established, TLS handshake included, just before it writes.
 * Retries and redirects are interceptors in undici; none is installed.
 * https://undici.nodejs.org/#/docs/api/Dispatcher?id=dispatcherdispatchoptions-handler
 */
import type { Dispatcher } from 'undici';
import type { AbortSignalLike, UpstreamAnswer } from '../../contract.ts';
import type { WireRequest } from '../sign-request.ts';
import { toConnectionError } from './connection-error.ts';
import { decodeBody } from './decoding.ts';
import { TransportError, prefixOf, toWirePath, type Transport, type TransportOptions } from './transport.ts';
import { createPool } from './undici-pool.ts';

export interface UndiciOptions extends TransportOptions {
  /**
   * Called when undici drops a connection because of an unsolicited `100 Continue`. Returns the answer to the request
   * sent another way, or `undefined` if it must not be sent again.
   */
  onInterimResponse?(request: WireRequest, signal: AbortSignalLike): Promise<UpstreamAnswer> | undefined;
}

export function createUndiciTransport(options: UndiciOptions): Transport {
  const { baseUrl } = options;
  const prefix = prefixOf(baseUrl);
  const { origin } = new URL(baseUrl);
  const pool = createPool(origin, options);
  return {
    send(request, signal) {
      const { method, headers, body = null } = request;
      return new Promise((resolve, reject) => {
        const handler = new ResponseHandler(request, signal, options, resolve, reject);
        pool.dispatch({ origin, method, path: toWirePath(prefix, request), headers, body }, handler);
      });
    },
    close: () => pool.destroy(),
  };
}

/** Collects one response. A class, since undici calls these methods for each chunk. */
class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest;
  readonly #signal: AbortSignalLike;
  readonly #options: UndiciOptions;
  readonly #resolve: (answer: UpstreamAnswer | Promise<UpstreamAnswer>) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort = (): void => {
    this.#controller?.abort(new TransportError('aborted', true));
  };
  #wasSent = false;
  #isDone = false;
  #status = 0;
  #headers: UpstreamAnswer['headers'] = {};
  #length = 0;
  /** Most bodies are one chunk. */
  #firstChunk: Buffer | undefined;
  #chunks: Buffer[] | undefined;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(
    request: WireRequest,
    signal: AbortSignalLike,
    options: UndiciOptions,
    resolve: (answer: UpstreamAnswer | Promise<UpstreamAnswer>) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#signal = signal;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#signal.aborted) {
      controller.abort(new TransportError('aborted', false));
      return;
    }
    this.#wasSent = true;
    this.#controller = controller;
  }

  onResponseStart(_: unknown, status: number, headers: UpstreamAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#options.maximumBytes) {
      controller.abort(new TransportError('oversized', true));
    } else if (!this.#firstChunk) {
      this.#firstChunk = chunk;
    } else {
      (this.#chunks ??= [this.#firstChunk]).push(chunk);
    }
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    const bytes = this.#chunks ? Buffer.concat(this.#chunks, this.#length) : (this.#firstChunk ?? NO_BYTES);
    let text: string;
    try {
      text = decodeBody(bytes, this.#headers, this.#options.maximumBytes);
    } catch (error) {
      this.#reject(error as TransportError);
      return;
    }
    this.#resolve({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: unknown, error: Error): void {
    if (!this.#finish()) return;
    const replacement = this.#isInterim(error)
      ? this.#options.onInterimResponse?.(this.#request, this.#signal)
      : undefined;
    if (replacement) this.#resolve(replacement);
    else this.#reject(error instanceof TransportError ? error : toConnectionError(error, this.#wasSent, this.#options));
  }

  /** Returns false if the call has ended already. */
  #finish(): boolean {
    if (this.#isDone) return false;
    this.#isDone = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    return true;
  }

  /** undici has no code of its own for it: see `client-h1.js`, where it handles a status of 100. */
  #isInterim(error: Error): boolean {
    const isBadResponse =
      error.message === 'bad response' && (error as NodeJS.ErrnoException).code === 'UND_ERR_SOCKET';
    return isBadResponse && !this.#signal.aborted;
  }
}

const NO_BYTES = Buffer.alloc(0);
