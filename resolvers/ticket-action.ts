/** Fields that all action types resolve in the same way; `index.ts` gives them to each member of the union. */
import type { TicketAction } from '../datasources/contract.ts';

export const TicketActionFields = {
  destructive: ({ destructive = false }: TicketAction): boolean => destructive,
};
