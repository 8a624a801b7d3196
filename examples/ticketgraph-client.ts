/**
 * Lists tickets, opens one with its actions, and executes one of these, with the package's own client.
 *
 *   node examples/ticketgraph-client.ts http://127.0.0.1:4000/graphql
 *
 * In your own project, import from 'ticketgraph-client'.
 */
import { createTicketgraph, newIdempotencyKey, TicketgraphError, type RequestHeaders } from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'huawei:TS-123456';

/** @returns lines to print. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const ticketgraph = createTicketgraph({ url, headers });

  const { nodes, sources } = await ticketgraph.tickets({ first: 5 });
  const board = nodes.map(({ reference, title, vendor }) => `${vendor} ${reference} ${title ?? ''}`);
  // A vendor that is down, or has no list, is reported here. The tickets of the others are still returned.
  const missing = sources.flatMap(({ vendor, problem }) => (problem ? [`${vendor}: ${problem.message}`] : []));

  const ticket = await ticketgraph.ticket({ id: ID });
  if (!ticket) return [...board, ...missing, `${ID} not found.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  // Created once per intended write, and sent again with each retry.
  const idempotencyKey = newIdempotencyKey();
  const close = () => ticketgraph.executeAction({ input: { ticketId: ID, action: 'close', idempotencyKey } });
  const payload = await close().catch((error: unknown) => {
    if (error instanceof TicketgraphError && error.retryable) return close();
    throw error;
  });
  return [...board, ...missing, describeTicket(ticket), buttons, describeOutcome(payload)];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
