/**
 * One token bucket for each caller, in memory. A bucket is a single time, that at which it is full again, as in the
 * generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */

/** How many requests a caller may send. */
export interface Rate {
  /** More than 0; may be a fraction. */
  readonly perSecond: number;
  /** At once, after a pause: the size of the bucket. At least 1. */
  readonly burst: number;
}

export interface RateLimiter {
  /**
   * Counts one request.
   *
   * @param key whose bucket it is taken from
   * @returns 0 if the request is admitted, otherwise the milliseconds until the next one would be.
   */
  take(key: string): number | Promise<number>;
}

interface Bucket {
  /** In milliseconds of the clock. The bucket is full if it has passed. */
  fullAt: number;
}

/** Most buckets of one generation: some 10 MB. */
const MAX_BUCKETS = 100_000;

/** Least milliseconds of a generation. */
const MIN_GENERATION_MS = 10_000;

/** Sums of fractions of milliseconds are inexact. */
const TOLERANCE_MS = 0.001;

export class TokenBuckets implements RateLimiter {
  readonly #intervalMs: number;
  readonly #capacityMs: number;
  readonly #now: () => number;
  /** Those in use since the generation began. */
  #young = new Map<string, Bucket>();
  /** Those last used in the generation before. After one more they are full, which is as good as none. */
  #old = new Map<string, Bucket>();
  #youngUntil = -Infinity;

  /** @param now a clock in milliseconds. Defaults to the monotonic one. */
  constructor({ perSecond, burst }: Rate, now = () => performance.now()) {
    this.#intervalMs = 1_000 / perSecond;
    this.#capacityMs = burst * this.#intervalMs + TOLERANCE_MS;
    this.#now = now;
  }

  take(key: string): number {
    const now = this.#now();
    if (now >= this.#youngUntil) this.#startGeneration(now);
    const bucket = this.#young.get(key) ?? this.#bring(key, now);
    const fullAt = Math.max(bucket.fullAt, now) + this.#intervalMs;
    const waitMs = fullAt - now - this.#capacityMs;
    if (waitMs > 0) return Math.ceil(waitMs);
    bucket.fullAt = fullAt;
    return 0;
  }

  /** Buckets in memory, full ones included. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** A bucket that was not used for a whole generation is full: `#capacityMs` have passed. */
  #startGeneration(now: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngUntil = now + Math.max(MIN_GENERATION_MS, this.#capacityMs);
  }

  #bring(key: string, now: number): Bucket {
    // Too many callers at once: some get a full bucket early.
    if (this.#young.size >= MAX_BUCKETS) this.#startGeneration(now);
    const bucket = this.#old.get(key) ?? { fullAt: now };
    this.#young.set(key, bucket);
    return bucket;
  }
}
