/** When to try again, and how long to wait. Pure but for the dice; one layer retries, and this is its rule book. */
import type { Failure } from '../vendor-kit/failure.ts';

/** Tries beyond the first. */
export const MAX_RETRIES = 2;

/** Milliseconds that must be left of the deadline for another try to make sense. */
const FLOOR_MS = 20;
const BASE_MS = 50;
const CAP_MS = 1_000;

/** Failures that another try may not meet again. */
const PASSING: ReadonlySet<string> = new Set(['unavailable', 'rate-limited']);

/**
 * Milliseconds to wait before try number `retry` (1 or 2), or undefined where there is to be none.
 *
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. A vendor's Retry-After is
 * obeyed where it fits into what is left; where it does not, the failure goes to the caller with it.
 */
export function waitBeforeRetry(
  failure: Failure,
  retry: number,
  leftMs: number,
  random: () => number = Math.random,
): number | undefined {
  if (retry > MAX_RETRIES || !PASSING.has(failure.kind)) return undefined;
  const { retryAfterSeconds } = failure.details;
  // A vendor that limits without saying for how long is not pressed further.
  if (failure.kind === 'rate-limited' && retryAfterSeconds === undefined) return undefined;
  const jitterMs = random() * Math.min(CAP_MS, BASE_MS * 2 ** retry);
  // 0 is also what a date in the past comes to.
  const waitMs = retryAfterSeconds ? retryAfterSeconds * 1000 : jitterMs;
  return waitMs + FLOOR_MS <= leftMs ? waitMs : undefined;
}

/**
 * Calls that are being tried again at once: a fifth of the calls under way, and three in any case (Envoy's retry budget).
 * A call keeps its place from its first wait until it ends.
 */
export interface RetryBudget {
  /** Takes a place for one call; false where the budget is spent. */
  take(activeCalls: number): boolean;
  giveBack(): void;
}

export function createRetryBudget(share = 0.2, floor = 3): RetryBudget {
  let taken = 0;
  return {
    take(activeCalls) {
      if (taken >= Math.max(floor, activeCalls * share)) return false;
      taken += 1;
      return true;
    },
    giveBack() {
      taken -= 1;
    },
  };
}
