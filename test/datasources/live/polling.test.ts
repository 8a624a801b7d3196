/** When what is watched is polled: intervals, the budget, failures. Time is the test's. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import type { TicketChange } from '../../../datasources/live/index.ts';
import { ANY_TICKET } from '../../support/live-listener.ts';
import { settle, startLiveSource, type LiveSource, type LiveSourceOptions } from '../../support/live-source.ts';

const MINUTE_MS = 60_000;
/** Of a budget that nothing here exceeds. */
const AMPLE = 1_000_000;

function start(options: LiveSourceOptions = {}, ids = ['1']): LiveSource {
  const source = startLiveSource({ callsPerMinute: AMPLE, ...options });
  for (const id of ids) source.set(id, `Ticket ${id}`);
  return source;
}

/** Collects events without waiting. */
function collect({ live }: LiveSource, query: { ids?: readonly string[]; after?: string } = {}): TicketChange[] {
  const { ids = ['acme:1'], after = null } = query;
  const events: TicketChange[] = [];
  const feed = live.subscribe({ ids, filter: null, after }, {}, () => undefined);
  void (async () => {
    for await (const change of feed) events.push(change);
  })();
  return events;
}

const kinds = (events: readonly TicketChange[]): string[] => events.map(({ kind }) => kind);
const times = ({ calls }: LiveSource): number[] => calls.map(({ at }) => at);
const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the interval', () => {
  test('grows by half while nothing changes, up to the longest, and starts again after a change', async () => {
    const source = start();
    const startedAt = Date.now();
    const events = collect(source);
    await settle();
    await advance(5 * MINUTE_MS);
    const steps = times(source).map((at, index, all) => at - (all[index - 1] ?? at));
    // The first read is that of the subscriber.
    expect(steps.slice(0, 9)).toEqual([0, 5_000, 7_500, 11_250, 16_875, 25_312, 37_968, 56_953, 60_000]);
    source.set('1', 'Other');
    await advance(MINUTE_MS);
    expect(kinds(events)).toEqual(['CURRENT', 'CHANGED']);
    source.calls.length = 0;
    await advance(MINUTE_MS);
    source.set('1', 'Third');
    await advance(MINUTE_MS);
    const found = Date.parse(events.at(-1)!.observedAt) - startedAt;
    expect(times(source)).toContain(found + 5_000);
  });

  test('starts again after an own write', async () => {
    const source = start();
    const events = collect(source);
    await settle();
    await advance(10 * MINUTE_MS);
    source.set('1', 'Written');
    const before = source.calls.length;
    source.live.announce(source.report('1', 'APPLIED'));
    await settle();
    expect(events.at(-1)).toMatchObject({ kind: 'CHANGED', changed: ['title'], origin: 'OWN_WRITE' });
    expect(source.calls).toHaveLength(before + 1);
    await advance(5_000);
    expect(source.calls).toHaveLength(before + 2);
  });

  test.each([
    [0, 4_000],
    [1, 6_000],
  ])('has a jitter of a fifth: %d is %d ms', async (random, expected) => {
    const source = start({ random: () => random });
    collect(source);
    await settle();
    await advance(10_000);
    expect(times(source)[1]).toBe(expected);
  });

  test('a write with an unknown outcome is looked for after two seconds', async () => {
    const source = start();
    const events = collect(source);
    await settle();
    source.set('1', 'Written');
    source.live.announce(source.report('1', 'UNKNOWN'));
    await advance(1_900);
    expect(kinds(events)).toEqual(['CURRENT']);
    await advance(100);
    await settle();
    expect(events[1]).toMatchObject({ kind: 'CHANGED', origin: 'OWN_WRITE' });
  });
});

