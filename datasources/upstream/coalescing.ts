/**
 * Identical reads in flight are one call. Each caller can go away without spoiling it for the others; when the last one
 * has gone, the call is abandoned.
 */
import type { Call, StopSignal } from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';

/** Told how a call ended: one of the two, once. */
export interface Asker<Value> {
  answered(value: Value): void;
  failed(error: unknown): void;
}

/** A call under way. */
export interface Abandonable {
  /** Nobody waits for it any more. */
  abandon(): void;
  /** Whether it waits for its turn among the calls of another caller. */
  isBehindOther(caller: string | undefined): boolean;
}

export interface Sharing<Value> {
  /** The key under which a caller shares: of its own, as long as the call waits for its turn among those of another. */
  keyFor(key: string, caller: string | undefined): string;
  /** The value of the call of that key that is under way; undefined where there is none. Ends when its own caller goes. */
  join(key: string, call: Call): Promise<Value> | undefined;
  /** Begins the call of that key. Those to come join it until it has ended. */
  begin(key: string, call: Call, begin: (asker: Asker<Value>) => Abandonable): Promise<Value>;
  /** Calls from now on join none that began before: a write may have made their answers old. */
  separate(): void;
}

/** @param toError what a caller that goes is told */
export function createSharing<Value>(toError: (call: Call) => Error): Sharing<Value> {
  let running = new Map<string, Running<Value>>();
  return {
    keyFor: (key, caller) => (running.get(key)?.isBehindOther(caller) ? `${key}\n${caller}` : key),
    join: (key, call) => running.get(key)?.wait(call, toError),
    begin(key, call, begin) {
      const begun = new Running<Value>(running, key);
      running.set(key, begun);
      const value = begun.wait(call, toError);
      begun.runs(begin(begun));
      return value;
    },
    separate() {
      if (running.size > 0) running = new Map();
    },
  };
}

/** A call and those who wait for it. Classes, since one of each is made for every ticket that is read. */
class Running<Value> implements Asker<Value> {
  readonly #all: Map<string, Running<Value>>;
  readonly #key: string;
  #waiting: Waiting<Value>[] = [];
  #call: Abandonable | undefined;

  constructor(all: Map<string, Running<Value>>, key: string) {
    this.#all = all;
    this.#key = key;
  }

  runs(call: Abandonable): void {
    this.#call = call;
  }

  wait(call: Call, toError: (call: Call) => Error): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Waiting(this, call, resolve, reject, toError));
    });
  }

  isBehindOther(caller: string | undefined): boolean {
    return this.#call?.isBehindOther(caller) ?? false;
  }

  goAway(waiting: Waiting<Value>): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    if (this.#waiting.length > 0) return;
    this.#forget();
    this.#call?.abandon();
  }

  answered(value: Value): void {
    for (const waiting of this.#end()) waiting.answered(value);
  }

  failed(error: unknown): void {
    const reason = asError(error);
    for (const waiting of this.#end()) waiting.failed(reason);
  }

  /**
   * Those who waited, to be told. It lets go of all that it held: V8 keeps what has been deleted from a Map in the tables
   * that the Map has outgrown, until the next full collection. All of each exchange was held so, and carried from one
   * part of the heap to the next: that took a tenth of 25 tickets.
   */
  #end(): readonly Waiting<Value>[] {
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
class Waiting<Value> implements Asker<Value> {
  readonly #signal: StopSignal;
  readonly #resolve: (value: Value) => void;
  readonly #reject: (error: Error) => void;
  readonly #goAway: () => void;

  constructor(
    running: Running<Value>,
    call: Call,
    resolve: (value: Value) => void,
    reject: (error: Error) => void,
    toError: (call: Call) => Error,
  ) {
    this.#signal = call.signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#goAway = () => {
      reject(toError(call));
      running.goAway(this);
    };
    call.signal.addEventListener('abort', this.#goAway);
  }

  answered(value: Value): void {
    this.#signal.removeEventListener('abort', this.#goAway);
    this.#resolve(value);
  }

  failed(error: Error): void {
    this.#signal.removeEventListener('abort', this.#goAway);
    this.#reject(error);
  }
}
