/** What one vendor's trouble may cost the others, and its own calls: places, queue, breaker. Judged by the ledgers. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createBulkhead,
  type Bulkhead,
  type CallResult,
  type QueuedCall,
} from '../../datasources/upstream/bulkhead.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import { SAMPLED, type Sampled } from '../support/samples.ts';
import { startWorld, type World } from '../support/sandbox.ts';

const READ = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const DELETE = `mutation ($ids: [ID!]!) { done: deleteTickets(input: { ticketIds: $ids }) {
  outcome results { outcome problem { code retryable } } } }`;
/** An action of which no read could say whether it was done, so that a push is exactly one call. */
const PUSH = `mutation { done: pushWorkflow(input: { ticketId: "requestor:47", action: "999" }) {
  outcome problems { code retryable } } }`;

/** Of a caller that stays. */
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

async function infoOf(world: World, key: string): Promise<Info> {
  const { data } = await world.ask('{ vendors { key breaker reachable queued } }');
  return (data.vendors as Info[]).find((info) => info.key === key.toUpperCase())!;
}

/** Requests that the vendor has not answered yet. */
function openAt({ ledger }: RunningVendor): number {
  return ledger.filter(({ end }) => end === undefined).length;
}

function until<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 60_000, interval: 5 });
}

describe('places', () => {
  test('a vendor never sees more calls at once than its CONCURRENCY, reads and writes together', async () => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '3' } });
    const vendor = world.vendor('omnidesk');
    const atOnce: number[] = [];
    vendor.faults = () => {
      atOnce.push(openAt(vendor));
      return { kind: 'delay', delayMs: 5 };
    };
    const ids = vendor.vendor.ticketIds().map((id) => `omnidesk:${id}`);
    const [reading, writing] = await Promise.all([
      world.ask(READ, { ids: ids.slice(0, 30) }),
      world.ask(DELETE, { ids: ids.slice(30, 40) }),
    ]);
    expect(reading.errors).toBeUndefined();
    expect(writing.data.done.outcome).toBe('APPLIED');
    expect(atOnce).toHaveLength(40);
    expect(Math.max(...atOnce)).toBe(3);
  });

  test('all ids of one field fit into the queue of a vendor with a single place', async () => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
    const { data, errors } = await world.ask(READ, { ids: omnideskIds(200) });
    expect(errors).toBeUndefined();
    expect(data.ticketsById).toEqual(Array(200).fill(null));
  });

  test('what does not fit into the queue is refused with VENDOR_OVERLOADED, and never sent', async () => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const reading = Promise.all([
      world.ask(READ, { ids: omnideskIds(150) }),
      world.ask(READ, { ids: omnideskIds(51, 151) }),
    ]);
    await until(async () => expect((await infoOf(world, 'omnidesk')).queued).toBe(200));
    const late = await world.ask(READ, { ids: omnideskIds(2, 900) });
    expect(late.errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['retryable']])).toEqual([
      ['VENDOR_OVERLOADED', true],
      ['VENDOR_OVERLOADED', true],
    ]);
    const write = await world.ask(DELETE, { ids: ['omnidesk:858462'] });
    expect(write.data.done).toEqual({
      outcome: 'NOT_APPLIED',
      results: [{ outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_OVERLOADED', retryable: true } }],
    });
    release.resolve();
    expect((await reading).map(({ errors }) => errors)).toEqual([undefined, undefined]);
    expect(world.calls('omnidesk')).toHaveLength(201);
    expect(vendor.effects).toEqual([]);
  });

  test('a write that had to wait for its turn, was sent and never answered, is UNKNOWN', async () => {
    const world = await startWorld({
      keys: ['omnidesk'],
      environment: { OMNIDESK_CONCURRENCY: '1', OMNIDESK_TIMEOUT_MS: '2000' },
    });
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = ({ method }) =>
      method === 'DELETE' ? { kind: 'silent', applied: false } : { kind: 'hold', until: release.promise };
    const reading = world.ask(READ, { ids: ['omnidesk:858462'] });
    await until(() => expect(vendor.ledger).toHaveLength(1));
    const writing = world.ask(DELETE, { ids: ['omnidesk:858462'] });
    await until(async () => expect((await infoOf(world, 'omnidesk')).queued).toBe(1));
    release.resolve();
    await reading;
    expect((await writing).data.done).toEqual({
      outcome: 'UNKNOWN',
      results: [{ outcome: 'UNKNOWN', problem: { code: 'OUTCOME_UNKNOWN', retryable: false } }],
    });
    expect(vendor.ledger.filter(({ arrival }) => arrival.method === 'DELETE')).toHaveLength(1);
  });

  test('a write whose time is up before its turn was never sent, and may be tried again', async () => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const reading = world.ask(READ, { ids: ['omnidesk:858462'] });
    await until(() => expect(vendor.ledger).toHaveLength(1));
    const { upstream } = world.sources.connected.get('omnidesk')!;
    const sending = await upstream.send(
      { method: 'DELETE', path: '/api/v2/ticket/858462', headers: {} },
      { signal: NEVER, deadlineAt: performance.now() + 100, requestKey: {} },
    );
    expect(sending).toMatchObject({ wasSent: false, failure: { details: { kind: 'timeout' } } });
    release.resolve();
    await reading;
    expect(vendor.ledger.map(({ arrival }) => arrival.method)).toEqual(['GET']);
  });

  test('callers that leave give up their places in the queue, and those behind them move up', async () => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const first = world.ask(READ, { ids: ['omnidesk:858462'] });
    await until(() => expect(vendor.ledger).toHaveLength(1));
    const leaver = new AbortController();
    const leaving = world.ask(READ, { ids: omnideskIds(200) }, { signal: leaver.signal });
    await until(async () => expect((await infoOf(world, 'omnidesk')).queued).toBe(200));
    leaver.abort();
    await expect(leaving).rejects.toThrow();
    await until(async () => expect((await infoOf(world, 'omnidesk')).queued).toBe(0));
    const behind = world.ask(READ, { ids: omnideskIds(2, 700) });
    await until(async () => expect((await infoOf(world, 'omnidesk')).queued).toBe(2));
    release.resolve();
    expect((await first).errors).toBeUndefined();
    expect((await behind).errors).toBeUndefined();
    expect(world.calls('omnidesk')).toHaveLength(3);
  });
});

