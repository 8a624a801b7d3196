/**
 * Bulk jobs: one write to up to 100,000 tickets that survives the end of the process. Each ticket is written to at most
 * once; the ledger says which were.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestScope } from '../contract.ts';
import { Failure, asFailure, invalidInput, missingScope } from '../vendor-kit/failure.ts';
import { resolveGlobalId } from '../vendor-kit/global-id.ts';
import { checkKey, toCanonicalJson } from '../writes/idempotency/run-once.ts';
import { causeOf, isStoreError } from '../writes/idempotency/store-errors.ts';
import { planDryRun, type BulkPlan } from './dry-run.ts';
import { watchJob, type JobFeed } from './job-feed.ts';
import { JobRun } from './job-run.ts';
import { BATCH, grantsOf, type BulkTools, type Rights } from './job-context.ts';
import type { ItemResult, ItemState, Job, JobView, TicketsSpec, UploadLine } from './job.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import type { Phase } from './progress.ts';
import { createSqliteLedger, type Ledger } from './sqlite-ledger.ts';
import { toView } from './job-view.ts';

export type { BulkPlan, PlannedSource } from './dry-run.ts';
export type { BulkTools, FilterQuery, Rights } from './job-context.ts';
export type { JobFeed } from './job-feed.ts';
export type { ItemResult, ItemState, JobSource, JobView, TicketsSpec, UploadLine } from './job.ts';

/** Jobs that one process runs at once, without those that are paused: they must not hold up jobs of other sources. */
const MAX_RUNNING = 4;

/** How often a process looks for jobs that no process runs. */
const POLL_MS = 2_000;

/** How often what has expired is deleted. */
const DELETE_EVERY_MS = 10 * 60 * 1_000;

/** A write in flight and the queue of a source: bulk jobs have at most a quarter of the concurrency. */
const SHARE = 4;
const MAX_IN_FLIGHT = 32;

export interface BulkOptions {
  /** Path of the ledger's file. */
  readonly path: string;
  readonly keptDays: number;
}

export interface StartBulk {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tickets: TicketsSpec;
  readonly idempotencyKey: string;
  readonly atMostPerSecond: number | null;
  readonly stopAfterUnknown: number | null;
}

/** What one caller may do with bulk jobs. Jobs of others do not exist for it. All throw Failure. */
export interface CallerJobs {
  start(options: StartBulk): Promise<JobView>;
  plan(options: StartBulk): Promise<BulkPlan>;
  /** Returns `undefined` if the caller has no such job. */
  cancel(id: string): Promise<JobView | undefined>;
  find(id: string): Promise<JobView | undefined>;
  /** Newest first. @param before row of the job to continue after. Needs the scope `ticket:batch` at some source. */
  list(before: number | null, limit: number): Promise<readonly JobView[]>;
  /** In input order. @param after position to continue after; -1 for the start */
  results(job: Job, after: number, limit: number, states: readonly ItemState[] | null): Promise<readonly ItemResult[]>;
  watch(id: string): Promise<JobFeed>;
  /** Returns the id of the upload. Nothing of it is kept if `lines` throws. */
  upload(lines: AsyncIterable<readonly UploadLine[]>): Promise<string>;
  /** Returns why an id is invalid; `undefined` if it is valid. */
  checkId(id: string): string | undefined;
}

export interface BulkJobs {
  /** @param call the incoming request, whose deadline and calls a dry run uses */
  forCaller(rights: Rights, call: RequestScope): CallerJobs;
  /** Begins no further ticket. Resolves when those in flight are finished. */
  stop(): Promise<void>;
  /** Aborts reads, so that `stop` resolves soon. */
  abort(): void;
  close(): Promise<void>;
  status(): BulkStatus;
}

/** The jobs that this process runs, for metrics. */
export interface BulkStatus {
  readonly jobs: Readonly<Record<Phase, number>>;
  /** Milliseconds since the job that stands still the longest made progress; 0 if there is none. */
  readonly progressAgeMs: number;
}

export function openBulkJobs({ path, keptDays }: BulkOptions, tools: BulkTools): BulkJobs {
  const ledger = createSqliteLedger(path);
  const scheduler = new Scheduler(ledger, tools, keptDays);
  // A job of an earlier process goes on without anyone asking for it.
  scheduler.begin();
  return {
    forCaller: (rights, call) => new JobsOfCaller(ledger, tools, scheduler, rights, call),
    stop: () => scheduler.stop(),
    abort: () => scheduler.abort(),
    close: () => ledger.close(),
    status: () => scheduler.status(),
  };
}

class Scheduler {
  readonly #ledger: Ledger;
  readonly #tools: BulkTools;
  readonly #keptMs: number;
  readonly #runs = new Map<string, { readonly run: JobRun; readonly ended: Promise<void> }>();
  readonly #limiters = new Map<string, Limiter>();
  readonly #listeners = new Set<(id: string) => void>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #deleteAt = 0;
  #isStopped = false;

