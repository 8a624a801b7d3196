/**
 * What was last seen of what has no subscriber any more. A subscriber that comes back gets what has changed in between, as
 * long as it is kept: the last 20,000 tickets.
 */
import type { Memory } from './watch.ts';

const MAX_WEIGHT = 20_000;

export class WatchMemory {
  /** By the keys of group and watch, the oldest first. */
  readonly #entries = new Map<string, Memory>();
  #weight = 0;

  save(key: string, memory: Memory | undefined): void {
    if (!memory) return;
    this.take(key);
    this.#entries.set(key, memory);
    this.#weight += memory.weight;
    for (const [oldest] of this.#entries) {
      if (this.#weight <= MAX_WEIGHT) return;
      this.take(oldest);
    }
  }

  /** Removes what is kept. */
  take(key: string): Memory | undefined {
    const memory = this.#entries.get(key);
    if (!memory) return undefined;
    this.#entries.delete(key);
    this.#weight -= memory.weight;
    return memory;
  }
}
