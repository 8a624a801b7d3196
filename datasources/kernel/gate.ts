/**
 * What stands before a vendor: a breaker that stops asking one that is down, and a bounded number of calls at once with
 * a bounded queue. Each vendor has its own, so that one that hangs leaves the others as they were.
 */
import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, type IBreaker } from 'cockatiel';
import type { FailureFacts, StopSignal, UpstreamAnswer } from '../contract.ts';
import { Failure } from './failure.ts';
import { STOPPED, throwIfStopped } from './stop.ts';
import { BrokenExchange } from './transport/exchange.ts';

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

export interface Gate {
  /**
   * Runs an exchange when its turn comes. The signal ends the wait for a turn; an exchange that has begun is never let
   * go before it has ended, as only it knows whether anything was sent.
   * @throws Failure `overloaded` for a full queue, `unavailable` for an open breaker: both before anything is sent.
   */
  run(exchange: () => Promise<UpstreamAnswer>, signal: StopSignal): Promise<UpstreamAnswer>;
  readonly state: BreakerState;
  readonly queued: number;
  /** Exchanges under way. */
  readonly active: number;
}

export interface GateOptions {
  readonly concurrency: number;
  /** Calls that may wait. */
  readonly queueLimit: number;
  /** Milliseconds that the breaker stays open. */
  readonly openMs?: number;
}

/** Opens at 20 calls within a minute of which half failed; then 30 s later 5 probes, of which 3 have to succeed. */
const WINDOW_SECONDS = 60;
const LEAST_CALLS = 20;
const OPEN_MS = 30_000;
const PROBES = { calls: 5, threshold: 0.5 };

export function createGate({ concurrency, queueLimit, openMs = OPEN_MS }: GateOptions): Gate {
  // As a probe, a call whose caller went away would count as one that the vendor answered.
  const isNoAnswer = (error: unknown): boolean => breaker.state === CircuitState.HalfOpen && hasLeft(error);
  const breaker = circuitBreaker(handleWhen(isVendorsFault).orWhen(isNoAnswer).orWhenResult(isServerError), {
    halfOpenAfter: openMs,
    halfOpenSampling: PROBES,
    breaker: createSampler(),
  });
  let openUntilMs = 0;
  breaker.onBreak(() => {
    openUntilMs = Date.now() + openMs;
  });
  const places = createPlaces(concurrency, queueLimit);

  /** In a place that was taken for it. */
  const proceed = (exchange: () => Promise<UpstreamAnswer>, signal: StopSignal): Promise<UpstreamAnswer> => {
    const progress = { hasBegun: false };
    const begin = (): Promise<UpstreamAnswer> => {
      throwIfStopped(signal);
      progress.hasBegun = true;
      return exchange();
    };
    const turn = breaker.execute(begin);
    turn.then(places.giveBack, places.giveBack);
    // Where the probes of a breaker are all under way, the others wait for what they find.
    return progress.hasBegun
      ? turn
      : Promise.race([turn, rejectOnAbort(signal, () => !progress.hasBegun)]).catch(tellOpen);
  };

  return {
    run(exchange, signal) {
      // The breaker says so itself, but only to those whose turn has come.
      if (breaker.state === CircuitState.Open && Date.now() < openUntilMs) return Promise.reject(new Failure(OPEN));
      let waiting: Promise<void> | undefined;
      try {
        waiting = places.take(signal);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : STOPPED);
      }
      return waiting ? waiting.then(() => proceed(exchange, signal)) : proceed(exchange, signal);
    },
    get state() {
      if (breaker.state === CircuitState.Closed) return 'CLOSED';
      return breaker.state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
    },
    get queued() {
      return places.queued;
    },
    get active() {
      return places.taken;
    },
  };
}

function tellOpen(error: unknown): never {
  throw error instanceof BrokenCircuitError ? new Failure(OPEN) : error;
}

/**
 * Counts the calls of the last minute by the second. cockatiel's own sampler moves on at most one second with each call,
 * so that a vendor that is seldom asked would have failures of an hour ago counted against it.
 */
function createSampler(): IBreaker {
  let seconds: { readonly at: number; calls: number; failures: number }[] = [];
  const note = (isFailure: boolean): void => {
    const at = Math.floor(Date.now() / 1000);
    if (seconds.at(-1)?.at !== at) {
      seconds = [...seconds.filter((second) => at - second.at < WINDOW_SECONDS), { at, calls: 0, failures: 0 }];
    }
    const current = seconds.at(-1)!;
    current.calls += 1;
    if (isFailure) current.failures += 1;
  };
  const isTooMuch = (): boolean => {
    const calls = seconds.reduce((sum, second) => sum + second.calls, 0);
    const failures = seconds.reduce((sum, second) => sum + second.failures, 0);
    return calls >= LEAST_CALLS && failures * 2 >= calls;
  };
  return {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) seconds = [];
      note(false);
    },
    failure(state) {
      note(true);
      return state !== CircuitState.Closed || isTooMuch();
    },
  };
}

interface Places {
  /** Takes a place; where none is free, a promise of one. @throws Failure `overloaded`, or `Stopped`. */
  take(signal: StopSignal): Promise<void> | undefined;
  giveBack(): void;
  readonly taken: number;
  readonly queued: number;
}

/** So many at once, the others in the order in which they came; who is aborted leaves the queue at once. */
function createPlaces(count: number, queueLimit: number): Places {
  const queue = new Set<() => void>();
  let taken = 0;
  return {
    take(signal) {
      throwIfStopped(signal);
      if (taken >= count) {
        if (queue.size >= queueLimit) throw new Failure(OVERLOADED);
        return waitIn(queue, signal);
      }
      taken += 1;
      return undefined;
    },
    giveBack() {
      if (queue.size === 0) {
        taken -= 1;
        return;
      }
      const [next] = queue;
      next!();
    },
    get taken() {
      return taken;
    },
    get queued() {
      return queue.size;
    },
  };
}

/** Resolves when somebody calls what was put into the queue: the place is handed on. */
function waitIn(queue: Set<() => void>, signal: StopSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = (): void => {
      queue.delete(enter);
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      queue.delete(enter);
      reject(STOPPED);
    };
    queue.add(enter);
    signal.addEventListener('abort', leave);
  });
}

/** Rejects when the signal is aborted while the condition holds. */
function rejectOnAbort(signal: StopSignal, condition: () => boolean): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      if (condition()) reject(STOPPED);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

function isServerError(answer: unknown): boolean {
  return (answer as UpstreamAnswer).status >= 500;
}

/** Callers that go away, and our own refusals, say nothing about the vendor. */
function isVendorsFault(error: unknown): boolean {
  return error instanceof BrokenExchange && !(error instanceof CallerGone);
}

function hasLeft(error: unknown): boolean {
  return error instanceof CallerGone || error === STOPPED;
}

/** The caller went away: an end that is nobody's fault. */
export class CallerGone extends BrokenExchange {
  constructor(wasSent: boolean) {
    super('aborted', wasSent);
    this.name = 'CallerGone';
  }
}

const OVERLOADED: FailureFacts = {
  kind: 'overloaded',
  message: 'Too many calls to this vendor wait already; nothing was sent. Try again in a moment.',
};

const OPEN: FailureFacts = {
  kind: 'unavailable',
  message: 'The vendor has failed too often of late and is not asked for half a minute; nothing was sent.',
};
