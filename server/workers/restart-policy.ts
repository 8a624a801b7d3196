/** When a worker that has ended is replaced: later each time, and not at all if it keeps ending. */

/** More than these within the window do not look like a coincidence. */
export const MAX_RESTARTS = 5;

const WINDOW_MS = 60_000;

/** Doubled for each restart within the window. */
const FIRST_DELAY_MS = 100;

export interface RestartPolicy {
  /** To be called when the worker has ended. Returns milliseconds to wait, or `undefined` to give up. */
  next(): number | undefined;
}

/** @param now milliseconds. Defaults to the monotonic clock. */
export function createRestartPolicy(now = () => performance.now()): RestartPolicy {
  let endedAt: readonly number[] = [];
  return {
    next() {
      endedAt = [...endedAt.filter((at) => now() - at < WINDOW_MS), now()];
      return endedAt.length > MAX_RESTARTS ? undefined : FIRST_DELAY_MS * 2 ** (endedAt.length - 1);
    },
  };
}
