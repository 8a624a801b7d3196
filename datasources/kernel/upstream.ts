/**
 * The way to one vendor: the only place that decides when something is sent, how often, and for how long.
 *
 * A **read** is shared with identical reads in flight, tried at most three times, and ends at its deadline or when its
 * caller goes. A **write** is tried again only where it is proven that nothing was sent, or where the vendor answered
 * 401 (which means: not carried out) and signing in anew gives another credential. Once sent, it is waited for until
 * its deadline, even if its caller has gone: somebody must be able to say what became of it.
 *
 * From the outside in: deadline, sharing, retries, sign-in, gate (breaker, queue), transport.
 */
import type {
  Call,
  FailureFacts,
  SignIn,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
} from '../contract.ts';
import type { ReadCache } from './cache.ts';
import { Clock, hasEnded } from './clock.ts';
import { Failure, asFailure, describeRefusal } from './failure.ts';
import { CallerGone, createGate, type BreakerState } from './gate.ts';
import { WatchedExchange, type Exchange, type ExchangeResult, type Watching } from './observer.ts';
import { withoutSecrets } from './redaction.ts';
import { toOperation, toTarget } from './request.ts';
import { createRetryBudget, waitBeforeRetry } from './retry.ts';
import { createSharing } from './sharing.ts';
import { throwIfStopped } from './stop.ts';
import { BrokenExchange, toWireHeaders, type Transport } from './transport/exchange.ts';
import { createGotTransport } from './transport/got.ts';
import { createUndiciTransport } from './transport/undici.ts';

/** What became of a request that may not be sent twice. */
export type Sending =
  /** The vendor answered, whatever it said. */
  | { readonly answer: UpstreamAnswer }
  /** No answer. `wasSent` is false only where it is proven that not a byte left. */
  | { readonly failure: Failure; readonly wasSent: boolean };

/** What the kernel knows of an upstream beyond what a vendor may use of it. */
export interface KernelUpstream extends Upstream {
  /** Sends a write. `beforeSending` is awaited before the first byte can leave; if it throws, nothing is sent. */
  send(request: UpstreamRequest, call: Call, beforeSending?: () => Promise<void>): Promise<Sending>;
  /** The request as it would be sent, secrets replaced, with its whole address. */
  preview(request: UpstreamRequest): { request: UpstreamRequest; url: string };
  /** What the vendor's dialect says of a refusing answer. */
  describe(answer: UpstreamAnswer): FailureFacts;
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
}

/** Who watches, and as what they know this upstream. */
export interface Watched {
  readonly watching: Watching;
  readonly vendor: string;
  /** Keeps the number of different operations small. */
  toLabel(operation: string): string;
}

/** Calls that may wait for each that runs, before a vendor counts as overloaded; and in any case one list of ids. */
const QUEUE_PER_PLACE = 32;
const LEAST_QUEUE = 200;

/**
 * Milliseconds after which an idle connection is not used for a write again. Servers close idle ones after 5 s or more; a
 * write on a connection that is being closed could not be told from one that was carried out.
 */
const IDLE_MS = 2_000;

/** How one kind of request is tried: reads and writes differ in this and in nothing else. */
interface Manner {
  readonly transport: Transport;
  /** Awaited once its turn has come, before anything is sent. */
  prepare?(clock: Clock): Promise<void>;
  /** Throws for an answer that counts as a failure. */
  accept(answer: UpstreamAnswer): void;
  mayRetry(error: unknown): boolean;
}

/** What is kept of a vendor's answers, and how other replicas are told that it is no longer true. */
export interface Caching {
  readonly cache: ReadCache;
  announce(): Promise<void>;
}

