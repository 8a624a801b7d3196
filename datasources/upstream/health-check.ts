/**
 * Looks whether a vendor can be worked with: reached, signed in to, read from, and agreed with about the time.
 *
 * One cheap read through the vendor's own folder, sign-in included. It cannot write: the connections that the folder is
 * given here can read and nothing else.
 */
import type {
  RequestScope,
  FailureDetails,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  VendorSource,
} from '../contract.ts';
import type { Configured } from './connect-vendor.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { obstacleOf, type Obstacle } from './transport/causes.ts';
import { createUpstreamClient } from './upstream-client.ts';

export type { Obstacle } from './transport/causes.ts';

/** What was seen. Undefined stands for what could not be found out. */
export interface HealthReport {
  readonly isReachable: boolean | undefined;
  readonly isSignedIn: boolean | undefined;
  /** How the read went; `missing` where the vendor lists nothing and has not the ticket of its documentation. */
  readonly read: 'ok' | 'missing' | 'failed' | 'not-tried';
  /** Why the read failed. */
  readonly failure: FailureDetails | undefined;
  /** The code of the error behind it, e.g. `ENOTFOUND`. */
  readonly cause: string | undefined;
  /** What kept a connection from being made, by that code. */
  readonly obstacle: Obstacle;
  /** Variable, without the vendor's prefix, of the address where it failed. */
  readonly failedAt: string | undefined;
  /** Seconds by which the vendor's clock is ahead of ours. */
  readonly clockSkewSeconds: number | undefined;
  /** What the vendor's folder had to say to the operator. */
  readonly warnings: readonly string[];
}

const NOT_TRIED: HealthReport = {
  isReachable: undefined,
  isSignedIn: undefined,
  read: 'not-tried',
  failure: undefined,
  cause: undefined,
  obstacle: 'other',
  failedAt: undefined,
  clockSkewSeconds: undefined,
  warnings: [],
};

/** Nothing is tried where callers sign in with credentials of their own: there is no caller here. */
export async function checkVendor(
  { vendor, settings }: Configured,
  maximumBytes: number,
  now: () => number = Date.now,
): Promise<HealthReport> {
  if ((vendor.forwards?.(settings) ?? []).length > 0) return NOT_TRIED;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency, PROXY: proxyFor } = settings;
  const connections: CheckedConnection[] = [];
  const warnings: string[] = [];
  const source = vendor.connect(settings, {
    now,
    maximumBytes,
    warn: (message) => void warnings.push(message),
    connect(options) {
      const connection = new CheckedConnection(options, { timeoutMs, concurrency, maximumBytes, proxyFor }, now);
      connections.push(connection);
      return connection;
    },
  });
  const call = { signal: AbortSignal.timeout(timeoutMs), deadlineAt: performance.now() + timeoutMs, requestKey: {} };
  try {
    const read = await readOne(source, vendor.nativeId.example, call);
    return { ...NOT_TRIED, isReachable: true, isSignedIn: true, read, clockSkewSeconds: skewOf(connections), warnings };
  } catch (error) {
    const failed = asFailure(error);
    if (!failed) throw error;
    const { details: failure, code: cause } = failed;
    const connection = connections.find(({ hasFailed, isSignIn }) => hasFailed && isSignIn) ?? connections.find(isMain);
    return {
      isReachable: connection?.hasAnswered ?? false,
      isSignedIn: SIGNED_IN[failure.kind],
      read: 'failed',
      failure,
      cause,
      obstacle: obstacleOf(cause),
      failedAt: Object.entries(settings).find(([, value]) => value === connection?.url)?.[0],
      clockSkewSeconds: skewOf(connections),
      warnings,
    };
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** What a failure says of the sign-in; of all others nothing can be said. */
const SIGNED_IN: Readonly<Partial<Record<FailureDetails['kind'], boolean>>> = {
  unauthenticated: false,
  forbidden: true,
};

/** The cheapest read that every vendor has: the newest ticket, or the one that its documentation shows. */
async function readOne(source: VendorSource, exampleId: string, call: RequestScope): Promise<'ok' | 'missing'> {
  if (source.list) {
    await source.list({ offset: 0, limit: 1, filter: {} }, call);
    return 'ok';
  }
  return (await source.find(exampleId, call)) ? 'ok' : 'missing';
}

function isMain({ isSignIn }: CheckedConnection): boolean {
  return !isSignIn;
}

/** Of the answer that came last. */
function skewOf(connections: readonly CheckedConnection[]): number | undefined {
  return connections.findLast(({ skewSeconds }) => skewSeconds !== undefined)?.skewSeconds;
}

/** A connection that reads, and remembers what answered. */
class CheckedConnection implements Upstream {
  readonly url: string;
  /** Whether it is there to sign in, and is itself not signed in to. */
  readonly isSignIn: boolean;
  hasAnswered = false;
  hasFailed = false;
  skewSeconds: number | undefined;
  readonly #upstream: ReturnType<typeof createUpstreamClient>;
  readonly #now: () => number;

  constructor(options: UpstreamOptions, limits: Parameters<typeof createUpstreamClient>[1], now: () => number) {
    this.url = options.url;
    this.isSignIn = options.signIn === undefined;
    this.#now = now;
    const dialect = (answer: UpstreamAnswer): FailureDetails => {
      this.#see(answer);
      return options.toFailure(answer);
    };
    this.#upstream = createUpstreamClient({ ...options, toFailure: dialect }, limits);
  }

  async read(...[request, call]: Parameters<Upstream['read']>): Promise<UpstreamAnswer> {
    try {
      const answer = await this.#upstream.read(request, call);
      this.#see(answer);
      return answer;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#upstream.close();
  }

  /** `Date` tells whole seconds, half of which have passed on average. */
  #see({ headers }: UpstreamAnswer): void {
    this.hasAnswered = true;
    const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN;
    if (!Number.isNaN(date)) this.skewSeconds = Math.round((date + 500 - this.#now()) / 1000);
  }
}
