import type { Ticket } from '../datasources/contract.ts';
import { invalidInput } from '../datasources/vendor-kit/failure.ts';
import type { RequestSources } from '../datasources/index.ts';
import type { TicketFilter } from '../schema/__generated__/types.ts';
import type { QueryResolvers } from './__generated__/resolvers.ts';

/** Most ids of one field, and most tickets of a page. */
export const MAX_TICKETS = 200;

/** Largest `patienceMs`. No request may take longer. */
const MAX_PATIENCE_MS = 600_000;

/** Longest text of a filter. */
const MAX_CHARACTERS = 256;

export const Query: QueryResolvers = {
  node: async (_, { id }, { sources }) => (await sources.ticket(id, ['id'])) ?? null,
  nodes: (_, { ids }, { sources }) => ticketsById(ids, sources),
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
};

/** The filter with its defaults. @throws Failure `invalid-input` for a text that is too long. */
export function toFilter({ vendors, sources, categories, search, reference, view, archived, group }: TicketFilter) {
  return {
    vendors: vendors ?? null,
    sources: sources ?? null,
    categories: categories ?? null,
    search: checkText(search, 'search'),
    reference: checkText(reference, 'reference'),
    view: checkText(view, 'view'),
    archived: archived ?? false,
    // Unlike other texts, an empty one is a value.
    group: group ?? null,
  };
}

/** Returns one promise per id: a failure is an error at its own index. */
function ticketsById(ids: readonly string[], sources: RequestSources): Promise<Ticket>[] {
  if (ids.length > MAX_TICKETS) {
    throw invalidInput(`ids must hold at most ${MAX_TICKETS} ids, not ${ids.length}.`, 'ids');
  }
  // The generated types do not allow a promise of undefined in a list; GraphQL does.
  return ids.map((id, index) => sources.ticket(id, ['ids', index])) as Promise<Ticket>[];
}

/** Returns the trimmed text; null if it is empty. @throws Failure `invalid-input` if it is too long. */
function checkText(value: string | null | undefined, name: string): string | null {
  const text = value?.trim() ?? '';
  if (text.length > MAX_CHARACTERS) {
    throw invalidInput(`filter.${name} must have at most ${MAX_CHARACTERS} characters.`, 'filter', name);
  }
  return text === '' ? null : text;
}
