/** Formats ticket fields for tables. */
import type { TicketStatusPartsFragment } from '../client/index.ts';

/** The common category, or the vendor's raw status if it maps to none. */
export function statusText({ category, raw }: TicketStatusPartsFragment): string {
  return category ?? raw;
}
