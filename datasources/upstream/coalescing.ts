/**
 * Request coalescing: identical reads in flight are one upstream call.
 *
 * Each caller can leave without affecting the others. When the last one has left, the call is canceled.
 */
import type { AbortSignalLike, RequestScope } from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';

/** An upstream call that several callers may wait for. */
export interface SharedCall {
  cancel(): void;
  /** Whether it waits for a slot among the calls of another caller. */
  isBehindOther(caller: string | undefined): boolean;
}

export interface CoalescerOptions<Result, Value> {
  /** What a caller gets for the result of a call. May throw. */
  toValue(result: Result): Value;
  /** The error for a caller that leaves. */
  toError(call: RequestScope): Error;
}

/** Calls in flight, by key. */
export class RequestCoalescer<Result, Value> {
  readonly #options: CoalescerOptions<Result, Value>;
  #inFlight = new Map<string, InFlightRead<Result, Value>>();

  constructor(options: CoalescerOptions<Result, Value>) {
    this.#options = options;
  }

  /** The key under which a caller shares. It is the caller's own while the call is queued among those of another. */
  keyFor(key: string, caller: string | undefined): string {
    if (caller === undefined) return key;
    return this.#inFlight.get(key)?.isBehindOther(caller) ? `${key}\n${caller}` : key;
  }

  /** The result of the call in flight under that key, or `undefined` if there is none. Rejects if `call` is aborted. */
  join(key: string, call: RequestScope): Promise<Value> | undefined {
    return this.#inFlight.get(key)?.wait(call);
  }

  /** Makes a call that has just been started that of its key. Later callers join it until it has ended. */
  share(key: string, call: RequestScope, shared: SharedCall, result: Promise<Result>): Promise<Value> {
    const read = new InFlightRead(this.#inFlight, key, shared, result, this.#options);
    this.#inFlight.set(key, read);
    return read.wait(call);
  }

  /** From now on, no caller joins a call that started before: a write may have made its answer stale. */
  startNewGeneration(): void {
    if (this.#inFlight.size > 0) this.#inFlight = new Map();
  }
}

/** One call and its waiters. Classes, since one of each is created for every ticket. */
class InFlightRead<Result, Value> {
  readonly #generation: Map<string, InFlightRead<Result, Value>>;
  readonly #key: string;
  readonly #options: CoalescerOptions<Result, Value>;
  #call: SharedCall | undefined;
  #waiters: Waiter<Value>[] | undefined;

  constructor(
    generation: Map<string, InFlightRead<Result, Value>>,
    key: string,
    call: SharedCall,
    result: Promise<Result>,
    options: CoalescerOptions<Result, Value>,
  ) {
    this.#generation = generation;
    this.#key = key;
    this.#call = call;
    this.#options = options;
    result.then(
      (value) => this.#resolve(value),
      (error: unknown) => this.#reject(asError(error)),
    );
  }

  wait(call: RequestScope): Promise<Value> {
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(resolve, reject, call.signal, () => {
        reject(this.#options.toError(call));
        this.#leave(waiter);
      });
      // Most calls have one waiter, for which `push` would reserve memory of many.
      if (this.#waiters) this.#waiters.push(waiter);
      else this.#waiters = [waiter];
    });
  }

  isBehindOther(caller: string | undefined): boolean {
    return this.#call?.isBehindOther(caller) ?? false;
  }

  #leave(waiter: Waiter<Value>): void {
    const waiters = this.#waiters?.filter((one) => one !== waiter);
    this.#waiters = waiters;
    if (waiters && waiters.length > 0) return;
    this.#forget();
    this.#call?.cancel();
  }

  #resolve(result: Result): void {
    try {
      const value = this.#options.toValue(result);
      for (const waiter of this.#end()) waiter.resolve(value);
    } catch (error) {
      this.#reject(asError(error));
    }
  }

  #reject(error: Error): void {
    for (const waiter of this.#end()) waiter.reject(error);
  }

  /** Drops references explicitly: V8 keeps deleted Map entries alive (docs/performance.md#map-delete). */
  #end(): readonly Waiter<Value>[] {
    const waiters = this.#waiters ?? [];
    this.#forget();
    this.#waiters = undefined;
    this.#call = undefined;
    return waiters;
  }

  /** A call that all callers have left may end after another of the same key has started. */
  #forget(): void {
    if (this.#generation.get(this.#key) === this) this.#generation.delete(this.#key);
  }
}

/** A caller that waits for the result. */
class Waiter<Value> {
  readonly #resolve: (value: Value) => void;
  readonly #reject: (error: Error) => void;
  readonly #signal: AbortSignalLike;
  readonly #leave: () => void;

  /** @param leave called if the signal aborts before the result is there */
  constructor(
    resolve: (value: Value) => void,
    reject: (error: Error) => void,
    signal: AbortSignalLike,
    leave: () => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    this.#leave = leave;
    signal.addEventListener('abort', leave);
  }

  resolve(value: Value): void {
    this.#signal.removeEventListener('abort', this.#leave);
    this.#resolve(value);
  }

  reject(error: Error): void {
    this.#signal.removeEventListener('abort', this.#leave);
    this.#reject(error);
  }
}
