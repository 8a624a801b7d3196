/**
 * Holds calls back while a vendor has asked for a pause with `Retry-After`: RFC 9110 section 10.2.3.
 *
 * A pause belongs to the credentials that the refused call went with. Calls already sent go on.
 */
import { Failure } from '../vendor-kit/failure.ts';

/** Milliseconds of the longest pause; after it one call finds out whether the vendor still refuses. */
const MAX_MS = 60_000;

/** Timers may fire up to a millisecond early, and the call that waits for the end of a pause must not meet it. */
const SLACK_MS = 2;

/** Identities that are remembered, should callers go on bringing new ones. */
const MAX_IDENTITIES = 1_000;

export interface Pauses {
  /** Starts a pause, or makes it longer. */
  begin(identity: string, seconds: number): void;
  /** The rejection for a call during a pause; `undefined` if the call may be sent. */
  reject(identity: string): Failure | undefined;
  /** False as long as there is nothing to look up. */
  readonly isAny: boolean;
}

interface Pause {
  /** When the next call may be sent, in milliseconds of `performance.now()`. */
  readonly until: number;
  /** When the vendor wants the next call; later than `until` if that is too far away. */
  readonly askedFor: number;
}

export function createPauses(): Pauses {
  const pauses = new Map<string, Pause>();

  const find = (identity: string, now: number): Pause | undefined => {
    const pause = pauses.get(identity);
    if (!pause || now < pause.until - SLACK_MS) return pause;
    pauses.delete(identity);
    return undefined;
  };

  return {
    begin(identity, seconds) {
      const now = performance.now();
      const before = find(identity, now);
      const askedFor = Math.max(before?.askedFor ?? 0, now + seconds * 1000);
      const until = Math.max(before?.until ?? 0, now + Math.min(MAX_MS, seconds * 1000));
      if (until <= now) return;
      // The oldest one is the likeliest to be over.
      const [oldest] = pauses.keys();
      if (pauses.size >= MAX_IDENTITIES && oldest !== undefined) pauses.delete(oldest);
      pauses.set(identity, { until, askedFor });
    },
    reject(identity) {
      const now = performance.now();
      const pause = find(identity, now);
      if (!pause) return undefined;
      const retryAfterSeconds = Math.ceil((pause.askedFor - now) / 1000);
      const unit = retryAfterSeconds === 1 ? 'second' : 'seconds';
      return new Failure({
        kind: 'rate-limited',
        message: `Not sent: the vendor asked for a pause between calls. Try again in ${retryAfterSeconds} ${unit}.`,
        retryAfterSeconds,
      });
    },
    get isAny() {
      return pauses.size > 0;
    },
  };
}