export function createUpstream(
  options: UpstreamOptions,
  limits: UpstreamLimits,
  watched?: Watched,
  caching?: Caching,
): KernelUpstream {
  const { dialect, signIn = ANONYMOUS } = options;
  const { concurrency, timeoutMs } = limits;
  const transportOptions = {
    baseUrl: options.url,
    connections: concurrency,
    maximumBytes: limits.maximumBytes,
    connectTimeoutMs: timeoutMs,
  };
  const reads = createUndiciTransport(transportOptions);
  const writes = createUndiciTransport({ ...transportOptions, idleMs: IDLE_MS });
  const signIns = createGotTransport(transportOptions);
  const gate = createGate({ concurrency, queueLimit: Math.max(LEAST_QUEUE, concurrency * QUEUE_PER_PLACE) });
  const budget = createRetryBudget();
  const sharing = createSharing<UpstreamAnswer>();
  let isReachable: boolean | undefined;

  /** Sends it when its turn has come, and tells what became of that. */
  const passGate = (
    request: UpstreamRequest,
    clock: Clock,
    manner: Manner,
    exchange: WatchedExchange | undefined,
  ): Promise<UpstreamAnswer> => {
    const tellGone = (error: unknown): never => {
      throw isAbort(error) && !clock.isOver() ? new CallerGone(error.wasSent) : error;
    };
    const send = (): Promise<UpstreamAnswer> =>
      manner.transport.exchange(withHeadersOf(exchange, request), clock.signal).catch(tellGone);
    const prepared = manner.prepare && (() => manner.prepare!(clock).then(send));
    return gate.run(prepared ?? send, clock.signal).then(
      (answer) => {
        isReachable = true;
        exchange?.end(resultOfStatus(answer.status), answer.status);
        return withoutSecrets(answer, request);
      },
      (error: unknown) => {
        exchange?.end(resultOfError(error, clock, exchange.hasStarted));
        if (error instanceof BrokenExchange && !(error instanceof CallerGone)) {
          isReachable = error.reason !== 'no-connection' && !isAbort(error);
        }
        throw error;
      },
    );
  };

  /** Whether to try once more, after a wait that is over when this says so. */
  const waitForRetry = async (
    error: unknown,
    retry: number,
    clock: Clock,
    manner: Manner,
    share: { isTaken: boolean },
  ): Promise<boolean> => {
    const failure = toFailure(error, clock);
    const waitMs = failure && manner.mayRetry(error) ? waitBeforeRetry(failure, retry, clock.leftMs()) : undefined;
    if (waitMs === undefined || gate.state === 'OPEN') return false;
    share.isTaken ||= budget.take(gate.active);
    if (!share.isTaken) return false;
    await clock.pause(waitMs);
    return !clock.signal.aborted;
  };

  /** Signs and exchanges, again where that makes sense; a 401 is replayed once where another credential can be had. */
  const attempt = async (
    request: UpstreamRequest,
    clock: Clock,
    call: Call,
    manner: Manner,
  ): Promise<UpstreamAnswer> => {
    const share = { isTaken: false };
    try {
      for (let retry = 1, isRenewed = false; ;) {
        throwIfStopped(clock.signal);
        // Outside what is tried again: a sign-in has had its tries on its own connection.
        const signing = signIn.sign(request, { ...call, signal: clock.signal });
        const signed = 'credential' in signing ? signing : await signing;
        try {
          const answer = await passGate(signed.request, clock, manner, watch(request, call));
          if (answer.status !== 401 || isRenewed || !signIn.renew?.(signed.credential)) {
            manner.accept(answer);
            return answer;
          }
          isRenewed = true;
        } catch (error) {
          if (!(await waitForRetry(error, retry, clock, manner, share))) throw error;
          retry += 1;
        }
      }
    } finally {
      if (share.isTaken) budget.giveBack();
    }
  };

  const describeExchange = ({ vendor, toLabel }: Watched, request: UpstreamRequest, call: Call): Exchange => {
    return { vendor, operation: toLabel(toOperation(request)), call };
  };

  const watch = (request: UpstreamRequest, call: Call): WatchedExchange | undefined =>
    watched && new WatchedExchange(watched.watching, describeExchange(watched, request, call));

  const reading: Manner = {
    transport: reads,
    accept: (answer) => {
      if (answer.status >= 400) throw new Failure(describeRefusal(answer, dialect));
      if (answer.status >= 300) throw new Failure(redirection(answer));
    },
    mayRetry: () => true,
  };

  /** A read that is no GET is one that signs in. */
  const signingIn: Manner = { ...reading, transport: signIns };

  /** Runs `beforeSending` once, ahead of the first byte, and from then on no longer minds its caller. */
  const writing = (beforeSending: () => Promise<void>): Manner => {
    let isMarked = false;
    return {
      transport: writes,
      async prepare(clock) {
        if (!isMarked) await beforeSending();
        isMarked = true;
        // Whoever took so long, it was not the vendor.
        if (clock.signal.aborted) throw new CallerGone(false);
        clock.ignoreCaller();
      },
      accept: () => undefined,
      mayRetry: (error) => error instanceof BrokenExchange && !error.wasSent,
    };
  };

  const readOnce = async (request: UpstreamRequest, call: Call, manner: Manner): Promise<UpstreamAnswer> => {
    const clock = new Clock(timeoutMs, call);
    try {
      return await attempt(request, clock, call, manner);
    } catch (error) {
      throw toFailure(error, clock) ?? error;
    } finally {
      clock.stop();
    }
  };

  const readAndKeep = async (
    key: string,
    request: UpstreamRequest,
    call: Call,
    cache: ReadCache,
  ): Promise<UpstreamAnswer> => {
    const keep = cache.begin(key);
    const answer = await readOnce(request, call, reading);
    keep(answer);
    return answer;
  };

  /** What was read before it may no longer be so: neither answers on their way nor those that are kept. */
  const noteChange = async (): Promise<void> => {
    sharing.separate();
    caching?.cache.drop();
    await caching?.announce();
  };

  return {
    async read(request, call) {
      if (request.method !== 'GET') return readOnce(request, call, signingIn);
      if (hasEnded(call)) throw new Failure(outOfTime(call));
      const key = `${toTarget(request)} ${textOf(request.headers)} ${signIn.identify?.(call) ?? ''}`;
      const kept = caching?.cache.find(key);
      if (kept) {
        if (watched) watched.watching.readCached(describeExchange(watched, request, call));
        return kept;
      }
      let isShared = !call.signal.aborted;
      try {
        // Each caller keeps its own deadline; the shared call has the vendor's.
        const answer = sharing.join(key, call.signal, (signal) => {
          isShared = false;
          const shared = { ...call, signal, deadlineAt: Infinity };
          return caching ? readAndKeep(key, request, shared, caching.cache) : readOnce(request, shared, reading);
        });
        if (isShared && watched) watched.watching.readShared(describeExchange(watched, request, call));
        return await answer;
      } catch (error) {
        throw asFailure(error) ?? (call.signal.aborted ? new Failure(outOfTime(call)) : error);
      }
    },

    async send(request, call, beforeSending = async () => undefined) {
      const clock = new Clock(timeoutMs, call);
      try {
        return { answer: await attempt(request, clock, call, writing(beforeSending)) };
      } catch (error) {
        const failure = toFailure(error, clock);
        if (!failure) throw error;
        return { failure, wasSent: error instanceof BrokenExchange && error.wasSent };
      } finally {
        clock.stop();
        await noteChange();
      }
    },

    preview(request) {
      const previewed = signIn.preview(request);
      return { request: { ...previewed, headers: toWireHeaders(previewed) }, url: options.url + toTarget(previewed) };
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

/** Vendors send most reads with headers that are one object each: its text is made once. */
const texts = new WeakMap<object, string>();

function textOf(headers: UpstreamRequest['headers']): string {
  let text = texts.get(headers);
  if (text === undefined) {
    text = JSON.stringify(headers);
    texts.set(headers, text);
  }
  return text;
}

const ANONYMOUS: SignIn = {
  sign: (request) => ({ request, credential: undefined }),
  preview: (request) => request,
};

function isAbort(error: unknown): error is BrokenExchange {
  return error instanceof BrokenExchange && error.reason === 'aborted';
}

function withHeadersOf(exchange: WatchedExchange | undefined, request: UpstreamRequest): UpstreamRequest {
  const headers = exchange?.start();
  return headers ? { ...request, headers: { ...request.headers, ...headers } } : request;
}

function resultOfStatus(status: number): ExchangeResult {
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}

function resultOfError(error: unknown, clock: Clock, hasStarted: boolean): ExchangeResult {
  if (error instanceof CallerGone) return 'abandoned';
  if (error instanceof BrokenExchange) return error.reason === 'aborted' ? 'timeout' : 'broken';
  // Its turn never came: either nobody waited for it any more, or we let it wait too long, or we said no.
  return !hasStarted && clock.signal.aborted && !clock.isOver() ? 'abandoned' : 'held-back';
}

/** What a caller is told of an error on the way; undefined where it is a defect of ours. */
function toFailure(error: unknown, clock: Clock): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof BrokenExchange && error.reason !== 'aborted') return new Failure(BROKEN[error.reason]);
  return clock.signal.aborted ? new Failure(clock.isOver() ? TIMED_OUT : CALLER_LEFT) : undefined;
}

const BROKEN = {
  'no-connection': { kind: 'unavailable', message: 'The vendor could not be reached; nothing was sent.' },
  reset: { kind: 'unavailable', message: 'The connection to the vendor ended before its answer did.' },
  oversized: { kind: 'protocol', message: "The vendor's answer is larger than MAX_UPSTREAM_BYTES allows." },
  garbled: { kind: 'protocol', message: "The vendor's answer cannot be decompressed." },
} as const satisfies Record<string, FailureFacts>;

const TIMED_OUT: FailureFacts = { kind: 'timeout', message: 'The vendor did not answer in time.' };
const CALLER_LEFT: FailureFacts = { kind: 'timeout', message: 'The caller went away before the vendor answered.' };

function outOfTime(call: Call): FailureFacts {
  return performance.now() >= call.deadlineAt - 1 ? TIMED_OUT : CALLER_LEFT;
}

function redirection(answer: UpstreamAnswer): FailureFacts {
  const message = `The vendor answered a read with a redirect (${answer.status}); redirects are not followed.`;
  return { kind: 'protocol', message, upstreamStatus: answer.status };
}
