/**
 * The command tree with arguments and options, for `--help` and for completions.
 *
 * Each command's module is imported only when it runs, so that help and completions start fast.
 */
import { Argument, Command, Option } from 'commander';
import packageFile from '../package.json' with { type: 'json' };
import type { StatusCategory } from '../schema/__generated__/types.ts';
import {
  address,
  idempotencyKey,
  jsonObject,
  jsonObjectOrFile,
  keyAndValue,
  sourceIds,
  wholeNumber,
  wordOf,
} from './arguments.ts';
import { addBulkCommands } from './bulk-commands.ts';
import type { ActOptions } from './commands/act.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { QueryOptions } from './commands/query.ts';
import type { SchemaOptions } from './commands/schema.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { SetStatusOptions } from './commands/set-status.ts';
import type { TicketsOptions } from './commands/tickets.ts';
import type { VerifyOptions } from './commands/verify.ts';
import type { WatchOptions } from './commands/watch.ts';
import { SHELLS, completionScript, type Shell } from './completions.ts';
import { EXIT_HELP } from './exit.ts';
import { CATEGORIES, VENDORS, severalOf, withFilter } from './filter-options.ts';
import { print } from './output.ts';
import { addProfileCommands } from './profile-commands.ts';
import type { ServerOptions } from './server.ts';
import { json, withCredentials, withServer } from './server-options.ts';

export function createProgram(): Command {
  const program = new Command('ticketgraph')
    .description('Command line for ticketgraph, one GraphQL endpoint over several ticket systems.')
    .version(packageFile.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    // Makes Commander throw on help and usage errors, so that `main.ts` sets the exit code.
    .exitOverride()
    .showHelpAfterError('Use --help for usage.')
    .addHelpText('after', EXIT_HELP);
  addServe(program);
  addDoctor(program);
  addVerify(program);
  addTickets(program);
  addTicket(program);
  addWatch(program);
  addActions(program);
  addAct(program);
  addSetStatus(program);
  addBulkCommands(program);
  addQuery(program);
  addSchema(program);
  addProfileCommands(program);
  addCompletions(program);
  return program;
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('start the server, as npm start does; shuts down gracefully on SIGTERM')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: PORT, or 4000)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (default: HOST, or 127.0.0.1)')
    .action(async (options: ServeOptions) => (await import('./commands/serve.ts')).serve(options));
}

function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'check settings, connection and sign-in of each vendor, from the environment or through a running server; read-only',
    );
  const url = new Option(
    '--url <address>',
    'check through the server at this URL instead of calling the vendors directly',
  );
  withCredentials(command.addOption(url.argParser(address))).action(async (options: DoctorOptions) =>
    (await import('./commands/doctor.ts')).doctor(options),
  );
}

function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check what each configured vendor answers against its documentation; read-only')
    .addOption(severalOf(new Option('--vendor <name>', 'only this vendor; repeatable'), VENDORS))
    .option('--source <id>', 'only this source, e.g. <vendor>@<name>; repeatable', sourceIds)
    .option('--ticket <id>', 'read this ticket instead of the newest; repeatable', collect)
    .option('--known <file>', 'the file of accepted findings (default: verify.json beside STORE_PATH)')
    .option('--accept', 'add what is found to that file, so that the next run reports only what is new')
    .addOption(json())
    .action(async (options: VerifyOptions) => (await import('./commands/verify.ts')).verify(options));
}

function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text];
}

function addTickets(program: Command): void {
  const command = program
    .command('tickets')
    .description('list tickets of all vendors that support lists, newest first');
  withFilter(command)
    .option('--first <number>', 'page size, 0 to 200', wholeNumber(0, 200), 25)
    .option('--after <cursor>', 'start after this cursor, printed at the end of the previous page')
    .option('--all', 'load all pages');
  withServer(command).action(async (options: TicketsOptions) =>
    (await import('./commands/tickets.ts')).tickets(options),
  );
}

function addWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('print a line for each change of tickets, until Ctrl-C; resumes by itself')
    .argument('[ids...]', 'ticket ids; none for all tickets that match the filter');
  withFilter(command)
    .option('--after <cursor>', 'continue after this cursor, from the output of --json')
    .option('--count <number>', 'end after this many lines', wholeNumber(1, 100_000_000));
  withServer(command).action(async (ids: string[], options: WatchOptions) =>
    (await import('./commands/watch.ts')).watch(ids, options),
  );
}

function addTicket(program: Command): void {
  const command = program.command('ticket').description('show all fields of a ticket').argument('<id>', TICKET_ID);
  withServer(command).action(async (id: string, options: ServerOptions) =>
    (await import('./commands/ticket.ts')).ticket(id, options),
  );
}

function addActions(program: Command): void {
  const command = program
    .command('actions')
    .description('show the actions that are available on a ticket now')
    .argument('<id>', TICKET_ID);
  withServer(command).action(async (id: string, options: ServerOptions) =>
    (await import('./commands/actions.ts')).actions(id, options),
  );
}

function addAct(program: Command): void {
  const command = program
    .command('act')
    .description('perform an action on a ticket')
    .argument('<id>', TICKET_ID)
    .argument('<action>', 'a name from `ticketgraph actions`')
    .option('--input <key=value>', 'an input of the action, lists as JSON; repeatable', keyAndValue)
    .option(
      '--inputs <json>',
      'all inputs as a JSON object, sent unchanged without loading the actions first',
      jsonObject,
    );
  withServer(withWrite(command)).action(async (id: string, action: string, options: ActOptions) =>
    (await import('./commands/act.ts')).act(id, action, options),
  );
}

function addSetStatus(program: Command): void {
  const command = program
    .command('set-status')
    .description('set the status of any number of tickets, of any vendors')
    .addArgument(new Argument('<status>', 'the new status').choices(CATEGORIES).argParser(wordOf(CATEGORIES)))
    .argument('[ids...]', 'ticket ids; - or none to read them from stdin, separated by whitespace');
  withServer(withWrite(command)).action(async (status: StatusCategory, ids: string[], options: SetStatusOptions) =>
    (await import('./commands/set-status.ts')).setStatus(status, ids, options),
  );
}

function addQuery(program: Command): void {
  const command = program
    .command('query')
    .description('send any GraphQL document, and print the data as JSON')
    .argument('[document]', 'the document, a file, the id of a registered operation, or - or none for stdin')
    .addOption(new Option('--variables <json>', 'variables as a JSON object, or @file').argParser(jsonObjectOrFile))
    .option('--operation <name>', 'the operation to run, if the document has several')
    .option('--raw', 'print the response unchanged, with its errors')
    .addHelpText('after', EXIT_HELP);
  withServer(command).action(async (document: string | undefined, options: QueryOptions) =>
    (await import('./commands/query.ts')).query(document, options),
  );
}

function addSchema(program: Command): void {
  const command = program
    .command('schema')
    .description('print the schema of this version, or that of a running server')
    .option(
      '--client',
      'print it for client tools such as Relay or graphql-codegen: no federation directives, no type extensions',
    )
    .option('--url <address>', 'print the schema of the server at this URL', address);
  withCredentials(command).action(async (options: SchemaOptions) =>
    (await import('./commands/schema.ts')).schema(options),
  );
}

function addCompletions(program: Command): void {
  program
    .command('completions')
    .description('print a shell completion script')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', '\nIn bash and zsh: source <(ticketgraph completions bash)')
    .action((shell: Shell) => print(completionScript(shell, program)));
}

const TICKET_ID = "the ticket's id, <source>:<vendor's id>; the source is the vendor, or <vendor>@<name>";

/** Adds the options of all commands that write. */
function withWrite(command: Command): Command {
  return command
    .option('--comment <text>', 'a comment, if the vendor supports one')
    .option('--dry-run', 'print the requests without sending them')
    .option('--key <key>', 'idempotency key: a repeat with the same key is applied only once', idempotencyKey)
    .addHelpText('after', EXIT_HELP);
}
