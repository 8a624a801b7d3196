/** Which calls are retried, and how often. Counted in the vendors' ledgers. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadSimulation } from '../../sandbox/index.ts';
import type { Fault } from '../../sandbox/faults.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import type { ReceivedRequest } from '../../sandbox/simulation.ts';
import { SIGNING_IN_SOURCES, SOURCES, isSignIn, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const READS = SOURCES.map(({ key, id }) => [key, id] as const);

const SIGNED_IN = SIGNING_IN_SOURCES.map(({ key, id }) => [key, id] as const);

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const READ_MANY = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }';
const WRITE = `mutation ($id: ID!, $action: String!) { done: executeAction(input: { ticketId: $id, action: $action }) {
  outcome problems { code retryable retryAfterSeconds } } }`;

/** A closed port. */
const CLOSED_PORT = 1;

/** Below the range of ephemeral ports, so that it is closed until this test listens on it. */
const LATE_PORT = 21_000 + (process.pid % 10_000);

function answer(status: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: 'answer', applied: false, reply: { status, headers } };
}

/** The fault for all calls except sign-ins. */
function onCalls(choose: (call: number) => Fault | undefined): (arrival: ReceivedRequest) => Fault | undefined {
  let call = 0;
  return (arrival) => (isSignIn(arrival) ? undefined : choose((call += 1)));
}

function signIns(vendor: RunningVendor): number {
  return vendor.ledger.filter(({ arrival }) => isSignIn(arrival)).length;
}

function requestorIds(count: number, from: number): string[] {
  return Array.from({ length: count }, (_, index) => `requestor:${from + index}`);
}

/** Earlier requests have been received when these are answered. */
async function passTime(server: TestServer): Promise<void> {
  for (let request = 0; request < 5; request += 1) await server.ask('{ vendors { key } }');
}

async function errorOf(server: TestServer, id: string): Promise<Record<string, unknown> | undefined> {
  return (await server.ask(READ, { id })).errors?.[0]?.extensions;
}

test.each(READS.flatMap(([key, id]) => [[key, id, answer(500)] as const, [key, id, answer(503)] as const]))(
  'a read of %s is attempted three times: %s %o',
  async (key, id, fault) => {
    const server = await startTestServer({ keys: [key] });
    server.vendor(key).faults = onCalls(() => fault);
    expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_UNAVAILABLE', retryable: true });
    expect(server.calls(key)).toHaveLength(3);
  },
);

test.each(READS)('a read of %s succeeds if a later attempt does', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = onCalls((call) => [{ kind: 'reset', applied: false } as const, answer(502)][call - 1]);
  const { data, errors } = await server.ask(READ, { id });
  expect(errors).toBeUndefined();
  expect(data.ticket).not.toBeNull();
  expect(server.calls(key)).toHaveLength(3);
});

test('a read from a closed port is attempted three times', async () => {
  const refused = countRefused(CLOSED_PORT);
  const server = await startTestServer({
    keys: ['requestor'],
    environment: { REQUESTOR_URL: `http://127.0.0.1:${CLOSED_PORT}` },
  });
  expect(await errorOf(server, 'requestor:47')).toMatchObject({ code: 'VENDOR_UNAVAILABLE', retryable: true });
  expect(refused.count).toBe(3);
});

test.each(READS)('a read of %s is not retried after a status from 400 to 499', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  for (const status of [400, 403, 404, 408, 409, 422]) {
    server.vendor(key).faults = onCalls(() => answer(status));
    await server.ask(READ, { id });
    // After a 404, each collection of Jifeline is searched once.
    const targets = server.calls(key).map(({ arrival }) => arrival.target);
    expect(targets.length, String(status)).toBeGreaterThan(0);
    expect(new Set(targets).size, String(status)).toBe(targets.length);
    server.forget();
  }
});

test.each<readonly [string, Fault, string]>([
  ['a redirect', answer(302, { location: '/elsewhere' }), 'VENDOR_PROTOCOL'],
  [
    'an HTML page',
    { kind: 'answer', applied: false, reply: { status: 200, body: '<html></html>' } },
    'VENDOR_PROTOCOL',
  ],
  ['too many bytes', { kind: 'flood', bytes: 3_000_000 }, 'VENDOR_PROTOCOL'],
  ['silence', { kind: 'silent', applied: false }, 'VENDOR_TIMEOUT'],
  ['429 without a time', answer(429), 'VENDOR_RATE_LIMITED'],
])('a read is not retried after %s', async (_, fault, code) => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_TIMEOUT_MS: '1500' } });
  server.vendor('omnidesk').faults = () => fault;
  expect(await errorOf(server, 'omnidesk:858462')).toMatchObject({ code });
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test.each([429, 503])('a read waits for the Retry-After of a %i if its deadline allows', async (status) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const order: string[] = [];
  server.vendor('omnidesk').faults = onCalls((call) => {
    order.push(`call ${call}`);
    if (call === 1) setTimeout(() => order.push('most of a second'), 700);
    return call === 1 ? answer(status, { 'retry-after': '1' }) : undefined;
  });
  const { errors } = await server.ask(READ, { id: 'omnidesk:858462' });
  expect(errors).toBeUndefined();
  expect(order).toEqual(['call 1', 'most of a second', 'call 2']);
});

