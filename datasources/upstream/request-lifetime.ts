/** How long one request may run: until its deadline, or until its last caller disconnects. */
import type { AbortSignalLike, RequestScope } from '../contract.ts';
import { ABORTED, LightAbortController } from '../vendor-kit/abort.ts';

/** Timers may fire up to a millisecond before the time by the other clock. */
const TIMER_SLACK_MS = 1;

/** Aborted when the lifetime ends early. */
export class RequestLifetime extends LightAbortController {
  readonly #deadlines: Deadlines;
  /** In milliseconds of `performance.now()`. */
  readonly endsAt: number;
  /** Its neighbors in the list of `Deadlines`, which alone uses these two. */
  previous: RequestLifetime | undefined;
  next: RequestLifetime | undefined;
  /** Set if the incoming request's deadline is earlier than that of the upstream. */
  #timer: NodeJS.Timeout | undefined;
  #isCancelable = true;
  #endedBy: 'deadline' | 'cancellation' | undefined;

  /** @param deadlines of the upstream; the request's own deadline may be earlier */
  constructor({ deadlineAt }: RequestScope, deadlines: Deadlines) {
    super();
    const now = performance.now();
    this.#deadlines = deadlines;
    if (deadlineAt - now < deadlines.timeoutMs) {
      this.endsAt = deadlineAt;
      this.#timer = setTimeout(onDeadline, Math.ceil(Math.max(0, deadlineAt - now)), this).unref();
    } else {
      this.endsAt = now + deadlines.timeoutMs;
      deadlines.add(this);
    }
  }

  /** Why it ended early; `undefined` as long as it has not. */
  get endedBy(): 'deadline' | 'cancellation' | undefined {
    return this.#endedBy;
  }

  get leftMs(): number {
    return this.endsAt - performance.now();
  }

  /** @throws AbortError if it ended early. */
  throwIfEnded(): void {
    if (this.#endedBy) throw ABORTED;
  }

  cancel(): void {
    if (this.#isCancelable) this.end(isPast(this.endsAt) ? 'deadline' : 'cancellation');
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
    if (this.#timer) clearTimeout(this.#timer);
    else this.#deadlines.remove(this);
    this.#isCancelable = false;
  }
}

function onDeadline(lifetime: RequestLifetime): void {
  lifetime.end('deadline');
}

/**
 * The requests that end `timeoutMs` after their start: a list in the order of their start, with one timer for the first.
 * A timer per request would cost more than the list (docs/performance.md#deadlines).
 */
export class Deadlines {
  /** Milliseconds for a request with all its attempts, waits and slow bodies. */
  readonly timeoutMs: number;
  #first: RequestLifetime | undefined;
  #last: RequestLifetime | undefined;
  /** Goes on when its request is done: under load, it fires once per `timeoutMs`. */
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** Adds a request that has just started. */
  add(lifetime: RequestLifetime): void {
    lifetime.previous = this.#last;
    if (this.#last) this.#last.next = lifetime;
    else this.#first = lifetime;
    this.#last = lifetime;
    if (!this.#timer) this.#startTimer(this.timeoutMs);
  }

  /** Removes a request, if it is still in the list. */
  remove(lifetime: RequestLifetime): void {
    const { previous, next } = lifetime;
    if (previous) previous.next = next;
    else if (this.#first === lifetime) this.#first = next;
    if (next) next.previous = previous;
    else if (this.#last === lifetime) this.#last = previous;
    lifetime.previous = undefined;
    lifetime.next = undefined;
  }

  #startTimer(ms: number): void {
    this.#timer = setTimeout(() => this.#endPast(), Math.ceil(ms)).unref();
  }

  #endPast(): void {
    this.#timer = undefined;
    for (let first = this.#first; first && isPast(first.endsAt); first = this.#first) {
      this.remove(first);
      first.end('deadline');
    }
    if (this.#first && !this.#timer) this.#startTimer(Math.max(0, this.#first.leftMs));
  }
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
