/** The calls to vendors that one incoming request may make. */
import type { CallBudget } from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';

export class UpstreamCallBudget implements CallBudget {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take(calls: number): void {
    if (this.#taken + calls > this.#most) {
      const message =
        `The operation would make more calls to vendors than the ${this.#most} that are allowed. ` +
        'Ask for fewer tickets at once, or for less of each.';
      throw new Failure({ kind: 'too-costly', message });
    }
    this.#taken += calls;
  }
}
