/**
 * Several lists, each newest first, read as one: each vendor's own order is kept, and of the tickets at the heads the
 * newest goes next. Nothing here knows what a vendor is; `../listing.ts` does.
 *
 * Vendors' lists move while they are read, hide rows, and send less than they were asked for. Three rules cope with that:
 * offsets count rows received, so that nothing is skipped; each fetch asks for the last rows again, so that a list that
 * has moved is noticed and the place found; and a list ends when the vendor has shown that it does, not before.
 */
import type { ListFilter, Page, Ticket } from '../contract.ts';
import { toAnchor, type Position } from './cursor.ts';
import { toComparable } from './search-text.ts';

/** One vendor's list, page by page. */
export interface PageSource {
  /** Most tickets that one call may ask for. */
  readonly pageLimit: number;
  /** Whether part of the filter is applied here, because the vendor cannot: then whole pages are fetched. */
  readonly filtersHere: boolean;
  /** What is known of the vendor's totals from earlier pages. */
  readonly totals: Totals;
  list(offset: number, limit: number): Promise<Page>;
}

/** Whether a vendor's totals count the whole list, as far as its pages have shown: some count the page. */
export interface Totals {
  count: 'unknown' | 'list' | 'page';
}

/** Tickets that one request looks through in one list for those that fit, before it hands back what it has. */
export const SCAN_LIMIT = 1_000;

/** Calls that one request makes for one list: vendors that send little at a time would take hundreds. */
export const CALL_LIMIT = 25;

/** Rows that each fetch asks for again, to notice that the list has moved. */
export const OVERLAP = 3;

/** Rows asked for with which an empty page is an empty list, unless the vendor's total contradicts it. */
const MIN_EMPTY = 20;

/** Fetches in a row that bring nothing new, after which a list counts as ended. */
const MAX_BARREN = 3;

/** Fetches in a row whose new rows are all unreadable, likewise. */
const MAX_GARBLED = 8;

/** Fetches in search of the place at which to go on in a list that has moved. */
const MAX_SEEKS = 10;

/** The same without dates to go by: if the tickets that mark the place have gone, all of them are in vain. */
const MAX_BLIND_SEEKS = 6;

/** Anchors of a position, and the most where creation times tie. */
const MIN_ANCHORS = 8;
const MAX_ANCHORS = 32;

/** Milliseconds left of the request's time below which no other fetch is begun, at least. */
const MIN_LEFT_MS = 250;

/** Why a list was left before its end; the page ends there, and its cursor goes on. */
export type Cut = 'scan-limit' | 'call-limit' | 'deadline' | 'late' | 'failed';

/** A ticket in its list. */
export interface Entry {
  readonly ticket: Ticket;
  /** The ticket's own, which is compared with each at the head of another list. */
  readonly createdAt: string | null;
  /** How many rows of the list have been read with it. */
  readonly offset: number;
  /** Its place among the tickets that this reader has fetched. */
  readonly index: number;
  /** Its mark for cursors, once it has been asked for. */
  anchor: string;
}

/** Where the place to go on is, seen from a page: an index into its tickets, or in which direction. */
type Place = number | 'above' | 'below' | 'unknown';

/** A search for that place. */
interface Seek {
  readonly from: number;
  readonly steps: number;
  /** Whether it goes without dates: one page up, then down. */
  readonly isBlind?: boolean;
  /** Where it goes down from, once it has been up. */
  readonly down?: number;
  /** Whether all above `from` has been looked at. */
  readonly hasAbove: boolean;
  /** Whether to go on at the first row of this page, whatever it is. */
  readonly isLast: boolean;
}

/**
 * A list being read: the entries fetched and not yet taken, and what is known of the whole.
 *
 * A class, as is whatever has getters and is made for each request: for a getter in an object literal V8 makes a shape of
 * its own each time, in the old part of its heap, and with it all that the getter can see stays until the next full
 * collection. More than a tenth of a page of a hundred tickets went into that.
 */
