/** Emits one `WriteEvent` for each target of a mutation: for a write as soon as it ends, for the rest with the report. */
import { createHash } from 'node:crypto';
import type { EventSink, WriteEvent } from '../upstream/events.ts';
import type { MutationContext, WriteInput } from './mutation-context.ts';
import type { WriteAttempt } from './outcome.ts';
import type { WriteItem, WriteReport } from './report.ts';
import type { Target } from './targets.ts';

export interface WriteAudit {
  /** Records the targets of a write that was performed, in the order of the attempt's outcomes. */
  recordPerformed(targets: readonly Target[], attempt: WriteAttempt): void;
  /** Records the targets that no write was performed for, and a rejection of the mutation as a whole. */
  recordRemaining(report: WriteReport): void;
  /** Records that an unexpected error ended the mutation. */
  recordError(): void;
}

export function createWriteAudit(
  mutation: string,
  input: WriteInput,
  context: MutationContext,
  events: EventSink,
): WriteAudit {
  return new MutationAudit(mutation, input, context, events);
}

/** What is known of one target. */
type Known = Pick<WriteItem, 'ticketId' | 'outcome' | 'isReconciled'> & {
  readonly transition: { readonly action: string } | null;
};

class MutationAudit implements WriteAudit {
  readonly #mutation: string;
  readonly #input: WriteInput;
  readonly #context: MutationContext;
  readonly #events: EventSink;
  readonly #keyHash: string | null;
  readonly #recorded = new Set<string | null>();

  constructor(mutation: string, input: WriteInput, context: MutationContext, events: EventSink) {
    this.#mutation = mutation;
    this.#input = input;
    this.#context = context;
    this.#events = events;
    this.#keyHash = hashOf(input.idempotencyKey);
  }

  recordPerformed(targets: readonly Target[], { outcomes, upstreamRequestId }: WriteAttempt): void {
    targets.forEach(({ ticketId, vendor }, index) => {
      const { kind, failure, isReconciled, transition } = outcomes[index]!;
      this.#recorded.add(ticketId);
      const known = { ticketId, outcome: kind, isReconciled, transition };
      this.#record(vendor?.key ?? null, known, failure?.kind ?? null, false, upstreamRequestId);
    });
  }

  recordRemaining({ items, failures: [rejection], isReplayed }: WriteReport): void {
    for (const item of items) {
      if (this.#recorded.has(item.ticketId)) continue;
      // A stored item names its vendor by the enum value.
      this.#record(item.vendor?.toLowerCase() ?? null, item, item.failure?.kind ?? null, isReplayed);
    }
    if (rejection) this.#record(null, NOT_APPLIED, rejection.kind);
  }

  recordError(): void {
    this.#record(null, UNKNOWN, 'internal-error');
  }

  #record(
    vendor: string | null,
    { ticketId, outcome, isReconciled, transition }: Known,
    problem: WriteEvent['problem'],
    isReplayed = false,
    upstreamRequestId: string | null = null,
  ): void {
    const mutation = this.#mutation;
    const input = this.#input;
    const { caller, call, vendors } = this.#context;
    const described = vendor === null ? undefined : vendors.get(vendor)?.describe?.(mutation, input);
    this.#events.onWriteEnd({
      mutation,
      action: described ?? transition?.action ?? textOrNull(input['action']),
      status: textOrNull(input['status']),
      priority: textOrNull(input['priority']),
      keyHash: this.#keyHash,
      caller,
      vendor,
      ticketId,
      outcome,
      problem,
      isReplayed,
      isReconciled,
      upstreamRequestId,
      call,
    });
  }
}

const NOT_APPLIED: Known = {
  ticketId: null,
  outcome: 'NOT_APPLIED',
  isReconciled: false,
  transition: null,
};

const UNKNOWN: Known = { ...NOT_APPLIED, outcome: 'UNKNOWN' };

function hashOf(key: unknown): string | null {
  return typeof key === 'string' ? createHash('sha256').update(key).digest('base64url') : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
