/**
 * One vendor's list, read from a position onwards: fetches pages, notices that the list has moved, and detects its end.
 *
 * Vendors' lists move while they are read, hide rows, and return less than requested. Three rules cope with that:
 * 1. Offsets count the rows received, so that nothing is skipped.
 * 2. Each fetch repeats the last rows, so that a move is noticed and the place found (`seek.ts`).
 * 3. A list ends when the vendor has shown that it does, not before.
 *
 * One class, because the three rules read and change the same position; pure decisions are in `seek.ts`.
 */
import type { ListFilter, Page, Ticket } from '../contract.ts';
import { toAnchor, type Position } from './cursor.ts';
import { OVERLAP, advanceSeek, findPlace, type Place, type Seek } from './seek.ts';
import { matchesFilter } from './ticket-filter.ts';

/** One vendor's list, page by page. */
export interface PageSource {
  /** Most tickets that one call may request. */
  readonly pageLimit: number;
  /** Whether part of the filter is applied here, because the vendor cannot. Then whole pages are fetched. */
  readonly filtersHere: boolean;
  /** What earlier pages have shown of the vendor's totals. Shared by all cursors of the source. */
  readonly totals: Totals;
  list(offset: number, limit: number): Promise<Page>;
}

/** Whether a vendor's totals count the whole list. Some vendors count the page. */
export interface Totals {
  count: 'unknown' | 'list' | 'page';
}

/** Most tickets that one request searches in one list for those that match. */
export const SCAN_LIMIT = 1_000;

/** Most calls that one request makes for one list. Vendors with small pages would take hundreds. */
export const CALL_LIMIT = 25;

/** An empty page of at least this limit is the end of the list, unless the vendor's total contradicts it. */
const MIN_CONCLUSIVE_LIMIT = 20;

/** Most consecutive fetches without a new row, before the list counts as ended. */
const MAX_STALE_FETCHES = 3;

/** Most consecutive fetches whose new rows are all unreadable, likewise. */
const MAX_UNREADABLE_FETCHES = 8;

/** Anchors of a position, and the most if creation times tie. */
const MIN_ANCHORS = 8;
const MAX_ANCHORS = 32;

/** Least time that must be left of the request to start another fetch, in milliseconds. */
const MIN_LEFT_MS = 250;

/** Why a list stopped before its end. The page ends there, and its cursor continues. */
export type EarlyStop = 'scan-limit' | 'call-limit' | 'deadline' | 'late' | 'failed';

/** A ticket in its list. */
export interface Entry {
  readonly ticket: Ticket;
  readonly createdAt: string | null;
  /** Rows of the list read through this one. */
  readonly offset: number;
  /** Index among the tickets that the cursor has fetched. */
  readonly index: number;
  /** Its anchor for cursors; empty until it is needed. */
  anchor: string;
}

/** A class, not an object literal with getters: V8 would keep those in old space (docs/performance.md#getters). */
export class ListCursor {
  readonly #source: PageSource;
  readonly #filter: ListFilter;
  readonly #deadlineAt: number;
  #start: Position;
  /** Everything fetched, matching or not. */
  readonly #fetched: Entry[] = [];
  readonly #matching: Entry[] = [];
  /** How many of the matching have been taken. */
  #taken = 0;
  /** Native ids of the fetched tickets. */
  readonly #nativeIds = new Set<string>();
  /** Anchors of tickets read on earlier pages. */
  readonly #anchors: ReadonlySet<string>;

  #seek: Seek | undefined;
  /** Rows of the list through the last known one. */
  #rowsRead: number;
  /** The row at which to continue without overlap; undefined for the usual place. */
  #skipTo: number | undefined;
  #hasMoved = false;
  #filtersHere: boolean;

  #calls = 0;
  #slowestMs = 0;
  #waitedMs = 0;
  #isFetching = false;
  #isAtEnd = false;
  #stoppedBy: EarlyStop | undefined;
  #failure: unknown;

