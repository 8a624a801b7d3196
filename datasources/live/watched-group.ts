/**
 * What is watched at one source with one credential. Reads it, compares it with what was seen before, and gives what
 * differs to the subscribers. Who decides when is `source-poller.ts`.
 *
 * Over 300 lines: reads, differences and failures change the same watches, and must be seen together.
 */
import type { AbortSignalLike, CallBudget, FailureDetails, RequestScope, Ticket } from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import type { EventSink } from '../upstream/events.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import type { CallMeter } from './call-meter.ts';
import type { ChangeOrigin, Subscriber } from './change.ts';
import type { NewEntry } from './change-log.ts';
import type { Feed } from './feed.ts';
import { Interval, type IntervalSettings } from './interval.ts';
import type { WatchMemory } from './memory.ts';
import type { RemoteTargets } from './peers.ts';
import { CountedCalls, readRows, readTickets, toScope } from './read-watched.ts';
import { GONE } from './sent-states.ts';
import { FilterWatch, IdWatch, keyOfFilter, type Found, type SourceFilter, type Watch } from './watch.ts';

/** What a poll of this process has found, beside its entry in the log. */
export interface Delivery {
  readonly group: WatchedGroup;
  readonly watch: Watch;
  readonly found: Found;
  readonly origin: ChangeOrigin;
}

export interface GroupContext {
  readonly settings: IntervalSettings;
  readonly memory: WatchMemory;
  readonly events: EventSink | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  /** Aborted when live updates are closed. */
  readonly signal: AbortSignalLike;
  append(entry: NewEntry, delivery: Delivery | undefined): Promise<void>;
  /** Called when a read of a watch begins. */
  onRead(watch: Watch): void;
  /** Called when the time of the next poll may have changed. @param watch if that of this one alone */
  reschedule(watch?: Watch): void;
  reportUnexpected(error: unknown): void;
}

/** Failures that concern all reads of the source with this credential, and not only one. */
const OF_GROUP: ReadonlySet<string> = new Set([
  'rate-limited',
  'unavailable',
  'timeout',
  'overloaded',
  'unauthenticated',
  'forbidden',
]);

/** Most tickets that are read one by one after a list has shown that they changed. */
const MAX_FINDS = 25;

/** Tickets of one call, for vendors that read several at once. */
const BATCH_SIZE = 100;

/** Reads at the same time for a new subscriber. */
const MAX_FIRST_READS = 8;

/** How a read came about. */
type Reason = 'poll' | 'look';

export class WatchedGroup {
  readonly key: string;
  readonly connected: Connected;
  readonly meter: CallMeter;
  /** By native id. */
  readonly ids = new Map<string, IdWatch>();
  /** By the key of the watch. */
  readonly filters = new Map<string, FilterWatch>();
  /** No poll before this time, in milliseconds since the epoch. */
  retryAt = 0;
  readonly #subscriber: Subscriber;
  readonly #context: GroupContext;
  readonly #backoff: Interval;
  /** Aborted when this process has no subscribers of it any more. */
  readonly #leaving = new LightAbortController();
  #failure: FailureDetails | undefined;
  /** Of subscribers and watches. */
  #attachments = 0;

  constructor(key: string, connected: Connected, meter: CallMeter, subscriber: Subscriber, context: GroupContext) {
    this.key = key;
    this.connected = connected;
    this.meter = meter;
    this.#subscriber = subscriber;
    this.#context = context;
    this.#backoff = new Interval(context.settings, context.random);
  }

  get sourceKey(): string {
    return this.connected.source.key;
  }

  get watches(): readonly Watch[] {
    return [...this.ids.values(), ...this.filters.values()];
  }

  /** Whether this process has subscribers of it. */
  get isUsed(): boolean {
    return this.#attachments > 0;
  }

  /** What subscribers of this process watch. */
  get targets(): RemoteTargets {
    const isOwn = ({ feeds }: Watch): boolean => feeds.size > 0;
    return {
      ids: [...this.ids.values()].filter(isOwn).map(({ nativeId }) => nativeId),
      filters: [...this.filters.values()].filter(isOwn).map(({ key }) => key),
    };
  }

