/** `ticketgraph bulk status`: shows a bulk job, follows it, or lists the caller's. */
import { followJob } from '../bulk-jobs/follow.ts';
import { noSuchJob, noteNextSteps, printJob, withJobErrors } from '../bulk-jobs/job.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, print, printJson, printTable } from '../output.ts';
import { openServer, withCommandErrors, type ServerOptions } from '../server.ts';
import { stopOnSignal } from '../streams.ts';

export interface BulkStatusOptions extends ServerOptions {
  readonly watch?: boolean;
  readonly first: number;
  readonly after?: string;
}

/** @param id omit to list the jobs */
export async function bulkStatus(id: string | undefined, options: BulkStatusOptions): Promise<void> {
  process.exitCode = EXIT.done;
  if (id === undefined) {
    if (options.watch)
      throw new CommandError(EXIT.usage, '--watch needs the id of a job.', 'Omit --watch to list them.');
    await list(options);
  } else if (options.watch) {
    const stopping = stopOnSignal();
    await withJobErrors(id, options, () => followJob(id, options, { stopping, wasReached: false }));
  } else {
    await show(id, options);
  }
}

async function show(id: string, options: ServerOptions): Promise<void> {
  const job = await withCommandErrors(options, () => openServer(options).bulkJob({ id }));
  if (!job) throw noSuchJob(id, options);
  if (options.json) {
    printJson(job);
    return;
  }
  printJob(job);
  const end = job.endedAt === null ? `expected end: ${job.expectedEnd ?? 'not known'}` : `ended: ${job.endedAt}`;
  print(`${job.id}  created: ${job.createdAt}  ${end}`);
  noteNextSteps(job, options);
}

async function list({ first, after, ...options }: BulkStatusOptions): Promise<void> {
  const page = await withCommandErrors(options, () => openServer(options).bulkJobs({ first, after: after ?? null }));
  if (options.json) {
    printJson({ jobs: page.nodes, pageInfo: page.pageInfo });
    return;
  }
  const rows = page.nodes.map(({ id, state, createdAt, ...counts }) => {
    const { total, waiting, applied, notApplied, unknown } = counts;
    return [id, state, createdAt, ...[total, waiting, applied, notApplied, unknown].map(String)];
  });
  printTable(['ID', 'STATE', 'CREATED', 'TOTAL', 'WAITING', 'APPLIED', 'NOT APPLIED', 'UNKNOWN'], rows);
  const { hasNextPage, endCursor } = page.pageInfo;
  if (hasNextPage) note(`More jobs available: use --after ${endCursor ?? ''}`);
}
