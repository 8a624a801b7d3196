/** Emits one `WriteEvent` for each target of a mutation: for a write as soon as it ends, for the rest with the report. */
import { createHash } from 'node:crypto';
import type { EventSink, WriteEvent } from '../upstream/events.ts';
import type { MutationContext, WriteInput } from './mutation-context.ts';
import type { WriteAttempt } from './outcome.ts';
import type { WriteReport } from './report.ts';
import type { Target } from './targets.ts';

export interface WriteAudit {
  /** Records the targets of a write that was performed, in the order of the attempt's outcomes. */
  recordPerformed(targets: readonly Target[], attempt: WriteAttempt): void;
  /** Records the targets that no write was performed for, and a rejection of the mutation as a whole. */
  recordRemaining(report: WriteReport): void;
  /** Records that an unexpected error ended the mutation. */
  recordError(): void;
}

/** What an event says of one target. */
interface TargetResult {
  /** The source's key. */
  readonly source: string | null;
  readonly ticketId: string | null;
  readonly outcome: WriteEvent['outcome'];
  readonly problem: WriteEvent['problem'];
  readonly transition: { readonly action: string } | null;
  readonly isReplayed: boolean;
  readonly isReconciled: boolean;
  readonly upstreamRequestId: string | null;
}

/** A target of which nothing but its outcome is known. */
const NO_DETAILS = { transition: null, isReplayed: false, isReconciled: false, upstreamRequestId: null } as const;

export function createWriteAudit(
  mutation: string,
  input: WriteInput,
  { caller, call, known }: MutationContext,
  events: EventSink,
): WriteAudit {
  const recorded = new Set<string | null>();
  const status = textOrNull(input['status']);
  const priority = textOrNull(input['priority']);
  const keyHash = hashOf(input.idempotencyKey);
  const record = (result: TargetResult): void => {
    const { source, ticketId, outcome, problem, transition, isReplayed, isReconciled, upstreamRequestId } = result;
    const vendor = source === null ? undefined : known.get(source)?.vendor;
    const described = vendor?.describe?.(mutation, input);
    const action = described ?? transition?.action ?? textOrNull(input['action']);
    events.onWriteEnd({
      mutation,
      action,
      status,
      priority,
      keyHash,
      caller,
      call,
      vendor: vendor?.key ?? null,
      source,
      ticketId,
      outcome,
      problem,
      isReplayed,
      isReconciled,
      upstreamRequestId,
    });
  };
  return {
    recordPerformed(targets, { outcomes, upstreamRequestId }) {
      targets.forEach(({ ticketId, source }, index) => {
        const { kind: outcome, failure, isReconciled, transition } = outcomes[index]!;
        const problem = failure?.kind ?? null;
        recorded.add(ticketId);
        record({
          source: source?.key ?? null,
          ticketId,
          outcome,
          problem,
          transition,
          isReplayed: false,
          isReconciled,
          upstreamRequestId,
        });
      });
    },
    recordRemaining({ items, failures: [rejection], isReplayed }) {
      for (const { ticketId, source, outcome, failure, isReconciled, transition } of items) {
        if (recorded.has(ticketId)) continue;
        const problem = failure?.kind ?? null;
        record({ ...NO_DETAILS, source, ticketId, outcome, problem, transition, isReplayed, isReconciled });
      }
      if (rejection) {
        record({ ...NO_DETAILS, source: null, ticketId: null, outcome: 'NOT_APPLIED', problem: rejection.kind });
      }
    },
    recordError() {
      record({ ...NO_DETAILS, source: null, ticketId: null, outcome: 'UNKNOWN', problem: 'internal-error' });
    },
  };
}

function hashOf(key: unknown): string | null {
  return typeof key === 'string' ? createHash('sha256').update(key).digest('base64url') : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
