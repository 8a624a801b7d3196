/**
 * The board, a ticket with its buttons, and one of them pressed: with urql.
 *
 *   node examples/urql.ts http://127.0.0.1:4000/graphql
 *
 * In a project of your own, import from 'ticketgraph-client'. In React, `useQuery` and `useMutation` of urql take the
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

/** @returns what a person would read. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const exchanges = [cacheExchange, fetchExchange];
  const client = new Client({ url, exchanges, preferGetMethod: false, fetchOptions: { headers: { ...headers } } });

  const list = await client.query(TicketsDocument, { first: 5 });
  const board = (list.data?.tickets.nodes ?? []).map(({ reference, title }) => `${reference} ${title ?? ''}`);

  // urql gives what was read and the error side by side.
  const { data, error } = await client.query(TicketDocument, { id: ID });
  if (error) return [...board, `Not read: ${error.message}`];
  if (!data?.ticket) return [...board, `There is no ${ID}.`];
  const buttons = data.ticket.availableActions.map(describeAction).join(' ');

  const input = { ticketId: ID, action: 'status.solved', idempotencyKey: newIdempotencyKey() };
  const written = await client.mutation(ExecuteActionDocument, { input });
  const told = written.data
    ? describeOutcome(written.data.executeAction)
    : `No answer, so nobody knows: ${written.error?.message ?? 'no reason given'}`;
  return [...board, describeTicket(data.ticket), buttons, told];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