  get isStale(): boolean {
    return this.#failure !== undefined;
  }

  /** The watches of a ticket, by any of its ids. */
  watchesOf(ticketId: string): readonly IdWatch[] {
    const direct = this.ids.get(ticketId.slice(this.sourceKey.length + 1));
    const { nativeId } = this.connected.source.vendor;
    if (!nativeId.isPermanent) return direct ? [direct] : [];
    return [...this.ids.values()].filter((watch) => watch.isOf(ticketId));
  }

  // ---------------------------------------------------------------- subscribers

  watchId(id: string, nativeId: string): IdWatch {
    const known = this.ids.get(nativeId);
    if (known) return known;
    const watch = this.#prepare(new IdWatch(id, nativeId, this.#newInterval()));
    this.ids.set(nativeId, watch);
    return watch;
  }

  watchFilter(filter: SourceFilter): FilterWatch {
    const known = this.filters.get(keyOfFilter(filter));
    if (known) return known;
    const watch = this.#prepare(new FilterWatch(filter, this.#newInterval()));
    this.filters.set(watch.key, watch);
    return watch;
  }

  #newInterval(): Interval {
    return new Interval(this.#context.settings, this.#context.random);
  }

  #prepare<Kind extends Watch>(watch: Kind): Kind {
    // It is read at once; until then there is nothing to poll.
    watch.nextAt = Infinity;
    const memory = this.#context.memory.take(`${this.key} ${watch.key}`);
    if (memory) watch.recall(memory);
    return watch;
  }

  attach(feed: Feed, watch: Watch): void {
    watch.feeds.add(feed);
    this.#attachments += 1;
    if (this.#failure) feed.addCause(this.sourceKey, this, this.#failure);
    if (watch.failure) feed.addCause(this.sourceKey, watch, watch.failure);
  }

  /** To be called once for each `attach`. */
  detach(feed: Feed, watch: Watch): void {
    watch.drop(feed);
    this.#attachments -= 1;
    this.removeUnused(watch);
  }

  /** To be called when this process has no subscribers of it any more. */
  close(): void {
    this.#leaving.abort();
    for (const watch of this.watches) {
      watch.isRemote = false;
      this.removeUnused(watch);
    }
  }

  removeUnused(watch: Watch): void {
    if (watch.isUsed) return;
    watch.leaving.abort();
    this.#context.memory.save(`${this.key} ${watch.key}`, watch.remember());
    if (watch instanceof IdWatch) this.ids.delete(watch.nativeId);
    else this.filters.delete(watch.key);
  }

  // ---------------------------------------------------------------- reads

  /** The first read of watches that were added. */
  async start(watches: readonly Watch[]): Promise<void> {
    const ids = watches.filter((watch) => watch instanceof IdWatch);
    const size = this.connected.datasource.findMany ? BATCH_SIZE : 1;
    const batches = Array.from({ length: Math.ceil(ids.length / size) }, (_, at) =>
      ids.slice(at * size, at * size + size),
    );
    const readNext = async (): Promise<void> => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) await this.#readIds(batch, 'poll');
    };
    const filters = watches.filter((watch) => watch instanceof FilterWatch);
    await Promise.all([
      ...filters.map((watch) => watch.turn(() => this.#readFilter(watch, 'poll'))),
      ...Array.from({ length: MAX_FIRST_READS }, readNext),
    ]);
  }

  /** Reads it, and others of the same call if the vendor reads several at once. */
  async poll(watch: Watch): Promise<void> {
    if (watch instanceof FilterWatch) return watch.turn(() => this.#readFilter(watch, 'poll'));
    if (!(watch instanceof IdWatch)) return;
    const others = this.connected.datasource.findMany
      ? [...this.ids.values()].filter((one) => one !== watch && !one.isBusy && one.readAt !== undefined)
      : [];
    await this.#readIds([watch, ...others.slice(0, BATCH_SIZE - 1)], 'poll');
  }

  /**
   * Reads it now, because another process or a write says that it has changed: what differs is given to the subscribers of
   * this process, and not announced again.
   */
  look(watch: Watch): Promise<void> {
    return watch.joinTurn(async () => {
      if (watch instanceof FilterWatch) await this.#readFilter(watch, 'look');
      if (watch instanceof IdWatch) await this.#readInTurn(watch, 'look');
    });
  }

  async #readIds(watches: readonly IdWatch[], reason: Reason): Promise<void> {
    const [first, ...others] = watches;
    if (!first) return;
    if (others.length === 0) return first.turn(() => this.#readInTurn(first, reason));
    const counted = new CountedCalls(this.meter);
    let results: ReturnType<typeof readTickets> | undefined;
    const ids = watches.map(({ nativeId }) => nativeId);
    const readOne = async (watch: IdWatch, index: number): Promise<void> => {
      const written = this.#beginRead(watch);
      results ??= readTickets(this.connected, ids, this.#toScope(counted, this.#leaving));
      const result = (await results)[index];
      watch.cost = Math.max(1, counted.calls);
      await this.#recordTicket(watch, result, written, reason);
    };
    await Promise.all(watches.map((watch, index) => watch.turn(() => readOne(watch, index))));
  }

  async #readInTurn(watch: IdWatch, reason: Reason): Promise<void> {
    const written = this.#beginRead(watch);
    const counted = new CountedCalls(this.meter);
    const [result] = await readTickets(this.connected, [watch.nativeId], this.#toScope(counted, watch.leaving));
    watch.cost = Math.max(1, counted.calls);
    await this.#recordTicket(watch, result, written, reason);
  }

  #toScope(budget: CallBudget, signal: AbortSignalLike): RequestScope {
    return toScope(this.#subscriber, budget, signal);
  }

  /** Returns the tickets written to before. */
  #beginRead(watch: Watch): ReadonlySet<string> {
    this.#context.onRead(watch);
    return watch.takeWritten();
  }

  async #recordTicket(
    watch: IdWatch,
    result: Ticket | undefined | Error,
    written: ReadonlySet<string>,
    reason: Reason,
  ): Promise<void> {
    if (result instanceof Error) {
      this.#fail(watch, result);
      return;
    }
    this.#recover(watch);
    const found = watch.record(result);
    this.#setNext(watch, found !== undefined || written.size > 0);
    if (found) await this.#take(watch, found, written.size > 0 || watch.hasWritten ? 'OWN_WRITE' : 'POLL', reason);
    else if (reason === 'poll' && watch.isRemote && watch.readAt === undefined) await this.#announceUnknown(watch);
    this.#becomeKnown(watch);
  }

  async #readFilter(watch: FilterWatch, reason: Reason): Promise<void> {
    const written = this.#beginRead(watch);
    const counted = new CountedCalls(this.meter);
    try {
      const rows = await readRows(this.connected, watch.filter, this.#toScope(counted, watch.leaving));
      watch.cost = Math.max(1, counted.calls);
      this.#recover(watch);
      const found = watch.record(rows.tickets, rows.isWhole);
      this.#setNext(watch, found.length > 0 || written.size > 0);
      for (const one of await this.#readWhole(found)) {
        const isOwn = written.has(one.ticketId) || (one.ticket !== null && written.has(one.ticket.id));
        await this.#take(watch, one, isOwn ? 'OWN_WRITE' : 'POLL', reason);
      }
      this.#becomeKnown(watch);
    } catch (error) {
      this.#fail(watch, error);
    }
  }

  /** Replaces the rows of a list by the tickets as a single read gives them. A read that fails leaves the row. */
  async #readWhole(found: readonly Found[]): Promise<readonly Found[]> {
    const read = await this.readSome(found.map(({ ticketId }) => ticketId));
    return found.map((one) => {
      if (!read.has(one.ticketId)) return one;
      const ticket = read.get(one.ticketId) ?? null;
      if (ticket) return { ...one, ticket };
      return { ...one, kind: 'LEFT', ticket, changed: [], seen: { ...one.seen, state: GONE } };
    });
  }

  /** Tickets by their global ids, at most 25; `undefined` for one that is gone. Those that cannot be read are left out. */
  async readSome(ticketIds: readonly string[]): Promise<ReadonlyMap<string, Ticket | undefined>> {
    const ids = ticketIds.slice(0, MAX_FINDS);
    if (ids.length === 0) return new Map();
    const nativeIds = ids.map((id) => id.slice(this.sourceKey.length + 1));
    const results = await readTickets(this.connected, nativeIds, this.#toScope(this.meter, this.#leaving));
    const read = new Map<string, Ticket | undefined>();
    ids.forEach((id, index) => {
      const result = results[index];
      if (!(result instanceof Error)) read.set(id, result);
    });
    return read;
  }

  #becomeKnown(watch: Watch): void {
    watch.becomeKnown(this.#context.now());
    this.#context.reschedule(watch);
  }

  #setNext(watch: Watch, isActive: boolean): void {
    if (isActive) watch.interval.reset();
    else if (watch.readAt !== undefined) watch.interval.grow();
    watch.nextAt = this.#context.now() + watch.interval.next();
  }

  // ---------------------------------------------------------------- differences

  async #take(watch: Watch, found: Found, origin: ChangeOrigin, reason: Reason): Promise<void> {
    const delivery = { group: this, watch, found, origin };
    if (reason === 'look') {
      this.deliver(delivery);
      return;
    }
    const { kind, ticketId, changed } = found;
    const filter = watch instanceof FilterWatch ? watch.key : null;
    const entry = { kind, ticketId, changed, group: this.key, filter, movedTo: null };
    await this.#context.append(entry, delivery);
  }

  /** Another replica may have seen another state: it compares. */
  async #announceUnknown({ id }: IdWatch): Promise<void> {
    const entry = { kind: 'CHANGED', ticketId: id, changed: [], group: this.key, filter: null, movedTo: null } as const;
    await this.#context.append(entry, undefined);
  }

  deliver({ watch, found, origin }: Delivery): void {
    this.#context.events?.onLiveChange(this.sourceKey, found.kind);
    for (const feed of watch.feeds) {
      if (watch.isAwaitedBy(feed)) continue;
      feed.addChange({ ...found, origin, source: null, failure: null }, watch);
    }
  }

  // ---------------------------------------------------------------- failures

  #feeds(): ReadonlySet<Feed> {
    return new Set(this.watches.flatMap(({ feeds }) => [...feeds]));
  }

  #fail(watch: Watch, error: unknown): void {
    if (this.#context.signal.aborted || watch.leaving.aborted) return;
    const failure = asFailure(error)?.details ?? UNEXPECTED;
    if (failure === UNEXPECTED) this.#context.reportUnexpected(error);
    this.#context.events?.onLivePoll(this.sourceKey, false);
    const now = this.#context.now();
    watch.interval.grow();
    watch.nextAt = now + watch.interval.next();
    if (OF_GROUP.has(failure.kind)) this.#failAll(failure, now);
    else {
      watch.failure = failure;
      for (const feed of watch.feeds) feed.addCause(this.sourceKey, watch, failure);
    }
    this.#context.reschedule();
  }

  #failAll(failure: FailureDetails, now: number): void {
    this.#failure = failure;
    const pauseMs = Math.max((failure.retryAfterSeconds ?? 0) * 1000, this.#backoff.next());
    this.retryAt = now + pauseMs;
    this.#backoff.grow();
    for (const feed of this.#feeds()) feed.addCause(this.sourceKey, this, failure);
  }

  #recover(watch: Watch): void {
    this.#context.events?.onLivePoll(this.sourceKey, true);
    if (watch.failure) {
      watch.failure = undefined;
      for (const feed of watch.feeds) feed.removeCause(this.sourceKey, watch);
    }
    if (!this.#failure) return;
    this.#failure = undefined;
    this.retryAt = 0;
    this.#backoff.reset();
    for (const feed of this.#feeds()) feed.removeCause(this.sourceKey, this);
    // What was missed meanwhile is wanted soon.
    const now = this.#context.now();
    for (const one of this.watches) if (!one.isBusy) one.nextAt = Math.min(one.nextAt, now);
  }
}

const UNEXPECTED: FailureDetails = {
  kind: 'protocol',
  message: 'The tickets could not be read: unexpected error. See the log of this server.',
};
