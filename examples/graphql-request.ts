/**
 * Lists tickets, opens one with its actions, and executes one of these, with graphql-request.
 *
 *   node examples/graphql-request.ts http://127.0.0.1:4000/graphql
 *
 * In your own project, import from 'ticketgraph-client'.
 */
import { GraphQLClient } from 'graphql-request';
import {
  ExecuteActionDocument,
  TicketDocument,
  TicketsDocument,
  newIdempotencyKey,
  type RequestHeaders,
} from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'akana:ticket25687.acmepaymentscorp';

/** @returns lines to print. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const client = new GraphQLClient(url, { headers });

  const { tickets } = await client.request(TicketsDocument, { first: 5, filter: { categories: ['OPEN'] } });
  const board = tickets.nodes.map(({ reference, title, vendor }) => `${vendor} ${reference} ${title ?? ''}`);

  const { ticket } = await client.request(TicketDocument, { id: ID });
  if (!ticket) return [...board, `${ID} not found.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  const { executeAction } = await client.request(ExecuteActionDocument, {
    input: {
      ticketId: ID,
      action: 'ticket.action.resolve',
      comment: 'The key was renewed.',
      idempotencyKey: newIdempotencyKey(),
    },
  });
  return [...board, describeTicket(ticket), buttons, describeOutcome(executeAction)];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
