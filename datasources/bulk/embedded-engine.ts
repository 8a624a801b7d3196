/** Runs the jobs of a local ledger, together with other processes of this machine that use the same file. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
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
import type { BulkTools } from './job-context.ts';
import { JobRun } from './job-run.ts';
import type { Job } from './job.ts';
import type { Limiter } from './limiter.ts';
import { createSqliteLedger, type SqliteLedger } from './sqlite-ledger.ts';

/** Jobs that one process runs at once, without those that are paused: they must not hold up jobs of other sources. */
const MAX_RUNNING = 4;

/** How often a process looks for jobs that no process runs. */
const POLL_MS = 2_000;

/** Also runs jobs of an earlier process. */
export function createEmbeddedEngine(path: string, keptDays: number, tools: BulkTools): Engine {
  const engine = new EmbeddedEngine(createSqliteLedger(path), tools, keptDays);
  engine.begin();
  return engine;
}

class EmbeddedEngine implements Engine {
  readonly ledger: SqliteLedger;
  readonly #tools: BulkTools;
  readonly #keptMs: number;
  readonly #runs = new Map<string, { readonly run: JobRun; readonly ended: Promise<void> }>();
  readonly #limiterOf: (sourceKey: string) => Limiter;
  readonly #listeners: JobListeners = createJobListeners();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #deleteAt = 0;
  #isStopped = false;

  constructor(ledger: SqliteLedger, tools: BulkTools, keptDays: number) {
    this.ledger = ledger;
    this.#tools = tools;
    this.#keptMs = keptDays * 86_400_000;
    this.#limiterOf = createLimiters(tools);
  }

  begin(): void {
    this.#timer = setInterval(() => {
      if (existsSync(this.ledger.path)) this.#look();
    }, POLL_MS);
    this.#timer.unref();
    if (existsSync(this.ledger.path)) this.#look();
  }

  async start(): Promise<void> {
    this.#look();
  }

  async cancel({ id }: Job): Promise<void> {
    this.#runs.get(id)?.run.stop();
    this.#look();
  }

  listen(listener: (id: string) => void): () => void {
    return this.#listeners.add(listener);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#looking;
    for (const { run } of this.#runs.values()) run.stop();
    await Promise.all(Array.from(this.#runs.values(), ({ ended }) => ended));
  }

  abort(): void {
    for (const { run } of this.#runs.values()) run.abort();
  }

  close(): Promise<void> {
    return this.ledger.close();
  }

  status(): BulkStatus {
    return toStatus(Array.from(this.#runs.values(), ({ run }) => run.progress));
  }

  /** Runs jobs that no process runs. */
  #look(): void {
    if (this.#isStopped) return;
    this.#looking ??= this.#runFree()
      .catch((error: unknown) => reportStoreError(this.#tools, error))
      .finally(() => (this.#looking = undefined));
  }

  async #runFree(): Promise<void> {
    while (this.#runs.size - this.status().jobs.paused < MAX_RUNNING && !this.#isStopped) {
      // One for each run: a run that has lost its lease must not pass for the one that replaces it.
      const owner = randomUUID();
      const job = await this.ledger.lease(owner);
      if (!job) break;
      this.#start(job, owner);
    }
    if (Date.now() < this.#deleteAt) return;
    this.#deleteAt = Date.now() + DELETE_EVERY_MS;
    while (await this.ledger.deleteEndedBefore(Date.now() - this.#keptMs)) await new Promise(setImmediate);
  }

  #start(job: Job, owner: string): void {
    const run = new JobRun(
      {
        tools: this.#tools,
        ledger: this.ledger,
        owner,
        limiterOf: this.#limiterOf,
        onChange: ({ id }) => this.#listeners.call(id),
      },
      job,
    );
    const ended = run
      .run()
      // Its lease ends, and some process runs the job again.
      .catch((error: unknown) => reportStoreError(this.#tools, error))
      .finally(() => {
        // If its lease was lost, another run may have taken its place.
        if (this.#runs.get(job.id)?.run === run) this.#runs.delete(job.id);
      });
    this.#runs.set(job.id, { run, ended });
  }
}
