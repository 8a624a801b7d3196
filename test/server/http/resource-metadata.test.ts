/** OAuth 2.0 Protected Resource Metadata, as a client reads it. */
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import { SCOPES } from '../../../server/auth/caller.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/sandbox.ts';

const TOKENS = {
  AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
  AUTH_ISSUER: 'https://id.example.com/realm',
  AUTH_AUDIENCE: 'ticketgraph',
};

const PATH = '/.well-known/oauth-protected-resource';

test('a client finds the issuer and the scopes of the endpoint, and of the origin', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: TOKENS });
  for (const resource of [new URL(server.url), new URL('/', server.url)]) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback
    const response = await oauth.resourceDiscoveryRequest(resource, { [oauth.allowInsecureRequests]: true });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const metadata = await oauth.processResourceDiscoveryResponse(resource, response);
    expect(metadata).toMatchObject({ authorization_servers: [TOKENS.AUTH_ISSUER], scopes_supported: [...SCOPES] });
  }
});

test('the resource is the address that the client uses behind a proxy', async () => {
  const environment = { ...TOKENS, ALLOWED_HOSTS: 'tickets.example.com' };
  const server = await startTestServer({ keys: ['omnidesk'], environment });
  const request = { method: 'GET', target: `${PATH}/graphql` };
  const answer = await sendRaw(server.url, { ...request, headers: [['host', 'tickets.example.com']] });
  expect(JSON.parse(answer.body)).toMatchObject({ resource: 'https://tickets.example.com/graphql' });
  const foreign = await sendRaw(server.url, { ...request, headers: [['host', 'other.example.com']] });
  expect(foreign.status).toBe(421);
});

test.each([
  ['an issuer that is not a URL', { ...TOKENS, AUTH_ISSUER: 'issuer' }],
  ['an issuer reached by plain http', { ...TOKENS, AUTH_ISSUER: 'http://id.example.com' }],
  ['no tokens', { AUTH: 'off' }],
])('publishes nothing with %s', async (_, environment) => {
  const server = await startTestServer({ keys: ['omnidesk'], environment });
  expect((await fetch(new URL(PATH, server.url))).status).toBe(404);
});
