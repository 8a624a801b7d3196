import type { TicketResultResolvers } from './__generated__/resolvers.ts';
import { readWritten } from './mutation-payload.ts';
import { toProblem } from './problems.ts';

export const TicketResult: TicketResultResolvers = {
  ticketId: ({ ticketId }) => ticketId ?? '',
  ticket: (item, _, context) => readWritten(item, context),
  problem: ({ failure, source, ticketId }) => failure && toProblem(failure, source, ticketId),
};
