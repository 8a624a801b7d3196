/** The parts of the change stream on their own: cursors, the ring, and the feed of a slow reader. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Ticket } from '../../../datasources/contract.ts';
import { createLiveUpdates, type TicketChange } from '../../../datasources/live/index.ts';
import { CallMeter } from '../../../datasources/live/call-meter.ts';
import type { NewEntry } from '../../../datasources/live/change-log.ts';
import { compareEntries, decodeCursor, encodeCursor } from '../../../datasources/live/cursor.ts';
import { changedFields, toDigest } from '../../../datasources/live/digest.ts';
import { Feed, type NewChange } from '../../../datasources/live/feed.ts';
import { WatchMemory } from '../../../datasources/live/memory.ts';
import { NO_REPLICAS } from '../../../datasources/live/peers.ts';
import { createRing } from '../../../datasources/live/ring.ts';
import { SentStates } from '../../../datasources/live/sent-states.ts';
import { keyOfFilter, parseFilterKey } from '../../../datasources/live/watch.ts';
import type { Delivery } from '../../../datasources/live/watched-group.ts';
import type { WriteReport } from '../../../datasources/writes/report.ts';
import { createRandom } from '../../../sandbox/random.ts';

const WRITE: NewEntry = { kind: 'WRITE', ticketId: 'acme:1', group: null, filter: null, changed: [], movedTo: null };

describe('a cursor', () => {
  test.each(['12', '1764550000000-3'])('of entry %s is decoded as it was encoded', (entry) => {
    const position = { life: 'b5c2', entry, at: 1_764_550_000_000 };
    expect(decodeCursor(encodeCursor(position)).position).toEqual(position);
    expect(encodeCursor(position)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test.each(['', ' ', 'abc', '!', 'x'.repeat(300), Buffer.from('2~a~1~1').toString('base64url'), 'MX5hfjF-'])(
    '%j is rejected as invalid input',
    (text) => {
      expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ kind: 'invalid-input' }));
    },
  );

  test('of a later entry is greater, by number and not by text', () => {
    expect(compareEntries('9', '10')).toBeLessThan(0);
    expect(compareEntries('5-10', '5-9')).toBeGreaterThan(0);
    expect(compareEntries('5-1', '5-1')).toBe(0);
  });
});

describe('the ring', () => {
  const open = (size: number) => createRing({ size, now: () => 1 });

  test('gives the entries after a position in their order', async () => {
    const ring = open(3);
    const start = await ring.position();
    for (const id of ['1', '2', '3']) await ring.append({ ...WRITE, ticketId: id });
    expect((await ring.since(start))?.map(({ ticketId }) => ticketId)).toEqual(['1', '2', '3']);
    expect(await ring.since(await ring.position())).toEqual([]);
  });

  test('does not know what came after a position that is too old, or of another life, or of the future', async () => {
    const [ring, other] = [open(3), open(3)];
    const start = await ring.position();
    for (const id of ['1', '2', '3', '4']) await ring.append({ ...WRITE, ticketId: id });
    expect(await ring.since(start)).toBeUndefined();
    expect(await ring.since(await other.position())).toBeUndefined();
    expect(await ring.since({ ...start, entry: '5' })).toBeUndefined();
  });

  test('passes writes, and only writes, to the other workers, and takes theirs', async () => {
    const announced: NewEntry[] = [];
    const heard: string[] = [];
    let fromOther: (entry: NewEntry) => void = () => undefined;
    const workers = {
      announce: (entry: NewEntry) => announced.push(entry),
      follow: () => undefined,
      listen: (on: typeof fromOther) => (fromOther = on),
    };
    const ring = createRing({ now: () => 1, workers });
    ring.listen(
      ({ ticketId }) => heard.push(ticketId),
      () => undefined,
    );
    await ring.append(WRITE);
    await ring.append({ ...WRITE, kind: 'CHANGED', group: 'acme' });
    fromOther({ ...WRITE, ticketId: 'acme:2' });
    expect(announced).toEqual([WRITE]);
    expect(heard).toEqual(['acme:1', 'acme:1', 'acme:2']);
  });
});

describe('a write is kept in the log', () => {
  const REPORT: WriteReport = {
    outcome: 'APPLIED',
    failures: [],
    items: [
      {
        ticketId: 'acme:1',
        vendor: 'ACME',
        source: 'acme',
        outcome: 'APPLIED',
        failure: null,
        transition: null,
        readId: 'acme:1',
        isReconciled: false,
        wasSent: true,
      },
    ],
    order: [0],
    names: ['acme:1'],
    plan: null,
    isReplayed: false,
  };

  const open = (isShared: boolean) => {
    const follow = vi.fn();
    const log = { ...createRing<Delivery>({ now: () => 1 }), isShared, follow };
    const append = vi.spyOn(log, 'append');
    const live = createLiveUpdates({
      everyMs: 3_600_000,
      atMostMs: 3_600_000,
      replicas: { log, peers: NO_REPLICAS },
      known: new Map(),
      connected: new Map(),
      now: () => 1,
      reportUnexpected: (error) => expect.fail(String(error)),
    });
    return { live, append, follow };
  };

  test('once a cursor is there to resume from, and not before', async () => {
    const { live, append } = open(false);
    live.announce(REPORT);
    expect(append).not.toHaveBeenCalled();
    await live.cursor();
    live.announce(REPORT);
    expect(append).toHaveBeenCalledExactlyOnceWith({ ...WRITE, ticketId: 'acme:1' });
  });

  test('from the start if other processes read it, which tell theirs once a cursor is there', async () => {
    const { live, append, follow } = open(true);
    live.announce(REPORT);
    expect(append).toHaveBeenCalledOnce();
    expect(follow).not.toHaveBeenCalled();
    await live.cursor();
    await live.cursor();
    expect(follow).toHaveBeenCalledOnce();
  });

  test('if its outcome is unknown, as it may still be in progress when a cursor is given out', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { live, append } = open(false);
    live.announce({ ...REPORT, items: REPORT.items.map((item) => ({ ...item, outcome: 'UNKNOWN' })) });
    await live.cursor();
    vi.advanceTimersByTime(60_000);
    expect(append).toHaveBeenCalledOnce();
  });
});

describe('the feed', () => {
  const open = (onClose = () => undefined) =>
    new Feed({ position: () => ({ life: 'x', entry: '1', at: 0 }), sent: new SentStates(), now: () => 0, onClose });
  const change = (ticketId: string, kind: NewChange['kind'], title = ''): NewChange & { ticketId: string } => ({
    kind,
    ticketId,
    ticket: kind === 'LEFT' ? null : ({ title } as Ticket),
    changed: kind === 'CHANGED' ? [title] : [],
    origin: 'POLL',
    source: null,
    failure: null,
  });
  const take = async (feed: Feed, count: number): Promise<TicketChange[]> => {
    const iterator = feed[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: count }, () => iterator.next()));
    return results.map(({ value }) => value!);
  };

  test('gives a slow reader the latest state of each ticket, in the order of the last changes', async () => {
    const feed = open();
    for (const [id, title] of [
      ['1', 'a'],
      ['2', 'b'],
      ['1', 'c'],
    ] as const)
      feed.addChange(change(id, 'CHANGED', title));
    const events = await take(feed, 2);
    expect(events.map(({ ticketId, ticket }) => [ticketId, ticket?.title])).toEqual([
      ['2', 'b'],
      ['1', 'c'],
    ]);
    expect(events[1]!.changed).toEqual(['a', 'c']);
  });

  test.each([
    ['CURRENT', 'CHANGED', 'CURRENT'],
    ['APPEARED', 'CHANGED', 'APPEARED'],
    ['CHANGED', 'LEFT', 'LEFT'],
    ['APPEARED', 'LEFT', 'LEFT'],
    ['LEFT', 'APPEARED', 'APPEARED'],
  ] as const)('merges %s and %s to %s', async (earlier, later, merged) => {
    const feed = open();
    feed.addChange(change('1', earlier));
    feed.addChange(change('1', later, 'new'));
    const [event] = await take(feed, 1);
    expect(event!.kind).toBe(merged);
    expect(event!.ticket?.title).toBe(later === 'LEFT' ? undefined : 'new');
  });

  test('is STALE once for several causes, and FRESH when the last has ended', async () => {
    const feed = open();
    const iterator = feed[Symbol.asyncIterator]();
    feed.addCause('acme', 1, { kind: 'timeout' });
    feed.addCause('acme', 2, { kind: 'unavailable' });
    expect((await iterator.next()).value).toMatchObject({
      kind: 'STALE',
      source: 'acme',
      failure: { kind: 'timeout' },
    });
    feed.addCause('acme', 1, { kind: 'timeout' });
    feed.removeCause('acme', 1);
    feed.removeCause('other', 1);
    feed.removeCause('acme', 2);
    expect((await iterator.next()).value).toMatchObject({ kind: 'FRESH', failure: null });
  });

  test('replaces what is too much for its memory by one RESYNC', async () => {
    const feed = open();
    for (let id = 0; id < 2_001; id += 1) feed.addChange(change(String(id), 'CHANGED'));
    feed.addChange(change('later', 'CHANGED'));
    expect((await take(feed, 2)).map(({ kind, ticketId }) => ticketId ?? kind)).toEqual(['RESYNC', 'later']);
  });

  test('ends for those that wait when it is closed, once', async () => {
    let closed = 0;
    const feed = open(() => void (closed += 1));
    const waiting = [feed[Symbol.asyncIterator]().next(), feed[Symbol.asyncIterator]().next()];
    feed.close();
    feed.close();
    await feed[Symbol.asyncIterator]().return!();
    feed.addChange(change('1', 'CHANGED'));
    expect(await Promise.all(waiting)).toEqual(Array(2).fill({ done: true, value: undefined }));
    expect(await feed[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
    expect(closed).toBe(1);
  });

  test('never gives an older state after a newer one, at any pace of its reader', async () => {
    const random = createRandom(7);
    const feed = open();
    const latest = new Map<string, number>();
    const seen = new Map<string, number>();
    const iterator = feed[Symbol.asyncIterator]();
    let pending = 0;
    const read = async (): Promise<void> => {
      const { ticketId, ticket } = (await iterator.next()).value!;
      expect(Number(ticket!.title)).toBeGreaterThan(seen.get(ticketId!) ?? -1);
      seen.set(ticketId!, Number(ticket!.title));
    };
    for (let step = 0; step < 2_000; step += 1) {
      const id = String(random.integer(0, 4));
      if (!latest.has(id) || seen.get(id) === latest.get(id)) pending += 1;
      latest.set(id, step);
      feed.addChange(change(id, 'CHANGED', String(step)));
      while (pending > 0 && random.chance(0.4)) {
        await read();
        pending -= 1;
      }
    }
    while (pending-- > 0) await read();
    expect(seen).toEqual(latest);
  });
});

test('a digest names the fields that differ, and has no long value in it', () => {
  const ticket = (fields: object) => toDigest({ id: 'acme:1', title: 'T', ...fields } as unknown as Ticket);
  const long = 'secret '.repeat(20);
  const before = ticket({ status: { raw: 'open' }, text: long, extra: 1, load: () => 1 });
  expect(changedFields(before, before)).toEqual([]);
  expect(changedFields(before, ticket({ status: { raw: 'open' }, text: long, extra: 1, load: () => 2 }))).toEqual([]);
  const after = ticket({ status: { raw: 'closed' }, text: `${long}.`, other: 1 });
  expect(changedFields(before, after).toSorted()).toEqual(['extra', 'other', 'status', 'text']);
  expect(JSON.stringify([...before])).not.toContain('secret');
});

test('a filter has one key, whatever the order of its parts', () => {
  const one = { reference: null, filter: { categories: ['OPEN', 'NEW'], search: 'x' } } as const;
  const same = { reference: null, filter: { search: 'x', categories: ['NEW', 'OPEN'] } } as const;
  expect(keyOfFilter(one)).toBe(keyOfFilter(same));
  expect(keyOfFilter(parseFilterKey(keyOfFilter(one)))).toBe(keyOfFilter(one));
  expect(keyOfFilter({ reference: 'x', filter: {} })).not.toBe(
    keyOfFilter({ reference: null, filter: { search: 'x' } }),
  );
});

test('what is kept of watches without subscribers is bounded, and the oldest goes first', () => {
  const memory = new WatchMemory();
  for (let index = 0; index < 30_000; index += 1)
    memory.save(String(index), { weight: 1, knownSince: 0, digest: null });
  expect(memory.take('9999')).toBeUndefined();
  expect(memory.take('10000')).toBeDefined();
  expect(memory.take('10000')).toBeUndefined();
});

test('a meter that is borrowed from is even again after a minute', () => {
  let now = 0;
  const meter = new CallMeter(60, () => now);
  meter.take(1_000);
  expect(meter.lastMinute).toBe(1_000);
  now = 90_000;
  expect(meter.waitMs(1)).toBe(0);
  expect(meter.lastMinute).toBe(0);
});
