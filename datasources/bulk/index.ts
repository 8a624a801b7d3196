/**
 * Bulk jobs: one write to up to 100,000 tickets that survives the end of the process. Each ticket is written to at most
 * once; the ledger says which were.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { RequestScope } from '../contract.ts';
import { Failure, asFailure, invalidInput, missingScope } from '../vendor-kit/failure.ts';
import { resolveGlobalId } from '../vendor-kit/global-id.ts';
import { checkKey, toCanonicalJson } from '../writes/idempotency/run-once.ts';
import { causeOf, isStoreError } from '../writes/idempotency/store-errors.ts';
import { planDryRun, type BulkPlan } from './dry-run.ts';
import type { BulkStatus, Engine } from './engine.ts';
import { watchJob, type JobFeed } from './job-feed.ts';
import { BATCH, grantsOf, type BulkTools, type Rights } from './job-context.ts';
import type { ItemResult, ItemState, Job, JobView, TicketsSpec, UploadLine } from './job.ts';
import type { Ledger } from './ledger.ts';
import { toView } from './job-view.ts';

export type { BulkPlan, PlannedSource } from './dry-run.ts';
export type { BulkStatus } from './engine.ts';
export type { BulkTools, FilterQuery, Rights } from './job-context.ts';
export type { JobFeed } from './job-feed.ts';
export type { ItemResult, ItemState, JobSource, JobView, TicketsSpec, UploadLine } from './job.ts';

/** Where jobs are kept: in a file of this machine, or in a Redis that replicas share. */
export type BulkOptions = ({ readonly path: string } | { readonly redisUrl: string }) & {
  readonly keptDays: number;
};

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

/** Also goes on with jobs that were started before. Loads what the engine needs. */
export async function openBulkJobs(options: BulkOptions, tools: BulkTools): Promise<BulkJobs> {
  const engine = await openEngine(options, tools);
  return {
    forCaller: (rights, call) => new JobsOfCaller(engine, tools, rights, call),
    stop: () => engine.stop(),
    abort: () => engine.abort(),
    close: () => engine.close(),
    status: () => engine.status(),
  };
}

async function openEngine(options: BulkOptions, tools: BulkTools): Promise<Engine> {
  const { keptDays } = options;
  if ('path' in options) {
    const { createEmbeddedEngine } = await import('./embedded-engine.ts');
    return createEmbeddedEngine(options.path, keptDays, tools);
  }
  const { redisUrl } = options;
  const [{ createRedisLedger }, { createBullmqEngine }] = await Promise.all([
    import('./redis-ledger.ts'),
    import('./bullmq-engine.ts'),
  ]);
  const ledger = createRedisLedger(redisUrl, keptDays * 86_400_000, (state) => tools.events?.onBulkEnd(state));
  return createBullmqEngine(redisUrl, ledger, keptDays, tools);
}

class JobsOfCaller implements CallerJobs {
  readonly #engine: Engine;
  readonly #ledger: Ledger;
  readonly #tools: BulkTools;
  readonly #rights: Rights;
  readonly #call: RequestScope;

  constructor(engine: Engine, tools: BulkTools, rights: Rights, call: RequestScope) {
    this.#engine = engine;
    this.#ledger = engine.ledger;
    this.#tools = tools;
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
    await this.#engine.start(job);
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
    await this.#engine.cancel(job);
    return this.find(id);
  }

  async find(id: string): Promise<JobView | undefined> {
    const job = await this.#findJob(id);
    return job && this.#view(job);
  }

  async list(before: number | null, limit: number): Promise<readonly JobView[]> {
    this.#checkScope();
    if (!this.#ledger.mayHaveJobs()) return [];
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
      (onChange) => this.#engine.listen((changed) => changed === id && onChange()),
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
    return this.#ledger.mayHaveJobs() ? orUnavailable(this.#ledger.find(id, this.#rights.id)) : undefined;
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
