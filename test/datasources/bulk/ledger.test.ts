/** The ledger alone: with a clock, and with what runs leave behind that end at any point. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ItemChange, Job, NewItem } from '../../../datasources/bulk/job.ts';
import { toView } from '../../../datasources/bulk/job-view.ts';
import { createSqliteLedger, type SqliteLedger as Ledger } from '../../../datasources/bulk/sqlite-ledger.ts';
import { follow } from '../../support/bulk.ts';
import { startEndpoint } from '../../support/endpoint.ts';
import { startManyTickets } from '../../support/many-tickets.ts';

const DAY_MS = 86_400_000;

function makeStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

function openLedger(store = makeStore(), now?: () => number): Ledger {
  const ledger = createSqliteLedger(`${store}-bulk`, now);
  onTestFinished(() => ledger.close());
  return ledger;
}

function itemOf(ticketId: string): NewItem {
  return { ticketId, name: ticketId, source: 'omnidesk', original: null, extra: null, failure: null };
}

interface Options {
  readonly stopAfterUnknown?: number;
  readonly caller?: string;
}

async function create(ledger: Ledger, ids: readonly string[], options: Options = {}): Promise<Job> {
  return ledger.create({
    id: crypto.randomUUID(),
    caller: options.caller ?? 'one',
    key: crypto.randomUUID(),
    fingerprint: '',
    mutation: 'setStatus',
    input: { status: 'SOLVED' },
    tickets: { ids },
    grants: ['ticket:batch omnidesk', 'ticket:status omnidesk', 'ticket:read omnidesk'],
    atMostPerSecond: null,
    stopAfterUnknown: options.stopAfterUnknown ?? null,
  });
}

/** A job that runs, as the run of `owner` has it. */
async function run(ledger: Ledger, ids: readonly string[], owner = 'owner', options?: Options): Promise<Job> {
  await create(ledger, ids, options);
  const job = (await ledger.lease(owner))!;
  await ledger.addItems(job, owner, 0, ids.map(itemOf));
  await ledger.setState(job, owner, 'RUNNING');
  return job;
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `omnidesk:${100_000 + index}`);

function changeOf(position: number, to: ItemChange['to'], dueAt = 0): ItemChange {
  return { position, from: 'SENT', to, failure: null, isReconciled: false, attempts: 0, dueAt };
}

test('a job is deleted with all that belongs to it when it has been kept long enough, and not before', async () => {
  let now = Date.UTC(2026, 0, 1);
  const ledger = openLedger(undefined, () => now);
  const ids = idsOf(5_000);
  const job = await run(ledger, ids);
  const endedAt = now + 10 * DAY_MS;
  now = endedAt;
  await ledger.setState(job, 'owner', 'DONE');
  const deleteExpired = async (): Promise<number> => {
    let parts = 1;
    while (await ledger.deleteEndedBefore(now - 7 * DAY_MS)) parts += 1;
    return parts;
  };
  now = endedAt + 7 * DAY_MS;
  await deleteExpired();
  expect(await ledger.find(job.id)).toMatchObject({ total: 5_000 });
  now += 1;
  // In parts, since each is one transaction, which blocks the event loop.
  expect(await deleteExpired()).toBeGreaterThan(2);
  expect(await ledger.find(job.id)).toBeUndefined();
  expect(await ledger.results(job, -1, 10, null)).toEqual([]);
});

test('an upload is deleted when it has been kept long enough, unless a job may still read it', async () => {
  let now = Date.UTC(2026, 0, 1);
  const ledger = openLedger(undefined, () => now);
  const lines = idsOf(5_000).map((ticketId) => ({ ticketId, extra: null }));
  await ledger.createUpload('upload', 'one', lines, 0);
  now += 8 * DAY_MS;
  const job = await create(ledger, []);
  expect(await ledger.deleteEndedBefore(now - 7 * DAY_MS)).toBe(false);
  expect(await ledger.uploadLines('upload', 4_998, 10)).toHaveLength(1);
  await ledger.cancel(job);
  while (await ledger.deleteEndedBefore(now - 7 * DAY_MS));
  expect(await ledger.hasUpload('upload', 'one')).toBe(false);
  expect(await ledger.uploadLines('upload', -1, 10)).toEqual([]);
});