describe('the cost', () => {
  test('does not depend on the number of subscribers', async () => {
    const [one, many] = [1, 500].map((count) => ({ count }));
    const callsOf = async ({ count }: { count: number }): Promise<number> => {
      const source = start();
      for (let index = 0; index < count; index += 1) collect(source);
      await settle();
      await advance(10 * MINUTE_MS);
      const calls = source.calls.length;
      await source.live.close();
      vi.useRealTimers();
      return calls;
    };
    expect(await callsOf(many!)).toBe(await callsOf(one!));
  });

  test.each([1, 7, 60])('stays within a budget of %d calls in any minute', async (callsPerMinute) => {
    const ids = Array.from({ length: 20 }, (_, index) => String(index + 1));
    const source = start({ callsPerMinute, everyMs: 100, atMostMs: 200 }, ids);
    for (const id of ids) collect(source, { ids: [`acme:${id}`] });
    await settle();
    // The first reads are those of the subscribers, and are made up for within a minute.
    await advance(2 * MINUTE_MS);
    source.calls.length = 0;
    await advance(10 * MINUTE_MS);
    const all = times(source);
    const most = Math.max(...all.map((at) => all.filter((other) => other >= at && other < at + MINUTE_MS).length));
    expect(most).toBeLessThanOrEqual(callsPerMinute);
    expect(all.length).toBeGreaterThanOrEqual(Math.floor(7.5 * callsPerMinute));
    // All in turn.
    expect(new Set(source.calls.map(({ nativeId }) => nativeId)).size).toBe(Math.min(20, all.length));
    expect(source.live.stateOf('acme')!.callsPerMinute).toBeLessThanOrEqual(callsPerMinute);
    // The interval is stretched.
    expect(source.live.stateOf('acme')!.everySeconds).toBeGreaterThanOrEqual((20 / callsPerMinute) * 60 - 0.001);
  });

  test('stays within the budget with 500 tickets, each in its turn', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => String(index + 1));
    const source = start({ callsPerMinute: 60 }, ids);
    for (let at = 0; at < ids.length; at += 100) {
      collect(source, { ids: ids.slice(at, at + 100).map((id) => `acme:${id}`) });
    }
    await settle();
    // The first reads are those of the subscribers, and are made up for by later polls.
    await advance(10 * MINUTE_MS);
    source.calls.length = 0;
    await advance(20 * MINUTE_MS);
    const all = times(source);
    const most = Math.max(...all.map((at) => all.filter((other) => other >= at && other < at + MINUTE_MS).length));
    expect(most).toBeLessThanOrEqual(60);
    expect(new Set(source.calls.map(({ nativeId }) => nativeId)).size).toBe(500);
  });

  test('a vendor that reads several at once is asked once for all', async () => {
    const source = start({ readsMany: true }, ['1', '2', '3']);
    const events = collect(source, { ids: ['acme:1', 'acme:2', 'acme:3'] });
    await settle();
    expect(source.calls.map(({ nativeId }) => nativeId)).toEqual(['1,2,3']);
    await advance(5_000);
    expect(source.calls).toHaveLength(2);
    source.set('2', 'Other');
    await advance(7_500);
    expect(source.calls).toHaveLength(3);
    expect(events.slice(3)).toMatchObject([{ kind: 'CHANGED', ticketId: 'acme:2', changed: ['title'] }]);
  });

  test('a budget of 0 turns polling off, says so, and own writes are seen', async () => {
    const source = start({ callsPerMinute: 0 });
    const events = collect(source);
    await settle();
    await advance(10 * MINUTE_MS);
    expect(source.calls).toHaveLength(1);
    expect(kinds(events)).toEqual(['STALE', 'CURRENT']);
    source.set('1', 'Written');
    source.live.announce(source.report('1', 'APPLIED'));
    await settle();
    expect(events.at(-1)).toMatchObject({ kind: 'CHANGED', origin: 'OWN_WRITE' });
  });

  test('polls of a source are made one at a time', async () => {
    const source = start({ everyMs: 100, atMostMs: 100 }, ['1', '2', '3']);
    collect(source, { ids: ['acme:1', 'acme:2', 'acme:3'] });
    await settle();
    const gate = Promise.withResolvers<undefined>();
    source.gate = gate.promise;
    await advance(MINUTE_MS);
    expect(source.calls).toHaveLength(4);
    gate.resolve(undefined);
    source.gate = undefined;
    await settle();
    await advance(1_000);
    expect(source.calls.length).toBeGreaterThan(6);
  });
});

describe('failures', () => {
  test('a source that fails is STALE once, then FRESH with what was missed', async () => {
    const source = start();
    const [one, other] = [collect(source), collect(source)];
    await settle();
    source.failure = { kind: 'unavailable', message: 'Down.' };
    await advance(5 * MINUTE_MS);
    for (const events of [one, other]) expect(kinds(events)).toEqual(['CURRENT', 'STALE']);
    expect(one[1]).toMatchObject({ source: 'acme', ticketId: null, failure: { message: 'Down.' } });
    const late = collect(source);
    expect(kinds(late)).toEqual([]);
    await settle();
    expect(kinds(late)).toEqual(['STALE']);
    source.set('1', 'Other');
    source.failure = undefined;
    await advance(MINUTE_MS);
    for (const events of [one, other]) expect(kinds(events).slice(2)).toEqual(['FRESH', 'CHANGED']);
    expect(kinds(late)).toEqual(['STALE', 'FRESH', 'CURRENT']);
  });

  test('Retry-After pauses the polls of all tickets', async () => {
    const source = start({ everyMs: 1_000 }, ['1', '2']);
    const events = collect(source, { ids: ['acme:1', 'acme:2'] });
    await settle();
    source.failure = { kind: 'rate-limited', retryAfterSeconds: 120 };
    await advance(3_000);
    const before = source.calls.length;
    await advance(115_000);
    expect(source.calls).toHaveLength(before);
    source.failure = undefined;
    await advance(20_000);
    expect(kinds(events)).toEqual(['CURRENT', 'CURRENT', 'STALE', 'FRESH']);
  });

  test('a ticket that alone cannot be read does not stop the polls of others', async () => {
    const source = start({}, ['1']);
    const events = collect(source);
    await settle();
    source.failure = { kind: 'protocol' };
    await advance(MINUTE_MS);
    expect(kinds(events)).toEqual(['CURRENT', 'STALE']);
    source.failure = undefined;
    await advance(MINUTE_MS);
    expect(kinds(events)).toEqual(['CURRENT', 'STALE', 'FRESH']);
    expect(source.unexpected).toEqual([]);
  });
});

