/** Authenticates with OAuth client credentials. https://partner-api-001.redoc.ly/tag/Authentication */
import type { RequestScope, Authenticator, AuthHeaders, Upstream } from '../contract.ts';
import { createCredential, signInWith, type Obtained } from '../vendor-kit/credential.ts';
import { createTokenClient } from './client.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Required by some accounts. Sent with API calls, not with the sign-in. */
  readonly apiKey?: string | undefined;
}

/** Documented lifetime of a token, used if the response has none. */
const LIFETIME_SECONDS = 3600;

/**
 * A new token may be requested every 30 minutes. It is requested this long before the old one expires, or at half its
 * lifetime, whichever is later.
 */
const MARGIN_SECONDS = 30 * 60;

const SIGN_IN_REJECTED =
  'Jifeline rejected the sign-in. Check JIFELINE_TOKEN_URL, JIFELINE_CLIENT_ID and JIFELINE_CLIENT_SECRET.';

/** @param tokens sends requests to the token endpoint, whose full URL is configured. */
export function createSignIn(
  { clientId, clientSecret, apiKey }: Credentials,
  tokens: Upstream,
  now: () => number,
  warn?: (message: string) => void,
): Authenticator {
  const client = createTokenClient(tokens);

  /** Safe to call twice: both tokens are valid, or they are the same. */
  const obtain = async (call: RequestScope): Promise<Obtained<string>> => {
    const { access_token, expires_in } = await client.requestToken(clientId, clientSecret, call);
    const lifetime = expires_in ?? LIFETIME_SECONDS;
    const useSeconds = lifetime - Math.min(MARGIN_SECONDS, lifetime / 2);
    return { value: access_token, useUntil: now() + useSeconds * 1000 };
  };
  const toAuthHeaders = (authorization: string, key: string): AuthHeaders => ({
    headers: { authorization, ...(apiKey !== undefined && { 'x-api-key': key }) },
  });
  return signInWith(
    createCredential(obtain, now, SIGN_IN_REJECTED, { warn }),
    (token) => toAuthHeaders(`Bearer ${token}`, apiKey ?? ''),
    toAuthHeaders('REDACTED', 'REDACTED'),
  );
}
