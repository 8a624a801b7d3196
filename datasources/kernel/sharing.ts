/**
 * Identical reads in flight are one call. Each caller can go away without spoiling it for the others; when the last one
 * has gone, the call is stopped.
 */
import { untilAborted } from './credential.ts';

export interface Sharing<Value> {
  /** The running call of that key, or a new one; none for a caller that has gone. `signal` is this caller's own. */
  join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Calls from now on join none that began before: a write may have made their answers old. */
  separate(): void;
}

interface Running<Value> {
  readonly promise: Promise<Value>;
  readonly stop: AbortController;
  waiting: number;
}

export function createSharing<Value>(): Sharing<Value> {
  let running = new Map<string, Running<Value>>();

  const begin = (key: string, start: (signal: AbortSignal) => Promise<Value>): Running<Value> => {
    const generation = running;
    const stop = new AbortController();
    const forget = (): boolean => generation.delete(key);
    stop.signal.addEventListener('abort', forget, { once: true });
    const entry = { promise: start(stop.signal).finally(forget), stop, waiting: 0 };
    generation.set(key, entry);
    return entry;
  };

  return {
    async join(key, signal, start) {
      signal.throwIfAborted();
      const entry = running.get(key) ?? begin(key, start);
      entry.waiting += 1;
      try {
        return await untilAborted(entry.promise, signal);
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0) entry.stop.abort();
      }
    },
    separate() {
      running = new Map();
    },
  };
}
