/**
 * The engine of live updates: who watches what, what a resuming subscriber has missed, and how writes are announced.
 *
 * Over 300 lines: subscriptions, groups and the log share one state, and each event of one of them is a few lines. What can
 * be computed without that state is in the files beside it.
 */
import { hash } from 'node:crypto';
import type { FailureDetails, TicketSource } from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import type { EventSink } from '../upstream/events.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { sourceKeyOf } from '../vendor-kit/global-id.ts';
import type { WriteReport } from '../writes/report.ts';
import { CallMeter } from './call-meter.ts';
import type { ChangeFeed, LiveState, Subscriber, WatchQuery } from './change.ts';
import type { ChangeLog, LogEntry, NewEntry } from './change-log.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import { Feed, type NewChange } from './feed.ts';
import type { IntervalSettings } from './interval.ts';
import { WatchMemory } from './memory.ts';
import { NO_REPLICAS, type Peers, type RemoteTargets } from './peers.ts';
import { Progress } from './progress.ts';
import { missedOfFilter, missedOfTicket, movedTo, wasWatched } from './resumption.ts';
import { selectWatched, type WatchedPart } from './select-watched.ts';
import { SourcePoller } from './source-poller.ts';
import { SentStates } from './sent-states.ts';
import { FilterWatch, IdWatch, keyOfFilter, keyOfId, parseFilterKey, type Watch } from './watch.ts';
import { WatchedGroup, type Delivery } from './watched-group.ts';
import { toWrites } from './write-entries.ts';

export interface LiveOptions {
  readonly known: ReadonlyMap<string, TicketSource>;
  readonly connected: ReadonlyMap<string, Connected>;
  readonly settings: IntervalSettings;
  readonly log: ChangeLog<Delivery>;
  /** Defaults to a single process. */
  readonly peers?: Peers | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Omit to disable telemetry. */
  readonly events?: EventSink | undefined;
  reportUnexpected(error: unknown): void;
}

/** Milliseconds after which a write with an unknown outcome is looked for: it may still be in progress. */
const UNKNOWN_DELAY_MS = 2_000;

const DISCONNECTED: FailureDetails = {
  kind: 'unavailable',
  message: 'Replicas cannot share live updates: Redis is unreachable. Changes arrive late until it answers again.',
};

/** A watch of one subscriber. */
interface Target {
  readonly group: WatchedGroup;
  readonly watch: Watch;
}

interface Subscription {
  readonly feed: Feed;
  readonly subscriber: Subscriber;
  readonly targets: Set<Target>;
  /** The cursor that it continues from, until all that it has missed has been given to it. */
  floor: Position | undefined;
}