describe('one vendor that hangs', () => {
  test("holds up none of the others' calls, also in the same request", async () => {
    const world = await startWorld();
    const release = Promise.withResolvers<void>();
    const [last, hanging, ...others] = SAMPLED.toReversed() as [Sampled, Sampled, ...Sampled[]];
    world.vendor(hanging.key).faults = () => ({ kind: 'hold', until: release.promise });
    const order: string[] = [];
    const alone = world.ask(READ, { ids: [hanging.id] }).then(() => order.push('alone'));
    await until(() => expect(world.vendor(hanging.key).ledger.length).toBeGreaterThan(0));
    for (const { id } of others) {
      const { data } = await world.ask(READ, { ids: [id] });
      expect(data.ticketsById).toEqual([{ id }]);
      order.push(id);
    }
    const both = world.ask(READ, { ids: [hanging.id, last.id] }).then(() => order.push('both'));
    await until(() => expect(world.calls(last.key).map(({ end }) => end)).toEqual(['answered']));
    expect(order).toEqual(others.map(({ id }) => id));
    release.resolve();
    await Promise.all([alone, both]);
    expect(order).toHaveLength(others.length + 2);
  });

  test('and fills all its places and its queue leaves the others their own', async () => {
    const world = await startWorld({
      keys: ['requestor', 'omnidesk'],
      environment: { REQUESTOR_CONCURRENCY: '1', OMNIDESK_CONCURRENCY: '1' },
    });
    const release = Promise.withResolvers<void>();
    world.vendor('requestor').faults = () => ({ kind: 'hold', until: release.promise });
    const filling = Promise.all(
      [0, 1].map((part) =>
        world.ask(READ, { ids: Array.from({ length: 120 }, (_, index) => `requestor:${1000 + 200 * part + index}`) }),
      ),
    );
    await until(() => expect(world.vendor('requestor').ledger).toHaveLength(1));
    const { data } = await world.ask(READ, { ids: ['omnidesk:858462'] });
    expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
    release.resolve();
    await filling;
  });
});

