/** What of a mutation's report is announced: the tickets that were, or may have been, written to. */
import type { WriteReport } from '../writes/report.ts';
import type { NewEntry } from './change-log.ts';

export interface AnnouncedWrite {
  readonly entry: NewEntry;
  /** Whether the outcome is unknown, so that the write may still be in progress. */
  readonly isUnknown: boolean;
}

export function toWrites({ items, isReplayed, plan }: WriteReport): readonly AnnouncedWrite[] {
  // A stored report was announced when the write was made, and a dry run writes nothing.
  if (isReplayed || plan) return [];
  return items.flatMap(({ ticketId, readId, outcome, wasSent }) => {
    const id = ticketId ?? readId;
    if (id === null || !wasSent || outcome === 'NOT_APPLIED') return [];
    const movedTo = readId !== null && readId !== id ? readId : null;
    const entry = { kind: 'WRITE', ticketId: id, group: null, filter: null, changed: [], movedTo } as const;
    return [{ entry, isUnknown: outcome === 'UNKNOWN' }];
  });
}
