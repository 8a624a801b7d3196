/** What the transports over node:http share: agents with proxy and TLS, and when a socket is ready for a request. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { markProxyError } from './causes.ts';
import { secureOptions } from './tls.ts';
import type { TransportOptions } from './transport.ts';

/** A socket, or one with TLS. */
export type MaybeSecure = Socket & { readonly encrypted?: boolean; readonly secureConnecting?: boolean };

/** Whether the connection is established, TLS handshake included. */
export function isReady(socket: MaybeSecure): boolean {
  return !socket.connecting && socket.secureConnecting !== true;
}

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export function createAgents({ connections, idleMs, proxy, tls }: TransportOptions): Agents {
  const options = {
    keepAlive: true,
    maxSockets: connections,
    ...(idleMs !== undefined && { timeout: idleMs }),
    // Tunnels with CONNECT to https, and forwards plain http.
    ...(proxy !== undefined && { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  };
  return { http: new HttpAgent(options), https: new TunnelingAgent({ ...options, ...secureOptions(tls) }) };
}

type OnConnected = (error: Error | null, socket: Duplex) => void;

/** Tells errors of the TLS handshake with an https proxy from those of the handshake with the vendor. */
class TunnelingAgent extends HttpsAgent {
  override createConnection(
    options: Parameters<HttpsAgent['createConnection']>[0],
    onConnected?: OnConnected,
  ): Duplex | null | undefined {
    // Node calls back with the proxy's socket only if the tunnel could not be established.
    const socket = super.createConnection(options, (error, failed) => {
      onConnected?.(error && failed === socket ? markProxyError(error) : error, failed);
    });
    return socket;
  }
}
