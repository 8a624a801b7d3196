/** Inherited by every action type. */
import type { TicketAction } from '../datasources/contract.ts';

export const TicketActionFields = {
  destructive: ({ destructive = false }: TicketAction): boolean => destructive,
};
