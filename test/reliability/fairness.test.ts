/** How signed-in callers share one vendor's places and queue: judged by what reaches the vendor. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createBulkhead, type QueuedCall } from '../../datasources/upstream/bulkhead.ts';
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

/** The same operation, so that it comes through Apollo Server (never seen before) or through the fast path. */
async function throughEach(world: World, caller: string): Promise<readonly string[]> {
  await world.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  await world.ask(READ, { ids: ['omnidesk:858462'] }, as(caller));
  world.forget();
  return [READ, `${READ} # ${caller}`];
}

describe.each([0, 1])('with entrance %i', (entrance) => {
  test('a caller finds a place while all calls of another one hang', async () => {
    const world = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await throughEach(world, 'greedy'))[entrance]!;
    const vendor = world.vendor('omnidesk');
    const release = Promise.withResolvers<void>();
    vendor.faults = ({ path }) =>
      path.includes('858462') || !/\d$/.test(path) ? undefined : { kind: 'hold', until: release.promise };
    // The last of them is the ticket that another caller asks for.
    const greedy = world.ask(query, { ids: [...ids(100, 1), 'omnidesk:858462'] }, as('greedy'));
    await until(() => expect(vendor.ledger).toHaveLength(6));
    const { data, errors } = await world.ask(query, { ids: ['omnidesk:858462'] }, as('calm'));
    expect(errors).toBeUndefined();
    expect(data.ticketsById).toEqual([{ id: 'omnidesk:858462' }]);
    // The write of another caller goes through as well.
    const written = await world.ask(SOLVE, {}, as('calm'));
    expect(written.data.done.outcome).toBe('APPLIED');
    expect(vendor.ledger.filter(({ end }) => end === undefined)).toHaveLength(6);
    release.resolve();
    expect((await greedy).errors).toBeUndefined();
    expect(new Set(vendor.ledger.map(({ arrival }) => arrival.target)).size).toBeGreaterThanOrEqual(102);
  });
});

describe.each([0, 1])('with entrance %i, a ticket that waits in the queue for another caller', (entrance) => {
  test('is read with a place of the caller who asks for it as well, once', async () => {
    const world = await startShared({ OMNIDESK_CONCURRENCY: '8' }, ['greedy', 'calm']);
    const query = (await throughEach(world, 'greedy'))[entrance]!;
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

test('the queue is served in turn, caller by caller', async () => {
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

test('a caller whose calls fill its part of the queue leaves room for another', async () => {
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

test('callers that do not sign in use all places, and wait in the order in which they came', async () => {
  const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '8' } });
  const vendor = world.vendor('omnidesk');
  const release = Promise.withResolvers<void>();
  vendor.faults = () => ({ kind: 'hold', until: release.promise });
  const reading = world.ask(READ, { ids: ids(20, 1) });
  await until(() => expect(vendor.ledger).toHaveLength(8));
  release.resolve();
  expect((await reading).errors).toBeUndefined();
});

describe('the places of a gate', () => {
  const createVisitor = (caller?: string): QueuedCall & { readonly hasBegun: () => boolean } => {
    const begin = vi.fn();
    return { caller, onAcquired: begin, onRejected: vi.fn(), hasBegun: () => begin.mock.calls.length > 0 };
  };
  const enter = (gate: ReturnType<typeof createBulkhead>, count: number, caller?: string) => {
    const visitors = Array.from({ length: count }, () => createVisitor(caller));
    for (const visitor of visitors) gate.acquire(visitor);
    return visitors;
  };
  const begun = (visitors: readonly { hasBegun: () => boolean }[]): number =>
    visitors.filter(({ hasBegun }) => hasBegun()).length;

  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 6],
    [32, 24],
  ])('of %i are taken by one caller alone up to %i', (concurrency, share) => {
    const gate = createBulkhead({ concurrency, queueLimit: 200 });
    const visitors = enter(gate, 100, 'greedy');
    expect(begun(visitors)).toBe(share);
    expect(gate.queued).toBe(100 - share);
    if (concurrency > 1) expect(begun(enter(gate, 1, 'calm'))).toBe(1);
    expect(begun(enter(createBulkhead({ concurrency, queueLimit: 200 }), 100))).toBe(concurrency);
  });

  test('are found free by a fourth caller while three have all that they may hang', () => {
    const gate = createBulkhead({ concurrency: 32, queueLimit: 1_024 });
    const taken = ['a', 'b', 'c', 'd'].map((caller) => begun(enter(gate, 100, caller)));
    expect(taken).toEqual([24, 6, 1, 1]);
    expect(gate.active).toBe(32);
  });

  test('go to the next caller in turn when they are given back, and none is lost', async () => {
    const gate = createBulkhead({ concurrency: 4, queueLimit: 200 });
    const waiting = [...enter(gate, 30, 'greedy'), ...enter(gate, 10, 'calm'), ...enter(gate, 3)];
    const ended = new Set<QueuedCall>();
    while (ended.size < waiting.length) {
      const next = waiting.find((visitor) => visitor.hasBegun() && !ended.has(visitor))!;
      expect(gate.active).toBeLessThanOrEqual(4);
      ended.add(next);
      gate.release(next, 'answered');
      await Promise.resolve();
    }
    expect([gate.active, gate.queued]).toEqual([0, 0]);
    expect(begun(enter(gate, 4, 'greedy'))).toBe(3);
  });

  test('that wait are given up with their callers', async () => {
    const gate = createBulkhead({ concurrency: 1, queueLimit: 200 });
    const [first, second] = enter(gate, 2, 'greedy');
    const [third] = enter(gate, 1, 'calm');
    expect(gate.cancel(second!)).toBe(true);
    expect(gate.cancel(second!)).toBe(false);
    expect(gate.queued).toBe(1);
    gate.release(first!, 'answered');
    await Promise.resolve();
    expect(third!.hasBegun()).toBe(true);
    expect(second!.hasBegun()).toBe(false);
    gate.release(third!, 'answered');
    expect([gate.active, gate.queued]).toEqual([0, 0]);
  });
});
