/** The time between two polls of what is watched: grows while nothing changes. */

export interface IntervalSettings {
  /** The shortest, in milliseconds. */
  readonly everyMs: number;
  /** The longest, in milliseconds. */
  readonly atMostMs: number;
}

const GROWTH = 1.5;

/** Polls that began together spread by a fifth to either side. */
const JITTER = 0.2;

export class Interval {
  readonly #settings: IntervalSettings;
  readonly #random: () => number;
  #ms: number;

  /** @param random from 0 to 1, as `Math.random` */
  constructor(settings: IntervalSettings, random: () => number) {
    this.#settings = settings;
    this.#random = random;
    this.#ms = settings.everyMs;
  }

  /** Without jitter. */
  get ms(): number {
    return this.#ms;
  }

  reset(): void {
    this.#ms = this.#settings.everyMs;
  }

  grow(): void {
    this.#ms = Math.max(this.#settings.everyMs, Math.min(this.#settings.atMostMs, this.#ms * GROWTH));
  }

  /** The time until the next poll, in milliseconds, with jitter. */
  next(): number {
    return this.#ms * (1 - JITTER + 2 * JITTER * this.#random());
  }
}
