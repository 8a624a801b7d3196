/** Omnidesk's sign-in: a key made in the application, as the last query parameter of every call. */
import type { SignIn, Signature } from '../contract.ts';

/** Nothing to renew: the key lives until it is withdrawn. https://docs.omnidesk.io/omnidesk/api/authentication */
export function createSignIn(apiKey: string): SignIn {
  const signature = toSignature(apiKey);
  return { sign: () => signature, preview: toSignature('REDACTED') };
}

function toSignature(apiKey: string): Signature {
  return { query: [['apiKey', apiKey]] };
}
