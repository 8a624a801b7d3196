/** Refreshes tokens, and revokes them. */
import * as oauth from 'oauth4webapi';
import type { OpenIdClient, Tokens } from '../profiles/profile.ts';
import { audienceParameters, discoverIssuer, toTokens, withIssuerErrors } from './issuer.ts';

/** Returns the new tokens, or `undefined` if the refresh token is no longer valid. */
export async function refreshTokens(
  client: OpenIdClient,
  { refreshToken, scope, ...tokens }: Tokens & { readonly refreshToken: string },
): Promise<Tokens | undefined> {
  const { metadata, client: id, options } = await discoverIssuer(client);
  return withIssuerErrors(client.issuer, async () => {
    const additionalParameters = audienceParameters(client);
    const request = { ...options, additionalParameters };
    const response = await oauth.refreshTokenGrantRequest(metadata, id, oauth.None(), refreshToken, request);
    try {
      const refreshed = toTokens(await oauth.processRefreshTokenResponse(metadata, id, response), scope);
      const { subject, name } = tokens;
      const user = { ...(subject !== undefined && { subject }), ...(name !== undefined && { name }) };
      // A provider that does not rotate refresh tokens returns none.
      return { refreshToken, ...user, ...refreshed };
    } catch (error) {
      if (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') return undefined;
      throw error;
    }
  });
}

/**
 * Revokes the refresh token, or the access token if there is none: RFC 7009.
 *
 * @returns whether the provider supports it.
 */
export async function revokeTokens(client: OpenIdClient, { refreshToken, accessToken }: Tokens): Promise<boolean> {
  const { metadata, client: id, options } = await discoverIssuer(client);
  if (metadata.revocation_endpoint === undefined) return false;
  await withIssuerErrors(client.issuer, async () => {
    const token = refreshToken ?? accessToken;
    await oauth.processRevocationResponse(await oauth.revocationRequest(metadata, id, oauth.None(), token, options));
  });
  return true;
}
