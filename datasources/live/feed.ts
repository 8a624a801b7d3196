/**
 * What one subscriber gets: the latest change of each ticket that it has not taken yet. A slow reader costs no more
 * memory than one change a ticket, and never gets an older state after a newer one.
 */
import type { FailureDetails } from '../contract.ts';
import type { ChangeFeed, TicketChange } from './change.ts';

/** More changes than these that a subscriber has not taken are replaced by one RESYNC. */
const MAX_PENDING = 2_000;

/** A change without what the feed itself adds. */
export type NewChange = Omit<TicketChange, 'cursor' | 'observedAt'>;

export interface FeedOptions {
  /** The cursor of what is added now. `delivered` is the watch whose read has shown it, if any. */
  readonly cursor: (delivered: unknown) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called once, when the feed is closed by either side. */
  readonly onClose: () => void;
}

const RESYNC_KEY = 'resync';

export class Feed implements ChangeFeed {
  readonly #options: FeedOptions;
  /** By ticket or source, in the order of the last change. */
  readonly #pending = new Map<string, TicketChange>();
  /** Why sources are stale, by their keys. */
  readonly #staleBy = new Map<string, Set<unknown>>();
  readonly #waiting: ((result: IteratorResult<TicketChange, undefined>) => void)[] = [];
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds a change of a ticket. One of the same ticket that was not taken yet is merged with it. */
  addChange(change: NewChange & { readonly ticketId: string }, delivered?: unknown): void {
    const key = `ticket ${change.ticketId}`;
    const earlier = this.#pending.get(key);
    this.#add(key, earlier ? merge(earlier, change) : change, delivered);
  }

  /** Tells the subscriber once that a source is stale, whatever the number of causes. */
  addCause(source: string, cause: unknown, failure: FailureDetails): void {
    const causes = this.#staleBy.get(source);
    causes?.add(cause);
    if (causes || this.#isClosed) return;
    this.#staleBy.set(source, new Set([cause]));
    this.#add(`source ${source}`, toStatus('STALE', source, failure));
  }

  /** Tells the subscriber that a source is no longer stale, if this was the last cause. */
  removeCause(source: string, cause: unknown): void {
    const causes = this.#staleBy.get(source);
    if (!causes?.delete(cause) || causes.size > 0) return;
    this.#staleBy.delete(source);
    this.#add(`source ${source}`, toStatus('FRESH', source, null));
  }

  addResync(): void {
    this.#add(RESYNC_KEY, toStatus('RESYNC', null, null));
  }

  #add(key: string, change: NewChange, delivered?: unknown): void {
    if (this.#isClosed) return;
    const { cursor, now } = this.#options;
    const whole = { ...change, cursor: cursor(delivered), observedAt: new Date(now()).toISOString() };
    const next = this.#waiting.shift();
    if (next) {
      next({ done: false, value: whole });
      return;
    }
    this.#pending.delete(key);
    this.#pending.set(key, whole);
    if (this.#pending.size <= MAX_PENDING) return;
    this.#pending.clear();
    this.addResync();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pending.clear();
    this.#staleBy.clear();
    for (const end of this.#waiting.splice(0)) end(DONE);
    this.#options.onClose();
  }

  [Symbol.asyncIterator](): AsyncIterator<TicketChange, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.close();
        return DONE;
      },
    };
  }

  #next(): Promise<IteratorResult<TicketChange, undefined>> {
    if (this.#isClosed) return Promise.resolve(DONE);
    const [first] = this.#pending;
    if (!first) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#pending.delete(first[0]);
    return Promise.resolve({ done: false, value: first[1] });
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A subscriber that has not seen the earlier of two changes needs to know what both mean together. */
function merge(earlier: TicketChange, later: NewChange): NewChange {
  const isNewToReader = earlier.kind === 'CURRENT' || earlier.kind === 'APPEARED';
  const kind = later.kind === 'CHANGED' && isNewToReader ? earlier.kind : later.kind;
  return { ...later, kind, changed: [...new Set([...earlier.changed, ...later.changed])] };
}

function toStatus(
  kind: 'STALE' | 'FRESH' | 'RESYNC',
  source: string | null,
  failure: FailureDetails | null,
): NewChange {
  return { kind, ticketId: null, ticket: null, changed: [], origin: 'POLL', source, failure };
}
