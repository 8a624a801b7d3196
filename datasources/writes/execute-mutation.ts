/**
 * A mutation from its input to its report: which vendors it concerns, what each plans, what our rules refuse, what is
 * sent, and what became of it, ticket by ticket. Everything that is true of every write stands here, once.
 */
import { createHash } from 'node:crypto';
import type { RequestScope, FailureDetails, Planner, RejectedPlan, TicketStatus, Vendor, Write } from '../contract.ts';
import type { Connected } from '../upstream/connect-vendor.ts';
import { Failure, asFailure, isRetryable, notConfigured } from '../vendor-kit/failure.ts';
import { resolveGlobalId, toGlobalId, toVendorEnum, type FieldPath } from '../vendor-kit/global-id.ts';
import { checkKey, runOnce } from './idempotency/run-once.ts';
import type { KeyStore } from './idempotency/store.ts';
import { checkNumbers } from './safe-numbers.ts';
import type { EventSink, WriteEvent } from '../upstream/events.ts';
import { notApplied, performWrite, unknown, type Outcome, type WriteAttempt, type TargetOutcome } from './outcome.ts';

/** What the input object of every mutation may hold. The rest is its own. */
export interface WriteInput {
  readonly ticketId?: string | null;
  readonly ticketIds?: readonly string[] | null;
  readonly clientMutationId?: string | null;
  readonly dryRun?: boolean | null;
  readonly idempotencyKey?: string | null;
  readonly [argument: string]: unknown;
}

/** What became of a write for one ticket. Plain data: it is stored under an idempotency key. */
export interface WriteItem {
  /** In the vendor's one spelling; null where the write concerns no ticket that there was before. */
  readonly ticketId: string | null;
  /** `Vendor` enum value; null where the id names none. */
  readonly vendor: string | null;
  readonly outcome: Outcome;
  readonly failure: FailureDetails | null;
  readonly transition: TransitionRecord | null;
  /** Global id under which the ticket can be read now; null where nothing was sent, or nothing is known. */
  readonly readId: string | null;
  readonly isReconciled: boolean;
  /** Whether the vendor may have heard of it. */
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
  readonly at: string;
  readonly [field: string]: unknown;
}

