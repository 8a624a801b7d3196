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
 * @param attempt one subscription. Resolves when it has ended, to the seconds that the server asks to wait, if it does.
 * Throws if another one would not help.
 */
export async function resume(
  attempt: (options: Attempt) => Promise<number | undefined>,
  signal: AbortSignal,
): Promise<void> {
  let after: string | null = null;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const seconds = await attempt({
      after,
      onCursor(cursor) {
        after = cursor;
        failures = 0;
      },
    });
    // Random, so that clients that were cut together do not come back together.
    const delayMs = (seconds ?? 0) * 1_000 + Math.random() * Math.min(LONGEST_DELAY_MS, 1_000 * 2 ** failures);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: unknown;
}

interface Extensions {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
}

/** Returns the first error that another attempt would get again, or `undefined`. */
export function findFinalError(errors: readonly GraphqlError[]): Error | undefined {
  for (const { message, extensions } of errors) {
    const { code, retryable } = (extensions ?? {}) as Extensions;
    if (code !== undefined && retryable !== true) return new Error(`${code}: ${message}`);
  }
  return undefined;
}

/** Returns how long the server asks to wait, e.g. with `TOO_MANY_STREAMS`. */
export function findRetryAfter(errors: readonly GraphqlError[]): number | undefined {
  return errors.map(({ extensions }) => (extensions as Extensions | undefined)?.retryAfterSeconds).find(Boolean);
}

/** Reads the errors in the body of a response that is no stream. Empty if it is not from this server, but from a proxy. */
export function parseErrors(body: string): readonly GraphqlError[] {
  try {
    return (JSON.parse(body) as { readonly errors?: readonly GraphqlError[] }).errors ?? [];
  } catch {
    return [];
  }
}
