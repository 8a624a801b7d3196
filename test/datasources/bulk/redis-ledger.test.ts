/** The ledger in Redis: which run may do what, and what is left after it. */
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ItemChange, Job, NewItem } from '../../../datasources/bulk/job.ts';
import { createRedisLedger, type RedisLedger } from '../../../datasources/bulk/redis-ledger.ts';
import { useRedis } from '../../support/bulk-engines.ts';
import { whyNoRedis } from '../../support/redis.ts';

const SOURCE = 'omnidesk';

const newJob = (changes: object = {}) => ({
  id: crypto.randomUUID(),
  caller: 'one',
  key: crypto.randomUUID(),
  fingerprint: 'f',
  mutation: 'setStatus',
  input: { status: 'SOLVED' },
  tickets: { ids: ['omnidesk:1'] },
  grants: ['ticket:batch omnidesk'],
  atMostPerSecond: null,
  stopAfterUnknown: null,
  ...changes,
});

const itemAt = (number: number, changes: Partial<NewItem> = {}): NewItem => {
  const ticketId = `omnidesk:${number}`;
  return { ticketId, name: ticketId, source: SOURCE, original: null, extra: null, failure: null, ...changes };
};

const change = (position: number, changes: Partial<ItemChange>): ItemChange => ({
  position,
  from: 'SENT',
  to: 'APPLIED',
  failure: null,
  isReconciled: false,
  attempts: 0,
  dueAt: 0,
  ...changes,
});

