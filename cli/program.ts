/**
 * The commands with their arguments and options: what `--help` shows, and what completions are made from.
 *
 * Each command's own file is imported when it runs, so that help and completions load nothing else.
 */
import { Argument, Command, Option } from 'commander';
import packageFile from '../package.json' with { type: 'json' };
import { StatusCategory, Vendor } from '../schema/__generated__/types.ts';
import {
  DEFAULT_URL,
  address,
  idempotencyKey,
  jsonObject,
  keyAndValue,
  wholeNumber,
  wordOf,
  wordsOf,
} from './arguments.ts';
import type { ActOptions } from './commands/act.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { SchemaOptions } from './commands/schema.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { SetStatusOptions } from './commands/set-status.ts';
import type { TicketsOptions } from './commands/tickets.ts';
import { SHELLS, completionScript, type Shell } from './completions.ts';
import { EXIT_HELP } from './exit.ts';
import { print } from './output.ts';
import type { ServerOptions } from './server.ts';

const VENDORS = Object.values(Vendor);
const CATEGORIES = Object.values(StatusCategory);

export function createProgram(): Command {
  const program = new Command('ticketgraph')
    .description('One GraphQL endpoint over the ticket systems of a company, from the command line.')
    .version(packageFile.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand('help [command]', 'print how a command is used')
    // Help and mistakes are thrown, and `main.ts` decides the exit code.
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', EXIT_HELP);
  addServe(program);
  addDoctor(program);
  addTickets(program);
  addTicket(program);
  addActions(program);
  addAct(program);
  addSetStatus(program);
  addSchema(program);
  addCompletions(program);
  return program;
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('start the endpoint, as npm start does; ends in order at SIGTERM')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: PORT, or 4000)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (default: HOST, or 127.0.0.1)')
    .action(async (options: ServeOptions) => (await import('./commands/serve.ts')).serve(options));
}

function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'check whether each vendor can be worked with, by the settings in the environment or at a running server; writes nothing',
    );
  const url = new Option('--url <address>', 'ask the server at this address, and not the vendors themselves');
  withCredentials(command.addOption(url.argParser(address))).action(async (options: DoctorOptions) =>
    (await import('./commands/doctor.ts')).doctor(options),
  );
}

function addTickets(program: Command): void {
  const command = program
    .command('tickets')
    .description('list tickets of all vendors that can list theirs, newest first')
    .addOption(severalOf(new Option('--vendor <name>', 'only of this one; may be given again'), VENDORS))
    .addOption(severalOf(new Option('--category <word>', 'only in this status; may be given again'), CATEGORIES))
    .option('--search <text>', 'only with this text')
    .option('--reference <name>', 'only the one that people call this')
    .option('--view <name>', 'only in this view of the vendor')
    .option('--archived', 'archived ones as well')
    .option('--first <number>', 'how many, 0 to 200', wholeNumber(0, 200), 25)
    .option('--after <cursor>', 'go on after this cursor, which the page before named')
    .option('--all', 'go on to the end');
  withServer(command).action(async (options: TicketsOptions) =>
    (await import('./commands/tickets.ts')).tickets(options),
  );
}

function addTicket(program: Command): void {
  const command = program
    .command('ticket')
    .description('show all that is known of one ticket')
    .argument('<id>', TICKET_ID);
  withServer(command).action(async (id: string, options: ServerOptions) =>
    (await import('./commands/ticket.ts')).ticket(id, options),
  );
}

function addActions(program: Command): void {
  const command = program
    .command('actions')
    .description('show what may be done with a ticket now')
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
    .argument('<action>', 'a name that `ticketgraph actions` shows')
    .option('--input <key=value>', 'what the action takes, lists as JSON; may be given again', keyAndValue)
    .option('--inputs <json>', 'all that it takes as a JSON object, unchanged; nothing is asked before', jsonObject);
  withServer(withWrite(command)).action(async (id: string, action: string, options: ActOptions) =>
    (await import('./commands/act.ts')).act(id, action, options),
  );
}

function addSetStatus(program: Command): void {
  const command = program
    .command('set-status')
    .description('give any number of tickets of any vendors another status')
    .addArgument(new Argument('<status>', 'the status').choices(CATEGORIES).argParser(wordOf(CATEGORIES)))
    .argument('[ids...]', 'ids of tickets; - or none for standard input, separated by blanks or lines');
  withServer(withWrite(command)).action(async (status: StatusCategory, ids: string[], options: SetStatusOptions) =>
    (await import('./commands/set-status.ts')).setStatus(status, ids, options),
  );
}

function addSchema(program: Command): void {
  const command = program
    .command('schema')
    .description('print the schema of this version, or that of a running server')
    .option(
      '--client',
      'print it for client tools such as Relay or graphql-codegen: without federation, nothing extended',
    )
    .option('--url <address>', 'ask the server at this address', address);
  withCredentials(command).action(async (options: SchemaOptions) =>
    (await import('./commands/schema.ts')).schema(options),
  );
}

function addCompletions(program: Command): void {
  program
    .command('completions')
    .description('print a script with which a shell completes commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', '\nIn bash and zsh: source <(ticketgraph completions bash)')
    .action((shell: Shell) => print(completionScript(shell, program)));
}

const TICKET_ID = "the ticket's id: <vendor>:<the vendor's own id>";

/** What all commands have that ask a running server. */
function withServer(command: Command): Command {
  const url = new Option('--url <address>', 'the endpoint').env('TICKETGRAPH_URL').default(DEFAULT_URL);
  return withCredentials(command.addOption(url.argParser(address)));
}

function withCredentials(command: Command): Command {
  return command
    .addOption(new Option('--api-key <key>', 'sign in with an API key').env('TICKETGRAPH_API_KEY'))
    .addOption(new Option('--token <token>', 'sign in with a bearer token').env('TICKETGRAPH_TOKEN'))
    .addOption(json());
}

/** What all commands have that write. */
function withWrite(command: Command): Command {
  return command
    .option('--comment <text>', 'a comment to go with it, where the vendor takes one')
    .option('--dry-run', 'send nothing, and print what would be sent')
    .option('--key <key>', 'idempotency key: the same key never does the same thing twice', idempotencyKey)
    .addHelpText('after', EXIT_HELP);
}

/** Commander shows the choices, and we read them in any letter case. */
function severalOf(option: Option, words: readonly string[]): Option {
  return option.choices(words).argParser(wordsOf(words));
}

function json(): Option {
  return new Option('--json', 'print JSON');
}
