/** Turns the error of a client library into a `TransportError`, which says whether the request was sent. */
import { causeOf, causeThroughProxy, provesUnsent, tunnelStatusOf } from './causes.ts';
import { TransportError, type TransportOptions } from './transport.ts';

/** @param hasConnected whether the connection was established, TLS handshake included */
export function toConnectionError(error: unknown, hasConnected: boolean, options: TransportOptions): TransportError {
  const { proxy, baseUrl } = options;
  const code = proxy === undefined ? causeOf(error) : causeThroughProxy(error, baseUrl.startsWith('https:'));
  const wasSent = hasConnected && !provesUnsent(code);
  const status = proxy === undefined ? undefined : tunnelStatusOf(error);
  return new TransportError(wasSent ? 'reset' : 'no-connection', wasSent, code, status);
}

/** The proxy requires other credentials, so it has forwarded nothing. */
export function proxyAuthenticationError(): TransportError {
  return new TransportError('no-connection', false, 'PROXY_AUTHENTICATION', 407);
}
