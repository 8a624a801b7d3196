/** A vendor that is configured, connected. */
import type { Vendor, VendorSource, VendorTools } from '../contract.ts';
import type { CommonSettings } from './settings.ts';
import { createUpstream, type KernelUpstream } from './upstream.ts';

export interface Connected {
  readonly vendor: Vendor;
  readonly source: VendorSource;
  /** The connection that its writes go through. */
  readonly upstream: KernelUpstream;
  /** Headers of incoming requests, in lower case, that carry callers' own credentials. */
  readonly forwards: readonly string[];
  close(): Promise<void>;
}

/** A vendor whose settings have been read and found right. */
export interface Configured {
  readonly vendor: Vendor;
  readonly settings: CommonSettings;
}

/** @param maximumBytes most bytes of an upstream answer, decoded. */
export function connectVendor({ vendor, settings }: Configured, maximumBytes: number, now: () => number): Connected {
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency } = settings;
  const upstreams: KernelUpstream[] = [];
  const tools: VendorTools = {
    now,
    connect(options) {
      const upstream = createUpstream(options, { timeoutMs, concurrency, maximumBytes });
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
    upstream,
    forwards: vendor.forwards?.(settings) ?? [],
    async close() {
      await Promise.all(upstreams.map((one) => one.close()));
    },
  };
}
