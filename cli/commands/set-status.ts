/** `ticketgraph set-status STATUS ID…`: another status for any number of tickets, and what became of each. */
import { newIdempotencyKey, type StatusCategory } from '../../client/index.ts';
import { setStatusOfAll, type Bulk, type Result } from '../bulk.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { note, printJson, printTable, type Cell } from '../output.ts';
import { createProgress } from '../progress.ts';
import { openServer, toCommandError, type ServerOptions } from '../server.ts';
import { statusText } from '../ticket-text.ts';
import { outcomeCell, printPlan, problemText, type WriteOptions } from '../writing.ts';

export type SetStatusOptions = ServerOptions & WriteOptions;

export async function setStatus(status: StatusCategory, words: string[], options: SetStatusOptions): Promise<void> {
  const { comment, dryRun = false } = options;
  const key = dryRun ? undefined : (options.key ?? newIdempotencyKey());
  const ids = await readIds(words);
  const progress = createProgress('tickets', ids.length);
  const interruption = watchForInterruption();
  const bulk = await setStatusOfAll(
    openServer(options),
    ids,
    { status, comment: comment ?? null, dryRun },
    {
      key,
      progress: progress.show,
      isStopped: () => interruption.hasCome,
    },
  );
  interruption.forget();
  progress.end();
  const error = bulk.error && toCommandError(bulk.error, options);
  // Nothing has begun: why is all that there is to say.
  if (error && isUntouched(bulk)) throw error;
  process.exitCode = exitOf(bulk, dryRun);
  if (options.json)
    printJson({ results: bulk.results, idempotencyKey: key ?? null, ...(dryRun && { plan: bulk.plan }) });
  else printBulk(bulk, dryRun);
  if (error) note(`error: ${error.message}`);
  if (process.exitCode === EXIT.unknown)
    note(`Look at those, or repeat the command with --key ${key ?? ''}: nothing happens twice.`);
}

/** Each once, in the order given. */
async function readIds(words: readonly string[]): Promise<string[]> {
  const isPiped = words.includes('-') || (words.length === 0 && !process.stdin.isTTY);
  const piped = isPiped ? (await readStandardInput()).split(/\s+/) : [];
  const ids = [...words, ...piped].filter((word) => word !== '' && word !== '-');
  if (ids.length === 0) throw new CommandError(EXIT.usage, 'No ticket is named.', NAME_THEM);
  return [...new Set(ids)];
}

const NAME_THEM = 'Name them as arguments, or on standard input, separated by blanks or lines.';

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Control-C lets the request under way end, so that its outcomes are known; once more ends the process. */
function watchForInterruption(): { hasCome: boolean; forget(): void } {
  const stop = (): void => {
    interruption.hasCome = true;
    note('Waiting for the request under way; none is sent after it.');
  };
  const interruption = { hasCome: false, forget: () => void process.off('SIGINT', stop) };
  process.once('SIGINT', stop);
  return interruption;
}

/** Whether the very first request was turned away. */
function isUntouched({ results, error }: Bulk): boolean {
  const isTurnedAway = ({ outcome, problem }: Result): boolean =>
    outcome === 'NOT_APPLIED' && (problem?.code === error?.code || problem?.code === 'NOT_SENT');
  return results.every(isTurnedAway);
}

function exitOf({ results, error }: Bulk, isDryRun: boolean): ExitCode {
  if (results.some(({ outcome }) => outcome === 'UNKNOWN')) return EXIT.unknown;
  if (error) return EXIT.server;
  const isFine = isDryRun ? ({ problem }: Result) => !problem : ({ outcome }: Result) => outcome === 'APPLIED';
  return results.every(isFine) ? EXIT.done : EXIT.notDone;
}

function printBulk({ results, plan }: Bulk, isDryRun: boolean): void {
  if (isDryRun) printPlan(plan);
  const shown = isDryRun ? results.filter(({ problem }) => problem) : results;
  if (shown.length > 0) printTable(['TICKET', 'OUTCOME', 'STATUS', 'PROBLEM'], shown.map(toRow));
}

function toRow({ ticketId, outcome, transition, problem }: Result): Cell[] {
  const status = transition?.to ? statusText(transition.to) : null;
  return [ticketId, outcomeCell(outcome), status, problem && problemText(problem)];
}