test.each([
  ['60', 60, 60],
  // Computed when the file is loaded, so less may be left when the test runs.
  [new Date(Date.now() + 600_000).toUTCString(), 60, 600],
  ['  7', 7, 7],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 999_999_999, 999_999_999],
])('a read returns the Retry-After if it exceeds its deadline: %s', async (retryAfter, minSeconds, maxSeconds) => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_TIMEOUT_MS: '2000' } });
  server.vendor('omnidesk').faults = onCalls(() => answer(429, { 'retry-after': retryAfter }));
  const error = await errorOf(server, 'omnidesk:858462');
  expect(error).toMatchObject({ code: 'VENDOR_RATE_LIMITED', retryable: true });
  expect(error?.['retryAfterSeconds']).toBeGreaterThanOrEqual(minSeconds);
  expect(error?.['retryAfterSeconds']).toBeLessThanOrEqual(maxSeconds);
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test.each(['soon', '-1', '1e3', '99999999999999'])('an invalid Retry-After is ignored: %s', async (text) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = () => answer(429, { 'retry-after': text });
  const error = await errorOf(server, 'omnidesk:858462');
  expect(error).toMatchObject({ code: 'VENDOR_RATE_LIMITED' });
  expect(error).not.toHaveProperty('retryAfterSeconds');
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test('all attempts of a read share one deadline', async () => {
  const server = await startTestServer({
    keys: ['requestor', 'omnidesk'],
    environment: { REQUESTOR_TIMEOUT_MS: '4000', OMNIDESK_TIMEOUT_MS: '5500' },
  });
  const late = new Promise((resolve) => setTimeout(resolve, 2_500));
  server.vendor('requestor').vendor.handle = () => ({ status: 503 });
  server.vendor('requestor').faults = onCalls((call) =>
    call === 1 ? { kind: 'hold', until: late } : { kind: 'silent', applied: false },
  );
  server.vendor('omnidesk').faults = () => ({ kind: 'silent', applied: false });
  const order: string[] = [];
  await Promise.all([
    errorOf(server, 'requestor:47').then((error) => order.push(`requestor ${error?.['code'] as string}`)),
    errorOf(server, 'omnidesk:858462').then((error) => order.push(`omnidesk ${error?.['code'] as string}`)),
  ]);
  expect(order).toEqual(['requestor VENDOR_TIMEOUT', 'omnidesk VENDOR_TIMEOUT']);
  expect(server.calls('requestor')).toHaveLength(2);
});

test('at most a fifth of the failing reads are retried', async () => {
  const server = await startTestServer({ keys: ['requestor'], environment: { REQUESTOR_CONCURRENCY: '40' } });
  const vendor = server.vendor('requestor');
  // Enough successful calls to keep the circuit closed.
  await server.ask(READ_MANY, { ids: requestorIds(200, 1000) });
  server.forget();
  const all = Promise.withResolvers<void>();
  vendor.vendor.handle = () => ({ status: 503 });
  vendor.faults = () => {
    if (vendor.ledger.length === 40) all.resolve();
    return { kind: 'hold', until: all.promise };
  };
  const { errors } = await server.ask(READ_MANY, { ids: requestorIds(40, 2000) });
  expect(errors).toHaveLength(40);
  const retried = vendor.ledger.slice(40).map(({ arrival }) => arrival.target);
  expect(retried.length).toBeGreaterThan(0);
  expect(new Set(retried).size).toBeLessThanOrEqual(8);
  expect(retried.length).toBeLessThanOrEqual(2 * 8);
});

test('a read counts against the retry budget until it ends', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  const vendor = server.vendor('requestor');
  const release = Promise.withResolvers<void>();
  const isRetry = ({ target }: ReceivedRequest): boolean =>
    vendor.ledger.filter(({ arrival }) => arrival.target === target).length > 1;
  vendor.faults = (arrival) => (isRetry(arrival) ? { kind: 'hold', until: release.promise } : answer(503));
  const first = server.ask(READ_MANY, { ids: ['requestor:11', 'requestor:12', 'requestor:13'] });
  await until(() => expect(vendor.ledger).toHaveLength(6));
  const { errors } = await server.ask(READ_MANY, { ids: ['requestor:21', 'requestor:22', 'requestor:23'] });
  expect(errors).toHaveLength(3);
  expect(vendor.ledger).toHaveLength(9);
  release.resolve();
  expect((await first).errors).toBeUndefined();
});

