/**
 * Bulkhead for one vendor: limits concurrent calls, queues a bounded number of further ones, and rejects all of them while
 * the circuit is open. Each vendor has its own, so that a vendor that hangs does not affect the others.
 *
 * Identified callers share the slots: one caller alone leaves some free, has at most so many as it may have, and the queue
 * serves callers in turn.
 */
import type { AbortSignalLike, FailureDetails } from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';
import { ABORTED } from '../vendor-kit/abort.ts';
import { CallerQueue, isWithinShare, type QueueEntry } from './caller-queue.ts';
import { CircuitBreaker, type BreakerState, type CallResult, type ProbeRound } from './circuit-breaker.ts';

/** The right to send one call. */
export interface Slot {
  readonly caller: string | undefined;
  /** Set if the call is a probe of the circuit breaker. */
  readonly round: ProbeRound | undefined;
}

export interface BulkheadOptions {
  readonly concurrency: number;
  /** Most slots of one identified caller. Defaults to a share of those that are free. */
  readonly concurrencyPerCaller?: number | undefined;
  /** Most calls of one caller that may wait. */
  readonly queueLimit: number;
  /** Milliseconds for which the circuit stays open. Defaults to 30000. */
  readonly openMs?: number;
}

/** Milliseconds for which calls are sent one at a time. */
const NARROW_MS = 60_000;

export class Bulkhead {
  readonly #concurrency: number;
  readonly #perCaller: number;
  readonly #breaker: CircuitBreaker;
  readonly #queue: CallerQueue<Slot>;
  /** Slots in use by each identified caller. */
  readonly #slotsByCaller = new Map<string, number>();
  #active = 0;
  #narrowUntil = 0;

  constructor({ concurrency, concurrencyPerCaller, queueLimit, openMs }: BulkheadOptions) {
    this.#concurrency = concurrency;
    this.#perCaller = concurrencyPerCaller ?? concurrency;
    this.#breaker = new CircuitBreaker(openMs);
    this.#queue = new CallerQueue<Slot>(queueLimit);
  }

  /**
   * Returns a slot, or a promise for one if the call has to wait. Each slot must be released once.
   *
   * @param caller whose share it counts against; `undefined` if callers are not identified
   * @param signal ends the wait with `ABORTED`
   * @throws Failure `unavailable` while the circuit is open, `overloaded` if the queue is full.
   */
  acquire(caller: string | undefined, signal: AbortSignalLike): Slot | Promise<Slot> {
    if (this.#breaker.isRejecting) throw new Failure(CIRCUIT_OPEN);
    if (this.#canTake(caller)) return this.#take(caller);
    if (!this.#queue.hasRoom(caller)) throw new Failure(OVERLOADED);
    return this.#wait(caller, signal);
  }

  /** @param result what the call showed about the vendor */
  release({ caller, round }: Slot, result: CallResult): void {
    this.#active -= 1;
    if (caller !== undefined) this.#countSlots(caller, -1);
    this.#breaker.record(result, round);
    if (this.#queue.size > 0) this.#serveQueue();
  }

  /** Sends one call at a time for a minute, for a vendor that replaces its credential with each response. */
  narrow(): void {
    this.#narrowUntil = performance.now() + NARROW_MS;
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  /** Calls that wait for a slot. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Slots in use. */
  get active(): number {
    return this.#active;
  }

  #canTake(caller: string | undefined): boolean {
    const isNarrow = this.#narrowUntil > 0 && performance.now() < this.#narrowUntil;
    const free = (isNarrow ? 1 : this.#concurrency) - this.#active;
    if (free <= 0 || !this.#breaker.canStart) return false;
    const own = caller === undefined ? 0 : (this.#slotsByCaller.get(caller) ?? 0);
    return own < this.#perCaller && isWithinShare(caller, own, free);
  }

  #take(caller: string | undefined): Slot {
    this.#active += 1;
    if (caller !== undefined) this.#countSlots(caller, 1);
    return { caller, round: this.#breaker.start() };
  }

  #countSlots(caller: string, change: 1 | -1): void {
    const count = (this.#slotsByCaller.get(caller) ?? 0) + change;
    if (count > 0) this.#slotsByCaller.set(caller, count);
    else this.#slotsByCaller.delete(caller);
  }

  #wait(caller: string | undefined, signal: AbortSignalLike): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const entry: QueueEntry<Slot> = {
        caller,
        grant(slot) {
          signal.removeEventListener('abort', cancel);
          resolve(slot);
        },
        reject(error) {
          signal.removeEventListener('abort', cancel);
          reject(error);
        },
      };
      const cancel = (): void => {
        this.#queue.remove(entry);
        entry.reject(ABORTED);
      };
      this.#queue.add(entry);
      signal.addEventListener('abort', cancel);
    });
  }

  #serveQueue(): void {
    const isRejecting = this.#breaker.isRejecting;
    const isServed = isRejecting ? () => true : (caller: string | undefined) => this.#canTake(caller);
    for (let next = this.#queue.shift(isServed); next; next = this.#queue.shift(isServed)) {
      if (isRejecting) next.reject(new Failure(CIRCUIT_OPEN));
      else next.grant(this.#take(next.caller));
    }
  }
}

const OVERLOADED: FailureDetails = {
  kind: 'overloaded',
  message: 'Too many calls are waiting for this vendor. Nothing was sent. Retry in a moment.',
};

const CIRCUIT_OPEN: FailureDetails = {
  kind: 'unavailable',
  message: 'Circuit breaker open after repeated vendor failures. Nothing was sent; retry in 30 s.',
};
