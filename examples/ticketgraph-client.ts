/**
 * The board, a ticket with its buttons, and one of them pressed: with the client that the package brings.
 *
 *   node examples/ticketgraph-client.ts http://127.0.0.1:4000/graphql
 *
 * In a project of your own, import from 'ticketgraph-client'.
 */
import { createTicketgraph, newIdempotencyKey, TicketgraphError, type RequestHeaders } from '../client/index.ts';
import { describeAction, describeOutcome, describeTicket } from './format-outcome.ts';

const ID = 'huawei:TS-123456';

/** @returns what a person would read. */
export async function run(url: string, headers: RequestHeaders = {}): Promise<string[]> {
  const ticketgraph = createTicketgraph({ url, headers });

  const { nodes, sources } = await ticketgraph.tickets({ first: 5 });
  const board = nodes.map(({ reference, title, vendor }) => `${vendor} ${reference} ${title ?? ''}`);
  // A vendor that is down, or cannot list, is told of here; the tickets of the others are there all the same.
  const missing = sources.flatMap(({ vendor, problem }) => (problem ? [`${vendor}: ${problem.message}`] : []));

  const ticket = await ticketgraph.ticket({ id: ID });
  if (!ticket) return [...board, ...missing, `There is no ${ID}.`];
  const buttons = ticket.availableActions.map(describeAction).join(' ');

  // Made once for one wish, and the same for each further try.
  const idempotencyKey = newIdempotencyKey();
  const press = () => ticketgraph.executeAction({ input: { ticketId: ID, action: 'close', idempotencyKey } });
  const payload = await press().catch((error: unknown) => {
    if (error instanceof TicketgraphError && error.retryable) return press();
    throw error;
  });
  return [...board, ...missing, describeTicket(ticket), buttons, describeOutcome(payload)];
}

if (import.meta.main) console.log((await run(process.argv[2] ?? 'http://127.0.0.1:4000/graphql')).join('\n'));
