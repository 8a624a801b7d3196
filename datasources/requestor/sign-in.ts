/**
 * Authenticates with HTTP Basic, as the helpdesk user that performs every call.
 * https://ipexas.atlassian.net/wiki/spaces/VD/pages/3773300850
 */
import type { Authenticator } from '../contract.ts';

export function createSignIn(username: string, password: string): Authenticator {
  // UTF-8: https://www.rfc-editor.org/rfc/rfc7617#section-2.1
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  const authHeaders = { headers: { authorization } };
  return { authorize: () => authHeaders, preview: { headers: { authorization: 'REDACTED' } } };
}
