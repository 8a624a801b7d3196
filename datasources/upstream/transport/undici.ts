/**
 * The transport for reads and writes: undici's Pool, spoken to at its lowest documented level (`dispatch`).
 *
 * They come by the dozen in one operation, and a call costs about a seventh of the CPU that got takes for it
 * (`docs/benchmarks.md`). It lets us see the one thing that a write must know, whether a byte may have left: undici says
 * that a request starts when its connection stands, after the TLS handshake where there is one, and just before it writes.
 * It sends nothing twice by itself: retries and redirects are interceptors of its own, and none is used.
 * https://undici.nodejs.org/#/docs/api/Dispatcher?id=dispatcherdispatchoptions-handler
 */
import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import type { UpstreamAnswer } from '../../contract.ts';
import type { WireRequest } from '../sign-request.ts';
import { causeOf, causeThroughProxy } from './causes.ts';
import { decodeBody } from './decoding.ts';
import {
  BrokenExchange,
  prefixOf,
  toWirePath,
  type ResponseCallbacks,
  type PendingExchange,
  type Transport,
  type TransportOptions,
} from './exchange.ts';

export interface UndiciOptions extends TransportOptions {
  /**
   * Called when undici has dropped a connection because of an unsolicited `100 Continue`. Returns the exchange that
   * replaces the request on it, or `undefined` if the request may not be sent again.
   */
  metInterim?(request: WireRequest, receiver: ResponseCallbacks): PendingExchange | undefined;
}

export function createUndiciTransport(options: UndiciOptions): Transport {
  const { baseUrl, connections, connectTimeoutMs, idleMs } = options;
  const prefix = prefixOf(baseUrl);
  const { origin } = new URL(baseUrl);
  const poolOptions = {
    connections,
    pipelining: 1,
    ...(idleMs !== undefined && { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs }),
    // Whoever begins an exchange ends it at its deadline, which covers the whole of it; these only cover the gaps.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const pool =
    options.proxy === undefined
      ? new Pool(origin, { ...poolOptions, connect: { timeout: connectTimeoutMs } })
      : createProxied(options.proxy, poolOptions, connectTimeoutMs);
  return {
    exchange(request, receiver) {
      const { method, headers, body = null } = request;
      const exchange = new Exchange(request, options, receiver);
      pool.dispatch({ origin, method, path: toWirePath(prefix, request), headers, body }, exchange);
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

/** Tunnels with CONNECT to https, and passes plain http on. */
function createProxied(uri: string, poolOptions: Pool.Options, connectTimeoutMs: number): ProxyAgent {
  return new ProxyAgent({
    ...poolOptions,
    uri,
    connectTimeout: connectTimeoutMs,
    // A proxy that takes the connection and never answers is given up like one that does not take it.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connectTimeoutMs }),
  });
}

/** One exchange under way. A class because undici calls these methods for each chunk, and closures would cost more. */
class Exchange implements Dispatcher.DispatchHandler, PendingExchange {
  #wasSent = false;
  #isAborted = false;
  #isOver = false;
  #status = 0;
  #headers: UpstreamAnswer['headers'] = {};
  #length = 0;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** What has taken its place. */
  #successor: PendingExchange | undefined;
  readonly #request: WireRequest;
  readonly #options: UndiciOptions;
  readonly #receiver: ResponseCallbacks;

  constructor(request: WireRequest, options: UndiciOptions, receiver: ResponseCallbacks) {
    this.#request = request;
    this.#options = options;
    this.#receiver = receiver;
  }

  abort(): void {
    this.#isAborted = true;
    if (this.#successor) this.#successor.abort();
    else this.#controller?.abort(new BrokenExchange('aborted', true));
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
    if (this.#length > this.#options.maximumBytes) {
      controller.abort(new BrokenExchange('oversized', true));
    } else if (!this.#first) {
      this.#first = chunk;
    } else {
      (this.#rest ??= [this.#first]).push(chunk);
    }
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const bytes = this.#rest ? Buffer.concat(this.#rest, this.#length) : (this.#first ?? NOTHING);
    let text: string;
    try {
      text = decodeBody(bytes, this.#headers, this.#options.maximumBytes);
    } catch (error) {
      this.#receiver.onError(error as BrokenExchange);
      return;
    }
    this.#receiver.onResponse({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (error instanceof BrokenExchange) {
      this.#receiver.onError(error);
      return;
    }
    const isProxied = this.#options.proxy !== undefined;
    const code = isProxied ? causeThroughProxy(error) : causeOf(error);
    // The proxy itself has refused: it passed nothing on.
    if (code === 'PROXY_AUTHENTICATION') this.#wasSent = false;
    if (isInterim(error) && !this.#isAborted) {
      this.#successor = this.#options.metInterim?.(this.#request, this.#receiver);
      if (this.#successor) return;
    }
    const reason = this.#wasSent ? 'reset' : 'no-connection';
    this.#receiver.onError(new BrokenExchange(reason, this.#wasSent, code));
  }
}

/** undici has no code of its own for it: `client-h1.js`, where a status of 100 is met. */
function isInterim(error: Error): boolean {
  return error.message === 'bad response' && (error as NodeJS.ErrnoException).code === 'UND_ERR_SOCKET';
}

const NOTHING = Buffer.alloc(0);
