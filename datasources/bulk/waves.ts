/**
 * Collects what concurrent writes want to store, so that many of them share one transaction: marks of at most 32 tickets,
 * and outcomes. A mark is stored, flushed to disk, before the promise of `mark` resolves.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemChange, Job } from './job.ts';
import type { Ledger } from './ledger.ts';

/** Tickets that one transaction marks: a longer one would block the event loop. */
const WAVE = 32;

/** Milliseconds between two attempts to store outcomes while the ledger is unavailable. */
const RETRY_MS = 500;

interface WaitingMark {
  readonly positions: readonly number[];
  readonly onMarked: (positions: readonly number[]) => void;
  resolve(isMarked: boolean): void;
  reject(error: unknown): void;
}

export interface Waves {
  /**
   * Resolves to false if the tickets may not be sent: the job was canceled, or another process has it.
   *
   * @param onMarked called with those that are marked; if the others cannot be, these must be put back
   */
  mark(positions: readonly number[], onMarked: WaitingMark['onMarked']): Promise<boolean>;
  record(change: ItemChange): void;
  /** Resolves when everything given to `record` is stored. @throws if `isOver` becomes true before */
  flush(): Promise<void>;
}

export type WaveLedger = Pick<Ledger, 'markSent' | 'record'>;

/** @param onRecorded called with the changes that were stored */
export function createWaves(
  ledger: WaveLedger,
  job: Job,
  owner: string,
  isOver: () => boolean,
  onRecorded: (changes: readonly ItemChange[]) => void,
): Waves {
  let marks: WaitingMark[] = [];
  const changes: ItemChange[] = [];
  let scheduled: Promise<void> | undefined;
  let previous: Promise<void> = Promise.resolve();

  const writeMarks = async (): Promise<void> => {
    const waiting = marks;
    marks = [];
    for (const wave of toWaves(waiting)) {
      try {
        await markWave(ledger, job, owner, wave);
      } catch (error) {
        for (const { reject } of wave) reject(error);
      }
    }
  };

  const writeChanges = async (): Promise<void> => {
    while (changes.length > 0) {
      const batch = changes.slice(0, WAVE);
      const stored = await ledger.record(job, owner, batch);
      changes.splice(0, batch.length);
      onRecorded(batch.filter(({ position }) => stored.has(position)));
      await nextTurn();
    }
  };

  const run = async (): Promise<void> => {
    // Lets writes that are ready in the same turn of the event loop join.
    await nextTurn();
    scheduled = undefined;
    await writeMarks();
    await writeChanges();
  };

  // One after the other: two that take from `changes` at the same time would drop what neither has stored.
  const schedule = (): Promise<void> => (scheduled ??= previous = previous.catch(() => undefined).then(run));

  return {
    mark: (positions, onMarked) =>
      new Promise((resolve, reject) => {
        marks.push({ positions, onMarked, resolve, reject });
        schedule().catch(() => undefined);
      }),
    record(change) {
      changes.push(change);
      schedule().catch(() => undefined);
    },
    async flush() {
      for (;;) {
        try {
          await schedule();
          if (changes.length === 0) return;
        } catch (error) {
          if (isOver()) throw error;
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    },
  };
}

/** Marks that fit into one transaction together; a larger one is alone. */
function toWaves(marks: readonly WaitingMark[]): WaitingMark[][] {
  const waves: WaitingMark[][] = [];
  let size = WAVE;
  for (const mark of marks) {
    size += mark.positions.length;
    if (size > WAVE) {
      waves.push([]);
      size = mark.positions.length;
    }
    waves.at(-1)!.push(mark);
  }
  return waves;
}

async function markWave(ledger: WaveLedger, job: Job, owner: string, wave: readonly WaitingMark[]): Promise<void> {
  const positions = wave.flatMap((mark) => mark.positions);
  let isMarked = true;
  for (let start = 0; start < positions.length && isMarked; start += WAVE) {
    const part = positions.slice(start, start + WAVE);
    isMarked = await ledger.markSent(job, owner, part);
    const marked = new Set(isMarked ? part : []);
    for (const mark of wave) mark.onMarked(mark.positions.filter((position) => marked.has(position)));
    // Flushing to disk blocks the event loop: other requests go on in between.
    await nextTurn();
  }
  for (const { resolve } of wave) resolve(isMarked);
}
