/**
 * The limit on the requests of each caller, at both entrances: the direct route, which answers known documents, and
 * Fastify. The clock is the test's; what was executed is what the vendor received.
 */
import { Pool } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../../datasources/vendors.ts';
import { readEnvironment } from '../../../../server/config/server-settings.ts';
import { as, writeApiKeys } from '../../../support/api-keys.ts';
import { sendRaw } from '../../../support/raw-http.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../../support/sandbox.ts';

const READ = '{ ticket(id: "omnidesk:858462") { __typename } }';
const SOLVE = `mutation ($key: String) { executeAction(
  input: { ticketId: "omnidesk:858462", action: "status.solved", idempotencyKey: $key }
) { outcome replayed } }`;

interface Limited extends TestServer {
  readonly clock: { ms: number };
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** With a burst of 5 at 1 request per second, unless `environment` says otherwise. */
async function start(environment: Record<string, string> = {}, options: TestServerOptions = {}): Promise<Limited> {
  const clock = { ms: 0 };
  const log: Record<string, unknown>[] = [];
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '5', ...environment },
    logStream: { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
    ...options,
    rateLimit: { now: () => clock.ms, ...options.rateLimit },
  });
  return { ...server, clock, log };
}

interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

async function send(
  { url }: TestServer,
  body: { query: string; variables?: object },
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const init = { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, { method: 'POST', ...init });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Response['body'] };
}

async function get({ url }: TestServer, query: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': 'yes', ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Response['body'] };
}

type Send = (server: TestServer, headers: Record<string, string>, turn: number) => Promise<Response>;

/** How a request reaches the server. The document of the first is known after one request. */
const ENTRANCES: Readonly<Record<string, Send>> = {
  'the direct route': (server, headers) => send(server, { query: READ }, headers),
  'the direct route and Fastify': (server, headers, turn) => send(server, { query: `${READ} # ${turn}` }, headers),
  'Fastify alone': (server, headers, turn) => get(server, `${READ} # ${turn}`, headers),
};

const LIMITED = {
  status: 429,
  body: {
    errors: [
      {
        message:
          'Request not executed: the limit of 1 request per second for each caller is exceeded. Retry in 1 second.',
        extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 1 },
      },
    ],
  },
};

describe.each(Object.entries(ENTRANCES))('through %s', (_, through) => {
  test('each request is counted once, and those beyond the burst are rejected without a call to the vendor', async () => {
    const server = await start(writeApiKeys(['greedy', 'calm']));
    const { headers } = as('greedy');
    for (let turn = 0; turn < 5; turn += 1) expect((await through(server, headers, turn)).status).toBe(200);
    server.forget();
    for (let turn = 0; turn < 3; turn += 1) {
      const rejected = await through(server, headers, 10 + turn);
      expect(rejected).toMatchObject(LIMITED);
      expect(rejected.headers.get('retry-after')).toBe('1');
      expect(rejected.headers.get('cache-control')).toBe('no-store');
    }
    expect(server.calls('omnidesk')).toEqual([]);
    // Another caller is not concerned.
    expect((await through(server, as('calm').headers, 20)).status).toBe(200);
    expect(server.calls('omnidesk')).toHaveLength(1);
    expect(server.defects).toEqual([]);
  });

  test('Retry-After is honest: a request sent then is admitted, and an earlier one is not', async () => {
    const server = await start({ ...writeApiKeys(['greedy']), RATE_LIMIT_BURST: '3' });
    const { headers } = as('greedy');
    for (let turn = 0; turn < 3; turn += 1) await through(server, headers, turn);
    const seconds = Number((await through(server, headers, 3)).headers.get('retry-after'));
    expect(seconds).toBe(1);
    server.clock.ms += seconds * 1_000 - 1;
    expect((await through(server, headers, 4)).status).toBe(429);
    server.clock.ms += 1;
    expect((await through(server, headers, 5)).status).toBe(200);
    expect((await through(server, headers, 6)).status).toBe(429);
  });
});

