/** The commands for bulk jobs, with their arguments and options. */
import { Option, type Command } from 'commander';
import { Priority } from '../schema/__generated__/types.ts';
import { idempotencyKey, jobId, jsonObjectOrFile, wholeNumber, wordOf } from './arguments.ts';
import type { BulkCancelOptions } from './commands/bulk-cancel.ts';
import type { BulkResultsOptions } from './commands/bulk-results.ts';
import type { BulkStartOptions } from './commands/bulk-start.ts';
import type { BulkStatusOptions } from './commands/bulk-status.ts';
import { EXIT_HELP } from './exit.ts';
import { CATEGORIES, severalOf, withFilter } from './filter-options.ts';
import { withServer } from './server-options.ts';

const OUTCOMES = ['APPLIED', 'NOT_APPLIED', 'UNKNOWN'];
const FORMATS = ['table', 'ndjson', 'csv'] as const;

export function addBulkCommands(program: Command): void {
  const bulk = program
    .command('bulk')
    .description('change up to 100,000 tickets in the background: start, status, results, cancel');
  addStart(bulk);
  addStatus(bulk);
  addResults(bulk);
  addCancel(bulk);
}

function addStart(bulk: Command): void {
  const command = bulk
    .command('start')
    .description('start a job over the tickets of a file, of stdin or of a filter, and show how it proceeds')
    .argument('[file]', 'one id a line, or NDJSON with ticketId, comment and inputs; - or none for stdin')
    .addOption(oneOf(new Option('--set-status <status>', 'set this status'), CATEGORIES))
    .addOption(oneOf(new Option('--set-priority <priority>', 'set this priority'), Object.values(Priority)))
    .option('--action <name>', 'perform this action, a name from `ticketgraph actions`')
    .option('--inputs <json>', 'inputs of the action as a JSON object, or @file', jsonObjectOrFile)
    .option('--delete', 'delete the tickets; needs --confirm')
    .option('--confirm', 'confirm a deletion, which cannot be undone')
    .option('--comment <text>', 'a comment for each ticket, if the vendor supports one');
  withFilter(command)
    .option('--dry-run', 'count the tickets and print the first requests without sending them')
    .option('--at-most-per-second <number>', 'begin at most so many tickets in a second', wholeNumber(1, 10_000))
    .option('--stop-after-unknown <number>', 'cancel after so many UNKNOWN tickets', wholeNumber(1, 100_000_000))
    .option('--key <key>', 'idempotency key: the same key, options and tickets give the same job', idempotencyKey)
    .option('--detach', 'print the id of the job and end, while it goes on')
    .addHelpText('after', EXIT_HELP);
  withServer(command).action(async (file: string | undefined, options: BulkStartOptions) =>
    (await import('./commands/bulk-start.ts')).bulkStart(file, options),
  );
}

function addStatus(bulk: Command): void {
  const command = bulk
    .command('status')
    .description('show a job, or list yours, newest first')
    .argument('[id]', 'the id of a job; none to list them', jobId)
    .option('--watch', 'show how it proceeds until it ends; the exit code is then that of bulk start')
    .option('--first <number>', 'number of jobs in the list, 0 to 100', wholeNumber(0, 100), 25)
    .option('--after <cursor>', 'continue the list after this cursor')
    .addHelpText('after', EXIT_HELP);
  withServer(command).action(async (id: string | undefined, options: BulkStatusOptions) =>
    (await import('./commands/bulk-status.ts')).bulkStatus(id, options),
  );
}

function addResults(bulk: Command): void {
  const command = bulk
    .command('results')
    .description('print the result of each ticket of a job, in the order of the input')
    .argument('<id>', 'the id of the job', jobId)
    .addOption(oneOf(new Option('--format <format>', 'the format (default: table; ndjson with --json)'), FORMATS))
    .addOption(severalOf(new Option('--outcome <word>', 'only results with this outcome; repeatable'), OUTCOMES))
    .option('--output <file>', 'write to this file instead of stdout');
  withServer(command).action(async (id: string, options: BulkResultsOptions) =>
    (await import('./commands/bulk-results.ts')).bulkResults(id, options),
  );
}

function addCancel(bulk: Command): void {
  const command = bulk
    .command('cancel')
    .description('cancel a job: no further ticket is begun, those in flight are finished')
    .argument('<id>', 'the id of the job', jobId);
  withServer(command).action(async (id: string, options: BulkCancelOptions) =>
    (await import('./commands/bulk-cancel.ts')).bulkCancel(id, options),
  );
}

/** Commander lists the choices in the help; the parser accepts them case-insensitively. */
function oneOf(option: Option, words: readonly string[]): Option {
  return option.choices(words).argParser(wordOf(words));
}
