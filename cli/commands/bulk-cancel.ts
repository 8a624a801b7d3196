/** `ticketgraph bulk cancel`: cancels a bulk job. */
import { noSuchJob, printJob } from '../bulk-jobs/job.ts';
import { EXIT } from '../exit.ts';
import { printJson } from '../output.ts';
import { openServer, withCommandErrors, type ServerOptions } from '../server.ts';
import { noteProblem } from '../writing.ts';

export type BulkCancelOptions = ServerOptions;

export async function bulkCancel(id: string, options: BulkCancelOptions): Promise<void> {
  const { job, problems } = await withCommandErrors(options, () => openServer(options).cancelBulk({ input: { id } }));
  if (!job && problems.length === 0) throw noSuchJob(id, options);
  process.exitCode = job ? EXIT.done : EXIT.notDone;
  if (options.json) {
    printJson({ job, problems });
    return;
  }
  if (job) printJob(job);
  problems.forEach(noteProblem);
}
