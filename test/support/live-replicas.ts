/** Replicas in one process, for schedules that the test decides: a shared log, and who of them polls. */
import type { ChangeLog, EntryListener, LogEntry } from '../../datasources/live/change-log.ts';
import type { LiveReplicas } from '../../datasources/live/index.ts';
import type { Peers, PeerListener, RemoteTargets } from '../../datasources/live/peers.ts';
import { createRing } from '../../datasources/live/ring.ts';
import type { Delivery } from '../../datasources/live/watched-group.ts';

export interface SharedReplicas {
  readonly replicas: readonly LiveReplicas[];
  /** Makes this one the one that polls what it watches. */
  handOver(to: number): void;
}

export function createReplicas(count: number, now: () => number): SharedReplicas {
  const logs = shareLog(count, now);
  const leases = new Leases(count);
  return {
    replicas: logs.map((log, index) => ({ log, peers: leases.peersOf(index) })),
    handOver: (to) => leases.handOver(to),
  };
}

class Leases {
  readonly #listeners: (PeerListener | undefined)[] = [];
  readonly #watched: readonly Map<string, () => RemoteTargets>[];
  readonly #holders = new Map<string, number>();
  #preferred = 0;

  constructor(count: number) {
    this.#watched = Array.from({ length: count }, () => new Map<string, () => RemoteTargets>());
  }

  peersOf(index: number): Peers {
    return {
      isConnected: true,
      holds: (key) => this.#holders.get(key) === index,
      listen: (listener) => void (this.#listeners[index] = listener),
      update: (key, targets) => {
        this.#watched[index]!.set(key, targets);
        this.#assign(key);
      },
      leave: (key) => {
        this.#watched[index]!.delete(key);
        this.#assign(key);
      },
      close: async () => this.#watched[index]!.clear(),
    };
  }

  handOver(to: number): void {
    this.#preferred = to;
    this.#holders.clear();
    for (const key of new Set(this.#watched.flatMap((groups) => [...groups.keys()]))) this.#assign(key);
  }

  /** As long as a holder watches a group, it stays the holder. */
  #assign(key: string): void {
    const before = this.#holders.get(key);
    const watching = this.#watched.flatMap((groups, index) => (groups.has(key) ? [index] : []));
    const [first] = watching.toSorted((one, other) => this.#rank(one, before) - this.#rank(other, before));
    if (first === undefined) return void this.#holders.delete(key);
    this.#holders.set(key, first);
    const others = watching.filter((index) => index !== first).map((index) => this.#watched[index]!.get(key)!());
    const ids = [...new Set(others.flatMap((targets) => targets.ids))];
    const filters = [...new Set(others.flatMap((targets) => targets.filters))];
    this.#listeners[first]?.onTargets(key, { ids, filters });
    if (first !== before) this.#listeners[first]?.onHeld(key);
  }

  #rank(index: number, holder: number | undefined): number {
    return index === holder ? 0 : index === this.#preferred ? 1 : 2;
  }
}

/** One log, with a listener for each replica. */
function shareLog(count: number, now: () => number): ChangeLog<Delivery>[] {
  const ring = createRing<{ readonly by: number; readonly delivery: Delivery | undefined }>({ now });
  const listeners: EntryListener<Delivery>[] = [];
  ring.listen(
    (entry: LogEntry, found) =>
      listeners.forEach((listener, index) => listener(entry, found?.by === index ? found.delivery : undefined)),
    () => undefined,
  );
  return Array.from({ length: count }, (_, by) => ({
    isConnected: true,
    isShared: true,
    position: () => ring.position(),
    get heard() {
      return ring.heard;
    },
    append: (entry, delivery) => ring.append(entry, { by, delivery }),
    since: (position) => ring.since(position),
    listen: (listener) => void (listeners[by] = listener),
    close: async () => undefined,
  }));
}
