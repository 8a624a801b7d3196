/**
 * The transport for sign-ins: got over node:http. Loaded with the first sign-in, not at startup.
 *
 * Everything in got that could send a second request is off: retries, redirects.
 */
import type { ClientRequest } from 'node:http';
import got from 'got';
import type { UpstreamAnswer } from '../../contract.ts';
import type { WireRequest } from '../sign-request.ts';
import { createAgents, isReady, type Agents, type MaybeSecure } from './agents.ts';
import { proxyAuthenticationError, toConnectionError } from './connection-error.ts';
import { decodeBody } from './decoding.ts';
import { TransportError, prefixOf, toWirePath, type Transport, type TransportOptions } from './transport.ts';

const IDLE_MS = 2_000;

export function createGotTransport(options: TransportOptions): Transport {
  const { baseUrl } = options;
  const prefix = prefixOf(baseUrl);
  const { origin } = new URL(baseUrl);
  const agents = createAgents({ ...options, idleMs: IDLE_MS });
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

async function sendWithGot(
  request: WireRequest,
  url: string,
  controller: AbortController,
  agents: Agents,
  options: TransportOptions,
): Promise<UpstreamAnswer> {
  const { maximumBytes, connectTimeoutMs, proxy } = options;
  const state: RequestState = { wasSent: false, isOversized: false };
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
    void pending.on('request', (sent: ClientRequest) => trackState(sent, state));
    void pending.on('downloadProgress', ({ transferred }) => {
      if (transferred <= maximumBytes) return;
      state.isOversized = true;
      controller.abort();
    });
    const response = await pending;
    if (proxy !== undefined && response.statusCode === 407) throw proxyAuthenticationError();
    if (response.rawBody.length > maximumBytes) throw new TransportError('oversized', true);
    const text = decodeBody(Buffer.from(response.rawBody), response.headers, maximumBytes);
    return { status: response.statusCode, headers: response.headers, text };
  } catch (error) {
    if (error instanceof TransportError) throw error;
    if (state.isOversized) throw new TransportError('oversized', state.wasSent);
    if (controller.signal.aborted) throw new TransportError('aborted', state.wasSent);
    // Only the code is kept: got's own message may quote the address or a header.
    throw toConnectionError(error, state.wasSent, options);
  }
}

interface RequestState {
  wasSent: boolean;
  isOversized: boolean;
}

function trackState(request: ClientRequest, state: RequestState): void {
  const onReady = (): void => {
    state.wasSent = true;
  };
  request.once('socket', (socket: MaybeSecure) => {
    // A reused socket is ready, and its request is written in the same tick.
    if (request.reusedSocket || isReady(socket)) onReady();
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', onReady);
  });
}
