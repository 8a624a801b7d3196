/** How authenticated callers share the slots and the queue of one vendor. Checked by the ledgers. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Bulkhead, type Slot } from '../../datasources/upstream/bulkhead.ts';
import { LightAbortController } from '../../datasources/vendor-kit/abort.ts';
import { startWorld, type World } from '../support/sandbox.ts';

const READ = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }';
const SOLVE = `mutation { done: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) { outcome } }`;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function as(caller: string): { headers: Record<string, string> } {
  return { headers: { 'x-api-key': `secret of ${caller}` } };
}

function ids(count: number, from: number): string[] {
  return Array.from({ length: count }, (_, index) => `omnidesk:${from + index}`);
}

async function startShared(environment: Record<string, string>, callers: readonly string[]): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-fairness-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys');
  const scopes = 'ticket:read,ticket:status,ticket:update,ticket:delete';
  writeFileSync(file, callers.map((caller) => `${caller} ${sha256(`secret of ${caller}`)} ${scopes}\n`).join(''));
  return startWorld({ keys: ['omnidesk'], environment: { AUTH_API_KEYS_FILE: file, ...environment } });
}

function until<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 5_000, interval: 5 });
}

/** One operation for Apollo Server (a new document) and one for the fast path (a known document). */
async function queriesForEach(world: World, caller: string): Promise<readonly string[]> {
  await world.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  await world.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  world.forget();
  return [READ, `${READ} # ${caller}`];
}

describe.each([0, 1])('with entrance %i', (entrance) => {
  test('a caller gets a slot while all calls of another hang', async () => {
    const world = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await queriesForEach(world, 'greedy'))[entrance]!;
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = ({ path }) =>
      path.includes('858462') || !/\d$/.test(path) ? undefined : { kind: 'hold', until: release.promise };
    // The last one is also read by the other caller.
    const greedy = world.ask(query, { ids: [...ids(100, 1), 'omnidesk:858462'] }, as('greedy'));
    await until(() => expect(vendor.ledger).toHaveLength(6));
    const { data, errors } = await world.ask(query, { ids: ['omnidesk:858462'] }, as('calm'));
    expect(errors).toBeUndefined();
    expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
    // A write of the other caller is sent as well.
    const written = await world.ask(SOLVE, {}, as('calm'));
    expect(written.data.done.outcome).toBe('APPLIED');
    expect(vendor.ledger.filter(({ end }) => end === undefined)).toHaveLength(6);
    release.resolve();
    expect((await greedy).errors).toBeUndefined();
    expect(new Set(vendor.ledger.map(({ arrival }) => arrival.target)).size).toBeGreaterThanOrEqual(102);
  });
});

describe.each([0, 1])('with entrance %i', (entrance) => {
  test('a ticket queued for one caller is read once with a slot of another that requests it too', async () => {
    const world = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await queriesForEach(world, 'greedy'))[entrance]!;
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    const reads = (): number => vendor.ledger.filter(({ arrival }) => arrival.path.includes('858462')).length;
    const freed = Promise.withResolvers<void>();
    vendor.faults = ({ path }) => ({ kind: 'hold', until: path.includes('858462') ? freed.promise : release.promise });
    const greedy = world.ask(query, { ids: [...ids(40, 1), 'omnidesk:858462'] }, as('greedy'));
    await until(() => expect(vendor.ledger).toHaveLength(6));
    const calm = [0, 1].map(() => world.ask(query, { ids: ['omnidesk:858462'] }, as('calm')));
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
  const world = await startShared({ OMNIDESK_CONCURRENCY: '1' }, ['greedy', 'calm', 'third']);
  const vendor = world.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const queued = async (): Promise<number> =>
    (await world.ask('{ vendors { key queued } }', {}, as('calm'))).data.vendors.find(
      ({ key }: { key: string }) => key === 'OMNIDESK',
    ).queued as number;
  const greedy = world.ask(READ, { ids: ids(21, 100) }, as('greedy'));
  await until(async () => expect(await queued()).toBe(20));
  const calm = world.ask(READ, { ids: ids(2, 200) }, as('calm'));
  await until(async () => expect(await queued()).toBe(22));
  const third = world.ask(READ, { ids: ids(1, 300) }, as('third'));
  await until(async () => expect(await queued()).toBe(23));
  release.resolve();
  await Promise.all([greedy, calm, third]);
  const order = vendor.ledger.map(({ arrival }) => /(\d)\d\d$/.exec(arrival.path)![1]!);
  expect(order).toHaveLength(24);
  expect(order.slice(0, 7).toSorted().join('')).toBe('1111223');
});

test('a caller that fills its share of the queue leaves room for another', async () => {
  const world = await startShared({ OMNIDESK_CONCURRENCY: '1' }, ['greedy', 'calm']);
  const vendor = world.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const greedy = Promise.all([0, 1].map((part) => world.ask(READ, { ids: ids(150, 1 + part * 200) }, as('greedy'))));
  await until(() => expect(vendor.ledger).toHaveLength(1));
  const calm = world.ask(READ, { ids: ids(30, 900) }, as('calm'));
  release.resolve();
  const rejected = (await greedy).flatMap(({ errors }) => errors ?? []);
  expect(new Set(rejected.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['VENDOR_OVERLOADED']));
  expect((await calm).errors).toBeUndefined();
});

test('unauthenticated callers share all slots, first come, first served', async () => {
  const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '8' } });
  const vendor = world.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const reading = world.ask(READ, { ids: ids(20, 1) });
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
