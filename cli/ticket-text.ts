/** Tickets in words, for tables. */
import type { TicketStatusPartsFragment } from '../client/index.ts';

/** In the words that all vendors share, or in the vendor's own where there is none. */
export function statusText({ category, raw }: TicketStatusPartsFragment): string {
  return category ?? raw;
}
