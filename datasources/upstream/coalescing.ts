/**
 * Request coalescing: identical reads in flight are one upstream call.
 *
 * Each caller can leave without affecting the others. When the last one has left, the call is canceled.
 */
import type { AbortSignalLike, RequestScope } from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';

/** An upstream call that several callers may wait for. */
export interface SharedCall<Value> {
  readonly result: Promise<Value>;
  cancel(): void;
  /** Whether it waits for a slot among the calls of another caller. */
  isBehindOther(caller: string | undefined): boolean;
}

export interface RequestCoalescer<Value> {
  /** The key under which a caller shares. It is the caller's own while the call is queued among those of another. */
  keyFor(key: string, caller: string | undefined): string;
  /** The result of the call in flight under that key, or `undefined` if there is none. Rejects if `call` is aborted. */
  join(key: string, call: RequestScope): Promise<Value> | undefined;
  /** Starts the call of that key. Later callers join it until it has ended. */
  start(key: string, call: RequestScope, start: () => SharedCall<Value>): Promise<Value>;
  /** From now on, no caller joins a call that started before: a write may have made its answer stale. */
  startNewGeneration(): void;
}

/** @param toError the error for a caller that leaves */
export function createCoalescer<Value>(toError: (call: RequestScope) => Error): RequestCoalescer<Value> {
  let inFlight = new Map<string, InFlightRead<Value>>();
  return {
    keyFor: (key, caller) => (inFlight.get(key)?.isBehindOther(caller) ? `${key}\n${caller}` : key),
    join: (key, call) => inFlight.get(key)?.wait(call, toError),
    start(key, call, start) {
      const read = new InFlightRead<Value>(inFlight, key, start());
      inFlight.set(key, read);
      return read.wait(call, toError);
    },
    startNewGeneration() {
      if (inFlight.size > 0) inFlight = new Map();
    },
  };
}

/** One call and its waiters. Classes, since one of each is created for every ticket. */
class InFlightRead<Value> {
  readonly #generation: Map<string, InFlightRead<Value>>;
  readonly #key: string;
  #call: SharedCall<Value> | undefined;
  #waiters: Waiter<Value>[] = [];

  constructor(generation: Map<string, InFlightRead<Value>>, key: string, call: SharedCall<Value>) {
    this.#generation = generation;
    this.#key = key;
    this.#call = call;
    call.result.then(
      (value) => this.#end().forEach((waiter) => waiter.resolve(value)),
      (error: unknown) => this.#end().forEach((waiter) => waiter.reject(asError(error))),
    );
  }

  wait(call: RequestScope, toError: (call: RequestScope) => Error): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiters.push(new Waiter(this, call, resolve, reject, toError));
    });
  }

  isBehindOther(caller: string | undefined): boolean {
    return this.#call?.isBehindOther(caller) ?? false;
  }

  leave(waiter: Waiter<Value>): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    if (this.#waiters.length > 0) return;
    this.#forget();
    this.#call?.cancel();
  }

  /** Drops references explicitly: V8 keeps deleted Map entries alive (docs/performance.md#map-delete). */
  #end(): readonly Waiter<Value>[] {
    const waiters = this.#waiters;
    this.#forget();
    this.#waiters = [];
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
  readonly #signal: AbortSignalLike;
  readonly #resolve: (value: Value) => void;
  readonly #reject: (error: Error) => void;
  readonly #leave: () => void;

  constructor(
    read: InFlightRead<Value>,
    call: RequestScope,
    resolve: (value: Value) => void,
    reject: (error: Error) => void,
    toError: (call: RequestScope) => Error,
  ) {
    this.#signal = call.signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#leave = () => {
      reject(toError(call));
      read.leave(this);
    };
    call.signal.addEventListener('abort', this.#leave);
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
