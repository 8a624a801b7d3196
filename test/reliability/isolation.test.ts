/** Isolation of vendors: slots, queue and circuit breaker. Checked by the ledgers. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { PendingRequest, type RequestPolicy, type UpstreamContext } from '../../datasources/upstream/attempts.ts';
import { Bulkhead } from '../../datasources/upstream/bulkhead.ts';
import type { CallResult } from '../../datasources/upstream/circuit-breaker.ts';
import { NEVER_ABORTS } from '../../datasources/upstream/request-lifetime.ts';
import { createPauses } from '../../datasources/upstream/retry-after.ts';
import { createRetryBudget } from '../../datasources/upstream/retry-policy.ts';
import type { Transport } from '../../datasources/upstream/transport/transport.ts';
import { LightAbortController } from '../../datasources/vendor-kit/abort.ts';
import type { AbortSignalLike, UpstreamAnswer } from '../../datasources/contract.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import { SAMPLED, type Sampled } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const READ = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const DELETE = `mutation ($ids: [ID!]!) { done: deleteTickets(input: { ticketIds: $ids }) {
  outcome results { outcome problem { code retryable } } } }`;
/** An action that no read can verify, so that a push is exactly one call. */
const PUSH = `mutation { done: pushWorkflow(input: { ticketId: "requestor:47", action: "999" }) {
  outcome problems { code retryable } } }`;

/** For a client that does not disconnect. */
const NEVER = new AbortController().signal;

function omnideskIds(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => `omnidesk:${from + index}`);
}

interface Info {
  readonly key: string;
  readonly breaker: string;
  readonly reachable: boolean | null;
  readonly queued: number;
}

async function infoOf(server: TestServer, key: string): Promise<Info> {
  const { data } = await server.ask('{ vendors { key breaker reachable queued } }');
  return (data.vendors as Info[]).find((info) => info.key === key.toUpperCase())!;
}

/** Requests that the vendor has not answered yet. */
function openAt({ ledger }: RunningVendor): number {
  return ledger.filter(({ end }) => end === undefined).length;
}

test('a vendor never gets more concurrent calls than its CONCURRENCY, reads and writes together', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '3' } });
  const vendor = server.vendor('omnidesk');
  const concurrent: number[] = [];
  vendor.faults = () => {
    concurrent.push(openAt(vendor));
    return { kind: 'delay', delayMs: 5 };
  };
  const ids = vendor.vendor.ticketIds().map((id) => `omnidesk:${id}`);
  const [reading, writing] = await Promise.all([
    server.ask(READ, { ids: ids.slice(0, 30) }),
    server.ask(DELETE, { ids: ids.slice(30, 40) }),
  ]);
  expect(reading.errors).toBeUndefined();
  expect(writing.data.done.outcome).toBe('APPLIED');
  expect(concurrent).toHaveLength(40);
  expect(Math.max(...concurrent)).toBe(3);
});

test('all ids of one field fit into the queue of a vendor with a single slot', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const { data, errors } = await server.ask(READ, { ids: omnideskIds(200) });
  expect(errors).toBeUndefined();
  expect(data.ticketsById).toEqual(Array(200).fill(null));
});

test('calls beyond the queue limit are rejected with VENDOR_OVERLOADED and never sent', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const reading = Promise.all([
    server.ask(READ, { ids: omnideskIds(150) }),
    server.ask(READ, { ids: omnideskIds(51, 151) }),
  ]);
  await until(async () => expect((await infoOf(server, 'omnidesk')).queued).toBe(200));
  const late = await server.ask(READ, { ids: omnideskIds(2, 900) });
  expect(late.errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['retryable']])).toEqual([
    ['VENDOR_OVERLOADED', true],
    ['VENDOR_OVERLOADED', true],
  ]);
  const write = await server.ask(DELETE, { ids: ['omnidesk:858462'] });
  expect(write.data.done).toEqual({
    outcome: 'NOT_APPLIED',
    results: [{ outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_OVERLOADED', retryable: true } }],
  });
  release.resolve();
  expect((await reading).map(({ errors }) => errors)).toEqual([undefined, undefined]);
  expect(server.calls('omnidesk')).toHaveLength(201);
  expect(vendor.effects).toEqual([]);
});

