/** The change log of a single process: the last 10,000 entries, in memory. */
import { randomUUID } from 'node:crypto';
import type { ChangeLog, EntryListener, LogEntry, NewEntry } from './change-log.ts';
import type { Position } from './cursor.ts';

export const MAX_ENTRIES = 10_000;

/** How the workers of one server tell each other of their writes. */
export interface WriteChannel {
  announce(entry: NewEntry): void;
  /** To be called when this worker must hear of writes. The others tell none before one of them is followed. */
  follow(): void;
  listen(onWrite: (entry: NewEntry) => void): void;
}

export interface RingOptions {
  /** Defaults to 10,000 entries. */
  readonly size?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Omit for a single process. */
  readonly workers?: WriteChannel | undefined;
}

export function createRing<Found>({ size = MAX_ENTRIES, now, workers }: RingOptions): ChangeLog<Found> {
  const life = randomUUID();
  /** The entry with the number `n` is at `n % size`. Numbers start at 1. */
  const entries: LogEntry[] = [];
  let last = 0;
  let onEntry: EntryListener<Found> = () => undefined;

  const positionNow = (): Position => ({ life, entry: String(last), at: now() });

  const add = (entry: NewEntry, found?: Found): void => {
    last += 1;
    const numbered = { ...entry, entry: String(last) };
    entries[last % size] = numbered;
    onEntry(numbered, found);
  };
  workers?.listen((entry) => add(entry));

  return {
    isConnected: true,
    isShared: workers !== undefined,
    position: async () => positionNow(),
    get heard() {
      return positionNow();
    },
    follow: () => workers?.follow(),
    async append(entry, found) {
      if (entry.kind === 'WRITE') workers?.announce(entry);
      add(entry, found);
    },
    async since(position) {
      const after = Number(position.entry);
      if (position.life !== life || after > last || last - after > size) return undefined;
      return Array.from({ length: last - after }, (_, index) => entries[(after + 1 + index) % size]!);
    },
    listen(listener) {
      onEntry = listener;
    },
    close: async () => undefined,
  };
}
