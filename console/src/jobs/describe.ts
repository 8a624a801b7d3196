/** Words and figures of bulk jobs. */
import type { BulkJobPartsFragment, BulkState } from '../__generated__/documents.ts';

const STATE_LABELS: Readonly<Record<BulkState, string>> = {
  GATHERING: 'Finding tickets',
  RUNNING: 'Running',
  PAUSED: 'Paused',
  CANCELLING: 'Canceling',
  CANCELLED: 'Canceled',
  DONE: 'Done',
  FAILED: 'Failed',
};

export function stateLabel(state: BulkState): string {
  return STATE_LABELS[state];
}

const NUMBER = new Intl.NumberFormat('en');

/** Formats `12345` as `12,345`. */
export function amount(number: number): string {
  return NUMBER.format(number);
}

/** Returns `1 ticket` or `12,345 tickets`. */
export function ticketCount(number: number): string {
  return `${amount(number)} ${number === 1 ? 'ticket' : 'tickets'}`;
}

export function hasEnded({ endedAt }: Pick<BulkJobPartsFragment, 'endedAt'>): boolean {
  return endedAt !== null;
}

/** Number of tickets that have an outcome. */
export function finishedOf({ applied, notApplied, unknown }: Counts): number {
  return applied + notApplied + unknown;
}

export type Counts = Pick<BulkJobPartsFragment, 'applied' | 'notApplied' | 'unknown' | 'waiting' | 'inFlight'>;

const COUNTS = [
  ['applied', 'done'],
  ['notApplied', 'not done'],
  ['unknown', 'unknown'],
  ['inFlight', 'being sent'],
  ['waiting', 'waiting'],
] as const;

/** Returns e.g. `120 done, 3 not done, 27 waiting`, without what is zero. */
export function describeCounts(counts: Counts): string {
  const parts = COUNTS.filter(([name]) => counts[name] > 0).map(([name, word]) => `${amount(counts[name])} ${word}`);
  return parts.join(', ');
}

/** One sentence for the state that the job is in. */
export function describeProgress(job: BulkJobPartsFragment): string {
  if (job.state === 'GATHERING') return `${amount(job.total)} found so far. Nothing has been sent.`;
  const counts = describeCounts(job);
  if (job.state === 'FAILED') return job.problem?.message ?? 'Its tickets could not be determined. Nothing was sent.';
  if (job.state === 'PAUSED') return `${counts}. ${describePause(job)}`;
  if (hasEnded(job)) return `${counts === '' ? 'No tickets' : counts}.${adviceFor(job)}`;
  const end = job.expectedEnd === null ? '' : ` Ends about ${clockTime(job.expectedEnd)}.`;
  return `${counts}.${end}`;
}

function adviceFor({ unknown }: Counts): string {
  return unknown > 0 ? ' Check the unknown ones before another job names them.' : '';
}

/** Why the sources are paused, the first of them by name. */
function describePause({ sources }: BulkJobPartsFragment): string {
  const [first] = sources.filter(({ pausedUntil }) => pausedUntil !== null);
  if (!first) return '';
  return `${first.source.name} is paused until ${clockTime(first.pausedUntil!)}: ${first.problem?.message ?? ''}`;
}

/**
 * For screen readers: changes with the state and with each quarter of the tickets, never with each ticket.
 *
 * @param label what the job does, if that is known
 */
export function announcement(job: BulkJobPartsFragment, label: string): string {
  if (hasEnded(job) || job.state === 'PAUSED') {
    return `${label}: ${stateLabel(job.state)}. ${hasEnded(job) ? describeProgress(job) : ''}`;
  }
  const quarters = job.total === 0 ? 0 : Math.floor((4 * finishedOf(job)) / job.total);
  return `${label}: ${stateLabel(job.state)}, ${quarters * 25} % finished.`;
}

const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** The time of day, with the date unless it is today. */
export function clockTime(text: string): string {
  const at = new Date(text);
  return (at.toDateString() === new Date().toDateString() ? TIME : DAY).format(at);
}
