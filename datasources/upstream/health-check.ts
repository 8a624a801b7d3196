/**
 * Read-only health check: connectivity, authentication, one read, clock skew.
 *
 * It performs one cheap read through the vendor's own code, sign-in included. The connections used here cannot write.
 */
import type {
  RequestScope,
  FailureDetails,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  Datasource,
} from '../contract.ts';
import type { Configured } from './connect-source.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { networkOf } from './connection-settings.ts';
import type { Network } from './network.ts';
import { obstacleOf, type Obstacle } from './transport/causes.ts';
import { hostOfProxy } from './transport/proxy.ts';
import { createUpstreamClient } from './upstream-client.ts';

export { certificateProblemOf, type CertificateProblem, type Obstacle } from './transport/causes.ts';

/** The findings. `undefined` means unknown. */
export interface HealthReport {
  readonly isReachable: boolean | undefined;
  readonly isSignedIn: boolean | undefined;
  /** Result of the read; `missing` if the vendor has no list, and no ticket with the documented example id. */
  readonly read: 'ok' | 'missing' | 'failed' | 'not-tried';
  /** Why the read failed. */
  readonly failure: FailureDetails | undefined;
  /** Code of the underlying error, e.g. `ENOTFOUND`. */
  readonly cause: string | undefined;
  /** Why no connection was established, derived from that code. */
  readonly obstacle: Obstacle;
  /** Setting, without the vendor's prefix, with the address that failed. */
  readonly failedAt: string | undefined;
  /** Host and port of the proxy to that address, without its credentials. `undefined` for a direct connection. */
  readonly proxy: string | undefined;
  /** Seconds by which the vendor's clock is ahead of the local one. */
  readonly clockSkewSeconds: number | undefined;
  /** The vendor's warnings for the operator. */
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
  proxy: undefined,
  clockSkewSeconds: undefined,
  warnings: [],
};

/** Returns `not-tried` if the vendor is called with callers' own credentials: a health check has no caller. */
export async function checkSource(
  { source: { key, vendor }, settings }: Configured,
  maximumBytes: number,
  now: () => number = Date.now,
): Promise<HealthReport> {
  if ((vendor.forwards?.(settings) ?? []).length > 0) return NOT_TRIED;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency } = settings;
  const limits = { timeoutMs, concurrency, maximumBytes, network: networkOf(key, settings) };
  const connections: CheckedConnection[] = [];
  const warnings: string[] = [];
  const datasource = vendor.connect(settings, {
    sourceKey: key,
    now,
    maximumBytes,
    warn: (message) => void warnings.push(message),
    connect(options) {
      const connection = new CheckedConnection(options, limits, now);
      connections.push(connection);
      return connection;
    },
  });
  const call = { signal: AbortSignal.timeout(timeoutMs), deadlineAt: performance.now() + timeoutMs, requestKey: {} };
  try {
    const read = await readOne(datasource, vendor.nativeId.example, call);
    return { ...NOT_TRIED, isReachable: true, isSignedIn: true, read, clockSkewSeconds: skewOf(connections), warnings };
  } catch (error) {
    const known = asFailure(error);
    if (!known) throw error;
    const { details: failure, code: cause } = known;
    const connection = connections.find(({ hasFailed, isSignIn }) => hasFailed && isSignIn) ?? connections.find(isMain);
    return {
      isReachable: connection?.hasAnswered ?? false,
      isSignedIn: IS_SIGNED_IN[failure.kind],
      read: 'failed',
      failure,
      cause,
      obstacle: obstacleOf(cause),
      failedAt: Object.entries(settings).find(([, value]) => value === connection?.url)?.[0],
      proxy: connection && proxyOf(limits.network, connection.url),
      clockSkewSeconds: skewOf(connections),
      warnings,
    };
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** Whether the sign-in succeeded, for the kinds of failure that show it. */
const IS_SIGNED_IN: Readonly<Partial<Record<FailureDetails['kind'], boolean>>> = {
  unauthenticated: false,
  forbidden: true,
};

function proxyOf({ proxyFor }: Network, url: string): string | undefined {
  const chosen = proxyFor(url);
  return chosen && hostOfProxy(chosen.address);
}

/** The cheapest read: the newest ticket or, without a list, the documented example. */
async function readOne(datasource: Datasource, exampleId: string, call: RequestScope): Promise<'ok' | 'missing'> {
  if (datasource.list) {
    await datasource.list({ offset: 0, limit: 1, filter: {} }, call);
    return 'ok';
  }
  return (await datasource.find(exampleId, call)) ? 'ok' : 'missing';
}

function isMain({ isSignIn }: CheckedConnection): boolean {
  return !isSignIn;
}

/** From the most recent answer. */
function skewOf(connections: readonly CheckedConnection[]): number | undefined {
  return connections.findLast(({ skewSeconds }) => skewSeconds !== undefined)?.skewSeconds;
}

/** A read-only connection that records whether it got an answer. */
class CheckedConnection implements Upstream {
  readonly url: string;
  /** Whether it is used to sign in. */
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
    const toFailure = (answer: UpstreamAnswer): FailureDetails => {
      this.#record(answer);
      return options.toFailure(answer);
    };
    this.#upstream = createUpstreamClient({ ...options, toFailure }, limits);
  }

  async read(...[request, call]: Parameters<Upstream['read']>): Promise<UpstreamAnswer> {
    try {
      const answer = await this.#upstream.read(request, call);
      this.#record(answer);
      return answer;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#upstream.close();
  }

  /** `Date` has whole seconds, so half a second has passed on average. */
  #record({ headers }: UpstreamAnswer): void {
    this.hasAnswered = true;
    const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN;
    if (!Number.isNaN(date)) this.skewSeconds = Math.round((date + 500 - this.#now()) / 1000);
  }
}
