/**
 * The way to one vendor: with `tries.ts`, the only place that decides when something is sent, how often, and how long.
 *
 * A **read** is shared with identical reads in flight, tried at most three times, and ends at its deadline or when its
 * caller goes. A **write** is tried again only where it is proven that nothing was sent, or where the vendor answered
 * 401 (which means: not carried out) and signing in anew gives another credential. Once sent, it is waited for until
 * its deadline, even if its caller has gone: somebody must be able to say what became of it.
 *
 * What is shared and what is kept stands here; how one request is tried, in `tries.ts`.
 */
import type {
  RequestScope,
  FailureDetails,
  Authenticator,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
} from '../contract.ts';
import type { ReadCache } from './read-cache.ts';
import { Failure, asError, asFailure, describeRefusal } from '../vendor-kit/failure.ts';
import { createBulkhead, type BreakerState } from './bulkhead.ts';
import { TrackedCall, type EventSink } from './events.ts';
import { toOperation, toTarget } from '../vendor-kit/request.ts';
import { createPauses } from './retry-after.ts';
import type { ProxyChoice } from './transport/proxy.ts';
import { createRetryBudget } from './retry-policy.ts';
import { createCoalescer, type ReadCallbacks } from './coalescing.ts';
import { UNSIGNED, signRequest, type WireRequest } from './sign-request.ts';
import { BrokenExchange } from './transport/exchange.ts';
import { createGotTransport } from './transport/got.ts';
import { createLearningTransport } from './transport/learning.ts';
import {
  NEVER_ABORTS,
  RequestAttempts,
  isExpired,
  timeoutOrCanceled,
  type AttemptCallbacks,
  type RequestPolicy,
  type UpstreamContext,
} from './attempts.ts';

/** What became of a request that may not be sent twice. */
export type Sending =
  /** The vendor answered, whatever it said. */
  | { readonly answer: UpstreamAnswer }
  /** No answer. `wasSent` is false only where it is proven that not a byte left. */
  | { readonly failure: Failure; readonly wasSent: boolean };

/** What the kernel knows of an upstream beyond what a vendor may use of it. */
export interface UpstreamClient extends Upstream {
  /** Sends a write. `beforeSending` is awaited before the first byte can leave; if it throws, nothing is sent. */
  send(request: UpstreamRequest, call: RequestScope, beforeSending?: () => Promise<void>): Promise<Sending>;
  /** The request as it would be sent, secrets replaced, with its whole address. */
  preview(request: UpstreamRequest): WireRequest & { readonly url: string };
  /** What the vendor's dialect says of a refusing answer. */
  describe(answer: UpstreamAnswer): FailureDetails;
  readonly health: UpstreamHealth;
  readonly isSignedIn: boolean;
  close(): Promise<void>;
}

export interface UpstreamHealth {
  /** Undefined where it was never asked. */
  readonly isReachable: boolean | undefined;
  readonly breaker: BreakerState;
  readonly queued: number;
}

export interface UpstreamLimits {
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly maximumBytes: number;
  /** Through which proxy an address is reached. Omit for the direct way. */
  readonly proxyFor?: ProxyChoice;
}

/** Who watches, and as what they know this upstream. */
export interface CallTelemetry {
  readonly events: EventSink;
  readonly vendor: string;
  /** Keeps the number of different operations small. */
  toLabel(operation: string): string;
  /** Logs a message for the operator, once. */
  warn(message: string): void;
}

/** Calls that may wait for each that runs, before a vendor counts as overloaded; and in any case one list of ids. */
const QUEUE_PER_PLACE = 32;
const MIN_QUEUE = 200;

/**
 * Milliseconds after which an idle connection is not used for a write again. Servers close idle ones after 5 s or more; a
 * write on a connection that is being closed could not be told from one that was carried out.
 */
const IDLE_MS = 2_000;

/** What is kept of a vendor's answers, and how other replicas are told that it is no longer true. */
export interface Caching {
  readonly cache: ReadCache;
  announce(): Promise<void>;
}