test('jobs that have ended are deleted by the server after BULK_KEPT_DAYS, and others are kept', async () => {
  const store = makeStore();
  const old = openLedger(store, () => Date.now() - 3 * DAY_MS);
  const ended = await run(old, idsOf(3), 'old', { caller: 'anonymous' });
  await old.setState(ended, 'old', 'DONE');
  const recent = openLedger(store);
  const kept = await run(recent, idsOf(3), 'new', { caller: 'anonymous' });
  await recent.setState(kept, 'new', 'DONE');
  const server = await startEndpoint({ BULK_KEPT_DAYS: '2' }, { bulkStore: store });
  onTestFinished(() => server.close(0));
  await expect.poll(() => recent.find(ended.id)).toBeUndefined();
  expect(await recent.find(kept.id)).toBeDefined();
});

test('a run that has lost its lease changes nothing', async () => {
  let now = 1_000_000;
  const ledger = openLedger(undefined, () => now);
  const job = await run(ledger, idsOf(4), 'first');
  expect(await ledger.markSent(job, 'first', [0])).toBe(true);
  expect(await ledger.lease('second')).toBeUndefined();
  now += 10_001;
  expect(await ledger.lease('second')).toMatchObject({ id: job.id });
  expect(await ledger.markSent(job, 'first', [1])).toBe(false);
  expect(await ledger.take(job, 'first', 'omnidesk', 10)).toEqual([]);
  expect(await ledger.record(job, 'first', [changeOf(0, 'APPLIED')])).toEqual(new Set());
  expect(await ledger.renew(job, 'first')).toBeUndefined();
  expect(await ledger.find(job.id)).toMatchObject({ waiting: 3, inFlight: 1, applied: 0 });
});

test('no ticket is marked if one of them does not wait any more', async () => {
  const ledger = openLedger();
  const job = await run(ledger, idsOf(4));
  await ledger.markSent(job, 'owner', [1]);
  expect(await ledger.markSent(job, 'owner', [0, 1, 2])).toBe(false);
  expect(await ledger.find(job.id)).toMatchObject({ waiting: 3, inFlight: 1 });
});

test('tickets that may be tried again later are taken after those that wait, and when they are due', async () => {
  let now = 1_000_000;
  const ledger = openLedger(undefined, () => now);
  const job = await run(ledger, idsOf(3));
  await ledger.markSent(job, 'owner', [0]);
  await ledger.record(job, 'owner', [changeOf(0, 'WAITING', now + 500)]);
  const take = async (): Promise<number[]> =>
    (await ledger.take(job, 'owner', 'omnidesk', 10)).map(({ position }) => position);
  expect(await take()).toEqual([1, 2]);
  await ledger.markSent(job, 'owner', [1, 2]);
  expect(await take()).toEqual([]);
  expect(await ledger.nextDue(job, 'omnidesk')).toBe(now + 500);
  now += 500;
  expect(await take()).toEqual([0]);
});

test('results of some outcomes are read in input order', async () => {
  const ledger = openLedger();
  const job = await run(ledger, idsOf(6));
  await ledger.markSent(job, 'owner', [0, 1, 2, 3, 4]);
  const outcomes = ['APPLIED', 'UNKNOWN', 'NOT_APPLIED', 'APPLIED', 'UNKNOWN'] as const;
  await ledger.record(
    job,
    'owner',
    outcomes.map((to, position) => changeOf(position, to)),
  );
  const positions = async (...states: Parameters<Ledger['results']>[3] & object): Promise<number[]> =>
    (await ledger.results(job, -1, 10, states)).map(({ position }) => position);
  expect(await positions('UNKNOWN')).toEqual([1, 4]);
  expect(await positions('UNKNOWN', 'NOT_APPLIED')).toEqual([1, 2, 4]);
  expect(await positions('APPLIED', 'UNKNOWN')).toEqual([0, 1, 3, 4]);
  expect(await positions()).toEqual([]);
});

