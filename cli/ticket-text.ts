/** Formats ticket fields for tables. */
import type { TicketStatusPartsFragment, Vendor } from '../client/index.ts';

/** The common category, or the vendor's raw status if it maps to none. */
export function statusText({ category, raw }: TicketStatusPartsFragment): string {
  return category ?? raw;
}

/** The vendor for its default source, and the id of a further one, e.g. `acme@emea`. */
export function sourceLabel(vendor: Vendor, sourceId: string | null): string {
  return sourceId === null || sourceId === vendor.toLowerCase() ? vendor : sourceId;
}
