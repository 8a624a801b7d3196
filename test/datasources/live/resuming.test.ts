/** What a subscriber gets is the last state there is, and no state twice: across cuts, replicas and any schedule. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { ChangeFeed, TicketChange, WatchFilter } from '../../../datasources/live/index.ts';
import { decodeCursor, encodeCursor } from '../../../datasources/live/cursor.ts';
import { MAX_SENT_BYTES, SentStates } from '../../../datasources/live/sent-states.ts';
import { ANY_TICKET } from '../../support/live-listener.ts';
import { createReplicas } from '../../support/live-replicas.ts';
import { settle, startLiveSource, type LiveSource } from '../../support/live-source.ts';

const MINUTE_MS = 60_000;
const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

interface Replicas {
  readonly all: readonly LiveSource[];
  handOver(to: number): void;
  /** Changes the ticket at the vendor, without the replicas' knowledge. `undefined` removes it. */
  set(nativeId: string, title: string | undefined): void;
}

function startReplicas(tickets: Readonly<Record<string, string>> = { 1: 'First' }): Replicas {
  const { replicas, handOver } = createReplicas(2, Date.now);
  const all = replicas.map((replica) => startLiveSource({ callsPerMinute: 1_000_000, replicas: replica }));
  const set: Replicas['set'] = (nativeId, title) => {
    for (const source of all) {
      if (title === undefined) source.remove(nativeId);
      else source.set(nativeId, title);
    }
  };
  for (const [nativeId, title] of Object.entries(tickets)) set(nativeId, title);
  return { all, handOver, set };
}

interface Watching {
  readonly events: TicketChange[];
  readonly feed: ChangeFeed;
}

function watch(
  { live }: LiveSource,
  query: { readonly ids?: readonly string[]; readonly filter?: WatchFilter; readonly after?: string | undefined },
): Watching {
  const { filter = null, ids = filter ? null : ['acme:1'], after = null } = query;
  const events: TicketChange[] = [];
  const feed = live.subscribe({ ids, filter, after }, {}, () => undefined);
  void (async () => {
    for await (const change of feed) events.push(change);
  })();
  return { events, feed };
}

const kindsOf = ({ events }: Watching): string[] => events.map(({ kind }) => kind);
const titlesOf = ({ events }: Watching): unknown[] => events.map(({ ticket }) => ticket?.title);

describe('a subscriber that resumes', () => {
  test('does not get again what it has when another replica takes the polls over', async () => {
    const { all, handOver } = startReplicas();
    const first = watch(all[0]!, {});
    await settle();
    const [current] = first.events;
    watch(all[1]!, { ids: ['acme:2'] });
    await settle();
    // It has never read this ticket, and lets the others compare.
    handOver(1);
    await advance(MINUTE_MS);
    expect(kindsOf(first)).toEqual(['CURRENT']);
    first.feed.close();
    const resumed = watch(all[0]!, { after: current!.cursor });
    await settle();
    await advance(MINUTE_MS);
    expect(kindsOf(resumed)).toEqual([]);
  });

  test('does not get a write again that it has seen, if two were made before it was read', async () => {
    const { all, set } = startReplicas();
    const first = watch(all[0]!, {});
    await settle();
    const { cursor } = first.events[0]!;
    set('1', 'Written');
    all[1]!.live.announce(all[1]!.report('1', 'APPLIED'));
    await settle();
    const sent = first.events[1]!;
    // By another replica, which changes nothing any more.
    all[1]!.live.announce(all[1]!.report('1', 'APPLIED'));
    await settle();
    expect(kindsOf(first)).toEqual(['CURRENT', 'CHANGED']);
    const resumed = watch(all[1]!, { after: sent.cursor });
    const earlier = watch(all[1]!, { after: cursor });
    await settle();
    expect(kindsOf(resumed)).toEqual([]);
    expect(titlesOf(earlier)).toEqual(['Written']);
  });

  test('gets a change that no replica has logged', async () => {
    const { all, set } = startReplicas();
    const first = watch(all[0]!, {});
    await settle();
    const { cursor } = first.events[0]!;
    // The first one has died, and there was no poll since.
    await all[0]!.live.close();
    set('1', 'Changed meanwhile');
    const resumed = watch(all[1]!, { after: cursor });
    await settle();
    expect(resumed.events).toMatchObject([{ kind: 'CHANGED', ticket: { title: 'Changed meanwhile' } }]);
  });

  test('gets that a ticket has gone or come back meanwhile, but not that it was changed and changed back', async () => {
    const { all, set } = startReplicas({ 1: 'First', 2: 'Second', 3: 'Third' });
    set('2', undefined);
    const ids = ['acme:1', 'acme:2', 'acme:3'];
    const first = watch(all[0]!, { ids });
    await settle();
    expect(kindsOf(first)).toEqual(['CURRENT', 'LEFT', 'CURRENT']);
    const { cursor } = first.events.at(-1)!;
    first.feed.close();
    set('1', undefined);
    set('2', 'Second');
    set('3', 'Other');
    await advance(MINUTE_MS);
    set('3', 'Third');
    const resumed = watch(all[1]!, { ids, after: cursor });
    await settle();
    expect(resumed.events.map(({ kind, ticketId }) => [kind, ticketId])).toEqual([
      ['LEFT', 'acme:1'],
      ['APPEARED', 'acme:2'],
    ]);
  });

  test('with a filter that was not watched meanwhile, gets RESYNC', async () => {
    const { all, set } = startReplicas({ 1: 'First', 2: 'Second' });
    const filter = ANY_TICKET;
    const first = watch(all[0]!, { filter });
    await settle();
    set('1', 'Other');
    await advance(MINUTE_MS);
    expect(kindsOf(first)).toEqual(['CHANGED']);
    const { cursor } = first.events[0]!;
    await all[0]!.live.close();
    set('2', undefined);
    await advance(MINUTE_MS);
    const resumed = watch(all[1]!, { filter, after: cursor });
    await settle();
    expect(kindsOf(resumed)).toEqual(['RESYNC']);
    set('1', 'Third');
    await advance(MINUTE_MS);
    expect(kindsOf(resumed)).toEqual(['RESYNC', 'CHANGED']);
  });

  test('with the cursor of another stream, gets also what that one was sent', async () => {
    const { all, set } = startReplicas({ 1: 'First', 2: 'Second' });
    const [one, other] = [watch(all[0]!, { ids: ['acme:1'] }), watch(all[0]!, { ids: ['acme:2'] })];
    await settle();
    set('1', 'Other');
    await advance(MINUTE_MS);
    set('2', 'Other');
    await advance(MINUTE_MS);
    expect([kindsOf(one), kindsOf(other)]).toEqual([
      ['CURRENT', 'CHANGED'],
      ['CURRENT', 'CHANGED'],
    ]);
    const resumed = watch(all[0]!, { ids: ['acme:1', 'acme:2'], after: one.events[1]!.cursor });
    await settle();
    expect(resumed.events.map(({ ticketId }) => ticketId)).toEqual(['acme:2']);
  });
});