test('a write that was queued, sent and never answered is UNKNOWN', async () => {
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { OMNIDESK_CONCURRENCY: '1', OMNIDESK_TIMEOUT_MS: '2000' },
  });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = ({ method }) =>
    method === 'DELETE' ? { kind: 'silent', applied: false } : { kind: 'hold', until: release.promise };
  const reading = server.ask(READ, { ids: ['omnidesk:858462'] });
  await until(() => expect(vendor.ledger).toHaveLength(1));
  const writing = server.ask(DELETE, { ids: ['omnidesk:858462'] });
  await until(async () => expect((await infoOf(server, 'omnidesk')).queued).toBe(1));
  release.resolve();
  await reading;
  expect((await writing).data.done).toEqual({
    outcome: 'UNKNOWN',
    results: [{ outcome: 'UNKNOWN', problem: { code: 'OUTCOME_UNKNOWN', retryable: false } }],
  });
  expect(vendor.ledger.filter(({ arrival }) => arrival.method === 'DELETE')).toHaveLength(1);
});

test('a write whose deadline passes in the queue is never sent, and may be retried', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const reading = server.ask(READ, { ids: ['omnidesk:858462'] });
  await until(() => expect(vendor.ledger).toHaveLength(1));
  const { upstream } = server.sources.connected.get('omnidesk')!;
  const sending = await upstream.send(
    { method: 'DELETE', path: '/api/v2/ticket/858462', headers: {} },
    { signal: NEVER, deadlineAt: performance.now() + 100, requestKey: {} },
  );
  expect(sending).toMatchObject({ wasSent: false, failure: { details: { kind: 'timeout' } } });
  release.resolve();
  await reading;
  expect(vendor.ledger.map(({ arrival }) => arrival.method)).toEqual(['GET']);
});

test('calls of clients that disconnect leave the queue', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const first = server.ask(READ, { ids: ['omnidesk:858462'] });
  await until(() => expect(vendor.ledger).toHaveLength(1));
  const leaver = new AbortController();
  const leaving = server.ask(READ, { ids: omnideskIds(200) }, { signal: leaver.signal });
  await until(async () => expect((await infoOf(server, 'omnidesk')).queued).toBe(200));
  leaver.abort();
  await expect(leaving).rejects.toThrow();
  await until(async () => expect((await infoOf(server, 'omnidesk')).queued).toBe(0));
  const behind = server.ask(READ, { ids: omnideskIds(2, 700) });
  await until(async () => expect((await infoOf(server, 'omnidesk')).queued).toBe(2));
  release.resolve();
  expect((await first).errors).toBeUndefined();
  expect((await behind).errors).toBeUndefined();
  expect(server.calls('omnidesk')).toHaveLength(3);
});

test('a vendor that hangs does not delay calls to others, not even in the same request', async () => {
  const server = await startTestServer();
  const release = Promise.withResolvers<void>();
  const [last, hanging, ...others] = SAMPLED.toReversed() as [Sampled, Sampled, ...Sampled[]];
  server.vendor(hanging.key).faults = () => ({ kind: 'hold', until: release.promise });
  const order: string[] = [];
  const alone = server.ask(READ, { ids: [hanging.id] }).then(() => order.push('alone'));
  await until(() => expect(server.vendor(hanging.key).ledger.length).toBeGreaterThan(0));
  for (const { id } of others) {
    const { data } = await server.ask(READ, { ids: [id] });
    expect(data.ticketsById).toEqual([{ id }]);
    order.push(id);
  }
  const both = server.ask(READ, { ids: [hanging.id, last.id] }).then(() => order.push('both'));
  await until(() => expect(server.calls(last.key).map(({ end }) => end)).toEqual(['answered']));
  expect(order).toEqual(others.map(({ id }) => id));
  release.resolve();
  await Promise.all([alone, both]);
  expect(order).toHaveLength(others.length + 2);
});

