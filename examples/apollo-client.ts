/**
 * Lists tickets, opens one with its actions, and executes one of these, with Apollo Client 4.
 *
 *   node examples/apollo-client.ts http://127.0.0.1:4000/graphql
 *
 * In your own project, import from 'ticketgraph-client'. In React, `useQuery` and `useMutation` of
 * '@apollo/client/react' take the same documents.
 */
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import {
  ExecuteActionDocument,
  TicketDocument,
  TicketSummaryFragmentDoc,
  TicketsDocument,
  newIdempotencyKey,
  possibleTypes,
  type RequestHeaders,
} from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';

/** @returns lines to print. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  // The cache needs the possible types to match fragments on interfaces and unions.
  const cache = new InMemoryCache({ possibleTypes });
  const client = new ApolloClient({ link: new HttpLink({ uri: url, headers: { ...headers } }), cache });

  const list = await client.query({ query: TicketsDocument, variables: { first: 5 } });
  const board = (list.data?.tickets.nodes ?? []).map(({ reference, title }) => `${reference} ${title ?? ''}`);

  const { data } = await client.query({ query: TicketDocument, variables: { id: ID } });
  const ticket = data?.ticket;
  if (!ticket) return [...board, `${ID} not found.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  // `withTicket` updates the cache. The ticket's read may fail although the write was applied: with `all`, the outcome is
  // still returned.
  const written = await client.mutate({
    mutation: ExecuteActionDocument,
    variables: { input: { ticketId: ID, action: 'cancel', idempotencyKey: newIdempotencyKey() }, withTicket: true },
    errorPolicy: 'all',
  });
  const result = written.data
    ? describeOutcome(written.data.executeAction)
    : `No response, outcome unknown: ${written.error?.message ?? 'no reason given'}`;
  const cached = client.readFragment({
    id: cache.identify({ __typename: ticket.__typename, id: written.data?.executeAction.ticket?.id ?? ID }) ?? '',
    fragment: TicketSummaryFragmentDoc,
    fragmentName: 'TicketSummary',
  });
  return [...board, describeTicket(ticket), buttons, result, `in the cache: ${cached?.status.category ?? 'unknown'}`];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
