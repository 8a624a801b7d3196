/**
 * A mutation from its input to its report: which vendors it concerns, what each plans, what our rules refuse, what is
 * sent, and what became of it, ticket by ticket. Everything that is true of every write stands here, once.
 */
import type { Call, FailureFacts, Planner, Refused, TicketStatus, Vendor, Write } from './contract.ts';
import type { Connected } from './kernel/connection.ts';
import { Failure, asFailure, isRetryable, notConfigured } from './kernel/failure.ts';
import { parseGlobalId, toGlobalId, toVendorEnum } from './kernel/global-id.ts';
import { checkKey, runOnce } from './kernel/keys/once.ts';
import type { KeyStore } from './kernel/keys/store.ts';
import type { Watching, WriteEnded } from './kernel/observer.ts';
import { performWrite, type Outcome, type Performed, type Settled } from './kernel/outcome.ts';

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
  /** As the caller named it; null where the write concerns no ticket that there was before. */
  readonly ticketId: string | null;
  /** `Vendor` enum value; null where the id names none. */
  readonly vendor: string | null;
  readonly outcome: Outcome;
  readonly failure: FailureFacts | null;
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
  readonly failures: readonly FailureFacts[];
  /** One for each ticket, each once. */
  readonly items: readonly WriteItem[];
  /** For each id in the input, which item it is. */
  readonly order: readonly number[];
  readonly plan: readonly PlannedRequest[] | null;
  readonly isReplayed: boolean;
}

/** What a write may use of the request that it belongs to. */
export interface WriteScope {
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly connected: ReadonlyMap<string, Connected>;
  readonly store: KeyStore;
  /** Who asks. */
  readonly caller: string;
  readonly call: Call;
  /** Why the caller may not do this at a vendor; undefined where it may. */
  refusalOf(mutation: string, vendorKey: string): FailureFacts | undefined;
  /** The ticket's status as far as this request has read it. */
  statusOf(id: string): TicketStatus | null;
  /** Told of each ticket once, as soon as it is settled. */
  readonly watching?: Watching | undefined;
  /** Told of errors that are defects of ours. */
  report(defect: unknown): void;
}

export const MOST_TARGETS = 100;

/** A ticket that the input names, or why it cannot be one. */
type Target = { readonly ticketId: string | null } & (
  | { readonly vendor: Vendor; readonly nativeId: string | null }
  | { readonly failure: FailureFacts; readonly vendor?: Vendor }
);

/** Carries out a mutation, or plans it where `dryRun` is set. Throws only for defects of ours. */
export async function write(mutation: string, input: WriteInput, scope: WriteScope): Promise<WriteReport> {
  if (!scope.watching || input.dryRun) return carryOut(mutation, input, scope);
  const news = createNews(mutation, scope, scope.watching);
  try {
    const report = await carryOut(mutation, input, scope, news);
    news.tellRest(report);
    return report;
  } catch (defect) {
    news.tellDefect();
    throw defect;
  }
}

async function carryOut(mutation: string, input: WriteInput, scope: WriteScope, news?: News): Promise<WriteReport> {
  try {
    checkKey(input.idempotencyKey);
    const { targets, order } = findTargets(mutation, input, scope);
    const planned = planAll(mutation, input, targets, scope);
    if (input.dryRun) return toReport(targets, order, new Map(), planned, planned.flatMap(preview));
    const key = input.idempotencyKey ?? undefined;
    if (key === undefined) return await performAll(targets, order, planned, scope, undefined, news);
    return await performOnce(mutation, input, key, targets, order, planned, scope, news);
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { outcome: 'NOT_APPLIED', failures: [failure.facts], items: [], order: [], plan: null, isReplayed: false };
  }
}

// ---------------------------------------------------------------- what it concerns

/** @throws Failure where the input as a whole cannot be carried out. */
function findTargets(mutation: string, input: WriteInput, scope: WriteScope): { targets: Target[]; order: number[] } {
  if (typeof input.ticketId === 'string') {
    return { targets: [toTarget(mutation, input.ticketId, ['ticketId'], scope)], order: [0] };
  }
  if (!input.ticketIds) {
    const vendor = findOfferingVendor(mutation, input, scope);
    return { targets: [{ ticketId: null, vendor, nativeId: null, ...refusalOf(mutation, vendor, scope) }], order: [0] };
  }
  const ids = input.ticketIds;
  if (ids.length === 0 || ids.length > MOST_TARGETS) {
    const message = `ticketIds must hold 1 to ${MOST_TARGETS} ids, not ${ids.length}.`;
    throw new Failure({ kind: 'invalid-input', message, field: ['ticketIds'] });
  }
  const distinct = [...new Set(ids)];
  const targets = distinct.map((id) => toTarget(mutation, id, ['ticketIds', String(ids.indexOf(id))], scope));
  return { targets, order: ids.map((id) => distinct.indexOf(id)) };
}

