/**
 * How far the log has been worked off. A cursor names a position after which nothing is lost: not the end of the log as
 * long as something before it is still being read.
 */
import type { Position } from './cursor.ts';
import type { Feed } from './feed.ts';
import type { Watch } from './watch.ts';

/** A watch that is to be read because of an entry. */
interface Open {
  readonly watch: Watch;
  /** The position before the entry. */
  readonly before: Position;
  /** Whether the read has begun after the entry, so that it shows what the entry means. */
  isCovered: boolean;
}

export class Progress {
  #heard: Position;
  /** In the order of the log. */
  readonly #open = new Set<Open>();

  constructor(start: Position) {
    this.#heard = start;
  }

  /**
   * To be called with each entry in order.
   *
   * @param reads by watch, resolves when it has been read because of the entry
   */
  advance(to: Position, reads: ReadonlyMap<Watch, Promise<unknown>>): void {
    const before = this.#heard;
    this.#heard = to;
    for (const [watch, read] of reads) {
      const open = { watch, before, isCovered: false };
      this.#open.add(open);
      const end = (): void => void this.#open.delete(open);
      read.then(end, end);
    }
  }

  /** To be called when the log has begun another life. */
  restart(from: Position): void {
    this.#heard = from;
    this.#open.clear();
  }

  /** To be called when a read of a watch begins. */
  cover(watch: Watch): void {
    for (const open of this.#open) if (open.watch === watch) open.isCovered = true;
  }

  /**
   * The position that a subscriber may continue from.
   *
   * @param delivered the watch whose read has just been given to the subscriber, if any
   */
  settledFor(feed: Feed, delivered: unknown): Position {
    for (const { watch, before, isCovered } of this.#open) {
      if (watch.feeds.has(feed) && !(isCovered && watch === delivered)) return before;
    }
    return this.#heard;
  }
}
