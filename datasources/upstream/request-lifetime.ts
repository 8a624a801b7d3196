/** How long one request may run: until its deadline, or until its last caller disconnects. */
import type { AbortSignalLike, RequestScope } from '../contract.ts';
import { ABORTED, LightAbortController } from '../vendor-kit/abort.ts';

/** Timers may fire up to a millisecond before the time by the other clock. */
const TIMER_SLACK_MS = 1;

/** Aborted when the lifetime ends early. */
export class RequestLifetime extends LightAbortController {
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  #isCancelable = true;
  #endedBy: 'deadline' | 'cancellation' | undefined;

  /** @param timeoutMs of the upstream; the request's own deadline may be earlier */
  constructor({ deadlineAt }: RequestScope, timeoutMs: number) {
    super();
    const now = performance.now();
    const leftMs = deadlineAt - now;
    this.#endsAt = leftMs < timeoutMs ? deadlineAt : now + timeoutMs;
    // Whole milliseconds: Node keeps one list of timers for each duration.
    this.#timer = setTimeout(onDeadline, Math.ceil(Math.max(0, Math.min(leftMs, timeoutMs))), this).unref();
  }

  /** Why it ended early; `undefined` as long as it has not. */
  get endedBy(): 'deadline' | 'cancellation' | undefined {
    return this.#endedBy;
  }

  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** @throws AbortError if it ended early. */
  throwIfEnded(): void {
    if (this.#endedBy) throw ABORTED;
  }

  cancel(): void {
    if (this.#isCancelable) this.end(isPast(this.#endsAt) ? 'deadline' : 'cancellation');
  }

  /** From now on, only the deadline ends it. */
  ignoreCancellation(): void {
    this.#isCancelable = false;
  }

  end(by: 'deadline' | 'cancellation'): void {
    this.#endedBy ??= by;
    this.abort();
  }

  /** To be called when the request is done. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#isCancelable = false;
  }
}

function onDeadline(lifetime: RequestLifetime): void {
  lifetime.end('deadline');
}

/** Whether nothing should be started for it any more: its client disconnected, or its deadline has passed. */
export function isExpired({ signal, deadlineAt }: RequestScope): boolean {
  return signal.aborted || isPast(deadlineAt);
}

/** @param time milliseconds of `performance.now()` */
export function isPast(time: number): boolean {
  return performance.now() >= time - TIMER_SLACK_MS;
}

/** A signal that never aborts, for calls that several callers share. */
export const NEVER_ABORTS: AbortSignalLike = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};
