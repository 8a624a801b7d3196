/**
 * Authenticates with an IAM token in `X-Auth-Token`: a configured one, or one requested with a password.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
import type { RequestScope, Authenticator, AuthHeaders, Upstream } from '../contract.ts';
import { createCredential, signInWith, type Obtained } from '../vendor-kit/credential.ts';
import { forwardCallerCredential } from '../vendor-kit/forwarded-credential.ts';
import { createTokenClient, type Account } from './client.ts';
import { TOKEN } from './wire.ts';

/** Documented lifetime of a token. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Stops using a token this long before it expires, or a tenth of its lifetime if that is less. A call in progress could
 * fail otherwise.
 */
const MARGIN_MS = 5 * 60 * 1000;

const SIGN_IN_REJECTED =
  'Huawei Cloud IAM rejected the sign-in. Check HUAWEI_IAM_URL, HUAWEI_DOMAIN, HUAWEI_USERNAME and HUAWEI_PASSWORD.';

export type Credentials =
  /** `iam` sends requests without credentials: these calls are the sign-in. */
  | (Account & { readonly iam: Upstream })
  /** A token that is renewed elsewhere. */
  | { readonly token: string }
  /** The request header that carries each caller's own token. */
  | { readonly forwardedIn: string };

export function createSignIn(
  credentials: Credentials,
  now: () => number,
  warn?: (message: string) => void,
): Authenticator {
  if ('forwardedIn' in credentials) {
    const forwarded = { header: credentials.forwardedIn, pattern: TOKEN, isRequired: true };
    return forwardCallerCredential('Huawei Cloud', [forwarded], ([token]) => toAuthHeaders(token ?? ''));
  }
  if ('token' in credentials) {
    const authHeaders = toAuthHeaders(credentials.token);
    return { authorize: () => authHeaders, preview: toAuthHeaders('REDACTED') };
  }
  const { iam, ...account } = credentials;
  const client = createTokenClient(iam);

  const obtain = async (call: RequestScope): Promise<Obtained<string>> => {
    const { token, endsAt } = await client.requestToken(account, call);
    const lifeMs = endsAt === null ? LIFETIME_MS : Date.parse(endsAt) - now();
    return { value: token, useUntil: now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
  };
  return signInWith(
    createCredential(obtain, now, SIGN_IN_REJECTED, { warn }),
    toAuthHeaders,
    toAuthHeaders('REDACTED'),
  );
}

function toAuthHeaders(token: string): AuthHeaders {
  return { headers: { 'X-Auth-Token': token } };
}
