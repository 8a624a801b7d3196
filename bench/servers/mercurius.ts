/** For comparison: mercurius with graphql-jit and undici. No limits, no metrics, no deadline. */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { SUBSET } from './subset.ts';
import { closeCase, readList, readTicket } from './upstream-calls.ts';
import { TYPE_OF, toCloseResult, toPage, type Ticket } from './vendors.ts';

const resolveType = ({ vendor }: Ticket): string => TYPE_OF[vendor]!;

const app = fastify();
await app.register(mercurius, {
  schema: SUBSET,
  jit: 1,
  resolvers: {
    Query: {
      ticket: (_: unknown, { id }: { id: string }) => readTicket(id),
      // Returns promises per element, so that one failure is one error.
      ticketsById: (_: unknown, { ids }: { ids: string[] }) => ids.map(readTicket),
      tickets: async (_: unknown, { first, filter }: { first: number; filter: { search: string } }) =>
        toPage(await readList(first, filter.search), first),
    },
    Mutation: {
      setStatus: async (_: unknown, { input }: { input: { ticketIds: string[] } }) => {
        await Promise.all(input.ticketIds.map(closeCase));
        return { outcome: 'APPLIED', problems: [], results: input.ticketIds.map(toCloseResult) };
      },
    },
    Ticket: { resolveType },
    TicketFields: { resolveType },
    Transition: { resolveType: () => 'StatusTransition' },
    TransitionFields: { resolveType: () => 'StatusTransition' },
  },
});
const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`mercurius is ready at ${address}`);
