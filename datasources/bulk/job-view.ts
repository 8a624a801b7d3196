/** A job as clients see it. */
import type { Job, JobSource, JobState, JobView } from './job.ts';

export function toView(job: Job, sources: readonly JobSource[], now = Date.now()): JobView {
  return {
    __typename: 'BulkJob',
    ...job,
    shownState: toState(job, sources, now),
    sources: sources.map((source) =>
      isPaused(source, now) ? source : { ...source, pausedUntil: null, problem: null },
    ),
    expectedEnd: toExpectedEnd(job, now),
  };
}

/**
 * Paused if nothing is in flight, and every source that has waiting tickets is paused. Also if no process runs it, e.g.
 * because none can write to the ledger.
 */
function toState({ state, inFlight, waiting, isHeld }: Job, sources: readonly JobSource[], now: number): JobState {
  if (state !== 'RUNNING') return state;
  if (!isHeld) return 'PAUSED';
  if (inFlight > 0 || waiting === 0) return state;
  return sources.every((source) => source.waiting === 0 || isPaused(source, now)) ? 'PAUSED' : state;
}

function isPaused({ pausedUntil, waiting }: JobSource, now: number): boolean {
  return waiting > 0 && pausedUntil !== null && pausedUntil > now;
}

/** At the rate so far; `null` if there is none yet. */
function toExpectedEnd({ state, startedAt, waiting, inFlight, total }: Job, now: number): number | null {
  const finished = total - waiting - inFlight;
  if (state !== 'RUNNING' || startedAt === null || finished === 0) return null;
  return now + Math.round(((now - startedAt) * (waiting + inFlight)) / finished);
}

export function hasEnded({ state }: Pick<Job, 'state'>): boolean {
  return state === 'DONE' || state === 'CANCELLED' || state === 'FAILED';
}
