/**
 * Authenticates with HTTP Basic or with an auth token of the user. Neither expires by itself. No cookie is ever sent: with
 * one, Request Tracker redirects to its login page instead of answering 401 (`RT::REST2::Middleware::Auth`).
 */
import type { Authenticator } from '../contract.ts';

export type Credentials = { readonly username: string; readonly password: string } | { readonly token: string };

export function createSignIn(credentials: Credentials): Authenticator {
  const authHeaders = { headers: { authorization: toAuthorization(credentials) } };
  return { authorize: () => authHeaders, preview: { headers: { authorization: 'REDACTED' } } };
}

function toAuthorization(credentials: Credentials): string {
  if ('token' in credentials) return `token ${credentials.token}`;
  const { username, password } = credentials;
  // UTF-8: https://www.rfc-editor.org/rfc/rfc7617#section-2.1
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
