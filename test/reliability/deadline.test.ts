/** Clients that disconnect and vendors that are too slow: which calls are canceled, finished, or never started. */
import { expect, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import { SAMPLED, SOURCES, isSignIn } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const READS = SOURCES.map(({ key, id }) => [key, id] as const);

/** One of each vendor. */
const ALL = SAMPLED.map(({ id }) => id);
const READ_MANY = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const SOLVE = `mutation ($key: String) { solved: executeAction(input: {
  ticketId: "omnidesk:858462", action: "status.solved", idempotencyKey: $key }) {
  outcome replayed problems { code } ticket { __typename } } }`;
const RESOLVE = `mutation ($key: String) { resolved: executeAction(input: {
  ticketId: "akana:ticket25687.acmepaymentscorp", action: "ticket.action.resolve", idempotencyKey: $key }) {
  outcome replayed problems { code } } }`;

/** Disconnects when the vendor has received a request, and waits until the endpoint has noticed. */
async function disconnectDuring(
  server: TestServer,
  vendor: RunningVendor,
  begin: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const caller = new AbortController();
  const pending = begin(caller.signal);
  await until(() => expect(vendor.ledger.some(({ end }) => end === undefined)).toBe(true));
  caller.abort();
  await expect(pending).rejects.toThrow();
  await passTime(server);
}

/** Earlier events have been processed when these requests are answered. */
async function passTime(server: TestServer): Promise<void> {
  for (let request = 0; request < 3; request += 1) await server.ask('{ vendors { key } }');
}

/** Deadlines that are later than `orHung`, so that only the one under test can end a call. */
const PATIENT: Readonly<Record<string, string>> = Object.fromEntries([
  ['REQUEST_TIMEOUT_MS', '120000'],
  ...READS.map(([key]) => [`${key.toUpperCase()}_TIMEOUT_MS`, '120000']),
]);

/** The answer, or `hung` if there is none long after every deadline of these tests. */
function orHung<Value>(pending: Promise<Value>): Promise<Value | 'hung'> {
  return Promise.race([
    pending,
    new Promise<'hung'>((resolve) => {
      setTimeout(() => resolve('hung'), 60_000).unref();
    }),
  ]);
}

test.each(READS)('cancels the read of a client that disconnects: %s', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const vendor = server.vendor(key);
  vendor.faults = (arrival) => (isSignIn(arrival) ? undefined : { kind: 'silent', applied: false });
  await disconnectDuring(server, vendor, (signal) => server.ask(READ_MANY, { ids: [id] }, { signal }));
  await until(() => expect(server.calls(key).map(({ end }) => end)).toEqual(['cut']));
});

test('cancels a read whose body is still arriving when the client disconnects', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = server.vendor('akana');
  vendor.faults = (arrival) => (isSignIn(arrival) ? undefined : { kind: 'drip', everyMs: 20 });
  await disconnectDuring(server, vendor, (signal) =>
    server.ask(READ_MANY, { ids: ['akana:ticket25687.acmepaymentscorp'] }, { signal }),
  );
  await until(() => expect(server.calls('akana').map(({ end }) => end)).toEqual(['cut']));
});

test('never starts queued calls of a client that disconnected', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const vendor = server.vendor('omnidesk');
  vendor.faults = () => ({ kind: 'silent', applied: false });
  const ids = Array.from({ length: 20 }, (_, index) => `omnidesk:${index + 1}`);
  await disconnectDuring(server, vendor, (signal) => server.ask(READ_MANY, { ids }, { signal }));
  vendor.faults = undefined;
  const { data } = await server.ask(READ_MANY, { ids: ['omnidesk:858462'] });
  expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
  expect(server.calls('omnidesk').map(({ end }) => end)).toEqual(['cut', 'answered']);
});

test('does not retry a read after the client disconnected', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  vendor.faults = () => ({ kind: 'answer', applied: false, reply: { status: 503, headers: { 'retry-after': '1' } } });
  const caller = new AbortController();
  const asking = server.ask(READ_MANY, { ids: ['omnidesk:858462'] }, { signal: caller.signal });
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(['answered']));
  caller.abort();
  await expect(asking).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(vendor.ledger).toHaveLength(1);
});

