/**
 * Circuit breaker for one vendor. It opens when at least half of the calls of the last minute failed, rejects calls for
 * 30 s, and then lets five probes decide whether it closes or opens again.
 *
 * Statuses below 500 and canceled calls never open it. The figures are WunderGraph Cosmo's.
 */

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** What the end of a call shows about the vendor. */
export type CallResult =
  /** It responded, with a status below 500. */
  | 'answered'
  /** It did not respond, or with a status of 500 or more. */
  | 'failed'
  /** Nothing: the client disconnected, or nothing was sent. */
  | 'unknown';

/** Calls in the last minute before the failure rate counts. */
const MIN_CALLS = 20;
const WINDOW_SECONDS = 60;
const OPEN_MS = 30_000;

const PROBES = 5;
/** Failed probes that open the circuit again. Otherwise it closes when all five have ended. */
const MAX_FAILED_PROBES = 2;

/** The probes of one half-open phase. */
export interface ProbeRound {
  started: number;
  ended: number;
  failed: number;
}

export class CircuitBreaker {
  readonly #openMs: number;
  readonly #failureRate = new FailureRate();
  #state: BreakerState = 'CLOSED';
  /** When probes are allowed, in milliseconds of `performance.now()`. */
  #probesFrom = 0;
  #round: ProbeRound = createRound();

  constructor(openMs = OPEN_MS) {
    this.#openMs = openMs;
  }

  /** Stays `OPEN` until the first probe starts. */
  get state(): BreakerState {
    return this.#state;
  }

  /** Whether calls are to be rejected without waiting. */
  get isRejecting(): boolean {
    return this.#state === 'OPEN' && performance.now() < this.#probesFrom;
  }

  /** Whether a call may start now. While half-open, only the probes may. */
  get canStart(): boolean {
    if (this.#state === 'CLOSED') return true;
    return this.#state === 'OPEN' ? !this.isRejecting : this.#round.started < PROBES;
  }

  /** Counts a call that starts. Returns its round if it is a probe. */
  start(): ProbeRound | undefined {
    if (this.#state === 'CLOSED') return undefined;
    if (this.#state === 'OPEN') {
      this.#state = 'HALF_OPEN';
      this.#round = createRound();
    }
    this.#round.started += 1;
    return this.#round;
  }

  /** @param round as returned by `start` */
  record(result: CallResult, round: ProbeRound | undefined): void {
    if (round) this.#recordProbe(result, round);
    else if (this.#state === 'CLOSED' && result !== 'unknown' && this.#failureRate.record(result)) this.#open();
  }

  /** A probe without a result counts as failed: a vendor that hangs until its clients disconnect is not healthy. */
  #recordProbe(result: CallResult, round: ProbeRound): void {
    if (this.#state !== 'HALF_OPEN' || round !== this.#round) return;
    round.ended += 1;
    if (result !== 'answered') round.failed += 1;
    if (round.failed > MAX_FAILED_PROBES) this.#open();
    else if (round.ended === PROBES) this.#close();
  }

  #open(): void {
    this.#state = 'OPEN';
    this.#probesFrom = performance.now() + this.#openMs;
  }

  #close(): void {
    this.#state = 'CLOSED';
    this.#failureRate.reset();
  }
}

function createRound(): ProbeRound {
  return { started: 0, ended: 0, failed: 0 };
}

/** Calls and failures of the last minute, counted by the second. */
class FailureRate {
  #seconds: { readonly second: number; calls: number; failures: number }[] = [];

  /** Counts one more call. Returns true if it failed, and with it at least half of enough calls. */
  record(result: CallResult): boolean {
    const current = this.#currentSecond();
    current.calls += 1;
    if (result !== 'failed') return false;
    current.failures += 1;
    const calls = this.#seconds.reduce((sum, second) => sum + second.calls, 0);
    const failures = this.#seconds.reduce((sum, second) => sum + second.failures, 0);
    return calls >= MIN_CALLS && failures * 2 >= calls;
  }

  reset(): void {
    this.#seconds = [];
  }

  #currentSecond(): { calls: number; failures: number } {
    const second = Math.floor(performance.now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) return last;
    const current = { second, calls: 0, failures: 0 };
    this.#seconds = [...this.#seconds.filter((one) => second - one.second < WINDOW_SECONDS), current];
    return current;
  }
}
