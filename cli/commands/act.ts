/** `ticketgraph act ID ACTION`: performs an action on a ticket, and says what became of it. */
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
import { isUnsent, openServer, toCommandError, type ServerOptions } from '../server.ts';
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
  if (report.outcome === 'UNKNOWN') note(`Look at it: ticketgraph ticket ${quote(ticketId)}`);
  if (report.outcome === 'NOT_APPLIED' && !dryRun) note(`What may be done: ticketgraph actions ${quote(ticketId)}`);
}

/** Values are read by the types that the ticket's actions name; without any, nothing has to be asked before. */
async function prepareInputs(id: string, action: string, options: ActOptions): Promise<Inputs | undefined> {
  const { input, inputs } = options;
  if (!input) return inputs;
  if (inputs) throw new CommandError(EXIT.usage, '--input and --inputs are both given.', 'Use one of them.');
  const offered = await readActions(id, options);
  const chosen = offered.find(({ name }) => name === action);
  if (chosen) return readInputs(input, chosen);
  const names = offered.map(({ name }) => name).join(', ');
  throw new CommandError(
    EXIT.notDone,
    `${action} may not be done with ${id} now, so what it takes is not known.`,
    names ? `What may be done: ${names}.` : 'Nothing may be done with it now.',
  );
}

/** @throws CommandError where the server gave no outcome: with the way to ask for it where it may have happened. */
async function perform(input: ExecuteActionInput, options: ActOptions): Promise<Report> {
  try {
    const { executeAction } = await openServer(options).request(ExecuteActionDocument, { input });
    return executeAction;
  } catch (error) {
    if (!(error instanceof TicketgraphError)) throw error;
    if (isUnsent(error) || input.dryRun === true) throw toCommandError(error, options);
    const message = `It is not known whether it happened: ${error.message}`;
    throw new CommandError(EXIT.unknown, message, `Ask again, which does nothing twice: ${repeat(input, options)}`);
  }
}

/** The same request again. Inputs are given as they were read, since the ticket may offer the action no more. */
function repeat(
  { ticketId, action, comment, inputs, idempotencyKey }: ExecuteActionInput,
  { url }: ActOptions,
): string {
  const words = ['ticketgraph', 'act', ticketId, action];
  if (typeof comment === 'string') words.push('--comment', comment);
  if (inputs) words.push('--inputs', JSON.stringify(inputs));
  words.push('--url', url, '--key', idempotencyKey ?? '');
  return words.map(quote).join(' ');
}

function printReport(what: { ticketId: string; action: string }, report: Report): void {
  const { outcome, transition, replayed, reconciled } = report;
  const to = transition?.to ? [`now ${statusText(transition.to)}`] : [];
  const how = [
    ...(replayed ? ['this is the answer of an earlier try with the same key'] : []),
    ...(reconciled ? ['found out by a look at the ticket afterwards'] : []),
  ];
  const line = [outcome, what.ticketId, what.action, ...to].join('  ');
  print(plain(how.length > 0 ? `${line}  (${how.join('; ')})` : line));
}
