/** `ticketgraph set-status STATUS ID…`: sets the status of any number of tickets and prints each outcome. */
import { newIdempotencyKey, type StatusCategory } from '../../client/index.ts';
import { setStatusOfAll, type BulkResult, type TicketResult } from '../bulk.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { note, printJson, printTable, type Cell } from '../output.ts';
import { createProgress } from '../progress.ts';
import { openServer, toCommandError, type ServerOptions } from '../server.ts';
import { readStandardInput } from '../standard-input.ts';
import { statusText } from '../ticket-text.ts';
import { outcomeCell, printPlan, problemText, type WriteOptions } from '../writing.ts';

export type SetStatusOptions = ServerOptions & WriteOptions;

export async function setStatus(status: StatusCategory, words: string[], options: SetStatusOptions): Promise<void> {
  const { comment, dryRun = false } = options;
  const key = dryRun ? undefined : (options.key ?? newIdempotencyKey());
  const ids = await readIds(words);
  const progress = createProgress('tickets', ids.length);
  const interrupt = listenForInterrupt();
  const bulk = await setStatusOfAll(
    openServer(options),
    ids,
    { status, comment: comment ?? null, dryRun },
    {
      key,
      onProgress: progress.show,
      isStopped: () => interrupt.wasReceived,
    },
  );
  interrupt.dispose();
  progress.end();
  const error = bulk.error && toCommandError(bulk.error, options);
  // No ticket was processed: the error alone is enough.
  if (error && isFullyRejected(bulk)) throw error;
  process.exitCode = exitOfBulk(bulk, dryRun);
  if (options.json)
    printJson({ results: bulk.results, idempotencyKey: key ?? null, ...(dryRun && { plan: bulk.plan }) });
  else printBulk(bulk, dryRun);
  if (error) note(`error: ${error.message}`);
  if (process.exitCode === EXIT.unknown)
    note(`Check the UNKNOWN tickets, or repeat the command with --key ${key ?? ''}: each write is applied only once.`);
}

/** Returns the unique ids, in the given order. */
async function readIds(words: readonly string[]): Promise<string[]> {
  const isPiped = words.includes('-') || (words.length === 0 && !process.stdin.isTTY);
  const piped = isPiped ? (await readStandardInput()).split(/\s+/) : [];
  const ids = [...words, ...piped].filter((word) => word !== '' && word !== '-');
  if (ids.length === 0) throw new CommandError(EXIT.usage, 'No ticket ids given.', NAME_TICKETS);
  return [...new Set(ids)];
}

const NAME_TICKETS = 'Pass them as arguments, or on stdin, separated by whitespace.';

/** The first Control-C lets the current request finish, so that its outcomes are known. The second ends the process. */
function listenForInterrupt(): { wasReceived: boolean; dispose(): void } {
  const stop = (): void => {
    interrupt.wasReceived = true;
    note('Stopping after the current request.');
  };
  const interrupt = { wasReceived: false, dispose: () => void process.off('SIGINT', stop) };
  process.once('SIGINT', stop);
  return interrupt;
}

/** Whether the first request was rejected, so that nothing was processed. */
function isFullyRejected({ results, error }: BulkResult): boolean {
  const isRejected = ({ outcome, problem }: TicketResult): boolean =>
    outcome === 'NOT_APPLIED' && (problem?.code === error?.code || problem?.code === 'NOT_SENT');
  return results.every(isRejected);
}

function exitOfBulk({ results, error }: BulkResult, isDryRun: boolean): ExitCode {
  if (results.some(({ outcome }) => outcome === 'UNKNOWN')) return EXIT.unknown;
  if (error) return EXIT.server;
  const isFine = isDryRun
    ? ({ problem }: TicketResult) => !problem
    : ({ outcome }: TicketResult) => outcome === 'APPLIED';
  return results.every(isFine) ? EXIT.done : EXIT.notDone;
}

function printBulk({ results, plan }: BulkResult, isDryRun: boolean): void {
  if (isDryRun) printPlan(plan);
  const shown = isDryRun ? results.filter(({ problem }) => problem) : results;
  if (shown.length > 0) printTable(['TICKET', 'OUTCOME', 'STATUS', 'PROBLEM'], shown.map(toRow));
}

function toRow({ ticketId, outcome, transition, problem }: TicketResult): Cell[] {
  const status = transition?.to ? statusText(transition.to) : null;
  return [ticketId, outcomeCell(outcome), status, problem && problemText(problem)];
}
