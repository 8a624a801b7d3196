/**
 * What is watched: a ticket by its id, or a filter. Remembers what was last seen of it, and says what differs. All
 * subscribers with the same credentials share one.
 */
import type { FailureDetails, ListFilter, Ticket } from '../contract.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { changedFields, toDigest, type Digest } from './digest.ts';
import type { Feed } from './feed.ts';
import type { Interval } from './interval.ts';
import { GONE, toKey, toState, type Seen } from './sent-states.ts';

/** A difference between what was seen before and what is seen now. */
export interface Found {
  readonly kind: 'CHANGED' | 'APPEARED' | 'LEFT';
  readonly ticketId: string;
  /** `null` if it is gone. */
  readonly ticket: Ticket | null;
  readonly changed: readonly string[];
  readonly seen: Seen;
}

/** What is kept of a watch without subscribers, for those that come back. */
export interface Memory {
  /** Number of digests. */
  readonly weight: number;
  readonly knownSince: number;
  /** Of a ticket; `null` if it was gone. */
  readonly digest?: Digest | null;
  /** Of a filter. */
  readonly rows?: ReadonlyMap<string, Row>;
  readonly isWhole?: boolean;
}

export interface Row {
  readonly digest: Digest;
  readonly createdAt: string | null;
}

export abstract class Watch {
  /** Unique within its group. */
  readonly key: string;
  readonly feeds = new Set<Feed>();
  readonly interval: Interval;
  /** Aborted when it is not watched any more: then its read in flight ends. */
  readonly leaving = new LightAbortController();
  /** When it is to be polled, in milliseconds since the epoch. */
  nextAt = 0;
  /** When it was last read; `undefined` before. */
  readAt: number | undefined;
  /** Since when it has been watched without a gap; `undefined` before the first read. */
  knownSince: number | undefined;
  /** Calls of its last poll. */
  cost = 1;
  /** Whether another replica watches it, which relies on this one. */
  isRemote = false;
  /** Why it alone cannot be read; `undefined` if it can. */
  failure: FailureDetails | undefined;
  /** Tickets that this endpoint has written to since the last look. */
  readonly #written = new Set<string>();
  #hasStarted = false;
  readonly #onKnown = new Map<Feed, { readonly isNew: boolean; call(): void }>();
  #turns: Promise<unknown> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #busy = 0;

  constructor(key: string, interval: Interval) {
    this.key = key;
    this.interval = interval;
  }

  /** True for the first call alone, whose caller reads the watch. */
  claimStart(): boolean {
    const isFirst = !this.#hasStarted;
    this.#hasStarted = true;
    return isFirst;
  }

  get isUsed(): boolean {
    return this.feeds.size > 0 || this.isRemote;
  }

  get isBusy(): boolean {
    return this.#busy > 0;
  }

  /** Runs one read after the other, so that no older state replaces a newer one. */
  turn(run: () => Promise<void>): Promise<void> {
    this.#busy += 1;
    const ended = this.#turns.then(run).finally(() => (this.#busy -= 1));
    this.#turns = ended.catch(() => undefined);
    return ended;
  }

