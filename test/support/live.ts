/** Live updates whose changes the test makes, and what a client reads of a stream. */
import type { ChangeFeed, LiveUpdates, Subscriber, TicketChange, WatchQuery } from '../../datasources/live/index.ts';
import type { Sources } from '../../datasources/index.ts';

export interface FakeLive extends LiveUpdates {
  /** What clients have subscribed to, in order. */
  readonly queries: (WatchQuery & { readonly subscriber: Subscriber })[];
  /** Number of open feeds. */
  readonly open: number;
  /** Delivers a change to all feeds. */
  push(change: Partial<TicketChange>): void;
}

/** Replaces the live updates of a server. */
export function replaceLive(sources: Sources): FakeLive {
  const feeds = new Set<QueueFeed>();
  const fake: FakeLive = {
    queries: [],
    get open() {
      return feeds.size;
    },
    push(change) {
      for (const feed of feeds) feed.push({ ...NOTHING, ...change });
    },
    cursor: async () => 'cursor-0',
    subscribe(query, subscriber) {
      fake.queries.push({ ...query, subscriber });
      const feed = new QueueFeed(() => feeds.delete(feed));
      feeds.add(feed);
      return feed;
    },
    announce: () => undefined,
    stateOf: () => undefined,
    close: async () => undefined,
  };
  Object.assign(sources, { live: fake });
  return fake;
}

const NOTHING: TicketChange = {
  cursor: 'cursor-1',
  kind: 'CHANGED',
  ticketId: null,
  ticket: null,
  changed: [],
  origin: 'POLL',
  observedAt: '2026-01-01T00:00:00.000Z',
  source: null,
  failure: null,
};

class QueueFeed implements ChangeFeed, AsyncIterator<TicketChange> {
  readonly #onClose: () => void;
  readonly #queue: TicketChange[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  push(change: TicketChange): void {
    this.#queue.push(change);
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#onClose();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<TicketChange>> {
    while (this.#queue.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const value = this.#queue.shift();
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  }

  async return(): Promise<IteratorResult<TicketChange>> {
    this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): AsyncIterator<TicketChange> {
    return this;
  }
}
