/** Access tokens of a real OpenID provider, as the server receives them. */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { startIdentityProvider, type IdentityProvider } from '../../support/identity-provider.ts';
import { startTestServer } from '../../support/sandbox.ts';

const CALLBACK = 'http://127.0.0.1:7777/callback';
const READ_ONE = '{ ticket(id: "omnidesk:858462") { __typename } }';

test('accepts an access token that an OpenID provider issued for a code with PKCE, and no ID token', async () => {
  const provider = await startIdentityProvider();
  const server = await startTestServer({ keys: ['omnidesk'], environment: provider.settings });
  const tokens = await signIn(provider);
  expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: 'jana', aud: provider.audience, scope: 'ticket:read' });
  expect(decodeJwt(tokens.id_token)).toMatchObject({ sub: 'jana', aud: 'desk', name: 'Jana Novak' });
  expect(tokens.refresh_token).toEqual(expect.any(String));
  const read = await server.ask(READ_ONE, {}, bearer(tokens.access_token));
  expect(read).toEqual({ data: { ticket: { __typename: 'OmnideskTicket' } } });
  const rejected = await server.ask(READ_ONE, {}, bearer(tokens.id_token));
  expect(rejected.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  expect(server.calls('omnidesk')).toHaveLength(1);
  expect(provider.failures).toEqual([]);
});

test('rejects an access token of another OpenID provider with the same audience', async () => {
  const [provider, other] = [await startIdentityProvider(), await startIdentityProvider()];
  const server = await startTestServer({ keys: ['omnidesk'], environment: other.settings });
  const { access_token: token } = await signIn(provider);
  const rejected = await server.ask(READ_ONE, {}, bearer(token));
  expect(rejected.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  expect(server.calls('omnidesk')).toEqual([]);
});

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

type Tokens = Readonly<Record<'access_token' | 'id_token' | 'refresh_token', string>>;

async function signIn(provider: IdentityProvider): Promise<Tokens> {
  await provider.register({ client_id: 'desk', application_type: 'native', redirect_uris: [CALLBACK] });
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'desk',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile ticket:read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const redirected = await provider.approve(`${provider.issuer}/auth?${query.toString()}`);
  const response = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'desk',
      code: redirected.searchParams.get('code')!,
      code_verifier: verifier,
      redirect_uri: CALLBACK,
    }),
  });
  return (await response.json()) as Tokens;
}
