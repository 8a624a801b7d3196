/** Minimal AbortController: the platform's costs more, and each call to a vendor needs three (docs/performance.md#abort). */
import type { AbortSignalLike } from '../contract.ts';

export class LightAbortController implements AbortSignalLike {
  #isAborted = false;
  /** Most have one listener at a time, which needs no Set. */
  #listener: (() => void) | undefined;
  #others: Set<() => void> | undefined;

  get aborted(): boolean {
    return this.#isAborted;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    if (this.#listener === listener) return;
    if (this.#listener === undefined && !this.#others) this.#listener = listener;
    else (this.#others ??= new Set()).add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined;
    this.#others?.delete(listener);
  }

  /** Calls each listener once. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const [listener, others] = [this.#listener, this.#others];
    this.#listener = undefined;
    this.#others = undefined;
    listener?.();
    others?.forEach((other) => other());
  }
}

/** Thrown for an aborted call. Callers turn it into a failure of their own. */
export class AbortError extends Error {
  constructor() {
    super('The call was aborted.');
    this.name = 'AbortError';
  }
}

/** Shared: its stack trace would say nothing. */
export const ABORTED = new AbortError();

/** Settles like the promise, or rejects with `ABORTED` once the signal aborts. Does not cancel the work behind it. */
export function abortable<Value>(promise: Promise<Value>, signal: AbortSignalLike): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(ABORTED);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
