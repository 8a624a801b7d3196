/** Acme's sign-in: a token in a header, for ever. */
import type { Authenticator, Signature } from '../contract.ts';

export function createSignIn(token: string): Authenticator {
  const signature = toSignature(token);
  return { sign: () => signature, preview: toSignature('REDACTED') };
}

function toSignature(token: string): Signature {
  return { headers: { 'x-acme-token': token } };
}