test('a vendor whose slots and queue are full does not affect others', async () => {
  const server = await startTestServer({
    keys: ['requestor', 'omnidesk'],
    environment: { REQUESTOR_CONCURRENCY: '1', OMNIDESK_CONCURRENCY: '1' },
  });
  const release = Promise.withResolvers<void>();
  server.vendor('requestor').faults = () => ({ kind: 'hold', until: release.promise });
  const filling = Promise.all(
    [0, 1].map((part) =>
      server.ask(READ, { ids: Array.from({ length: 120 }, (_, index) => `requestor:${1000 + 200 * part + index}`) }),
    ),
  );
  await until(() => expect(server.vendor('requestor').ledger).toHaveLength(1));
  const { data } = await server.ask(READ, { ids: ['omnidesk:858462'] });
  expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
  release.resolve();
  await filling;
});

const read = (server: TestServer, count: number, from = 1): Promise<unknown> =>
  server.ask(READ, { ids: Array.from({ length: count }, (_, index) => `requestor:${from + index}`) });

const SERVER_ERROR: Fault = { kind: 'answer', applied: false, reply: { status: 500 } };

test.each<readonly [string, Fault]>([
  ['statuses of 500 and more', SERVER_ERROR],
  ['connections that are reset', { kind: 'reset', applied: false }],
  ['timeouts', { kind: 'silent', applied: false }],
])('the circuit opens at twenty calls of which half failed: %s', async (_, fault) => {
  const server = await startTestServer({ keys: ['requestor'], environment: { REQUESTOR_TIMEOUT_MS: '1500' } });
  const vendor = server.vendor('requestor');
  await read(server, 10, 20);
  vendor.faults = () => fault;
  await Promise.all(Array.from({ length: 9 }, () => server.ask(PUSH)));
  expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'CLOSED' });
  await server.ask(PUSH);
  expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'OPEN', reachable: false });
  expect(vendor.ledger).toHaveLength(20);
});

test('the circuit stays closed if more than half of the calls succeed', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  await read(server, 21, 20);
  server.vendor('requestor').faults = () => SERVER_ERROR;
  for (let push = 0; push < 20; push += 1) await server.ask(PUSH);
  expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'CLOSED', reachable: true });
  expect(server.vendor('requestor').ledger).toHaveLength(41);
});

test('an open circuit rejects all calls: reads fail immediately, and a write is NOT_APPLIED and may be retried', async () => {
  const server = await startTestServer({ keys: ['requestor', 'omnidesk'] });
  const vendor = server.vendor('requestor');
  vendor.faults = () => SERVER_ERROR;
  await read(server, 30);
  expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'OPEN', reachable: false });
  vendor.faults = undefined;
  server.forget();
  const { errors } = await server.ask(READ, { ids: ['requestor:47'] });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'VENDOR_UNAVAILABLE',
    vendor: 'REQUESTOR',
    retryable: true,
  });
  expect((await server.ask(PUSH)).data.done).toEqual({
    outcome: 'NOT_APPLIED',
    problems: [{ code: 'VENDOR_UNAVAILABLE', retryable: true }],
  });
  expect(vendor.ledger).toEqual([]);
  expect(await infoOf(server, 'omnidesk')).toMatchObject({ breaker: 'CLOSED' });
  expect((await server.ask(READ, { ids: ['omnidesk:858462'] })).errors).toBeUndefined();
});

test.each([400, 401, 403, 404, 409, 422, 429])(
  'the circuit is not opened by many answers with status %i',
  async (status) => {
    const server = await startTestServer({ keys: ['requestor'] });
    server.vendor('requestor').faults = () => ({ kind: 'answer', applied: false, reply: { status } });
    await read(server, 60);
    expect(server.vendor('requestor').ledger).toHaveLength(60);
    expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'CLOSED', reachable: true });
  },
);

test('the circuit is not opened by clients that disconnect', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  const vendor = server.vendor('requestor');
  vendor.faults = () => ({ kind: 'silent', applied: false });
  const leaver = new AbortController();
  const ids = Array.from({ length: 30 }, (_, index) => `requestor:${index + 10}`);
  const leaving = server.ask(READ, { ids }, { signal: leaver.signal });
  await until(() => expect(vendor.ledger).toHaveLength(30));
  leaver.abort();
  await expect(leaving).rejects.toThrow();
  await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(Array(30).fill('cut')));
  expect(await infoOf(server, 'requestor')).toMatchObject({ breaker: 'CLOSED' });
  vendor.faults = undefined;
  expect((await server.ask(READ, { ids: ['requestor:47'] })).errors).toBeUndefined();
});

