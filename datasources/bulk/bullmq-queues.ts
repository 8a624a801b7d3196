/** Queues of BullMQ, and the workers of this process: https://docs.bullmq.io */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DelayedError,
  Queue,
  RateLimitError,
  WaitingError,
  Worker,
  createNodeRedisClient,
  type Job as QueuedJob,
} from 'bullmq';
import { LEASE_MS, LedgerError } from './ledger.ts';
import { PREFIX, createRedisClient } from './redis-client.ts';

/** How often BullMQ looks for jobs of processes that have ended. */
const STALLED_EVERY_MS = 2_500;

/** Milliseconds until BullMQ tries again what failed, e.g. because Redis was down. */
export const RETRY_MS = 2_000;

/** Never: the ledger says when a chunk has been tried too often. */
const UNLIMITED = 1_000_000_000;

export const JOB_OPTIONS = {
  attempts: UNLIMITED,
  backoff: { type: 'fixed', delay: RETRY_MS },
  removeOnComplete: true,
  // It could not be added again otherwise.
  removeOnFail: true,
  stackTraceLimit: 1,
};

/** A job that a worker has received, which it may move. */
export interface Delivery<Data> {
  readonly data: Data;
  /** To be worked on again, at once by another process. */
  giveBack(): Promise<never>;
  /** To be worked on again at a time in milliseconds since the epoch. */
  delayUntil(time: number): Promise<never>;
  /** To be worked on again then, like all other jobs of its queue. */
  pauseQueueUntil(time: number): Promise<never>;
}

export interface Queues {
  open<Data>(name: string): Queue<Data>;
  /** @param run may be called again for the same job if it throws, or the process ends */
  work<Data>(queue: Queue<Data>, concurrency: number, run: (delivery: Delivery<Data>) => Promise<void>): void;
  /** Takes no further job. Resolves when those that run have ended. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface QueuesOptions {
  readonly url: string;
  /** Called with errors of BullMQ, which goes on by itself. */
  onError(error: unknown): void;
  /** Called with errors of a run, which is repeated. */
  onRunError(error: unknown): void;
}

export function createQueues({ url, onError, onRunError }: QueuesOptions): Queues {
  // Its commands wait for a connection: BullMQ repeats at once those that fail.
  const client = createRedisClient(url, true);
  const shared = { connection: createNodeRedisClient(client), prefix: PREFIX };
  const queues: Queue[] = [];
  const workers: Worker[] = [];
  const running = new Set<Promise<void>>();
  let closing: Promise<unknown> | undefined;
  let isClosed = false;
  const closeWorkers = (): Promise<unknown> => (closing ??= Promise.all(workers.map((worker) => worker.close())));

  const report = (error: unknown): void => {
    if (!closing && !isLockLost(error)) onError(error);
  };
  const reportRun = (error: unknown): void => {
    const isExpected = error instanceof LedgerError && (isClosed || isLockLost(error.cause));
    if (!isInstruction(error) && !isExpected) onRunError(error);
  };

  return {
    open<Data>(name: string) {
      // Its events are not read, and would take megabytes.
      const queue = new Queue<Data>(name, { ...shared, streams: { events: { maxLen: 100 } } });
      queue.on('error', report);
      queues.push(queue as Queue);
      return queue;
    },
    work<Data>(queue: Queue<Data>, concurrency: number, run: (delivery: Delivery<Data>) => Promise<void>) {
      const handle = async (job: QueuedJob<Data>, token?: string): Promise<void> => {
        const ending = run(toDelivery(queue as Queue, job, token));
        running.add(ending);
        try {
          await ending;
        } catch (error) {
          reportRun(error);
          throw error;
        } finally {
          running.delete(ending);
        }
      };
      const worker = new Worker<Data>(queue.name, handle, {
        ...shared,
        concurrency,
        lockDuration: LEASE_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: UNLIMITED,
        // Needed for `Queue.rateLimit`: https://docs.bullmq.io/guide/rate-limiting#manual-rate-limit
        limiter: { max: UNLIMITED, duration: 1_000 },
        runRetryDelay: RETRY_MS,
      });
      worker.on('error', report);
      workers.push(worker);
    },
    async stop() {
      const closed = closeWorkers();
      await Promise.allSettled(running);
      // Without Redis there is nothing to wait for.
      await within(closed, RETRY_MS).catch(() => undefined);
    },
    async close() {
      isClosed = true;
      closeWorkers().catch(() => undefined);
      await within(Promise.all(queues.map((queue) => queue.close())), RETRY_MS).catch(() => undefined);
      if (client.isOpen) client.destroy();
    },
  };
}

function toDelivery<Data>(queue: Queue, job: QueuedJob<Data>, token: string | undefined): Delivery<Data> {
  return {
    data: job.data,
    async giveBack() {
      await orLedgerError(job.moveToWait(token));
      throw new WaitingError();
    },
    async delayUntil(time) {
      await orLedgerError(job.moveToDelayed(time, token));
      throw new DelayedError();
    },
    async pauseQueueUntil(time) {
      await orLedgerError(queue.rateLimit(Math.max(1, Math.ceil(time - Date.now()))));
      throw new RateLimitError();
    },
  };
}

/** Whether another run has the job, e.g. because this process was slow. The ledger takes care of that. */
function isLockLost(error: unknown): boolean {
  return error instanceof Error && /^(Missing (lock|key)|could not renew lock) for job/.test(error.message);
}

/** An error of BullMQ is one of Redis. */
export async function orLedgerError<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    throw new LedgerError(error);
  }
}

/** Errors by which BullMQ learns that a job was moved. */
function isInstruction(error: unknown): boolean {
  return error instanceof DelayedError || error instanceof WaitingError || error instanceof RateLimitError;
}

/** @throws an error if it takes longer */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
  const timer = new AbortController();
  const timeout = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new LedgerError(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timer.abort();
    timeout.catch(() => undefined);
  }
}
