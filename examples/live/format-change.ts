/** One line for each change, for the examples. */
import type { TicketChangePartsFragment } from '../../client/index.ts';

type Change = Pick<TicketChangePartsFragment, 'kind' | 'ticketId' | 'changed'> & {
  readonly ticket: { readonly title?: string | null } | null;
};

export function describeChange({ kind, ticketId, ticket, changed }: Change): string {
  const fields = changed.length > 0 ? ` (${changed.join(', ')})` : '';
  return `${kind} ${ticketId ?? '-'}${fields}: ${ticket?.title ?? '-'}`;
}
