/** The states of one job as a stream of events: at most one a second, the last one as soon as the job ends. */
import { hasEnded } from './job-view.ts';
import type { JobView } from './job.ts';

/** Milliseconds between two events, and between two looks at a job that another process runs. */
const EVERY_MS = 1_000;

/** Iterated once. Ends with the job, or when `close` is called. */
export interface JobFeed extends AsyncIterableIterator<JobView> {
  close(): void;
}

/**
 * @param read returns the job now; `undefined` if it was deleted
 * @param listen calls back on a change by this process, until the function that it returns is called
 */
export function watchJob(
  read: () => Promise<JobView | undefined>,
  listen: (onChange: () => void) => () => void,
): JobFeed {
  let isClosed = false;
  let wake: (() => void) | undefined;
  const stopListening = listen(() => wake?.());
  const close = (): void => {
    isClosed = true;
    stopListening();
    wake?.();
  };
  const events = eventsOf(
    read,
    () => isClosed,
    (ms) => {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  );
  return Object.assign(events, {
    close,
    // A generator that waits would only end after its wait.
    return: async () => {
      close();
      return { done: true as const, value: undefined };
    },
  });
}

async function* eventsOf(
  read: () => Promise<JobView | undefined>,
  isClosed: () => boolean,
  sleep: (ms: number) => Promise<void>,
): AsyncGenerator<JobView, undefined> {
  let last = '';
  let nextAt = 0;
  while (!isClosed()) {
    const job = await read();
    if (!job || isClosed()) return undefined;
    const text = describe(job);
    const isEnd = hasEnded(job);
    if (isEnd || (text !== last && performance.now() >= nextAt)) {
      nextAt = performance.now() + EVERY_MS;
      last = text;
      yield job;
    }
    if (isEnd) return undefined;
    await sleep(EVERY_MS);
  }
  return undefined;
}

/** What makes an event worth sending. */
function describe({ shownState, total, waiting, inFlight, sources }: JobView): string {
  return JSON.stringify([shownState, total, waiting, inFlight, sources]);
}
