/**
 * What stands before a vendor: a breaker that stops asking one that is down, and a bounded number of calls at once with
 * a bounded queue. Each vendor has its own, so that one that hangs leaves the others as they were.
 *
 * Identified callers share the places: one caller alone leaves some free, and the queue serves them in turn.
 *
 * A call that comes is told when its turn has come, and tells how it ended. While the breaker is closed, as it nearly
 * always is, cockatiel is asked nothing and told only of failures that open it: its promises took more than all the rest
 * of the gate.
 */
import { CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from 'cockatiel';
import type { FailureDetails } from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** A call that wants to go through. */
export interface QueuedCall {
  /** The caller whose share of the places it takes; `undefined` if callers are not identified. */
  readonly caller?: string | undefined;
  /** Its turn has come. From now on only the visitor knows whether anything was sent: it has to tell its end, once. */
  onAcquired(): void;
  /** There will be no turn: `overloaded` for a full queue, `unavailable` for an open breaker. */
  onRejected(failure: Failure): void;
}

/** How a visit ended, as far as that says anything about the vendor. */
export type CallResult =
  /** It answered, and not with an error of its own. */
  | 'answered'
  /** It did not, or with an error of its own. */
  | 'failed'
  /** Nobody knows: the caller went away, or nothing was sent. */
  | 'unknown';

export interface Bulkhead {
  /** Begins the visit when its turn comes, perhaps at once. */
  acquire(visitor: QueuedCall): void;
  /** Gives up waiting; false where it has begun, or never waited. */
  cancel(visitor: QueuedCall): boolean;
  /** Tells the end of a visit that has begun. */
  release(visitor: QueuedCall, end: CallResult): void;
  /** Lets one call at a time through for a minute, for a vendor whose credential changes with each answer. */
  narrow(): void;
  readonly state: BreakerState;
  /** Calls that wait for a place. */
  readonly queued: number;
  /** Places taken. */
  readonly active: number;
}

export interface BulkheadOptions {
  readonly concurrency: number;
  /** Calls that may wait. */
  readonly queueLimit: number;
  /** Milliseconds that the breaker stays open. */
  readonly openMs?: number;
}

/** Opens at 20 calls within a minute of which half failed; then 30 s later 5 probes, of which 3 have to succeed. */
const WINDOW_SECONDS = 60;
const MIN_CALLS = 20;
const OPEN_MS = 30_000;
const PROBES = { calls: 5, threshold: 0.5 };

/** Milliseconds for which only one call at a time is let through. */
const NARROW_MS = 60_000;

/**
 * A caller holds at most three times as many places as it leaves free, and its first place in any case: 24 of 32 while
 * it is alone, so that a newcomer finds a place even if all calls of others hang.
 */
const TIMES_WHAT_IS_FREE = 3;

export function createBulkhead({ concurrency, queueLimit, openMs = OPEN_MS }: BulkheadOptions): Bulkhead {
  const breaker = createCircuitBreaker(openMs);
  const queue = createQueue(queueLimit);
  /** They have a place and have not begun: the next moment, or when the probes of the breaker have ended. */
  const aboutToBegin = new Set<QueuedCall>();
  /** Places taken by each identified caller. */
  const held = new Map<string, number>();
  let taken = 0;
  let narrowUntil = 0;

  const countFree = (): number => {
    const isNarrow = narrowUntil > 0 && performance.now() < narrowUntil;
    return (isNarrow ? 1 : concurrency) - taken;
  };

  const mayTake = (caller: string | undefined, free = countFree()): boolean => {
    if (caller === undefined || free <= 0) return free > 0;
    const own = held.get(caller) ?? 0;
    return own === 0 || own + 1 <= TIMES_WHAT_IS_FREE * (free - 1);
  };

  const take = ({ caller }: QueuedCall): void => {
    taken += 1;
    if (caller !== undefined) held.set(caller, (held.get(caller) ?? 0) + 1);
  };

  const giveBack = ({ caller }: QueuedCall): void => {
    taken -= 1;
    if (caller !== undefined) {
      const left = held.get(caller)! - 1;
      if (left > 0) held.set(caller, left);
      else held.delete(caller);
    }
    if (queue.size > 0) callNext();
  };

  const callNext = (): void => {
    for (;;) {
      const next = queue.next(mayTake);
      if (!next) return;
      take(next);
      aboutToBegin.add(next);
      // Deferred: undici releases the connection of the exchange that has just ended only after its callback returns.
      queueMicrotask(() => {
        if (aboutToBegin.delete(next)) proceed(next);
        else giveBack(next);
      });
    }
  };

  /** In a place that was taken for it. */
  const proceed = (visitor: QueuedCall): void => {
    if (breaker.state === 'CLOSED') {
      visitor.onAcquired();
      return;
    }
    aboutToBegin.add(visitor);
    void breaker
      .probe(visitor, () => aboutToBegin.delete(visitor))
      .then((hasBegun) => {
        if (!hasBegun && aboutToBegin.delete(visitor)) visitor.onRejected(new Failure(OPEN));
        giveBack(visitor);
      });
  };

  return {
    acquire(visitor) {
      if (breaker.isRefusing()) {
        visitor.onRejected(new Failure(OPEN));
      } else if (mayTake(visitor.caller)) {
        take(visitor);
        proceed(visitor);
      } else if (!queue.add(visitor)) {
        visitor.onRejected(new Failure(OVERLOADED));
      }
    },
    cancel: (visitor) => queue.remove(visitor) || aboutToBegin.delete(visitor),
    release(visitor, end) {
      if (breaker.endProbe(visitor, end)) return;
      breaker.record(end);
      giveBack(visitor);
    },
    narrow() {
      narrowUntil = performance.now() + NARROW_MS;
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

/** Calls that wait for a place: one line for each caller, served in turn. */
interface Queue {
  /** False if there is no room for another call of its caller. */
  add(visitor: QueuedCall): boolean;
  remove(visitor: QueuedCall): boolean;
  /** Takes out the first call of the next caller that may have a place. */
  next(mayTake: (caller: string | undefined) => boolean): QueuedCall | undefined;
  readonly size: number;
}

/** @param limit the most calls of one caller; all callers together may have a third more */
function createQueue(limit: number): Queue {
  const total = limit + Math.ceil(limit / TIMES_WHAT_IS_FREE) + 1;
  /** In the order in which the callers are served next. */
  const lines = new Map<string | undefined, Set<QueuedCall>>();
  let size = 0;

  const hasRoom = (caller: string | undefined, own: number): boolean => {
    if (caller === undefined) return size < limit;
    return size < total && (own === 0 || own + 1 <= TIMES_WHAT_IS_FREE * (total - size - 1));
  };

  return {
    add(visitor) {
      const line = lines.get(visitor.caller);
      if (!hasRoom(visitor.caller, line?.size ?? 0)) return false;
      size += 1;
      if (line) line.add(visitor);
      else lines.set(visitor.caller, new Set([visitor]));
      return true;
    },
    remove(visitor) {
      const line = lines.get(visitor.caller);
      if (!line?.delete(visitor)) return false;
      size -= 1;
      if (line.size === 0) lines.delete(visitor.caller);
      return true;
    },
    next(mayTake) {
      for (const [caller, line] of lines) {
        if (!mayTake(caller)) continue;
        const [first] = line;
        line.delete(first!);
        size -= 1;
        // At the end, behind all other callers.
        lines.delete(caller);
        if (line.size > 0) lines.set(caller, line);
        return first;
      }
      return undefined;
    },
    get size() {
      return size;
    },
  };
}

interface CircuitBreaker {
  readonly state: BreakerState;
  /** Whether there is nothing to wait for. Once it has been open long enough, the next calls are probes. */
  isRefusing(): boolean;
  /** Counts a visit of which the breaker was told nothing so far. */
  record(end: CallResult): void;
  /**
   * Lets it through as a probe, or after the probes of others, if it `mayBegin` then.
   * @returns whether it was let through, once it has ended
   */
  probe(visitor: QueuedCall, mayBegin: () => boolean): Promise<boolean>;
  /** False where it was no probe. */
  endProbe(visitor: QueuedCall, end: CallResult): boolean;
}

function createCircuitBreaker(openMs: number): CircuitBreaker {
  const sampler = createSampler();
  // As a probe, a call whose caller went away would count as one that the vendor answered.
  const isFailure = (end: unknown): boolean =>
    end === 'failed' || (end === 'unknown' && breaker.state === CircuitState.HalfOpen);
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: openMs,
    halfOpenSampling: PROBES,
    breaker: sampler,
  });
  const probes = new Map<QueuedCall, (end: CallResult) => void>();
  let openUntilMs = 0;
  /** It has failed too often, and cockatiel is being told so. */
  let isOpening = false;
  breaker.onBreak(() => {
    openUntilMs = Date.now() + openMs;
  });

  const open = async (): Promise<void> => {
    isOpening = true;
    await breaker.execute(() => 'failed' satisfies CallResult).catch(() => undefined);
    isOpening = false;
  };

  return {
    get state() {
      if (isOpening) return 'OPEN';
      if (breaker.state === CircuitState.Closed) return 'CLOSED';
      return breaker.state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
    },
    isRefusing: () => isOpening || (breaker.state === CircuitState.Open && Date.now() < openUntilMs),
    record(end) {
      if (end === 'unknown' || breaker.state !== CircuitState.Closed) return;
      if (end === 'answered') sampler.success(CircuitState.Closed);
      else if (sampler.failure(CircuitState.Closed) && !isOpening) void open();
    },
    async probe(visitor, mayBegin) {
      const begin = (): CallResult | Promise<CallResult> => {
        if (!mayBegin()) return 'unknown';
        return new Promise((resolve) => {
          probes.set(visitor, resolve);
          visitor.onAcquired();
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
    return calls >= MIN_CALLS && failures * 2 >= calls;
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

const OVERLOADED: FailureDetails = {
  kind: 'overloaded',
  message: 'Too many calls to this vendor wait already; nothing was sent. Try again in a moment.',
};

const OPEN: FailureDetails = {
  kind: 'unavailable',
  message: 'The vendor has failed too often of late and is not asked for half a minute; nothing was sent.',
};