export function createUpstreamClient(
  options: UpstreamOptions,
  limits: UpstreamLimits,
  watched?: CallTelemetry,
  caching?: Caching,
): UpstreamClient {
  const { toFailure: dialect, signIn = ANONYMOUS } = options;
  const { concurrency, timeoutMs } = limits;
  const transportOptions = {
    baseUrl: options.url,
    connections: concurrency,
    maximumBytes: limits.maximumBytes,
    connectTimeoutMs: timeoutMs,
    proxy: limits.proxyFor?.(options.url),
  };
  const learning = { ...transportOptions, learnt: { needsNode: false }, learn: () => watched?.warn(INTERIM) };
  const reads = createLearningTransport({ ...learning, sendsAgain: true });
  const writes = createLearningTransport({ ...learning, sendsAgain: false, idleMs: IDLE_MS });
  const signIns = createGotTransport(transportOptions);
  const gate = createBulkhead({ concurrency, queueLimit: Math.max(MIN_QUEUE, concurrency * QUEUE_PER_PLACE) });
  const sharing = createCoalescer<UpstreamAnswer>(timeoutOrCanceled);
  let isReachable: boolean | undefined;

  const watch = (request: UpstreamRequest, call: RequestScope): TrackedCall | undefined =>
    watched && new TrackedCall(watched.events, watched.vendor, watched.toLabel(toOperation(request)), call);

  const way: UpstreamContext = {
    signIn,
    bulkhead: gate,
    budget: createRetryBudget(),
    pauses: createPauses(),
    narrow() {
      gate.narrow();
      watched?.warn(NARROWED);
    },
    timeoutMs,
    telemetry: watch,
    setReachable: (isReached) => {
      isReachable = isReached;
    },
  };

  const reading: RequestPolicy = {
    transport: reads,
    outlivesCaller: false,
    accept: (answer) => {
      if (answer.status >= 400) throw new Failure(describeRefusal(answer, dialect));
      if (answer.status >= 300) throw new Failure(redirection(answer));
    },
    mayRetry: () => true,
  };

  /** A read that is no GET is one that signs in. */
  const signingIn: RequestPolicy = { ...reading, transport: signIns };

  const writing: RequestPolicy = {
    transport: writes,
    outlivesCaller: true,
    accept: () => undefined,
    mayRetry: (error) => error instanceof BrokenExchange && !error.wasSent,
  };

  /** Runs `beforeSending` once, ahead of the first byte of the first try. */
  const markedWriting = (beforeSending: () => Promise<void>): RequestPolicy => {
    let marked: Promise<void> | undefined;
    return { ...writing, prepare: () => (marked ??= beforeSending()) };
  };

  /** What was read before it may no longer be so: neither answers on their way nor those that are kept. */
  const noteChange = (): Promise<void> | undefined => {
    sharing.startNewGeneration();
    caching?.cache.drop();
    return caching?.announce();
  };

  /** Each caller keeps its own deadline; the call that they share has the vendor's. */
  const beginShared = (
    key: string,
    request: UpstreamRequest,
    call: RequestScope,
    asker: ReadCallbacks<UpstreamAnswer>,
  ): RequestAttempts => {
    const keep = caching?.cache.begin(key);
    const listener = keep ? keeping(keep, asker) : asker;
    return new RequestAttempts(
      way,
      reading,
      request,
      { ...call, signal: NEVER_ABORTS, deadlineAt: Infinity },
      listener,
    ).start();
  };

  return {
    read(request, call) {
      if (isExpired(call)) return Promise.reject(timeoutOrCanceled(call));
      if (request.method !== 'GET') return tryAlone(way, signingIn, request, call).then(toAnswer);
      const key = `${toTarget(request)} ${nameOf(request.headers)} ${signIn.callerKey?.(call) ?? ''}`;
      const kept = caching?.cache.find(key);
      if (kept) {
        watched?.events.onReadCached(watch(request, call)!);
        return Promise.resolve(kept);
      }
      const shared = sharing.keyFor(key, call.caller);
      const joined = sharing.join(shared, call);
      if (!joined) {
        try {
          call.budget?.take(1);
        } catch (error) {
          return Promise.reject(asError(error));
        }
        return sharing.begin(shared, call, (asker) => beginShared(key, request, call, asker));
      }
      watched?.events.onReadShared(watch(request, call)!);
      return joined;
    },

    send: (request, call, beforeSending) =>
      tryAlone(way, beforeSending ? markedWriting(beforeSending) : writing, request, call, noteChange),

    preview(request) {
      const wire = signRequest(request, signIn.preview);
      return { ...wire, url: options.url + wire.target };
    },

    describe: (answer) => describeRefusal(answer, dialect),
    isSignedIn: options.signIn !== undefined,
    get health() {
      const breaker = gate.state;
      return { isReachable: breaker === 'OPEN' ? false : isReachable, breaker, queued: gate.queued };
    },
    async close() {
      await Promise.all([reads.close(), writes.close(), signIns.close()]);
    },
  };
}

