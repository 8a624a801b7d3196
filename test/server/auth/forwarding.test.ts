/** Forwarding of callers' own credentials from configured headers to a vendor. */
import { describe, expect, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

const CASE = '{ ticket(id: "huawei:TS-123456") { __typename } }';
const TICKET = '{ ticket(id: "akana:ticket25687.acmepaymentscorp") { __typename } }';
const NOT_THE_SERVICES = {
  HUAWEI_IAM_URL: '',
  HUAWEI_DOMAIN: '',
  HUAWEI_USERNAME: '',
  HUAWEI_PASSWORD: '',
  HUAWEI_FORWARD_TOKEN: 'X-Huawei-Token',
  AKANA_USERNAME: '',
  AKANA_PASSWORD: '',
  AKANA_FORWARD_TOKEN: 'x-akana-token',
  AKANA_FORWARD_CSRF: 'x-akana-csrf',
};

async function startForwarding(options: TestServerOptions = {}): Promise<TestServer> {
  return startTestServer({ keys: ['akana', 'huawei'], environment: NOT_THE_SERVICES, ...options });
}

/** A user's token from the simulated IAM. */
async function signInAtIam(server: TestServer): Promise<string> {
  const user = { domain: { name: 'sandbox-domain' }, name: 'sandbox', password: 'sandbox-password' };
  const identity = { methods: ['password'], password: { user } };
  const response = await fetch(`${server.vendor('huawei').url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { domain: { name: 'sandbox-domain' } } } }),
  });
  return response.headers.get('x-subject-token') ?? '';
}

describe('credential forwarding', () => {
  test('forwards the credentials of each caller, and the service does not sign in', async () => {
    const server = await startForwarding();
    const token = await signInAtIam(server);
    server.forget();
    expect(await server.ask(CASE, {}, { headers: { 'x-huawei-token': token } })).toEqual({
      data: { ticket: { __typename: 'HuaweiTicket' } },
    });
    expect(server.vendor('huawei').ledger.map(({ arrival }) => arrival.headers['x-auth-token'])).toEqual([token]);
  });

  test('names the header if forwarded credentials are missing or invalid, before any call', async () => {
    const server = await startForwarding();
    for (const headers of [{}, { 'x-huawei-token': '' }, { authorization: 'Bearer x' }] as Record<string, string>[]) {
      const { errors } = await server.ask(CASE, {}, { headers });
      expect(errors?.[0]?.extensions?.['code']).toBe('VENDOR_UNAUTHENTICATED');
      expect(errors?.[0]?.message).toContain('x-huawei-token');
    }
    const { data } = await server.ask(
      'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "close" }) { outcome problems { code } } }',
    );
    expect(data.executeAction).toEqual({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAUTHENTICATED' }] });
    expect(server.vendor('huawei').ledger).toEqual([]);
  });

  test("forwards Akana's session and CSRF values unchanged in the tenant's cookie and header", async () => {
    const server = await startForwarding();
    const headers = { 'x-akana-token': 'TokenID%3Dabc%2C', 'x-akana-csrf': 'TokenID%3Ddef' };
    await server.ask(TICKET, {}, { headers });
    expect(server.calls('akana')[0]?.arrival.headers).toMatchObject({
      cookie: 'AtmoAuthToken_acmepaymentscorp=TokenID%3Dabc%2C; Csrf-Token_acmepaymentscorp=TokenID%3Ddef',
      'x-csrf-token_acmepaymentscorp': 'TokenID%3Ddef',
    });
  });

  test('CORS allows exactly the configured headers', async () => {
    const origin = 'https://app.example.com';
    const allowedIn = async (environment: Record<string, string>): Promise<readonly string[]> => {
      const server = await startTestServer({ keys: ['akana', 'huawei'], environment });
      const headers = { origin, 'access-control-request-method': 'POST' };
      const answer = await fetch(server.url, { method: 'OPTIONS', headers });
      return answer.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    };
    const named = ['x-huawei-token', 'x-akana-token', 'x-akana-csrf'];
    expect(await allowedIn({ ...NOT_THE_SERVICES, CORS_ORIGINS: origin })).toEqual(expect.arrayContaining(named));
    expect((await allowedIn({ CORS_ORIGINS: origin })).filter((name) => named.includes(name))).toEqual([]);
  });

  test('forwards only configured headers, and returns none of the vendor', async () => {
    const server = await startForwarding();
    const headers = { 'x-huawei-token': 'token-of-jana', 'x-other': 'secret', cookie: 'a=b', 'x-request-id': 'r1' };
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: CASE }),
    });
    const arrived = server.vendor('huawei').ledger[0]?.arrival.headers ?? {};
    expect(Object.keys(arrived).toSorted()).toEqual([
      'accept',
      'connection',
      'host',
      'user-agent',
      'x-auth-token',
      'x-language',
      'x-time-zone',
    ]);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('shares reads in flight only between callers with the same credentials', async () => {
    let shared = 0;
    const server = await startForwarding({ observe: [{ onReadShared: () => void (shared += 1) }] });
    const token = await signInAtIam(server);
    server.forget();
    const answer = Promise.withResolvers<undefined>();
    server.vendor('huawei').faults = () => ({ kind: 'hold', until: answer.promise });
    const ask = (as: string): Promise<unknown> => server.ask(CASE, {}, { headers: { 'x-huawei-token': as } });
    const asking = [ask(token), ask(token), ask('token-of-somebody-else')];
    const seen = (): number[] => [shared, server.calls('huawei').length];
    await expect.poll(seen, { interval: 5 }).toEqual([1, 2]);
    answer.resolve(undefined);
    const [first, second, other] = await Promise.all(asking);
    expect(first).toEqual(second);
    expect(other).toMatchObject({
      data: { ticket: null },
      errors: [{ extensions: { code: 'VENDOR_UNAUTHENTICATED' } }],
    });
    expect(server.calls('huawei')).toHaveLength(2);
  });

  test('does not share idempotency keys between callers with different credentials', async () => {
    const server = await startForwarding();
    const token = await signInAtIam(server);
    const write =
      'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "press", idempotencyKey: "k" }) { outcome replayed } }';
    const as = (value: string) => ({ headers: { 'x-huawei-token': value } });
    expect((await server.ask(write, {}, as(token))).data.executeAction).toEqual({
      outcome: 'APPLIED',
      replayed: false,
    });
    expect((await server.ask(write, {}, as('other'))).data.executeAction).toEqual({
      outcome: 'NOT_APPLIED',
      replayed: false,
    });
    expect((await server.ask(write, {}, as(token))).data.executeAction).toEqual({ outcome: 'APPLIED', replayed: true });
  });

  test('a plan reveals neither forwarded credentials nor their owner', async () => {
    const server = await startForwarding();
    const { data } = await server.ask(
      'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "close", dryRun: true }) { plan { headers } } }',
      {},
      { headers: { 'x-huawei-token': 'token-of-jana' } },
    );
    expect(data.executeAction.plan[0].headers['X-Auth-Token']).toBe('REDACTED');
    expect(server.vendor('huawei').ledger).toEqual([]);
  });
});

test.each([
  [{ HUAWEI_URL: 'https://h.example', HUAWEI_FORWARD_TOKEN: 'x-t', HUAWEI_AUTH_TOKEN: 't' }, 'HUAWEI_AUTH_TOKEN'],
  [{ HUAWEI_URL: 'https://h.example', HUAWEI_FORWARD_TOKEN: 'authorization' }, 'HUAWEI_FORWARD_TOKEN'],
  [{ HUAWEI_URL: 'https://h.example', HUAWEI_FORWARD_TOKEN: 'X-Request-Id' }, 'HUAWEI_FORWARD_TOKEN'],
  [{ HUAWEI_URL: 'https://h.example', HUAWEI_FORWARD_TOKEN: 'traceparent' }, 'HUAWEI_FORWARD_TOKEN'],
  [{ HUAWEI_URL: 'https://h.example', HUAWEI_FORWARD_TOKEN: 'x t' }, 'HUAWEI_FORWARD_TOKEN'],
  [
    { AKANA_URL: 'https://a.example', AKANA_TENANT: 't', AKANA_FORWARD_TOKEN: 'x-t', AKANA_USERNAME: 'u' },
    'AKANA_USERNAME',
  ],
  [
    { AKANA_URL: 'https://a.example', AKANA_TENANT: 't', AKANA_AUTH_TOKEN: 't', AKANA_FORWARD_CSRF: 'x-c' },
    'AKANA_FORWARD_TOKEN',
  ],
])('own credentials beside forwarding, or a reserved header, stop the start: %o', (environment, named) => {
  expect(() => readEnvironment(environment as Record<string, string>, vendors)).toThrow(
    new RegExp(`^${named} is missing or invalid`),
  );
});
