/** The parts of a list's filter that a vendor could not apply. */
import type { ListFilter, Ticket } from '../contract.ts';
import { toComparable } from './search-text.ts';

/** Returns whether a ticket matches those parts of the filter. Other parts count as applied by the vendor. */
export function matchesFilter(ticket: Ticket, filter: ListFilter, parts: readonly (keyof ListFilter)[]): boolean {
  const { categories, search } = filter;
  if (parts.includes('categories') && categories) {
    if (ticket.status.category === null || !categories.includes(ticket.status.category)) return false;
  }
  if (parts.includes('search') && search) {
    return toComparable(`${ticket.title ?? ''}\n${ticket.reference}`).includes(toComparable(search));
  }
  return true;
}
