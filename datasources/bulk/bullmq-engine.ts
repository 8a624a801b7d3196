/**
 * Runs the jobs of a ledger in Redis, together with all replicas that use it. BullMQ decides which replica works on what: it
 * has one job for the tickets of each bulk job to be determined, and then one for each chunk, in a queue for each source.
 * https://docs.bullmq.io
 *
 * BullMQ delivers at least once; the ledger is the truth. All that BullMQ has can be lost, or delivered twice: a job whose
 * chunks are missing gets them again, and a chunk that is delivered twice belongs to the run that took it last.
 */
import type { Queue } from 'bullmq';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { causeOf } from '../writes/idempotency/store-errors.ts';
import {
  JOB_OPTIONS,
  RETRY_MS,
  createQueues,
  orLedgerError,
  within,
  type Delivery,
  type Queues,
} from './bullmq-queues.ts';
import { createAuditor } from './audit.ts';
import { ChunkWriter, type Pause } from './chunk-writer.ts';
import {
  DELETE_EVERY_MS,
  createJobListeners,
  createLimiters,
  reportStoreError,
  toStatus,
  type BulkStatus,
  type Engine,
  type JobListeners,
} from './engine.ts';
import { gather } from './gather.ts';
import { createProgress } from './progress.ts';
import type { BulkTools } from './job-context.ts';
import type { ItemChange, Job, NewItem } from './job.ts';
import { CHUNK } from './ledger.ts';
import type { Limiter } from './limiter.ts';
import { sourceOfChunk, type RedisLedger, type TakenChunk } from './redis-ledger.ts';

/** Bulk jobs whose tickets one process determines at once. */
const MAX_GATHERING = 4;

/** How often a process looks for bulk jobs that BullMQ has lost, and after what time without a change. */
const SWEEP_EVERY_MS = 5_000;
const IDLE_GATHERING_MS = 10_000;
const IDLE_MS = 60_000;

/** Jobs that are handed to BullMQ at once. */
const ADDED_AT_ONCE = 500;

interface GatheringData {
  readonly id: string;
}

interface ChunkData {
  readonly id: string;
  readonly chunk: string;
}

/** How far a job was when it was last looked at. */
interface OpenJob {
  readonly total: number;
  /** Tickets that have an outcome. */
  readonly done: number;
  /** When a look first found it so far, in milliseconds of `performance.now()`. */
  readonly advancedAt: number;
}

/** Also works on jobs that other replicas have started. */
export function createBullmqEngine(url: string, ledger: RedisLedger, keptDays: number, tools: BulkTools): Engine {
  const engine = new BullmqEngine(url, ledger, keptDays, tools);
  engine.begin();
  return engine;
}

class BullmqEngine implements Engine {
  readonly ledger: RedisLedger;
  readonly #tools: BulkTools;
  readonly #keptMs: number;
  readonly #queues: Queues;
  readonly #gathering: Queue<GatheringData>;
  readonly #chunks = new Map<string, Queue<ChunkData>>();
  readonly #writers = new Map<ChunkWriter, string>();
  /** By job. */
  readonly #progress = new Map<string, ReturnType<typeof createProgress>>();
  /** Jobs of all replicas that are not over. */
  readonly #open = new Map<string, OpenJob>();
  readonly #limiterOf: (sourceKey: string) => Limiter;
  readonly #listeners: JobListeners = createJobListeners();
  readonly #signal = new LightAbortController();
  readonly #aborted = Promise.withResolvers<undefined>();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #deleteAt = 0;
  #isStopped = false;