  #consecutiveStale = 0;
  #consecutiveUnreadable = 0;
  #readableRows = 0;
  #unreadableRows = 0;
  /** Native ids at both ends of the previous page. The same again: the vendor ignores offsets. */
  #pageEnds: readonly [first: string | undefined, last: string | undefined] = [undefined, undefined];
  #largestPage = 0;
  /** Rows of the largest page shorter than requested: the vendor may have a limit of its own. */
  #vendorLimit: number | undefined;

  #countedRows = 0;
  #total: number | null = null;
  /** Whether the total equalled the rows of the first page: it may count the page, or a short list. */
  #isTotalOfPage = false;

  /** @param deadlineAt when the request's time is up, in milliseconds of `performance.now()` */
  constructor(source: PageSource, start: Position, filter: ListFilter, deadlineAt: number) {
    this.#source = source;
    this.#start = start;
    this.#rowsRead = start.offset;
    this.#filter = filter;
    this.#deadlineAt = deadlineAt;
    this.#filtersHere = source.filtersHere;
    this.#anchors = new Set(start.anchors);
  }

  // ---------------------------------------------------------------- reading

  /** Fetches until there is a head, the list ends or stops early, or a call fails. Never rejects: see `failure`. */
  async fill(wanted: number): Promise<void> {
    this.#isFetching = true;
    while (this.needsFetch) {
      this.#stoppedBy = this.#findEarlyStop();
      if (this.#stoppedBy) break;
      await this.#catchFailure(() => this.#fetchPage(Math.max(1, wanted)));
    }
    this.#isFetching = false;
  }

  /** Fetches the count alone. Never rejects: see `failure`. */
  async count(): Promise<void> {
    this.#isFetching = true;
    await this.#catchFailure(async () => {
      const page = await this.#source.list(0, 0);
      if (this.#stoppedBy) return;
      this.#recordFilter(page);
      this.#recordTotal(page, 0);
      this.#countedRows = page.rowCount;
    });
    this.#isFetching = false;
  }

  /** Ends the page here: whatever is still being fetched comes too late for it. */
  stopWaiting(): void {
    this.#stoppedBy ??= 'late';
  }

  /** The next ticket that matches, if it has been fetched. */
  head(): Entry | undefined {
    return this.#matching[this.#taken];
  }

  take(): void {
    this.#taken += 1;
  }

  // ---------------------------------------------------------------- state

  /** Whether it has no head, and may have more to fetch. */
  get needsFetch(): boolean {
    return this.#isEmpty && !this.#isAtEnd && this.#stoppedBy === undefined && this.#failure === undefined;
  }

  /** Whether the merged page ends here: the list stopped early, and its next tickets may be newer than other heads. */
  get endsPage(): boolean {
    if (this.#stoppedBy === undefined || !this.#isEmpty) return false;
    return this.#stoppedBy === 'late' ? this.#taken > 0 : this.#hasProgress;
  }

  /** Why it stopped before its end; undefined if it did not. */
  get stoppedBy(): EarlyStop | undefined {
    return this.#stoppedBy;
  }

  /** True if it was late on the previous page: it must not be late again. */
  get isAwaitedInFull(): boolean {
    return this.#start.isLate;
  }

  /** How long its calls have taken, in milliseconds. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  get isFetching(): boolean {
    return this.#isFetching;
  }

  /** The first failure of a call; undefined if none failed. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether there are tickets, as far as `count` shows. */
  get hasAny(): boolean {
    return this.#countedRows > 0 || (this.totalCount ?? 0) > 0;
  }

  /** The vendor's count; null unless it counts the whole list under the whole filter. */
  get totalCount(): number | null {
    const { count } = this.#source.totals;
    const isBelievable = this.#isAtEnd || (this.#calls === 0 ? count !== 'page' : count === 'list');
    return this.#filtersHere || !isBelievable ? null : this.#total;
  }

  /** Tickets fetched, matching or not. */
  get scanned(): number {
    return this.#fetched.length;
  }

  /** How many rows came, if none of them is readable; else 0. */
  get unreadable(): number {
    return this.#readableRows === 0 ? this.#unreadableRows : 0;
  }

  get #isEmpty(): boolean {
    return this.#taken === this.#matching.length;
  }

