/**
 * The entry point of the datasources: connects the configured vendors, then finds, lists and writes tickets for one
 * incoming request at a time. Resolvers and server import no value from below this file.
 *
 * Over 300 lines: it is the contract with everything above, with the docstrings of all that may be asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  FailureDetails,
  ListFilter,
  RequestScope,
  Ticket,
  TicketAction,
  TicketSource,
  Vendor,
} from './contract.ts';
import type { BulkOptions, CallerJobs, FilterQuery, Rights } from './bulk/index.ts';
import { createLazyBulkJobs, type LazyBulkJobs } from './bulk/lazy.ts';
import {
  createLiveUpdates,
  type ChangeFeed,
  type LiveSettings,
  type LiveState,
  type LiveUpdates,
  type WatchQuery,
} from './live/index.ts';
import { listTickets, type ListQuery, type TicketPage } from './reads/list-tickets.ts';
import { estimateList } from './reads/page-source.ts';
import { selectSources } from './reads/select-sources.ts';
import { createTicketLoader, type TicketKey } from './reads/ticket-loader.ts';
import { reportUnknownWords } from './reads/unknown-words.ts';
import { connectSource, type Configured, type Connected } from './upstream/connect-source.ts';
import { defaultSource } from './upstream/connection-settings.ts';
import { combineObservers, type EventSink, type Observer } from './upstream/events.ts';
import { NO_PEERS, type InvalidationBus } from './upstream/invalidation/bus.ts';
import type { UpstreamHealth } from './upstream/upstream-client.ts';
import { Failure, asFailure, missingScope, notConfigured } from './vendor-kit/failure.ts';
import { resolveGlobalId, sourceKeyOf, type FieldPath } from './vendor-kit/global-id.ts';
import { toVendorEnum } from './vendor-kit/source-key.ts';
import { executeMutation } from './writes/execute-mutation.ts';
import { monitorStore, type MonitoredStore } from './writes/idempotency/monitored-store.ts';
import type { KeyStore } from './writes/idempotency/store.ts';
import type { MutationContext, WriteInput } from './writes/mutation-context.ts';
import type { WriteReport } from './writes/report.ts';

export type { CallerJobs, ItemResult, UploadLine } from './bulk/index.ts';
export type { FailureDetails, FailureKind, RequestScope, Ticket } from './contract.ts';
export { UpstreamCallBudget } from './upstream/call-budget.ts';
export type { Configured } from './upstream/connect-source.ts';
export type { Observer, UpstreamCall, UpstreamCallResult, WriteEvent } from './upstream/events.ts';
export { LightAbortController } from './vendor-kit/abort.ts';

// ---------------------------------------------------------------- connecting

export interface SourceOptions {
  /** All vendors that this endpoint knows. Each has a default source, configured or not. */
  readonly vendors: readonly Vendor[];
  /** The sources to connect, with their settings. */
  readonly configured: readonly Configured[];
  /** Store of the idempotency keys. */
  readonly store: KeyStore;
  /** The OAuth scope that each mutation needs. Defaults to none. */
  readonly scopes?: ReadonlyMap<string, string>;
  /** Announces writes to other replicas. Defaults to a single replica. */
  readonly invalidations?: InvalidationBus;
  /** Where bulk jobs are kept. Omit to turn them off. */
  readonly bulk?: BulkOptions | undefined;
  /** Largest upstream response body, in bytes after decompression. */
  readonly maximumBytes: number;
  /** Live updates. Omit to turn them off. */
  readonly live?: LiveSettings | undefined;
  /** Milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: () => number;
  /** Called for each upstream call and each ticket written. Defaults to none. */
  readonly observe?: readonly Observer[];
  /** Called for unexpected errors, i.e. anything but a `Failure`, and for what an observer throws. */
  reportUnexpected?(error: unknown): void;
}

export interface Sources {
  /** All known sources, by key: the default one of each vendor, configured or not, and further ones. */
  readonly known: ReadonlyMap<string, TicketSource>;
  /** The configured ones, by key. */
  readonly connected: ReadonlyMap<string, Connected>;
  /** The cost of reads from each connected source. */
  readonly costs: readonly SourceCost[];
  readonly store: MonitoredStore;
  /** `undefined` if live updates are off. */
  readonly live: LiveUpdates | undefined;
  /** `undefined` if bulk jobs are off. */
  readonly bulk: LazyBulkJobs | undefined;
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
  const store = monitorStore(
    options.store,
    (cause) => events?.onStoreFailure(cause),
    (risk) => events?.onStoreRisk(risk),
  );
  const connections = configured.map((entry) => connectSource(entry, maximumBytes, now, events, invalidations));
  dropReadsOnInvalidation(connections, invalidations);
  const keys = new Set(connections.map(({ source }) => source.vendor.key));
  const stopReporting = events && reportUnknownWords(events, (key) => keys.has(key));
  const pendingWrites = new Set<Promise<unknown>>();
  const known = toKnown(vendors, connections);
  const connected = new Map(connections.map((connection) => [connection.source.key, connection]));
  const live = options.live && createLiveUpdates({ ...options.live, known, connected, now, events, reportUnexpected });
  const sources: Sources = {
    known,
    connected,
    costs: connections.map(toCost),
    store,
    live,
    bulk: undefined,
    scopes,
    forwards: new Set(connections.flatMap(({ forwards }) => forwards)),
    prefers: new Set(connections.flatMap(({ prefers }) => prefers)),
    pendingWrites,
    events,
    reportUnexpected,
    async close(graceMs = 0) {
      const bulkStopped = sources.bulk?.stop() ?? Promise.resolve();
      await settleWithin([...pendingWrites, bulkStopped], graceMs);
      sources.bulk?.abort();
      await live?.close();
      await Promise.all(connections.map((connection) => connection.close()));
      stopReporting?.();
      // Aborted writes are UNKNOWN; that must be stored before the store closes.
      await Promise.allSettled([...pendingWrites, bulkStopped]);
      await Promise.all([store.close(), invalidations.close(), sources.bulk?.close()]);
    },
  };
  return options.bulk ? Object.assign(sources, { bulk: openBulk(sources, options.bulk) }) : sources;
}

