/**
 * Rejects calls while a vendor has asked for a pause with `Retry-After`: RFC 9110 section 10.2.3.
 *
 * A pause applies to the credential of the rate-limited call. Calls that were already sent continue.
 */
import { Failure } from '../vendor-kit/failure.ts';

/** Longest pause in milliseconds. The next call then shows whether the vendor still rejects. */
const MAX_PAUSE_MS = 60_000;

/** Timers may fire up to a millisecond early, and a retry that waits for the end of a pause must not be rejected. */
const TIMER_SLACK_MS = 2;

/** Bounds the memory if callers keep sending new credentials. */
const MAX_IDENTITIES = 1_000;

export interface Pauses {
  /** Starts a pause, or extends it. */
  begin(identity: string, seconds: number): void;
  /** The failure for a call during a pause, or `undefined` if the call may be sent. */
  reject(identity: string): Failure | undefined;
  /** False if there are no pauses to look up. */
  readonly isAny: boolean;
}

interface Pause {
  /** When the next call may be sent, in milliseconds of `performance.now()`. */
  readonly until: number;
  /** When the vendor allows the next call; later than `until` if that exceeds the longest pause. */
  readonly requestedUntil: number;
}

export function createPauses(): Pauses {
  const pauses = new Map<string, Pause>();

  const find = (identity: string, now: number): Pause | undefined => {
    const pause = pauses.get(identity);
    if (!pause || now < pause.until - TIMER_SLACK_MS) return pause;
    pauses.delete(identity);
    return undefined;
  };

  return {
    begin(identity, seconds) {
      const now = performance.now();
      const before = find(identity, now);
      const requestedUntil = Math.max(before?.requestedUntil ?? 0, now + seconds * 1000);
      const until = Math.max(before?.until ?? 0, now + Math.min(MAX_PAUSE_MS, seconds * 1000));
      if (until <= now) return;
      // The oldest is the most likely to have ended.
      const [oldest] = pauses.keys();
      if (pauses.size >= MAX_IDENTITIES && oldest !== undefined) pauses.delete(oldest);
      pauses.set(identity, { until, requestedUntil });
    },
    reject(identity) {
      const now = performance.now();
      const pause = find(identity, now);
      if (!pause) return undefined;
      const retryAfterSeconds = Math.ceil((pause.requestedUntil - now) / 1000);
      const unit = retryAfterSeconds === 1 ? 'second' : 'seconds';
      return new Failure({
        kind: 'rate-limited',
        message: `Not sent: rate limited by the vendor. Retry in ${retryAfterSeconds} ${unit}.`,
        retryAfterSeconds,
      });
    },
    get isAny() {
      return pauses.size > 0;
    },
  };
}
