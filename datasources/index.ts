/**
 * The entry point of the datasources: connects the configured vendors, then finds, lists and writes tickets for one
 * incoming request at a time. Resolvers and server import no value from below this file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureDetails, ListFilter, RequestScope, Ticket, TicketAction, Vendor } from './contract.ts';
import { listTickets, type ListQuery, type TicketPage } from './reads/list-tickets.ts';
import { estimateList } from './reads/page-source.ts';
import { createTicketLoader, type TicketKey } from './reads/ticket-loader.ts';
import { reportUnknownWords } from './reads/unknown-words.ts';
import { connectVendor, type Configured, type Connected } from './upstream/connect-vendor.ts';
import { combineObservers, type EventSink, type Observer } from './upstream/events.ts';
import { NO_PEERS, type InvalidationBus } from './upstream/invalidation/bus.ts';
import type { UpstreamHealth } from './upstream/upstream-client.ts';
import { Failure, asFailure, missingScope, notConfigured } from './vendor-kit/failure.ts';
import { resolveGlobalId, toVendorEnum, type FieldPath } from './vendor-kit/global-id.ts';
import { executeMutation } from './writes/execute-mutation.ts';
import { monitorStore, type MonitoredStore } from './writes/idempotency/monitored-store.ts';
import type { KeyStore } from './writes/idempotency/store.ts';
import type { MutationContext, WriteInput } from './writes/mutation-context.ts';
import type { WriteReport } from './writes/report.ts';

export type { FailureKind, RequestScope, Ticket } from './contract.ts';
export { UpstreamCallBudget } from './upstream/call-budget.ts';
export type { Configured } from './upstream/connect-vendor.ts';
export type { Observer, UpstreamCall, UpstreamCallResult, WriteEvent } from './upstream/events.ts';
export { LightAbortController } from './vendor-kit/abort.ts';

// ---------------------------------------------------------------- connecting

export interface SourceOptions {
  /** All vendors that this endpoint knows. */
  readonly vendors: readonly Vendor[];
  /** Those to connect, with their settings. */
  readonly configured: readonly Configured[];
  /** Store of the idempotency keys. */
  readonly store: KeyStore;
  /** The OAuth scope that each mutation needs. Defaults to none. */
  readonly scopes?: ReadonlyMap<string, string>;
  /** Announces writes to other replicas. Defaults to a single replica. */
  readonly invalidations?: InvalidationBus;
  /** Largest upstream response body, in bytes after decompression. */
  readonly maximumBytes: number;
  /** Milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: () => number;
  /** Called for each upstream call and each ticket written. Defaults to none. */
  readonly observe?: readonly Observer[];
  /** Called for unexpected errors, i.e. anything but a `Failure`, and for what an observer throws. */
  reportUnexpected?(error: unknown): void;
}

export interface Sources {
  /** All known vendors, by key. */
  readonly vendors: ReadonlyMap<string, Vendor>;
  /** The configured ones, by key. */
  readonly connected: ReadonlyMap<string, Connected>;
  /** The cost of reads from each connected vendor. */
  readonly costs: readonly VendorCost[];
  readonly store: MonitoredStore;
  /** The OAuth scope that each mutation needs. */
  readonly scopes: ReadonlyMap<string, string>;
  /** Headers of incoming requests, in lower case, that carry callers' own credentials for a vendor. */
  readonly forwards: ReadonlySet<string>;
  /** Headers of incoming requests, in lower case, that state callers' preferences. */
  readonly prefers: ReadonlySet<string>;
  /** Writes in progress, including those whose client has disconnected. */
  readonly pendingWrites: Set<Promise<unknown>>;
  /** `undefined` without observers. */
  readonly events: EventSink | undefined;
  /** Called for unexpected errors, i.e. anything but a `Failure`. */
  reportUnexpected(error: unknown): void;
  /** Waits up to `graceMs` for writes in progress, aborts the rest, stores their outcomes, and closes everything. */
  close(graceMs?: number): Promise<void>;
}

