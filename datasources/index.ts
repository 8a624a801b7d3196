/**
 * The reach: connects the vendors that are configured, finds the one for an id, asks many and keeps those that answered.
 * Resolvers know this file and nothing below it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  RequestScope,
  FailureDetails,
  ListFilter,
  StatusCategory,
  Ticket,
  TicketAction,
  Vendor,
} from './contract.ts';
import { NO_PEERS, type InvalidationBus } from './upstream/invalidation/bus.ts';
import { connectVendor, type Configured, type Connected } from './upstream/connect-vendor.ts';
import { Failure, asFailure, notConfigured, missingScope } from './vendor-kit/failure.ts';
import { resolveGlobalId, toVendorEnum, type FieldPath } from './vendor-kit/global-id.ts';
import type { KeyStore } from './writes/idempotency/store.ts';
import { monitorStore, type MonitoredStore } from './writes/idempotency/monitored-store.ts';
import { createTicketLoader, type TicketKey } from './reads/ticket-loader.ts';
import { combineObservers, type Observer, type EventSink } from './upstream/events.ts';
import type { UpstreamHealth } from './upstream/upstream-client.ts';
import { listTickets, type TicketPage } from './reads/list-tickets.ts';
import { estimateList } from './reads/page-source.ts';
import { write, type WriteInput, type WriteReport } from './writes/execute-mutation.ts';

export type { RequestScope as Call, FailureKind, Ticket } from './contract.ts';
export { UpstreamCallBudget as Budget } from './upstream/call-budget.ts';
export { LightAbortController as Stop } from './vendor-kit/abort.ts';
export type { Configured } from './upstream/connect-vendor.ts';
export type {
  UpstreamCall as Exchange,
  UpstreamCallResult as ExchangeEnd,
  Observer,
  WriteEvent as WriteEnded,
} from './upstream/events.ts';

/** All vendors that this endpoint knows; those that are configured are connected. */
export interface Sources {
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly connected: ReadonlyMap<string, Connected>;
  /** What the connected ones cost. */
  readonly costs: readonly VendorCost[];
  readonly store: MonitoredStore;
  /** The scope that each mutation needs. */
  readonly scopes: ReadonlyMap<string, string>;
  /** Headers of incoming requests, in lower case, that carry callers' own credentials for a vendor. */
  readonly forwards: ReadonlySet<string>;
  /** Headers of incoming requests, in lower case, that say what callers prefer. */
  readonly prefers: ReadonlySet<string>;
  /** Writes under way, also those whose callers have gone. */
  readonly writing: Set<Promise<unknown>>;
  /** Told of what happens; undefined where nobody watches. */
  readonly events: EventSink | undefined;
  /** Told of errors that are defects of ours. */
  reportUnexpected(defect: unknown): void;
  /** Waits for writes under way within the grace, cuts what is left, lets that be recorded, and closes. */
  close(graceMs?: number): Promise<void>;
}

export interface SourceOptions {
  readonly vendors: readonly Vendor[];
  readonly configured: readonly Configured[];
  readonly store: KeyStore;
  /** The scope that each mutation needs; none where left out. */
  readonly scopes?: ReadonlyMap<string, string>;
  /** How replicas tell each other of writes; there is one alone where left out. */
  readonly invalidations?: InvalidationBus;
  /** Most bytes of an upstream answer, decoded. */
  readonly maximumBytes: number;
  readonly now?: () => number;
  /** Told of each exchange and each settled write. */
  readonly observe?: readonly Observer[];
  /** Told of errors that are defects of ours, and of what an observer throws. */
  reportUnexpected?(defect: unknown): void;
}

export function connectSources(options: SourceOptions): Sources {
  const { vendors, configured, maximumBytes, scopes = new Map<string, string>(), now = Date.now } = options;
  const { reportUnexpected: reportUnexpected = () => undefined, invalidations: invalidations = NO_PEERS } = options;
  const events = combineObservers(options.observe ?? [], reportUnexpected);
  const store = monitorStore(options.store, (cause) => events?.onStoreFailure(cause));
  const connected = new Map(
    configured.map((entry) => [entry.vendor.key, connectVendor(entry, maximumBytes, now, events, invalidations)]),
  );
  const caching = [...connected.values()].filter(({ isCaching }) => isCaching);
  if (caching.length > 0) {
    invalidations.listen((key) => {
      for (const one of caching) if (key === undefined || key === one.vendor.key) one.forgetReads();
    });
  }
  const writing = new Set<Promise<unknown>>();
  return {
    vendors: new Map(vendors.map((vendor) => [vendor.key, vendor])),
    connected,
    costs: [...connected.values()].map(toCost),
    store,
    scopes,
    forwards: new Set([...connected.values()].flatMap((vendor) => vendor.forwards)),
    prefers: new Set([...connected.values()].flatMap((vendor) => vendor.prefers)),
    writing,
    events: events,
    reportUnexpected: reportUnexpected,
    async close(graceMs = 0) {
      const stop = new AbortController();
      await Promise.race([
        Promise.allSettled(writing),
        sleep(graceMs, undefined, { signal: stop.signal }).catch(() => undefined),
      ]);
      stop.abort();
      await Promise.all([...connected.values()].map((vendor) => vendor.close()));
      // A write that was cut is unknown, and that has to be in the store before it closes.
      await Promise.allSettled(writing);
      await Promise.all([store.close(), invalidations.close()]);
    },
  };
}

