/** One audit line for each ticket of a job: once its final outcome is stored. */
import type { TargetOutcome } from '../writes/outcome.ts';
import { createWriteAudit } from '../writes/write-audit.ts';
import { contextFor, openCall, rightsOf, type BulkTools } from './job-context.ts';
import type { ItemChange, Job, TakenItem } from './job.ts';

export interface Auditor {
  /** Keeps what the line will say. */
  prepare(item: TakenItem, outcome: TargetOutcome, upstreamRequestId: string | null): void;
  /** Writes the lines of what is stored now. */
  recordStored(changes: readonly ItemChange[]): void;
}

interface Prepared {
  readonly item: TakenItem;
  readonly outcome: TargetOutcome;
  readonly upstreamRequestId: string | null;
}

export function createAuditor(tools: BulkTools, job: Job): Auditor {
  const { events, known } = tools;
  if (!events) return { prepare: () => undefined, recordStored: () => undefined };
  const prepared = new Map<number, Prepared>();
  const context = contextFor(tools, rightsOf(job), openCall(0));
  const input = { ...job.input, idempotencyKey: job.key };
  const audit = createWriteAudit(job.mutation, input, context, events);
  return {
    prepare(item, outcome, upstreamRequestId) {
      prepared.set(item.position, { item, outcome, upstreamRequestId });
    },
    recordStored(changes) {
      for (const { position, to } of changes) {
        const found = prepared.get(position);
        if (!found || to === 'WAITING') continue;
        prepared.delete(position);
        const { item, outcome, upstreamRequestId } = found;
        const source = item.source === null ? undefined : known.get(item.source);
        const target = { ticketId: item.ticketId, source, nativeId: null, outcome };
        audit.recordPerformed([target], { upstreamRequestId, outcomes: [outcome] });
      }
    },
  };
}
