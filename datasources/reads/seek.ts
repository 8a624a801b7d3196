/**
 * Finds where to resume in a list that has moved. Each step looks at one page and returns the index of the first ticket
 * that has not been read, or the next page to look at. Pure.
 *
 * The place is known by tickets read before: by their ids within this request, by anchors across requests, and by creation
 * times if all of those tickets are gone.
 */
import type { Page, Ticket } from '../contract.ts';
import { toAnchor } from './cursor.ts';

/** Rows that each fetch repeats, to notice that the list has moved. */
export const OVERLAP = 3;

const MAX_STEPS = 10;

/** Without creation times: if the anchored tickets are gone, all of these steps are in vain. */
const MAX_BLIND_STEPS = 6;

/** What has been read of the list. */
export interface ReadSoFar {
  /** Native ids read in this request. */
  readonly nativeIds: ReadonlySet<string>;
  /** Anchors of tickets read on earlier pages. */
  readonly anchors: ReadonlySet<string>;
  /** Creation time of the last ticket read; null if it is not known. */
  readonly lastCreatedAt: string | null;
}

/** The place to resume, seen from a page: an index into its tickets, or a direction. */
export type Place = number | 'above' | 'below' | 'unknown';

/** @param acceptsAny whether the page starts at its first ticket if it shows none that has been read */
export function findPlace(tickets: readonly Ticket[], read: ReadSoFar, acceptsAny: boolean): Place {
  const { nativeIds, anchors, lastCreatedAt } = read;
  const seen = nativeIds.size === 0 ? -1 : tickets.findLastIndex(({ nativeId }) => nativeIds.has(nativeId));
  if (seen >= 0) return seen + 1;
  if (anchors.size > 0) {
    const anchor = tickets.findLastIndex(({ id }) => anchors.has(toAnchor(id)));
    if (anchor >= 0) return anchor + 1;
  } else if (nativeIds.size === 0) {
    return 0;
  }
  return acceptsAny ? 0 : findPlaceByDate(tickets, lastCreatedAt);
}

function findPlaceByDate(tickets: readonly Ticket[], lastCreatedAt: string | null): Place {
  if (lastCreatedAt === null) return 'unknown';
  if (tickets.length === 0) return 'above';
  const dates = tickets.map(({ createdAt }) => createdAt);
  const oldest = dates.findLast((date) => date !== null) ?? null;
  const newest = dates.find((date) => date !== null) ?? null;
  if (oldest === null || newest === null) return 'unknown';
  if (oldest > lastCreatedAt) return 'below';
  // The tickets read before are gone. Newer ones have been listed already, or are new since.
  return newest > lastCreatedAt ? dates.findLastIndex((date) => date !== null && date > lastCreatedAt) + 1 : 'above';
}

/** A search in progress. */
export interface Seek {
  /** The row at which its next page begins. */
  readonly from: number;
  readonly steps: number;
  /** True without creation times: one page up, then down. */
  readonly isBlind?: boolean;
  /** Where a blind search continues downwards. */
  readonly down?: number;
  /** Whether everything above `from` has been searched. */
  readonly hasAbove: boolean;
  /** Whether to resume at the first row of this page, whatever it is. */
  readonly isLast: boolean;
}

export interface SeekStep {
  /** The search so far; undefined on the first page that does not show the place. */
  readonly seek: Seek | undefined;
  readonly place: 'above' | 'below' | 'unknown';
  /** The row at which the page begins. */
  readonly from: number;
  readonly rowCount: Page['rowCount'];
  /** Rows of a full page of this vendor. */
  readonly stride: number;
  /** The row at which a search without a result resumes. */
  readonly fallback: () => number;
}

/** Returns 0 to resume at the first ticket of the page, or the next step of the search. */
export function advanceSeek({ seek: before, place, from, rowCount, stride, fallback }: SeekStep): 0 | Seek {
  const seek = before ?? { from, steps: 0, hasAbove: from === 0, isLast: false };
  const steps = seek.steps + 1;
  if (seek.isLast) return 0;
  if (place === 'unknown' || seek.isBlind) return seekBlindly(seek, from, rowCount, stride, fallback);
  if (place === 'below') return { from: from + Math.max(1, rowCount - OVERLAP), steps, hasAbove: false, isLast: false };
  if (steps > MAX_STEPS || seek.hasAbove) return 0;
  const above = Math.max(0, from - stride);
  return { from: above, steps, hasAbove: above === 0, isLast: false };
}

/** Without creation times: one page up, then the pages below, then where the anchors should have been. */
function seekBlindly(seek: Seek, from: number, rowCount: number, stride: number, fallback: () => number): Seek {
  const steps = seek.steps + 1;
  const blind = { steps, hasAbove: true, isLast: false, isBlind: true };
  const below = rowCount > 0 ? from + Math.max(1, rowCount - 1) : -1;
  if (steps === 1 && from > 0) return { ...blind, from: Math.max(0, from - stride), down: below };
  const down = seek.down ?? below;
  if (down >= 0 && steps <= MAX_BLIND_STEPS) return { ...blind, from: down };
  return { ...blind, from: fallback(), isLast: true };
}
