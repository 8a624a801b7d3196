/**
 * Why a connection could not be established, or broke: the error code of Node, OpenSSL or a client library.
 *
 * Codes are safe to show. The messages of these errors quote addresses and are dropped.
 */

/** A constant of Node, OpenSSL (some with a slash) or undici, e.g. `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
const CODE = /^[A-Z][A-Z0-9_/]{2,50}$/;

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

/**
 * The same for a connection through a proxy, whose own errors and statuses become `PROXY_…` codes.
 *
 * @param isTunnel whether the proxy tunnels, i.e. TLS errors may be the vendor's
 */
export function causeThroughProxy(error: unknown, isTunnel: boolean): string | undefined {
  const code = causeOf(error);
  if (tunnelStatusOf(error) === 407) return 'PROXY_AUTHENTICATION';
  // undici and Node use these after a response to CONNECT with a status other than 200.
  if (code === 'UND_ERR_ABORTED' || code === 'ERR_PROXY_TUNNEL') {
    return (tunnelStatusOf(error) ?? 0) >= 500 ? 'PROXY_GATEWAY_ERROR' : 'PROXY_REFUSED';
  }
  const obstacle = obstacleOf(code);
  if (code === 'UND_ERR_PRX_TLS' || (obstacle === 'tls' && !isTunnel)) return 'PROXY_TLS';
  const isOfProxy = obstacle !== 'tls' && obstacle !== 'other';
  if (isOfProxy && obstacle !== 'proxy') return 'PROXY_UNREACHABLE';
  return code?.startsWith('UND_ERR_PRX_') ? 'PROXY_UNREACHABLE' : code;
}

/** Marks an error of the TLS handshake with the proxy itself, which looks like one of the vendor. Others are returned. */
export function markProxyError(error: Error): Error {
  if (obstacleOf(causeOf(error)) !== 'tls') return error;
  return Object.assign(new Error('TLS handshake with the proxy failed.', { cause: error }), { code: 'PROXY_TLS' });
}

/** The proxy's status for CONNECT. Node provides it as a field, undici only in its message. */
export function tunnelStatusOf(error: unknown, depth = 0): number | undefined {
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
  PROXY_GATEWAY_ERROR: 'proxy',
  PROXY_AUTHENTICATION: 'proxy',
  PROXY_UNREACHABLE: 'proxy',
  PROXY_TLS: 'proxy',
};

/** Codes of OpenSSL. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE = /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|ERR_TLS_)/;

export function obstacleOf(code: string | undefined): Obstacle {
  if (code === undefined) return 'other';
  return OBSTACLES[code] ?? (TLS_CODE.test(code) ? 'tls' : 'other');
}

/** A problem with a certificate, which the operator can solve. */
export type CertificateProblem =
  | 'unknown-authority'
  | 'expired'
  | 'not-yet-valid'
  | 'other-host'
  /** The vendor requires a client certificate. */
  | 'required'
  /** The vendor rejected the client certificate. */
  | 'rejected';

const CERTIFICATE_PROBLEMS: Readonly<Record<string, CertificateProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-host',
};

/** The vendor's alert about the client certificate, or its absence: https://www.rfc-editor.org/rfc/rfc8446#section-6.2 */
const CERTIFICATE_ALERT =
  /^ERR_SSL_.+_ALERT_(?:(CERTIFICATE_REQUIRED)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA)$/;

export function certificateProblemOf(code: string | undefined): CertificateProblem | undefined {
  if (code === undefined) return undefined;
  const [alert, isMissing] = CERTIFICATE_ALERT.exec(code) ?? [];
  if (alert === undefined) return CERTIFICATE_PROBLEMS[code];
  return isMissing === undefined ? 'rejected' : 'required';
}

/**
 * Whether the error proves that the vendor has not seen the request, although bytes have left.
 *
 * With TLS 1.3 a client may send before the vendor has verified its certificate; the vendor's alert ends the handshake, and
 * what was sent is discarded (RFC 8446 section 4.4.2.4). A proxy that requires other credentials has forwarded nothing.
 */
export function provesUnsent(code: string | undefined): boolean {
  const problem = certificateProblemOf(code);
  return code === 'PROXY_AUTHENTICATION' || problem === 'required' || problem === 'rejected';
}

/** Whether another attempt would fail in the same way. Repeated wrong credentials may lock an account of the proxy. */
export function isPermanent(code: string | undefined): boolean {
  return code === 'PROXY_AUTHENTICATION' || code === 'PROXY_TLS' || certificateProblemOf(code) !== undefined;
}