test('a subscriber that is slow does not get a change that was taken back', async () => {
  const { all, set } = startReplicas();
  const feed = all[0]!.live.subscribe({ ids: ['acme:1'], filter: null, after: null }, {}, () => undefined);
  const iterator = feed[Symbol.asyncIterator]();
  await settle();
  expect((await iterator.next()).value).toMatchObject({ kind: 'CURRENT' });
  for (const title of ['Other', 'First']) {
    set('1', title);
    await advance(MINUTE_MS);
  }
  const next = iterator.next();
  set('1', 'Third');
  await advance(MINUTE_MS);
  expect((await next).value).toMatchObject({ kind: 'CHANGED', ticket: { title: 'Third' } });
});

describe('a cursor', () => {
  const position = { life: 'b5c2', entry: '12', at: 1 };
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');

  test('contains what was sent of the last 100 tickets, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 10, maxLength: 10 }), { maxLength: 120 }), (entries) => {
        const sent = new SentStates();
        const last = new Map<string, string>();
        for (const entry of entries) {
          const text = Buffer.from(entry).toString('latin1');
          const seen = { key: text.slice(0, 6), state: text.slice(6) };
          sent.record(seen);
          last.delete(seen.key);
          last.set(seen.key, seen.state);
        }
        const decoded = decodeCursor(encodeCursor(position, sent));
        expect(decoded.position).toEqual(position);
        for (const [key, state] of [...last].slice(-100)) expect(decoded.sent.stateOf(key)).toBe(state);
        expect(decoded.sent.encode().length).toBeLessThanOrEqual(MAX_SENT_BYTES);
      }),
    );
  });

  test('has no text of a ticket in it', async () => {
    const { all } = startReplicas({ 1: 'Confidential' });
    const { events } = watch(all[0]!, {});
    await settle();
    const text = Buffer.from(events[0]!.cursor, 'base64url').toString('latin1');
    expect(text).not.toMatch(/Confidential|open|acme/i);
    expect(decodeCursor(events[0]!.cursor).sent.encode()).toHaveLength(10);
  });

  test('with a part that is cut off is rejected as invalid input', () => {
    const text = Buffer.from(`1~b5c2~12~1~${bytes('123456789')}`).toString('base64url');
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ kind: 'invalid-input' }));
  });
});

// ---------------------------------------------------------------- any schedule

type Step =
  | { readonly do: 'set'; readonly id: string; readonly title: string }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'write'; readonly id: string; readonly title: string; readonly at: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cut' }
  | { readonly do: 'resume'; readonly at: number }
  | { readonly do: 'hand over'; readonly at: number }
  | { readonly do: 'fail'; readonly at: number }
  | { readonly do: 'recover' }
  | { readonly do: 'read'; readonly count: number };

