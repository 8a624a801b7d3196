/** A vendor that is configured, connected. */
import type { Vendor, VendorSource, VendorTools } from '../contract.ts';
import { createReadCache } from './read-cache.ts';
import { NO_PEERS, type InvalidationBus } from './invalidation/bus.ts';
import type { EventSink } from './events.ts';
import { createLabels } from '../vendor-kit/request.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { createUpstreamClient, type UpstreamClient } from './upstream-client.ts';

export interface Connected {
  readonly vendor: Vendor;
  readonly source: VendorSource;
  /** The one spelling of a native id that matches the vendor's pattern. Omitted if each ticket has one spelling. */
  readonly canonical?: (nativeId: string) => string;
  /** The connection that its writes go through. */
  readonly upstream: UpstreamClient;
  /** Headers of incoming requests, in lower case, that carry callers' own credentials. */
  readonly forwards: readonly string[];
  /** Headers of incoming requests, in lower case, that say what callers prefer. */
  readonly prefers: readonly string[];
  /** Whether answers to reads are kept. */
  readonly isCaching: boolean;
  /** Another replica has written to it. */
  forgetReads(): void;
  close(): Promise<void>;
}

/** A vendor whose settings have been read and found right. */
export interface Configured {
  readonly vendor: Vendor;
  readonly settings: ConnectionSettings;
}

/** Most different operations of a vendor that those who watch are told apart. */
const MAX_OPERATIONS = 100;

/**
 * @param maximumBytes most bytes of an upstream answer, decoded.
 * @param events told of each exchange.
 * @param changes by which replicas tell each other of writes.
 */
export function connectVendor(
  { vendor, settings }: Configured,
  maximumBytes: number,
  now: () => number,
  events?: EventSink,
  changes: InvalidationBus = NO_PEERS,
): Connected {
  const { nativeId: ids } = vendor;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency, CACHE_MS: cacheMs, PROXY: proxyFor } = settings;
  const upstreams: UpstreamClient[] = [];
  const said = new Set<string>();
  const warn = (message: string): void => {
    if (said.has(message)) return;
    said.add(message);
    events?.onWarning(vendor.key, message);
  };
  const telemetry = events && { events, vendor: vendor.key, toLabel: createLabels(MAX_OPERATIONS), warn };
  const cache = cacheMs > 0 ? createReadCache(cacheMs, () => changes.isListening) : undefined;
  const caching = cache && { cache, announce: () => changes.announce(vendor.key) };
  const tools: VendorTools = {
    now,
    maximumBytes,
    warn,
    connect(options) {
      const upstream = createUpstreamClient(
        options,
        { timeoutMs, concurrency, maximumBytes, proxyFor },
        telemetry,
        caching,
      );
      upstreams.push(upstream);
      return upstream;
    },
  };
  const source = vendor.connect(settings, tools);
  const upstream = upstreams.find(({ isSignedIn }) => isSignedIn);
  if (!upstream) throw new TypeError(`The vendor ${vendor.key} has no connection with a sign-in.`);
  return {
    vendor,
    source,
    ...(ids.canonical && { canonical: (nativeId: string) => ids.canonical!(nativeId, settings) }),
    upstream,
    forwards: vendor.forwards?.(settings) ?? [],
    prefers: vendor.prefers?.(settings) ?? [],
    isCaching: cache !== undefined,
    forgetReads: () => cache?.drop(),
    async close() {
      await Promise.all(upstreams.map((one) => one.close()));
    },
  };
}
