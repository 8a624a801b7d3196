/** Whether the page is laid out for a narrow screen: rows are cards, and the page scrolls as a whole. */
import { useSyncExternalStore } from 'react';

/** As in the styles. */
const narrow = window.matchMedia('(width < 860px)');

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}
