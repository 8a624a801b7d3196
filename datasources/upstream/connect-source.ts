/** Connects a configured source. */
import type { Datasource, TicketSource, UpstreamOptions, VendorTools } from '../contract.ts';
import { createReadCache } from './read-cache.ts';
import { NO_PEERS, type InvalidationBus } from './invalidation/bus.ts';
import type { EventSink } from './events.ts';
import { createLabels } from '../vendor-kit/request.ts';
import { networkOf, type ConnectionSettings } from './connection-settings.ts';
import { createSecretRotation, type Configured } from './secret-rotation.ts';
import { createUpstreamClient, type UpstreamClient } from './upstream-client.ts';

export type { Configured } from './secret-rotation.ts';

/** A source and its connections. Nothing in it is used by another source. */
export interface Connected {
  readonly source: TicketSource;
  /** Another one once a secret has changed. */
  readonly datasource: Datasource;
  /** The canonical spelling of a valid native id. Omitted if each ticket has only one. */
  readonly canonical?: (nativeId: string) => string;
  /** The connection for writes. */
  readonly upstream: UpstreamClient;
  /** Headers of incoming requests, in lower case, that contain callers' own credentials. */
  readonly forwards: readonly string[];
  /** Headers of incoming requests, in lower case, that contain callers' preferences. */
  readonly prefers: readonly string[];
  /** Most concurrent calls to it. */
  readonly concurrency: number;
  /** Most calls that polls for live updates make in a minute; 0 turns polling off. */
  readonly liveCallsPerMinute: number;
  /** Whether answers to reads are cached. */
  readonly isCaching: boolean;
  /** Makes later reads ask the vendor. To be called when another process has written to it. */
  dropReads(): void;
  /**
   * Reads the files of secrets again, and uses what has changed from the next attempt on.
   *
   * @param next the source with other secrets. Its other settings are ignored.
   */
  reloadSecrets(next?: Configured): void;
  close(): Promise<void>;
}

/** Most operations of a source that telemetry distinguishes. */
const MAX_OPERATIONS = 100;

/**
 * @param maximumBytes most bytes of a decoded answer
 * @param events omit to disable telemetry
 * @param invalidation publishes writes to other replicas. Defaults to none.
 */
export function connectSource(
  configured: Configured,
  maximumBytes: number,
  now: () => number,
  events?: EventSink,
  invalidation: InvalidationBus = NO_PEERS,
): Connected {
  const { source, settings } = configured;
  const { key, vendor } = source;
  const { nativeId } = vendor;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency, CACHE_MS: cacheMs } = settings;
  const concurrencyPerCaller = settings.CONCURRENCY_PER_CALLER || concurrency;
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
        { timeoutMs, concurrency, concurrencyPerCaller, maximumBytes, network },
        telemetry,
        caching,
        () => rotation.readFilesAfterRejection(),
      );
      upstreams.push(upstream);
      return upstream;
    },
  };
  let datasource = vendor.connect(settings, tools);
  const rotation = createSecretRotation(
    configured,
    (next) => {
      const reconnected = reconnect(source, next, tools, upstreams);
      if (reconnected) datasource = reconnected;
      return reconnected !== undefined;
    },
    now,
    events,
  );
  const upstream = upstreams.find(({ isSignedIn }) => isSignedIn);
  if (!upstream) throw new TypeError(`The vendor ${vendor.key} has no connection with a sign-in.`);
  return {
    source,
    get datasource() {
      return datasource;
    },
    ...(nativeId.canonical && { canonical: (id: string) => nativeId.canonical!(id, settings) }),
    upstream,
    forwards: vendor.forwards?.(settings) ?? [],
    prefers: vendor.prefers?.(settings) ?? [],
    concurrency,
    liveCallsPerMinute: settings.LIVE_CALLS_PER_MINUTE,
    isCaching: cache !== undefined,
    dropReads() {
      for (const one of upstreams) one.dropReads();
    },
    reloadSecrets: (next) => rotation.reload(next),
    async close() {
      await Promise.all(upstreams.map((one) => one.close()));
    },
  };
}

/**
 * Connects a source with other secrets over its existing connections, whose pools, queues and circuit breakers stay.
 *
 * @returns `undefined` if it needs other connections. Then nothing has changed.
 */
function reconnect(
  { vendor }: TicketSource,
  settings: ConnectionSettings,
  tools: VendorTools,
  upstreams: readonly UpstreamClient[],
): Datasource | undefined {
  const wanted: UpstreamOptions[] = [];
  const connect: VendorTools['connect'] = (options) => {
    wanted.push(options);
    return upstreams[wanted.length - 1] ?? upstreams[0]!;
  };
  const datasource = vendor.connect(settings, { ...tools, connect });
  const isSame = ({ url, isSignedIn }: UpstreamClient, index: number): boolean =>
    wanted[index]?.url === url && (wanted[index].signIn !== undefined) === isSignedIn;
  if (wanted.length !== upstreams.length || !upstreams.every(isSame)) return undefined;
  for (const [index, options] of wanted.entries()) upstreams[index]!.useSecrets(options);
  return datasource;
}
