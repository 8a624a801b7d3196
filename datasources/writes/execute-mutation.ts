/**
 * Runs one mutation, from its input to its report: find the targets, plan every request, then preview or perform them.
 *
 * Vendors only plan writes. What holds for all of them is done here, once: permissions are checked and calls are
 * budgeted before anything is sent, nothing is sent twice, and each ticket gets exactly one outcome.
 */
import type { FailureDetails, Planner, RejectedPlan, RequestScope, UpstreamRequest, Write } from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import { asFailure, isRetryable } from '../vendor-kit/failure.ts';
import { toVendorEnum } from '../vendor-kit/source-key.ts';
import { checkKey, runOnce } from './idempotency/run-once.ts';
import type { MutationContext, WriteControl, WriteInput } from './mutation-context.ts';
import { notApplied, performWrite, unknown, type TargetOutcome, type WriteAttempt } from './outcome.ts';
import { ORPHANED, replay, toRejectedReport, toReport } from './report.ts';
import type { PlannedRequest, WriteItem, WriteReport } from './report.ts';
import { checkNumbers } from './safe-numbers.ts';
import { findTargets, rejected, type Target, type TargetList } from './targets.ts';
import { createWriteAudit, type WriteAudit } from './write-audit.ts';

/** Performs a mutation, or plans it if `dryRun` is set. Throws unexpected errors only: failures are in the report. */
export async function executeMutation(
  mutation: string,
  input: WriteInput,
  context: MutationContext,
): Promise<WriteReport> {
  if (!context.events || input.dryRun) return runMutation(mutation, input, context);
  const audit = createWriteAudit(mutation, input, context, context.events);
  try {
    const report = await runMutation(mutation, input, context, audit);
    audit.recordRemaining(report);
    return report;
  } catch (error) {
    audit.recordError();
    throw error;
  }
}

async function runMutation(
  mutation: string,
  input: WriteInput,
  context: MutationContext,
  audit?: WriteAudit,
): Promise<WriteReport> {
  try {
    checkKey(input.idempotencyKey);
    checkNumbers(input);
    const list = findTargets(mutation, input, context);
    const plans = planWrites(mutation, input, list.targets, context);
    if (input.dryRun) return { ...toReport(list, context), plan: plans.flatMap(preview) };
    return await perform({ mutation, input, context, list, plans, audit });
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return toRejectedReport(failure.details);
  }
}

// ---------------------------------------------------------------- planning

/** What one source is to do. */
export interface SourcePlan {
  readonly connection: Connected;
  readonly writes: readonly PlannedWrite[];
}

export interface PlannedWrite {
  readonly write: Write;
  /** In the write's order. For a creation, the one target without an id. */
  readonly targets: readonly Target[];
}

/** The tickets of one source, by native id. For a creation, the one target without an id. */
type TargetGroup = Map<string | null, Target>;

/** Plans the writes of each source. Targets that a vendor's own rules reject get their outcome here. */
export function planWrites(
  mutation: string,
  input: WriteInput,
  targets: readonly Target[],
  context: MutationContext,
): SourcePlan[] {
  const groups = new Map<Connected, TargetGroup>();
  for (const target of targets) {
    const connection = target.outcome || !target.source ? undefined : context.connected.get(target.source.key);
    if (!connection) continue;
    const group: TargetGroup = groups.get(connection) ?? new Map<string | null, Target>();
    groups.set(connection, group.set(target.nativeId, target));
  }
  return Array.from(groups, ([connection, group]) => planForSource(mutation, input, group, connection, context));
}

function planForSource(
  mutation: string,
  input: WriteInput,
  group: TargetGroup,
  connection: Connected,
  context: MutationContext,
): SourcePlan {
  const planner = connection.datasource.writes[mutation] as Planner<WriteInput>;
  const nativeIds = Array.from(group.keys()).filter((nativeId) => nativeId !== null);
  const writes: PlannedWrite[] = [];
  for (const plan of planner(input, nativeIds, context.call)) {
    const targets = targetsOf(plan, group);
    const denial = denialForPlan(plan, connection, context);
    if (denial) for (const target of targets) target.outcome = rejected(denial);
    else writes.push({ write: plan as Write, targets });
  }
  return { connection, writes };
}