/** Who asks. */
export interface Caller {
  /** Names the caller apart from all others: what belongs to one never reaches another. */
  readonly id: string;
  /** Whether the caller has a scope, for all vendors or narrowed to this one. */
  can(scope: string, vendorKey: string): boolean;
}

/** What a connected vendor's reads cost, in calls. */
export interface VendorCost {
  readonly key: string;
  /** Most that finding one ticket by its id takes. */
  readonly findCalls: number;
  /** Most that a page of its list takes, unless it sends less at a time than its documentation says. */
  listCalls(first: number, filter: ListFilter): number;
}

function toCost({ vendor, source }: Connected): VendorCost {
  return {
    key: vendor.key,
    findCalls: vendor.findCalls ?? 1,
    listCalls: (first, filter) => estimateList(vendor, source, first, filter),
  };
}

export interface VendorState {
  readonly vendor: Vendor;
  /** Undefined where it is not configured. */
  readonly health: UpstreamHealth | undefined;
  /** Returns whether the caller has the scope that the mutation needs at this vendor. */
  permits(mutation: string): boolean;
}

export interface TicketsQuery {
  readonly first: number;
  readonly after: string | null;
  /** `Vendor` enum values; null for all that are configured. */
  readonly vendors: readonly string[] | null;
  readonly categories: readonly StatusCategory[] | null;
  readonly search: string | null;
  readonly reference: string | null;
  /** Milliseconds to wait for sources that are slow; 0 waits for all. */
  readonly patienceMs: number;
  readonly view: string | null;
  readonly archived: boolean;
  readonly group: string | null;
}

/** The sources as one incoming request sees them: each ticket is asked for once, and its time is the request's. */
export interface RequestSources {
  /** The ticket, or undefined where the vendor has none. @throws Failure */
  ticket(id: string, field?: FieldPath): Promise<Ticket | undefined>;
  /** @throws Failure */
  actions(ticket: Ticket): Promise<readonly TicketAction[]>;
  /** @throws Failure for a cursor that is not ours; what vendors say stands in the page's `sources`. */
  list(query: TicketsQuery): Promise<TicketPage>;
  write(mutation: string, input: WriteInput): Promise<WriteReport>;
  states(): readonly VendorState[];
}

/** The scope that every read needs. */
const READ = 'ticket:read';

export function forRequest(sources: Sources, call: RequestScope, caller: Caller): RequestSources {
  const { vendors, connected, store, scopes, events, reportUnexpected } = sources;

  /** A failure says which ticket, and so which vendor, it is about. */
  const locate = (error: unknown, id: string): Error => {
    const key = id.slice(0, Math.max(0, id.indexOf(':')));
    return asFailure(error)?.forTicket(id, vendors.has(key) ? toVendorEnum(key) : undefined) ?? (error as Error);
  };
  const loader = createTicketLoader(call, locate);

  const toKey = (spelled: string, field: FieldPath | undefined): TicketKey & { vendorKey: string } => {
    const { vendor, connection, id, nativeId } = resolveGlobalId(spelled, vendors, connected, field);
    if (!caller.can(READ, vendor.key)) throw new Failure(missingScope(READ, vendor.key));
    if (!connection) throw new Failure(notConfigured(vendor));
    return { id, nativeId, source: connection.source, vendorKey: vendor.key };
  };

  /** Why the caller may not do this at a vendor; undefined where it may. */
  const denialFor = (mutation: string, vendorKey: string): FailureDetails | undefined => {
    const scope = scopes.get(mutation);
    return scope === undefined || caller.can(scope, vendorKey) ? undefined : missingScope(scope, vendorKey);
  };

  return {
    // Not async: a promise less for each ticket of a list.
    ticket(id, field) {
      try {
        return loader.load(toKey(id, field));
      } catch (error) {
        return Promise.reject(locate(error, id));
      }
    },
    async actions(ticket) {
      try {
        const { source, vendorKey } = toKey(ticket.id, ['id']);
        const actions = await source.actions(ticket, call);
        return actions.filter(({ mutation, equivalentMutation: equivalentMutation = mutation }) => {
          return !denialFor(mutation, vendorKey) && !denialFor(equivalentMutation, vendorKey);
        });
      } catch (error) {
        throw locate(error, ticket.id);
      }
    },
    list({ vendors: wanted, ...query }) {
      if (wanted === null && connected.size === 0) {
        const message = 'No vendor is configured here; set the URL of one and its other settings.';
        return Promise.reject(new Failure({ kind: 'not-configured', message }));
      }
      const asked = [...vendors.values()].filter(({ key }) => {
        return wanted === null ? connected.has(key) : wanted.includes(toVendorEnum(key));
      });
      return listTickets(
        asked.map((vendor) => ({
          ...vendor,
          source: connected.get(vendor.key)?.source,
          isGranted: caller.can(READ, vendor.key),
        })),
        query,
        call,
      );
    },
    async write(mutation, input) {
      const statusOf = (id: string): Ticket['status'] | null => loader.peek(id)?.status ?? null;
      const scope = {
        vendors,
        connected,
        store,
        caller: caller.id,
        call,
        denialFor,
        statusOf,
        events,
        reportUnexpected,
      };
      const running = write(mutation, input, scope);
      sources.writing.add(running);
      const written = await running.finally(() => sources.writing.delete(running));
      if (written.items.some(({ readId }) => readId !== null)) loader.clear();
      return written;
    },
    states: () =>
      [...vendors.values()].map((vendor) => ({
        vendor,
        health: connected.get(vendor.key)?.upstream.health,
        permits: (mutation) => denialFor(mutation, vendor.key) === undefined,
      })),
  };
}
