/**
 * The connection to one upstream. Together with `attempts.ts`, the only place that decides when something is sent, how
 * often, and for how long.
 *
 * A **read** is shared with identical reads in flight, attempted at most three times, and ends at its deadline or when
 * its last caller disconnects. A **write** is repeated only if it is proven that nothing was sent, or if the vendor
 * answered 401 (so has not carried it out) and there is another credential. Once sent, it runs until its deadline even if
 * its caller disconnects, so that its outcome can be recorded.
 */
import type {
  Authenticator,
  ErrorMapper,
  FailureDetails,
  RequestScope,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
} from '../contract.ts';
import { asError, describeRejection } from '../vendor-kit/failure.ts';
import { toOperation } from '../vendor-kit/request.ts';
import { PendingRequest, type RequestPolicy, type Sending, type UpstreamContext } from './attempts.ts';
import { Bulkhead } from './bulkhead.ts';
import type { BreakerState } from './circuit-breaker.ts';
import { RequestCoalescer } from './coalescing.ts';
import { TrackedCall, type EventSink } from './events.ts';
import { DIRECT, describeUnreachable, type Network } from './network.ts';
import type { ReadCache } from './read-cache.ts';
import { keyOfRead } from './read-key.ts';
import { timeoutOrCanceled } from './request-failures.ts';
import { NEVER_ABORTS, isExpired } from './request-lifetime.ts';
import { createPolicies } from './request-policies.ts';
import { createPauses } from './retry-after.ts';
import { createRetryBudget } from './retry-policy.ts';
import { UNSIGNED, signRequest, type WireRequest } from './sign-request.ts';
import { createTransports } from './transport/index.ts';
import { credentialOfProxy, type ChosenProxy } from './transport/proxy.ts';

export type { Sending } from './attempts.ts';

/** What `reads`, `writes` and the server may do with an upstream, beyond what a vendor may. */
export interface UpstreamClient extends Upstream {
  /** Sends a write. `beforeSending` is awaited before the first byte; if it rejects, nothing is sent. */
  send(request: UpstreamRequest, call: RequestScope, beforeSending?: () => Promise<void>): Promise<Sending>;
  /** The request as it would be sent, with its full address and its secrets replaced. */
  preview(request: UpstreamRequest): WireRequest & { readonly url: string };
  /** The failure that an answer with a status of 400 or more means, according to the vendor's error mapper. */
  describe(answer: UpstreamAnswer): FailureDetails;
  readonly health: UpstreamHealth;
  readonly url: string;
  readonly isSignedIn: boolean;
  /** Makes later reads ask the vendor. To be called when another process has written to it. */
  dropReads(): void;
  /**
   * Signs later attempts with another secret. Calls in flight go on; those that the vendor rejects are signed again.
   *
   * Later reads ask the vendor: another secret may be that of an account that sees other tickets.
   *
   * @param options of a connection to the same address
   */
  useSecrets(options: UpstreamOptions): void;
  close(): Promise<void>;
}

export interface UpstreamHealth {
  /** `undefined` before the first call. */
  readonly isReachable: boolean | undefined;
  readonly breaker: BreakerState;
  readonly queued: number;
}

export interface UpstreamLimits {
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Concurrent calls of one identified caller. Defaults to a share of those that are free. */
  readonly concurrencyPerCaller?: number;
  readonly maximumBytes: number;
  /** Omit to connect directly, and to trust the authorities that Node trusts. */
  readonly network?: Network;
}

export interface CallTelemetry {
  readonly events: EventSink;
  /** The vendor's key. */
  readonly vendor: string;
  /** The source's key. */
  readonly source: string;
  /** Limits the number of different operations. */
  toLabel(operation: string): string;
  /** Logs a message for the operator, once. */
  warn(message: string): void;
}

/** The cache of a vendor's reads, and how other replicas learn that it is stale. */
export interface Caching {
  readonly cache: ReadCache;
  announce(): Promise<void>;
}

/** Calls that may wait per slot. One list of ids fits in any case. */
const QUEUE_PER_SLOT = 32;
const MIN_QUEUE = 200;

/**
 * @param telemetry omit to disable
 * @param caching omit to disable
 * @param readSecretsAgain called after a rejected credential; may call `useSecrets`. Defaults to none.
 */