export class LiveEngine {
  readonly #options: LiveOptions;
  readonly #peers: Peers;
  readonly #memory = new WatchMemory();
  readonly #pollers = new Map<string, SourcePoller>();
  readonly #subscriptions = new Map<Feed, Subscription>();
  readonly #progress: Progress;
  readonly #closing = new LightAbortController();
  readonly #delayed = new Set<NodeJS.Timeout>();
  /** Whether a position has been given out. */
  #isFollowed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#peers = options.peers ?? NO_REPLICAS;
    this.#progress = new Progress(options.log.heard);
    options.log.listen(
      (entry, delivery) => this.#onEntry(entry, delivery),
      () => this.#onLost(),
    );
    this.#peers.listen({
      onTargets: (group, remote) => this.#watchForOthers(group, remote),
      onHeld: (group) => this.#onHeld(group),
      onConnection: () => this.#onConnection(),
    });
  }

  async cursor(): Promise<string> {
    this.#follow();
    return encodeCursor(await this.#options.log.position());
  }

  /** A position is about to be given out, from which a subscriber may resume. */
  #follow(): void {
    if (this.#isFollowed) return;
    this.#isFollowed = true;
    this.#options.log.follow?.();
  }

  stateOf(sourceKey: string): LiveState | undefined {
    return this.#pollers.get(sourceKey)?.state;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#delayed) clearTimeout(timer);
    for (const feed of [...this.#subscriptions.keys()]) feed.close();
    for (const poller of this.#pollers.values()) poller.close();
    await this.#peers.close();
    await this.#options.log.close();
  }

  // ---------------------------------------------------------------- subscribers

  /** @throws Failure as in `LiveUpdates` */
  subscribe(
    query: WatchQuery,
    subscriber: Subscriber,
    denialFor: (sourceKey: string) => FailureDetails | undefined,
  ): ChangeFeed {
    this.#follow();
    const after = query.after === null ? undefined : decodeCursor(query.after);
    const { parts, failures } = selectWatched(query, this.#options, denialFor);
    const sent = after?.sent.ofWatches(parts.flatMap(watchKeysOf)) ?? new SentStates();
    const subscription = this.#open(subscriber, after?.position, sent);
    const { feed } = subscription;
    for (const [source, failure] of failures) feed.addCause(source, failures, failure);
    const targets = parts.flatMap((part) => this.#watch(part, subscription));
    if (after) this.#run(this.#resume(subscription, targets, after.position));
    else for (const target of targets) this.#giveCurrent(subscription, target);
    for (const [group, added] of Map.groupBy(targets, (target) => target.group)) this.#begin(group, added);
    return feed;
  }

  #open(subscriber: Subscriber, floor: Position | undefined, sent: SentStates): Subscription {
    const feed: Feed = new Feed({
      now: this.#options.now,
      position: (watch) => this.#positionOf(subscription, watch),
      sent,
      onClose: () => this.#onClose(subscription),
    });
    const subscription: Subscription = { feed, subscriber, targets: new Set(), floor };
    this.#subscriptions.set(feed, subscription);
    return subscription;
  }

  #positionOf({ feed, floor }: Subscription, watch: unknown): Position {
    return floor ?? { ...this.#progress.settledFor(feed, watch), at: this.#options.now() };
  }

  #watch({ connected, tickets, filter }: WatchedPart, subscription: Subscription): readonly Target[] {
    const group = this.#groupOf(connected, subscription.subscriber);
    const watches = [
      ...tickets.map(({ id, nativeId }) => group.watchId(id, nativeId)),
      ...(filter ? [group.watchFilter(filter)] : []),
    ];
    return watches.map((watch) => this.#attach(subscription, { group, watch }));
  }

  #attach(subscription: Subscription, target: Target): Target {
    const { group, watch } = target;
    const { feed } = subscription;
    group.attach(feed, watch);
    subscription.targets.add(target);
    if (!this.#peers.isConnected) feed.addCause(group.sourceKey, this, DISCONNECTED);
    if (group.meter.isOff) feed.addCause(group.sourceKey, group.meter, toPollingOff(group.sourceKey));
    return target;
  }

  /** Reads what is watched for the first time, and polls the rest. */
  #begin(group: WatchedGroup, targets: readonly Target[]): void {
    const added = targets.map(({ watch }) => watch).filter((watch) => watch.claimStart());
    if (added.length > 0) this.#run(group.start(added));
    this.#peers.update(group.key, () => group.targets);
    this.#pollers.get(group.sourceKey)?.schedule();
  }

  /** The state at the start: of each ticket, but of none under a filter. */
  #giveCurrent({ feed }: Subscription, { group, watch }: Target): void {
    if (!(watch instanceof IdWatch)) return;
    const give = (): void => {
      const kind = watch.ticket ? 'CURRENT' : 'LEFT';
      const { id: ticketId, ticket = null, seen } = watch;
      feed.addChange(toChange({ kind, ticketId, ticket, changed: [], origin: 'POLL', seen }), watch);
    };
    const { now, settings } = this.#options;
    if (watch.readAt !== undefined && now() - watch.readAt <= settings.everyMs) {
      give();
      return;
    }
    watch.whenKnown(feed, true, give);
    // It is polled less often than a new subscriber expects.
    if (watch.readAt !== undefined) this.#refresh(group, watch);
  }

  #refresh(group: WatchedGroup, watch: Watch): void {
    if (group.meter.isOff || !this.#isPolledHere(group)) this.#run(group.look(watch));
    else if (!watch.isBusy) watch.nextAt = Math.min(watch.nextAt, this.#options.now());
  }

  #onClose(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.feed);
    const groups = new Set(Array.from(subscription.targets, ({ group }) => group));
    for (const { group, watch } of subscription.targets) group.detach(subscription.feed, watch);
    subscription.targets.clear();
    for (const group of groups) this.#removeUnused(group);
  }

  // ---------------------------------------------------------------- groups

  #groupOf(connected: Connected, subscriber: Subscriber): WatchedGroup {
    const { source } = connected;
    const key = `${source.key} ${identityOf(connected, subscriber)}`.trimEnd();
    const poller = this.#pollerOf(connected);
    const known = poller.groups.get(key);
    if (known) return known;
    const { settings, now, random = Math.random, events, reportUnexpected } = this.#options;
    const group: WatchedGroup = new WatchedGroup(key, connected, poller.meter, credentialsOf(subscriber), {
      settings,
      memory: this.#memory,
      events,
      now,
      random,
      signal: this.#closing,
      append: (entry, delivery) => this.#options.log.append(entry, delivery),
      onRead: (watch) => this.#progress.cover(watch),
      reschedule: (watch) => poller.schedule(watch && { group, watch }),
      reportUnexpected,
    });
    poller.groups.set(key, group);
    return group;
  }

  #pollerOf({ source, liveCallsPerMinute }: Connected): SourcePoller {
    const known = this.#pollers.get(source.key);
    if (known) return known;
    const { settings, now, reportUnexpected } = this.#options;
    const poller = new SourcePoller({
      settings,
      now,
      meter: new CallMeter(liveCallsPerMinute, now),
      isPolledHere: (group) => this.#isPolledHere(group),
      isDegraded: () => !this.#peers.isConnected,
      reportUnexpected,
    });
    this.#pollers.set(source.key, poller);
    return poller;
  }

  #isPolledHere({ key }: WatchedGroup): boolean {
    return !this.#peers.isConnected || this.#peers.holds(key);
  }

  /** The poller of a source stays, with what it knows of its budget. */
  #removeUnused(group: WatchedGroup): void {
    const poller = this.#pollers.get(group.sourceKey)!;
    if (group.isUsed) this.#peers.update(group.key, () => group.targets);
    else {
      group.close();
      poller.groups.delete(group.key);
      this.#peers.leave(group.key);
    }
    poller.schedule();
  }

  /** What other replicas watch is polled here as well, as long as this one has subscribers of the group. */
  #findGroup(key: string): WatchedGroup | undefined {
    return this.#pollers.get(key.split(' ', 1)[0]!)?.groups.get(key);
  }

  /** The holder before may have ended a while ago. */
  #onHeld(key: string): void {
    const group = this.#findGroup(key);
    if (!group) return;
    const now = this.#options.now();
    for (const watch of group.watches) if (!watch.isBusy) watch.nextAt = Math.min(watch.nextAt, now);
    this.#pollers.get(group.sourceKey)!.schedule();
  }

  #watchForOthers(key: string, { ids, filters }: RemoteTargets): void {
    const group = this.#findGroup(key);
    if (!group) return;
    const { source } = group.connected;
    const remote = new Set<Watch>([
      ...ids.map((nativeId) => group.watchId(`${source.key}:${nativeId}`, nativeId)),
      ...filters.map((text) => group.watchFilter(parseFilterKey(text))),
    ]);
    for (const watch of group.watches) {
      watch.isRemote = remote.has(watch);
      group.removeUnused(watch);
    }
    const added = [...remote].filter((watch) => watch.claimStart());
    if (added.length > 0) this.#run(group.start(added));
    this.#pollers.get(source.key)!.schedule();
  }

  #onConnection(): void {
    const { isConnected } = this.#peers;
    for (const { feed, targets } of this.#subscriptions.values()) {
      for (const key of new Set(Array.from(targets, ({ group }) => group.sourceKey))) {
        if (isConnected) feed.removeCause(key, this);
        else feed.addCause(key, this, DISCONNECTED);
      }
    }
    for (const poller of this.#pollers.values()) poller.schedule();
  }

  /** What was missed of a lost log is not known. */
  #onLost(): void {
    this.#progress.restart(this.#options.log.heard);
    for (const feed of this.#subscriptions.keys()) feed.addResync();
  }

  // ---------------------------------------------------------------- the log

  #onEntry(entry: LogEntry, delivery: Delivery | undefined): void {
    const { heard } = this.#options.log;
    if (delivery) {
      this.#progress.advance(heard, NO_READS);
      delivery.group.deliver(delivery);
      return;
    }
    const targets = entry.kind === 'WRITE' ? this.#targetsOfWrite(entry) : this.#targetsOfPoll(entry);
    const reads = new Map(targets.map(({ group, watch }) => [watch, group.look(watch)] as const));
    this.#progress.advance(heard, reads);
    for (const read of reads.values()) this.#run(read);
    for (const { group, watch } of targets) {
      if (entry.movedTo !== null && watch instanceof IdWatch) {
        void reads.get(watch)!.then(() => this.#followMoved(group, watch, entry.movedTo!));
      }
    }
  }

  #targetsOfWrite({ ticketId, movedTo: moved }: LogEntry): readonly Target[] {
    const ids = moved === null ? [ticketId] : [ticketId, moved];
    const groups = [...(this.#pollers.get(sourceKeyOf(ticketId))?.groups.values() ?? [])];
    return groups.flatMap((group) => {
      const watches = new Set<Watch>([...ids.flatMap((id) => group.watchesOf(id)), ...group.filters.values()]);
      return Array.from(watches, (watch) => {
        for (const id of ids) watch.noteWrite(id);
        watch.interval.reset();
        return { group, watch };
      });
    });
  }

  /** What another replica has found. Compared with what was seen here, so that nothing is given out twice. */
  #targetsOfPoll({ ticketId, group: key, filter }: LogEntry): readonly Target[] {
    const group = this.#pollers.get(sourceKeyOf(ticketId))?.groups.get(key ?? '');
    if (!group) return [];
    const filtered = filter === null ? undefined : group.filters.get(filter);
    const watches: readonly Watch[] = filter === null ? group.watchesOf(ticketId) : filtered ? [filtered] : [];
    return watches.map((watch) => ({ group, watch }));
  }

  /** Before the first position is given out, writes are not kept (docs/performance.md#writes-without-followers). */
  announce(report: WriteReport): void {
    const isAppended = this.#isFollowed || this.#options.log.isShared;
    for (const { entry, isUnknown } of toWrites(report)) {
      // A subscriber from now on may read the ticket before the write ends.
      if (isUnknown) this.#appendLater(entry);
      else if (isAppended) this.#run(this.#options.log.append(entry));
    }
  }

  #appendLater(entry: NewEntry): void {
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#run(this.#options.log.append(entry));
    }, UNKNOWN_DELAY_MS).unref();
    this.#delayed.add(timer);
  }

  // ---------------------------------------------------------------- moved tickets

  /** A ticket that is found under another id from now on: those that watched the old one watch the new one instead. */
  #followMoved(group: WatchedGroup, watch: IdWatch, newId: string): void {
    if (watch.ticket !== null) return;
    for (const feed of [...watch.feeds]) {
      const subscription = this.#subscriptions.get(feed);
      if (subscription) this.#watchMoved(subscription, group, watch, newId);
    }
    this.#removeUnused(group);
  }

  #watchMoved(subscription: Subscription, group: WatchedGroup, old: IdWatch, newId: string): void {
    const { feed, targets } = subscription;
    for (const target of targets) {
      if (target.watch === old) targets.delete(target);
    }
    const watch = group.watchId(newId, newId.slice(group.sourceKey.length + 1));
    if (![...targets].some((target) => target.watch === watch)) {
      const target = this.#attach(subscription, { group, watch });
      const give = (): void => {
        if (!watch.ticket) return;
        const { id: ticketId, ticket, seen } = watch;
        feed.addChange(toChange({ kind: 'APPEARED', ticketId, ticket, changed: [], origin: 'OWN_WRITE', seen }), watch);
      };
      if (watch.readAt === undefined) watch.whenKnown(feed, true, give);
      else give();
      this.#begin(group, [target]);
    }
    group.detach(feed, old);
  }

  // ---------------------------------------------------------------- resuming

  async #resume(subscription: Subscription, targets: readonly Target[], after: Position): Promise<void> {
    const { feed } = subscription;
    const ageMs = this.#options.now() - after.at;
    const known = targets.map(({ watch }) => this.#untilKnown(feed, watch));
    const entries = await this.#options.log.since(after).catch(() => undefined);
    if (feed.isClosed) return;
    let isResynced = false;
    const resync = (): void => {
      if (!isResynced) feed.addResync();
      isResynced = true;
    };
    if (!entries) {
      subscription.floor = undefined;
      resync();
      return;
    }
    await Promise.all(
      targets.map(async (target, index) => {
        await known[index];
        const { watch } = target;
        const isUnknown = watch instanceof FilterWatch && !wasWatched(watch, after) && !this.#isRecent(ageMs);
        if (isUnknown) {
          resync();
          return;
        }
        // In turn: what is read for it must not replace a newer state.
        await watch.turn(() => this.#giveMissed(subscription, target, entries, after));
      }),
    );
    subscription.floor = undefined;
  }

  /** Whether a filter that was not watched meanwhile lacks no more than one poll. Which tickets left it is unknown. */
  #isRecent(ageMs: number): boolean {
    return ageMs <= this.#options.settings.everyMs;
  }

  #untilKnown(feed: Feed, watch: Watch): Promise<void> | undefined {
    if (watch.readAt !== undefined) return undefined;
    return new Promise((resolve) => watch.whenKnown(feed, false, resolve));
  }

  async #giveMissed(
    subscription: Subscription,
    { group, watch }: Target,
    entries: readonly LogEntry[],
    after: Position,
  ): Promise<void> {
    const { feed } = subscription;
    if (watch instanceof FilterWatch) {
      const missed = await missedOfFilter(entries, group, watch, after, (seen) => feed.sentStateOf(seen));
      for (const one of missed) feed.addChange(toChange(one));
      return;
    }
    if (!(watch instanceof IdWatch)) return;
    const missed = missedOfTicket(entries, group, watch, after, feed.sentStateOf(watch.seen));
    if (missed) feed.addChange(toChange(missed));
    else feed.assume(watch.id, watch.seen);
    const moved = movedTo(entries, watch);
    if (watch.ticket === null && moved !== undefined) this.#watchMoved(subscription, group, watch, moved);
  }

  // ---------------------------------------------------------------- errors

  /** Nothing waits for it. */
  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#options.reportUnexpected(error));
  }
}