describe('the breaker', () => {
  const read = (world: World, count: number, from = 1): Promise<unknown> =>
    world.ask(READ, { ids: Array.from({ length: count }, (_, index) => `requestor:${from + index}`) });

  const SERVER_ERROR: Fault = { kind: 'answer', applied: false, reply: { status: 500 } };

  test.each<readonly [string, Fault]>([
    ['statuses of 500 and more', SERVER_ERROR],
    ['connections that are reset', { kind: 'reset', applied: false }],
    ['timeouts', { kind: 'silent', applied: false }],
  ])('opens at twenty calls of which half failed: %s', async (_, fault) => {
    const world = await startWorld({ keys: ['requestor'], environment: { REQUESTOR_TIMEOUT_MS: '1500' } });
    const vendor = world.vendor('requestor');
    await read(world, 10, 20);
    vendor.faults = () => fault;
    await Promise.all(Array.from({ length: 9 }, () => world.ask(PUSH)));
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'CLOSED' });
    await world.ask(PUSH);
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'OPEN', reachable: false });
    expect(vendor.ledger).toHaveLength(20);
  });

  test('stays closed where more than half succeed', async () => {
    const world = await startWorld({ keys: ['requestor'] });
    await read(world, 21, 20);
    world.vendor('requestor').faults = () => SERVER_ERROR;
    for (let push = 0; push < 20; push += 1) await world.ask(PUSH);
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'CLOSED', reachable: true });
    expect(world.vendor('requestor').ledger).toHaveLength(41);
  });

  test('open, lets no call through: reads fail at once, and a write is NOT_APPLIED and may be tried again', async () => {
    const world = await startWorld({ keys: ['requestor', 'omnidesk'] });
    const vendor = world.vendor('requestor');
    vendor.faults = () => SERVER_ERROR;
    await read(world, 30);
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'OPEN', reachable: false });
    vendor.faults = undefined;
    world.forget();
    const { errors } = await world.ask(READ, { ids: ['requestor:47'] });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'VENDOR_UNAVAILABLE',
      vendor: 'REQUESTOR',
      retryable: true,
    });
    expect((await world.ask(PUSH)).data.done).toEqual({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_UNAVAILABLE', retryable: true }],
    });
    expect(vendor.ledger).toEqual([]);
    expect(await infoOf(world, 'omnidesk')).toMatchObject({ breaker: 'CLOSED' });
    expect((await world.ask(READ, { ids: ['omnidesk:858462'] })).errors).toBeUndefined();
  });

  test.each([400, 401, 403, 404, 409, 422, 429])('is not opened by a storm of %i', async (status) => {
    const world = await startWorld({ keys: ['requestor'] });
    world.vendor('requestor').faults = () => ({ kind: 'answer', applied: false, reply: { status } });
    await read(world, 60);
    expect(world.vendor('requestor').ledger).toHaveLength(60);
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'CLOSED', reachable: true });
  });

  test('is not opened by callers that go away', async () => {
    const world = await startWorld({ keys: ['requestor'] });
    const vendor = world.vendor('requestor');
    vendor.faults = () => ({ kind: 'silent', applied: false });
    const leaver = new AbortController();
    const ids = Array.from({ length: 30 }, (_, index) => `requestor:${index + 10}`);
    const leaving = world.ask(READ, { ids }, { signal: leaver.signal });
    await until(() => expect(vendor.ledger).toHaveLength(30));
    leaver.abort();
    await expect(leaving).rejects.toThrow();
    await until(() => expect(vendor.ledger.map(({ end }) => end)).toEqual(Array(30).fill('cut')));
    expect(await infoOf(world, 'requestor')).toMatchObject({ breaker: 'CLOSED' });
    vendor.faults = undefined;
    expect((await world.ask(READ, { ids: ['requestor:47'] })).errors).toBeUndefined();
  });
});

/** Goes through the gate and ends as `visit` says; rejects where it is refused. */
function goThrough(
  gate: Bulkhead,
  visit: () => CallResult | Promise<CallResult>,
): Promise<CallResult> & { visitor: QueuedCall } {
  const { promise, resolve, reject } = Promise.withResolvers<CallResult>();
  const visitor: QueuedCall = {
    onAcquired() {
      void (async () => {
        const end = await visit();
        gate.release(visitor, end);
        resolve(end);
      })();
    },
    onRejected: reject,
  };
  gate.acquire(visitor);
  return Object.assign(promise, { visitor });
}

const fail = (): CallResult => 'failed';