describe('both entrances reject alike', () => {
  const ORIGIN = 'https://app.example.com';
  const BODY = JSON.stringify({ query: READ });

  /** @param type of the body. The direct route takes only the plain one. */
  async function reject({ url }: TestServer, type: string, headers: readonly (readonly [string, string])[]) {
    const all = [['host', '127.0.0.1'], ['content-type', type], ...headers] as const;
    const { status, headers: received, body } = await sendRaw(url, { headers: all, body: BODY });
    const { date, 'x-request-id': id, ...rest } = received;
    expect([date, id]).not.toContain(undefined);
    return { status, headers: rest, body };
  }

  test.each([
    [429, [['x-api-key', 'secret-of-greedy']]],
    [
      429,
      [
        ['x-api-key', 'secret-of-greedy'],
        ['accept', 'application/graphql-response+json'],
      ],
    ],
    [
      429,
      [
        ['x-api-key', 'secret-of-greedy'],
        ['origin', ORIGIN],
        ['accept', 'application/json'],
      ],
    ],
    [401, [['x-api-key', 'wrong']]],
    [
      401,
      [
        ['origin', ORIGIN],
        ['accept', 'application/graphql-response+json'],
      ],
    ],
  ] as const)('%i to %j', async (status, headers) => {
    const server = await start({ ...writeApiKeys(['greedy']), RATE_LIMIT_BURST: '1', CORS_ORIGINS: ORIGIN });
    await send(server, { query: READ }, as('greedy').headers);
    const direct = await reject(server, 'application/json', headers);
    expect(direct.status).toBe(status);
    expect(direct.headers[status === 429 ? 'retry-after' : 'www-authenticate']).toBeDefined();
    expect(await reject(server, 'application/json;charset=utf-8', headers)).toEqual(direct);
  });

  test('a connection stays usable after a rejection, although its body is not read', async () => {
    const server = await start({ RATE_LIMIT_BURST: '1' });
    await send(server, { query: READ });
    const pool = new Pool(new URL(server.url).origin, { connections: 1 });
    onTestFinished(() => pool.destroy());
    const statusOf = async (padding: number): Promise<number> => {
      const body = JSON.stringify({ query: READ + ' '.repeat(padding) });
      const headers = { 'content-type': 'application/json' };
      const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
      await response.body.text();
      return response.statusCode;
    };
    for (const padding of [0, 900_000, 0]) expect(await statusOf(padding)).toBe(429);
    server.clock.ms += 1_000;
    expect(await statusOf(0)).toBe(200);
  });
});

test('requests without valid credentials are rejected as such, and are not counted', async () => {
  const server = await start(writeApiKeys(['calm']));
  for (let turn = 0; turn < 10; turn += 1) expect((await send(server, { query: READ })).status).toBe(401);
  expect((await send(server, { query: READ }, as('calm').headers)).status).toBe(200);
});

test('a rejected write is not applied, and its idempotency key is not used up', async () => {
  const server = await start({ ...writeApiKeys(['greedy']), RATE_LIMIT_BURST: '2' });
  const { headers } = as('greedy');
  const solve = { query: SOLVE, variables: { key: 'key-1' } };
  // Makes the document known, and uses the burst up.
  for (const key of ['other-1', 'other-2']) await send(server, { ...solve, variables: { key } }, headers);
  server.forget();
  expect(await send(server, solve, headers)).toMatchObject({ status: 429, body: LIMITED.body });
  expect(server.vendor('omnidesk').ledger).toEqual([]);
  server.clock.ms += 1_000;
  const { body } = await send(server, solve, headers);
  expect(body.data).toEqual({ executeAction: { outcome: 'APPLIED', replayed: false } });
  expect(server.vendor('omnidesk').effects).toHaveLength(1);
});

test('rejections are counted by kind of caller, and logged with caller and code', async () => {
  const server = await start({ ...writeApiKeys(['greedy']), RATE_LIMIT_BURST: '1' });
  for (let turn = 0; turn < 4; turn += 1) await send(server, { query: READ }, as('greedy').headers);
  const text = await (await fetch(server.url.replace('/graphql', '/metrics'))).text();
  expect(text).toContain('ticketgraph_rate_limited_total{caller="api_key"} 3');
  expect(text).toContain('ticketgraph_rate_limit_unshared_total 0');
  const lines = server.log.filter(({ status }) => status === 429);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatchObject({ caller: 'key:greedy', codes: ['RATE_LIMITED'], result: 'rejected', vendors: {} });
});

