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

/** Spaces tickets so that no more than `perSecond` are begun in any second. */
export function createPacer(perSecond: number | null, now: () => number = () => performance.now()) {
  let nextAt = 0;
  let begun: { readonly at: number; readonly tickets: number }[] = [];
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
    /** Whether tickets may begin now. Those that were prepared in time may have waited for a free place. */
    admit(tickets: number): boolean {
      if (perSecond === null) return true;
      const at = now();
      begun = begun.filter((earlier) => earlier.at > at - 1_000);
      if (begun.reduce((sum, earlier) => sum + earlier.tickets, tickets) > perSecond) return false;
      begun.push({ at, tickets });
      return true;
    },
  };
}
