/** Omnidesk's sign-in: a key made in the application, as the last query parameter of every call. */
import type { Authenticator, AuthHeaders } from '../contract.ts';

/** Nothing to renew: the key lives until it is withdrawn. https://docs.omnidesk.io/omnidesk/api/authentication */
export function createSignIn(apiKey: string): Authenticator {
  const signature = toSignature(apiKey);
  return { authorize: () => signature, preview: toSignature('REDACTED') };
}

function toSignature(apiKey: string): AuthHeaders {
  return { query: [['apiKey', apiKey]] };
}
