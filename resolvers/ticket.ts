/** What every ticket type answers alike; `index.ts` gives it to each member of the union. */
import type { ResolverContext } from './context.ts';
import type { Ticket, TicketAction } from '../datasources/contract.ts';

export const TicketFields = {
  availableActions: (ticket: Ticket, _: unknown, { sources }: ResolverContext): Promise<readonly TicketAction[]> =>
    sources.actions(ticket),
};
