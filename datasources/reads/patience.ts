/** How long a page waits for each of its lists, counted over all calls of a list. A slow list takes no time from others. */

/** A list that fetches pages. */
export interface Awaitable {
  /** Whether it is waited for to the end, however long it takes. */
  readonly isAwaitedInFull: boolean;
  /** How long its calls have taken so far, in milliseconds. */
  readonly waitedMs: number;
  readonly isFetching: boolean;
  /** Ends the page of this list without what is still being fetched. */
  stopWaiting(): void;
}

export class Patience {
  readonly #ms: number;
  readonly #timers: NodeJS.Timeout[] = [];

  /** @param ms milliseconds; 0 waits without a limit */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Waits for `work` on each list, then stops waiting for the lists that are out of time. */
  async wait<List extends Awaitable>(lists: readonly List[], work: (list: List) => Promise<void>): Promise<void> {
    if (this.#ms === 0) {
      await Promise.all(lists.map(work));
      return;
    }
    const inFull = Promise.all(lists.filter((list) => list.isAwaitedInFull).map(work));
    const others = lists.filter((list) => !list.isAwaitedInFull);
    if (others.every(({ waitedMs }) => waitedMs === 0)) {
      // The first wait, and usually the only one: a single timer is enough.
      if (others.length > 0) await Promise.race([Promise.all(others.map(work)), this.#after(this.#ms)]);
    } else {
      await Promise.all(others.map((list) => Promise.race([work(list), this.#after(this.#ms - list.waitedMs)])));
    }
    await inFull;
    for (const list of others) if (list.isFetching) list.stopWaiting();
  }

  /** Clears all timers. */
  dispose(): void {
    this.#timers.forEach(clearTimeout);
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.push(setTimeout(resolve, ms).unref());
    });
  }
}
