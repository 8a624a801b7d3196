/**
 * What a router asks for by key: representations, each with a `__typename` and the `id` of a ticket.
 *
 * Ours in place of the library's, which fails all of them for one that names no type, leaves the reads of the others
 * behind with nobody to catch their failure (it ends the process), and shows a ticket as whatever type it was asked by.
 */
import { isInterfaceType, isObjectType, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import type { GraphContext } from '../context.ts';
import type { Ticket } from '../datasources/contract.ts';
import { invalidInput } from '../datasources/kernel/failure.ts';
import { show } from '../datasources/kernel/global-id.ts';
import { MOST_TICKETS } from './query.ts';

/** What all ticket types have in common; other subgraphs that know none of them ask by its name. */
const INTERFACE = 'TicketFields';

/** One promise for each: what is wrong is an error in its own place, and the others are answered all the same. */
export function resolveEntities(
  _: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { sources }: GraphContext,
  { schema }: GraphQLResolveInfo,
): Promise<Ticket | null>[] {
  if (representations.length > MOST_TICKETS) {
    const message = `representations must hold at most ${MOST_TICKETS} tickets, not ${representations.length}.`;
    throw invalidInput(message, 'representations');
  }
  return representations.map(async (representation, index) => {
    const field = ['representations', String(index)];
    const { __typename: typename, id } = Object(representation) as { __typename?: unknown; id?: unknown };
    if (typeof typename !== 'string' || !isTicketType(typename, schema)) {
      throw invalidInput(`A representation's __typename must be ${INTERFACE} or a type of ticket.`, ...field);
    }
    if (typeof id !== 'string') throw invalidInput("A representation's id must be text.", ...field, 'id');
    const ticket = await sources.ticket(id, ...field, 'id');
    if (ticket && typename !== INTERFACE && typename !== ticket.__typename) {
      throw invalidInput(`The id ${show(id)} is not that of a ${typename}.`, ...field, 'id');
    }
    return ticket ?? null;
  });
}

function isTicketType(name: string, schema: GraphQLSchema): boolean {
  const shared = schema.getType(INTERFACE);
  const type = schema.getType(name);
  return isInterfaceType(shared) && (type === shared || (isObjectType(type) && schema.isSubType(shared, type)));
}
