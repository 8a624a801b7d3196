/** Links within the page. */
import type { MouseEvent } from 'react';
import { navigate, type Address } from './address.ts';

/** Leaves modified clicks, e.g. to open a new tab, to the browser. */
export function followLink(event: MouseEvent, changes: Partial<Address>): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(changes);
}
