/**
 * Answers to reads, kept for a short while: off unless `<VENDOR>_CACHE_MS` says how long. Any write to the vendor drops
 * them all, through whichever replica it goes: a ticket that is written to stands in lists as well, and nobody can tell
 * in which.
 */
import type { UpstreamAnswer } from '../contract.ts';

export interface ReadCache {
  find(key: string): UpstreamAnswer | undefined;
  /** To be called before a read is sent. What it gives keeps the answer, unless something has changed in between. */
  begin(key: string): (answer: UpstreamAnswer) => void;
  /** Forgets everything, also what is still on its way. */
  drop(): void;
}

/** Characters of all answers of a vendor together, and how many answers. */
const MAX_CHARACTERS = 16_000_000;
const MAX_ANSWERS = 10_000;

interface Kept {
  readonly answer: UpstreamAnswer;
  readonly until: number;
}

/**
 * @param cacheMs milliseconds for which an answer is kept
 * @param canTrust whether what other replicas change would be heard of; nothing is kept or found where not
 */
export function createReadCache(cacheMs: number, canTrust: () => boolean, now = () => performance.now()): ReadCache {
  let kept = new Map<string, Kept>();
  let characters = 0;

  const forget = (key: string): void => {
    characters -= kept.get(key)?.answer.text.length ?? 0;
    kept.delete(key);
  };
  const makeRoom = (): void => {
    for (const key of kept.keys()) {
      if (kept.size <= MAX_ANSWERS && characters <= MAX_CHARACTERS) return;
      forget(key);
    }
  };

  return {
    find(key) {
      const found = kept.get(key);
      if (!found || !canTrust()) return undefined;
      if (found.until > now()) return found.answer;
      forget(key);
      return undefined;
    },
    begin(key) {
      const generation = kept;
      // A write that was not heard of may have come after the vendor's answer, and before we listened.
      const wasTrusted = canTrust();
      return (answer) => {
        if (kept !== generation || !wasTrusted || !canTrust()) return;
        forget(key);
        kept.set(key, { answer, until: now() + cacheMs });
        characters += answer.text.length;
        makeRoom();
      };
    },
    drop() {
      kept = new Map();
      characters = 0;
    },
  };
}
