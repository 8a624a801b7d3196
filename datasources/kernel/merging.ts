/**
 * Several lists, each newest first, read as one: each vendor's own order is kept, and of the tickets at the heads the
 * newest goes next. Nothing here knows what a vendor is; `../listing.ts` does.
 */
import type { ListFilter, Page, Ticket } from '../contract.ts';
import type { Position } from './cursor.ts';
import { toComparable } from './search-text.ts';

/** One vendor's list, page by page. */
export interface Lister {
  /** Most tickets that one call may ask for. */
  readonly pageLimit: number;
  list(offset: number, limit: number): Promise<Page>;
}

/** Tickets that one request looks through in one list for those that fit, before it hands back what it has. */
export const SCAN_LIMIT = 1_000;

/** A ticket in its list. */
export interface Entry {
  readonly ticket: Ticket;
  /** The ticket's own, which is compared with each at the head of another list. */
  readonly createdAt: string | null;
  /** How many tickets of the list have been read with it. */
  readonly offset: number;
}

/** Where to go on after it. Made for those alone that somebody goes on after. */
export function positionAfter({ ticket, createdAt, offset }: Entry): Position {
  return { offset, lastId: ticket.id, lastCreatedAt: createdAt };
}

/**
 * A list being read: the entries fetched and not yet taken, and what is known of the whole.
 *
 * A class, as is whatever has getters and is made for each request: for a getter in an object literal V8 makes a shape of
 * its own each time, in the old part of its heap, and with it all that the getter can see stays until the next full
 * collection. More than a tenth of a page of a hundred tickets went into that.
 */
export class Reader {
  readonly #lister: Lister;
  readonly #start: Position;
  readonly #filter: ListFilter;
  readonly #entries: (Entry | undefined)[] = [];
  /** How many of them have been taken. */
  #gone = 0;
  /** Native ids fetched so far: a vendor that does not page would send the same tickets again. */
  readonly #seen = new Set<string>();
  #taken: Entry | undefined;
  /** Also where it does not fit. */
  #fetched: Entry | undefined;
  #isAtEnd = false;
  #totalCount: number | null = null;
  #failure: unknown;

  constructor(lister: Lister, start: Position, filter: ListFilter) {
    this.#lister = lister;
    this.#start = start;
    this.#filter = filter;
  }

