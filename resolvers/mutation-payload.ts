/** Payloads of mutations: the fields that all of them have, and those that most of them have. */
import type { Ticket } from '../datasources/contract.ts';
import type { WriteItem, WriteReport } from '../datasources/writes/report.ts';
import type { ResolverContext } from './context.ts';
import type { Payload, Problem } from './parents.ts';
import { toProblem } from './problems.ts';

/** Inherited by every payload type. */
export const MutationPayload = {
  /** Each problem names its ticket by the id that the caller gave. */
  problems: ({ failures, items, order, names }: Payload): Problem[] => [
    ...failures.map((failure) => toProblem(failure, null, null)),
    ...items.flatMap(({ failure, source, ticketId }, index) =>
      failure ? [toProblem(failure, source, names[order.indexOf(index)] ?? ticketId)] : [],
    ),
  ],
  replayed: ({ isReplayed }: Payload): boolean => isReplayed,
  reconciled: ({ items }: Payload): boolean => items.some(({ isReconciled }) => isReconciled),
};

/**
 * The parent of any payload type. `ticket`, `transition` and `results` are properties, not resolvers: `MutationPayload`
 * does not declare them, and a payload type that lacks one never reads it.
 */
export function toPayload(report: WriteReport, clientMutationId: string | null): Payload {
  const [item] = report.items;
  return {
    ...report,
    clientMutationId,
    ticket: (_, context) => readWritten(item, context),
    transition: item?.transition ?? null,
    results: toResults(report),
  };
}

/** One item per id in the input, named by the id that the caller gave. */
function toResults({ items, order, names }: WriteReport): WriteItem[] {
  return order.map((index, position) => {
    const item = items[index]!;
    const ticketId = names[position] ?? item.ticketId;
    return ticketId === item.ticketId ? item : { ...item, ticketId };
  });
}

/** Reads the ticket after the write. Returns null without a call if nothing was sent. */
export async function readWritten(item: WriteItem | undefined, { sources }: ResolverContext): Promise<Ticket | null> {
  return item?.readId ? ((await sources.ticket(item.readId)) ?? null) : null;
}
