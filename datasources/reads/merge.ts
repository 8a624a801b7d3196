/**
 * K-way merge of several lists, each newest first. Keeps the order of each vendor's list; of the tickets at the heads, the
 * newest goes next. Knows no vendor: `list-tickets.ts` opens the lists.
 */
import type { Entry, ListCursor } from './list-cursor.ts';
import type { Patience } from './patience.ts';

/** A ticket in the merged list. */
export interface Merged {
  readonly entry: Entry;
  /** Index of the cursor that it came from. */
  readonly cursor: number;
}

/**
 * Takes up to `count` tickets off the cursors, newest first. Ends early if a list stops early, because its next tickets
 * may be newer than those of the others.
 *
 * @returns the tickets, and whether more follow.
 */
export async function merge(
  cursors: readonly ListCursor[],
  count: number,
  patience: Patience,
): Promise<{ merged: Merged[]; hasMore: boolean }> {
  const merged: Merged[] = [];
  for (;;) {
    // Most tickets need no fetch, and then nothing is awaited (docs/performance.md#await-per-ticket).
    if (cursors.some(needsFetch)) {
      const wanted = count - merged.length + 1;
      await patience.wait(cursors.filter(needsFetch), (cursor) => cursor.fill(wanted));
    }
    if (cursors.some(endsPage)) return { merged, hasMore: true };
    const next = indexOfNewest(cursors);
    if (next < 0) return { merged, hasMore: cursors.some(isLate) };
    if (merged.length >= count) return { merged, hasMore: true };
    merged.push({ entry: cursors[next]!.head()!, cursor: next });
    cursors[next]!.take();
  }
}

const needsFetch = (cursor: ListCursor): boolean => cursor.needsFetch;
const endsPage = (cursor: ListCursor): boolean => cursor.endsPage;
const isLate = (cursor: ListCursor): boolean => cursor.stoppedBy === 'late';

/** The cursor with the newest head, or -1. A head without a date goes first, so that it does not block its list. */
function indexOfNewest(cursors: readonly ListCursor[]): number {
  let newest = -1;
  let newestAt = '';
  for (let index = 0; index < cursors.length; index += 1) {
    const head = cursors[index]!.head();
    if (!head) continue;
    const at = head.createdAt ?? '9999';
    if (newest < 0 || at > newestAt) {
      newest = index;
      newestAt = at;
    }
  }
  return newest;
}
