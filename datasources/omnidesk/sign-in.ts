/** Authenticates with an API key in the last query parameter of every call. */
import type { Authenticator, AuthHeaders } from '../contract.ts';

/** The key does not expire. https://docs.omnidesk.io/omnidesk/api/authentication */
export function createSignIn(apiKey: string): Authenticator {
  const authHeaders = toAuthHeaders(apiKey);
  return { authorize: () => authHeaders, preview: toAuthHeaders('REDACTED') };
}

function toAuthHeaders(apiKey: string): AuthHeaders {
  return { query: [['apiKey', apiKey]] };
}
