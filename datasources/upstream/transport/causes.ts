/**
 * Why a connection could not be established, or broke: the error code of Node, OpenSSL or a client library.
 *
 * Codes are safe to show. The messages of these errors quote addresses and are dropped.
 */
import type { FailureDetails } from '../../contract.ts';

/** A constant of Node, OpenSSL or undici, e.g. `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
const CODE = /^[A-Z][A-Z0-9_]{2,50}$/;

/** Libraries wrap the error of a socket no deeper than this. */
const MAX_DEPTH = 4;

/** The first code in an error, its causes, or the errors that it aggregates; `undefined` if there is none. */
export function causeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause, errors } = Object(error) as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner: unknown[] = depth < MAX_DEPTH ? [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])] : [];
  // A library's own code, such as ERR_GOT_REQUEST_ERROR, is less specific than that of its cause.
  const found = inner.map((one) => causeOf(one, depth + 1)).find((one) => one !== undefined);
  if (found !== undefined && (typeof code !== 'string' || /^(ERR_|UND_ERR_)/.test(code))) return found;
  return typeof code === 'string' && CODE.test(code) ? code : found;
}

/** The same for a connection through a proxy, whose own errors and statuses become `PROXY_…` codes. */
export function causeThroughProxy(error: unknown): string | undefined {
  const code = causeOf(error);
  if (tunnelStatusOf(error) === 407) return 'PROXY_AUTHENTICATION';
  // undici and Node use these after a response to CONNECT with a status other than 200.
  if (code === 'UND_ERR_ABORTED' || code === 'ERR_PROXY_TUNNEL') return 'PROXY_REFUSED';
  const obstacle = obstacleOf(code);
  const isOfProxy = obstacle !== 'tls' && obstacle !== 'other';
  return isOfProxy || code?.startsWith('UND_ERR_PRX_') ? 'PROXY_UNREACHABLE' : code;
}

/** The proxy's status for CONNECT. Node provides it as a field, undici only in its message. */
function tunnelStatusOf(error: unknown, depth = 0): number | undefined {
  const { message, statusCode, cause } = Object(error) as { message?: unknown; statusCode?: unknown; cause?: unknown };
  if (typeof statusCode === 'number') return statusCode;
  const [, status] = /^Proxy (?:response|Authentication).*\((\d{3})\)/.exec(String(message)) ?? [];
  if (status !== undefined) return Number(status);
  return cause === undefined || depth >= MAX_DEPTH ? undefined : tunnelStatusOf(cause, depth + 1);
}

/** Why a connection could not be established. */
export type Obstacle = 'dns' | 'refused' | 'unreachable' | 'slow' | 'tls' | 'proxy' | 'other';

const OBSTACLES: Readonly<Record<string, Obstacle>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'slow',
  UND_ERR_CONNECT_TIMEOUT: 'slow',
  EPROTO: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  INVALID_CA: 'tls',
  INVALID_PURPOSE: 'tls',
  PROXY_REFUSED: 'proxy',
  PROXY_AUTHENTICATION: 'proxy',
  PROXY_UNREACHABLE: 'proxy',
};

/** Codes of OpenSSL. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE = /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|ERR_TLS_)/;

export function obstacleOf(code: string | undefined): Obstacle {
  if (code === undefined) return 'other';
  return OBSTACLES[code] ?? (TLS_CODE.test(code) ? 'tls' : 'other');
}

/** For the caller of this endpoint. Contains no address. */
export const UNREACHABLE: Readonly<Record<Obstacle, FailureDetails>> = {
  dns: unreachable('its host name cannot be resolved'),
  refused: unreachable('the connection was refused'),
  unreachable: unreachable('there is no route to its address'),
  slow: unreachable('the connection was not established in time'),
  tls: unreachable('its TLS certificate or handshake is not accepted'),
  proxy: unreachable('the proxy does not let the connection through'),
  other: unreachable('the connection failed'),
};

function unreachable(reason: string): FailureDetails {
  return { kind: 'unavailable', message: `Vendor unreachable: ${reason}. Nothing was sent.` };
}
