/** The read cache: when a vendor is called again, by its ledger, and which callers never share an answer. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createReadCache } from '../../datasources/upstream/read-cache.ts';
import { createRedisBus } from '../../datasources/upstream/invalidation/redis-bus.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { startRedis, whyNoRedis } from '../support/redis.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const ID = 'omnidesk:858462';
const CACHED = { OMNIDESK_CACHE_MS: '60000' };
const READ = 'query ($id: ID!) { ticket(id: $id) { ... on TicketFields { status { category } } } }';
const LIST = '{ tickets(first: 5, filter: { vendors: [OMNIDESK] }) { nodes { ... on TicketFields { id } } } }';
const SET = `mutation ($status: StatusCategory!) {
  setStatus(input: { ticketIds: ["${ID}"], status: $status }) { outcome }
}`;

type Endpoint = Pick<TestServer, 'ask'>;

async function statusIn(endpoint: Endpoint, id = ID): Promise<unknown> {
  const { data, errors } = await endpoint.ask(READ, { id });
  expect(errors).toBeUndefined();
  return data.ticket.status.category;
}

async function set(endpoint: Endpoint, status: string): Promise<void> {
  expect((await endpoint.ask(SET, { status })).data.setStatus).toEqual({ outcome: 'APPLIED' });
}

const reads = (server: TestServer): number =>
  server.calls('omnidesk').filter(({ arrival }) => arrival.method === 'GET').length;

test('reads are not cached by default', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  await statusIn(server);
  await statusIn(server);
  expect(reads(server)).toBe(2);
});

test('reads of tickets and lists are answered from the cache, and counted', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: CACHED });
  const first = await statusIn(server);
  expect(await statusIn(server)).toBe(first);
  const page = await server.ask(LIST);
  expect(await server.ask(LIST)).toEqual(page);
  expect(reads(server)).toBe(2);
  const metrics = await (await fetch(new URL('/metrics', server.url))).text();
  expect(metrics).toContain('ticketgraph_cached_reads_total{vendor="omnidesk",source="omnidesk"} 2');
});

test('failed reads are not cached', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: CACHED });
  server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 403 } });
  expect((await server.ask(READ, { id: ID })).errors).toHaveLength(1);
  server.vendor('omnidesk').faults = () => undefined;
  await statusIn(server);
  expect(reads(server)).toBe(2);
});

test('a write drops the ticket and every list', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: CACHED });
  await statusIn(server);
  await server.ask(LIST);
  await set(server, 'PENDING');
  expect(await statusIn(server)).toBe('PENDING');
  await server.ask(LIST);
  expect(reads(server)).toBe(4);
});

test('a write with an unknown outcome drops cached answers as well', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: CACHED });
  await statusIn(server);
  server.vendor('omnidesk').faults = ({ method }) =>
    method === 'POST' ? { kind: 'answer', applied: true, reply: { status: 500 } } : undefined;
  await server.ask(SET, { status: 'ON_HOLD' });
  expect(await statusIn(server)).toBe('ON_HOLD');
});

test('an answer to a read that began before a write is not cached', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: CACHED });
  const written = Promise.withResolvers<void>();
  server.vendor('omnidesk').faults = ({ method }) =>
    method === 'GET' ? { kind: 'hold', until: written.promise } : undefined;
  const early = statusIn(server);
  while (reads(server) === 0) await sleep(5);
  await set(server, 'PENDING');
  written.resolve();
  await early;
  server.vendor('omnidesk').faults = () => undefined;
  expect(await statusIn(server)).toBe('PENDING');
});

test('callers with different credentials of their own do not share cached answers', async () => {
  const environment = {
    HUAWEI_CACHE_MS: '60000',
    HUAWEI_IAM_URL: '',
    HUAWEI_DOMAIN: '',
    HUAWEI_USERNAME: '',
    HUAWEI_PASSWORD: '',
    HUAWEI_FORWARD_TOKEN: 'x-huawei-token',
  };
  const server = await startTestServer({ keys: ['huawei'], environment });
  const ask = (token: string) => server.ask(READ, { id: 'huawei:TS-123456' }, { headers: { 'x-huawei-token': token } });
  await ask('token-of-one');
  await ask('token-of-another');
  expect(server.calls('huawei').map(({ arrival }) => arrival.headers['x-auth-token'])).toEqual([
    'token-of-one',
    'token-of-another',
  ]);
});

test('a cached answer is not returned to a caller without the scope to read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = Object.entries({ reader: 'ticket:read', other: 'huawei/ticket:read' }).map(
    ([name, scopes]) => `${name} ${createHash('sha256').update(name).digest('hex')} ${scopes}`,
  );
  writeFileSync(join(folder, 'keys'), lines.join('\n'));
  const environment = { ...CACHED, AUTH_API_KEYS_FILE: join(folder, 'keys') };
  const server = await startTestServer({ keys: ['omnidesk'], environment });
  const ask = (key: string) => server.ask(READ, { id: ID }, { headers: { 'x-api-key': key } });
  expect((await ask('reader')).errors).toBeUndefined();
  expect((await ask('other')).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});

describe.skipIf(whyNoRedis !== undefined)(`replicas with a shared Redis${whyNoRedis ? ` (${whyNoRedis})` : ''}`, () => {
  async function startTwo() {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const server = await startTestServer({
      keys: ['omnidesk'],
      environment: CACHED,
      changes: createRedisBus(redis.url),
    });
    const other = await startEndpoint(
      { ...server.vendor('omnidesk').settings, ...CACHED },
      { changes: createRedisBus(redis.url) },
    );
    onTestFinished(() => other.close());
    await untilCached(server, server);
    await untilCached(other, server);
    return { redis, server, other };
  }

  /** Nothing is cached before Redis is connected. */
  async function untilCached(endpoint: Endpoint, server: TestServer): Promise<void> {
    for (;;) {
      const before = reads(server);
      await statusIn(endpoint);
      if (reads(server) === before) return;
      await sleep(20);
    }
  }

  test('drop cached answers when another replica writes', async () => {
    const { server, other } = await startTwo();
    const before = reads(server);
    await set(other, 'PENDING');
    while (reads(server) === before) {
      await statusIn(server);
      await sleep(5);
    }
    expect(await statusIn(server)).toBe('PENDING');
    await set(server, 'ON_HOLD');
    await expect.poll(() => statusIn(other), { interval: 5 }).toBe('ON_HOLD');
  });

  test('cache nothing while Redis is unreachable', async () => {
    const { redis, server, other } = await startTwo();
    await redis.close();
    await expect
      .poll(async () => {
        const before = reads(server);
        await statusIn(server);
        return reads(server) - before;
      })
      .toBe(1);
    await set(other, 'PENDING');
    expect(await statusIn(server)).toBe('PENDING');
    expect(await statusIn(other)).toBe('PENDING');
  });
});

const answer = (text: string) => ({ status: 200, headers: {}, text });

test('a cached answer expires', () => {
  let now = 0;
  const cache = createReadCache(
    100,
    () => true,
    () => now,
  );
  cache.begin('a')(answer('a'));
  now = 99;
  expect(cache.find('a')?.text).toBe('a');
  now = 100;
  expect(cache.find('a')).toBeUndefined();
});

test('the cache is bounded, and evicts the oldest answers', () => {
  const cache = createReadCache(
    100,
    () => true,
    () => 0,
  );
  const large = 'x'.repeat(6_000_000);
  for (const key of ['a', 'b', 'c']) cache.begin(key)(answer(large));
  expect(['a', 'b', 'c'].map((key) => cache.find(key) !== undefined)).toEqual([false, true, true]);
  for (let index = 0; index < 10_001; index += 1) cache.begin(`small ${index}`)(answer(''));
  expect(cache.find('c')).toBeUndefined();
  expect(cache.find('small 10000')).toBeDefined();
});