function toTarget(mutation: string, id: string, field: string[], scope: WriteScope): Target {
  try {
    const { vendor, nativeId } = parseGlobalId(id, scope.vendors, ...field);
    return { ticketId: id, vendor, nativeId, ...refusalOf(mutation, vendor, scope) };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { ticketId: id, failure: failure.facts };
  }
}

/** Why a vendor takes no part in a mutation; nothing where it does. */
function refusalOf(mutation: string, vendor: Vendor, scope: WriteScope): { failure?: FailureFacts } {
  if (!vendor.mutations.includes(mutation)) {
    const message = `${vendor.name} cannot do ${mutation}; it can do ${vendor.mutations.join(', ')}.`;
    return { failure: { kind: 'unsupported', message } };
  }
  const refusal = scope.refusalOf(mutation, vendor.key);
  if (refusal) return { failure: refusal };
  if (!scope.connected.has(vendor.key)) return { failure: notConfigured(vendor) };
  return {};
}

/** The vendor of a mutation that names no ticket: named by the one key of an argument, or the only one that offers it. */
function findOfferingVendor(mutation: string, input: WriteInput, { vendors }: WriteScope): Vendor {
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

/** What one vendor is to do: writes to send, and refusals by its own rules. */
interface Planned {
  readonly connected: Connected;
  readonly writes: readonly Write[];
  readonly refused: readonly Refused[];
}

function planAll(mutation: string, input: WriteInput, targets: readonly Target[], scope: WriteScope): Planned[] {
  const able = targets.filter((target) => !('failure' in target)) as readonly (Target & { vendor: Vendor })[];
  return [...Map.groupBy(able, ({ vendor }) => vendor.key)].map(([key, group]) => {
    const connected = scope.connected.get(key)!;
    const planner = connected.source.writes[mutation] as Planner<WriteInput>;
    const nativeIds = group.flatMap((target) => ('nativeId' in target ? (target.nativeId ?? []) : []));
    const planned = planner(input, nativeIds, scope.call).map((plan) => withGrant(plan, key, scope));
    return {
      connected,
      writes: planned.filter((plan) => 'request' in plan),
      refused: planned.filter((plan) => 'failure' in plan),
    };
  });
}

/** A write that amounts to what the caller may not do is refused, by whichever mutation it is asked for. */
function withGrant(plan: Write | Refused, vendorKey: string, scope: WriteScope): Write | Refused {
  const { targets } = plan;
  const amountsTo = 'request' in plan ? plan.amountsTo : undefined;
  const failure = amountsTo === undefined ? undefined : scope.refusalOf(amountsTo, vendorKey);
  return failure ? { targets, failure } : plan;
}

function preview({ connected, writes }: Planned): PlannedRequest[] {
  return writes.map((write) => {
    const { method, url, headers, body = null } = connected.upstream.preview(write.request);
    return { vendor: toVendorEnum(connected.vendor.key), method, url, headers, body };
  });
}

// ---------------------------------------------------------------- what is done

/** What became of each ticket: vendor key and native id -> how it was settled. */
type SettledByTarget = Map<string, SettledTarget>;

type SettledTarget = Settled & Pick<WriteItem, 'wasSent'>;

async function performAll(
  targets: readonly Target[],
  order: readonly number[],
  planned: readonly Planned[],
  scope: WriteScope,
  beforeSending?: () => Promise<void>,
  news?: News,
): Promise<WriteReport> {
  const settled: SettledByTarget = new Map();
  await Promise.all(planned.map((vendor) => performVendor(vendor, settled, scope, beforeSending, news)));
  return toReport(targets, order, settled, planned, null, scope);
}

/** Single writes side by side; chunks of one bulk in their order, and none after one whose outcome is unknown. */
async function performVendor(
  { connected, writes }: Planned,
  settled: SettledByTarget,
  { call, report }: WriteScope,
  beforeSending: (() => Promise<void>) | undefined,
  news: News | undefined,
): Promise<void> {
  const { vendor, source, upstream } = connected;
  const find = source.find.bind(source);
  const performOrReport = async (write: Write): Promise<Performed> => {
    try {
      return await performWrite(write, upstream, find, call, beforeSending);
    } catch (error) {
      if (asFailure(error)) throw error;
      report(error);
      return cutShort(write);
    }
  };
  const perform = async (write: Write): Promise<boolean> => {
    const performed = await performOrReport(write);
    const targets = write.targets.length > 0 ? write.targets : [''];
    const { wasSent } = performed;
    targets.forEach((id, index) => settled.set(`${vendor.key}:${id}`, { ...performed.settled[index]!, wasSent }));
    news?.tellPerformed(vendor.key, write, performed);
    return performed.settled.some(({ outcome }) => outcome === 'UNKNOWN');
  };
  const chunks = writes.filter((write) => write.isChunk);
  const inTurn = async (): Promise<void> => {
    let isUnknown = false;
    for (const chunk of chunks) {
      if (!isUnknown) isUnknown = await perform(chunk);
      else chunk.targets.forEach((nativeId) => settled.set(`${vendor.key}:${nativeId}`, HELD_BACK));
    }
  };
  await Promise.all([inTurn(), ...writes.filter((write) => !write.isChunk).map(perform)]);
}

/** A defect of ours ended it, nobody knows when: the others of its bulk are told of all the same. */
function cutShort({ targets }: Write): Performed {
  const message = 'An error of this endpoint ended it: whether it happened is not known. Look at the ticket.';
  const unknown: Settled = {
    outcome: 'UNKNOWN',
    failure: { kind: 'outcome-unknown', message },
    transition: null,
    nativeId: null,
    isReconciled: false,
  };
  return {
    wasSent: true,
    upstreamRequestId: null,
    settled: Array.from(targets.length > 0 ? targets : [''], () => unknown),
  };
}

const HELD_BACK: SettledTarget = {
  outcome: 'NOT_APPLIED',
  failure: {
    kind: 'unavailable',
    message: 'Not sent, because the part of this bulk before it has an unknown outcome.',
  },
  transition: null,
  nativeId: null,
  isReconciled: false,
  wasSent: false,
};

async function performOnce(
  mutation: string,
  input: WriteInput,
  key: string,
  targets: readonly Target[],
  order: readonly number[],
  planned: readonly Planned[],
  scope: WriteScope,
  news: News | undefined,
): Promise<WriteReport> {
  const isAnythingToSend = planned.some(({ writes }) => writes.length > 0);
  if (!isAnythingToSend) return performAll(targets, order, planned, scope, undefined, news);
  const { clientMutationId, dryRun, idempotencyKey, ...argumentsOf } = input;
  const { result, isReplayed } = await runOnce<WriteReport>(
    scope.store,
    {
      caller: scope.caller,
      mutation,
      key,
      argumentsOf,
      run: (beforeSending) => performAll(targets, order, planned, scope, beforeSending, news),
      isFinal: ({ items }) => items.some(isFinal),
      abandoned: () => toReport(targets, order, new Map(), planned, null, scope, ABANDONED),
    },
    scope.call,
  );
  return { ...result, isReplayed };
}

/** Whether asking again with the same key has to give this same answer. */
function isFinal({ outcome, failure, wasSent }: WriteItem): boolean {
  if (outcome !== 'NOT_APPLIED') return true;
  // What never left, such as what our own rules refused, and what may be tried again, leaves the key free.
  return wasSent && failure !== null && !isRetryable(failure);
}

const ABANDONED: SettledTarget = {
  outcome: 'UNKNOWN',
  failure: {
    kind: 'outcome-unknown',
    message:
      'It was about to be sent when the process that held this idempotencyKey ended: whether it happened is not known. ' +
      'Look at the ticket before doing it again.',
  },
  transition: null,
  nativeId: null,
  isReconciled: false,
  wasSent: true,
};

// ---------------------------------------------------------------- what those who watch are told

/** Tells of each ticket once: of what was sent as soon as it is settled, of the rest with the report. */
interface News {
  tellPerformed(vendorKey: string, write: Write, performed: Performed): void;
  tellRest(report: WriteReport): void;
  tellDefect(): void;
}

function createNews(mutation: string, { caller, call }: WriteScope, watching: Watching): News {
  const told = new Set<string | null>();
  const tell = (news: Partial<WriteEnded> & Pick<WriteEnded, 'vendor' | 'ticketId' | 'outcome' | 'problem'>): void => {
    const otherwise = { isReplayed: false, isReconciled: false, upstreamRequestId: null };
    watching.writeEnded({ mutation, caller, call, ...otherwise, ...news });
  };
  return {
    tellPerformed(vendorKey, { targets }, { settled, upstreamRequestId }) {
      settled.forEach(({ outcome, failure, isReconciled }, index) => {
        const nativeId = targets[index];
        const ticketId = nativeId === undefined ? null : toGlobalId(vendorKey, nativeId);
        told.add(ticketId);
        const problem = failure?.kind ?? null;
        tell({ vendor: vendorKey, ticketId, outcome, problem, isReconciled, upstreamRequestId });
      });
    },
    tellRest({ items, failures, isReplayed }) {
      for (const { ticketId, vendor, outcome, failure, isReconciled } of items) {
        if (told.has(ticketId)) continue;
        // An item may come from the store, where it names its vendor by the key's capitals.
        const key = vendor?.toLowerCase() ?? null;
        tell({ vendor: key, ticketId, outcome, problem: failure?.kind ?? null, isReplayed, isReconciled });
      }
      const [refusal] = failures;
      if (refusal) tell({ vendor: null, ticketId: null, outcome: 'NOT_APPLIED', problem: refusal.kind });
    },
    tellDefect: () => tell({ vendor: null, ticketId: null, outcome: 'UNKNOWN', problem: 'defect' }),
  };
}

// ---------------------------------------------------------------- what is told

function toReport(
  targets: readonly Target[],
  order: readonly number[],
  settled: SettledByTarget,
  planned: readonly Planned[],
  plan: readonly PlannedRequest[] | null,
  scope?: WriteScope,
  otherwise?: SettledTarget,
): WriteReport {
  const refused = new Map<string, FailureFacts>(
    planned.flatMap(({ connected, refused: all }) =>
      all.flatMap(({ targets: ids, failure }) =>
        (ids.length > 0 ? ids : ['']).map((id) => [`${connected.vendor.key}:${id}`, failure] as const),
      ),
    ),
  );
  const at = new Date().toISOString();
  const items = targets.map((target): WriteItem => {
    const vendor = target.vendor ? toVendorEnum(target.vendor.key) : null;
    const key = `${target.vendor?.key}:${'nativeId' in target ? (target.nativeId ?? '') : ''}`;
    const failure = 'failure' in target ? target.failure : (refused.get(key) ?? null);
    const end = failure ? undefined : (settled.get(key) ?? otherwise);
    if (!end || !scope) {
      return { ...NOTHING_SENT, ticketId: target.ticketId, vendor, failure };
    }
    return toItem(target as Target & { vendor: Vendor }, end, scope, at);
  });
  return { outcome: summarise(items), failures: [], items, order, plan, isReplayed: false };
}

const NOTHING_SENT = {
  outcome: 'NOT_APPLIED',
  transition: null,
  readId: null,
  isReconciled: false,
  wasSent: false,
} as const;

function toItem(target: Target & { vendor: Vendor }, end: SettledTarget, scope: WriteScope, at: string): WriteItem {
  const { key, nativeId: rule } = target.vendor;
  const vendor = toVendorEnum(key);
  const isUsable =
    end.nativeId !== null && end.nativeId.length <= rule.maximumLength && rule.pattern.test(end.nativeId);
  const readId = isUsable ? toGlobalId(key, end.nativeId) : target.ticketId;
  const transition =
    end.transition && readId !== null
      ? {
          ...end.transition,
          ticketId: readId,
          vendor,
          from: target.ticketId === null ? null : scope.statusOf(target.ticketId),
          at,
        }
      : null;
  return {
    ticketId: target.ticketId,
    vendor,
    outcome: end.outcome,
    failure: end.failure,
    transition,
    readId: end.wasSent ? readId : null,
    isReconciled: end.isReconciled,
    wasSent: end.wasSent,
  };
}

/** All applied, none applied, any unknown, or some of each. */
function summarise(items: readonly WriteItem[]): WriteReport['outcome'] {
  const outcomes = new Set(items.map(({ outcome }) => outcome));
  if (outcomes.has('UNKNOWN')) return 'UNKNOWN';
  if (outcomes.size > 1) return 'PARTIAL';
  return [...outcomes][0] ?? 'NOT_APPLIED';
}
