/** How authenticated callers share the slots and the queue of one vendor. Checked by the ledgers. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { Bulkhead, type Slot } from '../../datasources/upstream/bulkhead.ts';
import { LightAbortController } from '../../datasources/vendor-kit/abort.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import { as, writeApiKeys } from '../support/api-keys.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const READ = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const SOLVE = `mutation { done: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) { outcome } }`;

function ids(count: number, from: number): string[] {
  return Array.from({ length: count }, (_, index) => `omnidesk:${from + index}`);
}

function startShared(environment: Record<string, string>, callers: readonly string[]): Promise<TestServer> {
  return startTestServer({ keys: ['omnidesk'], environment: { ...writeApiKeys(callers), ...environment } });
}

/** One operation for Apollo Server (a new document) and one for the fast path (a known document). */
async function queriesForEach(server: TestServer, caller: string): Promise<readonly string[]> {
  await server.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  await server.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  server.forget();
  return [READ, `${READ} # ${caller}`];
}

describe.each([0, 1])('with entrance %i', (entrance) => {
  test('a caller gets a slot while all calls of another hang', async () => {
    const server = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await queriesForEach(server, 'greedy'))[entrance]!;
    const vendor = server.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = ({ path }) =>
      path.includes('858462') || !/\d$/.test(path) ? undefined : { kind: 'hold', until: release.promise };
    // The last one is also read by the other caller.
    const greedy = server.ask(query, { ids: [...ids(100, 1), 'omnidesk:858462'] }, as('greedy'));
    await until(() => expect(vendor.ledger).toHaveLength(6));
    const { data, errors } = await server.ask(query, { ids: ['omnidesk:858462'] }, as('calm'));
    expect(errors).toBeUndefined();
    expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
    // A write of the other caller is sent as well.
    const written = await server.ask(SOLVE, {}, as('calm'));
    expect(written.data.done.outcome).toBe('APPLIED');
    expect(vendor.ledger.filter(({ end }) => end === undefined)).toHaveLength(6);
    release.resolve();
    expect((await greedy).errors).toBeUndefined();
    expect(new Set(vendor.ledger.map(({ arrival }) => arrival.target)).size).toBeGreaterThanOrEqual(102);
  });
});

describe.each([0, 1])('with entrance %i', (entrance) => {
  test('a ticket queued for one caller is read once with a slot of another that requests it too', async () => {
    const server = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await queriesForEach(server, 'greedy'))[entrance]!;
    const vendor = server.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    const reads = (): number => vendor.ledger.filter(({ arrival }) => arrival.path.includes('858462')).length;
    const freed = Promise.withResolvers<void>();
    vendor.faults = ({ path }) => ({ kind: 'hold', until: path.includes('858462') ? freed.promise : release.promise });
    const greedy = server.ask(query, { ids: [...ids(40, 1), 'omnidesk:858462'] }, as('greedy'));
    await until(() => expect(vendor.ledger).toHaveLength(6));
    const calm = [0, 1].map(() => server.ask(query, { ids: ['omnidesk:858462'] }, as('calm')));
    await until(() => expect(reads()).toBe(1));
    freed.resolve();
    for (const { data, errors } of await Promise.all(calm)) {
      expect(errors).toBeUndefined();
      expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
    }
    expect(reads()).toBe(1);
    release.resolve();
    expect((await greedy).data.ticketsById.at(-1)).toEqual({ id: 'omnidesk:858462' });
  });
});

test('the queue serves callers in turn', async () => {
  const server = await startShared({ OMNIDESK_CONCURRENCY: '1' }, ['greedy', 'calm', 'third']);
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const queued = async (): Promise<number> =>
    (await server.ask('{ vendors { key queued } }', {}, as('calm'))).data.vendors.find(
      ({ key }: { key: string }) => key === 'OMNIDESK',
    ).queued as number;
  const greedy = server.ask(READ, { ids: ids(21, 100) }, as('greedy'));
  await until(async () => expect(await queued()).toBe(20));
  const calm = server.ask(READ, { ids: ids(2, 200) }, as('calm'));
  await until(async () => expect(await queued()).toBe(22));
  const third = server.ask(READ, { ids: ids(1, 300) }, as('third'));
  await until(async () => expect(await queued()).toBe(23));
  release.resolve();
  await Promise.all([greedy, calm, third]);
  const order = vendor.ledger.map(({ arrival }) => /(\d)\d\d$/.exec(arrival.path)![1]!);
  expect(order).toHaveLength(24);
  expect(order.slice(0, 7).toSorted().join('')).toBe('1111223');
});

test('a caller that fills its share of the queue leaves room for another', async () => {
  const server = await startShared({ OMNIDESK_CONCURRENCY: '1' }, ['greedy', 'calm']);
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const greedy = Promise.all([0, 1].map((part) => server.ask(READ, { ids: ids(150, 1 + part * 200) }, as('greedy'))));
  await until(() => expect(vendor.ledger).toHaveLength(1));
  const calm = server.ask(READ, { ids: ids(30, 900) }, as('calm'));
  release.resolve();
  const rejected = (await greedy).flatMap(({ errors }) => errors ?? []);
  expect(new Set(rejected.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['VENDOR_OVERLOADED']));
  expect((await calm).errors).toBeUndefined();
});

