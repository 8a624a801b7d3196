/** Limits the vendor calls of one incoming request. */
import type { CallBudget } from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';

export class UpstreamCallBudget implements CallBudget {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(calls: number): void {
    if (this.#taken + calls > this.#limit) {
      const message =
        `Too many vendor calls: the operation needs more than the ${this.#limit} that are allowed. ` +
        'Request fewer tickets, or fewer fields of each.';
      throw new Failure({ kind: 'too-costly', message });
    }
    this.#taken += calls;
  }
}