/** Acquires a slot, and releases it with the result of `run`. */
async function goThrough(
  bulkhead: Bulkhead,
  run: () => CallResult | Promise<CallResult>,
  signal: AbortSignalLike = NEVER_ABORTS,
): Promise<CallResult> {
  const slot = await bulkhead.acquire(undefined, signal);
  const result = await run();
  bulkhead.release(slot, result);
  return result;
}

const fail = (): CallResult => 'failed';

test('the circuit breaker forgets failures after a minute, however few calls there are', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const bulkhead = new Bulkhead({ concurrency: 20, queueLimit: 100 });
  for (let call = 0; call < 19; call += 1) await goThrough(bulkhead, fail);
  vi.advanceTimersByTime(61_000);
  for (let call = 0; call < 19; call += 1) await goThrough(bulkhead, fail);
  expect(bulkhead.state).toBe('CLOSED');
  await goThrough(bulkhead, fail);
  expect(bulkhead.state).toBe('OPEN');
});

test('the circuit is open for calls that fail in the same tick as the one that opened it', async () => {
  const bulkhead = new Bulkhead({ concurrency: 30, queueLimit: 100 });
  const slots = await Promise.all(Array.from({ length: 25 }, async () => bulkhead.acquire(undefined, NEVER_ABORTS)));
  const states = slots.map((slot) => {
    bulkhead.release(slot, 'failed');
    return bulkhead.state;
  });
  expect(states).toEqual([...Array(19).fill('CLOSED'), ...Array(6).fill('OPEN')]);
  expect([bulkhead.active, bulkhead.state]).toEqual([0, 'OPEN']);
});

test('calls that wait when the circuit opens are rejected without being sent', async () => {
  const bulkhead = new Bulkhead({ concurrency: 20, queueLimit: 100 });
  for (let call = 0; call < 19; call += 1) await goThrough(bulkhead, fail);
  const slots = await Promise.all(Array.from({ length: 20 }, async () => bulkhead.acquire(undefined, NEVER_ABORTS)));
  const run = vi.fn((): CallResult => 'answered');
  const waiting = Promise.allSettled([1, 2, 3].map(() => goThrough(bulkhead, run)));
  expect(bulkhead.queued).toBe(3);
  bulkhead.release(slots[0]!, 'failed');
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(run).not.toHaveBeenCalled();
  expect([bulkhead.active, bulkhead.queued]).toEqual([19, 0]);
});

/** A bulkhead whose circuit has been open for so long that it allows probes. */
async function createReadyToProbe(concurrency = 20): Promise<Bulkhead> {
  const bulkhead = new Bulkhead({ concurrency, queueLimit: 100, openMs: 300 });
  for (let call = 0; call < 20; call += 1) await goThrough(bulkhead, fail);
  expect(bulkhead.state).toBe('OPEN');
  const run = vi.fn((): CallResult => 'answered');
  await expect(goThrough(bulkhead, run)).rejects.toMatchObject({ details: { kind: 'unavailable' } });
  expect(run).not.toHaveBeenCalled();
  await new Promise((resolve) => setTimeout(resolve, 350));
  return bulkhead;
}

test('the circuit closes when most of five probes succeed, and allows no other call before', async () => {
  const bulkhead = await createReadyToProbe();
  const release = Promise.withResolvers<void>();
  const begun: number[] = [];
  const calls = Array.from({ length: 12 }, (_, index) =>
    goThrough(bulkhead, async () => {
      begun.push(index);
      await release.promise;
      return index < 2 ? 'failed' : 'answered';
    }),
  );
  await until(() => expect(begun).toEqual([0, 1, 2, 3, 4]));
  expect(bulkhead.state).toBe('HALF_OPEN');
  release.resolve();
  expect(await Promise.all(calls)).toEqual(['failed', 'failed', ...Array(10).fill('answered')]);
  expect(bulkhead.state).toBe('CLOSED');
  expect([bulkhead.active, bulkhead.queued]).toEqual([0, 0]);
});