export function connectSources(options: SourceOptions): Sources {
  const { vendors, configured, maximumBytes, scopes = new Map<string, string>(), now = Date.now } = options;
  const { reportUnexpected = () => undefined, invalidations = NO_PEERS } = options;
  const events = combineObservers(options.observe ?? [], reportUnexpected);
  const store = monitorStore(options.store, (cause) => events?.onStoreFailure(cause));
  const connections = configured.map((entry) => connectVendor(entry, maximumBytes, now, events, invalidations));
  dropReadsOnInvalidation(connections, invalidations);
  const keys = new Set(connections.map(({ vendor }) => vendor.key));
  const stopReporting = events && reportUnknownWords(events, (key) => keys.has(key));
  const pendingWrites = new Set<Promise<unknown>>();
  return {
    vendors: new Map(vendors.map((vendor) => [vendor.key, vendor])),
    connected: new Map(connections.map((connection) => [connection.vendor.key, connection])),
    costs: connections.map(toCost),
    store,
    scopes,
    forwards: new Set(connections.flatMap(({ forwards }) => forwards)),
    prefers: new Set(connections.flatMap(({ prefers }) => prefers)),
    pendingWrites,
    events,
    reportUnexpected,
    async close(graceMs = 0) {
      await settleWithin(pendingWrites, graceMs);
      await Promise.all(connections.map((connection) => connection.close()));
      stopReporting?.();
      // Aborted writes are UNKNOWN; that must be stored before the store closes.
      await Promise.allSettled(pendingWrites);
      await Promise.all([store.close(), invalidations.close()]);
    },
  };
}

/** Drops reads, cached or in flight, when another process writes. An invalidation without a vendor key concerns all vendors. */
function dropReadsOnInvalidation(connections: readonly Connected[], invalidations: InvalidationBus): void {
  const caching = connections.filter(({ isCaching }) => isCaching);
  if (caching.length === 0) return;
  invalidations.listen((key) => {
    for (const one of caching) if (key === undefined || key === one.vendor.key) one.dropReads();
  });
}

async function settleWithin(promises: Iterable<Promise<unknown>>, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(promises), timeout]);
  timer.abort();
}

/** The cost of reads from a connected vendor, in upstream calls. */
export interface VendorCost {
  readonly key: string;
  /** Upper bound for finding one ticket by its id. */
  readonly findCalls: number;
  /** Upper bound for one page of its list, if the vendor sends pages as large as documented. */
  listCalls(first: number, filter: ListFilter): number;
}

function toCost({ vendor, source }: Connected): VendorCost {
  return {
    key: vendor.key,
    findCalls: vendor.findCalls ?? 1,
    listCalls: (first, filter) => estimateList(vendor, source, first, filter),
  };
}

// ---------------------------------------------------------------- one incoming request

export interface Caller {
  /** Unique to the caller. Nothing that belongs to one caller is shared with another. */
  readonly id: string;
  /** Whether the caller has an OAuth scope, for all vendors or for this one. */
  can(scope: string, vendorKey: string): boolean;
}

/** The sources for one incoming request: each ticket is read once, within the deadline of the request. */
export interface RequestSources {
  /** Returns the ticket, or `undefined` if the vendor has none. @throws Failure */
  ticket(id: string, field?: FieldPath): Promise<Ticket | undefined>;
  /** Returns the actions that the caller may take now. @throws Failure */
  actions(ticket: Ticket): Promise<readonly TicketAction[]>;
  /** @throws Failure if the cursor is invalid. Failures of vendors are in the `sources` of the page. */
  list(query: TicketsQuery): Promise<TicketPage>;
  /** Failures are in the report. */
  write(mutation: string, input: WriteInput): Promise<WriteReport>;
  states(): readonly VendorState[];
}

export interface TicketsQuery extends ListQuery {
  /** `Vendor` enum values; `null` for all that are configured. */
  readonly vendors: readonly string[] | null;
}

export interface VendorState {
  readonly vendor: Vendor;
  /** `undefined` unless it is configured. */
  readonly health: UpstreamHealth | undefined;
  /** Whether the caller has the scope that the mutation needs at this vendor. */
  permits(mutation: string): boolean;
}

/** The OAuth scope that every read needs. */
const READ = 'ticket:read';

