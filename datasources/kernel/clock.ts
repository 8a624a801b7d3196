/** The time that one upstream call has, with all its tries, waits and slow bodies. */
import type { Call, StopSignal } from '../contract.ts';
import { Stop } from './stop.ts';

/** Timers may fire up to a millisecond before the time by the other clock. */
const SLACK_MS = 1;

/** Whether nothing is to be begun for it any more: its caller has gone, or its time is up. */
export function hasEnded({ signal, deadlineAt }: Call): boolean {
  return signal.aborted || performance.now() >= deadlineAt - SLACK_MS;
}

/** A class, since one is made for each call, and seven closures would take as much memory as all the rest of it. */
export class Clock {
  readonly #stop = new Stop();
  readonly #endsAt: number;
  readonly #caller: StopSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #end = (): void => this.#stop.abort();

  /** @param timeoutMs the call's own time; the caller's deadline cuts it shorter. */
  constructor(timeoutMs: number, call: Call) {
    const now = performance.now();
    this.#endsAt = Math.min(now + timeoutMs, call.deadlineAt);
    this.#caller = call.signal;
    this.#timer = setTimeout(this.#end, Math.ceil(Math.max(0, this.#endsAt - now)));
    call.signal.addEventListener('abort', this.#end);
    if (hasEnded(call)) this.#end();
  }

  /** Aborted when the time is up, or when the caller goes while it is still minded. */
  get signal(): StopSignal {
    return this.#stop;
  }

  /** Whether it was the time that ended it, and not the caller. */
  isOver(): boolean {
    return performance.now() >= this.#endsAt - SLACK_MS;
  }

  leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** From now on only the time ends it: what has been sent is waited for even if nobody asks any more. */
  ignoreCaller(): void {
    this.#caller.removeEventListener('abort', this.#end);
  }

  /** Resolves after the wait, or as soon as the signal is aborted. */
  pause(waitMs: number): Promise<void> {
    const { signal } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(waiting);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const waiting = setTimeout(done, waitMs);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.ignoreCaller();
  }
}
