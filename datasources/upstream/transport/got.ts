/**
 * The transport for sign-ins: got over node:http. Loaded with the first sign-in, not at startup.
 *
 * Everything in got that could send a second request is off: retries, redirects.
 */
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got from 'got';
import type { UpstreamAnswer } from '../../contract.ts';
import type { WireRequest } from '../sign-request.ts';
import { causeOf, causeThroughProxy } from './causes.ts';
import { decodeBody } from './decoding.ts';
import { isReady, proxyAuthenticationError, throughProxy, type MaybeSecure } from './agents.ts';
import {
  TransportError,
  prefixOf,
  toWirePath,
  type Transport,
  type TransportErrorReason,
  type TransportOptions,
} from './transport.ts';

const IDLE_MS = 2_000;

export function createGotTransport(options: TransportOptions): Transport {
  const { baseUrl, connections } = options;
  const prefix = prefixOf(baseUrl);
  const { origin } = new URL(baseUrl);
  const agentOptions = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS, ...throughProxy(options.proxy) };
  const agents: Agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
  return {
    async send(request, signal) {
      const controller = new AbortController();
      const abort = (): void => controller.abort();
      signal.addEventListener('abort', abort);
      try {
        return await sendWithGot(request, origin + toWirePath(prefix, request), controller, agents, options);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    async close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

async function sendWithGot(
  request: WireRequest,
  url: string,
  controller: AbortController,
  agents: Agents,
  { maximumBytes, connectTimeoutMs, proxy }: TransportOptions,
): Promise<UpstreamAnswer> {
  const phase = { wasSent: false };
  let isOversized = false;
  try {
    const pending = got(url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      agent: agents,
      responseType: 'buffer',
      decompress: false,
      followRedirect: false,
      throwHttpErrors: false,
      retry: { limit: 0 },
      timeout: { connect: connectTimeoutMs, secureConnect: connectTimeoutMs, lookup: connectTimeoutMs },
      allowGetBody: false,
      signal: controller.signal,
    });
    void pending.on('request', (sent: ClientRequest) => trackPhase(sent, phase));
    void pending.on('downloadProgress', ({ transferred }) => {
      if (transferred <= maximumBytes) return;
      isOversized = true;
      controller.abort();
    });
    const response = await pending;
    if (proxy !== undefined && response.statusCode === 407) throw proxyAuthenticationError();
    if (response.rawBody.length > maximumBytes) throw new TransportError('oversized', true);
    const text = decodeBody(Buffer.from(response.rawBody), response.headers, maximumBytes);
    return { status: response.statusCode, headers: response.headers, text };
  } catch (error) {
    if (error instanceof TransportError) throw error;
    // Only the reason is kept: got's own message may quote the address or a header.
    const reason = reasonOf(phase.wasSent, isOversized, controller.signal.aborted);
    const code = proxy === undefined ? causeOf(error) : causeThroughProxy(error);
    throw new TransportError(reason, phase.wasSent, code);
  }
}

function reasonOf(wasSent: boolean, isOversized: boolean, isAborted: boolean): TransportErrorReason {
  if (isOversized) return 'oversized';
  if (isAborted) return 'aborted';
  return wasSent ? 'reset' : 'no-connection';
}

function trackPhase(request: ClientRequest, phase: { wasSent: boolean }): void {
  const onReady = (): void => {
    phase.wasSent = true;
  };
  request.once('socket', (socket: MaybeSecure) => {
    // A reused socket is ready, and its request is written in the same tick.
    if (request.reusedSocket || isReady(socket)) onReady();
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', onReady);
  });
}