test('a canceled job that no process runs ends at once, unless tickets of it are in flight', async () => {
  let now = 1_000_000;
  const ledger = openLedger(undefined, () => now);
  const waiting = await create(ledger, idsOf(3));
  await ledger.cancel(waiting);
  expect(await ledger.find(waiting.id)).toMatchObject({ state: 'CANCELLED', endedAt: now });
  const running = await run(ledger, idsOf(3));
  await ledger.markSent(running, 'owner', [0]);
  now += 20_000;
  await ledger.cancel(running);
  expect(await ledger.find(running.id)).toMatchObject({ state: 'CANCELLING', endedAt: null, inFlight: 1 });
});

test('a running job that no process has is shown as PAUSED', async () => {
  let now = 1_000_000;
  const ledger = openLedger(undefined, () => now);
  const job = await run(ledger, idsOf(3));
  const shown = async (): Promise<string> => {
    const found = (await ledger.find(job.id))!;
    return toView(found, await ledger.sources(found), now).shownState;
  };
  expect(await shown()).toBe('RUNNING');
  now += 10_001;
  expect(await shown()).toBe('PAUSED');
});

test('a job whose process ended before it could stop the job is stopped by the next, and is never DONE', async () => {
  const store = makeStore();
  const vendor = await startManyTickets(4);
  onTestFinished(() => vendor.close());
  // With and without tickets that still wait.
  const jobs = [];
  for (const count of [4, 1]) {
    const ledger = openLedger(store, () => Date.now() - 60_000);
    const job = await run(ledger, vendor.ids.slice(0, count), `owner-${count}`, {
      stopAfterUnknown: 1,
      caller: 'anonymous',
    });
    await ledger.markSent(job, `owner-${count}`, [0]);
    await ledger.record(job, `owner-${count}`, [changeOf(0, 'UNKNOWN')]);
    jobs.push(job);
  }
  const server = await startEndpoint(vendor.settings, { bulkStore: store });
  onTestFinished(() => server.close(0));
  const ledger = openLedger(store);
  for (const { id } of jobs) {
    await expect.poll(() => ledger.find(id)).toMatchObject({ state: 'CANCELLED', unknown: 1 });
    expect((await ledger.find(id))!.problem).toMatchObject({ kind: 'outcome-unknown' });
  }
  expect(vendor.writes).toBe(0);
});

test('a job goes on gathering where the process before it ended', async () => {
  const store = makeStore();
  const vendor = await startManyTickets(450);
  onTestFinished(() => vendor.close());
  const [first = ''] = vendor.ids;
  const past = openLedger(store, () => Date.now() - 60_000);
  await create(past, [...vendor.ids, first], { caller: 'anonymous' });
  const job = (await past.lease('owner'))!;
  // As the process would not store the first line again: it is still there at the end if its line was not.
  const failure = { kind: 'invalid-input', message: 'Stored by an earlier process.' } as const;
  const items = vendor.ids.slice(0, 250).map((id, index) => ({ ...itemOf(id), failure: index === 0 ? failure : null }));
  await past.addItems(job, 'owner', 0, items);
  const server = await startEndpoint(vendor.settings, { bulkStore: store });
  onTestFinished(() => server.close(0));
  const done = await follow(server, `bulk-job:${job.id}`);
  expect(done).toMatchObject({ state: 'DONE', total: 451, applied: 449, notApplied: 2 });
  expect(vendor.ids.map((id) => vendor.sent(id))).toEqual(vendor.ids.map((id) => (id === first ? 0 : 1)));
});