  get #hasProgress(): boolean {
    return this.#fetched.length > 0 || this.#hasMoved;
  }

  // ---------------------------------------------------------------- positions

  /** The position before anything of this page. */
  get start(): Position {
    return { ...this.#start, isLate: this.#stoppedBy === 'late' };
  }

  /** The position after the last ticket that was taken, or skipped because it did not match. */
  get position(): Position {
    // If no match is left, the tickets skipped behind the last match count as read.
    const last = this.#isEmpty ? this.#fetched.at(-1) : this.#matching[this.#taken - 1];
    return last ? this.positionAfter(last) : this.start;
  }

  /** The position after a ticket of this list. */
  positionAfter({ index, offset, createdAt }: Entry): Position {
    const anchors: string[] = [];
    let at = index;
    for (; at >= 0 && anchors.length < MAX_ANCHORS; at -= 1) {
      const entry = this.#fetched[at]!;
      if (anchors.length >= MIN_ANCHORS && entry.createdAt !== createdAt) break;
      anchors.push((entry.anchor ||= toAnchor(entry.ticket.id)));
    }
    if (at < 0) {
      const wanted = this.#start.lastCreatedAt === createdAt ? MAX_ANCHORS : MIN_ANCHORS;
      anchors.push(...this.#start.anchors.slice(0, Math.max(0, wanted - anchors.length)));
    }
    return { offset, anchors, lastCreatedAt: createdAt, isLate: this.#stoppedBy === 'late' };
  }

  // ---------------------------------------------------------------- one fetch

  #findEarlyStop(): EarlyStop | undefined {
    if (!this.#hasProgress) return undefined;
    if (this.#fetched.length >= SCAN_LIMIT) return 'scan-limit';
    if (this.#calls >= CALL_LIMIT) return 'call-limit';
    const leftMs = this.#deadlineAt - performance.now();
    return leftMs < Math.max(MIN_LEFT_MS, 2 * this.#slowestMs) ? 'deadline' : undefined;
  }

  async #fetchPage(wanted: number): Promise<void> {
    const { pageLimit } = this.#source;
    const known = this.#fetched.length + this.#anchors.size;
    const maxOverlap = Math.min(OVERLAP, pageLimit - 1, Math.max(1, (this.#vendorLimit ?? Infinity) - 1));
    const overlap = Math.min(maxOverlap, known, this.#rowsRead);
    const from = this.#seek?.from ?? this.#skipTo ?? this.#rowsRead - overlap;
    // Later fetches request whole pages: few lists that run dry on their first page have much left.
    const isWide = this.#filtersHere || this.#calls > 0;
    const limit = isWide ? pageLimit : Math.min(pageLimit, wanted + overlap);

    const page = await this.#callSource(from, limit);
    if (this.#stoppedBy) return;
    this.#recordFilter(page);
    this.#recordTotal(page, from);
    if (page.isWhole) {
      this.#isAtEnd = true;
      for (const ticket of page.tickets.slice(this.#rowsRead)) this.#keep(ticket, 1, page.unapplied);
      return;
    }
    this.#readableRows += page.tickets.length;
    this.#unreadableRows += page.rowCount - page.tickets.length;

    const acceptsAny = overlap === 0 || (this.#seek === undefined && this.#skipTo !== undefined);
    const index = this.#findResumeIndex(page, from, acceptsAny);
    if (index === undefined) {
      if (this.#calls >= CALL_LIMIT && !this.#hasProgress) this.#isAtEnd = true;
      return;
    }
    this.#acceptPage(page, from, limit, index);
  }

  async #callSource(from: number, limit: number): Promise<Page> {
    const startedAt = performance.now();
    this.#calls += 1;
    const page = await this.#source.list(from, limit);
    const tookMs = performance.now() - startedAt;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    this.#waitedMs += tookMs;
    return page;
  }

  /** The index of the first unread ticket of this page; undefined if another page has to be searched first. */
  #findResumeIndex({ tickets, rowCount }: Page, from: number, acceptsAny: boolean): number | undefined {
    const { createdAt: lastCreatedAt } = this.#fetched.at(-1) ?? { createdAt: this.#start.lastCreatedAt };
    const read = { nativeIds: this.#nativeIds, anchors: this.#anchors, lastCreatedAt };
    const place: Place = findPlace(tickets, read, acceptsAny);
    if (typeof place === 'number') return place;
    const stride = Math.min(this.#source.pageLimit, this.#vendorLimit ?? Infinity);
    const fallback = (): number => this.#rowOfAnchors();
    const seek = advanceSeek({ seek: this.#seek, place, from, rowCount, stride, fallback });
    if (seek === 0) return 0;
    if (place === 'below' && !seek.isBlind) this.#skipNewer(seek.from);
    this.#seek = seek;
    return undefined;
  }

  /** The row at which the anchored tickets began when they were read. */
  #rowOfAnchors(): number {
    const last = this.#fetched.at(-1);
    const { offset, anchors } = last ? this.positionAfter(last) : this.#start;
    return Math.max(0, offset - anchors.length);
  }

  /** Skips rows newer than the last ticket read: they were created since, and belong to no later page. */
  #skipNewer(row: number): void {
    if (this.#fetched.length > 0 || row <= this.#start.offset) return;
    this.#start = { ...this.#start, offset: row };
    this.#rowsRead = row;
    this.#hasMoved = true;
  }

  /** Keeps the tickets from `index` on, and decides whether the list has ended. */
  #acceptPage(page: Page, from: number, limit: number, index: number): void {
    const { tickets, rowCount, rowIndexes } = page;
    const rowsThrough = (at: number): number => from + (rowIndexes ? rowIndexes[at]! : at) + 1;
    const fetchedBefore = this.#fetched.length;
    const rowsReadBefore = this.#rowsRead;
    const wasSeeking = this.#seek !== undefined;
    const isSamePage = this.#recordPageEnds(tickets);
    this.#seek = undefined;
    this.#skipTo = undefined;
    for (let at = index; at < tickets.length; at += 1) this.#keep(tickets[at]!, rowsThrough(at), page.unapplied);
    if (tickets.length > 0) this.#rowsRead = rowsThrough(tickets.length - 1);

    const isShort = rowCount < limit;
    // Two short pages with as many rows look like a limit of the vendor's own.
    const isConclusive = isShort && (this.#vendorLimit === undefined || rowCount < this.#vendorLimit);
    if (isShort && rowCount > 0) this.#vendorLimit = Math.max(this.#vendorLimit ?? 0, rowCount);
    this.#largestPage = Math.max(this.#largestPage, rowCount);

    if (this.#fetched.length > fetchedBefore) {
      this.#acceptNewTickets(from, from + rowCount, isConclusive);
      return;
    }
    // A seek that found its place has moved, too: the list only has to be read from there.
    const hasMoved = rowCount > 0 && (wasSeeking || this.#rowsRead > rowsReadBefore);
    this.#acceptStalePage({ from, limit, rowCount, isConclusive, hasMoved, isSamePage });
  }

  #acceptNewTickets(from: number, rowsThroughPage: number, isConclusive: boolean): void {
    const { totals } = this.#source;
    this.#consecutiveStale = 0;
    this.#consecutiveUnreadable = 0;
    if (this.#isTotalOfPage && from > 0) totals.count = 'page';
    const isCounted = this.#total !== null && totals.count === 'list' && rowsThroughPage >= this.#total;
    this.#isAtEnd = isConclusive && isCounted;
  }

  /** A page without a new ticket: the end of the list, unreadable or hidden rows, or a vendor that ignores offsets. */
  #acceptStalePage({ from, limit, rowCount, isConclusive, hasMoved, isSamePage }: StalePage): void {
    const { pageLimit, totals } = this.#source;
    const isWide = limit === pageLimit;
    const rowsThroughPage = from + rowCount;
    const hasUnreadableTail = rowCount > 0 && this.#rowsRead < rowsThroughPage;
    if (hasUnreadableTail) this.#consecutiveUnreadable += 1;
    else if (!hasMoved || isSamePage) this.#consecutiveStale += 1;

    const isEmptyEnd = isWide || limit >= MIN_CONCLUSIVE_LIMIT;
    const isEnd = rowCount === 0 ? isEmptyEnd : isWide && isConclusive && !hasUnreadableTail && !hasMoved;
    const hasMore = this.#total !== null && this.#total > rowsThroughPage;
    if ((isEnd && !hasMore) || this.#isInVain) this.#isAtEnd = true;
    if (isEnd && this.#isTotalOfPage && totals.count === 'unknown') totals.count = 'list';
    // Rows may be hidden or unreadable: continue behind a whole page without a new ticket.
    if (isWide && !hasMoved) {
      this.#skipTo = from + Math.max(rowCount, Math.min(limit, this.#largestPage || limit));
    }
  }

  get #isInVain(): boolean {
    return (
      this.#consecutiveStale > MAX_STALE_FETCHES ||
      this.#consecutiveUnreadable > MAX_UNREADABLE_FETCHES ||
      (this.#calls >= CALL_LIMIT && !this.#hasProgress)
    );
  }

  /** Returns whether the page begins and ends like the previous one. */
  #recordPageEnds(tickets: readonly Ticket[]): boolean {
    const [first, last] = [tickets[0]?.nativeId, tickets.at(-1)?.nativeId];
    const isSame = first !== undefined && first === this.#pageEnds[0] && last === this.#pageEnds[1];
    this.#pageEnds = [first, last];
    return isSame;
  }

  /** Keeps a ticket, unless it has been read before. */
  #keep(ticket: Ticket, offset: number, unapplied: Page['unapplied']): void {
    const { nativeId } = ticket;
    if (this.#nativeIds.has(nativeId)) return;
    const anchor = this.#anchors.size > 0 ? toAnchor(ticket.id) : '';
    if (this.#anchors.has(anchor)) return;
    this.#nativeIds.add(nativeId);
    const entry = { ticket, createdAt: ticket.createdAt, offset, index: this.#fetched.length, anchor };
    this.#fetched.push(entry);
    if (matchesFilter(ticket, this.#filter, unapplied)) this.#matching.push(entry);
  }

  #recordFilter({ unapplied, isWhole }: Page): void {
    const isApplied = unapplied.every((part) => this.#filter[part] === undefined);
    if (isWhole || !isApplied) this.#filtersHere = !isApplied;
  }

  /** Ignores a total that is not a positive integer, or smaller than what has been read. */
  #recordTotal({ totalCount, rowCount, isWhole }: Page, from: number): void {
    const isCount = totalCount !== null && Number.isInteger(totalCount) && totalCount >= from + rowCount;
    const { totals } = this.#source;
    if (isCount && totalCount > rowCount && totals.count === 'unknown') totals.count = 'list';
    if (from === 0) this.#isTotalOfPage = isCount && totalCount === rowCount;
    const isZero = totalCount === 0 && (isWhole === true || (from === 0 && this.#calls > 0));
    this.#total = isCount && (totalCount > 0 || isZero) ? totalCount : null;
  }

  /** Failures are kept, not thrown: a list that fails must not end the others. */
  async #catchFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#stoppedBy) return;
      this.#failure = error ?? new Error('unknown');
      if (this.#hasProgress) this.#stoppedBy = 'failed';
    }
  }
}

interface StalePage {
  readonly from: number;
  readonly limit: number;
  readonly rowCount: number;
  readonly isConclusive: boolean;
  readonly hasMoved: boolean;
  readonly isSamePage: boolean;
}