/** @throws TypeError if a plan names a ticket that its planner was not given. */
function targetsOf(plan: Write | RejectedPlan, known: TargetGroup): readonly Target[] {
  const nativeIds = plan.targets.length > 0 ? plan.targets : [null];
  return nativeIds.map((nativeId) => {
    const target = known.get(nativeId);
    if (!target) throw new TypeError(`Expected a plan for the given tickets, not for ${nativeId ?? 'a new one'}.`);
    return target;
  });
}

/** Why a plan may not be sent: by the vendor's rules, or because the caller may not run the mutation it is equal to. */
function denialForPlan(
  plan: Write | RejectedPlan,
  { source }: Connected,
  context: MutationContext,
): FailureDetails | undefined {
  if ('failure' in plan) return plan.failure;
  return plan.equivalentMutation === undefined ? undefined : context.denialFor(plan.equivalentMutation, source.key);
}

function preview({ connection, writes }: SourcePlan): PlannedRequest[] {
  return writes.flatMap(requestsOf).map((request) => {
    const { method, url, headers, body = null } = connection.upstream.preview(request);
    const { key } = connection.source;
    return { vendor: toVendorEnum(key), source: key, method, url, headers, body };
  });
}

function requestsOf({ write: { request, followUp } }: PlannedWrite): readonly UpstreamRequest[] {
  return followUp ? [request, followUp.request] : [request];
}

function countRequests({ writes }: SourcePlan): number {
  return writes.reduce((sum, { write }) => sum + (write.followUp ? 2 : 1), 0);
}

// ---------------------------------------------------------------- performing

interface PlannedMutation {
  readonly mutation: string;
  readonly input: WriteInput;
  readonly context: MutationContext;
  readonly list: TargetList;
  readonly plans: readonly SourcePlan[];
  readonly audit: WriteAudit | undefined;
}

/** Awaited before the first byte of each write, with its targets. Marks the idempotency key or the tickets as sent. */
type BeforeSending = (targets: readonly Target[]) => Promise<void>;

function perform(planned: PlannedMutation): Promise<WriteReport> {
  const { input, context, plans } = planned;
  const writeCount = plans.reduce((sum, plan) => sum + countRequests(plan), 0);
  // All or nothing, before the first write. Reads that prepare or verify a write are not counted.
  context.call.budget?.take(writeCount);
  const key = input.idempotencyKey ?? undefined;
  return key === undefined || writeCount === 0 ? performAll(planned) : performOnce(planned, key);
}

/** Single writes are sent concurrently; the chunks of a bulk one by one, and none after an unknown outcome. */
async function performAll(planned: PlannedMutation, beforeSending?: BeforeSending): Promise<WriteReport> {
  // Writes are not counted one by one, nor are the reads that verify them.
  const call: RequestScope = { ...planned.context.call, budget: undefined };
  const sending: Promise<void>[] = [];
  const { control } = planned.context;
  for (const { connection, writes } of planned.plans) {
    const perform = (write: PlannedWrite): Promise<void> =>
      performAndRecord(write, connection, planned, call, beforeSending ?? markWith(control));
    const send = control
      ? (write: PlannedWrite) => control.schedule(connection.source.key, () => perform(write))
      : perform;
    const chunks = writes.filter(({ write }) => write.isChunk);
    if (chunks.length > 0) sending.push(performInTurn(chunks, send));
    for (const single of writes) if (!single.write.isChunk) sending.push(send(single));
  }
  await Promise.all(sending);
  return toReport(planned.list, planned.context);
}