test('the circuit opens again when most probes fail, and waiting calls are rejected without being sent', async () => {
  const bulkhead = await createReadyToProbe();
  const run = vi.fn(fail);
  const calls = await Promise.allSettled(Array.from({ length: 12 }, () => goThrough(bulkhead, run)));
  expect(bulkhead.state).toBe('OPEN');
  expect(run.mock.calls.length).toBeLessThanOrEqual(5);
  expect(calls.filter(({ status }) => status === 'rejected')).toHaveLength(12 - run.mock.calls.length);
  expect(bulkhead.active).toBe(0);
});

test('probes whose clients disconnect before there is an answer do not close the circuit', async () => {
  const bulkhead = await createReadyToProbe();
  await Promise.allSettled(Array.from({ length: 5 }, () => goThrough(bulkhead, () => 'unknown')));
  expect(bulkhead.state).not.toBe('CLOSED');
});

test('a call that waits for the probes ends with its client, and one that has started does not', async () => {
  const bulkhead = await createReadyToProbe();
  const release = Promise.withResolvers<void>();
  const signals = Array.from({ length: 6 }, () => new LightAbortController());
  const probe = async (): Promise<CallResult> => {
    await release.promise;
    return 'answered';
  };
  const probes = signals.slice(0, 5).map((signal) => goThrough(bulkhead, probe, signal));
  const run = vi.fn((): CallResult => 'answered');
  const waiting = goThrough(bulkhead, run, signals[5]);
  expect([bulkhead.active, bulkhead.queued]).toEqual([5, 1]);
  for (const signal of signals) signal.abort();
  await expect(waiting).rejects.toThrow();
  expect([bulkhead.active, bulkhead.queued]).toEqual([5, 0]);
  release.resolve();
  expect(await Promise.all(probes)).toEqual(Array(5).fill('answered'));
  expect([bulkhead.active, bulkhead.queued]).toEqual([0, 0]);
  expect(run).not.toHaveBeenCalled();
});

const OK: UpstreamAnswer = { status: 200, headers: {}, text: '' };

/** A request that is sent with `send`. */
function createRequest(bulkhead: Bulkhead, send: Transport['send'], path = '/'): PendingRequest {
  const policy: RequestPolicy = {
    transport: { send, close: async () => undefined },
    outlivesCaller: false,
    toFailure: () => undefined,
    canRetry: () => false,
  };
  const context: UpstreamContext = {
    signIn: { authorize: () => ({}), preview: {} },
    bulkhead,
    budget: createRetryBudget(),
    pauses: createPauses(),
    timeoutMs: 10_000,
    narrow: () => undefined,
    track: () => undefined,
    setReachable: () => undefined,
    proxySecrets: [],
    toUnreachable: () => ({ kind: 'unavailable' }),
  };
  const call = { signal: NEVER_ABORTS, deadlineAt: Infinity, requestKey: {} };
  return new PendingRequest(context, policy, { method: 'GET', path, headers: {} }, call);
}

test('a waiting request is never sent if it is canceled in the tick in which it gets its slot', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueLimit: 3 });
  const sent: string[] = [];
  const send: Transport['send'] = async ({ target }) => {
    sent.push(target);
    return OK;
  };
  const first = await bulkhead.acquire(undefined, NEVER_ABORTS);
  const [second, third] = [createRequest(bulkhead, send, '/second'), createRequest(bulkhead, send, '/third')];
  const performing = [second.perform(), third.perform()] as const;
  await until(() => expect(bulkhead.queued).toBe(2));
  bulkhead.release(first, 'answered');
  second.cancel();
  expect(await performing[0]).toMatchObject({ failure: { details: { kind: 'timeout' } }, wasSent: false });
  expect(await performing[1]).toEqual({ answer: OK });
  expect(sent).toEqual(['/third']);
  expect([bulkhead.active, bulkhead.queued]).toEqual([0, 0]);
});

test('an unexpected error after a cancellation is not reported as a request that was not sent', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueLimit: 3 });
  const request = createRequest(bulkhead, () => {
    request.cancel();
    return Promise.reject(new TypeError('unexpected'));
  });
  await expect(request.perform()).rejects.toThrow('unexpected');
  expect(bulkhead.active).toBe(0);
});
