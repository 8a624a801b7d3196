/**
 * Caches answers to reads. Off unless `<VENDOR>_CACHE_MS` is set.
 *
 * Any write to the vendor, through any replica, drops all of them: the ticket may also be part of any cached list.
 */
import type { UpstreamAnswer } from '../contract.ts';

export interface ReadCache {
  find(key: string): UpstreamAnswer | undefined;
  /** To be called before a read is sent. Returns a function that stores its answer, unless the cache was dropped. */
  begin(key: string): (answer: UpstreamAnswer) => void;
  /** Removes all answers. Those of reads in flight will not be stored. */
  drop(): void;
}

/** Limits for one vendor. */
const MAX_CHARACTERS = 16_000_000;
const MAX_ANSWERS = 10_000;

interface Entry {
  readonly answer: UpstreamAnswer;
  /** Milliseconds, as returned by `now`. */
  readonly expiresAt: number;
}

/**
 * @param cacheMs milliseconds for which an answer is cached
 * @param isListening whether writes of other replicas are received; if not, nothing is stored or found
 */
export function createReadCache(cacheMs: number, isListening: () => boolean, now = () => performance.now()): ReadCache {
  let entries = new Map<string, Entry>();
  let characters = 0;

  const remove = (key: string): void => {
    characters -= entries.get(key)?.answer.text.length ?? 0;
    entries.delete(key);
  };
  const evictOldest = (): void => {
    for (const key of entries.keys()) {
      if (entries.size <= MAX_ANSWERS && characters <= MAX_CHARACTERS) return;
      remove(key);
    }
  };

  return {
    find(key) {
      const found = entries.get(key);
      if (!found || !isListening()) return undefined;
      if (found.expiresAt > now()) return found.answer;
      remove(key);
      return undefined;
    },
    begin(key) {
      const generation = entries;
      // Otherwise a write could be missed that came after the vendor's answer and before the bus was connected.
      const wasListening = isListening();
      return (answer) => {
        if (entries !== generation || !wasListening || !isListening()) return;
        remove(key);
        entries.set(key, { answer, expiresAt: now() + cacheMs });
        characters += answer.text.length;
        evictOldest();
      };
    },
    drop() {
      entries = new Map();
      characters = 0;
    },
  };
}
