/** Renews the access token of an OpenID sign-in: shortly before it expires, or after the server has rejected it. */
import { ResponseBodyError } from 'oauth4webapi';
import { redeemRefreshToken } from './open-id.ts';
import { credentialHeaders, currentCredential, signIn, type Credential } from './session.ts';
import { loadOpenIdClient } from './settings.ts';

/** Requests that find the token expired share one renewal: a refresh token works once. */
let renewing: Promise<boolean> | undefined;

/** The headers of a request, after a renewal if it is due. */
export async function freshHeaders(): Promise<Readonly<Record<string, string>>> {
  const { renewAt = Infinity } = currentCredential()?.grant ?? {};
  if (Date.now() >= renewAt) await renew();
  return credentialHeaders();
}

/**
 * Called after a request was rejected as unauthenticated.
 *
 * @param rejected headers of the request.
 * @returns whether there is another token to send it with.
 */
export async function renewRejected(rejected: Readonly<Record<string, string>>): Promise<boolean> {
  const { authorization } = credentialHeaders();
  if (authorization === undefined) return false;
  return authorization === rejected['authorization'] ? renew() : true;
}

function renew(): Promise<boolean> {
  renewing ??= renewOnce().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renewOnce(): Promise<boolean> {
  const before = currentCredential();
  const { grant } = before ?? {};
  const client = await loadOpenIdClient();
  if (!client || grant?.refreshToken === undefined) return false;
  const { refreshToken } = grant;
  try {
    const renewed = await redeemRefreshToken(client, { ...grant, refreshToken });
    return replace(before, renewed);
  } catch (error) {
    // Kept if the provider is unreachable, to try again at the next request.
    if (error instanceof ResponseBodyError && before) replace(before, withoutRefreshToken(before));
    return false;
  }
}

/** Does nothing if the user has signed out or in meanwhile. */
function replace(before: Credential | undefined, after: Credential): boolean {
  if (currentCredential() !== before) return false;
  signIn(after);
  return true;
}

function withoutRefreshToken(credential: Credential): Credential {
  const { grant } = credential;
  return grant ? { ...credential, grant: { ...grant, refreshToken: undefined, renewAt: undefined } } : credential;
}
