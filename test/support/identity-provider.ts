/**
 * Starts a real OpenID provider (oidc-provider) on loopback: authorization code with PKCE, refresh tokens that rotate,
 * device codes, revocation and sign-out. Its access tokens are JWTs for the audience that the server expects.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ProviderContext } from 'oidc-provider';
import { onTestFinished } from 'vitest';
import { SCOPES } from '../../server/auth/caller.ts';

/** What the provider received, and how it responded. In the order of the responses. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Form fields of a POST. */
  readonly body: Readonly<Record<string, string>>;
  /** Request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly status: number;
}

/** Metadata of a public client: https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export interface ProviderClient {
  readonly client_id: string;
  /** `native` for programs: the port of a loopback redirect URI is then ignored. Defaults to `web`. */
  readonly application_type?: 'web' | 'native';
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
  /** Defaults to authorization code and refresh token. */
  readonly grant_types?: readonly string[];
}

/** May change while the provider runs. */
export interface ProviderBehaviour {
  /** Lifetime of access and ID tokens in seconds. */
  tokenSeconds: number;
  issuesRefreshTokens: boolean;
}

export interface IdentityProvider {
  readonly issuer: string;
  /** Audience of the access tokens. Also the resource to request (RFC 8707). */
  readonly audience: string;
  readonly behaviour: ProviderBehaviour;
  readonly requests: readonly ProviderRequest[];
  /** Unexpected errors of the provider itself: bugs of its configuration here. */
  readonly failures: readonly Error[];
  /** Requests to one path, e.g. `/token`. */
  requestsTo(path: string): ProviderRequest[];
  /** The settings with which the server accepts its tokens. */
  readonly settings: Readonly<Record<'AUTH_JWKS_URL' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE', string>>;
  /** Adds or replaces a client, by dynamic registration (RFC 7591). */
  register(client: ProviderClient): Promise<void>;
  /**
   * Signs in and consents without a browser, by submitting the provider's forms.
   *
   * @param url of an authorization request.
   * @returns the address that the provider redirects to in the end, with the code.
   */
  approve(url: string, login?: string): Promise<URL>;
  /** Stops listening. From then on, the provider is unreachable. */
  close(): Promise<void>;
}

export interface IdentityProviderOptions extends Partial<ProviderBehaviour> {
  /** Names by login. A login without a name has no `name` claim. Any password is accepted. */
  readonly names?: Readonly<Record<string, string>>;
}

const AUDIENCE = 'https://tickets.example';

/** Closed after the test. Its pages ask for a login with any password, then for consent. */
export async function startIdentityProvider({
  names = { jana: 'Jana Novak' },
  tokenSeconds = 3600,
  issuesRefreshTokens = true,
}: IdentityProviderOptions = {}): Promise<IdentityProvider> {
  const behaviour: ProviderBehaviour = { tokenSeconds, issuesRefreshTokens };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host than that of the server under test, so that the two share no cookies.
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, await toConfiguration(behaviour, names));
  const requests: ProviderRequest[] = [];
  provider.use(async (context, next) => {
    await next();
    requests.push(toRequest(context));
  });
  const failures: Error[] = [];
  provider.on('server_error', (_, error) => failures.push(error));
  server.on('request', provider.callback());
  const close = createClose(server);
  onTestFinished(close);
  return {
    issuer,
    audience: AUDIENCE,
    behaviour,
    requests,
    failures,
    requestsTo: (path) => requests.filter((request) => request.path === path),
    settings: { AUTH_JWKS_URL: `${issuer}/jwks`, AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE },
    register: (client) => register(issuer, client),
    approve: (url, login = 'jana') => approve(issuer, url, login),
    close,
  };
}

async function toConfiguration(behaviour: ProviderBehaviour, names: Readonly<Record<string, string>>): Promise<object> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const tokenTtl = (): number => behaviour.tokenSeconds;
  return {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid', 'offline_access', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    findAccount: (_: unknown, login: string) => ({
      accountId: login,
      claims: () => ({ sub: login, ...(names[login] !== undefined && { name: names[login] }) }),
    }),
    clientBasedCORS: () => true,
    issueRefreshToken: () => behaviour.issuesRefreshTokens,
    ttl: { AccessToken: tokenTtl, IdToken: tokenTtl },
    features: {
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      registration: { enabled: true, idFactory: ({ oidc }: ProviderContext) => oidc?.body?.['client_id'] },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES.join(' '),
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: behaviour.tokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

function toRequest({ method, path, querystring, headers, oidc, status }: ProviderContext): ProviderRequest {
  return { method, path, query: new URLSearchParams(querystring), body: { ...oidc?.body }, headers, status };
}

async function register(issuer: string, client: ProviderClient): Promise<void> {
  const response = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...client,
    }),
  });
  if (response.status !== 201) throw new TypeError(`The provider rejected the client: ${await response.text()}`);
}

async function approve(issuer: string, start: string, login: string): Promise<URL> {
  const forms: Record<string, string>[] = [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }];
  const cookies = new Map<string, string>();
  let url = new URL(start);
  let form: Record<string, string> | undefined;
  while (url.origin === issuer) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies.values()].join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) cookies.set(cookie.split('=')[0]!, cookie.split(';')[0]!);
    const location = response.headers.get('location');
    form = location === null ? forms.shift() : undefined;
    if (location !== null) url = new URL(location, url);
    else if (!form) throw new TypeError(`The provider did not redirect: ${await response.text()}`);
  }
  return url;
}

function createClose(server: Server): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () =>
    (closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }));
}
