/** Formats errors of the sign-in at an OpenID provider, for users. Shows no text that came with a URL. */
import {
  AuthorizationResponseError,
  JWT_TIMESTAMP_CHECK,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from 'oauth4webapi';

/** The response does not belong to a sign-in that this tab has started. */
export class UnexpectedResponse extends Error {}

/** The page is not in a secure context, so that the browser offers no cryptography. */
export class InsecurePage extends Error {}

/** @param host of the OpenID provider. */
export function describeProblem(error: unknown, host: string): string {
  if (error instanceof UnexpectedResponse) {
    return 'Sign-in failed: the response does not belong to a sign-in of this tab (state mismatch). Sign in again.';
  }
  if (error instanceof InsecurePage) {
    return `Cannot sign in with ${host}: this page is not served over HTTPS. Open it over HTTPS, or use an API key or a token.`;
  }
  if (error instanceof AuthorizationResponseError) return describeRejection(error.error, host);
  if (error instanceof ResponseBodyError) {
    return `Sign-in failed: ${host} rejected the request (${error.error}). Sign in again.`;
  }
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return describeResponse(error.code, host);
  }
  return `Sign-in failed: ${host} is unreachable. Check your connection and try again.`;
}

/** Error codes: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
function describeRejection(code: string, host: string): string {
  if (code === 'access_denied') {
    return `Sign-in failed: ${host} denied access. Try again, or ask its administrator for access.`;
  }
  if (code === 'temporarily_unavailable' || code === 'server_error') {
    return `Sign-in failed: ${host} is temporarily unavailable. Try again in a moment.`;
  }
  const name = /^[a-z_]{1,60}$/.test(code) ? code : 'unknown error';
  return `Sign-in failed: ${host} rejected the request (${name}). Ask the administrator of this server to check its settings.`;
}

function describeResponse(code: string | undefined, host: string): string {
  if (code === JWT_TIMESTAMP_CHECK) {
    return `Sign-in failed: the token of ${host} is not valid at the time of this device (clock skew). Set its clock and try again.`;
  }
  return `Sign-in failed: the response of ${host} is invalid (${code ?? 'no code'}). Ask the administrator of this server to check its settings.`;
}