/** Holds the calls that the vendor receives. `serve` answers them one after the other, in the order of their arrival. */
function holdCalls(vendor: RunningVendor): { serve(): void } {
  const held: (() => void)[] = [];
  vendor.faults = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.push(resolve);
    return { kind: 'hold', until: promise };
  };
  return {
    serve() {
      const serving = setInterval(() => held.shift()?.(), 1);
      onTestFinished(() => clearInterval(serving));
    },
  };
}

describe('a flood of 500 requests by one caller', () => {
  const CONCURRENCY = 4;
  const ONE = 'query ($id: ID!) { ticket(id: $id) { ... on TicketFields { id } } }';

  /** All that the flood may have has been sent, waits or has been rejected. The vendor answers nothing yet. */
  async function startFlood() {
    const environment = {
      RATE_LIMIT_PER_SECOND: '0',
      OMNIDESK_CONCURRENCY: String(CONCURRENCY),
      // The vendor is as slow as the machine.
      OMNIDESK_TIMEOUT_MS: '600000',
      REQUEST_TIMEOUT_MS: '600000',
    };
    const server = await startShared(environment, ['greedy', 'calm']);
    const vendor = server.vendor('omnidesk');
    const { serve } = holdCalls(vendor);
    const queued = (): number => server.sources.connected.get('omnidesk')!.upstream.health.queued;
    let rejected = 0;
    const answers = Array.from({ length: 500 }, async (_, index) => {
      const answer = await server.ask(ONE, { id: `omnidesk:${10_000 + index}` }, as('greedy'));
      if (answer.errors) rejected += 1;
      return answer;
    });
    await until(() => expect(vendor.ledger.length + queued() + rejected).toBe(500));
    return { server, vendor, serve, queued, answers };
  }

  /** For each of the other caller's calls, how many of the flood's the vendor received before it. */
  function countBefore({ ledger }: RunningVendor): number[] {
    let flood = 0;
    const counts: number[] = [];
    for (const { arrival } of ledger) {
      if (/\/\d{5}$/.test(arrival.path)) flood += 1;
      else counts.push(flood);
    }
    return counts;
  }

  test("each of another's 10 calls is sent in turn, and none of them fails", async () => {
    const { server, vendor, serve, queued, answers } = await startFlood();
    expect(vendor.ledger).toHaveLength(3);
    const waiting = queued();
    expect(waiting).toBeGreaterThan(100);
    const calm = Array.from({ length: 10 }, (_, index) => server.ask(ONE, { id: `omnidesk:${index + 1}` }, as('calm')));
    // One gets a slot at once: the flood has left one free.
    await until(() => expect(vendor.ledger.length + queued()).toBe(3 + waiting + 10));
    expect(vendor.ledger).toHaveLength(4);
    serve();
    expect((await Promise.all(calm)).flatMap(({ errors }) => errors ?? [])).toEqual([]);
    const counts = countBefore(vendor);
    expect(counts).toHaveLength(10);
    // Calls that are in flight together may arrive in another order than they were sent.
    for (const [turn, before] of counts.entries()) expect(before).toBeLessThanOrEqual(2 * CONCURRENCY + turn);
    const errors = (await Promise.all(answers)).flatMap((answer) => answer.errors ?? []);
    expect(errors).toHaveLength(500 - 3 - waiting);
    for (const { extensions } of errors)
      expect(extensions).toMatchObject({ code: 'VENDOR_OVERLOADED', retryable: true });
    expect(server.defects).toEqual([]);
  });

  test('its writes beyond the queue are NOT_APPLIED and may be retried; those of another are made', async () => {
    const { server, vendor, serve, answers } = await startFlood();
    const write = `mutation { done: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) {
      outcome problems { code retryable } } }`;
    expect((await server.ask(write, {}, as('greedy'))).data.done).toEqual({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_OVERLOADED', retryable: true }],
    });
    expect(vendor.effects).toEqual([]);
    const calm = server.ask(write, {}, as('calm'));
    await until(() => expect(vendor.ledger.filter(({ arrival }) => arrival.method !== 'GET')).toHaveLength(1));
    serve();
    expect((await calm).data.done).toEqual({ outcome: 'APPLIED', problems: [] });
    await Promise.all(answers);
    expect(vendor.effects).toHaveLength(1);
  });
});