function openBulk(sources: Sources, options: BulkOptions): LazyBulkJobs {
  const { known, connected, store, scopes, events, reportUnexpected } = sources;
  return createLazyBulkJobs(options, {
    known,
    connected,
    store,
    scopes,
    events,
    list: (rights, query, call) => listFrom(sources, rights, query, call),
    announce: (report) => sources.live?.announce(report),
    reportUnexpected,
  });
}

/** The sources of a vendor side by side, in the order of the vendors. */
function toKnown(vendors: readonly Vendor[], connections: readonly Connected[]): ReadonlyMap<string, TicketSource> {
  const known = vendors.flatMap((vendor) => {
    const further = connections.filter(({ source }) => source.vendor === vendor && source.key !== vendor.key);
    return [defaultSource(vendor), ...further.map(({ source }) => source)];
  });
  return new Map(known.map((source) => [source.key, source]));
}

/** Drops reads, cached or in flight, when another process writes. An invalidation without a source key concerns all sources. */
function dropReadsOnInvalidation(connections: readonly Connected[], invalidations: InvalidationBus): void {
  const caching = connections.filter(({ isCaching }) => isCaching);
  if (caching.length === 0) return;
  invalidations.listen((key) => {
    for (const one of caching) if (key === undefined || key === one.source.key) one.dropReads();
  });
}

async function settleWithin(promises: Iterable<Promise<unknown>>, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(promises), timeout]);
  timer.abort();
}

/** The cost of reads from a connected source, in upstream calls. */
export interface SourceCost {
  readonly key: string;
  /** `Vendor` enum value. */
  readonly vendor: string;
  /** Upper bound for finding one ticket by its id. */
  readonly findCalls: number;
  /** Upper bound for one page of its list, if the vendor sends pages as large as documented. */
  listCalls(first: number, filter: ListFilter): number;
}

function toCost(connection: Connected): SourceCost {
  const { key, vendor } = connection.source;
  return {
    key,
    vendor: toVendorEnum(key),
    findCalls: vendor.findCalls ?? 1,
    listCalls: (first, filter) => estimateList(vendor, connection.datasource, first, filter),
  };
}

// ---------------------------------------------------------------- one incoming request

export interface Caller {
  /** Unique to the caller. Nothing that belongs to one caller is shared with another. */
  readonly id: string;
  /** When its credentials expire, in milliseconds since the epoch. Omit if they do not. */
  readonly expiresAt?: number;
  /** Whether the caller has an OAuth scope, for all vendors, for the vendor of this source, or for this source alone. */
  can(scope: string, sourceKey: string): boolean;
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
  /** The caller's bulk jobs. @throws Failure if they are off */
  bulk(): Promise<CallerJobs>;
  /** The position of the change stream now. @throws Failure */
  liveCursor(): Promise<string>;
  /** Subscribes to changes. Independent of the deadline of the request. @throws Failure */
  watch(query: WatchQuery): ChangeFeed;
  /** The source that holds a ticket, by its global id. */
  sourceOf(ticketId: string): TicketSource;
  /** A known source by its key. */
  source(key: string): TicketSource;
}

export interface TicketsQuery extends ListQuery {
  /** `Vendor` enum values; `null` for all. */
  readonly vendors: readonly string[] | null;
  /** Keys of sources; `null` for all. */
  readonly sources: readonly string[] | null;
}

export interface VendorState {
  readonly vendor: Vendor;
  /** The default source, configured or not, and the further ones. */
  readonly sources: readonly SourceState[];
  /** Whether the caller has the scope that the mutation needs at one of the sources. */
  permits(mutation: string): boolean;
}

export interface SourceState {
  readonly source: TicketSource;
  /** `undefined` unless it is configured. */
  readonly health: UpstreamHealth | undefined;
  /** `undefined` if it has no subscribers. */
  readonly live: LiveState | undefined;
}

