/**
 * Sign-in at an OpenID provider: authorization code with PKCE, renewal and sign-out, as a public client.
 * https://openid.net/specs/openid-connect-core-1_0.html, https://www.rfc-editor.org/rfc/rfc9700
 */
import * as oauth from 'oauth4webapi';
import type { Credential, OpenIdGrant } from './session.ts';
import type { OpenIdClient } from './settings.ts';
import { InsecurePage, UnexpectedResponse } from './sign-in-problem.ts';

/** A sign-in that was started in this tab. */
interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Query and fragment to return to. */
  readonly place: string;
}

const PENDING = 'ticketgraph.sign-in';

const TIMEOUT_MS = 15_000;

/** Registered at the provider, also for the return after sign-out. */
const HOME = `${window.location.origin}/console`;

/** @returns the address at the provider to go to. */
export async function startSignIn(client: OpenIdClient): Promise<string> {
  if (!window.isSecureContext) throw new InsecurePage();
  const { authorization_endpoint: endpoint } = await discover(client);
  if (endpoint === undefined) throw new oauth.OperationProcessingError('', { code: oauth.MISSING_SERVER_METADATA });
  const pending: PendingSignIn = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    place: window.location.search + window.location.hash,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const url = new URL(endpoint);
  const parameters = {
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: HOME,
    scope: client.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...targetOf(client),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Whether the page was opened by the provider's redirect. */
export function isSignInResponse(): boolean {
  const parameters = new URLSearchParams(window.location.search);
  return parameters.has('state') && (parameters.has('code') || parameters.has('error'));
}

/** Removes the response from the URL and from the history, and returns to the place where the sign-in was started. */
export function takeResponse(): { readonly parameters: URLSearchParams; readonly pending: PendingSignIn | undefined } {
  const parameters = new URLSearchParams(window.location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as PendingSignIn | null;
  sessionStorage.removeItem(PENDING);
  const ours = pending?.state === parameters.get('state') ? pending : undefined;
  window.history.replaceState(null, '', `/console${ours?.place ?? ''}`);
  return { parameters, pending: ours ?? undefined };
}

/** @throws UnexpectedResponse, without a request to the provider, if this tab has started no such sign-in. */
export async function redeemCode(
  client: OpenIdClient,
  { parameters, pending }: ReturnType<typeof takeResponse>,
): Promise<Credential> {
  if (!pending) throw new UnexpectedResponse();
  const server = await discover(client);
  const valid = oauth.validateAuthResponse(server, toMetadata(client), parameters, pending.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    toMetadata(client),
    oauth.None(),
    valid,
    HOME,
    pending.verifier,
    { ...requestOptions(client), additionalParameters: targetOf(client) },
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, toMetadata(client), response, {
    expectedNonce: pending.nonce,
    requireIdToken: true,
  });
  return toCredential(tokens, client, undefined);
}

/** @returns the renewed credential. The provider may have replaced the refresh token as well. */
export async function redeemRefreshToken(
  client: OpenIdClient,
  grant: OpenIdGrant & { readonly refreshToken: string },
): Promise<Credential> {
  const server = await discover(client);
  const response = await oauth.refreshTokenGrantRequest(server, toMetadata(client), oauth.None(), grant.refreshToken, {
    ...requestOptions(client),
    additionalParameters: targetOf(client),
  });
  return toCredential(await oauth.processRefreshTokenResponse(server, toMetadata(client), response), client, grant);
}

/**
 * Revokes the refresh token at the provider, if it offers that.
 *
 * @returns the address at the provider to end its session, or `undefined` if it has none. The ID token is not sent along,
 * as it would be in a URL: the provider may ask the user instead.
 */
export async function endSignIn(client: OpenIdClient, { refreshToken }: OpenIdGrant): Promise<string | undefined> {
  const server = await discover(client);
  if (refreshToken !== undefined && server.revocation_endpoint !== undefined) {
    const revoked = oauth.revocationRequest(server, toMetadata(client), oauth.None(), refreshToken, {
      ...requestOptions(client),
      additionalParameters: { token_type_hint: 'refresh_token' },
    });
    // The session at the provider is worth ending all the same.
    await revoked.catch(() => undefined);
  }
  if (server.end_session_endpoint === undefined) return undefined;
  const url = new URL(server.end_session_endpoint);
  url.searchParams.set('client_id', client.clientId);
  url.searchParams.set('post_logout_redirect_uri', HOME);
  return url.href;
}

async function discover(client: OpenIdClient): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(client.issuer);
  const response = await oauth.discoveryRequest(issuer, requestOptions(client));
  return oauth.processDiscoveryResponse(issuer, response);
}

/** The server accepts plain http for a provider on loopback only. */
function requestOptions({ issuer }: OpenIdClient) {
  const isPlain = new URL(issuer).protocol === 'http:';
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out: for loopback only
  return { signal: () => AbortSignal.timeout(TIMEOUT_MS), ...(isPlain && { [oauth.allowInsecureRequests]: true }) };
}

function toMetadata({ clientId }: OpenIdClient): oauth.Client {
  return { client_id: clientId };
}

function targetOf({ resource, audience }: OpenIdClient): Record<string, string> {
  return { ...(resource !== undefined && { resource }), ...(audience !== undefined && { audience }) };
}

/** @param before the grant that was renewed. Providers may omit what has not changed. */
function toCredential(
  tokens: oauth.TokenEndpointResponse,
  client: OpenIdClient,
  before: OpenIdGrant | undefined,
): Credential {
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const subject = claims?.sub ?? before?.subject ?? '';
  if (before && subject !== before.subject) throw new UnexpectedResponse();
  const grant: OpenIdGrant = {
    subject,
    name: claims ? nameOf(claims) : before?.name,
    scope: tokens.scope ?? before?.scope ?? client.scope,
    refreshToken: tokens.refresh_token ?? before?.refreshToken,
    renewAt: tokens.expires_in === undefined ? undefined : Date.now() + renewalDelayMs(tokens.expires_in),
  };
  return { kind: 'openid', value: tokens.access_token, grant };
}

/** https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
function nameOf({ name, preferred_username: username, email }: oauth.IDToken): string | undefined {
  return [name, username, email].find((value) => typeof value === 'string' && value !== '') as string | undefined;
}

/** Half a minute before the token expires, or after half of a short life. */
function renewalDelayMs(expiresIn: number): number {
  return Math.max(expiresIn - 30, expiresIn / 2) * 1000;
}
