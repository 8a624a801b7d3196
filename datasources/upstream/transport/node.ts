/**
 * The transport over node:http, for vendors that send an unsolicited `100 Continue`: undici then drops the connection,
 * while node:http ignores interim responses (RFC 9110 section 15.2).
 *
 * Costs several times the CPU of undici, so `learning.ts` uses it only for vendors that need it.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { AbortSignalLike, UpstreamAnswer } from '../../contract.ts';
import { createAgents, isReady, type MaybeSecure } from './agents.ts';
import { causeOf } from './causes.ts';
import { proxyAuthenticationError, toConnectionError } from './connection-error.ts';
import { decodeBody } from './decoding.ts';
import {
  TransportError,
  prefixOf,
  toWirePath,
  type Transport,
  type TransportErrorReason,
  type TransportOptions,
} from './transport.ts';

export function createNodeTransport(options: TransportOptions): Transport {
  const { baseUrl } = options;
  const prefix = prefixOf(baseUrl);
  const { protocol, hostname, port } = new URL(baseUrl);
  const agents = createAgents(options);
  const [agent, createRequest] =
    protocol === 'https:' ? ([agents.https, httpsRequest] as const) : ([agents.http, httpRequest] as const);
  // `URL` keeps the brackets of IPv6 addresses; sockets expect none.
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? undefined : Number(port), agent };
  return {
    send(wire, signal) {
      const { method, headers, body } = wire;
      return new Promise((resolve, reject) => {
        const request = createRequest({ ...target, method, path: toWirePath(prefix, wire), headers });
        new ResponseReader(request, signal, options, resolve, reject).start(body);
      });
    },
    close: async () => agent.destroy(),
  };
}

class ResponseReader {
  readonly #request: ClientRequest;
  readonly #signal: AbortSignalLike;
  readonly #options: TransportOptions;
  readonly #resolve: (answer: UpstreamAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort = (): void => this.#fail('aborted');
  readonly #connectTimer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #wasSent = false;
  #isDone = false;

  constructor(
    request: ClientRequest,
    signal: AbortSignalLike,
    options: TransportOptions,
    resolve: (answer: UpstreamAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#signal = signal;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#connectTimer = setTimeout(() => this.#fail('no-connection', 'ETIMEDOUT'), options.connectTimeoutMs).unref();
  }

  start(body: string | undefined): void {
    const request = this.#request;
    this.#signal.addEventListener('abort', this.#onAbort);
    request.once('socket', (socket: MaybeSecure) => {
      if (request.reusedSocket || isReady(socket)) this.#onConnected();
      else socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this.#onConnected());
    });
    request.once('response', (response) => this.#read(response));
    // An upgrade to another protocol was not requested.
    request.once('upgrade', (_response, socket: Socket) => {
      socket.destroy();
      this.#fail('reset');
    });
    request.on('error', (error) => this.#rejectWith(toConnectionError(error, this.#wasSent, this.#options)));
    request.end(body);
  }

  #onConnected(): void {
    clearTimeout(this.#connectTimer);
    this.#wasSent = true;
  }

  #read(response: IncomingMessage): void {
    response.on('data', (chunk: Buffer) => {
      this.#length += chunk.length;
      if (this.#length > this.#options.maximumBytes) this.#fail('oversized');
      else this.#chunks.push(chunk);
    });
    response.on('error', (error) => this.#fail('reset', causeOf(error)));
    response.once('end', () => this.#succeed(response));
  }

  #succeed({ statusCode = 0, headers }: IncomingMessage): void {
    if (!this.#finish()) return;
    if (this.#options.proxy !== undefined && statusCode === 407) {
      this.#reject(proxyAuthenticationError());
      return;
    }
    let text: string;
    try {
      text = decodeBody(Buffer.concat(this.#chunks, this.#length), headers, this.#options.maximumBytes);
    } catch (error) {
      this.#reject(error as TransportError);
      return;
    }
    this.#resolve({ status: statusCode, headers, text });
  }

  #fail(reason: TransportErrorReason, code?: string): void {
    this.#rejectWith(new TransportError(reason, this.#wasSent, code));
  }

  #rejectWith(error: TransportError): void {
    if (!this.#finish()) return;
    this.#request.destroy();
    this.#reject(error);
  }

  /** Returns false if the call has ended already. */
  #finish(): boolean {
    if (this.#isDone) return false;
    this.#isDone = true;
    clearTimeout(this.#connectTimer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
