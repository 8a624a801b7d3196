/**
 * What stands before a vendor: a breaker that stops asking one that is down, and a bounded number of calls at once with
 * a bounded queue. Each vendor has its own, so that one that hangs leaves the others as they were.
 *
 * A call that comes is told when its turn has come, and tells how it ended. While the breaker is closed, as it nearly
 * always is, cockatiel is asked nothing and told only of failures that open it: its promises took more than all the rest
 * of the gate.
 */
import { CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from 'cockatiel';
import type { FailureFacts } from '../contract.ts';
import { Failure } from './failure.ts';

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** A call that wants to go through. */
export interface Visitor {
  /** Its turn has come. From now on only the visitor knows whether anything was sent: it has to tell its end, once. */
  begin(): void;
  /** There will be no turn: `overloaded` for a full queue, `unavailable` for an open breaker. */
  refused(failure: Failure): void;
}

/** How a visit ended, as far as that says anything about the vendor. */
export type VisitEnd =
  /** It answered, and not with an error of its own. */
  | 'answered'
  /** It did not, or with an error of its own. */
  | 'failed'
  /** Nobody knows: the caller went away, or nothing was sent. */
  | 'unknown';

export interface Gate {
  /** Begins the visit when its turn comes, perhaps at once. */
  enter(visitor: Visitor): void;
  /** Gives up waiting; false where it has begun, or never waited. */
  leave(visitor: Visitor): boolean;
  /** Tells the end of a visit that has begun. */
  end(visitor: Visitor, end: VisitEnd): void;
  readonly state: BreakerState;
  /** Calls that wait for a place. */
  readonly queued: number;
  /** Places taken. */
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
  const breaker = createBreaker(openMs);
  const queue = new Set<Visitor>();
  /** They have a place and have not begun: the next moment, or when the probes of the breaker have ended. */
  const aboutToBegin = new Set<Visitor>();
  let taken = 0;

  const giveBack = (): void => {
    const [next] = queue;
    if (!next) {
      taken -= 1;
      return;
    }
    queue.delete(next);
    aboutToBegin.add(next);
    // Not at once: the connection that has just ended an exchange is only free when whoever tells of it has returned.
    queueMicrotask(() => {
      if (aboutToBegin.delete(next)) proceed(next);
      else giveBack();
    });
  };

  /** In a place that was taken for it. */
  const proceed = (visitor: Visitor): void => {
    if (breaker.state === 'CLOSED') {
      visitor.begin();
      return;
    }
    aboutToBegin.add(visitor);
    void breaker
      .probe(visitor, () => aboutToBegin.delete(visitor))
      .then((hasBegun) => {
        if (!hasBegun && aboutToBegin.delete(visitor)) visitor.refused(new Failure(OPEN));
        giveBack();
      });
  };

  return {
    enter(visitor) {
      if (breaker.isRefusing()) {
        visitor.refused(new Failure(OPEN));
      } else if (taken < concurrency) {
        taken += 1;
        proceed(visitor);
      } else if (queue.size < queueLimit) {
        queue.add(visitor);
      } else {
        visitor.refused(new Failure(OVERLOADED));
      }
    },
    leave: (visitor) => queue.delete(visitor) || aboutToBegin.delete(visitor),
    end(visitor, end) {
      if (breaker.endProbe(visitor, end)) return;
      breaker.note(end);
      giveBack();
    },
    get state() {
      return breaker.state;
    },
    get queued() {
      return queue.size;
    },
    get active() {
      return taken;
    },
  };
}

interface Breaker {
  readonly state: BreakerState;
  /** Whether there is nothing to wait for. Once it has been open long enough, the next calls are probes. */
  isRefusing(): boolean;
  /** Counts a visit of which the breaker was told nothing so far. */
  note(end: VisitEnd): void;
  /**
   * Lets it through as a probe, or after the probes of others, if it `mayBegin` then.
   * @returns whether it was let through, once it has ended
   */
  probe(visitor: Visitor, mayBegin: () => boolean): Promise<boolean>;
  /** False where it was no probe. */
  endProbe(visitor: Visitor, end: VisitEnd): boolean;
}

function createBreaker(openMs: number): Breaker {
  const sampler = createSampler();
  // As a probe, a call whose caller went away would count as one that the vendor answered.
  const isFailure = (end: unknown): boolean =>
    end === 'failed' || (end === 'unknown' && breaker.state === CircuitState.HalfOpen);
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: openMs,
    halfOpenSampling: PROBES,
    breaker: sampler,
  });
  const probes = new Map<Visitor, (end: VisitEnd) => void>();
  let openUntilMs = 0;
  /** It has failed too often, and cockatiel is being told so. */
  let isOpening = false;
  breaker.onBreak(() => {
    openUntilMs = Date.now() + openMs;
  });

  const open = async (): Promise<void> => {
    isOpening = true;
    await breaker.execute(() => 'failed' satisfies VisitEnd).catch(() => undefined);
    isOpening = false;
  };

  return {
    get state() {
      if (isOpening) return 'OPEN';
      if (breaker.state === CircuitState.Closed) return 'CLOSED';
      return breaker.state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
    },
    isRefusing: () => isOpening || (breaker.state === CircuitState.Open && Date.now() < openUntilMs),
    note(end) {
      if (end === 'unknown' || breaker.state !== CircuitState.Closed) return;
      if (end === 'answered') sampler.success(CircuitState.Closed);
      else if (sampler.failure(CircuitState.Closed) && !isOpening) void open();
    },
    async probe(visitor, mayBegin) {
      const begin = (): VisitEnd | Promise<VisitEnd> => {
        if (!mayBegin()) return 'unknown';
        return new Promise((resolve) => {
          probes.set(visitor, resolve);
          visitor.begin();
        });
      };
      try {
        await breaker.execute(begin);
        return true;
      } catch {
        // Nothing that is executed throws: it is open again.
        return false;
      }
    },
    endProbe(visitor, end) {
      const settle = probes.get(visitor);
      settle?.(end);
      return probes.delete(visitor);
    },
  };
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

const OVERLOADED: FailureFacts = {
  kind: 'overloaded',
  message: 'Too many calls to this vendor wait already; nothing was sent. Try again in a moment.',
};

const OPEN: FailureFacts = {
  kind: 'unavailable',
  message: 'The vendor has failed too often of late and is not asked for half a minute; nothing was sent.',
};
