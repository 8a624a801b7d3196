/** Minimal AbortController: the platform's costs more, and each call to a vendor needs three (docs/performance.md#abort). */
import type { AbortSignalLike } from '../contract.ts';

export class LightAbortController implements AbortSignalLike {
  #isAborted = false;
  #listeners: Set<() => void> | undefined;

  get aborted(): boolean {
    return this.#isAborted;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    (this.#listeners ??= new Set()).add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  /** Calls each listener once. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    listeners?.forEach((listener) => listener());
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
