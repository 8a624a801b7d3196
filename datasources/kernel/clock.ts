/** The time that one upstream call has, with all its tries, waits and slow bodies. */
import type { Call, StopSignal } from '../contract.ts';
import { Stop } from './stop.ts';

export interface Clock {
  /** Aborted when the time is up, or when the caller goes while it is still minded. */
  readonly signal: StopSignal;
  /** Whether it was the time that ended it, and not the caller. */
  isOver(): boolean;
  leftMs(): number;
  /** From now on only the time ends it: what has been sent is waited for even if nobody asks any more. */
  ignoreCaller(): void;
  /** Resolves after the wait, or as soon as the signal is aborted. */
  pause(waitMs: number): Promise<void>;
  stop(): void;
}

/** Timers may fire up to a millisecond before the time by the other clock. */
const SLACK_MS = 1;

/** Whether nothing is to be begun for it any more: its caller has gone, or its time is up. */
export function hasEnded({ signal, deadlineAt }: Call): boolean {
  return signal.aborted || performance.now() >= deadlineAt - SLACK_MS;
}

/** @param timeoutMs the call's own time; the caller's deadline cuts it shorter. */
export function startClock(timeoutMs: number, call: Call): Clock {
  const endsAt = Math.min(performance.now() + timeoutMs, call.deadlineAt);
  const stop = new Stop();
  const end = (): void => stop.abort();
  const timer = setTimeout(end, Math.ceil(Math.max(0, endsAt - performance.now())));
  call.signal.addEventListener('abort', end);
  if (hasEnded(call)) end();
  const ignoreCaller = (): void => call.signal.removeEventListener('abort', end);
  return {
    signal: stop,
    isOver: () => performance.now() >= endsAt - SLACK_MS,
    leftMs: () => endsAt - performance.now(),
    ignoreCaller,
    pause: (waitMs) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(waiting);
          stop.removeEventListener('abort', done);
          resolve();
        };
        const waiting = setTimeout(done, waitMs);
        stop.addEventListener('abort', done);
        if (stop.aborted) done();
      }),
    stop() {
      clearTimeout(timer);
      ignoreCaller();
    },
  };
}