  /** The same, but joins one that has not begun. */
  joinTurn(run: () => Promise<void>): Promise<void> {
    this.#queued ??= this.turn(() => {
      this.#queued = undefined;
      return run();
    });
    return this.#queued;
  }

  noteWrite(ticketId: string): void {
    this.#written.add(ticketId);
  }

  /** Whether there was a write since the read began. */
  get hasWritten(): boolean {
    return this.#written.size > 0;
  }

  /** The tickets written to before this read. To be called before it begins. */
  takeWritten(): ReadonlySet<string> {
    const written = new Set(this.#written);
    this.#written.clear();
    return written;
  }

  /** @param isNew whether the subscriber gets no change before `call`, since it gets the present state then */
  whenKnown(feed: Feed, isNew: boolean, call: () => void): void {
    this.#onKnown.set(feed, { isNew, call });
  }

  isAwaitedBy(feed: Feed): boolean {
    return this.#onKnown.get(feed)?.isNew ?? false;
  }

  /** To be called after a read, when its differences have been delivered. */
  becomeKnown(now: number): void {
    this.readAt = now;
    this.knownSince ??= now;
    const waiting = [...this.#onKnown.values()];
    this.#onKnown.clear();
    for (const { call } of waiting) call();
  }

  drop(feed: Feed): void {
    this.feeds.delete(feed);
    this.#onKnown.delete(feed);
  }

  /** `undefined` if there is nothing to remember. */
  abstract remember(): Memory | undefined;
  abstract recall(memory: Memory): void;
}

export class IdWatch extends Watch {
  /** Canonical global id. */
  readonly id: string;
  readonly nativeId: string;
  /** `null` if it is gone; `undefined` before the first read. */
  ticket: Ticket | null | undefined;
  #digest: Digest | null | undefined;

  constructor(id: string, nativeId: string, interval: Interval) {
    super(keyOfId(nativeId), interval);
    this.id = id;
    this.nativeId = nativeId;
  }

  /** Whether the ticket has this id, or is found under it. */
  isOf(id: string): boolean {
    return this.id === id || this.ticket?.id === id;
  }

  /** What was last seen. To be called after the first read. */
  get seen(): Seen {
    return { key: toKey(this.key, this.id), state: this.#digest ? toState(this.#digest) : GONE };
  }

  record(ticket: Ticket | undefined): Found | undefined {
    const before = this.#digest;
    const after = ticket ? toDigest(ticket) : null;
    this.#digest = after;
    this.ticket = ticket ?? null;
    if (before === undefined) return undefined;
    const base = { ticketId: this.id, ticket: this.ticket, seen: this.seen };
    if (!after) return before ? { ...base, kind: 'LEFT', changed: [] } : undefined;
    if (!before) return { ...base, kind: 'APPEARED', changed: [] };
    const changed = changedFields(before, after);
    return changed.length > 0 ? { ...base, kind: 'CHANGED', changed } : undefined;
  }

  override remember(): Memory | undefined {
    const { knownSince } = this;
    if (this.#digest === undefined || knownSince === undefined) return undefined;
    return { weight: 1, knownSince, digest: this.#digest };
  }

  override recall(memory: Memory): void {
    this.#digest = memory.digest;
    this.knownSince = memory.knownSince;
  }
}

/** The parts of a filter that matter to one source. */
export interface SourceFilter {
  readonly reference: string | null;
  readonly filter: ListFilter;
}

export class FilterWatch extends Watch {
  readonly filter: SourceFilter;
  /** The tickets of the last read, by their ids, newest first. */
  tickets: ReadonlyMap<string, Ticket> = new Map();
  #rows: ReadonlyMap<string, Row> | undefined;
  #wasWhole = true;

  constructor(filter: SourceFilter, interval: Interval) {
    super(keyOfFilter(filter), interval);
    this.filter = filter;
  }

  /** What was last seen of a ticket, by its global id. */
  seenOf(ticketId: string): Seen {
    const row = this.#rows?.get(ticketId);
    return { key: toKey(this.key, ticketId), state: row ? toState(row.digest) : GONE };
  }

  /**
   * Compares with the rows of the read before. The tickets are those of the list.
   *
   * @param isWhole whether the list ends with these; otherwise older ones may match as well
   */
  record(tickets: readonly Ticket[], isWhole: boolean): Found[] {
    const [before, wasWhole, ticketsBefore] = [this.#rows, this.#wasWhole, this.tickets];
    const rows = new Map(tickets.map((ticket) => [ticket.id, toRow(ticket)] as const));
    this.#rows = rows;
    this.#wasWhole = isWhole;
    this.tickets = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    if (!before) return [];
    const found = tickets.flatMap((ticket): Found | [] => {
      const row = rows.get(ticket.id)!;
      const earlier = before.get(ticket.id);
      const base = { ticketId: ticket.id, ticket };
      const kind = earlier ? 'CHANGED' : 'APPEARED';
      const changed = earlier ? changedFields(earlier.digest, row.digest) : [];
      const isNews = earlier ? changed.length > 0 : wasWhole || isInReach(row, before);
      return isNews ? { ...base, kind, changed, seen: this.seenOf(ticket.id) } : [];
    });
    for (const [ticketId, row] of before) {
      if (rows.has(ticketId) || !(isWhole || isInReach(row, rows))) continue;
      const ticket = ticketsBefore.get(ticketId) ?? null;
      found.push({ kind: 'LEFT', ticketId, ticket, changed: [], seen: this.seenOf(ticketId) });
    }
    return found;
  }

  override remember(): Memory | undefined {
    const { knownSince } = this;
    if (!this.#rows || knownSince === undefined) return undefined;
    return { weight: this.#rows.size + 1, knownSince, rows: this.#rows, isWhole: this.#wasWhole };
  }

  override recall(memory: Memory): void {
    this.#rows = memory.rows;
    this.#wasWhole = memory.isWhole ?? true;
    this.knownSince = memory.knownSince;
  }
}

export function keyOfId(nativeId: string): string {
  return `id ${nativeId}`;
}

const FILTER = 'filter ';

export function keyOfFilter({ reference, filter }: SourceFilter): string {
  const { categories, ...others } = filter;
  const parts = { reference, ...others, ...(categories && { categories: categories.toSorted() }) };
  return FILTER + JSON.stringify(Object.entries(parts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The filter that has this key. */
export function parseFilterKey(key: string): SourceFilter {
  const { reference, ...filter } = Object.fromEntries(JSON.parse(key.slice(FILTER.length)) as [string, unknown][]);
  return { reference: reference as string | null, filter };
}

function toRow(ticket: Ticket): Row {
  return { digest: toDigest(ticket), createdAt: ticket.createdAt };
}

/** False for a row older than all others: it has only moved over the end of what was read. */
function isInReach({ createdAt }: Row, others: ReadonlyMap<string, Row>): boolean {
  const oldest = [...others.values()].at(-1)?.createdAt;
  return !oldest || createdAt === null || createdAt >= oldest;
}
