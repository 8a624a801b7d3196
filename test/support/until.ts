import { vi } from 'vitest';

/** How long a test waits for what should happen: long enough for a busy machine, since it only tells "never" from "late". */
const LIMIT_MS = 60_000;

/** Repeats `check` until it does not throw, and resolves to its value. Rejects with its last error after a minute. */
export function until<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: LIMIT_MS, interval: 5 });
}
