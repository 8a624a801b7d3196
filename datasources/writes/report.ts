/**
 * The report of a mutation: one item for each target, and a summary.
 *
 * A report is plain data: it is stored as JSON under its idempotency key for 24 hours, and given again to a request with
 * the same key. Its field names are therefore frozen, and so are those of `FailureDetails`.
 */
import type { FailureDetails, TicketStatus } from '../contract.ts';
import { toVendorEnum } from '../vendor-kit/source-key.ts';
import type { MutationContext } from './mutation-context.ts';
import { notApplied, unknown, type Outcome, type TargetOutcome } from './outcome.ts';
import { toCanonicalId, toCheckedGlobalId, type Target, type TargetList } from './targets.ts';

export interface WriteReport {
  readonly outcome: Outcome | 'PARTIAL';
  /** What is wrong with the mutation as a whole. */
  readonly failures: readonly FailureDetails[];
  /** Each ticket once. */
  readonly items: readonly WriteItem[];
  /** For each id in the input, the index of its item. */
  readonly order: readonly number[];
  /** The ids in the input as the caller spelled them, one for each entry of `order`. Empty for a creation. */
  readonly names: readonly string[];
  /** The requests of a dry run; `null` unless it is one. */
  readonly plan: readonly PlannedRequest[] | null;
  /** Whether this is the stored report of an earlier request with the same idempotency key. */
  readonly isReplayed: boolean;
}

/** The outcome for one ticket. */
export interface WriteItem {
  /** Canonical global id; `null` for a creation. */
  readonly ticketId: string | null;
  /** `Vendor` enum value; `null` if the id is invalid. */
  readonly vendor: string | null;
  /** Key of the source; `null` if the id is invalid. */
  readonly source: string | null;
  readonly outcome: Outcome;
  /** Why it was not applied, or a notice about what was. */
  readonly failure: FailureDetails | null;
  readonly transition: TransitionRecord | null;
  /** Global id under which the ticket can be read now; `null` if nothing was sent. */
  readonly readId: string | null;
  /** Whether a read afterwards found what the vendor's answer should have said. */
  readonly isReconciled: boolean;
  /** Whether the vendor may have received the request. */
  readonly wasSent: boolean;
}

/** A member of the `Transition` union. */
export interface TransitionRecord {
  readonly __typename: string;
  readonly ticketId: string;
  readonly vendor: string;
  readonly action: string;
  readonly from: TicketStatus | null;
  readonly to: TicketStatus | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly [field: string]: unknown;
}

/** A request as a dry run shows it: secrets are redacted. */
export interface PlannedRequest {
  /** `Vendor` enum value. */
  readonly vendor: string;
  /** Key of the source. */
  readonly source: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Reports every target; one without an outcome gets `otherwise`, which defaults to "nothing was sent". */
export function toReport(
  { targets, order, names }: TargetList,
  context: MutationContext,
  otherwise: TargetOutcome = NOTHING_SENT,
): WriteReport {
  const at = new Date().toISOString();
  const items = targets.map((target) => toItem(target, target.outcome ?? otherwise, context, at));
  return { outcome: summarise(items), failures: [], items, order, names, plan: null, isReplayed: false };
}

/** Reports a mutation that was rejected as a whole, before anything was sent. */
export function toRejectedReport(failure: FailureDetails): WriteReport {
  const failures = [failure];
  return { outcome: 'NOT_APPLIED', failures, items: [], order: [], names: [], plan: null, isReplayed: false };
}

/**
 * Reports the stored items in the order of this request. It may name the same tickets differently than the one that
 * stored them: repeated, in another spelling, or beside ids that are rejected here.
 */
export function replay(
  stored: WriteReport,
  { targets, order, names }: TargetList,
  context: MutationContext,
): WriteReport {
  const at = new Date().toISOString();
  const known = new Map(stored.items.map((item) => [toCanonicalId(item.ticketId, context), withSource(item)]));
  const items = targets.map(
    (target) => known.get(target.ticketId) ?? toItem(target, target.outcome ?? ORPHANED, context, at),
  );
  return { ...stored, outcome: summarise(items), items, order, names, isReplayed: true };
}

/** An item as it may be stored: earlier releases had one source per vendor, and stored no key of it. */
type StoredItem = Omit<WriteItem, 'source'> & Partial<Pick<WriteItem, 'source'>>;

function withSource(item: StoredItem): WriteItem {
  return { ...item, source: item.source ?? item.vendor?.toLowerCase() ?? null };
}

const NOTHING_SENT: TargetOutcome = notApplied(null, false);

/** The outcome if the process that marked a write as SENT ended before it stored a result. */
export const ORPHANED: TargetOutcome = unknown({
  kind: 'outcome-unknown',
  message:
    'The process that held this idempotencyKey ended before it stored a result. ' +
    'Outcome unknown: check the ticket before retrying.',
});

/** All applied, none applied, any unknown, or some of each. */
function summarise(items: readonly WriteItem[]): WriteReport['outcome'] {
  const first = items[0]?.outcome ?? 'NOT_APPLIED';
  if (items.every(({ outcome }) => outcome === first)) return first;
  return items.some(({ outcome }) => outcome === 'UNKNOWN') ? 'UNKNOWN' : 'PARTIAL';
}

function toItem(target: Target, result: TargetOutcome, context: MutationContext, at: string): WriteItem {
  const { ticketId, source } = target;
  const { kind, failure, isReconciled, wasSent } = result;
  const readId = toCheckedGlobalId(result.nativeId, source, context) ?? ticketId;
  return {
    ticketId,
    vendor: source ? toVendorEnum(source.key) : null,
    source: source?.key ?? null,
    outcome: kind,
    failure,
    transition: toTransition(target, result, readId, context, at),
    readId: wasSent ? readId : null,
    isReconciled,
    wasSent,
  };
}

function toTransition(
  target: Target,
  { transition, nativeId }: TargetOutcome,
  readId: string | null,
  context: MutationContext,
  at: string,
): TransitionRecord | null {
  const { ticketId, source } = target;
  const changedId = ticketId !== null && !isPermanentName(nativeId, target) ? ticketId : readId;
  if (!transition || !source || changedId === null) return null;
  const record = {
    ...transition,
    ticketId: changedId,
    vendor: toVendorEnum(source.key),
    from: ticketId === null ? null : context.statusOf(ticketId),
    at,
  };
  return readId === changedId ? record : { ...record, movedToId: readId };
}

/** Whether a new id is the permanent id of a ticket that was named by a temporary one, rather than a new ticket. */
function isPermanentName(nativeId: string | null, { source, nativeId: named }: Target): boolean {
  const ids = source?.vendor.nativeId;
  if (!ids?.isPermanent || named === null || nativeId === null) return false;
  return ids.isPermanent(nativeId) && !ids.isPermanent(named);
}
