/** What runs bulk jobs: in this process alone, or together with other replicas. */
import { causeOf, isStoreError } from '../writes/idempotency/store-errors.ts';
import type { BulkTools } from './job-context.ts';
import type { Job } from './job.ts';
import type { Ledger } from './ledger.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import type { Phase, Progress } from './progress.ts';

export interface Engine {
  readonly ledger: Ledger;
  /** Runs a job that was stored. */
  start(job: Job): Promise<void>;
  /** To be called when a job was canceled: begins no further ticket of it. */
  cancel(job: Job): Promise<void>;
  /** Calls back when this process has changed a job, until the function that it returns is called. */
  listen(listener: (id: string) => void): () => void;
  /** Begins no further ticket. Resolves when those in flight are finished. */
  stop(): Promise<void>;
  /** Aborts reads, so that `stop` resolves soon. */
  abort(): void;
  close(): Promise<void>;
  status(): BulkStatus;
}

/** The jobs that this process runs, for metrics. */
export interface BulkStatus {
  readonly jobs: Readonly<Record<Phase, number>>;
  /** Milliseconds since the job that stands still the longest made progress; 0 if there is none. */
  readonly progressAgeMs: number;
}

export function toStatus(runs: Iterable<Progress>): BulkStatus {
  const jobs: Record<Phase, number> = { gathering: 0, running: 0, paused: 0, cancelling: 0 };
  let progressAgeMs = 0;
  for (const progress of runs) {
    jobs[progress.phase] += 1;
    progressAgeMs = Math.max(progressAgeMs, progress.ageMs());
  }
  return { jobs, progressAgeMs };
}

/** How often what has expired is deleted. */
export const DELETE_EVERY_MS = 10 * 60 * 1_000;

/** A write in flight and the queue of a source: bulk jobs have at most a quarter of the concurrency. */
const SHARE = 4;
const MAX_IN_FLIGHT = 32;

/** Returns the limiter of a source, which all jobs of this process share. */
export function createLimiters({ connected }: BulkTools): (sourceKey: string) => Limiter {
  const limiters = new Map<string, Limiter>();
  return (key) => {
    const known = limiters.get(key);
    if (known) return known;
    const concurrency = connected.get(key)?.concurrency ?? 1;
    const limiter = createLimiter(Math.min(MAX_IN_FLIGHT, Math.max(1, Math.floor(concurrency / SHARE))));
    limiters.set(key, limiter);
    return limiter;
  };
}

export interface JobListeners {
  add(listener: (id: string) => void): () => void;
  call(id: string): void;
}

export function createJobListeners(): JobListeners {
  const listeners = new Set<(id: string) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call: (id) => listeners.forEach((listener) => listener(id)),
  };
}

/** Some run continues with the job once the store is available. */
export function reportStoreError({ events, reportUnexpected }: BulkTools, error: unknown): void {
  if (isStoreError(error)) events?.onStoreFailure(causeOf(error));
  else reportUnexpected(error);
}