/** The OAuth scope that every read needs. */
const READ = 'ticket:read';

export function forRequest(sources: Sources, call: RequestScope, caller: Caller): RequestSources {
  const { known, connected, scopes } = sources;
  const locate = (error: unknown, id: string): Error => withTicket(error, id, known);
  const loader = createTicketLoader(call, locate);

  const toKey = (id: string, field: FieldPath | undefined): LocatedTicket => locateTicket(sources, caller, id, field);

  const denialFor = (mutation: string, sourceKey: string): FailureDetails | undefined => {
    const scope = scopes.get(mutation);
    return scope === undefined || caller.can(scope, sourceKey) ? undefined : missingScope(scope, sourceKey);
  };

  const denialToRead = (sourceKey: string): FailureDetails | undefined =>
    caller.can(READ, sourceKey) ? undefined : missingScope(READ, sourceKey);

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
        const { datasource, sourceKey } = toKey(ticket.id, ['id']);
        const actions = await datasource.actions(ticket, call);
        return actions.filter(({ mutation, equivalentMutation = mutation }) => {
          return !denialFor(mutation, sourceKey) && !denialFor(equivalentMutation, sourceKey);
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
      sources.live?.announce(report);
      return report;
    },
    states: () =>
      Array.from(
        Map.groupBy(known.values(), ({ vendor }) => vendor),
        ([vendor, ofVendor]) => ({
          vendor,
          sources: ofVendor.map((source) => ({
            source,
            health: connected.get(source.key)?.upstream.health,
            live: sources.live?.stateOf(source.key),
          })),
          permits: (mutation) => ofVendor.some(({ key }) => denialFor(mutation, key) === undefined),
        }),
      ),
    bulk: async () => (await requireBulk(sources).open()).forCaller(caller, call),
    async liveCursor() {
      const denials = [...known.keys()].map(denialToRead);
      if (denials.every((denial) => denial !== undefined)) throw new Failure(denials[0]!);
      return requireLive(sources).cursor();
    },
    watch: (query) => requireLive(sources).subscribe(query, call, denialToRead),
    sourceOf: (ticketId) => known.get(sourceKeyOf(ticketId))!,
    source: (key) => known.get(key)!,
  };
}

/** @throws Failure if bulk jobs are off. */
function requireBulk({ bulk }: Sources): LazyBulkJobs {
  if (bulk) return bulk;
  const message = 'Bulk jobs are off here. Use setStatus, setPriority, executeAction or deleteTickets.';
  throw new Failure({ kind: 'unsupported', message });
}

/** @throws Failure if live updates are off. */
function requireLive({ live }: Sources): LiveUpdates {
  if (live) return live;
  const message = 'Live updates are off here (LIVE). Read the tickets again from time to time.';
  throw new Failure({ kind: 'unsupported', message });
}

// ---------------------------------------------------------------- find

interface LocatedTicket extends TicketKey {
  readonly sourceKey: string;
}

/** @throws Failure if the id is invalid, its source is not configured, or the caller may not read from it. */
function locateTicket(
  { known, connected }: Sources,
  caller: Caller,
  spelled: string,
  field: FieldPath | undefined,
): LocatedTicket {
  const { source, connection, id, nativeId } = resolveGlobalId(spelled, known, connected, field);
  const { key: sourceKey } = source;
  if (!caller.can(READ, sourceKey)) throw new Failure(missingScope(READ, sourceKey));
  if (!connection) throw new Failure(notConfigured(source));
  return { id, nativeId, datasource: connection.datasource, sourceKey };
}

/** Adds the ticket and its source to a failure; returns any other error as it is. */
function withTicket(error: unknown, id: string, known: ReadonlyMap<string, TicketSource>): Error {
  return asFailure(error)?.forTicket(id, known.get(sourceKeyOf(id))?.key) ?? (error as Error);
}

// ---------------------------------------------------------------- list

async function listFrom(
  { known, connected }: Sources,
  caller: Rights,
  { vendors, sources, ...query }: FilterQuery,
  call: RequestScope,
): Promise<TicketPage> {
  if (vendors === null && sources === null && connected.size === 0) {
    const message = 'No vendor is configured. Set the URL of one and its other settings.';
    throw new Failure({ kind: 'not-configured', message });
  }
  const listed = selectSources(known, connected, vendors, sources).map((source) => ({
    source,
    datasource: connected.get(source.key)?.datasource,
    isGranted: caller.can(READ, source.key),
  }));
  return listTickets(listed, query, call);
}

// ---------------------------------------------------------------- write

type SharedContext = Pick<MutationContext, 'known' | 'connected' | 'store' | 'events' | 'reportUnexpected'>;

function toMutationContext({ known, connected, store, events, reportUnexpected }: Sources): SharedContext {
  return { known, connected, store, events, reportUnexpected };
}

async function track<Value>(pending: Set<Promise<unknown>>, promise: Promise<Value>): Promise<Value> {
  pending.add(promise);
  try {
    return await promise;
  } finally {
    pending.delete(promise);
  }
}