export interface PlannedRequest {
  readonly vendor: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface WriteReport {
  readonly outcome: Outcome | 'PARTIAL';
  /** What is wrong with the request as a whole. */
  readonly failures: readonly FailureDetails[];
  /** One for each ticket, each once. */
  readonly items: readonly WriteItem[];
  /** For each id in the input, which item it is. */
  readonly order: readonly number[];
  /** The ids in the input as the caller spelled them: one for each entry of `order`. Empty if the input names none. */
  readonly names: readonly string[];
  readonly plan: readonly PlannedRequest[] | null;
  readonly isReplayed: boolean;
}

/** What a write may use of the request that it belongs to. */
export interface MutationContext {
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly connected: ReadonlyMap<string, Connected>;
  readonly store: KeyStore;
  /** Who asks. */
  readonly caller: string;
  readonly call: RequestScope;
  /** Why the caller may not do this at a vendor; undefined where it may. */
  denialFor(mutation: string, vendorKey: string): FailureDetails | undefined;
  /** The ticket's status as far as this request has read it. */
  statusOf(id: string): TicketStatus | null;
  /** Told of each ticket once, as soon as it is settled. */
  readonly events?: EventSink | undefined;
  /** Told of errors that are defects of ours. */
  reportUnexpected(defect: unknown): void;
}

export const MAX_TARGETS = 100;

/** A ticket that the input names, or the one that is to be made; and what became of it. */
interface Target {
  /** In the vendor's one spelling; null where the write concerns no ticket that there was before. */
  readonly ticketId: string | null;
  /** Undefined where the id names none. */
  readonly vendor: Vendor | undefined;
  /** Null where there is no ticket yet, or the id is none. */
  readonly nativeId: string | null;
  /** Undefined as long as nothing is known; a refusal of ours is known from the beginning. */
  settled: TargetOutcome | undefined;
}

/** All that one mutation is about. */
interface PlannedMutation {
  /** Each ticket once. */
  readonly targets: readonly Target[];
  /** For each id in the input, which target it is. */
  readonly order: readonly number[];
  /** The ids in the input as the caller spelled them. */
  readonly names: readonly string[];
  readonly planned: readonly Planned[];
  readonly scope: MutationContext;
  /** Undefined where nobody watches. */
  readonly news: WriteAudit | undefined;
}

/** Carries out a mutation, or plans it where `dryRun` is set. Throws only for defects of ours. */
export async function write(mutation: string, input: WriteInput, scope: MutationContext): Promise<WriteReport> {
  if (!scope.events || input.dryRun) return runMutation(mutation, input, scope);
  const news = createWriteAudit(mutation, input, scope, scope.events);
  try {
    const report = await runMutation(mutation, input, scope, news);
    news.recordRemaining(report);
    return report;
  } catch (defect) {
    news.recordError();
    throw defect;
  }
}

async function runMutation(
  mutation: string,
  input: WriteInput,
  scope: MutationContext,
  news?: WriteAudit,
): Promise<WriteReport> {
  try {
    checkKey(input.idempotencyKey);
    checkNumbers(input);
    const { targets, order, names } = findTargets(mutation, input, scope);
    const planned = planAll(mutation, input, targets, scope);
    const work: PlannedMutation = { targets, order, names, planned, scope, news };
    if (input.dryRun) return { ...toReport(work), plan: planned.flatMap(preview) };
    const key = input.idempotencyKey ?? undefined;
    const writes = planned.reduce((sum, one) => sum + one.writes.length, 0);
    const isAnythingToSend = writes > 0;
    // All of them or none, before the first is sent. What verifies a write that was sent is not held to the limit.
    scope.call.budget?.take(writes);
    if (key === undefined || !isAnythingToSend) return await performAll(work);
    return await performOnce(mutation, input, key, work);
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { ...NO_ITEMS, failures: [failure.details] };
  }
}

const NO_ITEMS: WriteReport = {
  outcome: 'NOT_APPLIED',
  failures: [],
  items: [],
  order: [],
  names: [],
  plan: null,
  isReplayed: false,
};

// ---------------------------------------------------------------- what it concerns

/** @throws Failure where the input as a whole cannot be carried out. */
function findTargets(
  mutation: string,
  input: WriteInput,
  scope: MutationContext,
): Pick<PlannedMutation, 'targets' | 'order' | 'names'> {
  if (typeof input.ticketId === 'string') {
    return {
      targets: [toTarget(mutation, input.ticketId, ['ticketId'], scope)],
      order: [0],
      names: [input.ticketId],
    };
  }
  if (!input.ticketIds) {
    const vendor = findOfferingVendor(mutation, input, scope);
    const settled = reject(denialFor(mutation, vendor, scope));
    return { targets: [{ ticketId: null, vendor, nativeId: null, settled }], order: [0], names: [] };
  }
  const ids = input.ticketIds;
  if (ids.length === 0 || ids.length > MAX_TARGETS) {
    const message = `ticketIds must hold 1 to ${MAX_TARGETS} ids, not ${ids.length}.`;
    throw new Failure({ kind: 'invalid-input', message, field: ['ticketIds'] });
  }
  const places = new Map<string | null, number>();
  const targets: Target[] = [];
  const order = ids.map((id, index) => {
    const target = toTarget(mutation, id, ['ticketIds', index], scope);
    // Two spellings of one ticket are one target: the ticket is written to once.
    const known = places.get(target.ticketId);
    if (known !== undefined) return known;
    places.set(target.ticketId, targets.length);
    return targets.push(target) - 1;
  });
  return { targets, order, names: ids };
}

function toTarget(mutation: string, spelled: string, field: FieldPath, scope: MutationContext): Target {
  try {
    const { vendor, id, nativeId } = resolveGlobalId(spelled, scope.vendors, scope.connected, field);
    return { ticketId: id, vendor, nativeId, settled: reject(denialFor(mutation, vendor, scope)) };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { ticketId: spelled, vendor: undefined, nativeId: null, settled: reject(failure.details) };
  }
}

/** What became of it where our own rules say no; undefined where they do not. */
function reject(failure: FailureDetails | undefined): TargetOutcome | undefined {
  return failure && notApplied(failure, false);
}

/** Why a vendor takes no part in a mutation; undefined where it does. */
function denialFor(mutation: string, vendor: Vendor, scope: MutationContext): FailureDetails | undefined {
  if (!vendor.mutations.includes(mutation)) {
    const message = `${vendor.name} cannot do ${mutation}; it can do ${vendor.mutations.join(', ')}.`;
    return { kind: 'unsupported', message };
  }
  const refusal = scope.denialFor(mutation, vendor.key);
  return refusal ?? (scope.connected.has(vendor.key) ? undefined : notConfigured(vendor));
}

/** The vendor of a mutation that names no ticket: named by the one key of an argument, or the only one that offers it. */
function findOfferingVendor(mutation: string, input: WriteInput, { vendors }: MutationContext): Vendor {
  for (const argument of Object.values(input)) {
    if (typeof argument !== 'object' || argument === null) continue;
    const named = vendors.get(Object.keys(argument)[0] ?? '');
    if (named) return named;
  }
  const offering = [...vendors.values()].find((vendor) => vendor.mutations.includes(mutation));
  if (!offering) throw new Failure({ kind: 'unsupported', message: `No vendor can do ${mutation}.` });
  return offering;
}

// ---------------------------------------------------------------- what is planned

/** What one vendor is to do. */
interface Planned {
  readonly connected: Connected;
  readonly writes: readonly PlannedWrite[];
}

interface PlannedWrite {
  readonly write: Write;
  /** In the write's order; for a creation the one that has no id yet. */
  readonly targets: readonly Target[];
}

/** What vendors refuse by their own rules is settled with that. */
function planAll(mutation: string, input: WriteInput, targets: readonly Target[], scope: MutationContext): Planned[] {
  const groups = Map.groupBy(targets, ({ vendor, settled }) => (settled ? undefined : vendor?.key));
  return [...groups].flatMap(([key, group]) => {
    if (key === undefined) return [];
    const connected = scope.connected.get(key)!;
    const planner = connected.source.writes[mutation] as Planner<WriteInput>;
    const nativeIds = group.flatMap(({ nativeId }) => nativeId ?? []);
    const find = createFinder(group);
    const writes: PlannedWrite[] = [];
    for (const plan of planner(input, nativeIds, scope.call)) {
      const own = find(plan.targets);
      const failure = denialForPlan(plan, key, scope);
      if (failure) for (const target of own) target.settled = reject(failure);
      else writes.push({ write: plan as Write, targets: own });
    }
    return [{ connected, writes }];
  });
}

/** Finds the targets of a plan by their native ids, before anything is sent; one without ids is about the new ticket. */
function createFinder(group: readonly Target[]): (nativeIds: readonly string[]) => readonly Target[] {
  const targets = new Map(group.map((target) => [target.nativeId, target]));
  return (nativeIds) =>
    (nativeIds.length > 0 ? nativeIds : [null]).map((nativeId) => {
      const target = targets.get(nativeId);
      if (!target) throw new TypeError('A plan is about a ticket that it was not given.');
      return target;
    });
}

/** By the vendor's rules; or since it amounts to what the caller may not do, by whichever mutation it is asked for. */
function denialForPlan(
  plan: Write | RejectedPlan,
  vendorKey: string,
  scope: MutationContext,
): FailureDetails | undefined {
  if ('failure' in plan) return plan.failure;
  return plan.equivalentMutation === undefined ? undefined : scope.denialFor(plan.equivalentMutation, vendorKey);
}

function preview({ connected, writes }: Planned): PlannedRequest[] {
  return writes.map(({ write }) => {
    const { method, url, headers, body = null } = connected.upstream.preview(write.request);
    return { vendor: toVendorEnum(connected.vendor.key), method, url, headers, body };
  });
}

// ---------------------------------------------------------------- what is done

async function performAll(work: PlannedMutation, beforeSending?: () => Promise<void>): Promise<WriteReport> {
  await Promise.all(work.planned.map((planned) => performVendor(planned, work, beforeSending)));
  return toReport(work);
}

/** Single writes side by side; chunks of one bulk in their order, and none after one whose outcome is unknown. */
async function performVendor(
  { connected, writes }: Planned,
  { scope, news }: PlannedMutation,
  beforeSending: (() => Promise<void>) | undefined,
): Promise<void> {
  const { source, upstream } = connected;
  const find = source.find.bind(source);
  const call: RequestScope = { ...scope.call, budget: undefined };
  const perform = async ({ write, targets }: PlannedWrite): Promise<boolean> => {
    let performed: WriteAttempt;
    try {
      performed = await performWrite(write, upstream, find, call, beforeSending);
    } catch (error) {
      if (asFailure(error)) throw error;
      scope.reportUnexpected(error);
      performed = failedUnexpectedly(targets);
    }
    const { outcome: settled } = performed;
    targets.forEach((target, index) => (target.settled = settled[index]));
    news?.recordPerformed(targets, performed);
    return settled.some(({ outcome }) => outcome === 'UNKNOWN');
  };
  const inTurn = async (chunks: readonly PlannedWrite[]): Promise<void> => {
    let isUnknown = false;
    for (const chunk of chunks) {
      if (!isUnknown) isUnknown = await perform(chunk);
      else for (const target of chunk.targets) target.settled = SKIPPED_AFTER_UNKNOWN;
    }
  };
  const chunks = writes.filter(({ write }) => write.isChunk);
  await Promise.all([inTurn(chunks), ...writes.filter(({ write }) => !write.isChunk).map(perform)]);
}

/** A defect of ours ended it, nobody knows when: the others of its bulk are told of all the same. */
function failedUnexpectedly(targets: readonly Target[]): WriteAttempt {
  const message = 'An error of this endpoint ended it: whether it happened is not known. Look at the ticket.';
  const settled = unknown({ kind: 'outcome-unknown', message });
  return { upstreamRequestId: null, outcome: targets.map(() => settled) };
}

const SKIPPED_AFTER_UNKNOWN: TargetOutcome = notApplied(
  { kind: 'unavailable', message: 'Not sent, because the part of this bulk before it has an unknown outcome.' },
  false,
);

async function performOnce(
  mutation: string,
  input: WriteInput,
  key: string,
  work: PlannedMutation,
): Promise<WriteReport> {
  const { store, caller, call } = work.scope;
  const { clientMutationId, dryRun, idempotencyKey, ...argumentsOf } = input;
  const { result, isReplayed } = await runOnce<WriteReport>(
    store,
    {
      caller,
      mutation,
      key,
      sending: work.planned.flatMap(toSending),
      argumentsOf,
      run: (beforeSending) => performAll(work, beforeSending),
      isFinal: ({ items }) => items.some(isFinal),
      orphaned: () => toReport(work, ORPHANED),
    },
    call,
  );
  return isReplayed ? replay(result, work) : result;
}

/**
 * What makes two writes the same: the bytes that say what to do, without headers, which may rotate. A remark counts too:
 * the kept answer would leave out, for instance, that a comment given only now has no place at the vendor.
 */
function toSending({ connected, writes }: Planned): unknown[] {
  return writes.map(({ write: { request, notice: remark } }) => {
    const { method, path, query = [], body = null } = request;
    return [connected.vendor.key, method, path, query, body, remark?.message ?? null];
  });
}

/**
 * The kept results in the order of this request, which may name the same tickets in another way: repeated, spelled
 * otherwise, or beside ids that are refused here.
 */
function replay(kept: WriteReport, { targets, order, names, scope }: PlannedMutation): WriteReport {
  const at = new Date().toISOString();
  const known = new Map(kept.items.map((item) => [toCanonical(item.ticketId, scope), item]));
  const items = targets.map(
    (target) => known.get(target.ticketId) ?? toItem(target, target.settled ?? ORPHANED, scope, at),
  );
  return { ...kept, outcome: summarise(items), items, order, names, isReplayed: true };
}

/** A kept record may be of a release that kept ids as they were spelled. */
function toCanonical(ticketId: string | null, { vendors, connected }: MutationContext): string | null {
  if (ticketId === null) return null;
  try {
    return resolveGlobalId(ticketId, vendors, connected).id;
  } catch (error) {
    if (asFailure(error)) return ticketId;
    throw error;
  }
}

/** Whether asking again with the same key has to give this same answer. */
function isFinal({ outcome, failure, wasSent }: WriteItem): boolean {
  if (outcome !== 'NOT_APPLIED') return true;
  // What never left, such as what our own rules refused, and what may be tried again, leaves the key free.
  return wasSent && failure !== null && !isRetryable(failure);
}

const ORPHANED: TargetOutcome = unknown({
  kind: 'outcome-unknown',
  message:
    'It was about to be sent when the process that held this idempotencyKey ended: whether it happened is not known. ' +
    'Look at the ticket before doing it again.',
});

// ---------------------------------------------------------------- what those who watch are told

/** Tells of each ticket once: of what was sent as soon as it is settled, of the rest with the report. */
interface WriteAudit {
  recordPerformed(targets: readonly Target[], performed: WriteAttempt): void;
  recordRemaining(report: WriteReport): void;
  recordError(): void;
}

function createWriteAudit(
  mutation: string,
  input: WriteInput,
  scope: MutationContext,
  watching: EventSink,
): WriteAudit {
  const { caller, call, vendors } = scope;
  const told = new Set<string | null>();
  const otherwise = { isReplayed: false, isReconciled: false, upstreamRequestId: null };
  const { idempotencyKey: idempotent } = input;
  const asked = {
    mutation,
    status: textOrNull(input['status']),
    priority: textOrNull(input['priority']),
    keyHash: typeof idempotent === 'string' ? createHash('sha256').update(idempotent).digest('base64url') : null,
    caller,
    call,
  };
  const tell = ({
    transition,
    ...news
  }: Omit<WriteEvent, keyof typeof asked | 'action'> & { transition?: { action: string } | null }): void => {
    const described = vendors.get(news.vendor ?? '')?.describe?.(mutation, input);
    const action = described ?? transition?.action ?? textOrNull(input['action']);
    watching.onWriteEnd({ ...asked, action, ...news });
  };
  return {
    recordPerformed(targets, { outcome: settled, upstreamRequestId }) {
      targets.forEach(({ ticketId, vendor }, index) => {
        const { outcome, failure, isReconciled, transition } = settled[index]!;
        told.add(ticketId);
        const key = vendor?.key ?? null;
        const problem = failure?.kind ?? null;
        tell({
          vendor: key,
          ticketId,
          outcome,
          problem,
          isReplayed: false,
          isReconciled,
          upstreamRequestId,
          transition,
        });
      });
    },
    recordRemaining({ items, failures, isReplayed }) {
      for (const { ticketId, vendor, outcome, failure, isReconciled, transition } of items) {
        if (told.has(ticketId)) continue;
        // An item may come from the store, where it names its vendor by the key's capitals.
        const key = vendor?.toLowerCase() ?? null;
        const problem = failure?.kind ?? null;
        tell({
          vendor: key,
          ticketId,
          outcome,
          problem,
          isReplayed,
          isReconciled,
          upstreamRequestId: null,
          transition,
        });
      }
      const [refusal] = failures;
      if (refusal) tell({ vendor: null, ticketId: null, outcome: 'NOT_APPLIED', problem: refusal.kind, ...otherwise });
    },
    recordError: () => tell({ vendor: null, ticketId: null, outcome: 'UNKNOWN', problem: 'defect', ...otherwise }),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

// ---------------------------------------------------------------- what is told

/** @param otherwise what became of that of which nothing is known; left out where nothing was to be sent */
function toReport({ targets, order, names, scope }: PlannedMutation, otherwise?: TargetOutcome): WriteReport {
  const at = new Date().toISOString();
  const items = targets.map((target) => toItem(target, target.settled ?? otherwise ?? NOTHING_SENT, scope, at));
  return { outcome: summarise(items), failures: [], items, order, names, plan: null, isReplayed: false };
}

const NOTHING_SENT: TargetOutcome = notApplied(null, false);

function toItem(target: Target, settled: TargetOutcome, scope: MutationContext, at: string): WriteItem {
  const { ticketId, vendor: its } = target;
  const { outcome, failure, isReconciled, wasSent } = settled;
  const vendor = its ? toVendorEnum(its.key) : null;
  const readId = toOwnId(settled.nativeId, its, scope) ?? ticketId;
  const actedOn = ticketId !== null && !isNewName(target, settled.nativeId) ? ticketId : readId;
  const transition =
    settled.transition && vendor !== null && actedOn !== null
      ? {
          ...settled.transition,
          ...(readId !== actedOn && { movedToId: readId }),
          ticketId: actedOn,
          vendor,
          from: ticketId === null ? null : scope.statusOf(ticketId),
          at,
        }
      : null;
  return { ticketId, vendor, outcome, failure, transition, readId: wasSent ? readId : null, isReconciled, wasSent };
}

/** Whether an id is a lasting name of the ticket that was named by a passing one, and not its place after a move. */
function isNewName({ vendor, nativeId: named }: Target, nativeId: string | null): boolean {
  const ids = vendor?.nativeId;
  if (!ids?.isPermanent || named === null || nativeId === null) return false;
  return ids.isPermanent(nativeId) && !ids.isPermanent(named);
}

/** The global id of the native one that a vendor gave, where it is one of its kind. */
function toOwnId(nativeId: string | null, vendor: Vendor | undefined, { connected }: MutationContext): string | null {
  const connection = vendor && connected.get(vendor.key);
  if (nativeId === null || !connection) return null;
  const { pattern, maximumLength } = vendor.nativeId;
  if (nativeId.length > maximumLength || !pattern.test(nativeId)) return null;
  return toGlobalId(vendor.key, connection.canonical?.(nativeId) ?? nativeId);
}

/** All applied, none applied, any unknown, or some of each. */
function summarise(items: readonly WriteItem[]): WriteReport['outcome'] {
  const outcomes = new Set(items.map(({ outcome }) => outcome));
  if (outcomes.has('UNKNOWN')) return 'UNKNOWN';
  if (outcomes.size > 1) return 'PARTIAL';
  return [...outcomes][0] ?? 'NOT_APPLIED';
}
