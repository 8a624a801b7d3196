/** Acme's sign-in: a token in a header, for ever. */
import type { SignIn, Signature } from '../contract.ts';

export function createSignIn(token: string): SignIn {
  const signature = toSignature(token);
  return { sign: () => signature, preview: toSignature('REDACTED') };
}

function toSignature(token: string): Signature {
  return { headers: { 'x-acme-token': token } };
}
