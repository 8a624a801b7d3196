/** Sign-in with a browser on this machine: authorization code with PKCE over a loopback redirect, RFC 8252. */
import * as oauth from 'oauth4webapi';
import { note } from '../output.ts';
import type { OpenIdClient, Tokens } from '../profiles/profile.ts';
import { openBrowser } from './browser.ts';
import { audienceParameters, toTokens, unusable, withIssuerErrors, type Issuer } from './issuer.ts';
import { listenForCallback } from './loopback.ts';

export interface BrowserOptions {
  /** Port of the redirect, 0 for a free one. */
  readonly port: number;
  readonly opensBrowser: boolean;
}

export async function signInWithBrowser(
  issuer: Issuer,
  client: OpenIdClient,
  { port, opensBrowser }: BrowserOptions,
): Promise<Tokens> {
  const secrets = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  const listener = await listenForCallback(port, secrets.state);
  try {
    const url = await authorizationUrl(issuer, client, secrets, listener.redirectUri);
    note(`Open this address to sign in:\n\n  ${url}\n`);
    if (opensBrowser) openBrowser(url);
    const callback = await listener.callback;
    return await withIssuerErrors(client.issuer, () =>
      exchangeCode(issuer, client, secrets, { callback, redirectUri: listener.redirectUri }),
    );
  } finally {
    listener.close();
  }
}

/** Generated for one sign-in. */
interface Secrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

async function authorizationUrl(
  { metadata }: Issuer,
  client: OpenIdClient,
  { state, nonce, verifier }: Secrets,
  redirectUri: string,
): Promise<string> {
  if (metadata.authorization_endpoint === undefined) throw unusable(client.issuer, 'it has no authorization endpoint');
  const url = new URL(metadata.authorization_endpoint);
  const parameters = {
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: client.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...(hasScope(client, 'openid') && { nonce }),
    // https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
    ...(hasScope(client, 'offline_access') && { prompt: 'consent' }),
    ...audienceParameters(client),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

interface Redirected {
  /** The address that the browser was redirected to. */
  readonly callback: URL;
  readonly redirectUri: string;
}

async function exchangeCode(
  { metadata, client: id, options }: Issuer,
  client: OpenIdClient,
  { state, nonce, verifier }: Secrets,
  { callback, redirectUri }: Redirected,
): Promise<Tokens> {
  const parameters = oauth.validateAuthResponse(metadata, id, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(
    metadata,
    id,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    { ...options, additionalParameters: audienceParameters(client) },
  );
  const expected = hasScope(client, 'openid') ? { expectedNonce: nonce, requireIdToken: true } : {};
  return toTokens(await oauth.processAuthorizationCodeResponse(metadata, id, response, expected), client.scope);
}

function hasScope({ scope }: OpenIdClient, name: string): boolean {
  return scope.split(' ').includes(name);
}