describe.skipIf(whyNoRedis)('ledger in Redis', () => {
  const redis = useRedis();

  function open(): RedisLedger {
    const ledger = createRedisLedger(redis().url, 60_000);
    onTestFinished(() => ledger.close());
    return ledger;
  }

  async function startJob(ledger: RedisLedger, items: readonly NewItem[], changes: object = {}): Promise<Job> {
    const { id } = await ledger.create(newJob(changes));
    const { job, owner } = (await ledger.hold(id))!;
    await ledger.clearItems(job, owner);
    expect(await ledger.addItems(job, owner, 0, items)).toBe(true);
    await ledger.setState(job, owner, 'RUNNING');
    return (await ledger.find(id))!;
  }

  const numbered = (count: number): NewItem[] => Array.from({ length: count }, (_, index) => itemAt(index));
  const CHUNK = `${SOURCE} 0`;

  test('only the run that has taken a chunk last marks its tickets, and only what it records counts', async () => {
    const [one, other] = [open(), open()];
    const job = await startJob(one, numbered(3));
    const first = (await one.take(job.id, CHUNK))!;
    expect(await one.markSent(job, first.owner, [0])).toBe(true);
    const second = (await other.take(job.id, CHUNK))!;
    expect(second.orphans.map(({ position }) => position)).toEqual([0]);
    expect(second.items.map(({ position }) => position)).toEqual([1, 2]);
    expect(await one.markSent(job, first.owner, [1])).toBe(false);
    expect(await one.record(job, first.owner, [change(0, { to: 'WAITING' })])).toEqual(new Set());
    expect(await other.markSent(job, second.owner, [1])).toBe(true);
    expect(await other.markSent(job, second.owner, [1])).toBe(false);
    expect(await other.record(job, second.owner, [change(0, { to: 'UNKNOWN' })])).toEqual(new Set([0]));
    expect(await one.release(job, first.owner)).toBe(false);
    expect(await one.find(job.id)).toMatchObject({ state: 'RUNNING', waiting: 1, inFlight: 1, unknown: 1 });
  });

  test('of two runs that mark the same tickets at the same time, one may send them', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(2));
    const { owner } = (await ledger.take(job.id, CHUNK))!;
    const marked = await Promise.all([ledger.markSent(job, owner, [0, 1]), ledger.markSent(job, owner, [1, 0])]);
    expect(marked.toSorted()).toEqual([false, true]);
    expect(await ledger.find(job.id)).toMatchObject({ inFlight: 2, waiting: 0 });
  });

  test('a chunk has at most 100 tickets of one source, and a repeated ticket moves with the first', async () => {
    const ledger = open();
    const items = [...numbered(101), itemAt(5, { original: 5 }), itemAt(1, { source: 'akana', ticketId: 'akana:1' })];
    const job = await startJob(ledger, items);
    expect((await ledger.openChunks(job)).toSorted()).toEqual(['akana 0', 'omnidesk 0', 'omnidesk 1']);
    const { items: taken, owner } = (await ledger.take(job.id, CHUNK))!;
    expect(taken).toHaveLength(100);
    await ledger.markSent(job, owner, [5]);
    expect(await ledger.find(job.id)).toMatchObject({ total: 103, waiting: 101, inFlight: 2 });
    const failure = { kind: 'rejected', message: 'No.' } as const;
    await ledger.record(job, owner, [change(5, { to: 'NOT_APPLIED', failure })]);
    const results = await ledger.results(job, -1, 10, ['NOT_APPLIED']);
    expect(results.map(({ position, failure: why }) => [position, why?.message])).toEqual([
      [5, 'No.'],
      [101, 'No.'],
    ]);
    expect(await ledger.sources(job)).toMatchObject([
      { source: 'akana', waiting: 1 },
      { source: 'omnidesk', waiting: 100, notApplied: 2 },
    ]);
  });

  test('a repeated record, whose answer was lost, is reported again and counts once', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(1));
    const { owner } = (await ledger.take(job.id, CHUNK))!;
    await ledger.markSent(job, owner, [0]);
    const changes = [change(0, { isReconciled: true })];
    expect(await ledger.record(job, owner, changes)).toEqual(new Set([0]));
    expect(await ledger.record(job, owner, changes)).toEqual(new Set([0]));
    expect(await ledger.find(job.id)).toMatchObject({ state: 'DONE', applied: 1, inFlight: 0 });
    expect(await ledger.results(job, -1, 5, ['APPLIED'])).toMatchObject([{ isReconciled: true }]);
    expect(await ledger.hasOpenJobs()).toBe(false);
  });

  test('a canceled job marks nothing, and ends when nothing is in flight', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(2));
    const { owner } = (await ledger.take(job.id, CHUNK))!;
    await ledger.markSent(job, owner, [0]);
    await ledger.cancel(job);
    expect(await ledger.find(job.id)).toMatchObject({ state: 'CANCELLING', endedAt: null });
    expect(await ledger.markSent(job, owner, [1])).toBe(false);
    await ledger.record(job, owner, [change(0, {})]);
    expect(await ledger.find(job.id)).toMatchObject({ state: 'CANCELLED', applied: 1, waiting: 1 });
    expect(await ledger.take(job.id, CHUNK)).toBeUndefined();
  });

  test('tickets that are put back are due later, and keep their number of attempts', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(1));
    const first = (await ledger.take(job.id, CHUNK))!;
    await ledger.markSent(job, first.owner, [0]);
    const dueAt = Date.now() + 60_000;
    await ledger.record(job, first.owner, [change(0, { to: 'WAITING', attempts: 2, dueAt })]);
    expect(await ledger.take(job.id, CHUNK)).toMatchObject({ items: [], orphans: [], dueAt });
    const again = (await ledger.take(job.id, CHUNK))!;
    await ledger.record(job, again.owner, [change(0, { from: 'WAITING', to: 'WAITING', attempts: 2, dueAt: 1 })]);
    expect(await ledger.take(job.id, CHUNK)).toMatchObject({ items: [{ attempts: 2 }] });
  });

  test('a ticket that was taken in vain three times is taken alone, and no longer once it was put back', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(3));
    for (let crash = 0; crash < 3; crash += 1) await ledger.take(job.id, CHUNK);
    const { items, owner } = (await ledger.take(job.id, CHUNK))!;
    expect(items).toMatchObject([{ position: 0, taken: 3 }]);
    await ledger.record(job, owner, [change(0, { from: 'WAITING', to: 'WAITING', dueAt: 1 })]);
    await ledger.release(job, owner);
    expect((await ledger.take(job.id, CHUNK))!.items).toMatchObject([{ position: 0, taken: 0 }]);
  });

  test('no more tickets are marked in a second than the job may begin, also if they were taken before', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(30), { atMostPerSecond: 10 });
    const first = (await ledger.take(job.id, CHUNK))!;
    const positions = first.items.map(({ position }) => position);
    expect(await ledger.markSent(job, first.owner, positions)).toBe(true);
    expect(await ledger.markSent(job, first.owner, [10])).toBe(false);
    await expect.poll(() => ledger.markSent(job, first.owner, [10])).toBe(true);
  });

  test('the end of a job is reported once, by the process that ends it', async () => {
    const ends: string[] = [];
    const ledger = createRedisLedger(redis().url, 60_000, (state) => void ends.push(state));
    onTestFinished(() => ledger.close());
    const done = await startJob(ledger, numbered(1));
    const { owner } = (await ledger.take(done.id, CHUNK))!;
    await ledger.markSent(done, owner, [0]);
    await ledger.record(done, owner, [change(0, {})]);
    await ledger.record(done, owner, [change(0, {})]);
    const canceled = await startJob(ledger, numbered(1));
    await ledger.cancel(canceled);
    await ledger.cancel(canceled);
    expect(ends).toEqual(['DONE', 'CANCELLED']);
  });

  test('all replicas together begin at most so many tickets in a second', async () => {
    const [one, other] = [open(), open()];
    const job = await startJob(one, numbered(200), { atMostPerSecond: 50 });
    const first = (await one.take(job.id, CHUNK))!;
    const second = (await other.take(job.id, `${SOURCE} 1`))!;
    expect([first.items.length, second.items.length]).toEqual([50, 0]);
    expect(second.dueAt! - Date.now()).toBeGreaterThan(500);
  });

  test('a source is paused for all jobs, which get tickets that were marked, and no others', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(2));
    const { owner } = (await ledger.take(job.id, CHUNK))!;
    await ledger.markSent(job, owner, [0]);
    const until = Date.now() + 60_000;
    await ledger.pause(job, owner, SOURCE, until, { kind: 'rate-limited', message: 'Later.' });
    const taken = (await ledger.take(job.id, CHUNK))!;
    expect(taken).toMatchObject({ orphans: [{ position: 0 }], items: [], pausedUntil: until });
    const other = await startJob(ledger, numbered(1));
    expect(await ledger.take(other.id, CHUNK)).toMatchObject({ items: [], pausedUntil: until });
    expect(await ledger.sources(other)).toMatchObject([{ pausedUntil: until, problem: { kind: 'rate-limited' } }]);
  });

  test('a run that goes on after all data was lost stores nothing', async () => {
    const ledger = open();
    const job = await startJob(ledger, numbered(2));
    const { owner } = (await ledger.take(job.id, CHUNK))!;
    await ledger.markSent(job, owner, [0]);
    const client = await createClient({ url: redis().url }).connect();
    onTestFinished(() => client.destroy());
    await client.flushAll();
    expect(await ledger.record(job, owner, [change(0, {})])).toEqual(new Set());
    expect(await ledger.markSent(job, owner, [1])).toBe(false);
    await ledger.pause(job, owner, SOURCE, Date.now(), null);
    await ledger.cancel(job);
    expect([await ledger.release(job, owner), await ledger.openChunks(job)]).toEqual([false, []]);
    expect([await ledger.take(job.id, CHUNK), await ledger.hold(job.id)]).toEqual([undefined, undefined]);
    expect(await client.keys('*')).toEqual([]);
  });

  test('what ended before is deleted without a trace, with its idempotency key', async () => {
    const ledger = open();
    const client = await createClient({ url: redis().url }).connect();
    onTestFinished(() => client.destroy());
    const job = await startJob(ledger, [...numbered(3), itemAt(1, { original: 1 })], { key: 'monday' });
    const kept = await startJob(ledger, numbered(1));
    await ledger.cancel(job);
    expect(await ledger.deleteEndedBefore(Date.now() - 60_000)).toBe(false);
    expect(await ledger.deleteEndedBefore(Date.now() + 60_000)).toBe(true);
    expect(await ledger.deleteEndedBefore(Date.now() + 60_000)).toBe(false);
    expect((await ledger.list('one', null, 10)).map(({ id }) => id)).toEqual([kept.id]);
    expect((await client.keys('*')).filter((key) => key.includes(job.id))).toEqual([]);
    expect((await ledger.create(newJob({ key: 'monday' }))).id).not.toBe(job.id);
  });

  test('an upload is kept for a limited time, and exists for its caller alone', async () => {
    const ledger = createRedisLedger(redis().url, 300);
    onTestFinished(() => ledger.close());
    await ledger.createUpload('u', 'one', [{ ticketId: 'omnidesk:1', extra: null }], 0);
    await ledger.createUpload('u', 'one', [{ ticketId: 'omnidesk:2', extra: '{"comment":"x"}' }], 1);
    expect([await ledger.hasUpload('u', 'one'), await ledger.hasUpload('u', 'two')]).toEqual([true, false]);
    expect(await ledger.uploadLines('u', 0, 10)).toEqual([{ ticketId: 'omnidesk:2', extra: '{"comment":"x"}' }]);
    await expect.poll(() => ledger.hasUpload('u', 'one')).toBe(false);
    expect(await ledger.uploadLines('u', -1, 10)).toEqual([]);
  });

  test('100,000 lines take less than 15 MB of Redis, and less than 12 MB when the job has ended', async () => {
    const ledger = open();
    const client = await createClient({ url: redis().url }).connect();
    onTestFinished(() => client.destroy());
    const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]);
    const before = await used();
    const { id } = await ledger.create(newJob());
    const { job, owner } = (await ledger.hold(id))!;
    for (let start = 0; start < 100_000; start += 200) {
      const items = Array.from({ length: 200 }, (_, index) => itemAt(100_000 + start + index));
      await ledger.addItems(job, owner, start, items);
    }
    await ledger.setState(job, owner, 'RUNNING');
    expect(await ledger.openChunks(job)).toHaveLength(1_000);
    const running = (await used()) - before;
    await ledger.cancel(job);
    const ended = (await used()) - before;
    expect(running).toBeLessThan(15_000_000);
    expect(ended).toBeLessThan(12_000_000);
    expect(await ledger.results(job, 99_998, 10, null)).toMatchObject([{ ticketId: 'omnidesk:199999' }]);
  });
});
