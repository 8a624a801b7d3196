/** The actions on Acme's tickets. */
import type { Ticket, TicketAction } from '../contract.ts';

export const mutations = ['executeAction'] as const;

const SHUT: TicketAction = {
  __typename: 'AcmeAction',
  name: 'shut',
  label: 'Shut',
  mutation: 'executeAction',
  inputs: [],
  resultingCategory: 'CLOSED',
};

export function availableActions(ticket: Ticket): readonly TicketAction[] {
  return ticket.status.category === 'OPEN' ? [SHUT] : [];
}
