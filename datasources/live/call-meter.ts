/**
 * Bounds the calls that polls of one source make: at most `perMinute` in any minute. A quarter of them may be made at
 * once; then they are spread, so that the interval of all that is watched stretches alike.
 */
import type { CallBudget } from '../contract.ts';

const MINUTE_MS = 60_000;

export class CallMeter implements CallBudget {
  readonly perMinute: number;
  readonly #now: () => number;
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #refilledAt: number;
  /** Calls of the last minute, by the second. */
  #seconds: { readonly second: number; calls: number }[] = [];

  /** @param now milliseconds of any clock */
  constructor(perMinute: number, now: () => number) {
    this.perMinute = perMinute;
    this.#now = now;
    this.#burst = Math.max(1, Math.floor(perMinute / 4));
    // Within a minute, a full bucket and its refill add up to `perMinute`.
    this.#perMs = Math.max(0, perMinute - this.#burst + 1) / MINUTE_MS;
    this.#left = this.#burst;
    this.#refilledAt = now();
  }

  get isOff(): boolean {
    return this.perMinute === 0;
  }

  /** Counts calls. May exceed what is left: reads that subscribers wait for are not delayed, later polls are. */
  take(calls: number): void {
    this.#refill();
    // At most a minute of polling is borrowed: many new subscribers must not stop it for longer.
    this.#left = Math.max(-this.perMinute, this.#left - calls);
    const second = Math.floor(this.#now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) last.calls += calls;
    else this.#seconds = [...this.#recent(second), { second, calls }];
  }

  /** Milliseconds until that many calls may be made. */
  waitMs(calls: number): number {
    if (this.isOff) return Infinity;
    this.#refill();
    const missing = Math.min(calls, this.#burst) - this.#left;
    return missing <= 0 ? 0 : Math.ceil(missing / this.#perMs);
  }

  /** Milliseconds that as many calls take on average. */
  spreadMs(calls: number): number {
    return this.isOff ? 0 : calls / this.#perMs;
  }

  /** Calls within the last minute. */
  get lastMinute(): number {
    return this.#recent(Math.floor(this.#now() / 1000)).reduce((sum, { calls }) => sum + calls, 0);
  }

  #recent(second: number): { readonly second: number; calls: number }[] {
    return this.#seconds.filter((one) => second - one.second < MINUTE_MS / 1000);
  }

  #refill(): void {
    const now = this.#now();
    this.#left = Math.min(this.#burst, this.#left + Math.max(0, now - this.#refilledAt) * this.#perMs);
    this.#refilledAt = now;
  }
}
