/** An OpenID provider: its metadata, the options of requests to it, and advice for its errors. */
import * as oauth from 'oauth4webapi';
import { isConfidential, isLoopback } from '../../datasources/vendor-kit/settings.ts';
import { CommandError, EXIT } from '../exit.ts';
import { plain } from '../output.ts';
import type { OpenIdClient, Tokens } from '../profiles/profile.ts';

export interface Issuer {
  readonly metadata: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly options: RequestOptions;
}

type RequestOptions = ReturnType<typeof requestOptions>;

/** Milliseconds that a request may take. */
const TIMEOUT_MS = 15_000;

/** Plain http is allowed to loopback only: anyone in between could read codes and tokens. */
export function requestOptions(url: URL) {
  return {
    // Marked as deprecated so that it stands out.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    [oauth.allowInsecureRequests]: isLoopback(url.hostname),
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  };
}

/** https, or http to loopback. */
function isSafe(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && isConfidential(url);
}

/** The endpoints that are used, all of which the metadata names. */
const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'revocation_endpoint',
] as const;

/**
 * Reads the provider's metadata: https://openid.net/specs/openid-connect-discovery-1_0.html
 *
 * @throws CommandError if it is unreachable or not usable.
 */
export async function discoverIssuer({ issuer, clientId }: Pick<OpenIdClient, 'issuer' | 'clientId'>): Promise<Issuer> {
  if (!isSafe(issuer)) throw unusable(issuer, 'it must be an https URL');
  const url = new URL(issuer);
  const options = requestOptions(url);
  return withIssuerErrors(issuer, async () => {
    const metadata = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
    const unsafe = ENDPOINTS.find((name) => metadata[name] !== undefined && !isSafe(metadata[name]));
    if (unsafe !== undefined) throw unusable(issuer, `its ${unsafe} is not an https URL`);
    return { metadata, client: { client_id: clientId }, options };
  });
}

export function unusable(issuer: string, reason: string): CommandError {
  return new CommandError(EXIT.server, `Cannot sign in at ${plain(issuer)}: ${reason}.`, CHECK_ISSUER);
}

const CHECK_ISSUER = 'Check --issuer and --client-id.';

/** Runs requests to the provider. Converts their errors to a `CommandError`, which never quotes a response. */
export async function withIssuerErrors<Value>(issuer: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw toCommandError(issuer, error);
  }
}

function toCommandError(issuer: string, error: unknown): unknown {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    const { error: code, error_description: description } = error;
    const reason = plain(description === undefined ? code : `${description} (${code})`);
    return new CommandError(EXIT.server, `${plain(issuer)} rejected the sign-in: ${reason}.`, adviceFor(code));
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return unusable(issuer, plain(error.message));
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return unusable(issuer, `it does not accept the client without a secret (HTTP ${error.status})`);
  }
  const isUnreachable = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
  if (!isUnreachable) return error;
  return new CommandError(EXIT.server, `Cannot sign in: ${plain(issuer)} is unreachable.`, 'Retry later.');
}

/** Codes of RFC 6749 section 4.1.2.1 and 5.2, and RFC 8628 section 3.5. */
function adviceFor(code: string): string {
  switch (code) {
    case 'access_denied':
    case 'expired_token':
    case 'invalid_grant':
      return 'Run the command again to start a new sign-in.';
    case 'invalid_scope':
      return 'Request other scopes with --scope.';
    case 'invalid_target':
      return 'Check --resource.';
    default:
      return `${CHECK_ISSUER} The client must be public, and registered for this kind of sign-in.`;
  }
}

/** Parameters that select the audience of the tokens. */
export function audienceParameters({ resource, audience }: OpenIdClient): Record<string, string> {
  return { ...(resource !== undefined && { resource }), ...(audience !== undefined && { audience }) };
}

/** @param requested scopes that are granted if the response does not say: RFC 6749 section 5.1. */
export function toTokens(response: oauth.TokenEndpointResponse, requested: string): Tokens {
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken, scope = requested } = response;
  return {
    kind: 'tokens',
    accessToken,
    ...(seconds !== undefined && { expiresAt: Math.floor(Date.now() / 1000) + seconds }),
    ...(refreshToken !== undefined && { refreshToken }),
    scope,
    ...userOf(oauth.getValidatedIdTokenClaims(response)),
  };
}

/** https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
function userOf(claims: oauth.IDToken | undefined): Pick<Tokens, 'subject' | 'name'> {
  if (!claims) return {};
  const name = [claims['name'], claims['preferred_username'], claims['email']].find((one) => typeof one === 'string');
  return { subject: claims.sub, ...(name !== undefined && { name }) };
}
