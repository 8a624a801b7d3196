/**
 * The board, a ticket with its buttons, and one of them pressed: with TanStack Query over the package's own client.
 *
 *   node examples/tanstack-query.ts http://127.0.0.1:4000/graphql
 *
 * In a project of your own, import from 'ticketgraph-client'. In React, `useQuery` and `useMutation` take what
 * `ticketQuery` and `executeActionMutation` give.
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

/** Another try where the endpoint says that it may help. A write has the same key at each. */
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

interface Press {
  readonly ticketId: string;
  readonly action: string;
  /** Made by who presses, so that a further try has it as well. */
  readonly idempotencyKey: string;
}

const executeActionMutation = (ticketgraph: Ticketgraph, client: QueryClient) =>
  mutationOptions({
    mutationFn: (input: Press) => ticketgraph.executeAction({ input }),
    onSettled: (_payload, _error, { ticketId }) => client.invalidateQueries({ queryKey: ['ticket', ticketId] }),
    retry,
  });

/** @returns what a person would read. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const ticketgraph = createTicketgraph({ url, headers });
  const client = new QueryClient();

  const { nodes } = await client.query(boardQuery(ticketgraph));
  const board = nodes.map(({ reference, title, vendor }) => `${vendor} ${reference} ${title ?? ''}`);

  const ticket = await client.query(ticketQuery(ticketgraph, ID));
  if (!ticket) return [...board, `There is no ${ID}.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  const action = ticket.availableActions.find(({ inputs }) => !inputs.some(({ required }) => required));
  if (!action) return [...board, describeTicket(ticket), 'Nothing may be done with it now.'];
  const execution = new MutationObserver(client, executeActionMutation(ticketgraph, client));
  const payload = await execution.mutate({ ticketId: ID, action: action.name, idempotencyKey: newIdempotencyKey() });
  return [...board, describeTicket(ticket), buttons, describeOutcome(payload)];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
