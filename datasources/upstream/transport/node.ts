/**
 * The transport over node:http, for vendors whose answers undici does not take: it drops a connection on
 * which an unsolicited `100 Continue` arrives, while node:http ignores interim responses (RFC 9110 section 15.2).
 *
 * It costs several times the CPU of undici's, so that it is used only for a vendor that needs it (`learning.ts`).
 */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { WireRequest } from '../sign-request.ts';
import { isReady, refusedByProxy, throughProxy, type MaybeSecure } from './agents.ts';
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

export function createNodeTransport(options: TransportOptions): Transport {
  const { baseUrl, connections, idleMs } = options;
  const prefix = prefixOf(baseUrl);
  const { protocol, hostname, port } = new URL(baseUrl);
  const agentOptions = {
    keepAlive: true,
    maxSockets: connections,
    ...(idleMs !== undefined && { timeout: idleMs }),
    ...throughProxy(options.proxy),
  };
  const agent = protocol === 'https:' ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const begin = protocol === 'https:' ? httpsRequest : httpRequest;
  // `URL` keeps the brackets of IPv6 addresses, sockets take none.
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? undefined : Number(port), agent };
  return {
    exchange(wire, receiver) {
      const { method, headers } = wire;
      const sending = begin({ ...target, method, path: toWirePath(prefix, wire), headers });
      return new NodeExchange(sending, wire, options, receiver);
    },
    close: async () => agent.destroy(),
  };
}

class NodeExchange implements PendingExchange {
  #wasSent = false;
  #isOver = false;
  #length = 0;
  readonly #chunks: Buffer[] = [];
  readonly #request: ClientRequest;
  readonly #maximumBytes: number;
  readonly #isProxied: boolean;
  readonly #receiver: ResponseCallbacks;
  /** Ends the wait for a connection. */
  readonly #connecting: NodeJS.Timeout;

  constructor(request: ClientRequest, wire: WireRequest, options: TransportOptions, receiver: ResponseCallbacks) {
    this.#request = request;
    this.#maximumBytes = options.maximumBytes;
    this.#isProxied = options.proxy !== undefined;
    this.#receiver = receiver;
    this.#connecting = setTimeout(() => this.#break('no-connection', 'ETIMEDOUT'), options.connectTimeoutMs).unref();
    request.once('socket', (socket: MaybeSecure) => {
      if (request.reusedSocket || isReady(socket)) this.#connected();
      else socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this.#connected());
    });
    request.once('response', (response) => this.#read(response));
    // Switching to another protocol was not asked for.
    request.once('upgrade', (_response, socket: Socket) => {
      socket.destroy();
      this.#break('reset');
    });
    request.on('error', (error) => {
      const code = this.#isProxied ? causeThroughProxy(error) : causeOf(error);
      this.#break(this.#wasSent ? 'reset' : 'no-connection', code);
    });
    request.end(wire.body);
  }

  abort(): void {
    this.#break('aborted');
  }

  #connected(): void {
    clearTimeout(this.#connecting);
    this.#wasSent = true;
  }

  #read(response: IncomingMessage): void {
    response.on('data', (chunk: Buffer) => {
      this.#length += chunk.length;
      if (this.#length > this.#maximumBytes) this.#break('oversized');
      else this.#chunks.push(chunk);
    });
    response.on('error', (error) => this.#break('reset', causeOf(error)));
    response.once('end', () => this.#finish(response));
  }

  #finish({ statusCode = 0, headers }: IncomingMessage): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isProxied && statusCode === 407) {
      this.#receiver.onError(refusedByProxy());
      return;
    }
    let text: string;
    try {
      text = decodeBody(Buffer.concat(this.#chunks, this.#length), headers, this.#maximumBytes);
    } catch (error) {
      this.#receiver.onError(error as BrokenExchange);
      return;
    }
    this.#receiver.onResponse({ status: statusCode, headers, text });
  }

  #break(reason: BrokenExchange['reason'], code?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#connecting);
    this.#request.destroy();
    this.#receiver.onError(new BrokenExchange(reason, this.#wasSent, code));
  }
}