test('finishes a sent write after the client disconnected, and stores its outcome under its key', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  await disconnectDuring(server, vendor, (signal) => server.ask(SOLVE, { key: 'left' }, { signal }));
  release.resolve();
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(['answered']));
  // The client is gone, so the ticket is not read.
  expect(vendor.ledger.map(({ arrival }) => arrival.method)).toEqual(['POST']);
  const { data } = await until(async () => {
    const again = await server.ask(SOLVE, { key: 'left' });
    expect(again.data.solved.replayed).toBe(true);
    return again;
  });
  expect(data.solved).toMatchObject({ outcome: 'APPLIED', problems: [] });
  expect(vendor.effects).toHaveLength(1);
});

test('has a write that was sent ended by its own deadline: UNKNOWN, under its key', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_TIMEOUT_MS: '1500' } });
  const vendor = server.vendor('omnidesk');
  vendor.faults = () => ({ kind: 'silent', applied: false });
  await disconnectDuring(server, vendor, (signal) => server.ask(SOLVE, { key: 'left' }, { signal }));
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(['cut']));
  vendor.faults = undefined;
  const { data } = await until(async () => {
    const again = await server.ask(SOLVE, { key: 'left' });
    expect(again.data.solved.replayed).toBe(true);
    return again;
  });
  expect(data.solved).toMatchObject({ outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] });
  expect(vendor.effects).toEqual([]);
});

test('starts no write, read or sign-in after the client disconnected', async () => {
  const server = await startTestServer({ keys: ['omnidesk', 'akana'] });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const both = `mutation {
      first: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) { outcome ticket { __typename } }
      second: executeAction(input: { ticketId: "akana:ticket25687.acmepaymentscorp", action: "ticket.action.resolve" }) { outcome }
      third: executeAction(input: { ticketId: "omnidesk:858462", action: "status.closed" }) { outcome } }`;
  await disconnectDuring(server, vendor, (signal) => server.ask(both, {}, { signal }));
  release.resolve();
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(['answered']));
  await passTime(server);
  expect(vendor.effects.map(({ what }) => what)).toEqual(['setStatus solved']);
  expect(vendor.ledger).toHaveLength(1);
  expect(server.vendor('akana').ledger).toEqual([]);
});

test('never sends a write that waits for the sign-in when the client disconnects, and frees its key', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = server.vendor('akana');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  await disconnectDuring(server, vendor, (signal) => server.ask(RESOLVE, { key: 'left' }, { signal }));
  release.resolve();
  vendor.faults = undefined;
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(['answered']));
  await passTime(server);
  expect(server.calls('akana')).toEqual([]);
  const { data } = await server.ask(RESOLVE, { key: 'left' });
  expect(data.resolved).toEqual({ outcome: 'APPLIED', replayed: false, problems: [] });
  expect(vendor.effects).toHaveLength(1);
});

test('continues a sign-in for other callers after one disconnected', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = server.vendor('akana');
  const release = Promise.withResolvers<void>();
  vendor.faults = (arrival) => (isSignIn(arrival) ? { kind: 'hold', until: release.promise } : undefined);
  const id = 'akana:ticket25687.acmepaymentscorp';
  let staying: Promise<unknown> | undefined;
  await disconnectDuring(server, vendor, (signal) => {
    const leaving = server.ask(READ_MANY, { ids: [id] }, { signal });
    staying = server.ask(READ_MANY, { ids: [id] });
    return leaving;
  });
  release.resolve();
  expect(await staying).toEqual({ data: { ticketsById: [{ id }] } });
  expect(vendor.ledger.filter(({ arrival }) => isSignIn(arrival))).toHaveLength(1);
});

const startHung = (limit: string): Promise<TestServer> =>
  startTestServer({ environment: { ...PATIENT, REQUEST_TIMEOUT_MS: limit } }).then((server) => {
    for (const { key } of SAMPLED) server.vendor(key).faults = () => ({ kind: 'silent', applied: false });
    return server;
  });