  constructor(url: string, ledger: RedisLedger, keptDays: number, tools: BulkTools) {
    this.ledger = ledger;
    this.#tools = tools;
    this.#keptMs = keptDays * 86_400_000;
    this.#limiterOf = createLimiters(tools);
    this.#queues = createQueues({
      url,
      onError: (error) => tools.events?.onStoreFailure(causeOf(error)),
      onRunError: (error) => reportStoreError(tools, error),
    });
    this.#gathering = this.#queues.open('gathering');
  }

  begin(): void {
    this.#queues.work(this.#gathering, MAX_GATHERING, (delivery) => this.#gather(delivery));
    for (const source of this.#tools.connected.keys()) {
      this.#queues.work(this.#chunksOf(source), 1, (delivery) => this.#runChunk(delivery));
    }
    this.#timer = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
    this.#timer.unref();
    this.#sweep();
  }

  async start({ id }: Pick<Job, 'id'>): Promise<void> {
    const added = orLedgerError(this.#gathering.add('gather', { id }, { ...JOB_OPTIONS, jobId: id }));
    // Otherwise `#sweep` finds it.
    await within(added, RETRY_MS).catch((error: unknown) => reportStoreError(this.#tools, error));
  }

  async cancel({ id }: Job): Promise<void> {
    for (const [writer, job] of this.#writers) if (job === id) writer.stop();
    this.#listeners.call(id);
  }

  listen(listener: (id: string) => void): () => void {
    return this.#listeners.add(listener);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    for (const writer of this.#writers.keys()) writer.stop();
    await Promise.race([Promise.all([this.#sweeping, this.#queues.stop()]), this.#aborted.promise]);
  }

  abort(): void {
    this.#signal.abort();
    this.#aborted.resolve(undefined);
  }

  /**
   * The jobs that this replica works on now, and the progress of all: of a job whose sources are paused, or which no replica
   * has, nothing runs anywhere.
   */
  status(): BulkStatus {
    const { jobs, progressAgeMs } = toStatus(this.#progress.values());
    const now = performance.now();
    const ages = Array.from(this.#open.values(), ({ advancedAt }) => now - advancedAt);
    return { jobs, progressAgeMs: Math.max(progressAgeMs, ...ages) };
  }

  async close(): Promise<void> {
    await this.#queues.close();
    await this.ledger.close();
  }

  #chunksOf(source: string): Queue<ChunkData> {
    const known = this.#chunks.get(source);
    if (known) return known;
    const queue = this.#queues.open<ChunkData>(`chunks-${source}`);
    this.#chunks.set(source, queue);
    return queue;
  }

  /** Starts jobs again that BullMQ has lost, deletes what has expired, and notes the progress of the others. */
  #sweep(): void {
    this.#sweeping ??= this.#startIdle()
      .then(() => this.#noteProgress())
      .catch((error: unknown) => reportStoreError(this.#tools, error))
      .finally(() => (this.#sweeping = undefined));
  }

  async #startIdle(): Promise<void> {
    const idle = await this.ledger.idleJobs(IDLE_MS);
    for (const id of await this.ledger.idleJobs(IDLE_GATHERING_MS)) {
      if (this.#isStopped) return;
      if (idle.includes(id) || (await this.ledger.find(id))?.state === 'GATHERING') await this.start({ id });
    }
    if (Date.now() < this.#deleteAt) return;
    this.#deleteAt = Date.now() + DELETE_EVERY_MS;
    while (!this.#isStopped && (await this.ledger.deleteEndedBefore(Date.now() - this.#keptMs)));
  }

  async #noteProgress(): Promise<void> {
    const ids = new Set(await this.ledger.openJobs());
    for (const id of this.#open.keys()) if (!ids.has(id)) this.#open.delete(id);
    for (const id of ids) {
      if (this.#isStopped) return;
      const job = await this.ledger.find(id);
      // One without tickets waits for others to end, or a replica that determines them reports it.
      if (!job || job.total === 0) continue;
      const done = job.total - job.waiting - job.inFlight;
      const known = this.#open.get(id);
      if (known?.total === job.total && known.done === done) continue;
      this.#open.set(id, { total: job.total, done, advancedAt: performance.now() });
    }
  }

  // ---------------------------------------------------------------- the tickets of a job

  async #gather(delivery: Delivery<GatheringData>): Promise<void> {
    const { id } = delivery.data;
    const held = await this.ledger.hold(id);
    if (!held) return;
    let job: Job | undefined = held.job;
    if (job.state === 'GATHERING') {
      await this.#gatherItems(job, held.owner);
      job = await this.ledger.find(id);
      this.#listeners.call(id);
    }
    if (this.#isStopped) await delivery.giveBack();
    if (job) await this.#addChunks(job);
  }

  async #gatherItems(job: Job, owner: string): Promise<void> {
    const progress = createProgress();
    const auditor = createAuditor(this.#tools, job);
    this.#progress.set(job.id, progress);
    try {
      const run = {
        job,
        owner,
        signal: this.#signal,
        isOver: () => this.#isStopped,
        onAdded: (items: readonly NewItem[]) => {
          progress.advance();
          auditor.recordRejected(items);
        },
      };
      if (await gather(this.#tools, this.ledger, run)) await this.ledger.setState(job, owner, 'RUNNING');
    } catch (error) {
      const failure = asFailure(error);
      if (!failure) throw error;
      await this.ledger.setState(job, owner, 'FAILED', failure.details);
    } finally {
      this.#progress.delete(job.id);
    }
  }

  /** Adds the chunks that are not finished. Those that BullMQ has already are not added twice: they have the same ids. */
  async #addChunks(job: Job): Promise<void> {
    const names = await this.ledger.openChunks(job);
    const chunks = names
      .map((chunk) => ({
        chunk,
        source: sourceOfChunk(chunk),
        number: Number(chunk.slice(chunk.lastIndexOf(' ') + 1)),
      }))
      .toSorted((one, other) => one.number - other.number)
      .map((chunk, index) => ({ ...chunk, delay: delayOf(job, index) }));
    for (const [source, ofSource] of Map.groupBy(chunks, (chunk) => chunk.source)) {
      const queued = ofSource.map(({ chunk, number, delay }) => ({
        name: 'chunk',
        data: { id: job.id, chunk },
        // A small job does not wait for the end of a large one that was started before.
        opts: { ...JOB_OPTIONS, jobId: `${job.id}.${number}`, priority: number + 1, delay },
      }));
      for (let start = 0; start < queued.length; start += ADDED_AT_ONCE) {
        await orLedgerError(this.#chunksOf(source).addBulk(queued.slice(start, start + ADDED_AT_ONCE)));
      }
    }
  }

  // ---------------------------------------------------------------- chunks

  async #runChunk(delivery: Delivery<ChunkData>): Promise<void> {
    const { id, chunk } = delivery.data;
    for (;;) {
      if (this.#isStopped) await delivery.giveBack();
      const taken = await this.ledger.take(id, chunk);
      if (!taken) return;
      const pause = await this.#writeTaken(taken);
      // Another run has the chunk: this process was taken for dead.
      if (!(await this.ledger.release(taken.job, taken.owner))) return;
      const pausedUntil = pause?.until ?? taken.pausedUntil ?? 0;
      if (pausedUntil > Date.now()) await pauseUntil(pausedUntil, pause, delivery);
      if (taken.orphans.length + taken.items.length > 0) continue;
      if (taken.dueAt === null) return;
      await delivery.delayUntil(taken.dueAt);
    }
  }

  /** Returns for how long the source is paused, and why. */
  async #writeTaken({ job, owner, source, orphans, items }: TakenChunk): Promise<Pause | undefined> {
    if (orphans.length + items.length === 0) return undefined;
    const progress = this.#progress.get(job.id) ?? createProgress();
    progress.enter('running');
    const options = {
      tools: this.#tools,
      ledger: this.ledger,
      owner,
      signal: this.#signal,
      limiterOf: this.#limiterOf,
      onStored: (changes: readonly ItemChange[]) => {
        if (changes.some(({ to }) => to !== 'WAITING')) progress.advance();
        this.#listeners.call(job.id);
      },
      onRefused: () => undefined,
    };
    const writer = new ChunkWriter(options, job);
    this.#writers.set(writer, job.id);
    this.#progress.set(job.id, progress);
    if (this.#isStopped) writer.stop();
    try {
      if (orphans.length > 0) await writer.recover(orphans);
      if (items.length === 0) return undefined;
      const pause = await writer.write(source, items);
      if (!pause) return undefined;
      this.#tools.events?.onBulkPause(source, pause.failure.kind);
      await this.ledger.pause(job, owner, source, pause.until, pause.failure);
      return pause;
    } finally {
      this.#writers.delete(writer);
      if (![...this.#writers.values()].includes(job.id)) this.#progress.delete(job.id);
    }
  }
}

/** When a chunk is likely to be due, so that the chunks of a slow job do not all come at once. */
function delayOf({ atMostPerSecond }: Job, chunksBefore: number): number {
  return atMostPerSecond === null ? 0 : Math.floor((chunksBefore * CHUNK * 1_000) / atMostPerSecond);
}

/** Ends the run of a chunk. A source that rejects all is paused for all replicas, or for this chunk if Redis was down. */
function pauseUntil(time: number, pause: Pause | undefined, delivery: Delivery<ChunkData>): Promise<never> {
  const isOfSource = pause && pause.failure.kind !== 'key-store-unavailable';
  return isOfSource ? delivery.pauseQueueUntil(time) : delivery.delayUntil(time);
}