/**
 * Tries for one caller alone. Fails only for defects of ours.
 *
 * @param before the end is told, and awaited where there is something to wait for
 */
function tryAlone(
  way: UpstreamContext,
  manner: RequestPolicy,
  request: UpstreamRequest,
  call: RequestScope,
  before?: () => Promise<void> | undefined,
): Promise<Sending> {
  if (isExpired(call)) return Promise.resolve({ failure: timeoutOrCanceled(call), wasSent: false });
  return new Promise((resolve, reject) => {
    const { signal } = call;
    const abandon = (): void => tries.cancel();
    const end = (tell: () => void): void => {
      signal.removeEventListener('abort', abandon);
      const noted = before?.();
      if (noted) noted.then(tell, reject);
      else tell();
    };
    const tries = new RequestAttempts(way, manner, request, call, {
      onResponse: (answer) => end(() => resolve({ answer })),
      onError(error, wasSent) {
        const failure = asFailure(error);
        end(() => (failure ? resolve({ failure, wasSent }) : reject(asError(error))));
      },
    });
    signal.addEventListener('abort', abandon);
    tries.start();
  });
}

function toAnswer(sending: Sending): UpstreamAnswer {
  if ('answer' in sending) return sending.answer;
  throw sending.failure;
}

/** Keeps the answer before it is told. */
function keeping(keep: (answer: UpstreamAnswer) => void, asker: ReadCallbacks<UpstreamAnswer>): AttemptCallbacks {
  return {
    onResponse(answer) {
      keep(answer);
      asker.onResponse(answer);
    },
    onError: (error) => asker.onError(error),
  };
}

/** Headers by their text, numbered. */
const numbers = new Map<string, string>();
const MAX_NUMBERS = 1_000;

/** Vendors send most reads with headers that are one object each: its name is made once. */
const names = new WeakMap<object, string>();

/** The same for headers that say the same. Short, since it becomes a part of each read's key. */
function nameOf(headers: UpstreamRequest['headers']): string {
  let name = names.get(headers);
  if (name === undefined) {
    const text = JSON.stringify(headers);
    name = numbers.get(text);
    if (name === undefined) {
      name = numbers.size < MAX_NUMBERS ? String(numbers.size) : text;
      if (name !== text) numbers.set(text, name);
    }
    names.set(headers, name);
  }
  return name;
}

const INTERIM =
  'The vendor sends unsolicited 100 Continue responses. From now on it is called over node:http, which costs more CPU.';

const NARROWED =
  'The vendor replaces its credential with each answer, so that calls at the same time refuse each other; they are sent ' +
  'one at a time for a minute.';

const ANONYMOUS: Authenticator = { authorize: () => UNSIGNED, preview: UNSIGNED };

function redirection(answer: UpstreamAnswer): FailureDetails {
  const message = `The vendor answered a read with a redirect (${answer.status}); redirects are not followed.`;
  return { kind: 'protocol', message, upstreamStatus: answer.status };
}
