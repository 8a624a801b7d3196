/** Jifeline's sign-in: OAuth client credentials. https://partner-api-001.redoc.ly/tag/Authentication */
import type { RequestScope, Authenticator, AuthHeaders, Upstream } from '../contract.ts';
import { createCredential, signInWith, type Obtained } from '../vendor-kit/credential.ts';
import { createTokenClient } from './client.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Only some accounts have one; it goes on API calls, not on the sign-in. */
  readonly apiKey?: string | undefined;
}

/** How long a token lives where its answer does not say, as documented. */
const LIFETIME_SECONDS = 3600;

/** A new token is documented as safe to ask for every 30 minutes: that long before its end, or at half its life. */
const MARGIN_SECONDS = 30 * 60;

const REFUSAL =
  'Jifeline refused the sign-in; check JIFELINE_TOKEN_URL, JIFELINE_CLIENT_ID and JIFELINE_CLIENT_SECRET.';

/** @param tokens connected to the token endpoint itself, which is a whole address. */
export function createSignIn(
  { clientId, clientSecret, apiKey }: Credentials,
  tokens: Upstream,
  now: () => number,
  warn?: (message: string) => void,
): Authenticator {
  const client = createTokenClient(tokens);

  /** Asking twice gives two tokens that both live, or the same. */
  const obtain = async (call: RequestScope): Promise<Obtained<string>> => {
    const { access_token, expires_in } = await client.requestToken(clientId, clientSecret, call);
    const lifetime = expires_in ?? LIFETIME_SECONDS;
    const useSeconds = lifetime - Math.min(MARGIN_SECONDS, lifetime / 2);
    return { value: access_token, useUntil: now() + useSeconds * 1000 };
  };
  const toSignature = (authorization: string, key: string): AuthHeaders => ({
    headers: { authorization, ...(apiKey !== undefined && { 'x-api-key': key }) },
  });
  return signInWith(
    createCredential(obtain, now, REFUSAL, { warn }),
    (token) => toSignature(`Bearer ${token}`, apiKey ?? ''),
    toSignature('REDACTED', 'REDACTED'),
  );
}