test('the retry budget is available again after many failures', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  const vendor = server.vendor('requestor');
  await server.ask(READ_MANY, { ids: requestorIds(200, 1000) });
  vendor.faults = () => answer(503);
  for (let storm = 0; storm < 4; storm += 1) {
    await server.ask(READ_MANY, { ids: requestorIds(10, 3000) });
  }
  server.forget();
  await server.ask(READ, { id: 'requestor:47' });
  expect(server.calls('requestor')).toHaveLength(3);
});

test.each(SIGNED_IN)('a failing sign-in of %s is attempted three times by one read, not nine', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const vendor = server.vendor(key);
  vendor.faults = (arrival) => (isSignIn(arrival) ? answer(503) : undefined);
  expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_UNAVAILABLE', retryable: true });
  expect(signIns(vendor)).toBe(3);
  expect(server.calls(key)).toEqual([]);
});

test.each(SIGNED_IN)(
  'a failing sign-in of %s is attempted three times by many reads and a write together',
  async (key, id) => {
    const server = await startTestServer({ keys: [key] });
    const vendor = server.vendor(key);
    const all = Promise.withResolvers<void>();
    vendor.vendor.handle = () => ({ status: 503 });
    // The first sign-in is answered when all callers wait for it. A later caller would start another.
    vendor.faults = (arrival) => (isSignIn(arrival) ? { kind: 'hold', until: all.promise } : undefined);
    const pending = Promise.all([
      server.ask(WRITE, { id, action: samplesOf(key).samples.action }),
      ...Array.from({ length: 10 }, () => server.ask(READ, { id })),
    ]);
    await passTime(server);
    all.resolve();
    const [write, ...reads] = await pending;
    expect(write.data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ retryable: true }] });
    for (const { errors } of reads) expect(errors?.[0]?.extensions?.['code']).toBe('VENDOR_UNAVAILABLE');
    expect(signIns(vendor)).toBe(3);
    expect(server.calls(key)).toEqual([]);
  },
);

test.each(SIGNED_IN)('a rejected sign-in of %s is not retried', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const vendor = server.vendor(key);
  vendor.faults = (arrival) => (isSignIn(arrival) ? answer(401) : undefined);
  expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED', retryable: false });
  expect(signIns(vendor)).toBe(1);
});

/** Signed in, with tokens that have since expired. */
async function startExpired(key: string, id: string): Promise<TestServer> {
  const server = await startTestServer({ keys: [key] });
  await server.ask(READ, { id });
  server.vendor(key).vendor.expireTokens!();
  server.forget();
  return server;
}

test.each(SIGNED_IN)('after a 401 of %s, one sign-in follows and a read is sent once more', async (key, id) => {
  const server = await startExpired(key, id);
  expect((await server.ask(READ, { id })).errors).toBeUndefined();
  expect(server.calls(key).map(({ status }) => status)).toEqual([401, 200]);
  expect(signIns(server.vendor(key))).toBe(1);
});

test.each(SIGNED_IN)('after 401s of %s to many calls, one sign-in follows', async (key, id) => {
  const server = await startExpired(key, id);
  await Promise.all([
    ...Array.from({ length: 8 }, () => server.ask(READ, { id })),
    server.ask(WRITE, { id, action: samplesOf(key).samples.action }),
  ]);
  expect(signIns(server.vendor(key))).toBe(1);
  expect(server.vendor(key).effects).toHaveLength(1);
});

test.each(SIGNED_IN)('after a 401 of %s, a write is sent once more and carried out once', async (key, id) => {
  const server = await startExpired(key, id);
  const { data } = await server.ask(WRITE, { id, action: samplesOf(key).samples.action });
  expect(data.done).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(server.calls(key).map(({ status }) => status)).toEqual([401, samplesOf(key).samples.acceptedStatus]);
  expect(server.vendor(key).effects).toHaveLength(1);
});