export class ListCursor {
  readonly #lister: PageSource;
  readonly #filter: ListFilter;
  readonly #deadlineAt: number;
  #start: Position;
  /** All that have been fetched, fitting or not. */
  readonly #fetched: Entry[] = [];
  readonly #fitting: Entry[] = [];
  /** How many of those have been taken. */
  #gone = 0;
  /** Native ids fetched so far. */
  readonly #seen = new Set<string>();
  /** Marks of tickets read on earlier pages. */
  readonly #anchors: ReadonlySet<string>;
  #seek: Seek | undefined;
  /** Rows of the list through the last one that is known. */
  #base: number;
  /** The row at which to go on without overlap; undefined for the usual place. */
  #jump: number | undefined;

  #filtersHere: boolean;
  /** Fetches in a row that brought nothing new; and that brought unreadable rows alone. */
  #barren = 0;
  #garbled = 0;
  #calls = 0;
  #hasMoved = false;
  /** The first and the last ticket of the page before: the same again come from a vendor that ignores offsets. */
  #page: readonly [first: string | undefined, last: string | undefined] = [undefined, undefined];
  /** Rows of the fullest page. */
  #fullest = 0;
  /** Rows of the fullest page that was shorter than asked for: the vendor may have a limit of its own. */
  #cap: number | undefined;
  #slowestMs = 0;
  #waitedMs = 0;
  #unreadable = 0;
  #readable = 0;

  #isAtEnd = false;
  #isFilling = false;
  #rows = 0;
  #total: number | null = null;
  /** Whether the total was just the rows of the first page: that of a short list, or of the page. */
  #isPageCounted = false;
  #cut: Cut | undefined;
  #failure: unknown;

  /** @param deadlineAt when the request's time is up, in milliseconds of `performance.now()` */
  constructor(lister: PageSource, start: Position, filter: ListFilter, deadlineAt: number) {
    this.#lister = lister;
    this.#start = start;
    this.#base = start.offset;
    this.#filter = filter;
    this.#deadlineAt = deadlineAt;
    this.#filtersHere = lister.filtersHere;
    this.#anchors = new Set(start.anchors);
  }

