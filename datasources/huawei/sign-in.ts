/**
 * Huawei Cloud's sign-in: a token of IAM in `X-Auth-Token`. Either it is given, or IAM gives it out for a password.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
import type { RequestScope, Authenticator, AuthHeaders, Upstream } from '../contract.ts';
import { createCredential, signInWith, type Obtained } from '../vendor-kit/credential.ts';
import { forwardCallerCredential } from '../vendor-kit/forwarded-credential.ts';
import { createTokenClient, type Account } from './client.ts';
import { TOKEN } from './wire.ts';

/** How long IAM says that a token lives. */
const LIFE_MS = 24 * 60 * 60 * 1000;

/** A token about to end may fail a call under way: stop so long before, or a tenth of its life where that is less. */
const MARGIN_MS = 5 * 60 * 1000;

const REFUSAL =
  'Huawei Cloud IAM refused our sign-in; check HUAWEI_IAM_URL, HUAWEI_DOMAIN, HUAWEI_USERNAME and HUAWEI_PASSWORD.';

export type Credentials =
  /** `iam` is connected without a sign-in: the calls that it sends are the sign-in. */
  | (Account & { readonly iam: Upstream })
  /** A token that somebody else renews. */
  | { readonly token: string }
  /** The header in which each caller sends a token of their own. */
  | { readonly forwardedIn: string };

export function createSignIn(
  credentials: Credentials,
  now: () => number,
  warn?: (message: string) => void,
): Authenticator {
  if ('forwardedIn' in credentials) {
    const forwarded = { header: credentials.forwardedIn, pattern: TOKEN, isRequired: true };
    return forwardCallerCredential('Huawei Cloud', [forwarded], ([token]) => toSignature(token ?? ''));
  }
  if ('token' in credentials) {
    const signature = toSignature(credentials.token);
    return { authorize: () => signature, preview: toSignature('REDACTED') };
  }
  const { iam, ...account } = credentials;
  const client = createTokenClient(iam);

  const obtain = async (call: RequestScope): Promise<Obtained<string>> => {
    const { token, endsAt } = await client.requestToken(account, call);
    const lifeMs = endsAt === null ? LIFE_MS : Date.parse(endsAt) - now();
    return { value: token, useUntil: now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
  };
  return signInWith(createCredential(obtain, now, REFUSAL, { warn }), toSignature, toSignature('REDACTED'));
}

function toSignature(token: string): AuthHeaders {
  return { headers: { 'X-Auth-Token': token } };
}
