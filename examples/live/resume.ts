/** Subscribes again after the last cursor, for clients that would repeat the first variables or give up. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Attempt {
  /** Cursor of the last event. Null at first. */
  readonly after: string | null;
  /** To be called with the cursor of each event. */
  onCursor(cursor: string): void;
}

const LONGEST_DELAY_MS = 30_000;

/**
 * Until the signal aborts.
 *
 * @param attempt one subscription. Resolves when it has ended, and throws if another one would not help.
 */
export async function resume(attempt: (options: Attempt) => Promise<void>, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  for (let failures = 0; !signal.aborted; failures += 1) {
    await attempt({
      after,
      onCursor(cursor) {
        after = cursor;
        failures = 0;
      },
    });
    // Random, so that clients that were cut together do not come back together.
    const delayMs = Math.random() * Math.min(LONGEST_DELAY_MS, 1_000 * 2 ** failures);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: unknown;
}

/** Returns the first error that another attempt would get again, or `undefined`. */
export function findFinalError(errors: readonly GraphqlError[]): Error | undefined {
  for (const { message, extensions } of errors) {
    const { code, retryable } = (extensions ?? {}) as { readonly code?: string; readonly retryable?: boolean };
    if (code !== undefined && retryable !== true) return new Error(`${code}: ${message}`);
  }
  return undefined;
}
