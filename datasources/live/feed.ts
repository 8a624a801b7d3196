/**
 * What one subscriber gets: the latest change of each ticket that it has not taken yet. A slow reader costs no more
 * memory than one change a ticket, and never gets an older state after a newer one.
 */
import type { FailureDetails } from '../contract.ts';
import type { ChangeFeed, TicketChange } from './change.ts';
import { encodeCursor, type Position } from './cursor.ts';
import type { Seen, SentStates } from './sent-states.ts';

/** More changes than these that a subscriber has not taken are replaced by one RESYNC. */
const MAX_PENDING = 2_000;

/** A change without what the feed itself adds. */
export type NewChange = Omit<TicketChange, 'cursor' | 'observedAt'> & { readonly seen?: Seen | undefined };

interface Pending {
  readonly change: NewChange;
  readonly position: Position;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
}

export interface FeedOptions {
  /** The position of what is added now. `delivered` is the watch whose read has shown it, if any. */
  readonly position: (delivered: unknown) => Position;
  /** What the subscriber was sent before, if it resumes. Changed by the feed. */
  readonly sent: SentStates;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called once, when the feed is closed by either side. */
  readonly onClose: () => void;
}

const RESYNC_KEY = 'resync';
const keyOfTicket = (ticketId: string): string => `ticket ${ticketId}`;

export class Feed implements ChangeFeed {
  readonly #options: FeedOptions;
  /** By ticket or source, in the order of the last change. */
  readonly #pending = new Map<string, Pending>();
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
    const key = keyOfTicket(change.ticketId);
    const earlier = this.#pending.get(key)?.change;
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

  /** What the subscriber was sent last of a ticket; `undefined` if it is not known. */
  sentStateOf({ key }: Seen): string | undefined {
    return this.#options.sent.stateOf(key);
  }

  /** What the subscriber has already, unless this stream sends it something else. */
  assume(ticketId: string, seen: Seen): void {
    if (this.sentStateOf(seen) === undefined && !this.#pending.has(keyOfTicket(ticketId)))
      this.#options.sent.record(seen);
  }

  #add(key: string, change: NewChange, delivered?: unknown): void {
    if (this.#isClosed) return;
    const { position, now } = this.#options;
    const added = { change, position: position(delivered), observedAt: new Date(now()).toISOString() };
    if (this.#waiting.length > 0) {
      if (this.#isRepetition(added)) return;
      this.#waiting.shift()!({ done: false, value: this.#take(added) });
      return;
    }
    this.#pending.delete(key);
    this.#pending.set(key, added);
    if (this.#pending.size <= MAX_PENDING) return;
    this.#pending.clear();
    this.addResync();
  }

  /** E.g. if the ticket was changed back before the subscriber has taken the change. */
  #isRepetition({ change: { kind, seen } }: Pending): boolean {
    return kind !== 'CURRENT' && seen !== undefined && this.#options.sent.has(seen);
  }

  /** Only now, since a change that was not taken may be replaced. */
  #take({ change: { seen, ...change }, position, observedAt }: Pending): TicketChange {
    const { sent } = this.#options;
    // The subscriber reads its tickets again, and it is not known which states it gets.
    if (change.kind === 'RESYNC') sent.clear();
    if (seen) sent.record(seen);
    return { ...change, cursor: encodeCursor(position, sent), observedAt };
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
    for (const [key, pending] of this.#pending) {
      this.#pending.delete(key);
      if (!this.#isRepetition(pending)) return Promise.resolve({ done: false, value: this.#take(pending) });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A subscriber that has not seen the earlier of two changes needs to know what both mean together. */
function merge(earlier: NewChange, later: NewChange): NewChange {
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