describe('the breaker in time', () => {
  test('forgets after a minute, however seldom it is asked', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const gate = createBulkhead({ concurrency: 20, queueLimit: 100 });
    for (let call = 0; call < 19; call += 1) await goThrough(gate, fail);
    vi.setSystemTime(Date.now() + 61_000);
    for (let call = 0; call < 19; call += 1) await goThrough(gate, fail);
    expect(gate.state).toBe('CLOSED');
    await goThrough(gate, fail);
    expect(gate.state).toBe('OPEN');
  });

  test('is open at once for those who fail together with the one too many', async () => {
    const gate = createBulkhead({ concurrency: 30, queueLimit: 100 });
    const visitors = Array.from({ length: 25 }, (): QueuedCall => ({ onAcquired: vi.fn(), onRejected: vi.fn() }));
    for (const visitor of visitors) gate.acquire(visitor);
    const states = visitors.map((visitor) => {
      gate.release(visitor, 'failed');
      return gate.state;
    });
    expect(states).toEqual([...Array(19).fill('CLOSED'), ...Array(6).fill('OPEN')]);
    await until(() => expect([gate.active, gate.state]).toEqual([0, 'OPEN']));
  });

  /** A gate whose breaker has just opened, and the time that it stays so over. */
  async function openedGate(concurrency = 20): Promise<Bulkhead> {
    const gate = createBulkhead({ concurrency, queueLimit: 100, openMs: 300 });
    for (let call = 0; call < 20; call += 1) await goThrough(gate, fail);
    expect(gate.state).toBe('OPEN');
    const visit = vi.fn((): CallResult => 'answered');
    await expect(goThrough(gate, visit)).rejects.toMatchObject({ details: { kind: 'unavailable' } });
    expect(visit).not.toHaveBeenCalled();
    await new Promise((resolve) => setTimeout(resolve, 350));
    return gate;
  }

  test('closes when most of five probes succeed, and lets no more than five through before', async () => {
    const gate = await openedGate();
    const release = Promise.withResolvers<void>();
    const begun: number[] = [];
    const calls = Array.from({ length: 12 }, (_, index) =>
      goThrough(gate, async () => {
        begun.push(index);
        await release.promise;
        return index < 2 ? 'failed' : 'answered';
      }),
    );
    await until(() => expect(begun).toEqual([0, 1, 2, 3, 4]));
    expect(gate.state).toBe('HALF_OPEN');
    release.resolve();
    expect(await Promise.all(calls)).toEqual(['failed', 'failed', ...Array(10).fill('answered')]);
    expect(gate.state).toBe('CLOSED');
    await until(() => expect([gate.active, gate.queued]).toEqual([0, 0]));
  });

  test('opens again when most of them fail, and refuses those that waited for them without sending', async () => {
    const gate = await openedGate();
    const visit = vi.fn(fail);
    const calls = await Promise.allSettled(Array.from({ length: 12 }, () => goThrough(gate, visit)));
    expect(gate.state).toBe('OPEN');
    expect(visit.mock.calls.length).toBeLessThanOrEqual(5);
    expect(calls.filter(({ status }) => status === 'rejected')).toHaveLength(12 - visit.mock.calls.length);
    expect(gate.active).toBe(0);
  });

  test('is not closed by probes whose callers went away before the vendor said anything', async () => {
    const gate = await openedGate();
    await Promise.allSettled(Array.from({ length: 5 }, () => goThrough(gate, () => 'unknown')));
    expect(gate.state).not.toBe('CLOSED');
  });

  test('lets a call that waits for the probes go with its caller, and none that has begun', async () => {
    const gate = await openedGate();
    const release = Promise.withResolvers<void>();
    const probes = Array.from({ length: 5 }, () =>
      goThrough(gate, async (): Promise<CallResult> => {
        await release.promise;
        return 'answered';
      }),
    );
    const visit = vi.fn((): CallResult => 'answered');
    const { visitor } = goThrough(gate, visit);
    await until(() => expect(gate.active).toBe(6));
    expect(gate.cancel(probes[0]!.visitor)).toBe(false);
    expect(gate.cancel(visitor)).toBe(true);
    expect(gate.cancel(visitor)).toBe(false);
    release.resolve();
    await Promise.all(probes);
    await until(() => expect([gate.active, gate.queued]).toEqual([0, 0]));
    expect(visit).not.toHaveBeenCalled();
  });
});

test('a call that waits for a place gives up its turn with its caller, also in the moment in which it is given one', async () => {
  const gate = createBulkhead({ concurrency: 1, queueLimit: 2 });
  const createVisitor = (): QueuedCall => ({ onAcquired: vi.fn(), onRejected: vi.fn() });
  const [first, second, third] = [createVisitor(), createVisitor(), createVisitor()];
  for (const visitor of [first, second, third]) gate.acquire(visitor);
  expect([gate.active, gate.queued]).toEqual([1, 2]);
  gate.release(first, 'answered');
  expect(gate.cancel(second)).toBe(true);
  await until(() => expect(third.onAcquired).toHaveBeenCalledOnce());
  expect(second.onAcquired).not.toHaveBeenCalled();
  gate.release(third, 'answered');
  expect([gate.active, gate.queued]).toEqual([0, 0]);
});
