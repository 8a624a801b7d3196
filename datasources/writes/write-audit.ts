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

/** The fields of an event that differ between the targets of one mutation. */
type TargetEvent = Pick<WriteEvent, 'source' | 'ticketId' | 'outcome' | 'problem'> &
  Partial<Pick<WriteEvent, 'isReplayed' | 'isReconciled' | 'upstreamRequestId'>> & {
    readonly transition?: { readonly action: string } | null;
  };

export function createWriteAudit(
  mutation: string,
  input: WriteInput,
  { caller, call, known }: MutationContext,
  events: EventSink,
): WriteAudit {
  const recorded = new Set<string | null>();
  const common = {
    mutation,
    status: textOrNull(input['status']),
    priority: textOrNull(input['priority']),
    keyHash: hashOf(input.idempotencyKey),
    caller,
    call,
    isReplayed: false,
    isReconciled: false,
    upstreamRequestId: null,
  };
  const record = ({ transition, ...event }: TargetEvent): void => {
    const vendor = event.source === null ? undefined : known.get(event.source)?.vendor;
    const described = vendor?.describe?.(mutation, input);
    const action = described ?? transition?.action ?? textOrNull(input['action']);
    events.onWriteEnd({ ...common, action, vendor: vendor?.key ?? null, ...event });
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
          isReconciled,
          upstreamRequestId,
          transition,
        });
      });
    },
    recordRemaining({ items, failures: [rejection], isReplayed }) {
      for (const { ticketId, source, outcome, failure, isReconciled, transition } of items) {
        if (recorded.has(ticketId)) continue;
        const problem = failure?.kind ?? null;
        record({ source, ticketId, outcome, problem, isReplayed, isReconciled, transition });
      }
      if (rejection) record({ source: null, ticketId: null, outcome: 'NOT_APPLIED', problem: rejection.kind });
    },
    recordError: () => record({ source: null, ticketId: null, outcome: 'UNKNOWN', problem: 'internal-error' }),
  };
}

function hashOf(key: unknown): string | null {
  return typeof key === 'string' ? createHash('sha256').update(key).digest('base64url') : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