describe('<VENDOR>_CONCURRENCY_PER_CALLER', () => {
  test('a caller has at most that many calls in flight, and its others wait while slots are free', async () => {
    const server = await startShared({ OMNIDESK_CONCURRENCY: '8', OMNIDESK_CONCURRENCY_PER_CALLER: '2' }, [
      'greedy',
      'calm',
      'third',
    ]);
    const vendor = server.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const reading = [
      ['greedy', 100, 2],
      ['calm', 200, 4],
      ['third', 300, 6],
    ] as const;
    const answers = [];
    for (const [caller, from, sent] of reading) {
      answers.push(server.ask(READ, { ids: ids(20, from) }, as(caller)));
      await until(() => expect(vendor.ledger).toHaveLength(sent));
    }
    const { queued } = server.sources.connected.get('omnidesk')!.upstream.health;
    expect(queued).toBe(54);
    release.resolve();
    for (const { errors } of await Promise.all(answers)) expect(errors).toBeUndefined();
    expect(vendor.ledger).toHaveLength(60);
  });

  test.each([
    [8, 3, 3],
    [8, 6, 6],
    // The share of free slots holds as well.
    [8, 8, 6],
    [8, 100, 6],
    [1, 1, 1],
  ])('of %i slots with at most %i for each, one caller alone takes %i', (concurrency, concurrencyPerCaller, taken) => {
    const bulkhead = new Bulkhead({ concurrency, concurrencyPerCaller, queueLimit: 200 });
    expect(countStarted(acquire(bulkhead, 50, 'greedy'))).toBe(taken);
    // Callers that are not identified have no limit of their own.
    expect(countStarted(acquire(bulkhead, 50))).toBe(concurrency - taken);
  });

  test('a freed slot goes to the next call of a caller at its limit', async () => {
    const bulkhead = new Bulkhead({ concurrency: 8, concurrencyPerCaller: 1, queueLimit: 200 });
    const [first, second, third] = acquire(bulkhead, 3, 'greedy') as [Acquisition, Acquisition, Acquisition];
    bulkhead.release(first.slot!, 'answered');
    await Promise.resolve();
    expect([second.slot !== undefined, third.slot !== undefined]).toEqual([true, false]);
  });
});

test('unauthenticated callers share all slots, first come, first served', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '8' } });
  const vendor = server.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const reading = server.ask(READ, { ids: ids(20, 1) });
  await until(() => expect(vendor.ledger).toHaveLength(8));
  release.resolve();
  expect((await reading).errors).toBeUndefined();
});

/** A call that has a slot, or waits for one. */
interface Acquisition {
  slot?: Slot;
  readonly signal: LightAbortController;
}

function acquire(bulkhead: Bulkhead, count: number, caller?: string): Acquisition[] {
  return Array.from({ length: count }, () => {
    const acquisition: Acquisition = { signal: new LightAbortController() };
    const slot = bulkhead.acquire(caller, acquisition.signal);
    if (slot instanceof Promise) slot.then((granted) => (acquisition.slot = granted)).catch(() => undefined);
    else acquisition.slot = slot;
    return acquisition;
  });
}

function countStarted(acquisitions: readonly Acquisition[]): number {
  return acquisitions.filter(({ slot }) => slot !== undefined).length;
}

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 3],
  [8, 6],
  [32, 24],
])('of %i slots, one caller alone takes up to %i', (concurrency, share) => {
  const bulkhead = new Bulkhead({ concurrency, queueLimit: 200 });
  expect(countStarted(acquire(bulkhead, 100, 'greedy'))).toBe(share);
  expect(bulkhead.queued).toBe(100 - share);
  if (concurrency > 1) expect(countStarted(acquire(bulkhead, 1, 'calm'))).toBe(1);
  expect(countStarted(acquire(new Bulkhead({ concurrency, queueLimit: 200 }), 100))).toBe(concurrency);
});

test('a fourth caller finds a free slot while all calls of three others hang', () => {
  const bulkhead = new Bulkhead({ concurrency: 32, queueLimit: 1_024 });
  const taken = ['a', 'b', 'c', 'd'].map((caller) => countStarted(acquire(bulkhead, 100, caller)));
  expect(taken).toEqual([24, 6, 1, 1]);
  expect(bulkhead.active).toBe(32);
});

test('released slots go to the next caller in turn, and none is lost', async () => {
  const bulkhead = new Bulkhead({ concurrency: 4, queueLimit: 200 });
  const all = [...acquire(bulkhead, 30, 'greedy'), ...acquire(bulkhead, 10, 'calm'), ...acquire(bulkhead, 3)];
  const ended = new Set<Acquisition>();
  while (ended.size < all.length) {
    const next = all.find((acquisition) => acquisition.slot && !ended.has(acquisition))!;
    expect(bulkhead.active).toBeLessThanOrEqual(4);
    ended.add(next);
    bulkhead.release(next.slot!, 'answered');
    await Promise.resolve();
  }
  expect([bulkhead.active, bulkhead.queued]).toEqual([0, 0]);
  expect(countStarted(acquire(bulkhead, 4, 'greedy'))).toBe(3);
});

test('a canceled call leaves the queue, and the next one gets the slot', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueLimit: 200 });
  const [first, second] = acquire(bulkhead, 2, 'greedy') as [Acquisition, Acquisition];
  const [third] = acquire(bulkhead, 1, 'calm') as [Acquisition];
  second.signal.abort();
  second.signal.abort();
  expect(bulkhead.queued).toBe(1);
  bulkhead.release(first.slot!, 'answered');
  await Promise.resolve();
  expect(third.slot).toBeDefined();
  expect(second.slot).toBeUndefined();
  bulkhead.release(third.slot!, 'answered');
  expect([bulkhead.active, bulkhead.queued]).toEqual([0, 0]);
});
