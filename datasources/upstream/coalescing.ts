/**
 * Identical reads in flight are one call. Each caller can go away without spoiling it for the others; when the last one
 * has gone, the call is abandoned.
 */
import type { RequestScope, AbortSignalLike } from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';

/** Told how a call ended: one of the two, once. */
export interface ReadCallbacks<Value> {
  onResponse(value: Value): void;
  onError(error: unknown): void;
}

/** A call under way. */
export interface Cancelable {
  /** Nobody waits for it any more. */
  cancel(): void;
  /** Whether it waits for its turn among the calls of another caller. */
  isBehindOther(caller: string | undefined): boolean;
}

export interface RequestCoalescer<Value> {
  /** The key under which a caller shares: of its own, as long as the call waits for its turn among those of another. */
  keyFor(key: string, caller: string | undefined): string;
  /** The value of the call of that key that is under way; undefined where there is none. Ends when its own caller goes. */
  join(key: string, call: RequestScope): Promise<Value> | undefined;
  /** Begins the call of that key. Those to come join it until it has ended. */
  begin(key: string, call: RequestScope, begin: (asker: ReadCallbacks<Value>) => Cancelable): Promise<Value>;
  /** Calls from now on join none that began before: a write may have made their answers old. */
  startNewGeneration(): void;
}

/** @param toError what a caller that goes is told */
export function createCoalescer<Value>(toError: (call: RequestScope) => Error): RequestCoalescer<Value> {
  let running = new Map<string, InFlightRead<Value>>();
  return {
    keyFor: (key, caller) => (running.get(key)?.isBehindOther(caller) ? `${key}\n${caller}` : key),
    join: (key, call) => running.get(key)?.wait(call, toError),
    begin(key, call, begin) {
      const begun = new InFlightRead<Value>(running, key);
      running.set(key, begun);
      const value = begun.wait(call, toError);
      begun.runs(begin(begun));
      return value;
    },
    startNewGeneration() {
      if (running.size > 0) running = new Map();
    },
  };
}

/** A call and those who wait for it. Classes, since one of each is made for every ticket that is read. */
class InFlightRead<Value> implements ReadCallbacks<Value> {
  readonly #all: Map<string, InFlightRead<Value>>;
  readonly #key: string;
  #waiting: Waiter<Value>[] = [];
  #call: Cancelable | undefined;

  constructor(all: Map<string, InFlightRead<Value>>, key: string) {
    this.#all = all;
    this.#key = key;
  }

  runs(call: Cancelable): void {
    this.#call = call;
  }

  wait(call: RequestScope, toError: (call: RequestScope) => Error): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Waiter(this, call, resolve, reject, toError));
    });
  }

  isBehindOther(caller: string | undefined): boolean {
    return this.#call?.isBehindOther(caller) ?? false;
  }

  leave(waiting: Waiter<Value>): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    if (this.#waiting.length > 0) return;
    this.#forget();
    this.#call?.cancel();
  }

  onResponse(value: Value): void {
    for (const waiting of this.#end()) waiting.onResponse(value);
  }

  onError(error: unknown): void {
    const reason = asError(error);
    for (const waiting of this.#end()) waiting.onError(reason);
  }

  /**
   * Those who waited, to be told. It lets go of all that it held: V8 keeps what has been deleted from a Map in the tables
   * that the Map has outgrown, until the next full collection. All of each exchange was held so, and carried from one
   * part of the heap to the next: that took a tenth of 25 tickets.
   */
  #end(): readonly Waiter<Value>[] {
    const waiting = this.#waiting;
    this.#forget();
    this.#waiting = [];
    this.#call = undefined;
    return waiting;
  }

  /** Those to come begin anew. One that was left may end after another of its name has begun. */
  #forget(): void {
    if (this.#all.get(this.#key) === this) this.#all.delete(this.#key);
  }
}

/** A caller that waits. */
class Waiter<Value> implements ReadCallbacks<Value> {
  readonly #signal: AbortSignalLike;
  readonly #resolve: (value: Value) => void;
  readonly #reject: (error: Error) => void;
  readonly #leave: () => void;

  constructor(
    running: InFlightRead<Value>,
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
      running.leave(this);
    };
    call.signal.addEventListener('abort', this.#leave);
  }

  onResponse(value: Value): void {
    this.#signal.removeEventListener('abort', this.#leave);
    this.#resolve(value);
  }

  onError(error: Error): void {
    this.#signal.removeEventListener('abort', this.#leave);
    this.#reject(error);
  }
}
