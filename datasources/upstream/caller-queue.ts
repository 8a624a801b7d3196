/** The queue of a bulkhead: callers are served in turn, and none may fill it alone. */

/**
 * A caller holds at most three times as many slots as it leaves free, and one in any case: 24 of 32 if it is alone. A
 * newcomer then finds a slot even if all calls of the others hang.
 */
const MAX_SHARE_OF_FREE = 3;

/** @param free slots or queue places that are left before the call takes one */
export function isWithinShare(caller: string | undefined, own: number, free: number): boolean {
  return caller === undefined || own === 0 || own + 1 <= MAX_SHARE_OF_FREE * (free - 1);
}

/** A call that waits for a slot. */
export interface QueueEntry<Granted> {
  readonly caller: string | undefined;
  grant(slot: Granted): void;
  reject(error: Error): void;
}

/** Calls that wait: one line per caller, served in turn. */
export class CallerQueue<Granted> {
  readonly #limit: number;
  /** All callers together may have a third more than one. */
  readonly #totalLimit: number;
  /** In the order in which the callers are served next. */
  readonly #lines = new Map<string | undefined, Set<QueueEntry<Granted>>>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#totalLimit = limit + Math.ceil(limit / MAX_SHARE_OF_FREE) + 1;
  }

  get size(): number {
    return this.#size;
  }

  hasRoom(caller: string | undefined): boolean {
    if (caller === undefined) return this.#size < this.#limit;
    const own = this.#lines.get(caller)?.size ?? 0;
    return this.#size < this.#totalLimit && isWithinShare(caller, own, this.#totalLimit - this.#size);
  }

  add(entry: QueueEntry<Granted>): void {
    const line = this.#lines.get(entry.caller);
    if (line) line.add(entry);
    else this.#lines.set(entry.caller, new Set([entry]));
    this.#size += 1;
  }

  remove(entry: QueueEntry<Granted>): void {
    const line = this.#lines.get(entry.caller);
    if (!line?.delete(entry)) return;
    this.#size -= 1;
    if (line.size === 0) this.#lines.delete(entry.caller);
  }

  /** Removes the first call of the next caller that is served now. */
  shift(isServed: (caller: string | undefined) => boolean): QueueEntry<Granted> | undefined {
    for (const [caller, line] of this.#lines) {
      if (!isServed(caller)) continue;
      const [first] = line;
      this.remove(first!);
      // Behind all other callers.
      if (line.size > 0 && this.#lines.delete(caller)) this.#lines.set(caller, line);
      return first;
    }
    return undefined;
  }
}
