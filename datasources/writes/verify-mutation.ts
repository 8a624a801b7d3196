/** Reads whether an earlier attempt at a mutation was applied. Sends no write. */
import { planWrites, type PlannedWrite } from './execute-mutation.ts';
import type { MutationContext, WriteInput } from './mutation-context.ts';
import { unknown, type TargetOutcome } from './outcome.ts';
import { findTargets } from './targets.ts';

/**
 * Returns APPLIED (reconciled) or UNKNOWN for each ticket of the input, by its canonical global id: as after a write
 * without an answer, the old state proves nothing.
 *
 * @throws Failure if the input as a whole is invalid.
 */
export async function verifyMutation(
  mutation: string,
  input: WriteInput,
  context: MutationContext,
): Promise<ReadonlyMap<string, TargetOutcome>> {
  const { targets } = findTargets(mutation, input, context);
  const plans = planWrites(mutation, input, targets, context);
  const writes = plans.flatMap(({ connection, writes: planned }) =>
    planned.map(
      (write) =>
        context.control?.schedule(connection.source.key, () => verify(write, context)) ?? verify(write, context),
    ),
  );
  const verified = await Promise.all(writes);
  return new Map(verified.flat());
}

function verify(
  { write, targets }: PlannedWrite,
  { call }: MutationContext,
): Promise<(readonly [string, TargetOutcome])[]> {
  return Promise.all(
    targets.map(async ({ ticketId, nativeId }) => {
      const found = nativeId === null ? undefined : await write.verify?.(nativeId, call).catch(() => undefined);
      return [ticketId ?? '', found ? { ...RECONCILED, nativeId: found.nativeId ?? null } : INTERRUPTED] as const;
    }),
  );
}

const RECONCILED: TargetOutcome = {
  kind: 'APPLIED',
  failure: null,
  transition: null,
  nativeId: null,
  isReconciled: true,
  wasSent: true,
};

/** The outcome if a process ended after it marked the ticket as sent. */
export const INTERRUPTED: TargetOutcome = unknown({
  kind: 'outcome-unknown',
  message:
    'The process that sent this write ended before it stored the outcome. ' +
    'Outcome unknown: check the ticket before retrying.',
});
