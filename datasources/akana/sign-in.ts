/**
 * Akana's sign-in: a session cookie named after the tenant, and a CSRF value that goes as cookie and as header.
 *
 * A token lives 30 minutes unless the site says otherwise. It is renewed at 20, as renewing needs one that still lives.
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

const REFUSAL = 'Akana refused the sign-in: check AKANA_USERNAME and AKANA_PASSWORD.';

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** A session from elsewhere. It can be renewed while it lives, and not be had anew. */
  | Session
  /** The headers in which each caller sends a session of their own. */
  | { readonly tokenIn: string; readonly csrfIn: string | undefined };

/**
 * @param upstream signs nothing: the calls that it sends are the sign-in.
 * @param baseUrl whose host and path select the cookies. Defaults to this machine.
 */
export function createSignIn(
  tenant: string,
  credentials: Credentials,
  upstream: Upstream,
  now: () => number,
  warn?: (message: string) => void,
  baseUrl = 'https://localhost',
): Authenticator {
  const toSignature = (session: Session): AuthHeaders => ({ headers: toSessionHeaders(tenant, session) });
  if ('tokenIn' in credentials) return signInOfCaller(credentials, toSignature);
  const none = Cookies.for(baseUrl, '/api/tickets');
  const client = createSessionClient(upstream, tenant, none);

  const obtain = async (call: RequestScope, previous: Session | undefined): Promise<Obtained<Session>> => {
    const since = now();
    const renewed = previous && (await renewOrNothing(client, previous, call));
    const value = renewed ?? (await begin(client, credentials, call));
    return { value, useUntil: since + RENEW_AFTER_MS, livesUntil: since + LIFE_MS };
  };
  const hasCsrf = 'username' in credentials || credentials.csrf !== null;
  const redacted: Session = { token: 'REDACTED', csrf: hasCsrf ? 'REDACTED' : null };

  return signInWith(createCredential(obtain, now, REFUSAL, { warn }), toSignature, toSignature(redacted), {
    canObtain: 'username' in credentials,
    // Some sites replace the session or its CSRF value with each answer.
    readSuccessor: (session, answer) => parseSuccessor(session, answer, tenant, none),
  });
}

type OwnCredentials = Exclude<Credentials, { readonly tokenIn: string }>;

function signInOfCaller(
  { tokenIn, csrfIn }: Extract<Credentials, { readonly tokenIn: string }>,
  toSignature: (session: Session) => AuthHeaders,
): Authenticator {
  const token = { header: tokenIn, pattern: COOKIE_VALUE, isRequired: true };
  const csrf = csrfIn === undefined ? [] : [{ header: csrfIn, pattern: COOKIE_VALUE, isRequired: false }];
  return forwardCallerCredential('Akana', [token, ...csrf], (values) =>
    toSignature({ token: values[0] ?? '', csrf: values[1] ?? null }),
  );
}

async function begin(client: SessionClient, credentials: OwnCredentials, call: RequestScope): Promise<Session> {
  if (!('username' in credentials)) return credentials;
  const { username, password } = credentials;
  const session = await client.logIn(username, password, call);
  if (session) return session;
  throw new Failure({
    kind: 'unauthenticated',
    message:
      'Akana took the password but gave no session: a task may be pending for the account (a new password, the legal ' +
      'agreement, security questions), or AKANA_TENANT is not its tenant.',
  });
}

/** A session that cannot be renewed is no failure yet: another can be begun. */
async function renewOrNothing(
  client: SessionClient,
  session: Session,
  call: RequestScope,
): Promise<Session | undefined> {
  try {
    return await client.renewToken(session, call);
  } catch (error) {
    if (!asFailure(error)) throw error;
    return undefined;
  }
}
