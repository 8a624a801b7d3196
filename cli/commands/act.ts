/** `ticketgraph act ID ACTION`: performs an action on a ticket and prints the outcome. */
import {
  ExecuteActionDocument,
  TicketgraphError,
  newIdempotencyKey,
  type ExecuteActionInput,
  type ExecuteActionMutation,
} from '../../client/index.ts';
import { readInputs, type Inputs } from '../action-inputs.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, print, printJson, plain } from '../output.ts';
import { findSignIn, isUnsent, openServer, toCommandError, type ServerOptions } from '../server.ts';
import { statusText } from '../ticket-text.ts';
import { exitOf, noteProblem, printPlan, quote, type WriteOptions } from '../writing.ts';
import { readActions } from './actions.ts';

export interface ActOptions extends ServerOptions, WriteOptions {
  readonly input?: ReadonlyMap<string, string>;
  readonly inputs?: Inputs;
}

type Report = ExecuteActionMutation['executeAction'];

export async function act(ticketId: string, action: string, options: ActOptions): Promise<void> {
  const inputs = await prepareInputs(ticketId, action, options);
  const { comment, dryRun = false, key = newIdempotencyKey() } = options;
  const what = { ticketId, action, ...(comment !== undefined && { comment }), ...(inputs && { inputs }) };
  const report = await perform({ ...what, ...(dryRun ? { dryRun } : { idempotencyKey: key }) }, options);
  const isPlanned = dryRun && report.problems.length === 0;
  process.exitCode = isPlanned ? EXIT.done : exitOf(report.outcome);
  if (options.json) printJson({ ...report, idempotencyKey: dryRun ? null : key });
  else if (isPlanned) printPlan(report.plan ?? []);
  else printReport(what, report);
  if (!options.json) report.problems.forEach(noteProblem);
  if (report.outcome === 'UNKNOWN') note(`Check the ticket: ticketgraph ticket ${quote(ticketId)}`);
  if (report.outcome === 'NOT_APPLIED' && !dryRun) note(`Available actions: ticketgraph actions ${quote(ticketId)}`);
}

/** Loads the ticket's actions to parse `--input` by type. Sends no request if there is no `--input`. */
async function prepareInputs(id: string, action: string, options: ActOptions): Promise<Inputs | undefined> {
  const { input, inputs } = options;
  if (!input) return inputs;
  if (inputs) throw new CommandError(EXIT.usage, '--input and --inputs cannot be combined.', 'Use one of them.');
  const offered = await readActions(id, options);
  const chosen = offered.find(({ name }) => name === action);
  if (chosen) return readInputs(input, chosen);
  const names = offered.map(({ name }) => name).join(', ');
  throw new CommandError(
    EXIT.notDone,
    `The action ${action} is not available on ${id} now, so its inputs are unknown.`,
    names ? `Available actions: ${names}.` : 'No action is available now.',
  );
}

/** @throws CommandError if there is no outcome. Names the command to repeat if the write may have happened. */
async function perform(input: ExecuteActionInput, options: ActOptions): Promise<Report> {
  try {
    const { executeAction } = await openServer(options).request(ExecuteActionDocument, { input });
    return executeAction;
  } catch (error) {
    if (!(error instanceof TicketgraphError)) throw error;
    if (isUnsent(error) || input.dryRun === true) throw toCommandError(error, options);
    const message = `Outcome unknown: ${error.message}`;
    throw new CommandError(
      EXIT.unknown,
      message,
      `Repeat the command; with the same key, it is applied only once: ${repeatCommand(input, options)}`,
    );
  }
}

/** The command that repeats the request. Uses `--inputs`, because the ticket may no longer offer the action. */
function repeatCommand(
  { ticketId, action, comment, inputs, idempotencyKey }: ExecuteActionInput,
  options: ActOptions,
): string {
  const words = ['ticketgraph', 'act', ticketId, action];
  if (typeof comment === 'string') words.push('--comment', comment);
  if (inputs) words.push('--inputs', JSON.stringify(inputs));
  const profile = findSignIn(options)?.name;
  if (profile !== undefined) words.push('--profile', profile);
  words.push('--url', options.url, '--key', idempotencyKey ?? '');
  return words.map(quote).join(' ');
}

function printReport(what: { ticketId: string; action: string }, report: Report): void {
  const { outcome, transition, replayed, reconciled } = report;
  const to = transition?.to ? [`now ${statusText(transition.to)}`] : [];
  const how = [
    ...(replayed ? ['stored result of an earlier request with the same key'] : []),
    ...(reconciled ? ['verified by reading the ticket afterwards'] : []),
  ];
  const line = [outcome, what.ticketId, what.action, ...to].join('  ');
  print(plain(how.length > 0 ? `${line}  (${how.join('; ')})` : line));
}
