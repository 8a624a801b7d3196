/** What the transports over node:http share: proxies, and when a socket is ready for a request. */
import type { Socket } from 'node:net';
import { TransportError } from './transport.ts';

/** A socket, or one with TLS. */
export type MaybeSecure = Socket & { readonly encrypted?: boolean; readonly secureConnecting?: boolean };

/** Whether the connection is established, TLS handshake included. */
export function isReady(socket: MaybeSecure): boolean {
  return !socket.connecting && socket.secureConnecting !== true;
}

/** Options for an agent of node:http or node:https. It tunnels with CONNECT to https, and forwards plain http. */
export function throughProxy(proxy: string | undefined) {
  return proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
}

/** The proxy requires other credentials, so it has forwarded nothing. */
export function proxyAuthenticationError(): TransportError {
  return new TransportError('no-connection', false, 'PROXY_AUTHENTICATION');
}
