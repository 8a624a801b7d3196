/** Limits concurrent runs. Serves in order. */
export type Limiter = <Value>(run: () => Promise<Value>) => Promise<Value>;

export function createLimiter(maximum: number): Limiter {
  const waiting: (() => void)[] = [];
  let active = 0;
  return async (run) => {
    if (active >= maximum) await new Promise<void>((resolve) => waiting.push(resolve));
    else active += 1;
    try {
      return await run();
    } finally {
      // The place is handed over, so that no other run takes it in between.
      const next = waiting.shift();
      if (next) next();
      else active -= 1;
    }
  };
}

/** Spaces tickets so that no more than `perSecond` are begun in a second. */
export function createPacer(perSecond: number | null, now: () => number = () => performance.now()) {
  let nextAt = 0;
  return {
    /** Most tickets to take at once. */
    most: perSecond ?? Infinity,
    /** Milliseconds to wait before these tickets are begun. */
    delayFor(tickets: number): number {
      if (perSecond === null || tickets === 0) return 0;
      const start = Math.max(now(), nextAt);
      nextAt = start + (tickets * 1_000) / perSecond;
      return start - now();
    },
  };
}