async function performInTurn(
  chunks: readonly PlannedWrite[],
  send: (chunk: PlannedWrite) => Promise<void>,
): Promise<void> {
  let isUnknown = false;
  for (const chunk of chunks) {
    if (isUnknown) for (const target of chunk.targets) target.outcome = SKIPPED_AFTER_UNKNOWN;
    else await send(chunk);
    isUnknown ||= chunk.targets.some(({ outcome }) => outcome?.kind === 'UNKNOWN');
  }
}

const SKIPPED_AFTER_UNKNOWN: TargetOutcome = notApplied(
  { kind: 'unavailable', message: 'Not sent: the previous part of this bulk has an unknown outcome.' },
  false,
);

async function performAndRecord(
  { write, targets }: PlannedWrite,
  connection: Connected,
  { context, audit }: PlannedMutation,
  call: RequestScope,
  beforeSending: BeforeSending | undefined,
): Promise<void> {
  let attempt: WriteAttempt;
  try {
    attempt = await performWrite(write, connection, call, beforeSending && (() => beforeSending(targets)));
  } catch (error) {
    const failure = asFailure(error);
    // The key of a mutation concerns all of its writes; the marks of a bulk job each concern one.
    if (failure && !context.control) throw error;
    if (!failure) context.reportUnexpected(error);
    attempt = failure ? notStarted(targets, failure.details) : failedUnexpectedly(targets);
  }
  targets.forEach((target, index) => (target.outcome = attempt.outcomes[index]));
  context.control?.onPerformed(idsOf(targets), attempt);
  audit?.recordPerformed(targets, attempt);
}

function markWith(control: WriteControl | undefined): BeforeSending | undefined {
  return control && ((targets) => control.beforeSending(idsOf(targets)));
}

function idsOf(targets: readonly Target[]): string[] {
  return targets.flatMap(({ ticketId }) => ticketId ?? []);
}

function notStarted(targets: readonly Target[], failure: FailureDetails): WriteAttempt {
  return { upstreamRequestId: null, outcomes: targets.map(() => notApplied(failure, false)) };
}

/** Reports the targets as UNKNOWN after an unexpected error, so that the rest of the bulk still gets its results. */
function failedUnexpectedly(targets: readonly Target[]): WriteAttempt {
  const message = 'Internal error while sending. Outcome unknown: check the ticket before retrying.';
  const outcome = unknown({ kind: 'outcome-unknown', message });
  return { upstreamRequestId: null, outcomes: targets.map(() => outcome) };
}

// ---------------------------------------------------------------- at most once per idempotency key

async function performOnce(planned: PlannedMutation, key: string): Promise<WriteReport> {
  const { mutation, input, context, list, plans } = planned;
  // The requests name the source that they are sent to.
  const { clientMutationId, dryRun, idempotencyKey, source, ...argumentsOf } = input;
  const { result, isReplayed } = await runOnce<WriteReport>(
    context.store,
    {
      caller: context.caller,
      mutation,
      key,
      requests: plans.flatMap(toComparable),
      arguments: argumentsOf,
      run: (markSent) => performAll(planned, () => markSent()),
      isFinal: ({ items }) => items.some(isFinal),
      orphaned: () => toReport(list, context, ORPHANED),
    },
    context.call,
  );
  return isReplayed ? replay(result, list, context) : result;
}

/**
 * What makes two writes the same: the request without its headers, which may rotate. A notice counts too: the stored
 * report lacks, for instance, that the vendor has no place for a comment that is only given now.
 */
function toComparable({ connection, writes }: SourcePlan): unknown[] {
  return writes.flatMap((planned) =>
    requestsOf(planned).map(({ method, path, query = [], body = null }) => {
      return [connection.source.key, method, path, query, body, planned.write.notice?.message ?? null];
    }),
  );
}

/** Whether a repetition with the same key must get this result again. Otherwise the key is free for another attempt. */
function isFinal({ outcome, failure, wasSent }: WriteItem): boolean {
  if (outcome !== 'NOT_APPLIED') return true;
  return wasSent && failure !== null && !isRetryable(failure);
}
