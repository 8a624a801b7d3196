/**
 * Lists tickets, opens one with its actions, and executes one of these, with urql.
 *
 *   node examples/urql.ts http://127.0.0.1:4000/graphql
 *
 * In your own project, import from 'ticketgraph-client'. In React, `useQuery` and `useMutation` of urql take the
 * same documents.
 */
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import {
  ExecuteActionDocument,
  TicketDocument,
  TicketsDocument,
  newIdempotencyKey,
  type RequestHeaders,
} from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'omnidesk:858462';

/** @returns lines to print. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const exchanges = [cacheExchange, fetchExchange];
  const client = new Client({ url, exchanges, preferGetMethod: false, fetchOptions: { headers: { ...headers } } });

  const list = await client.query(TicketsDocument, { first: 5 });
  const board = (list.data?.tickets.nodes ?? []).map(({ reference, title }) => `${reference} ${title ?? ''}`);

  // urql returns partial data and the error together.
  const { data, error } = await client.query(TicketDocument, { id: ID });
  if (error) return [...board, `Cannot read ${ID}: ${error.message}`];
  if (!data?.ticket) return [...board, `${ID} not found.`];
  const buttons = data.ticket.availableActions.map(describeAction).join(' ');

  const input = { ticketId: ID, action: 'status.solved', idempotencyKey: newIdempotencyKey() };
  const written = await client.mutation(ExecuteActionDocument, { input });
  const result = written.data
    ? describeOutcome(written.data.executeAction)
    : `No response, outcome unknown: ${written.error?.message ?? 'no reason given'}`;
  return [...board, describeTicket(data.ticket), buttons, result];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
