/** `ticketgraph bulk start`: starts a bulk job and shows how it proceeds. */
import {
  TicketgraphError,
  newIdempotencyKey,
  type StartBulkInput,
  type StartBulkMutation,
  type BulkPlanPartsFragment,
} from '../../client/index.ts';
import { followJob } from '../bulk-jobs/follow.ts';
import { commandFor } from '../bulk-jobs/job.ts';
import { prepareTickets } from '../bulk-jobs/tickets.ts';
import { toWork, type WorkOptions } from '../bulk-jobs/work.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, print, printJson, printTable } from '../output.ts';
import { isUnsent, openServer, toCommandError, type ServerOptions } from '../server.ts';
import { stopOnSignal } from '../streams.ts';
import type { FilterOptions } from '../ticket-filter.ts';
import { sourceLabel } from '../ticket-text.ts';
import { noteProblem, printPlan, problemText } from '../writing.ts';

export interface BulkStartOptions extends ServerOptions, FilterOptions, WorkOptions {
  readonly dryRun?: boolean;
  readonly atMostPerSecond?: number;
  readonly stopAfterUnknown?: number;
  readonly key?: string;
  readonly detach?: boolean;
}

type Payload = StartBulkMutation['startBulk'];

/** @param file the tickets; `-` or omitted for stdin, unless there is a filter */
export async function bulkStart(file: string | undefined, options: BulkStartOptions): Promise<void> {
  const { dryRun = false, key = newIdempotencyKey() } = options;
  const work = toWork(options);
  const input: StartBulkInput = {
    work,
    tickets: await prepareTickets(file, options),
    idempotencyKey: key,
    dryRun,
    atMostPerSecond: options.atMostPerSecond ?? null,
    stopAfterUnknown: options.stopAfterUnknown ?? null,
  };
  // From here on, a job may start: an interrupt lets the request finish, so that the id of the job is known.
  const stopping = stopOnSignal();
  const { job, plan, problems } = await start(input, options);
  if (plan) {
    reportPlan(plan, options);
    return;
  }
  if (!job) {
    reportRejection(problems, options);
    return;
  }
  if (options.detach) {
    if (options.json) printJson({ ...job, idempotencyKey: key });
    else print(job.id);
    note(`Watch the job: ${commandFor(['status', job.id, '--watch'], options)}`);
    process.exitCode = EXIT.done;
    return;
  }
  note(`Started ${job.id} with the key ${key}.`);
  await followJob(job.id, options, { stopping, wasReached: true, extra: { idempotencyKey: key } }).catch(
    (error: unknown): never => {
      throw error instanceof TicketgraphError ? cannotFollow(error, job.id, options) : error;
    },
  );
}

/** @throws CommandError if it is not known whether the job was started, or certain that it was not. */
async function start(input: StartBulkInput, options: BulkStartOptions): Promise<Payload> {
  try {
    return await openServer(options).startBulk({ input });
  } catch (error) {
    if (!(error instanceof TicketgraphError)) throw error;
    if (isUnsent(error) || input.dryRun === true) throw toCommandError(error, options);
    throw new CommandError(
      EXIT.unknown,
      `Unknown whether the job was started: ${error.message}`,
      `Repeat the command with the same tickets and --key ${input.idempotencyKey}: they give the same job.`,
    );
  }
}

/** The job was started, and its outcomes are not known. */
function cannotFollow(error: TicketgraphError, id: string, options: ServerOptions): CommandError {
  const { message } = toCommandError(error, options);
  return new CommandError(
    EXIT.unknown,
    `Cannot watch the job ${id}, which goes on: ${message}`,
    `Watch it again: ${commandFor(['status', id, '--watch'], options)}`,
  );
}

function reportPlan(plan: BulkPlanPartsFragment, { json }: ServerOptions): void {
  process.exitCode = plan.problems.length > 0 ? EXIT.notDone : EXIT.done;
  if (json) {
    printJson(plan);
    return;
  }
  printPlan(plan.requests);
  printTable(
    ['SOURCE', 'TICKETS'],
    plan.sources.map(({ source, tickets }) => [sourceLabel(source.vendor, source.id), String(tickets)]),
  );
  if (plan.problems.length > 0) {
    const rows = plan.problems.map((problem) => [problem.ticketId ?? null, problemText(problem)]);
    printTable(['TICKET', 'PROBLEM'], rows);
  }
  const more = plan.complete ? '' : ' Not all tickets of the filter were counted.';
  note(`dry run: ${plan.total} tickets, ${plan.rejected} would be rejected. Nothing was sent.${more}`);
}

function reportRejection(problems: Payload['problems'], { json }: ServerOptions): void {
  process.exitCode = EXIT.notDone;
  if (json) printJson({ job: null, problems });
  else problems.forEach(noteProblem);
}
