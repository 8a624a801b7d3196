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
import type { UpstreamAnswer } from '../../contract.ts';
import { causeOf } from './causes.ts';
import { decodeBody } from './decoding.ts';
import {
  BrokenExchange,
  prefixOf,
  toWirePath,
  type Receiver,
  type Running,
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
    // Whoever begins an exchange ends it at its deadline, which covers the whole of it; these only cover the gaps.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    exchange(request, receiver) {
      const { method, headers, body = null } = request;
      const exchange = new Exchange(options.maximumBytes, receiver);
      pool.dispatch({ method, path: toWirePath(prefix, request), headers, body }, exchange);
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

/** One exchange under way. A class because undici calls these methods for each chunk, and closures would cost more. */
class Exchange implements Dispatcher.DispatchHandler, Running {
  #wasSent = false;
  #isAborted = false;
  #status = 0;
  #headers: UpstreamAnswer['headers'] = {};
  #length = 0;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #maximumBytes: number;
  readonly #receiver: Receiver;

  constructor(maximumBytes: number, receiver: Receiver) {
    this.#maximumBytes = maximumBytes;
    this.#receiver = receiver;
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new BrokenExchange('aborted', true));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isAborted) {
      controller.abort(new BrokenExchange('aborted', false));
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
    if (this.#length > this.#maximumBytes) {
      controller.abort(new BrokenExchange('oversized', true));
    } else if (!this.#first) {
      this.#first = chunk;
    } else {
      (this.#rest ??= [this.#first]).push(chunk);
    }
  }

  onResponseEnd(): void {
    const bytes = this.#rest ? Buffer.concat(this.#rest, this.#length) : (this.#first ?? NOTHING);
    let text: string;
    try {
      text = decodeBody(bytes, this.#headers, this.#maximumBytes);
    } catch (error) {
      this.#receiver.broke(error as BrokenExchange);
      return;
    }
    this.#receiver.answered({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: unknown, error: Error): void {
    if (error instanceof BrokenExchange) {
      this.#receiver.broke(error);
      return;
    }
    const reason = this.#wasSent ? 'reset' : 'no-connection';
    this.#receiver.broke(new BrokenExchange(reason, this.#wasSent, causeOf(error)));
  }
}

const NOTHING = Buffer.alloc(0);
