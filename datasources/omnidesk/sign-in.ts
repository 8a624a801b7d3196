/** Omnidesk's sign-in: a key made in the application, as the last query parameter of every call. */
import type { SignIn } from '../contract.ts';
import { withQuery } from '../kernel/request.ts';

const PARAMETER = 'apiKey';

/** Nothing to renew: the key lives until it is withdrawn. https://docs.omnidesk.io/omnidesk/api/authentication */
export function createSignIn(apiKey: string): SignIn {
  return {
    sign: (request) => ({ request: withQuery(request, [[PARAMETER, apiKey]], [PARAMETER]), credential: apiKey }),
    preview: (request) => withQuery(request, [[PARAMETER, 'REDACTED']]),
  };
}
