/** Shows a bulk job as it proceeds: a bar on a terminal, lines otherwise, or JSON. */
import type { ServerOptions } from '../server.ts';
import { plain, print } from '../output.ts';
import { createProgress } from '../progress.ts';
import { finishedOf, type BulkJob } from './job.ts';

export interface JobProgress {
  show(job: BulkJob): void;
  /** Clears the bar. */
  end(): void;
}

/** @param extra added to each JSON object */
export function createJobProgress({ json }: Pick<ServerOptions, 'json'>, extra: object = {}): JobProgress {
  if (json) return { show: (job) => print(JSON.stringify({ ...job, ...extra })), end: () => undefined };
  return process.stdout.isTTY && process.stderr.isTTY ? createBar() : createLines();
}

function createBar(): JobProgress {
  const rateOf = createRate();
  const progress = createProgress('tickets');
  return {
    show: (job) => progress.show(finishedOf(job), job.total, [job.state, ...detailsOf(job, rateOf(job))].join('  ')),
    end: () => progress.end(),
  };
}

/** A line for each percent and each state: the number of lines does not grow with the number of tickets. */
function createLines(): JobProgress {
  const rateOf = createRate();
  let last = '';
  return {
    show(job) {
      const rate = rateOf(job);
      const percent = job.total === 0 ? 0 : Math.floor((finishedOf(job) / job.total) * 100);
      const step = `${job.state} ${percent}`;
      if (step === last) return;
      last = step;
      const cells = [job.id, job.state, `${finishedOf(job)}/${job.total}`, ...detailsOf(job, rate)];
      print(cells.map(plain).join('  '));
    },
    end: () => undefined,
  };
}

function detailsOf({ notApplied, unknown, expectedEnd }: BulkJob, rate: number | undefined): string[] {
  return [
    ...(notApplied > 0 ? [`${notApplied} not applied`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(rate === undefined ? [] : [`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`]),
    ...(expectedEnd === null ? [] : [`ends in ${timeUntil(expectedEnd)}`]),
  ];
}

/** The rate is that of so many milliseconds. */
const WINDOW_MS = 20_000;

/** Returns a function that takes each state of a job, and returns tickets per second; `undefined` if not known yet. */
export function createRate(now: () => number = () => performance.now()): (job: BulkJob) => number | undefined {
  const seen: { readonly at: number; readonly finished: number }[] = [];
  return (job) => {
    const latest = { at: now(), finished: finishedOf(job) };
    while (seen.length > 1 && seen[0]!.at < latest.at - WINDOW_MS) seen.shift();
    const [first] = seen;
    seen.push(latest);
    if (!first || latest.at === first.at || latest.finished === first.finished) return undefined;
    return ((latest.finished - first.finished) / (latest.at - first.at)) * 1_000;
  };
}

/** The time until then in its two largest units. */
export function timeUntil(time: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((Date.parse(time) - now) / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