  /** Asks for the count alone. */
  async count(): Promise<void> {
    this.#isFilling = true;
    await this.#keepFailure(async () => {
      const page = await this.#lister.list(0, 0);
      if (this.#cut) return;
      this.#noteFilter(page);
      this.#noteTotal(page, 0);
      this.#rows = page.rowCount;
    });
    this.#isFilling = false;
  }

  /** Whether there are tickets, as far as counting alone tells. */
  get hasAny(): boolean {
    return this.#rows > 0 || (this.totalCount ?? 0) > 0;
  }

  /** Whether it has no head, and more to fetch. */
  get needsFetch(): boolean {
    return this.#isEmpty && !this.#isAtEnd && this.#cut === undefined && this.#failure === undefined;
  }

  /** Whether it stopped before its end after some tickets: what follows them may be newer than what others have. */
  get hitScanLimit(): boolean {
    if (this.#cut === undefined || !this.#isEmpty) return false;
    return this.#cut === 'late' ? this.#gone > 0 : this.#hasProgress;
  }

  /** Why it stopped before its end; undefined if it did not. */
  get cut(): Cut | undefined {
    return this.#cut;
  }

  /** Whether it was late on the page before, and is not to be late again. */
  get isWaitedFor(): boolean {
    return this.#start.isLate;
  }

  /** How long its calls have taken. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  get isFilling(): boolean {
    return this.#isFilling;
  }

  get #isEmpty(): boolean {
    return this.#gone === this.#fitting.length;
  }

  get #hasProgress(): boolean {
    return this.#fetched.length > 0 || this.#hasMoved;
  }

  /** Fetches until there is a head, the list ends, it fails, or it is left. */
  async fill(wanted: number): Promise<void> {
    this.#isFilling = true;
    while (this.needsFetch) {
      this.#cut = this.#findCut();
      if (this.#cut) break;
      await this.#keepFailure(() => this.#fetchMore(Math.max(1, wanted)));
    }
    this.#isFilling = false;
  }

  /** Leaves it as it is: whatever is still under way comes too late for this page. */
  leave(): void {
    this.#cut ??= 'late';
  }

  head(): Entry | undefined {
    return this.#fitting[this.#gone];
  }

  take(): void {
    this.#gone += 1;
  }

  /** The position after a ticket of this list. Made only for those after which somebody goes on. */
  positionAfter({ index, offset, createdAt }: Entry): Position {
    const anchors: string[] = [];
    let at = index;
    for (; at >= 0 && anchors.length < MAX_ANCHORS; at -= 1) {
      const entry = this.#fetched[at]!;
      if (anchors.length >= MIN_ANCHORS && entry.createdAt !== createdAt) break;
      anchors.push((entry.anchor ||= toAnchor(entry.ticket.id)));
    }
    if (at < 0) {
      const most = this.#start.lastCreatedAt === createdAt ? MAX_ANCHORS : MIN_ANCHORS;
      anchors.push(...this.#start.anchors.slice(0, Math.max(0, most - anchors.length)));
    }
    return { offset, anchors, lastCreatedAt: createdAt, isLate: this.#cut === 'late' };
  }

  /** The position before anything of this page. */
  get start(): Position {
    return { ...this.#start, isLate: this.#cut === 'late' };
  }

  /** The position after the last ticket that was taken, or passed over because it did not fit. */
  get position(): Position {
    // With nothing left at hand, what was passed over behind the last ticket counts as read.
    const last = this.#isEmpty ? this.#fetched.at(-1) : this.#fitting[this.#gone - 1];
    return last ? this.positionAfter(last) : this.start;
  }

  /** The vendor's count, if it counts under the whole filter and is to be believed. */
  get totalCount(): number | null {
    const { count } = this.#lister.totals;
    const isBelievable = this.#isAtEnd || (this.#calls === 0 ? count !== 'page' : count === 'list');
    return this.#filtersHere || !isBelievable ? null : this.#total;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** Tickets that have been looked at. */
  get scanned(): number {
    return this.#fetched.length;
  }

  /** How many rows came, if not one of them could be read. */
  get unreadable(): number {
    return this.#readable === 0 ? this.#unreadable : 0;
  }

  // ---------------------------------------------------------------- one fetch

  #findCut(): Cut | undefined {
    if (!this.#hasProgress) return undefined;
    if (this.#fetched.length >= SCAN_LIMIT) return 'scan-limit';
    if (this.#calls >= CALL_LIMIT) return 'call-limit';
    const leftMs = this.#deadlineAt - performance.now();
    return leftMs < Math.max(MIN_LEFT_MS, 2 * this.#slowestMs) ? 'deadline' : undefined;
  }

  async #fetchMore(wanted: number): Promise<void> {
    const { pageLimit } = this.#lister;
    const known = this.#fetched.length + this.#anchors.size;
    const most = Math.min(OVERLAP, pageLimit - 1, Math.max(1, (this.#cap ?? Infinity) - 1));
    const overlap = Math.min(most, known, this.#base);
    const from = this.#seek?.from ?? this.#jump ?? this.#base - overlap;
    // Later fetches ask for whole pages: a list that ran dry on its first page has mostly little left.
    const isWide = this.#filtersHere || this.#calls > 0;
    const limit = isWide ? pageLimit : Math.min(pageLimit, wanted + overlap);

    const startedAt = performance.now();
    this.#calls += 1;
    const page = await this.#lister.list(from, limit);
    if (this.#cut) return;
    const tookMs = performance.now() - startedAt;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    this.#waitedMs += tookMs;
    this.#noteFilter(page);
    this.#noteTotal(page, from);
    if (page.isWhole) {
      this.#isAtEnd = true;
      for (const ticket of page.tickets.slice(this.#base)) this.#keep(ticket, 1, page.unapplied);
      return;
    }
    this.#readable += page.tickets.length;
    this.#unreadable += page.rowCount - page.tickets.length;

    const isBlind = overlap === 0 || (this.#seek === undefined && this.#jump !== undefined);
    const index = this.#resolve(this.#findPlace(page, isBlind), page, from);
    if (index === undefined) {
      if (this.#calls >= CALL_LIMIT && !this.#hasProgress) this.#isAtEnd = true;
      return;
    }
    this.#settle(page, from, limit, index);
  }

  /** Where the tickets begin that have not been read. */
  #findPlace({ tickets }: Page, isBlind: boolean): Place {
    const read = this.#seen.size === 0 ? -1 : tickets.findLastIndex(({ nativeId }) => this.#seen.has(nativeId));
    if (read >= 0) return read + 1;
    if (this.#anchors.size > 0) {
      const anchor = tickets.findLastIndex(({ id }) => this.#anchors.has(toAnchor(id)));
      if (anchor >= 0) return anchor + 1;
    } else if (this.#fetched.length === 0) {
      return 0;
    }
    if (isBlind) return 0;
    const { createdAt: lastAt } = this.#fetched.at(-1) ?? { createdAt: this.#start.lastCreatedAt };
    if (lastAt === null) return 'unknown';
    if (tickets.length === 0) return 'above';
    const dates = tickets.map(({ createdAt }) => createdAt);
    const oldest = dates.findLast((date) => date !== null) ?? null;
    const newest = dates.find((date) => date !== null) ?? null;
    if (oldest === null || newest === null) return 'unknown';
    if (oldest > lastAt) return 'below';
    // Those that were read have gone. What is newer than they were has been shown, or has come since.
    return newest > lastAt ? dates.findLastIndex((date) => date !== null && date > lastAt) + 1 : 'above';
  }

  /** The index at which to go on in this page; undefined if another page has to be looked at first. */
  #resolve(place: Place, { rowCount }: Page, from: number): number | undefined {
    if (typeof place === 'number') return place;
    const seek = this.#seek ?? { from, steps: 0, hasAbove: from === 0, isLast: false };
    const stride = Math.min(this.#lister.pageLimit, this.#cap ?? Infinity);
    const steps = seek.steps + 1;
    if (seek.isLast) return 0;
    if (place === 'unknown' || seek.isBlind) {
      this.#seek = this.#seekBlindly(seek, from, rowCount, stride);
      return undefined;
    }
    if (steps > MAX_SEEKS && place !== 'below') return 0;
    if (place === 'below') {
      // What is newer than the last ticket was created since: it is skipped for good.
      const below = from + Math.max(1, rowCount - OVERLAP);
      if (this.#fetched.length === 0 && below > this.#start.offset) {
        this.#start = { ...this.#start, offset: below };
        this.#base = below;
        this.#hasMoved = true;
      }
      this.#seek = { from: below, steps, hasAbove: false, isLast: false };
      return undefined;
    }
    if (seek.hasAbove) return 0;
    const above = Math.max(0, from - stride);
    this.#seek = { from: above, steps, hasAbove: above === 0, isLast: false };
    return undefined;
  }

  /** Without dates to go by: one page above, those below, and then the place where the anchors would have been. */
  #seekBlindly(seek: Seek, from: number, rowCount: number, stride: number): Seek {
    const steps = seek.steps + 1;
    const blind = { steps, hasAbove: true, isLast: false, isBlind: true };
    const below = rowCount > 0 ? from + Math.max(1, rowCount - 1) : -1;
    if (steps === 1 && from > 0) return { ...blind, from: Math.max(0, from - stride), down: below };
    const down = seek.down ?? below;
    if (down >= 0 && steps <= MAX_BLIND_SEEKS) return { ...blind, from: down };
    const { offset, anchors } = this.#fetched.length > 0 ? this.positionAfter(this.#fetched.at(-1)!) : this.#start;
    return { ...blind, from: Math.max(0, offset - anchors.length), isLast: true };
  }

  /** Keeps what has not been read, and decides whether the list has ended. */
  #settle(page: Page, from: number, limit: number, index: number): void {
    const { tickets, rowCount, rowIndexes } = page;
    const rowsThrough = (at: number): number => from + (rowIndexes ? rowIndexes[at]! : at) + 1;
    const { totals } = this.#lister;
    const before = this.#fetched.length;
    const baseBefore = this.#base;
    const wasLost = this.#seek !== undefined;
    const [first, last] = [tickets[0]?.nativeId, tickets.at(-1)?.nativeId];
    const isSame = first !== undefined && first === this.#page[0] && last === this.#page[1];
    this.#page = [first, last];
    this.#seek = undefined;
    this.#jump = undefined;
    for (let at = index; at < tickets.length; at += 1) this.#keep(tickets[at]!, rowsThrough(at), page.unapplied);
    if (tickets.length > 0) this.#base = rowsThrough(tickets.length - 1);

    const isShort = rowCount < limit;
    // As many rows as on another short page look like a limit of the vendor's own.
    const isConclusive = isShort && (this.#cap === undefined || rowCount < this.#cap);
    const after = from + rowCount;
    const saysMore = this.#total !== null && this.#total > after;
    if (isShort && rowCount > 0) this.#cap = Math.max(this.#cap ?? 0, rowCount);
    this.#fullest = Math.max(this.#fullest, rowCount);

    if (this.#fetched.length > before) {
      this.#barren = 0;
      this.#garbled = 0;
      if (this.#isPageCounted && from > 0) totals.count = 'page';
      this.#isAtEnd = isConclusive && this.#total !== null && totals.count === 'list' && after >= this.#total;
      return;
    }
    // The place was not where it was expected, and has been found: it only has to be read from there.
    const hasMoved = rowCount > 0 && (wasLost || this.#base > baseBefore);
    const isWide = limit === this.#lister.pageLimit;
    const hasTail = rowCount > 0 && this.#base < after;
    if (hasTail) this.#garbled += 1;
    else if (!hasMoved || isSame) this.#barren += 1;
    const isEmpty = isWide || limit >= MIN_EMPTY;
    const isEnd = rowCount === 0 ? isEmpty : isWide && isConclusive && !hasTail && !hasMoved;
    const isSpent = this.#calls >= CALL_LIMIT && !this.#hasProgress;
    const isVain = this.#barren > MAX_BARREN || this.#garbled > MAX_GARBLED || isSpent;
    if ((isEnd && !saysMore) || isVain) this.#isAtEnd = true;
    if (isEnd && this.#isPageCounted && totals.count === 'unknown') totals.count = 'list';
    // Rows may be hidden, or not readable: once a whole page brings nothing new, the rows behind it are asked for.
    if (isWide && !hasMoved) {
      this.#jump = from + Math.max(rowCount, Math.min(limit, this.#fullest || limit));
    }
  }

  #keep(ticket: Ticket, offset: number, unapplied: Page['unapplied']): void {
    const { nativeId } = ticket;
    if (this.#seen.has(nativeId)) return;
    const anchor = this.#anchors.size > 0 ? toAnchor(ticket.id) : '';
    if (this.#anchors.has(anchor)) return;
    this.#seen.add(nativeId);
    const entry = { ticket, createdAt: ticket.createdAt, offset, index: this.#fetched.length, anchor };
    this.#fetched.push(entry);
    if (fits(ticket, this.#filter, unapplied)) this.#fitting.push(entry);
  }

  #noteFilter({ unapplied, isWhole }: Page): void {
    const isApplied = unapplied.every((part) => this.#filter[part] === undefined);
    if (isWhole || !isApplied) this.#filtersHere = !isApplied;
  }

  /** Ignores a total that is not positive, or smaller than what has been read. */
  #noteTotal({ totalCount, rowCount, isWhole }: Page, from: number): void {
    const isCount = totalCount !== null && Number.isInteger(totalCount) && totalCount >= from + rowCount;
    const { totals } = this.#lister;
    if (isCount && totalCount > rowCount && totals.count === 'unknown') totals.count = 'list';
    if (from === 0) this.#isPageCounted = isCount && totalCount === rowCount;
    const isZero = totalCount === 0 && (isWhole === true || (from === 0 && this.#calls > 0));
    this.#total = isCount && (totalCount > 0 || isZero) ? totalCount : null;
  }

  /** Failures are kept, not thrown: one list that fails must not end the others. */
  async #keepFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#cut) return;
      this.#failure = error ?? new Error('unknown');
      if (this.#hasProgress) this.#cut = 'failed';
    }
  }
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
  readonly cursor: number;
}

/** How long a page waits for each of its lists, over all its calls: one that is slow takes no time from the others. */
export class Patience {
  readonly #ms: number;
  readonly #timers: NodeJS.Timeout[] = [];

  /** @param ms milliseconds; 0 waits without end */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Waits for work on each of the readers. Those that are still at it when patience with them is over are left. */
  async wait(readers: readonly ListCursor[], work: (reader: ListCursor) => Promise<void>): Promise<void> {
    if (this.#ms === 0) {
      await Promise.all(readers.map(work));
      return;
    }
    const awaited = Promise.all(readers.filter((reader) => reader.isWaitedFor).map(work));
    const others = readers.filter((reader) => !reader.isWaitedFor);
    if (others.every(({ waitedMs }) => waitedMs === 0)) {
      // The first wait, mostly the only one: one timer for all.
      if (others.length > 0) await Promise.race([Promise.all(others.map(work)), this.#after(this.#ms)]);
    } else {
      await Promise.all(others.map((reader) => Promise.race([work(reader), this.#after(this.#ms - reader.waitedMs)])));
    }
    await awaited;
    for (const reader of others) if (reader.isFilling) reader.leave();
  }

  end(): void {
    this.#timers.forEach(clearTimeout);
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.push(setTimeout(resolve, ms).unref());
    });
  }
}

/**
 * Takes up to `count` tickets off the readers, newest first. Ends early if a reader is cut short: what follows in it
 * might be newer than what the others have.
 *
 * @returns the tickets, and whether more follow.
 */
export async function merge(
  readers: readonly ListCursor[],
  count: number,
  patience: Patience,
): Promise<{ merged: Merged[]; hasMore: boolean }> {
  const merged: Merged[] = [];
  for (;;) {
    // Nothing is awaited for most tickets: on a page of a hundred the waiting alone would be a tenth of the work.
    if (readers.some(needsFetch)) {
      const wanted = count - merged.length + 1;
      await patience.wait(readers.filter(needsFetch), (reader) => reader.fill(wanted));
    }
    if (readers.some(hitScanLimit)) return { merged, hasMore: true };
    const next = newest(readers);
    if (next < 0) return { merged, hasMore: readers.some(isLate) };
    if (merged.length >= count) return { merged, hasMore: true };
    merged.push({ entry: readers[next]!.head()!, cursor: next });
    readers[next]!.take();
  }
}

const needsFetch = (reader: ListCursor): boolean => reader.needsFetch;
const hitScanLimit = (reader: ListCursor): boolean => reader.hitScanLimit;
const isLate = (reader: ListCursor): boolean => reader.cut === 'late';

/** Which reader has the newest head. One without a date goes at once: it must not hold up what follows it. */
function newest(readers: readonly ListCursor[]): number {
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
