/** Inherited by every ticket type. */
import type { ResolverContext } from './context.ts';
import type { Ticket, TicketAction, TicketSource } from '../datasources/contract.ts';

export const TicketFields = {
  availableActions: (ticket: Ticket, _: unknown, { sources }: ResolverContext): Promise<readonly TicketAction[]> =>
    sources.actions(ticket),
  sourceSystem: ({ id }: Ticket, _: unknown, { sources }: ResolverContext): TicketSource => sources.sourceOf(id),
};
