/** The settings of the console's sign-in: what the page receives, its policy, and the mistakes that stop the start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { startTestServer } from '../../support/sandbox.ts';

const TOKENS = {
  AUTH_JWKS_URL: 'https://id.example.com/keys',
  AUTH_ISSUER: 'https://id.example.com/tenant',
  AUTH_AUDIENCE: 'ticketgraph',
};

test('the page may send requests to this server and to the OpenID provider, and receives no secret', async () => {
  const environment = {
    ...TOKENS,
    CONSOLE_OIDC_CLIENT_ID: 'console',
    CONSOLE_OIDC_RESOURCE: 'https://tickets.example',
  };
  const { url } = await startTestServer({ keys: [], environment });
  const response = await fetch(url.replace('/graphql', '/console/settings.json'));
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(await response.json()).toEqual({
    signIn: {
      issuer: 'https://id.example.com/tenant',
      clientId: 'console',
      scope: 'openid profile ticket:read ticket:status',
      resource: 'https://tickets.example',
    },
  });
  expect(await connectSourcesOf(url)).toBe("connect-src 'self' https://id.example.com");
});

test('without a client, the page receives no settings and may send requests to this server only', async () => {
  const { url } = await startTestServer({ keys: [], environment: TOKENS });
  const response = await fetch(url.replace('/graphql', '/console/settings.json'));
  expect(await response.json()).toEqual({ signIn: null });
  expect(await connectSourcesOf(url)).toBe("connect-src 'self'");
});

async function connectSourcesOf(url: string): Promise<string | undefined> {
  const { headers } = await fetch(url.replace('/graphql', '/console'));
  return headers
    .get('content-security-policy')
    ?.split('; ')
    .find((directive) => directive.startsWith('connect-src'));
}

test('the issuer, the scope and the audience of the console can differ from those of AUTH', () => {
  const { server } = readEnvironment(
    {
      ...TOKENS,
      AUTH_ISSUER: 'tokens of the company',
      CONSOLE_OIDC_CLIENT_ID: 'console',
      CONSOLE_OIDC_ISSUER: 'https://login.example.com/',
      CONSOLE_OIDC_SCOPE: 'openid offline_access api://tickets/ticket:read',
      CONSOLE_OIDC_AUDIENCE: 'ticketgraph',
    },
    vendors,
  );
  expect(server.console).toEqual({
    signIn: {
      issuer: 'https://login.example.com/',
      clientId: 'console',
      scope: 'openid offline_access api://tickets/ticket:read',
      audience: 'ticketgraph',
    },
  });
});

test.each([
  [{ CONSOLE_OIDC_CLIENT_ID: 'console' }, /^CONSOLE_OIDC_CLIENT_ID is set without AUTH_JWKS_URL/],
  [{ CONSOLE_OIDC_ISSUER: 'https://id.example.com' }, /^CONSOLE_OIDC_ISSUER is set without CONSOLE_OIDC_CLIENT_ID\./],
  [
    { CONSOLE_OIDC_SCOPE: 'openid', CONSOLE_OIDC_RESOURCE: 'x' },
    /^CONSOLE_OIDC_SCOPE and CONSOLE_OIDC_RESOURCE are set without CONSOLE_OIDC_CLIENT_ID\./,
  ],
  [
    { ...TOKENS, AUTH_ISSUER: 'secret-issuer', CONSOLE_OIDC_CLIENT_ID: 'console' },
    /^CONSOLE_OIDC_CLIENT_ID needs an issuer .* Set CONSOLE_OIDC_ISSUER/,
  ],
  [
    { ...TOKENS, AUTH_ISSUER: 'http://id.example.com', CONSOLE_OIDC_CLIENT_ID: 'console' },
    /^CONSOLE_OIDC_CLIENT_ID needs an issuer/,
  ],
  [
    { ...TOKENS, CONSOLE_OIDC_CLIENT_ID: 'console', CONSOLE_OIDC_ISSUER: 'http://secret.example.com' },
    /^CONSOLE_OIDC_ISSUER is missing or invalid: .*https address/,
  ],
  [
    { ...TOKENS, CONSOLE_OIDC_CLIENT_ID: 'console', CONSOLE_OIDC_ISSUER: 'https://secret:word@example.com' },
    /^CONSOLE_OIDC_ISSUER is missing or invalid/,
  ],
  [
    { ...TOKENS, CONSOLE_OIDC_CLIENT_ID: 'console', CONSOLE_OIDC_SCOPE: 'secret ticket:read' },
    /^CONSOLE_OIDC_SCOPE is missing or invalid: .*openid/,
  ],
])('the start is refused, naming the variable and no value: %j', (environment, message) => {
  const start = (): unknown => readEnvironment(environment, vendors);
  expect(start).toThrow(message);
  expect(start).not.toThrow(/secret/);
});

test('.env.example shows valid values and the default scope', () => {
  const example = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8');
  const shown = [...example.matchAll(/^#((?:AUTH_(?:JWKS|ISSUER|AUDIENCE)|CONSOLE_OIDC)\w*)=(.*)$/gm)];
  const environment = Object.fromEntries(shown.map(([, name, value]) => [name, value] as const));
  const { scope } = readEnvironment(environment, vendors).server.console?.signIn ?? {};
  const { CONSOLE_OIDC_SCOPE: shownScope, ...others } = environment;
  expect(scope).toBe(shownScope);
  expect(readEnvironment(others, vendors).server.console?.signIn?.scope).toBe(scope);
});

test('the console has no settings if it is off', () => {
  const environment = { ...TOKENS, CONSOLE: 'off', CONSOLE_OIDC_CLIENT_ID: 'console' };
  expect(readEnvironment(environment, vendors).server.console).toBeUndefined();
});