  constructor(ledger: Ledger, tools: BulkTools, keptDays: number) {
    this.#ledger = ledger;
    this.#tools = tools;
    this.#keptMs = keptDays * 86_400_000;
  }

  begin(): void {
    this.#timer = setInterval(() => {
      if (existsSync(this.#ledger.path)) this.look();
    }, POLL_MS);
    this.#timer.unref();
    if (existsSync(this.#ledger.path)) this.look();
  }

  /** Runs jobs that no process runs. */
  look(): void {
    if (this.#isStopped) return;
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#reportStoreError(error))
      .finally(() => (this.#looking = undefined));
  }

  listen(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A canceled job begins no further ticket at once. */
  stopRun(id: string): void {
    this.#runs.get(id)?.run.stop();
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

  status(): BulkStatus {
    const jobs: Record<Phase, number> = { gathering: 0, running: 0, paused: 0, cancelling: 0 };
    let progressAgeMs = 0;
    for (const { run } of this.#runs.values()) {
      jobs[run.progress.phase] += 1;
      progressAgeMs = Math.max(progressAgeMs, run.progress.ageMs());
    }
    return { jobs, progressAgeMs };
  }

  async #look(): Promise<void> {
    while (this.#runs.size - this.status().jobs.paused < MAX_RUNNING && !this.#isStopped) {
      // One for each run: a run that has lost its lease must not pass for the one that replaces it.
      const owner = randomUUID();
      const job = await this.#ledger.lease(owner);
      if (!job) break;
      this.#start(job, owner);
    }
    if (Date.now() < this.#deleteAt) return;
    this.#deleteAt = Date.now() + DELETE_EVERY_MS;
    while (await this.#ledger.deleteEndedBefore(Date.now() - this.#keptMs)) await new Promise(setImmediate);
  }

  #start(job: Job, owner: string): void {
    const run = new JobRun(
      {
        tools: this.#tools,
        ledger: this.#ledger,
        owner,
        limiterOf: (key) => this.#limiterOf(key),
        onChange: ({ id }) => this.#listeners.forEach((listener) => listener(id)),
      },
      job,
    );
    const ended = run
      .run()
      .catch((error: unknown) => this.#reportStoreError(error))
      .finally(() => {
        // If its lease was lost, another run may have taken its place.
        if (this.#runs.get(job.id)?.run === run) this.#runs.delete(job.id);
      });
    this.#runs.set(job.id, { run, ended });
  }

  /** Its lease ends, and some process runs the job again. */
  #reportStoreError(error: unknown): void {
    if (isStoreError(error)) this.#tools.events?.onStoreFailure(causeOf(error));
    else this.#tools.reportUnexpected(error);
  }

  #limiterOf(key: string): Limiter {
    const known = this.#limiters.get(key);
    if (known) return known;
    const concurrency = this.#tools.connected.get(key)?.concurrency ?? 1;
    const limiter = createLimiter(Math.min(MAX_IN_FLIGHT, Math.max(1, Math.floor(concurrency / SHARE))));
    this.#limiters.set(key, limiter);
    return limiter;
  }
}

class JobsOfCaller implements CallerJobs {
  readonly #ledger: Ledger;
  readonly #tools: BulkTools;
  readonly #scheduler: Scheduler;
  readonly #rights: Rights;
  readonly #call: RequestScope;

  constructor(ledger: Ledger, tools: BulkTools, scheduler: Scheduler, rights: Rights, call: RequestScope) {
    this.#ledger = ledger;
    this.#tools = tools;
    this.#scheduler = scheduler;
    this.#rights = rights;
    this.#call = call;
  }

  async start(options: StartBulk): Promise<JobView> {
    const { idempotencyKey: key, mutation, input, atMostPerSecond, stopAfterUnknown } = options;
    checkKey(key);
    const { tickets, identity } = await this.#findTickets(options.tickets);
    const fingerprint = hash([mutation, input, identity, atMostPerSecond, stopAfterUnknown]);
    const { id: caller } = this.#rights;
    const grants = grantsOf(this.#rights, this.#tools);
    const limits = { atMostPerSecond, stopAfterUnknown };
    const job = await orUnavailable(
      this.#ledger.create({ id: randomUUID(), caller, key, fingerprint, mutation, input, tickets, grants, ...limits }),
    );
    if (job.fingerprint !== fingerprint) throw new Failure(KEY_REUSED);
    this.#scheduler.look();
    return this.#view(job);
  }

  async plan(options: StartBulk): Promise<BulkPlan> {
    const { tickets } = await this.#findTickets(options.tickets);
    return planDryRun(this.#tools, this.#rights, this.#ledger, { ...options, tickets }, this.#call);
  }

  async cancel(id: string): Promise<JobView | undefined> {
    const job = await this.#findJob(id);
    if (!job) return undefined;
    await orUnavailable(this.#ledger.cancel(job));
    this.#scheduler.stopRun(id);
    this.#scheduler.look();
    return this.find(id);
  }

  async find(id: string): Promise<JobView | undefined> {
    const job = await this.#findJob(id);
    return job && this.#view(job);
  }

  async list(before: number | null, limit: number): Promise<readonly JobView[]> {
    this.#checkScope();
    if (!this.#mayHaveJobs()) return [];
    const jobs = await orUnavailable(this.#ledger.list(this.#rights.id, before, limit));
    return Promise.all(jobs.map((job) => this.#view(job)));
  }

  results(job: Job, after: number, limit: number, states: readonly ItemState[] | null): Promise<readonly ItemResult[]> {
    return orUnavailable(this.#ledger.results(job, after, limit, states));
  }

  async watch(id: string): Promise<JobFeed> {
    if (!(await this.#findJob(id))) throw new Failure({ kind: 'not-found', message: NO_SUCH_JOB, field: ['id'] });
    return watchJob(
      () => this.find(id),
      (onChange) => this.#scheduler.listen((changed) => changed === id && onChange()),
    );
  }

  checkId(id: string): string | undefined {
    try {
      resolveGlobalId(id, this.#tools.known, this.#tools.connected);
      return undefined;
    } catch (error) {
      const failure = asFailure(error);
      if (!failure) throw error;
      return failure.message;
    }
  }

  async upload(lines: AsyncIterable<readonly UploadLine[]>): Promise<string> {
    this.#checkScope();
    const id = randomUUID();
    const content = createHash('sha256');
    let start = 0;
    try {
      for await (const batch of lines) {
        await orUnavailable(this.#ledger.createUpload(id, this.#rights.id, batch, start));
        for (const { ticketId, extra } of batch) content.update(JSON.stringify([ticketId, extra]));
        start += batch.length;
      }
    } catch (error) {
      if (start > 0) await this.#ledger.dropUpload(id);
      throw error;
    }
    return `${id}${CONTENT}${content.digest('base64url')}`;
  }

  /** @throws Failure `forbidden` if the caller may run bulk jobs at no source */
  #checkScope(): void {
    const keys = [...this.#tools.known.keys()];
    if (!keys.some((key) => this.#rights.can(BATCH, key))) throw new Failure(missingScope(BATCH, keys[0] ?? ''));
  }

  /** @returns the tickets as the ledger takes them, and what is equal for the same tickets under the same key */
  async #findTickets(given: TicketsSpec): Promise<{ readonly tickets: TicketsSpec; readonly identity: object }> {
    if (!('uploadId' in given)) return { tickets: given, identity: given };
    const [uploadId = '', content = ''] = given.uploadId.split(CONTENT);
    if (await orUnavailable(this.#ledger.hasUpload(uploadId, this.#rights.id))) {
      return { tickets: { uploadId }, identity: { content: content || uploadId } };
    }
    throw invalidInput('There is no such upload. Send the tickets again, to /bulk/uploads.', 'tickets', 'uploadId');
  }

  async #findJob(id: string): Promise<Job | undefined> {
    return this.#mayHaveJobs() ? orUnavailable(this.#ledger.find(id, this.#rights.id)) : undefined;
  }

  /** Reading creates no file. */
  #mayHaveJobs(): boolean {
    return existsSync(this.#ledger.path);
  }

  async #view(job: Job): Promise<JobView> {
    return toView(job, await orUnavailable(this.#ledger.sources(job)));
  }
}

/**
 * In the id that callers get, stands between the id of an upload and the hash of its lines: an upload that is sent again
 * is the same input under the same key.
 */
const CONTENT = '.';

const NO_SUCH_JOB = 'There is no such bulk job. Jobs are kept for a limited time, and each caller has its own.';

const KEY_REUSED = {
  kind: 'key-reused',
  message: 'This idempotencyKey was used for another bulk job. Nothing was started. Use a new key.',
} as const;

function hash(value: unknown): string {
  return createHash('sha256').update(toCanonicalJson(value)).digest('base64url');
}

/** @throws Failure `key-store-unavailable` if the ledger cannot be used. */
async function orUnavailable<Value>(operation: Promise<Value>): Promise<Value> {
  try {
    return await operation;
  } catch (error) {
    if (asFailure(error) || !isStoreError(error)) throw error;
    const message = `The ledger of bulk jobs is unavailable (${causeOf(error)}). Nothing was started. Try again later.`;
    throw new Failure({ kind: 'key-store-unavailable', message });
  }
}
