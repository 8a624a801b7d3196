/**
 * Authenticates with a session cookie named after the tenant, and a CSRF value sent as cookie and header.
 *
 * A token is valid for 30 minutes unless the site configures otherwise. It is renewed after 20, since an expired token
 * cannot be renewed.
 */
import type { RequestScope, Authenticator, AuthHeaders, Upstream } from '../contract.ts';
import { Cookies } from '../vendor-kit/cookies.ts';
import { createCredential, signInWith, type Obtained } from '../vendor-kit/credential.ts';
import { Failure, asFailure } from '../vendor-kit/failure.ts';
import { forwardCallerCredential } from '../vendor-kit/forwarded-credential.ts';
import { createSessionClient, type SessionClient } from './client.ts';
import { COOKIE_VALUE, parseSuccessor, toSessionHeaders, type Session } from './wire.ts';

const RENEW_AFTER_MS = 20 * 60_000;
const LIFE_MS = 30 * 60_000;

const SIGN_IN_REJECTED = 'Akana rejected the sign-in. Check AKANA_USERNAME and AKANA_PASSWORD.';

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** An existing session. It can be renewed until it expires, and not be replaced. */
  | Session
  /** The request headers that carry each caller's own session. */
  | { readonly tokenIn: string; readonly csrfIn: string | undefined };

/**
 * @param upstream sends requests without credentials: these calls are the sign-in.
 * @param baseUrl selects the cookies by host and path. Defaults to localhost.
 */
export function createSignIn(
  tenant: string,
  credentials: Credentials,
  upstream: Upstream,
  now: () => number,
  warn?: (message: string) => void,
  baseUrl = 'https://localhost',
): Authenticator {
  const toAuthHeaders = (session: Session): AuthHeaders => ({ headers: toSessionHeaders(tenant, session) });
  if ('tokenIn' in credentials) return callerSignIn(credentials, toAuthHeaders);
  const emptyCookies = Cookies.for(baseUrl, '/api/tickets');
  const client = createSessionClient(upstream, tenant, emptyCookies);

  const obtain = async (call: RequestScope, previous: Session | undefined): Promise<Obtained<Session>> => {
    const requestedAt = now();
    const renewed = previous && (await tryRenew(client, previous, call));
    const value = renewed ?? (await startSession(client, credentials, call));
    return { value, useUntil: requestedAt + RENEW_AFTER_MS, livesUntil: requestedAt + LIFE_MS };
  };
  const hasCsrf = 'username' in credentials || credentials.csrf !== null;
  const redacted: Session = { token: 'REDACTED', csrf: hasCsrf ? 'REDACTED' : null };

  return signInWith(createCredential(obtain, now, SIGN_IN_REJECTED, { warn }), toAuthHeaders, toAuthHeaders(redacted), {
    canObtain: 'username' in credentials,
    // Some sites replace the session or its CSRF value with each response.
    readSuccessor: (session, answer) => parseSuccessor(session, answer, tenant, emptyCookies),
  });
}

type OwnCredentials = Exclude<Credentials, { readonly tokenIn: string }>;

function callerSignIn(
  { tokenIn, csrfIn }: Extract<Credentials, { readonly tokenIn: string }>,
  toAuthHeaders: (session: Session) => AuthHeaders,
): Authenticator {
  const token = { header: tokenIn, pattern: COOKIE_VALUE, isRequired: true };
  const csrf = csrfIn === undefined ? [] : [{ header: csrfIn, pattern: COOKIE_VALUE, isRequired: false }];
  return forwardCallerCredential('Akana', [token, ...csrf], (values) =>
    toAuthHeaders({ token: values[0] ?? '', csrf: values[1] ?? null }),
  );
}

async function startSession(client: SessionClient, credentials: OwnCredentials, call: RequestScope): Promise<Session> {
  if (!('username' in credentials)) return credentials;
  const { username, password } = credentials;
  const session = await client.logIn(username, password, call);
  if (session) return session;
  throw new Failure({
    kind: 'unauthenticated',
    message:
      'Akana accepted the password but started no session: a task may be pending for the account (a new password, the legal ' +
      'agreement, security questions), or AKANA_TENANT is not its tenant.',
  });
}

/** Returns `undefined` if the session cannot be renewed, so that the caller starts another one. */
async function tryRenew(client: SessionClient, session: Session, call: RequestScope): Promise<Session | undefined> {
  try {
    return await client.renewToken(session, call);
  } catch (error) {
    if (!asFailure(error)) throw error;
    return undefined;
  }
}
