/** What commands print of a bulk job, its exit code, and the commands to go on with. */
import { TicketgraphError, type BulkJobPartsFragment } from '../../client/index.ts';
import { DEFAULT_URL } from '../arguments.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { note, printTable } from '../output.ts';
import { findSignIn, withCommandErrors, type ServerOptions } from '../server.ts';
import { sourceLabel } from '../ticket-text.ts';
import { noteProblem, quote } from '../writing.ts';

export type BulkJob = BulkJobPartsFragment;

/** Of a job that has ended: as for other writes. */
export function exitOfJob({ state, total, applied, unknown }: BulkJob): ExitCode {
  if (unknown > 0) return EXIT.unknown;
  return state !== 'FAILED' && applied === total ? EXIT.done : EXIT.notDone;
}

export function finishedOf({ total, waiting, inFlight }: BulkJob): number {
  return total - waiting - inFlight;
}

/** The state, and the counts of each source. */
export function printJob(job: BulkJob): void {
  const counts = ({ waiting, inFlight, applied, notApplied, unknown }: Omit<BulkJob['sources'][number], 'source'>) =>
    [waiting, inFlight, applied, notApplied, unknown].map(String);
  const rows = job.sources.map(({ source, ...of }) => [
    sourceLabel(source.vendor, source.id),
    ...counts(of),
    of.pausedUntil,
  ]);
  printTable(
    ['SOURCE', 'WAITING', 'IN FLIGHT', 'APPLIED', 'NOT APPLIED', 'UNKNOWN', 'PAUSED UNTIL'],
    [...rows, [job.state, ...counts({ ...job, pausedUntil: null }), null]],
  );
}

/** Problems, and the next steps after the end of a job. */
export function noteNextSteps(job: BulkJob, options: ServerOptions): void {
  for (const { problem } of [job, ...job.sources]) if (problem) noteProblem(problem);
  const results = (outcome: string): string => commandFor(['results', job.id, '--outcome', outcome], options);
  if (job.unknown > 0) note(`Check the UNKNOWN tickets: ${results('unknown')}`);
  if (job.notApplied > 0) note(`Not applied, and why: ${results('not-applied')}`);
}

/** Returns a `bulk` command for the same server. */
export function commandFor(words: readonly string[], options: ServerOptions): string {
  const profile = findSignIn(options)?.name;
  const where = [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(options.url === DEFAULT_URL ? [] : ['--url', options.url]),
  ];
  return ['ticketgraph', 'bulk', ...words, ...where].map(quote).join(' ');
}

/** Runs requests about a job. @throws CommandError */
export function withJobErrors<Value>(id: string, options: ServerOptions, work: () => Promise<Value>): Promise<Value> {
  return withCommandErrors(options, () =>
    work().catch((error: unknown): never => {
      throw error instanceof TicketgraphError && error.code === 'NOT_FOUND' ? noSuchJob(id, options) : error;
    }),
  );
}

export function noSuchJob(id: string, options: ServerOptions): CommandError {
  return new CommandError(EXIT.notDone, `Bulk job ${id} not found.`, `List yours: ${commandFor(['status'], options)}`);
}
