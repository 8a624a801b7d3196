/** Resolvers of the tuned servers. Lists return a promise per element, so that one failure is one error. */
import { closeTickets, pushWorkflow, readList, readTicket } from './upstream-calls.ts';
import { TYPE_OF, toPage, type Ticket } from './vendors.ts';

interface PageArguments {
  readonly first: number;
  readonly filter: { readonly search: string };
}

export const ROOT_RESOLVERS = {
  Query: {
    ticket: (_: unknown, { id }: { id: string }) => readTicket(id),
    ticketsById: (_: unknown, { ids }: { ids: string[] }) => ids.map(readTicket),
    tickets: async (_: unknown, { first, filter }: PageArguments) =>
      toPage(await readList(first, filter.search), first),
  },
  Mutation: {
    setStatus: async (_: unknown, { input }: { input: { ticketIds: string[] } }) => ({
      outcome: 'APPLIED',
      problems: [],
      results: await closeTickets(input.ticketIds),
    }),
    pushWorkflow: (_: unknown, { input }: { input: { ticketId: string } }) => pushWorkflow(input.ticketId),
  },
};

/** @param name `resolveType` as the server spells it */
export function typeResolvers<Name extends string>(name: Name) {
  const resolveTicket = ({ vendor }: Ticket): string => TYPE_OF[vendor]!;
  const resolveTransition = (transition: object): string =>
    'ticketRef' in transition ? 'WorkflowTransition' : 'StatusTransition';
  const of = <Resolve>(resolve: Resolve) => ({ [name]: resolve }) as Record<Name, Resolve>;
  return {
    Ticket: of(resolveTicket),
    TicketFields: of(resolveTicket),
    Transition: of(resolveTransition),
    TransitionFields: of(resolveTransition),
  };
}
