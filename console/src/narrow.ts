/** Whether the narrow layout is active: rows are cards, and the whole page scrolls. */
import { useSyncExternalStore } from 'react';

/** The same breakpoint as in the styles. */
const narrow = window.matchMedia('(width < 860px)');

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}
