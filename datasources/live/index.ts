/** Live updates: the change stream, and the polls that feed it. */
import type { FailureDetails } from '../contract.ts';
import type { WriteReport } from '../writes/report.ts';
import type { ChangeLog } from './change-log.ts';
import type { ChangeFeed, LiveState, Subscriber, WatchQuery } from './change.ts';
import type { IntervalSettings } from './interval.ts';
import { LiveEngine, type LiveOptions as EngineOptions } from './live-updates.ts';
import type { Peers } from './peers.ts';
import { createRing, type WriteChannel } from './ring.ts';
import type { Delivery } from './watched-group.ts';

export type { ChangeLog, NewEntry } from './change-log.ts';
export type { WriteChannel } from './ring.ts';
export type { ChangeFeed, LiveState, Subscriber, TicketChange, WatchFilter, WatchQuery } from './change.ts';

export interface LiveUpdates {
  /** The position of the stream now. */
  cursor(): Promise<string>;
  /**
   * @param denialFor returns why the subscriber may not read from a source, by its key; `undefined` if it may
   * @throws Failure `invalid-input` for an invalid query, or the denial if the subscriber may read nothing of it
   */
  subscribe(
    query: WatchQuery,
    subscriber: Subscriber,
    denialFor: (sourceKey: string) => FailureDetails | undefined,
  ): ChangeFeed;
  /** Announces a write of this process: subscribers here and at other replicas see it at once. */
  announce(report: WriteReport): void;
  /** How the source is polled; `undefined` if it has no subscribers. */
  stateOf(sourceKey: string): LiveState | undefined;
  close(): Promise<void>;
}

/** What a process sets up for live updates. */
export interface LiveSettings extends IntervalSettings {
  /** How the workers of one server tell each other of their writes. Omit for a single process. */
  readonly workers?: WriteChannel | undefined;
  /** What replicas share. Omit for a single process. */
  readonly replicas?: LiveReplicas | undefined;
  /** From 0 to 1. Defaults to `Math.random`. */
  readonly random?: () => number;
}

export interface LiveReplicas {
  readonly log: ChangeLog<Delivery>;
  readonly peers: Peers;
}

export type LiveOptions = LiveSettings &
  Pick<EngineOptions, 'known' | 'connected' | 'now' | 'events' | 'reportUnexpected'>;

export function createLiveUpdates({
  everyMs,
  atMostMs,
  workers,
  replicas,
  random,
  ...options
}: LiveOptions): LiveUpdates {
  const log = replicas?.log ?? createRing<Delivery>({ now: options.now, workers });
  const settings = { everyMs, atMostMs: Math.max(everyMs, atMostMs) };
  return new LiveEngine({ ...options, settings, log, peers: replicas?.peers, random });
}
