/** One audit line for each ticket of a job: once its final outcome is stored. */
import { notApplied, type TargetOutcome } from '../writes/outcome.ts';
import { createWriteAudit } from '../writes/write-audit.ts';
import { contextFor, openCall, rightsOf, type BulkTools } from './job-context.ts';
import type { ItemChange, Job, NewItem, TakenItem } from './job.ts';

export interface Auditor {
  /** Keeps what the line will say. */
  prepare(item: TakenItem, outcome: TargetOutcome, upstreamRequestId: string | null): void;
  /** Writes the lines of what is stored now. */
  recordStored(changes: readonly ItemChange[]): void;
  /** Writes the lines of what was rejected when the tickets were determined. */
  recordRejected(items: readonly NewItem[]): void;
}

interface Prepared {
  readonly item: TakenItem;
  readonly outcome: TargetOutcome;
  readonly upstreamRequestId: string | null;
}

export function createAuditor(tools: BulkTools, job: Job): Auditor {
  const { events, known } = tools;
  if (!events) return { prepare: () => undefined, recordStored: () => undefined, recordRejected: () => undefined };
  const prepared = new Map<number, Prepared>();
  const context = contextFor(tools, rightsOf(job), openCall(0));
  const input = { ...job.input, idempotencyKey: job.key };
  const audit = createWriteAudit(job.mutation, input, context, events);
  const record = (
    { ticketId, source: key }: Pick<TakenItem, 'ticketId' | 'source'>,
    outcome: TargetOutcome,
    upstreamRequestId: string | null = null,
  ): void => {
    const source = key === null ? undefined : known.get(key);
    audit.recordPerformed([{ ticketId, source, nativeId: null, outcome }], { upstreamRequestId, outcomes: [outcome] });
    events.onBulkTicket(key, outcome.kind);
  };
  return {
    prepare(item, outcome, upstreamRequestId) {
      prepared.set(item.position, { item, outcome, upstreamRequestId });
    },
    recordStored(changes) {
      for (const { position, to } of changes) {
        const found = prepared.get(position);
        if (!found || to === 'WAITING') continue;
        prepared.delete(position);
        record(found.item, found.outcome, found.upstreamRequestId);
      }
    },
    recordRejected(items) {
      for (const item of items) {
        if (item.failure && item.original === null) record(item, notApplied(item.failure, false));
      }
    },
  };
}