const NO_READS: ReadonlyMap<Watch, Promise<unknown>> = new Map();

function watchKeysOf({ tickets, filter }: WatchedPart): string[] {
  return filter ? [keyOfFilter(filter)] : tickets.map(({ nativeId }) => keyOfId(nativeId));
}

function toChange(change: Omit<NewChange, 'source' | 'failure'> & { readonly ticketId: string }) {
  return { ...change, source: null, failure: null };
}

function toPollingOff(sourceKey: string): FailureDetails {
  const message = `${sourceKey} is not polled here: only writes made through this endpoint are seen at once.`;
  return { kind: 'unsupported', message };
}

/** What reads need of a subscriber, without the rest of its request. */
function credentialsOf({ callerCredentials, preferences }: Subscriber): Subscriber {
  return { ...(callerCredentials && { callerCredentials }), ...(preferences && { preferences }) };
}

/** Stands for the caller's own credentials and preferences; empty if all callers get the same answers. */
function identityOf({ forwards, prefers }: Connected, { callerCredentials, preferences }: Subscriber): string {
  const own = [
    ...forwards.map((name) => callerCredentials?.get(name) ?? null),
    ...prefers.map((name) => preferences?.get(name) ?? null),
  ];
  return own.length === 0 ? '' : hash('sha256', JSON.stringify(own), 'base64url');
}