  /** Asks for the count alone. */
  count(): Promise<void> {
    return this.#keepFailure(async () => {
      this.#totalCount = countOf(await this.#lister.list(0, 0), this.#filter);
    });
  }

  /** Whether it has no head, and more to fetch. */
  get isHungry(): boolean {
    return this.#canGoOn && this.#seen.size < SCAN_LIMIT;
  }

  /** Whether it stopped at the scan limit, with tickets left to look through. */
  get isCutShort(): boolean {
    return this.#canGoOn && this.#seen.size >= SCAN_LIMIT;
  }

  get #canGoOn(): boolean {
    return this.#isEmpty && !this.#isAtEnd && this.#failure === undefined;
  }

  get #isEmpty(): boolean {
    return this.#gone === this.#entries.length;
  }

  /** Fetches until there is a head, the list ends, it fails, or the scan limit is reached. */
  async fill(wanted: number): Promise<void> {
    while (this.isHungry) await this.#keepFailure(() => this.#fetchMore(Math.max(1, wanted)));
  }

  head(): Entry | undefined {
    return this.#entries[this.#gone];
  }

  take(): void {
    this.#taken = this.head() ?? this.#taken;
    // Let go of, instead of moving the others up for each of a hundred.
    this.#entries[this.#gone] = undefined;
    this.#gone += 1;
  }

  /** The position after the last ticket that was taken, or passed over because it did not fit. */
  get position(): Position {
    // With nothing left at hand, what was passed over behind the last ticket counts as read.
    const last = this.#isEmpty ? this.#fetched : this.#taken;
    return last ? positionAfter(last) : this.#start;
  }

  get totalCount(): number | null {
    return this.#totalCount;
  }

  get failure(): unknown {
    return this.#failure;
  }

  async #fetchMore(wanted: number): Promise<void> {
    const isResuming = this.#seen.size === 0 && this.#start.lastId !== null;
    const from = this.#readSoFar;
    const limit = Math.min(this.#lister.pageLimit, wanted + (isResuming ? 1 : 0));
    const { page, offset, skip } = isResuming
      ? await resume(this.#lister, this.#start, limit)
      : { page: await this.#lister.list(from, limit), offset: from, skip: 0 };
    this.#totalCount = countOf(page, this.#filter);
    const before = this.#seen.size;
    for (let index = skip; index < page.tickets.length; index += 1) {
      this.#keep(page.tickets[index]!, offset + index + 1, page.unapplied);
    }
    const hasAll = page.totalCount !== null && this.#readSoFar >= page.totalCount;
    // A short page alone proves nothing: a vendor may send fewer than it was asked for.
    this.#isAtEnd = hasAll || (this.#seen.size === before && (skip === 0 || page.tickets.length < limit));
  }

  get #readSoFar(): number {
    return (this.#fetched ?? this.#start).offset;
  }

  #keep(ticket: Ticket, offset: number, unapplied: Page['unapplied']): void {
    const { nativeId } = ticket;
    if (this.#seen.has(nativeId)) return;
    this.#seen.add(nativeId);
    this.#fetched = { ticket, createdAt: ticket.createdAt, offset };
    if (fits(ticket, this.#filter, unapplied)) this.#entries.push(this.#fetched);
  }

  /** Failures are kept, not thrown: one list that fails must not end the others. */
  async #keepFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = error ?? new Error('unknown');
    }
  }
}

/** The vendor's count, where it counts under the whole filter. */
function countOf(page: Page, filter: ListFilter): number | null {
  return page.unapplied.some((part) => filter[part] !== undefined) ? null : page.totalCount;
}

/**
 * The page after a position, in a list that may have moved since: new tickets push it down, deleted ones pull it up.
 * The last ticket read is asked for again, and looked for around its old place.
 */
async function resume(
  lister: Lister,
  { offset: read, lastId, lastCreatedAt }: Position,
  limit: number,
): Promise<{ page: Page; offset: number; skip: number }> {
  const indexIn = (page: Page): number => page.tickets.findIndex((ticket) => ticket.id === lastId);
  const offset = Math.max(0, read - 1);
  const page = await lister.list(offset, limit);
  const index = indexIn(page);
  if (index >= 0) return { page, offset, skip: index + 1 };
  const above = Math.max(0, offset - lister.pageLimit);
  const pageAbove = above < offset ? await lister.list(above, lister.pageLimit) : page;
  const indexAbove = indexIn(pageAbove);
  if (indexAbove >= 0) return { page: pageAbove, offset: above, skip: indexAbove + 1 };
  // The ticket itself has gone. What is newer than it has been shown, or has come since.
  const firstOlder = (of: Page): number => of.tickets.findIndex((ticket) => !isNewer(ticket, lastCreatedAt));
  const olderAbove = above < offset ? firstOlder(pageAbove) : -1;
  if (olderAbove >= 0) return { page: pageAbove, offset: above, skip: olderAbove };
  const older = firstOlder(page);
  return { page, offset, skip: older < 0 ? page.tickets.length : older };
}

function isNewer({ createdAt }: Ticket, than: string | null): boolean {
  return createdAt !== null && than !== null && createdAt > than;
}

/** Whether a ticket fits the parts of a filter that its vendor could not apply. */
export function fits(ticket: Ticket, filter: ListFilter, parts: readonly (keyof ListFilter)[]): boolean {
  const { categories, search } = filter;
  if (parts.includes('categories') && categories) {
    if (ticket.status.category === null || !categories.includes(ticket.status.category)) return false;
  }
  if (parts.includes('search') && search) {
    return toComparable(`${ticket.title ?? ''}\n${ticket.reference}`).includes(toComparable(search));
  }
  return true;
}

/** A ticket in its place in the merged list. */
export interface Merged {
  readonly entry: Entry;
  /** Which reader it came from. */
  readonly reader: number;
}

/**
 * Takes up to `count` tickets off the readers, newest first. Ends early where a reader is cut short: what follows in it
 * might be newer than what the others have.
 *
 * @returns the tickets, and whether more follow.
 */
export async function merge(
  readers: readonly Reader[],
  count: number,
): Promise<{ merged: Merged[]; hasMore: boolean }> {
  const merged: Merged[] = [];
  for (;;) {
    // Nothing is awaited for most tickets: on a page of a hundred the waiting alone would be a tenth of the work.
    if (readers.some(isHungry)) await fillAll(readers.filter(isHungry), count - merged.length + 1);
    if (readers.some(isCutShort)) return { merged, hasMore: true };
    const next = newest(readers);
    if (next < 0) return { merged, hasMore: false };
    if (merged.length >= count) return { merged, hasMore: true };
    merged.push({ entry: readers[next]!.head()!, reader: next });
    readers[next]!.take();
  }
}

const isHungry = (reader: Reader): boolean => reader.isHungry;
const isCutShort = (reader: Reader): boolean => reader.isCutShort;

async function fillAll(readers: readonly Reader[], wanted: number): Promise<void> {
  await Promise.all(readers.map((reader) => reader.fill(wanted)));
}

/** Which reader has the newest head. One without a date goes at once: it must not hold up what follows it. */
function newest(readers: readonly Reader[]): number {
  let best = -1;
  let bestAt = '';
  for (let index = 0; index < readers.length; index += 1) {
    const head = readers[index]!.head();
    if (!head) continue;
    const at = head.createdAt ?? '9999';
    if (best < 0 || at > bestAt) {
      best = index;
      bestAt = at;
    }
  }
  return best;
}