describe('anonymous callers', () => {
  const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
  const OPEN = { AUTH: 'off', HOST: '0.0.0.0', ALLOWED_HOSTS: '127.0.0.1', RATE_LIMIT_BURST: '2' };

  const statuses = async (server: TestServer, addresses: readonly string[]): Promise<number[]> => {
    const found: number[] = [];
    for (const address of addresses) found.push((await send(server, { query: READ }, from(address))).status);
    return found;
  };

  test('share one limit on loopback, if there is one', async () => {
    const server = await start({ RATE_LIMIT_BURST: '2' });
    expect(await statuses(server, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual([200, 200, 429]);
  });

  test('cannot evade the limit with X-Forwarded-For', async () => {
    const server = await start(OPEN);
    expect(await statuses(server, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual([200, 200, 429]);
  });

  test('are distinguished by the address that a trusted proxy was called from', async () => {
    const server = await start({ ...OPEN, TRUSTED_PROXIES: '1' });
    const forged = ['198.51.100.1, 192.0.2.1', '198.51.100.2, 192.0.2.1', '198.51.100.3, 192.0.2.1'];
    expect(await statuses(server, forged)).toEqual([200, 200, 429]);
    expect(await statuses(server, ['192.0.2.2', '192.0.2.2', '192.0.2.2'])).toEqual([200, 200, 429]);
    const two = await start({ ...OPEN, TRUSTED_PROXIES: '2' });
    const through = (client: string): string => `198.51.100.9, ${client}, 203.0.113.5`;
    expect(await statuses(two, ['192.0.2.1', '192.0.2.1', '192.0.2.1'].map(through))).toEqual([200, 200, 429]);
    expect(await statuses(two, ['192.0.2.2'].map(through))).toEqual([200]);
  });
});

describe('settings', () => {
  const limitOf = (environment: Record<string, string>) => readEnvironment(environment, vendors).server.rateLimit;

  test('nothing is limited on loopback without authentication, nor with AUTH=off, unless it is set', () => {
    expect(limitOf({})).toBeUndefined();
    expect(limitOf({ HOST: '0.0.0.0', AUTH: 'off' })).toBeUndefined();
    expect(limitOf({ RATE_LIMIT_PER_SECOND: '5' })).toEqual({
      rate: { perSecond: 5, burst: 10 },
      byAddress: false,
      trustedProxies: 0,
    });
    expect(limitOf({ RATE_LIMIT_BURST: '7' })?.rate).toEqual({ perSecond: 100, burst: 7 });
    expect(limitOf({ HOST: '0.0.0.0', AUTH: 'off', RATE_LIMIT_PER_SECOND: '5' })).toMatchObject({ byAddress: true });
  });

  test('callers that authenticate may send 100 requests per second, and 200 at once', () => {
    const keys = writeApiKeys(['one']);
    expect(limitOf(keys)?.rate).toEqual({ perSecond: 100, burst: 200 });
    expect(limitOf({ ...keys, RATE_LIMIT_PER_SECOND: '0' })).toBeUndefined();
    expect(limitOf({ ...keys, RATE_LIMIT_PER_SECOND: '0', RATE_LIMIT_BURST: '9' })).toBeUndefined();
  });

  test.each([
    ['RATE_LIMIT_PER_SECOND', '-1'],
    ['RATE_LIMIT_PER_SECOND', '1.5'],
    ['RATE_LIMIT_PER_SECOND', '10001'],
    ['RATE_LIMIT_BURST', '0'],
    ['TRUSTED_PROXIES', 'all'],
  ])('%s=%s is invalid', (name, value) => {
    expect(() => limitOf({ [name]: value })).toThrow(`${name} is missing or invalid: expected a whole number from`);
  });
});
