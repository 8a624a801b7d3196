/** The fields of tickets that have just changed, so that they can be marked for a moment. */
import { useSyncExternalStore } from 'react';
import { createListeners } from '../listeners.ts';

/** As long as the mark takes to fade; see `board.css`. */
const MARKED_MS = 6_000;

/** By ticket id. Replaced at each change. */
let marks: ReadonlyMap<string, ReadonlySet<string>> = new Map();
const listeners = createListeners();

export function markChanged(ticketId: string, fields: readonly string[]): void {
  const marked = new Set([...(marks.get(ticketId) ?? []), ...fields]);
  marks = new Map(marks).set(ticketId, marked);
  listeners.notify();
  setTimeout(() => {
    // Unless a later change has marked it once more.
    if (marks.get(ticketId) !== marked) return;
    marks = new Map([...marks].filter(([id]) => id !== ticketId));
    listeners.notify();
  }, MARKED_MS);
}

export function useChangedFields(): ReadonlyMap<string, ReadonlySet<string>> {
  return useSyncExternalStore(listeners.subscribe, () => marks);
}
