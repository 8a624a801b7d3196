/** The connections of undici to one upstream: direct, or through a proxy. */
import type { ProxyAgent, buildConnector as undiciConnector } from 'undici';
import { causeOf, markProxyError, provesUnsent } from './causes.ts';
import { secureOptions } from './tls.ts';
import type { TransportOptions } from './transport.ts';
import { Pool, buildConnector, createProxyAgent } from './undici-parts.ts';

type Connector = undiciConnector.connector;

/** What undici passes to factories. */
interface FactoryOptions {
  readonly connect?: Connector;
}

export function createPool(origin: string, options: TransportOptions): Pool | ProxyAgent {
  const { connections, connectTimeoutMs, idleMs, proxy } = options;
  const tls = secureOptions(options.tls);
  const poolOptions = {
    connections,
    pipelining: 1,
    ...(idleMs !== undefined && { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs }),
    // These limit the gaps between bytes. The signal ends the whole call at its deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (proxy === undefined) {
    const connect = endingOnAlert(buildConnector({ timeout: connectTimeoutMs, ...tls }));
    return new Pool(origin, { ...poolOptions, connect });
  }
  // Tunnels with CONNECT to https, and forwards plain http.
  return createProxyAgent({
    ...poolOptions,
    uri: proxy,
    connectTimeout: connectTimeoutMs,
    requestTls: tls,
    factory: (url, { connect, ...rest }: FactoryOptions) =>
      new Pool(url, { ...rest, ...(connect && { connect: endingOnAlert(connect) }) }),
    clientFactory: (url, { connect, ...rest }: FactoryOptions) =>
      new Pool(url, {
        ...rest,
        ...(connect && { connect: markingProxyErrors(connect) }),
        // Limits the wait for a proxy that accepts the connection and never responds.
        headersTimeout: connectTimeoutMs,
      }),
  });
}

/**
 * Ends a connection with the vendor's alert about the client certificate. With TLS 1.3 it arrives after the handshake, and
 * undici would report the end of the stream that follows it instead.
 */
function endingOnAlert(connect: Connector): Connector {
  return (options, onConnected) =>
    connect(options, (...result) => {
      const [, socket] = result;
      socket?.once('error', (error: Error) => {
        if (provesUnsent(causeOf(error))) socket.destroy(error);
      });
      onConnected(...result);
    });
}

/** Tells errors of the TLS handshake with an https proxy from those of the handshake with the vendor. */
function markingProxyErrors(connect: Connector): Connector {
  return (options, onConnected) =>
    connect(options, (...result) =>
      result[0] ? onConnected(markProxyError(result[0]), null) : onConnected(...result),
    );
}
