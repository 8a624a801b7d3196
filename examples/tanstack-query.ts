/**
 * Lists tickets, opens one with its actions, and executes one of these, with TanStack Query over the package's own client.
 *
 *   node examples/tanstack-query.ts http://127.0.0.1:4000/graphql
 *
 * In your own project, import from 'ticketgraph-client'. In React, pass the results of `ticketQuery` and
 * `executeActionMutation` to `useQuery` and `useMutation`.
 */
import { MutationObserver, QueryClient, mutationOptions, queryOptions } from '@tanstack/react-query';
import {
  createTicketgraph,
  newIdempotencyKey,
  TicketgraphError,
  type RequestHeaders,
  type Ticketgraph,
} from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'requestor:47';

/** Retries if the error is retryable. A write keeps its key, because the key is one of its variables. */
const retry = (failures: number, error: Error): boolean =>
  failures < 3 && error instanceof TicketgraphError && error.retryable;

const boardQuery = (ticketgraph: Ticketgraph) =>
  queryOptions({
    queryKey: ['tickets'],
    queryFn: ({ signal }) => ticketgraph.tickets({ first: 5 }, { signal }),
    retry,
  });

const ticketQuery = (ticketgraph: Ticketgraph, id: string) =>
  queryOptions({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => ticketgraph.ticket({ id }, { signal }),
    retry,
  });

interface ActionInput {
  readonly ticketId: string;
  readonly action: string;
  /** Created by the caller, so that retries send the same key. */
  readonly idempotencyKey: string;
}

const executeActionMutation = (ticketgraph: Ticketgraph, client: QueryClient) =>
  mutationOptions({
    mutationFn: (input: ActionInput) => ticketgraph.executeAction({ input }),
    onSettled: (_payload, _error, { ticketId }) => client.invalidateQueries({ queryKey: ['ticket', ticketId] }),
    retry,
  });

/** @returns lines to print. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const ticketgraph = createTicketgraph({ url, headers });
  const client = new QueryClient();

  const { nodes } = await client.query(boardQuery(ticketgraph));
  const board = nodes.map(({ reference, title, vendor }) => `${vendor} ${reference} ${title ?? ''}`);

  const ticket = await client.query(ticketQuery(ticketgraph, ID));
  if (!ticket) return [...board, `${ID} not found.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  const action = ticket.availableActions.find(({ inputs }) => !inputs.some(({ required }) => required));
  if (!action) return [...board, describeTicket(ticket), 'No action is available now.'];
  const execution = new MutationObserver(client, executeActionMutation(ticketgraph, client));
  const payload = await execution.mutate({ ticketId: ID, action: action.name, idempotencyKey: newIdempotencyKey() });
  return [...board, describeTicket(ticket), buttons, describeOutcome(payload)];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
