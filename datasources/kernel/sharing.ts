/**
 * Identical reads in flight are one call. Each caller can go away without spoiling it for the others; when the last one
 * has gone, the call is stopped.
 */
import type { StopSignal } from '../contract.ts';
import { STOPPED, Stop, throwIfStopped } from './stop.ts';

export interface Sharing<Value> {
  /** The running call of that key, or a new one; none for a caller that has gone. `signal` is this caller's own. */
  join(key: string, signal: StopSignal, start: (signal: StopSignal) => Promise<Value>): Promise<Value>;
  /** Calls from now on join none that began before: a write may have made their answers old. */
  separate(): void;
}

interface Running<Value> {
  readonly promise: Promise<Value>;
  readonly stop: Stop;
  waiting: number;
  /** Those to come begin anew. */
  forget(): void;
}

export function createSharing<Value>(): Sharing<Value> {
  let running = new Map<string, Running<Value>>();

  const begin = (key: string, start: (signal: StopSignal) => Promise<Value>): Running<Value> => {
    const generation = running;
    const stop = new Stop();
    // One that was left may end after another of its name has begun.
    const forget = (): void => {
      if (generation.get(key)?.stop === stop) generation.delete(key);
    };
    const entry: Running<Value> = { promise: start(stop), stop, waiting: 0, forget };
    generation.set(key, entry);
    return entry;
  };

  return {
    join(key, signal, start) {
      throwIfStopped(signal);
      const entry = running.get(key) ?? begin(key, start);
      entry.waiting += 1;
      return new Promise((resolve, reject) => {
        const goAway = (): void => {
          entry.waiting -= 1;
          reject(STOPPED);
          if (entry.waiting > 0) return;
          entry.forget();
          entry.stop.abort();
        };
        /** False where this caller has gone, and has been told so. */
        const isStillThere = (): boolean => {
          entry.forget();
          signal.removeEventListener('abort', goAway);
          return !signal.aborted;
        };
        signal.addEventListener('abort', goAway);
        entry.promise.then(
          (value) => {
            if (isStillThere()) resolve(value);
          },
          (error: unknown) => {
            if (isStillThere()) reject(error instanceof Error ? error : new TypeError('What was thrown is no error.'));
          },
        );
      });
    },
    separate() {
      if (running.size > 0) running = new Map();
    },
  };
}
