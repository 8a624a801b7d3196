/** Acme's sign-in: a token in a header, for ever. */
import type { SignIn } from '../contract.ts';
import { withHeaders } from '../kernel/request.ts';

export function createSignIn(token: string): SignIn {
  return {
    sign: (request) => ({
      request: withHeaders(request, { 'x-acme-token': token }, ['x-acme-token']),
      credential: token,
    }),
    preview: (request) => withHeaders(request, { 'x-acme-token': 'REDACTED' }),
  };
}