const IDS = ['1', '2', '3'];
const anId = fc.constantFrom(...IDS);
const aTitle = fc.constantFrom('a', 'b');
const aReplica = fc.constantFrom(0, 1);

const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), id: anId, title: aTitle }),
  fc.record({ do: fc.constant('remove' as const), id: anId }),
  fc.record({ do: fc.constant('write' as const), id: anId, title: aTitle, at: aReplica }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1_000, 6_000, 70_000) }),
  fc.record({ do: fc.constant('cut' as const) }),
  fc.record({ do: fc.constant('resume' as const), at: aReplica }),
  fc.record({ do: fc.constant('hand over' as const), at: aReplica }),
  fc.record({ do: fc.constant('fail' as const), at: aReplica }),
  fc.record({ do: fc.constant('recover' as const) }),
  fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 4 }) }),
);

/** A client that reads at its own pace, is cut, and goes on with the last cursor, on either replica. */
class Client {
  /** What it shows: a title, or `undefined` for a ticket that is gone. */
  readonly shown = new Map<string, string | undefined>();
  readonly repetitions: TicketChange[] = [];
  #after: string | null = null;
  #feed: ChangeFeed | undefined;
  #next: Promise<IteratorResult<TicketChange>> | undefined;

  connect({ live }: LiveSource): void {
    this.cut();
    const ids = IDS.map((id) => `acme:${id}`);
    this.#feed = live.subscribe({ ids, filter: null, after: this.#after }, {}, () => undefined);
  }

  cut(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.#next = undefined;
  }

  get isConnected(): boolean {
    return this.#feed !== undefined;
  }

  /** @param reread what a client does after RESYNC. Returns false if there is nothing to read at present. */
  async read(reread: () => ReadonlyMap<string, string>): Promise<boolean> {
    if (!this.#feed) return false;
    this.#next ??= this.#feed[Symbol.asyncIterator]().next();
    const result = await Promise.race([this.#next, settle()]);
    if (!result || result.done) return false;
    this.#next = undefined;
    const change = result.value;
    this.#after = change.cursor;
    if (change.kind === 'RESYNC') for (const id of IDS) this.shown.set(`acme:${id}`, reread().get(id));
    if (change.ticketId !== null) this.#show(change, change.ticketId);
    return true;
  }

  #show(change: TicketChange, ticketId: string): void {
    const title = change.ticket?.title ?? undefined;
    const isRepetition = this.shown.has(ticketId) && this.shown.get(ticketId) === title;
    if (isRepetition && change.kind !== 'CURRENT') this.repetitions.push(change);
    this.shown.set(ticketId, title);
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const { all, handOver, set } = startReplicas();
  const actual = new Map<string, string>();
  const change = (id: string, title: string | undefined): void => {
    set(id, title);
    if (title === undefined) actual.delete(id);
    else actual.set(id, title);
  };
  const recover = (): void => all.forEach((source) => void (source.failure = undefined));
  for (const id of IDS) change(id, 'a');
  const client = new Client();
  client.connect(all[0]!);
  // Each ticket has been CURRENT once: until then a client has to start again.
  while (client.shown.size < IDS.length) await client.read(() => actual);
  for (const step of steps) {
    if (step.do === 'set') change(step.id, step.title);
    if (step.do === 'remove') change(step.id, undefined);
    if (step.do === 'write') {
      change(step.id, step.title);
      all[step.at]!.live.announce(all[step.at]!.report(step.id, 'APPLIED'));
    }
    if (step.do === 'wait') await advance(step.ms);
    if (step.do === 'cut') client.cut();
    if (step.do === 'resume') client.connect(all[step.at]!);
    if (step.do === 'hand over') handOver(step.at);
    if (step.do === 'fail') all[step.at]!.failure = { kind: 'unavailable', message: 'Down.' };
    if (step.do === 'recover') recover();
    if (step.do === 'read') for (let count = 0; count < step.count; count += 1) await client.read(() => actual);
  }
  recover();
  if (!client.isConnected) client.connect(all[1]!);
  await advance(5 * MINUTE_MS);
  while (await client.read(() => actual));
  for (const source of all) {
    expect(source.unexpected).toEqual([]);
    await source.live.close();
  }
  expect(Object.fromEntries(client.shown)).toEqual(Object.fromEntries(IDS.map((id) => [`acme:${id}`, actual.get(id)])));
  expect(client.repetitions).toEqual([]);
}

test('whatever happens, the last state sent is the last state there is, and none is sent twice', async () => {
  await fc.assert(fc.asyncProperty(fc.array(aStep, { maxLength: 25 }), run), { numRuns: 300 });
});
