/** Connects a configured source. */
import type { Datasource, TicketSource, VendorTools } from '../contract.ts';
import { createReadCache } from './read-cache.ts';
import { NO_PEERS, type InvalidationBus } from './invalidation/bus.ts';
import type { EventSink } from './events.ts';
import { createLabels } from '../vendor-kit/request.ts';
import { networkOf, type ConnectionSettings } from './connection-settings.ts';
import { createUpstreamClient, type UpstreamClient } from './upstream-client.ts';

/** A source and its connections. Nothing in it is used by another source. */
export interface Connected {
  readonly source: TicketSource;
  readonly datasource: Datasource;
  /** The canonical spelling of a valid native id. Omitted if each ticket has only one. */
  readonly canonical?: (nativeId: string) => string;
  /** The connection for writes. */
  readonly upstream: UpstreamClient;
  /** Headers of incoming requests, in lower case, that contain callers' own credentials. */
  readonly forwards: readonly string[];
  /** Headers of incoming requests, in lower case, that contain callers' preferences. */
  readonly prefers: readonly string[];
  /** Whether answers to reads are cached. */
  readonly isCaching: boolean;
  /** Makes later reads ask the vendor. To be called when another process has written to it. */
  dropReads(): void;
  close(): Promise<void>;
}

/** A source with valid settings. */
export interface Configured {
  readonly source: TicketSource;
  readonly settings: ConnectionSettings;
}

/** Most operations of a source that telemetry distinguishes. */
const MAX_OPERATIONS = 100;

/**
 * @param maximumBytes most bytes of a decoded answer
 * @param events omit to disable telemetry
 * @param invalidation publishes writes to other replicas. Defaults to none.
 */
export function connectSource(
  { source, settings }: Configured,
  maximumBytes: number,
  now: () => number,
  events?: EventSink,
  invalidation: InvalidationBus = NO_PEERS,
): Connected {
  const { key, vendor } = source;
  const { nativeId } = vendor;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency, CACHE_MS: cacheMs } = settings;
  const upstreams: UpstreamClient[] = [];
  const warned = new Set<string>();
  const warn = (message: string): void => {
    if (warned.has(message)) return;
    warned.add(message);
    events?.onWarning(key, message);
  };
  const network = networkOf(key, settings, warn);
  const telemetry = events && { events, vendor: vendor.key, source: key, toLabel: createLabels(MAX_OPERATIONS), warn };
  const cache = cacheMs > 0 ? createReadCache(cacheMs, () => invalidation.isListening) : undefined;
  const caching = cache && { cache, announce: () => invalidation.announce(key) };
  const tools: VendorTools = {
    sourceKey: key,
    now,
    maximumBytes,
    warn,
    connect(options) {
      const upstream = createUpstreamClient(
        options,
        { timeoutMs, concurrency, maximumBytes, network },
        telemetry,
        caching,
      );
      upstreams.push(upstream);
      return upstream;
    },
  };
  const datasource = vendor.connect(settings, tools);
  const upstream = upstreams.find(({ isSignedIn }) => isSignedIn);
  if (!upstream) throw new TypeError(`The vendor ${vendor.key} has no connection with a sign-in.`);
  return {
    source,
    datasource,
    ...(nativeId.canonical && { canonical: (id: string) => nativeId.canonical!(id, settings) }),
    upstream,
    forwards: vendor.forwards?.(settings) ?? [],
    prefers: vendor.prefers?.(settings) ?? [],
    isCaching: cache !== undefined,
    dropReads() {
      for (const one of upstreams) one.dropReads();
    },
    async close() {
      await Promise.all(upstreams.map((one) => one.close()));
    },
  };
}
