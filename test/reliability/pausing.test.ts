/** Effects of `Retry-After` on later calls, counted in the vendors' ledgers. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPauses } from '../../datasources/upstream/retry-after.ts';
import type { Fault } from '../../sandbox/faults.ts';
import { SOURCES } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const VENDORS = SOURCES.map(({ key, id, samples }) => [key, id, samples.action] as const);

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const READ_MANY = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const WRITE = `mutation ($id: ID!, $action: String!) { done: executeAction(input: { ticketId: $id, action: $action }) {
  outcome problems { code retryable retryAfterSeconds } } }`;
const LIST = '{ tickets(first: 5) { sources { vendor problem { code retryable retryAfterSeconds } } } }';

function answer(status: number, retryAfter: string): Fault {
  return { kind: 'answer', applied: false, reply: { status, headers: { 'retry-after': retryAfter } } };
}

async function errorOf(server: TestServer, id: string, headers = {}): Promise<Record<string, unknown> | undefined> {
  return (await server.ask(READ, { id }, { headers })).errors?.[0]?.extensions;
}

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toUTCString();

describe.each(VENDORS)('after Retry-After, %s', (key, id, action) => {
  test.each([
    [429, '30', 30],
    [503, '30', 30],
    [429, inMinutes(10), 600],
  ])('is not called again: %i, %s', async (status, retryAfter, maxSeconds) => {
    const server = await startTestServer({ keys: [key] });
    await server.ask(READ, { id });
    server.forget();
    server.vendor(key).faults = () => answer(status, retryAfter);
    await server.ask(READ, { id });
    const sent = server.vendor(key).ledger.length;
    for (let read = 0; read < 20; read += 1) {
      const error = await errorOf(server, id);
      expect(error).toMatchObject({ code: 'VENDOR_RATE_LIMITED', retryable: true });
      expect(error?.['retryAfterSeconds']).toBeGreaterThan(1);
      expect(error?.['retryAfterSeconds']).toBeLessThanOrEqual(maxSeconds);
    }
    const { data } = await server.ask(WRITE, { id, action });
    expect(data.done).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_RATE_LIMITED', retryable: true }],
    });
    expect(sent).toBe(1);
    expect(server.vendor(key).ledger).toHaveLength(sent);
    expect(server.defects).toEqual([]);
  });
});

test('a pause of one vendor is reported in sources and leaves the others alone', async () => {
  const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
  server.vendor('omnidesk').faults = () => answer(429, '40');
  await server.ask(LIST);
  const { data } = await server.ask(LIST);
  expect(data.tickets.sources).toEqual([
    {
      vendor: 'OMNIDESK',
      problem: { code: 'VENDOR_RATE_LIMITED', retryable: true, retryAfterSeconds: expect.any(Number) as number },
    },
    { vendor: 'HUAWEI', problem: null },
  ]);
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test('calls that are queued when a pause begins are not sent', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  server.vendor('omnidesk').faults = () => answer(429, '30');
  const ids = Array.from({ length: 20 }, (_, index) => `omnidesk:${index + 1}`);
  const { errors } = await server.ask(READ_MANY, { ids });
  expect(errors).toHaveLength(20);
  for (const { extensions } of errors!) expect(extensions?.['code']).toBe('VENDOR_RATE_LIMITED');
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test('calls that were sent before a pause began are answered', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = ({ path }) =>
    path.endsWith('858462') ? { kind: 'hold', until: release.promise } : answer(429, '30');
  const first = server.ask(READ, { id: 'omnidesk:858462' });
  await until(() => expect(vendor.ledger).toHaveLength(1));
  expect(await errorOf(server, 'omnidesk:1')).toMatchObject({ code: 'VENDOR_RATE_LIMITED' });
  release.resolve();
  expect((await first).errors).toBeUndefined();
});

test('a read whose deadline is late enough is sent at the end of the pause, and so are later reads', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  vendor.faults = () => (vendor.ledger.length === 1 ? answer(429, '1') : undefined);
  const first = server.ask(READ, { id: 'omnidesk:858462' });
  await until(() => expect(vendor.ledger[0]?.end).toBe('answered'));
  expect(await errorOf(server, 'omnidesk:1')).toMatchObject({ code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 1 });
  expect((await first).errors).toBeUndefined();
  expect((await server.ask(READ, { id: 'omnidesk:1' })).errors).toBeUndefined();
  expect(vendor.ledger).toHaveLength(3);
});

test('a write that is rejected with Retry-After starts a pause as well', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = ({ method }) => (method === 'GET' ? undefined : answer(429, '30'));
  const { data } = await server.ask(WRITE, { id: 'omnidesk:858462', action: 'status.solved' });
  expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ retryAfterSeconds: 30 }] });
  const sent = server.calls('omnidesk').length;
  expect(await errorOf(server, 'omnidesk:1')).toMatchObject({ code: 'VENDOR_RATE_LIMITED' });
  expect(server.calls('omnidesk')).toHaveLength(sent);
});

test('a pause for one caller with credentials of their own does not affect another', async () => {
  const environment = {
    HUAWEI_FORWARD_TOKEN: 'x-huawei-token',
    HUAWEI_IAM_URL: '',
    HUAWEI_DOMAIN: '',
    HUAWEI_USERNAME: '',
    HUAWEI_PASSWORD: '',
  };
  const server = await startTestServer({ keys: ['huawei'], environment });
  const [busy, calm] = [{ 'x-huawei-token': 'busy-token' }, { 'x-huawei-token': 'calm-token' }];
  const vendor = server.vendor('huawei');
  vendor.faults = ({ headers }) =>
    headers['x-auth-token'] === 'busy-token'
      ? answer(429, '30')
      : { kind: 'answer', applied: false, reply: { status: 404 } };
  for (let read = 0; read < 3; read += 1) {
    expect(await errorOf(server, 'huawei:TS-123456', busy)).toMatchObject({ code: 'VENDOR_RATE_LIMITED' });
    expect((await server.ask(READ, { id: 'huawei:TS-123456' }, { headers: calm })).errors).toBeUndefined();
  }
  const tokens = vendor.ledger.map(({ arrival }) => arrival.headers['x-auth-token']);
  expect(tokens.filter((token) => token === 'busy-token')).toHaveLength(1);
  expect(tokens.filter((token) => token === 'calm-token')).toHaveLength(3);
});

test('calls rejected during a pause are counted as paused', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = () => answer(429, '30');
  for (let read = 0; read < 3; read += 1) await server.ask(READ, { id: 'omnidesk:858462' });
  const metrics = await (await fetch(server.url.replace('/graphql', '/metrics'))).text();
  expect(metrics).toMatch(
    /ticketgraph_upstream_calls_total\{vendor="omnidesk",source="omnidesk",operation="[^"]*",result="paused",caller="anonymous"\} 2/,
  );
});

afterEach(() => {
  vi.useRealTimers();
});

test('a pause lasts at most sixty seconds, and reports the time left of the requested one', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const pauses = createPauses();
  pauses.begin('', 600);
  vi.advanceTimersByTime(59_000);
  expect(pauses.reject('')?.details).toMatchObject({ kind: 'rate-limited', retryAfterSeconds: 541 });
  expect(pauses.reject('another')).toBeUndefined();
  vi.advanceTimersByTime(1_000);
  expect(pauses.reject('')).toBeUndefined();
  expect(pauses.isAny).toBe(false);
});

test('a later answer extends a pause and never shortens it, and 0 seconds start none', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const pauses = createPauses();
  pauses.begin('', 0);
  expect(pauses.isAny).toBe(false);
  pauses.begin('', 10);
  pauses.begin('', 5);
  vi.advanceTimersByTime(6_000);
  expect(pauses.reject('')?.details.retryAfterSeconds).toBe(4);
  pauses.begin('', 20);
  vi.advanceTimersByTime(19_000);
  expect(pauses.reject('')?.details.retryAfterSeconds).toBe(1);
});

test('the oldest pause is dropped when there are too many credentials', () => {
  const pauses = createPauses();
  for (let caller = 0; caller <= 1_000; caller += 1) pauses.begin(String(caller), 30);
  expect(pauses.reject('0')).toBeUndefined();
  expect(pauses.reject('1000')).toBeDefined();
});
