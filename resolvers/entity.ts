/**
 * Resolves `_entities`: representations, each with a `__typename` and the `id` of a ticket.
 *
 * Replaces the library's resolver, which fails all representations if one names no type, leaves rejected reads of the others
 * unhandled (which ends the process), and returns a ticket as the type that was requested.
 */
import type { GraphQLResolveInfo, GraphQLSchema, GraphQLUnionType } from 'graphql';
import type { ResolverContext } from './context.ts';
import type { Ticket } from '../datasources/contract.ts';
import type { RequestSources } from '../datasources/index.ts';
import { invalidInput } from '../datasources/vendor-kit/failure.ts';
import { show } from '../datasources/vendor-kit/global-id.ts';
import { MAX_TICKETS } from './query.ts';

/** The interface of all ticket types. Subgraphs that know none of them use its name. */
const INTERFACE = 'TicketFields';

/** Returns one promise per representation: an error affects its own index only. */
export function resolveEntities(
  _: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { sources }: ResolverContext,
  { schema }: GraphQLResolveInfo,
): Promise<Ticket | null>[] {
  if (representations.length > MAX_TICKETS) {
    const message = `representations must hold at most ${MAX_TICKETS} tickets, not ${representations.length}.`;
    throw invalidInput(message, 'representations');
  }
  const names = namesIn(schema);
  return representations.map((representation, index) =>
    findEntity(representation, names, sources, ['representations', String(index)]),
  );
}

/** Names that a representation may have as `__typename`. */
function namesIn(schema: GraphQLSchema): readonly string[] {
  const entity = schema.getType('_Entity') as GraphQLUnionType;
  return [INTERFACE, ...entity.getTypes().map(({ name }) => name)];
}

async function findEntity(
  representation: unknown,
  names: readonly string[],
  sources: RequestSources,
  field: readonly string[],
): Promise<Ticket | null> {
  const { __typename, id } = Object(representation) as { __typename?: unknown; id?: unknown };
  const name = names.find((known) => known === __typename);
  if (!name) throw invalidInput(`A __typename here must be one of ${names.join(', ')}.`, ...field, '__typename');
  if (typeof id !== 'string') throw invalidInput('An id must be text.', ...field, 'id');
  const ticket = await sources.ticket(id, [...field, 'id']);
  if (ticket && name !== INTERFACE && name !== ticket.__typename) {
    throw invalidInput(`The id ${show(id)} is not that of a ${name}.`, ...field, 'id');
  }
  return ticket ?? null;
}