test.each(READS.flatMap(([key, id]) => [[key, 'read', id] as const, [key, 'write', id] as const]))(
  'after a second 401 of %s, there is no further attempt: %s',
  async (key, kind, id) => {
    const server = await startTestServer({ keys: [key] });
    const vendor = server.vendor(key);
    await server.ask(READ, { id });
    server.forget();
    vendor.faults = onCalls(() => answer(401));
    const renews = samplesOf(key).samples.signIn !== undefined;
    if (kind === 'read') {
      expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED', retryable: false });
    } else {
      expect((await server.ask(WRITE, { id, action: samplesOf(key).samples.action })).data.done).toMatchObject({
        outcome: 'NOT_APPLIED',
        problems: [{ code: 'VENDOR_UNAUTHENTICATED', retryable: false }],
      });
    }
    expect(server.calls(key)).toHaveLength(renews ? 2 : 1);
    expect(signIns(vendor)).toBe(renews ? 1 : 0);
    expect(vendor.effects).toEqual([]);
  },
);

test.each(SIGNED_IN)('after a 401 of %s and a failure, a second 401 leads to no second renewal', async (key, id) => {
  const server = await startExpired(key, id);
  server.vendor(key).faults = onCalls((call) => answer([401, 503, 401, 401][call - 1]!));
  expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED' });
  expect(server.calls(key).map(({ status }) => status)).toEqual([401, 503, 401]);
  expect(signIns(server.vendor(key))).toBe(1);
});

test.each(SIGNED_IN)('a write to %s is NOT_APPLIED if the sign-in after a 401 fails', async (key, id) => {
  const server = await startExpired(key, id);
  server.vendor(key).faults = (arrival) => (isSignIn(arrival) ? answer(503) : undefined);
  const { data } = await server.ask(WRITE, {
    id,
    action: samplesOf(key).samples.action,
  });
  expect(data.done).toMatchObject({
    outcome: 'NOT_APPLIED',
    problems: [{ code: 'VENDOR_UNAVAILABLE', retryable: true }],
  });
  expect(server.calls(key).map(({ status }) => status)).toEqual([401]);
  expect(server.vendor(key).effects).toEqual([]);
});

test('a write whose connection is refused is retried, and carried out once by a vendor that starts late', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.9);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const port = LATE_PORT;
  const refused = countRefused(port);
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { OMNIDESK_URL: `http://127.0.0.1:${port}` },
  });
  const started = refused.first.then(async () => startVendor(await loadSimulation('omnidesk'), { port }));
  const { data } = await server.ask(WRITE, { id: 'omnidesk:858462', action: 'status.solved' });
  const late = await started;
  onTestFinished(() => late.close());
  expect(data.done).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(refused.count).toBeGreaterThan(0);
  expect(late.ledger).toHaveLength(1);
  expect(late.effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
});

test('a write is NOT_APPLIED after three refused connections, and may be retried', async () => {
  const refused = countRefused(CLOSED_PORT);
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { OMNIDESK_URL: `http://127.0.0.1:${CLOSED_PORT}` },
  });
  const { data } = await server.ask(WRITE, { id: 'omnidesk:858462', action: 'status.solved' });
  expect(data.done).toMatchObject({
    outcome: 'NOT_APPLIED',
    problems: [{ code: 'VENDOR_UNAVAILABLE', retryable: true }],
  });
  expect(refused.count).toBe(3);
});

test('a write after the vendor closed the connection is carried out once', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const vendor = server.vendor('omnidesk');
  const closing = {
    kind: 'answer',
    applied: true,
    reply: { status: 200, headers: { connection: 'close' } },
  } as const;
  vendor.faults = () => closing;
  for (const action of ['status.open', 'status.solved', 'status.closed']) {
    const { data } = await server.ask(WRITE, { id: 'omnidesk:858462', action });
    expect(data.done.outcome).toBe('APPLIED');
  }
  expect(vendor.effects.map(({ what }) => what)).toEqual(['setStatus open', 'setStatus solved', 'setStatus closed']);
});

/** Counts refused connections of this process to a port, as reported by its sockets. */
function countRefused(port: number): { readonly count: number; readonly first: Promise<void> } {
  const first = Promise.withResolvers<void>();
  let count = 0;
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('error', (error: NodeJS.ErrnoException & { port?: number }) => {
      if (error.code !== 'ECONNREFUSED' || error.port !== port) return;
      count += 1;
      first.resolve();
    });
  };
  subscribe('net.client.socket', onSocket);
  onTestFinished(() => {
    unsubscribe('net.client.socket', onSocket);
  });
  return {
    get count() {
      return count;
    },
    first: first.promise,
  };
}
