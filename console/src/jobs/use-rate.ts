/** How fast a job proceeds, measured by this page. */
import { useEffect, useRef, useState } from 'react';
import type { BulkJobPartsFragment } from '../__generated__/documents.ts';
import { finishedOf, hasEnded } from './describe.ts';

/** Milliseconds that are averaged over. */
const WINDOW_MS = 30_000;

interface Sample {
  readonly at: number;
  readonly finished: number;
}

/** Returns tickets per second, or `undefined` until two states have been seen, and once the job has ended. */
export function useRate(job: BulkJobPartsFragment): number | undefined {
  const samples = useRef<readonly Sample[]>([]);
  const [rate, setRate] = useState<number>();
  const finished = finishedOf(job);
  const isRunning = !hasEnded(job) && job.state === 'RUNNING';
  useEffect(() => {
    const now = performance.now();
    samples.current = [...samples.current.filter(({ at }) => now - at < WINDOW_MS), { at: now, finished }];
    const first = samples.current[0]!;
    const seconds = (now - first.at) / 1_000;
    setRate(seconds > 0 ? (finished - first.finished) / seconds : undefined);
  }, [finished]);
  return isRunning ? rate : undefined;
}