test('the request deadline ends reads at vendors that hang, also during sign-in', async () => {
  const server = await startHung('300');
  const answer = await orHung(server.ask(READ_MANY, { ids: ALL }));
  expect(answer).toMatchObject({ data: { ticketsById: ALL.map(() => null) } });
  const { errors } = answer as Exclude<typeof answer, string>;
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(ALL.map(() => 'VENDOR_TIMEOUT'));
});

test('the request deadline ends a list, which names the vendors without an answer', async () => {
  const server = await startHung('300');
  const answer = await orHung(server.ask('{ tickets { nodes { __typename } sources { vendor problem { code } } } }'));
  expect(answer).toEqual({
    data: {
      tickets: {
        nodes: [],
        sources: vendors.map(({ key, lists }) => ({
          vendor: key.toUpperCase(),
          problem: { code: lists ? 'VENDOR_TIMEOUT' : 'UNSUPPORTED' },
        })),
      },
    },
  });
});

test('the request deadline ends a write: UNKNOWN if it was sent, NOT_APPLIED if the sign-in hung', async () => {
  const server = await startHung('1500');
  const [solved, resolved] = await Promise.all([
    orHung(server.ask(SOLVE.replace('ticket { __typename }', ''))),
    orHung(server.ask(RESOLVE)),
  ]);
  expect(solved).toMatchObject({
    data: { solved: { outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] } },
  });
  expect(resolved).toMatchObject({
    data: { resolved: { outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_TIMEOUT' }] } },
  });
  expect(server.calls('omnidesk')).toHaveLength(1);
  expect(server.calls('akana')).toEqual([]);
});

test('no write starts after the request deadline', async () => {
  const server = await startHung('1500');
  const answer = await orHung(
    server.ask(`mutation {
        first: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) { outcome }
        second: executeAction(input: { ticketId: "akana:ticket25687.acmepaymentscorp", action: "ticket.action.resolve" }) { outcome problems { code retryable } } }`),
  );
  expect(answer).toMatchObject({
    data: {
      first: { outcome: 'UNKNOWN' },
      second: { outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_TIMEOUT', retryable: true }] },
    },
  });
  expect(server.vendor('akana').ledger).toEqual([]);
});

test.each(READS)('the vendor timeout ends a body that arrives a byte at a time: %s', async (key, id) => {
  const server = await startTestServer({
    keys: [key],
    environment: { ...PATIENT, [`${key.toUpperCase()}_TIMEOUT_MS`]: '1000' },
  });
  await server.ask(READ_MANY, { ids: [id] });
  server.forget();
  server.vendor(key).faults = () => ({ kind: 'drip', everyMs: 30 });
  const answer = await orHung(server.ask(READ_MANY, { ids: [id] }));
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'VENDOR_TIMEOUT', retryable: true } }] });
  await until(() => expect(server.calls(key).map(({ end }) => end)).toEqual(['cut']));
});

test.each(READS)(
  'the vendor timeout ends a sign-in that hangs, and the read that waits for it: %s',
  async (key, id) => {
    const server = await startTestServer({
      keys: [key],
      environment: { ...PATIENT, [`${key.toUpperCase()}_TIMEOUT_MS`]: '1500' },
    });
    server.vendor(key).faults = () => ({ kind: 'silent', applied: false });
    expect(await orHung(server.ask(READ_MANY, { ids: [id] }))).toMatchObject({
      errors: [{ extensions: { code: 'VENDOR_TIMEOUT', retryable: true } }],
    });
    expect(server.vendor(key).ledger).toHaveLength(1);
  },
);

test('a write may take longer than the lifetime of an idle connection', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  await server.ask(SOLVE);
  server.forget();
  vendor.faults = ({ method }) => (method === 'POST' ? { kind: 'delay', delayMs: 2_600 } : undefined);
  const { data } = await server.ask(SOLVE);
  expect(data.solved).toMatchObject({ outcome: 'APPLIED', problems: [] });
  expect(vendor.effects).toHaveLength(1);
});