export function createUpstreamClient(
  options: UpstreamOptions,
  limits: UpstreamLimits,
  telemetry?: CallTelemetry,
  caching?: Caching,
  readSecretsAgain?: () => void,
): UpstreamClient {
  let { toFailure } = options;
  const mapError: ErrorMapper = (answer) => toFailure(answer);
  const { concurrency, concurrencyPerCaller, timeoutMs, maximumBytes, network = DIRECT } = limits;
  const proxy = network.proxyFor(options.url);
  const transportOptions = {
    baseUrl: options.url,
    connections: concurrency,
    maximumBytes,
    connectTimeoutMs: timeoutMs,
    proxy: proxy?.address,
  };
  const transports = createTransports(transportOptions, network.tls, () => telemetry?.warn(INTERIM_RESPONSES));
  const queueLimit = Math.max(MIN_QUEUE, concurrency * QUEUE_PER_SLOT);
  const bulkhead = new Bulkhead({ concurrency, concurrencyPerCaller, queueLimit });
  const coalescer = new RequestCoalescer({ toValue: toAnswer, toError: timeoutOrCanceled });
  let isReachable: boolean | undefined;

  const track = (request: UpstreamRequest, call: RequestScope): TrackedCall | undefined =>
    telemetry && new TrackedCall(telemetry, telemetry.toLabel(toOperation(request)), call);

  const context: UpstreamContext & { signIn: Authenticator } = {
    signIn: options.signIn ?? UNAUTHENTICATED,
    // The body of a sign-in has the old secret, so it must not be sent again.
    readSecretsAgain: options.signIn && readSecretsAgain,
    bulkhead,
    budget: createRetryBudget(),
    pauses: createPauses(),
    timeoutMs,
    narrow() {
      bulkhead.narrow();
      telemetry?.warn(NARROWED);
    },
    track,
    setReachable(value) {
      isReachable = value;
    },
    proxySecrets: secretsOfProxy(options.url, proxy),
    toUnreachable: (error) => describeUnreachable(error, network, proxy),
  };

  /** Each caller keeps its own deadline; the shared call has the vendor's. */
  const startShared = (
    key: string,
    sharedKey: string,
    request: UpstreamRequest,
    call: RequestScope,
  ): Promise<UpstreamAnswer> => {
    const keep = caching?.cache.begin(key);
    const shared = { ...call, signal: NEVER_ABORTS, deadlineAt: Infinity };
    const pending = new PendingRequest(context, policies.read, request, shared);
    const performed = pending.perform();
    const result = keep ? performed.then((sending) => keepAnswer(sending, keep)) : performed;
    return coalescer.share(sharedKey, call, pending, result);
  };

  /** Earlier answers may be stale: those in flight as well as those in the cache. */
  const dropReads = (): void => {
    coalescer.startNewGeneration();
    caching?.cache.drop();
  };

  const policies = createPolicies(transports, mapError, () => {
    dropReads();
    return caching?.announce();
  });

  return {
    read(request, call) {
      if (isExpired(call)) return Promise.reject(timeoutOrCanceled(call));
      // A read with another method signs in.
      if (request.method !== 'GET') return performAlone(context, policies.signIn, request, call).then(toAnswer);
      const key = keyOfRead(request, context.signIn.callerKey?.(call) ?? '');
      const cached = caching?.cache.find(key);
      if (cached) {
        telemetry?.events.onReadCached(track(request, call)!);
        return Promise.resolve(cached);
      }
      const sharedKey = coalescer.keyFor(key, call.caller);
      const joined = coalescer.join(sharedKey, call);
      if (joined) {
        telemetry?.events.onReadShared(track(request, call)!);
        return joined;
      }
      try {
        call.budget?.take(1);
      } catch (error) {
        return Promise.reject(asError(error));
      }
      return startShared(key, sharedKey, request, call);
    },

    send(request, call, beforeSending) {
      if (isExpired(call)) return Promise.resolve({ failure: timeoutOrCanceled(call), wasSent: false });
      return performAlone(context, policies.write(beforeSending), request, call);
    },

    preview(request) {
      const wire = signRequest(request, context.signIn.preview);
      return { ...wire, url: options.url + wire.target };
    },

    describe: (answer) => describeRejection(answer, mapError),
    url: options.url,
    isSignedIn: options.signIn !== undefined,
    dropReads,
    useSecrets({ toFailure: nextMapper, signIn = UNAUTHENTICATED }) {
      toFailure = nextMapper;
      context.signIn = signIn;
      dropReads();
    },
    get health() {
      const breaker = bulkhead.state;
      return { isReachable: breaker === 'OPEN' ? false : isReachable, breaker, queued: bulkhead.queued };
    },
    close: () => transports.close(),
  };
}

/** Performs a request that is not shared. Rejects only for unexpected errors. */
function performAlone(
  context: UpstreamContext,
  policy: RequestPolicy,
  request: UpstreamRequest,
  call: RequestScope,
): Promise<Sending> {
  const pending = new PendingRequest(context, policy, request, call);
  pending.cancelWith(call.signal);
  return pending.perform();
}

/** A tunnel ends at the vendor, so only a proxy that forwards plain http could quote its credentials in an answer. */
function secretsOfProxy(url: string, proxy: ChosenProxy | undefined): readonly string[] {
  const credential = proxy && url.startsWith('http:') ? credentialOfProxy(proxy.address) : undefined;
  return credential === undefined ? [] : [credential];
}

function keepAnswer(sending: Sending, keep: (answer: UpstreamAnswer) => void): Sending {
  if ('answer' in sending) keep(sending.answer);
  return sending;
}

function toAnswer(sending: Sending): UpstreamAnswer {
  if ('answer' in sending) return sending.answer;
  throw sending.failure;
}

const UNAUTHENTICATED: Authenticator = { authorize: () => UNSIGNED, preview: UNSIGNED };

const INTERIM_RESPONSES =
  'The vendor sends unsolicited 100 Continue responses. From now on it is called over node:http, which costs more CPU.';

const NARROWED =
  'The vendor replaces its credential with each answer, so concurrent calls invalidate each other. They are sent one at ' +
  'a time for a minute.';
