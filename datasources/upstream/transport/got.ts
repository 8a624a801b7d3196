/**
 * The transport for signing in: got over node:http. It is loaded when the first vendor is signed in to, not at the start.
 *
 * Everything in got that could send a second request is off: retries, redirects.
 */
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { UpstreamAnswer } from '../../contract.ts';
import type { WireRequest } from '../sign-request.ts';
import { causeOf, causeThroughProxy } from './causes.ts';
import { decodeBody } from './decoding.ts';
import { isReady, refusedByProxy, throughProxy, type MaybeSecure } from './agents.ts';
import {
  BrokenExchange,
  prefixOf,
  toWirePath,
  type BreakReason,
  type Transport,
  type TransportOptions,
} from './exchange.ts';

const IDLE_MS = 2_000;

export function createGotTransport(options: TransportOptions): Transport {
  const { baseUrl, connections } = options;
  const prefix = prefixOf(baseUrl);
  const { origin } = new URL(baseUrl);
  const agentOptions = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS, ...throughProxy(options.proxy) };
  const agent = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
  return {
    exchange(request, receiver) {
      const stop = new AbortController();
      void exchange(request, stop, origin + toWirePath(prefix, request), agent, options).then(
        (answer) => receiver.onResponse(answer),
        (error: unknown) => receiver.onError(error as BrokenExchange),
      );
      return { abort: () => stop.abort() };
    },
    close: async () => {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

/** @throws BrokenExchange */
async function exchange(
  request: WireRequest,
  stop: AbortController,
  url: string,
  agent: { http: HttpAgent; https: HttpsAgent },
  { maximumBytes, connectTimeoutMs, proxy }: TransportOptions,
): Promise<UpstreamAnswer> {
  const { default: got } = await import('got');
  const phase = { wasSent: false };
  let isOversized = false;
  try {
    const sending = got(url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      agent,
      responseType: 'buffer',
      decompress: false,
      followRedirect: false,
      throwHttpErrors: false,
      retry: { limit: 0 },
      timeout: { connect: connectTimeoutMs, secureConnect: connectTimeoutMs, lookup: connectTimeoutMs },
      allowGetBody: false,
      signal: stop.signal,
    });
    void sending.on('request', (sent: ClientRequest) => watchPhase(sent, phase));
    void sending.on('downloadProgress', ({ transferred }) => {
      if (transferred <= maximumBytes) return;
      isOversized = true;
      stop.abort();
    });
    const response = await sending;
    if (proxy !== undefined && response.statusCode === 407) throw refusedByProxy();
    if (response.rawBody.length > maximumBytes) throw new BrokenExchange('oversized', true);
    const text = decodeBody(Buffer.from(response.rawBody), response.headers, maximumBytes);
    return { status: response.statusCode, headers: response.headers, text };
  } catch (error) {
    if (error instanceof BrokenExchange) throw error;
    // got's own message may quote the address or a header; only the reason goes on.
    const reason = reasonOf(phase.wasSent, isOversized, stop.signal.aborted);
    const code = proxy === undefined ? causeOf(error) : causeThroughProxy(error);
    throw new BrokenExchange(reason, phase.wasSent, code);
  }
}

function reasonOf(wasSent: boolean, isOversized: boolean, isAborted: boolean): BreakReason {
  if (isOversized) return 'oversized';
  if (isAborted) return 'aborted';
  return wasSent ? 'reset' : 'no-connection';
}

function watchPhase(request: ClientRequest, phase: { wasSent: boolean }): void {
  const sent = (): void => {
    phase.wasSent = true;
  };
  request.once('socket', (socket: MaybeSecure) => {
    // A socket that is used again is ready at once; its request is written in this same turn.
    if (request.reusedSocket || isReady(socket)) sent();
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', sent);
  });
}
