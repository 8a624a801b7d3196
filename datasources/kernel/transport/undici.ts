/**
 * The transport for reads and writes: undici's Pool, spoken to at its lowest documented level (`dispatch`).
 *
 * They come by the dozen in one operation, and a call costs about a seventh of the CPU that got takes for it
 * (`docs/benchmarks.md`). It lets us see the one thing that a write must know, whether a byte may have left: undici says
 * that a request starts when its connection stands, after the TLS handshake where there is one, and just before it writes.
 * It sends nothing twice by itself: retries and redirects are interceptors of its own, and none is used.
 * https://undici.nodejs.org/#/docs/api/Dispatcher?id=dispatcherdispatchoptions-handler
 */
import { Pool, type Dispatcher } from 'undici';
import type { StopSignal, UpstreamAnswer } from '../../contract.ts';
import {
  BrokenExchange,
  decodeBody,
  prefixOf,
  toWireHeaders,
  toWirePath,
  type Transport,
  type TransportOptions,
} from './exchange.ts';

export interface UndiciOptions extends TransportOptions {
  /** Milliseconds after which an idle connection is not used again; undici's own 4 s where left out. */
  readonly idleMs?: number;
}

export function createUndiciTransport(options: UndiciOptions): Transport {
  const { baseUrl, connections, connectTimeoutMs, idleMs } = options;
  const prefix = prefixOf(baseUrl);
  const pool = new Pool(new URL(baseUrl).origin, {
    connections,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    ...(idleMs !== undefined && { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs }),
    // The deadline is the caller's signal: it covers the whole call, these only the gaps within it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    exchange: (request, signal) =>
      new Promise((resolve, reject) => {
        const handler = new Exchange(options.maximumBytes, signal, resolve, reject);
        const dispatched = { method: request.method, path: toWirePath(prefix, request), body: request.body ?? null };
        pool.dispatch({ ...dispatched, headers: toWireHeaders(request) }, handler);
      }),
    close: () => pool.destroy(),
  };
}

/** One exchange under way. A class because undici calls these methods for each chunk, and closures would cost more. */
class Exchange implements Dispatcher.DispatchHandler {
  #wasSent = false;
  #status = 0;
  #headers: UpstreamAnswer['headers'] = {};
  #length = 0;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #abort: (() => void) | undefined;
  readonly #maximumBytes: number;
  readonly #signal: StopSignal;
  readonly #resolve: (answer: UpstreamAnswer) => void;
  readonly #reject: (error: Error) => void;

  constructor(
    maximumBytes: number,
    signal: StopSignal,
    resolve: (answer: UpstreamAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#maximumBytes = maximumBytes;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#signal.aborted) {
      controller.abort(new BrokenExchange('aborted', false));
      return;
    }
    this.#wasSent = true;
    this.#abort = () => controller.abort(new BrokenExchange('aborted', true));
    this.#signal.addEventListener('abort', this.#abort);
  }

  onResponseStart(_: unknown, status: number, headers: UpstreamAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#maximumBytes) {
      controller.abort(new BrokenExchange('oversized', true));
    } else if (!this.#first) {
      this.#first = chunk;
    } else {
      (this.#rest ??= [this.#first]).push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#release();
    const bytes = this.#rest ? Buffer.concat(this.#rest, this.#length) : (this.#first ?? Buffer.alloc(0));
    try {
      const text = decodeBody(bytes, this.#headers['content-encoding'], this.#maximumBytes);
      this.#resolve({ status: this.#status, headers: this.#headers, text });
    } catch (error) {
      this.#reject(error as BrokenExchange);
    }
  }

  onResponseError(_: unknown, error: Error): void {
    this.#release();
    const reason = this.#wasSent ? 'reset' : 'no-connection';
    this.#reject(error instanceof BrokenExchange ? error : new BrokenExchange(reason, this.#wasSent));
  }

  #release(): void {
    if (this.#abort) this.#signal.removeEventListener('abort', this.#abort);
  }
}
