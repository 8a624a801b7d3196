/** What the transports over node:http have in common: proxies, and when a socket is ready for a request. */
import type { Socket } from 'node:net';
import { BrokenExchange } from './exchange.ts';

/** A socket, or one with TLS. */
export type MaybeSecure = Socket & { readonly encrypted?: boolean; readonly secureConnecting?: boolean };

/** Whether the connection stands, with its TLS handshake if there is one. */
export function isReady(socket: MaybeSecure): boolean {
  return !socket.connecting && socket.secureConnecting !== true;
}

/** For an agent of node:http or node:https, which tunnels with CONNECT to https, and passes plain http on. */
export function throughProxy(proxy: string | undefined) {
  return proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
}

/** The proxy wants other credentials: it has passed nothing on. */
export function refusedByProxy(): BrokenExchange {
  return new BrokenExchange('no-connection', false, 'PROXY_AUTHENTICATION');
}
