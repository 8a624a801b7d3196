/**
 * What stands before a vendor: a breaker that stops asking one that is down, and a bounded number of calls at once with
 * a bounded queue. Each vendor has its own, so that one that hangs leaves the others as they were.
 */
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  CircuitState,
  SamplingBreaker,
  bulkhead,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { UpstreamAnswer } from '../contract.ts';
import { untilAborted } from './credential.ts';
import { Failure } from './failure.ts';
import { BrokenExchange } from './transport/exchange.ts';

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

export interface Gate {
  /**
   * Runs an exchange when its turn comes.
   * @throws Failure `overloaded` for a full queue, `unavailable` for an open breaker: both before anything is sent.
   */
  run(exchange: () => Promise<UpstreamAnswer>, signal: AbortSignal): Promise<UpstreamAnswer>;
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
const WINDOW_MS = 60_000;
const LEAST_CALLS = 20;
const OPEN_MS = 30_000;
const PROBES = { calls: 5, threshold: 0.5 };

export function createGate({ concurrency, queueLimit, openMs = OPEN_MS }: GateOptions): Gate {
  const breaker = circuitBreaker(handleWhen(isVendorsFault).orWhenResult(isServerError), {
    halfOpenAfter: openMs,
    halfOpenSampling: PROBES,
    // The sampler wants more than the threshold and calls per second: hence the half minus a hair, and the rate.
    breaker: new SamplingBreaker({
      threshold: 0.499,
      duration: WINDOW_MS,
      minimumRps: (LEAST_CALLS - 0.5) / (WINDOW_MS / 1000),
    }),
  });
  const places = bulkhead(concurrency, queueLimit);
  const enter = async (exchange: () => Promise<UpstreamAnswer>): Promise<UpstreamAnswer> => {
    if (breaker.state === CircuitState.Open) throw new BrokenCircuitError();
    return exchange();
  };
  return {
    async run(exchange, signal) {
      // Only a call that may have to wait needs to be woken by its signal: an exchange under way listens itself.
      const mayWait = places.executionSlots <= 0 || breaker.state !== CircuitState.Closed;
      const turn = breaker.execute(() => places.execute(() => enter(exchange), signal));
      try {
        return await (mayWait ? untilAborted(turn, signal) : turn);
      } catch (error) {
        throw toFailure(error);
      }
    },
    get state() {
      if (breaker.state === CircuitState.Closed) return 'CLOSED';
      return breaker.state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
    },
    get queued() {
      return queueLimit - places.queueSlots;
    },
    get active() {
      return concurrency - places.executionSlots;
    },
  };
}

function isServerError(answer: unknown): boolean {
  return (answer as UpstreamAnswer).status >= 500;
}

/** Callers that go away, and our own refusals, say nothing about the vendor. */
function isVendorsFault(error: unknown): boolean {
  return error instanceof BrokenExchange && !(error instanceof CallerGone);
}

/** The caller went away: an end that is nobody's fault. */
export class CallerGone extends BrokenExchange {
  constructor(wasSent: boolean) {
    super('aborted', wasSent);
    this.name = 'CallerGone';
  }
}

function toFailure(error: unknown): unknown {
  if (error instanceof BrokenCircuitError) {
    return new Failure({
      kind: 'unavailable',
      message: 'The vendor has failed too often of late and is not asked for half a minute; nothing was sent.',
    });
  }
  if (error instanceof BulkheadRejectedError) {
    return new Failure({
      kind: 'overloaded',
      message: 'Too many calls to this vendor wait already; nothing was sent. Try again in a moment.',
    });
  }
  return error;
}
