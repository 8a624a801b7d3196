import type { TicketChangeResolvers } from './__generated__/resolvers.ts';
import { toProblem } from './problems.ts';

export const TicketChange: Pick<TicketChangeResolvers, 'source' | 'problem'> = {
  source: ({ source }, _, { sources }) => (source === null ? null : sources.source(source)),
  problem: ({ source, failure }) => failure && toProblem(failure, source, null),
};
