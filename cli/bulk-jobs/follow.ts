/** Follows a bulk job to its end. The job goes on without that, and can be followed again later. */
import type { TicketgraphError } from '../../client/index.ts';
import { EXIT } from '../exit.ts';
import { note, print } from '../output.ts';
import { openServer, type ServerOptions } from '../server.ts';
import { warnOfRetry } from '../streams.ts';
import { commandFor, exitOfJob, noteNextSteps, printJob, type BulkJob } from './job.ts';
import { createJobProgress } from './progress.ts';

export interface FollowOptions {
  /** Ends the command, not the job. */
  readonly stopping: AbortSignal;
  /** Whether the server has answered before: until then, an address without a server is a mistake. */
  readonly wasReached: boolean;
  /** Added to each JSON object. */
  readonly extra?: object;
}

/**
 * Shows the job until it ends, and sets the exit code.
 *
 * @throws TicketgraphError if it cannot be followed any more
 */
export async function followJob(id: string, options: ServerOptions, follow: FollowOptions): Promise<void> {
  const progress = createJobProgress(options, follow.extra);
  let job: BulkJob | undefined;
  try {
    for await (job of openServer(options).watchBulk(id, watchOptions(follow, progress.end))) progress.show(job);
  } catch (error) {
    if (!follow.stopping.aborted) throw error;
  } finally {
    progress.end();
  }
  if (follow.stopping.aborted) {
    reportInterrupt(id, options);
    return;
  }
  if (!job) return;
  process.exitCode = exitOfJob(job);
  if (!options.json) printEnd(job);
  noteNextSteps(job, options);
}

type WatchBulkOptions = NonNullable<Parameters<ReturnType<typeof openServer>['watchBulk']>[1]>;

function watchOptions({ stopping, wasReached }: FollowOptions, clear: () => void): WatchBulkOptions {
  let isReached = wasReached;
  return {
    signal: stopping,
    onOpen: () => void (isReached = true),
    onRetry(error: TicketgraphError, delayMs: number) {
      if (!isReached && (error.code === 'CONNECTION_FAILED' || error.code === 'NOT_GRAPHQL')) throw error;
      clear();
      warnOfRetry(error, delayMs);
    },
  };
}

/** Not all outcomes are known yet, as after a write whose response was lost. */
function reportInterrupt(id: string, options: ServerOptions): void {
  process.exitCode = EXIT.unknown;
  note(`Stopped watching. The job ${id} goes on.`);
  note(`Watch it again: ${commandFor(['status', id, '--watch'], options)}`);
  note(`Cancel it: ${commandFor(['cancel', id], options)}`);
}

function printEnd(job: BulkJob): void {
  printJob(job);
  print(`${job.state}: ${job.applied} of ${job.total} tickets applied.`);
}