export function forRequest(sources: Sources, call: RequestScope, caller: Caller): RequestSources {
  const { vendors, connected, scopes } = sources;
  const locate = (error: unknown, id: string): Error => withTicket(error, id, vendors);
  const loader = createTicketLoader(call, locate);

  const toKey = (id: string, field: FieldPath | undefined): LocatedTicket => locateTicket(sources, caller, id, field);

  const denialFor = (mutation: string, vendorKey: string): FailureDetails | undefined => {
    const scope = scopes.get(mutation);
    return scope === undefined || caller.can(scope, vendorKey) ? undefined : missingScope(scope, vendorKey);
  };

  return {
    // Not async: saves a promise for each ticket of a list.
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
        return actions.filter(({ mutation, equivalentMutation = mutation }) => {
          return !denialFor(mutation, vendorKey) && !denialFor(equivalentMutation, vendorKey);
        });
      } catch (error) {
        throw locate(error, ticket.id);
      }
    },
    list: (query) => listFrom(sources, caller, query, call),
    async write(mutation, input) {
      const statusOf = (id: string): Ticket['status'] | null => loader.peek(id)?.status ?? null;
      const report = await track(
        sources.pendingWrites,
        executeMutation(mutation, input, {
          ...toMutationContext(sources),
          caller: caller.id,
          call,
          denialFor,
          statusOf,
        }),
      );
      if (report.items.some(({ readId }) => readId !== null)) loader.clear();
      return report;
    },
    states: () =>
      [...vendors.values()].map((vendor) => ({
        vendor,
        health: connected.get(vendor.key)?.upstream.health,
        permits: (mutation) => denialFor(mutation, vendor.key) === undefined,
      })),
  };
}

// ---------------------------------------------------------------- find

interface LocatedTicket extends TicketKey {
  readonly vendorKey: string;
}

/** @throws Failure if the id is invalid, the vendor is not configured, or the caller may not read from it. */
function locateTicket(
  { vendors, connected }: Sources,
  caller: Caller,
  spelled: string,
  field: FieldPath | undefined,
): LocatedTicket {
  const { vendor, connection, id, nativeId } = resolveGlobalId(spelled, vendors, connected, field);
  if (!caller.can(READ, vendor.key)) throw new Failure(missingScope(READ, vendor.key));
  if (!connection) throw new Failure(notConfigured(vendor));
  return { id, nativeId, source: connection.source, vendorKey: vendor.key };
}

/** Adds the ticket and its vendor to a failure; returns any other error as it is. */
function withTicket(error: unknown, id: string, vendors: ReadonlyMap<string, Vendor>): Error {
  const key = id.slice(0, Math.max(0, id.indexOf(':')));
  return asFailure(error)?.forTicket(id, vendors.has(key) ? toVendorEnum(key) : undefined) ?? (error as Error);
}

// ---------------------------------------------------------------- list

async function listFrom(
  { vendors, connected }: Sources,
  caller: Caller,
  { vendors: wanted, ...query }: TicketsQuery,
  call: RequestScope,
): Promise<TicketPage> {
  if (wanted === null && connected.size === 0) {
    const message = 'No vendor is configured. Set the URL of one and its other settings.';
    throw new Failure({ kind: 'not-configured', message });
  }
  const selected = [...vendors.values()].filter(({ key }) => {
    return wanted === null ? connected.has(key) : wanted.includes(toVendorEnum(key));
  });
  const listed = selected.map((vendor) => ({
    ...vendor,
    source: connected.get(vendor.key)?.source,
    isGranted: caller.can(READ, vendor.key),
  }));
  return listTickets(listed, query, call);
}

// ---------------------------------------------------------------- write

type SharedContext = Pick<MutationContext, 'vendors' | 'connected' | 'store' | 'events' | 'reportUnexpected'>;

function toMutationContext({ vendors, connected, store, events, reportUnexpected }: Sources): SharedContext {
  return { vendors, connected, store, events, reportUnexpected };
}

async function track<Value>(pending: Set<Promise<unknown>>, promise: Promise<Value>): Promise<Value> {
  pending.add(promise);
  try {
    return await promise;
  } finally {
    pending.delete(promise);
  }
}