describe('own writes', () => {
  test('a write that changes nothing brings no event', async () => {
    const source = start();
    const events = collect(source);
    await settle();
    source.live.announce(source.report('1', 'APPLIED'));
    await settle();
    expect(kinds(events)).toEqual(['CURRENT']);
  });

  test('a rejected write is not looked for', async () => {
    const source = start();
    collect(source);
    await settle();
    source.live.announce(source.report('1', 'NOT_APPLIED'));
    await settle();
    expect(source.calls).toHaveLength(1);
  });

  test('a ticket that moves is LEFT, and APPEARED under its new id, which is watched from then on', async () => {
    const source = start();
    const events = collect(source);
    await settle();
    source.remove('1');
    source.set('2', 'Moved');
    source.live.announce(source.report('1', 'APPLIED', '2'));
    await settle();
    source.set('2', 'Changed');
    await advance(MINUTE_MS);
    expect(events.map(({ kind, ticketId }) => [kind, ticketId])).toEqual([
      ['CURRENT', 'acme:1'],
      ['LEFT', 'acme:1'],
      ['APPEARED', 'acme:2'],
      ['CHANGED', 'acme:2'],
    ]);
    expect(source.live.stateOf('acme')!.watched).toBe(1);
  });

  test('many writes during one read bring one read more', async () => {
    const source = start();
    const events = collect(source);
    await settle();
    const gate = Promise.withResolvers<undefined>();
    source.gate = gate.promise;
    for (let count = 0; count < 50; count += 1) {
      source.set('1', `Title ${count}`);
      source.live.announce(source.report('1', 'APPLIED'));
      await settle();
    }
    expect(source.calls).toHaveLength(2);
    source.gate = undefined;
    gate.resolve(undefined);
    await settle();
    expect(source.calls).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ kind: 'CHANGED', ticket: { title: 'Title 49' } });
  });

  test('a cursor names nothing that is still being read', async () => {
    const source = start({}, ['1', '2']);
    const ids = ['acme:1', 'acme:2'];
    const events = collect(source, { ids });
    await settle();
    const gate = Promise.withResolvers<undefined>();
    source.gate = gate.promise;
    source.set('1', 'Other');
    source.live.announce(source.report('1', 'APPLIED'));
    await settle();
    source.gate = undefined;
    source.set('2', 'Other');
    source.live.announce(source.report('2', 'APPLIED'));
    await settle();
    expect(events.at(-1)).toMatchObject({ kind: 'CHANGED', ticketId: 'acme:2' });
    const resumed = collect(source, { ids, after: events.at(-1)!.cursor });
    gate.resolve(undefined);
    await settle();
    expect(resumed.map(({ ticketId }) => ticketId)).toContain('acme:1');
  });
});

test('what a subscriber held is given back when it has gone', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const source = start({}, ['1']);
  const kept = source.live.subscribe({ ids: ['acme:1'], filter: null, after: null }, {}, () => undefined);
  const subscribe = async (): Promise<WeakRef<object>> => {
    const feed = source.live.subscribe({ ids: ['acme:1'], filter: null, after: null }, {}, () => undefined);
    await settle();
    await feed[Symbol.asyncIterator]().next();
    // It waits for the next change when its client goes.
    void feed[Symbol.asyncIterator]().next();
    feed.close();
    return new WeakRef(feed);
  };
  const gone = await Promise.all(Array.from({ length: 100 }, subscribe));
  await settle();
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise(setImmediate);
    collect();
  }
  expect(gone.filter((reference) => reference.deref() !== undefined)).toEqual([]);
  kept.close();
});

test('nothing is kept or polled after 1,000 subscribers have come and gone', async () => {
  const source = start({}, ['1', '2', '3']);
  const filter = { ...ANY_TICKET, search: 'Ticket' };
  const feeds = Array.from({ length: 1_000 }, (_, index) => {
    const query = index % 2 === 0 ? { ids: [`acme:${1 + (index % 3)}`], filter: null } : { ids: null, filter };
    return source.live.subscribe({ ...query, after: null }, {}, () => undefined);
  });
  await settle();
  expect(source.live.stateOf('acme')!.watched).toBe(4);
  await Promise.all(
    feeds.map(async (feed, index) => {
      if (index % 3 === 0) feed.close();
      else await feed[Symbol.asyncIterator]().return!();
    }),
  );
  expect(source.live.stateOf('acme')).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
  const before = source.calls.length;
  await advance(10 * MINUTE_MS);
  expect(source.calls).toHaveLength(before);
  expect(source.unexpected).toEqual([]);
});
