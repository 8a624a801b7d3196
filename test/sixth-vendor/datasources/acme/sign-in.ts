/** Acme's sign-in: a token in a header that never expires. */
import type { Authenticator, AuthHeaders } from '../contract.ts';

export function createSignIn(token: string): Authenticator {
  const authHeaders = toAuthHeaders(token);
  return { authorize: () => authHeaders, preview: toAuthHeaders('REDACTED') };
}

function toAuthHeaders(token: string): AuthHeaders {
  return { headers: { 'x-acme-token': token } };
}
