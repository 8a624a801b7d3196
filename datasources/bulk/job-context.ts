/** What bulk jobs need of the other datasources, and the context in which they read and write. */
import type { AbortSignalLike, FailureDetails, RequestScope, TicketSource } from '../contract.ts';
import type { ListQuery, TicketPage } from '../reads/list-tickets.ts';
import type { Connected } from '../upstream/connect-source.ts';
import type { EventSink } from '../upstream/events.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { missingScope } from '../vendor-kit/failure.ts';
import type { KeyStore } from '../writes/idempotency/store.ts';
import type { MutationContext, WriteControl } from '../writes/mutation-context.ts';
import type { WriteReport } from '../writes/report.ts';
import type { Job } from './job.ts';

/** What a job may do, as its caller could at the start. */
export interface Rights {
  readonly id: string;
  can(scope: string, sourceKey: string): boolean;
}

/** The list of tickets as the filter of a job selects them. */
export type FilterQuery = ListQuery & {
  readonly vendors: readonly string[] | null;
  readonly sources: readonly string[] | null;
};

export interface BulkTools {
  readonly known: ReadonlyMap<string, TicketSource>;
  readonly connected: ReadonlyMap<string, Connected>;
  readonly store: KeyStore;
  /** The OAuth scope that each mutation needs. */
  readonly scopes: ReadonlyMap<string, string>;
  readonly events: EventSink | undefined;
  list(rights: Rights, query: FilterQuery, call: RequestScope): Promise<TicketPage>;
  /** Called with each report, for live updates. */
  announce(report: WriteReport): void;
  reportUnexpected(error: unknown): void;
}

/** The scope that every bulk job needs besides that of its work. */
export const BATCH = 'ticket:batch';

/** All scopes that the caller has, as stored with the job. */
export function grantsOf(rights: Rights, { known, scopes }: BulkTools): string[] {
  const all = new Set([...scopes.values(), BATCH, 'ticket:read']);
  return [...all].flatMap((scope) => {
    return [...known.keys()].filter((key) => rights.can(scope, key)).map((key) => `${scope} ${key}`);
  });
}

export function rightsOf({ caller, grants }: Pick<Job, 'caller' | 'grants'>): Rights {
  const granted = new Set(grants);
  return { id: caller, can: (scope, sourceKey) => granted.has(`${scope} ${sourceKey}`) };
}

/** Why the caller may not run a mutation in bulk at this source; `undefined` if it may. */
export function denialIn(
  tools: BulkTools,
  rights: Rights,
  mutation: string,
  sourceKey: string,
): FailureDetails | undefined {
  if (tools.connected.get(sourceKey)?.forwards.length) return OWN_CREDENTIALS;
  for (const scope of [BATCH, tools.scopes.get(mutation)]) {
    if (scope !== undefined && !rights.can(scope, sourceKey)) return missingScope(scope, sourceKey);
  }
  return undefined;
}

/** A job outlives the request that brought the credentials. */
const OWN_CREDENTIALS: FailureDetails = {
  kind: 'unsupported',
  message:
    "Bulk jobs are not possible at this source: it uses the caller's own credentials, which are not stored. " +
    'Use setStatus, setPriority, executeAction or deleteTickets.',
};

export function contextFor(
  tools: BulkTools,
  rights: Rights,
  call: RequestScope,
  control?: WriteControl,
): MutationContext {
  const { known, connected, store, reportUnexpected } = tools;
  return {
    known,
    connected,
    store,
    caller: rights.id,
    call,
    denialFor: (mutation, sourceKey) => denialIn(tools, rights, mutation, sourceKey),
    statusOf: () => null,
    control,
    reportUnexpected,
  };
}

/** All jobs share the slots of one caller, which leaves the others to interactive requests. */
const BULK_CALLER = 'bulk';

/** A request of a job, with a deadline of its own. */
export function openCall(timeoutMs: number, signal: AbortSignalLike = new LightAbortController()): RequestScope {
  return { signal, deadlineAt: performance.now() + timeoutMs, requestKey: {}, caller: BULK_CALLER };
}
