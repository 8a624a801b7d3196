/** Retry policy. Pure except for jitter. Nothing else in the stack retries. */
import type { Failure } from '../vendor-kit/failure.ts';

/** Attempts beyond the first. */
export const MAX_RETRIES = 2;

/** Milliseconds that must be left before the deadline for another attempt. */
const MIN_ATTEMPT_MS = 20;
const BASE_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;

/** Failures that may be temporary. */
const TEMPORARY: ReadonlySet<string> = new Set(['unavailable', 'rate-limited']);

/**
 * Returns the milliseconds to wait before retry number `retry` (1 or 2), or `undefined` if there should be none.
 *
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. A vendor's Retry-After is
 * obeyed if it ends before the deadline; otherwise the caller gets the failure with it.
 */
export function waitBeforeRetry(
  failure: Failure,
  retry: number,
  leftMs: number,
  random: () => number = Math.random,
): number | undefined {
  if (retry > MAX_RETRIES || !TEMPORARY.has(failure.kind)) return undefined;
  const { retryAfterSeconds } = failure.details;
  // Without a Retry-After, a retry would only add to the load that the vendor limits.
  if (failure.kind === 'rate-limited' && retryAfterSeconds === undefined) return undefined;
  const jitterMs = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** retry);
  // A date in the past is 0 as well.
  const waitMs = retryAfterSeconds ? retryAfterSeconds * 1000 : jitterMs;
  return waitMs + MIN_ATTEMPT_MS <= leftMs ? waitMs : undefined;
}

/**
 * Limits concurrent retries to a fifth of the active calls, and to three at least (Envoy's retry budget). A call is
 * counted from its first retry until it ends.
 */
export interface RetryBudget {
  /** Counts one call. Returns false, and does not count it, if the budget is spent. */
  take(activeCalls: number): boolean;
  release(): void;
}

export function createRetryBudget(share = 0.2, minRetries = 3): RetryBudget {
  let active = 0;
  return {
    take(activeCalls) {
      if (active >= Math.max(minRetries, activeCalls * share)) return false;
      active += 1;
      return true;
    },
    release() {
      active -= 1;
    },
  };
}
