import type { Ticket } from '../datasources/contract.ts';
import { invalidInput } from '../datasources/vendor-kit/failure.ts';
import type { RequestSources } from '../datasources/index.ts';
import { bulkQueries, findNode } from './bulk.ts';
import { toFilter } from './filter.ts';
import type { Node } from './parents.ts';
import type { QueryResolvers } from './__generated__/resolvers.ts';

/** Most ids of one field, and most tickets of a page. */
export const MAX_TICKETS = 200;

/** Largest `patienceMs`. No request may take longer. */
const MAX_PATIENCE_MS = 600_000;

export const Query: QueryResolvers = {
  node: (_, { id }, { sources }) => findNode(id, ['id'], sources),
  nodes: (_, { ids }, { sources }) => {
    checkCount(ids);
    // As below.
    return ids.map((id, index) => findNode(id, ['ids', index], sources)) as Promise<Node>[];
  },
  ticket: async (_, { id }, { sources }) => (await sources.ticket(id, ['id'])) ?? null,
  ticketsById: (_, { ids }, { sources }) => ticketsById(ids, sources),
  tickets: (_, { first, after, filter, patienceMs }, { sources }) => {
    // Clients may send null, which the generated type omits.
    const count = (first as number | null) ?? 25;
    if (count < 0 || count > MAX_TICKETS) {
      throw invalidInput(`first must be from 0 to ${MAX_TICKETS}, not ${count}.`, 'first');
    }
    const patience = (patienceMs as number | null) ?? 2_500;
    if (patience < 0 || patience > MAX_PATIENCE_MS) {
      throw invalidInput(`patienceMs must be from 0 to ${MAX_PATIENCE_MS}, not ${patience}.`, 'patienceMs');
    }
    return sources.list({
      first: count,
      patienceMs: patience,
      after: after ?? null,
      ...toFilter(filter ?? {}),
    });
  },
  liveCursor: (_, __, { sources }) => sources.liveCursor(),
  vendors: (_, __, { sources }) => sources.states(),
  ...bulkQueries,
};

function checkCount(ids: readonly string[]): void {
  if (ids.length <= MAX_TICKETS) return;
  throw invalidInput(`ids must hold at most ${MAX_TICKETS} ids, not ${ids.length}.`, 'ids');
}

/** Returns one promise per id: a failure is an error at its own index. */
function ticketsById(ids: readonly string[], sources: RequestSources): Promise<Ticket>[] {
  checkCount(ids);
  // The generated types do not allow a promise of undefined in a list; GraphQL does.
  return ids.map((id, index) => sources.ticket(id, ['ids', index])) as Promise<Ticket>[];
}
