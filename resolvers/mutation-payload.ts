/** What every payload answers alike; `index.ts` gives each payload type the fields that it has. */
import type { Ticket } from '../datasources/contract.ts';
import type { PlannedRequest, TransitionRecord, WriteItem } from '../datasources/writes/report.ts';
import type { ResolverContext } from './context.ts';
import type { Payload, Problem } from './parents.ts';
import { toProblem } from './problems.ts';

export const MutationPayload = {
  /** Each with the id as the caller first spelled it. */
  problems: ({ failures, items, order, names }: Payload): Problem[] => [
    ...failures.map((failure) => toProblem(failure, null, null)),
    ...items.flatMap(({ failure, vendor, ticketId }, index) =>
      failure ? [toProblem(failure, vendor, names[order.indexOf(index)] ?? ticketId)] : [],
    ),
  ],
  plan: ({ plan }: Payload): readonly PlannedRequest[] | null => plan,
  replayed: ({ isReplayed }: Payload): boolean => isReplayed,
  reconciled: ({ items }: Payload): boolean => items.some(({ isReconciled }) => isReconciled),
  /** Each under the id as the caller spelled it there: a client finds its own ids again. */
  results: ({ items, order, names }: Payload): WriteItem[] =>
    order.map((index, position) => {
      const item = items[index]!;
      const ticketId = names[position] ?? item.ticketId;
      return ticketId === item.ticketId ? item : { ...item, ticketId };
    }),
  ticket: ({ items }: Payload, _: unknown, context: ResolverContext): Promise<Ticket | null> | null =>
    readWritten(items[0], context),
  transition: ({ items }: Payload): TransitionRecord | null => items[0]?.transition ?? null,
};

/** The ticket as it is after the write. Where nothing was sent, nothing is asked. */
export async function readWritten(item: WriteItem | undefined, { sources }: ResolverContext): Promise<Ticket | null> {
  return item?.readId ? ((await sources.ticket(item.readId)) ?? null) : null;
}
