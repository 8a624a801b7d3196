/**
 * Runs one job in this process, as long as it holds its lease: gathers its tickets, reads those that an earlier run has
 * marked, then writes chunk by chunk, each source on its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureDetails } from '../contract.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { causeOf, isStoreError } from '../writes/idempotency/store-errors.ts';
import { createAuditor, type Auditor } from './audit.ts';
import { ChunkWriter, PAUSE_MS } from './chunk-writer.ts';
import { gather } from './gather.ts';
import type { BulkTools } from './job-context.ts';
import type { ItemChange, Job, NewItem, StoredState } from './job.ts';
import { CHUNK, LEASE_MS, stoppedAfter } from './ledger.ts';
import { createPacer, type Limiter } from './limiter.ts';
import { createProgress, type Progress } from './progress.ts';
import type { SqliteLedger } from './sqlite-ledger.ts';

export interface JobRunTools {
  readonly tools: BulkTools;
  readonly ledger: SqliteLedger;
  /** Unique to the process. */
  readonly owner: string;
  /** Limits the writes of all jobs to one source. */
  limiterOf(sourceKey: string): Limiter;
  /** Called after each stored change. */
  onChange(job: Job): void;
}

export class JobRun {
  readonly job: Job;
  readonly #options: JobRunTools;
  readonly #signal = new LightAbortController();
  readonly #wake = new Set<() => void>();
  readonly #writer: ChunkWriter;
  readonly #auditor: Auditor;
  readonly #pacer: ReturnType<typeof createPacer>;
  readonly #progress = createProgress();
  #unknown: number;

  constructor(options: JobRunTools, job: Job) {
    this.#options = options;
    this.job = job;
    this.#unknown = job.unknown;
    this.#pacer = createPacer(job.atMostPerSecond);
    this.#auditor = createAuditor(options.tools, job);
    this.#writer = new ChunkWriter(
      {
        ...options,
        signal: this.#signal,
        admit: (tickets) => this.#pacer.admit(tickets),
        onStored: (changes) => {
          this.#countUnknown(changes);
          if (changes.some(({ to }) => to !== 'WAITING')) this.#progress.advance();
          options.onChange(job);
        },
        onRefused: () => this.stop(),
      },
      job,
    );
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Begins no further ticket. Those in flight are finished. */
  stop(): void {
    this.#writer.stop();
    for (const wake of this.#wake) wake();
  }

  /** Ends reads that are in flight. */
  abort(): void {
    this.stop();
    this.#signal.abort();
  }

  async run(): Promise<void> {
    const { ledger, owner } = this.#options;
    const renewing = setInterval(() => void this.#renew(), LEASE_MS / 4);
    try {
      await this.#runStates();
    } finally {
      // Also after an error: an outcome that is not stored would be unknown to the next run.
      await this.#writer.flush().finally(() => clearInterval(renewing));
      await ledger.release(this.job, owner);
      this.#options.onChange(this.job);
    }
  }

  async #runStates(): Promise<void> {
    const { ledger, owner } = this.#options;
    let state = await ledger.renew(this.job, owner);
    if (state === 'GATHERING') state = await this.#gather();
    if (state !== 'RUNNING' && state !== 'CANCELLING') return;
    this.#progress.enter(state === 'RUNNING' ? 'running' : 'cancelling');
    // An earlier run may have ended before it could stop the job.
    this.#countUnknown([]);
    await this.#recover();
    if (state === 'RUNNING') await this.#writeAll();
    await this.#writer.flush();
    await this.#end();
  }

  async #gather() {
    const { tools, ledger, owner } = this.#options;
    try {
      const run = {
        job: this.job,
        owner,
        signal: this.#signal,
        isOver: () => this.#writer.isStopped,
        onAdded: (items: readonly NewItem[]) => {
          this.#progress.advance();
          this.#auditor.recordRejected(items);
        },
      };
      if (await gather(tools, ledger, run)) await ledger.setState(this.job, owner, 'RUNNING');
    } catch (error) {
      const failure = asFailure(error);
      if (!failure) throw error;
      await this.#endAs('FAILED', failure.details);
    }
    this.#options.onChange(this.job);
    return ledger.renew(this.job, owner);
  }

  /** Ends the job if nothing of it is left. */
  async #end(): Promise<void> {
    await Promise.all(this.#stopping);
    const job = await this.#options.ledger.find(this.job.id);
    if (!job || job.inFlight > 0) return;
    if (job.state === 'CANCELLING' || this.#stopProblem) await this.#endAs('CANCELLED', this.#stopProblem);
    else if (job.waiting === 0) await this.#endAs('DONE');
  }

  async #endAs(state: StoredState, problem: FailureDetails | null = null): Promise<void> {
    const { ledger, owner, tools } = this.#options;
    await ledger.setState(this.job, owner, state, problem);
    const ended = await ledger.find(this.job.id);
    if (ended?.state === state) tools.events?.onBulkEnd(state);
  }

  async #renew(): Promise<void> {
    const { ledger, owner } = this.#options;
    // While the ledger is unavailable nothing can be marked, so nothing is sent.
    const state = await ledger.renew(this.job, owner).catch(() => 'RUNNING');
    if (state === 'RUNNING' || state === 'GATHERING') return;
    this.#progress.enter('cancelling');
    this.stop();
  }

  #countUnknown(changes: readonly ItemChange[]): void {
    this.#unknown += changes.filter(({ to }) => to === 'UNKNOWN').length;
    const { stopAfterUnknown } = this.job;
    if (stopAfterUnknown === null || this.#unknown < stopAfterUnknown || this.#writer.isStopped) return;
    this.stop();
    const { ledger, owner } = this.#options;
    this.#stopProblem = stoppedAfter(this.#unknown);
    const stopped = ledger
      .setState(this.job, owner, 'CANCELLING', this.#stopProblem)
      // `#end` does it again.
      .catch((error: unknown) => void this.#pauseForStore(error))
      .catch((error: unknown) => this.#options.tools.reportUnexpected(error));
    this.#stopping.push(stopped);
  }

  readonly #stopping: Promise<void>[] = [];

  /** Why the job ends before its tickets do. */
  #stopProblem: FailureDetails | null = null;

  // ---------------------------------------------------------------- tickets that an earlier run has marked

  async #recover(): Promise<void> {
    const { ledger, owner } = this.#options;
    for (;;) {
      const items = await ledger.orphans(this.job, CHUNK);
      if (items.length === 0 || this.#signal.aborted) return;
      await ledger.countRecovery(
        this.job,
        owner,
        items.map(({ position }) => position),
      );
      await this.#writer.recover(items);
      // Another process has the job: its lease was lost.
      if ((await ledger.renew(this.job, owner)) === undefined) return;
    }
  }

  // ---------------------------------------------------------------- writing

  async #writeAll(): Promise<void> {
    const sources = await this.#options.ledger.sources(this.job);
    const waiting = sources.filter((source) => source.waiting > 0);
    // All of them end, also if one fails: a write must not be in flight when the lease is released.
    const ended = await Promise.allSettled(
      waiting.map(({ source, pausedUntil }) => this.#writeSource(source, pausedUntil ?? 0)),
    );
    for (const result of ended) if (result.status === 'rejected') throw result.reason;
  }

  async #writeSource(source: string, pausedUntil: number): Promise<void> {
    this.#progress.begin(source);
    try {
      for (let resumeAt: number | undefined = pausedUntil; resumeAt !== undefined && !this.#writer.isStopped;) {
        if (resumeAt > Date.now()) await this.#sleepPaused(source, resumeAt);
        else resumeAt = await this.#writeNext(source, resumeAt).catch((error: unknown) => this.#pauseForStore(error));
      }
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      this.#progress.end(source);
    }
  }

  async #sleepPaused(source: string, resumeAt: number): Promise<void> {
    this.#progress.pause(source);
    await this.#sleepUntil(resumeAt);
    this.#progress.resume(source);
  }

  /** Returns until when the source is paused: 0 if it is not, `undefined` if none of its tickets waits. */
  async #writeNext(source: string, pausedUntil: number): Promise<number | undefined> {
    const { ledger, owner, tools } = this.#options;
    if (pausedUntil > 0) await ledger.pause(this.job, owner, source, null, null);
    const items = await ledger.take(this.job, owner, source, Math.min(CHUNK, this.#pacer.most));
    if (items.length === 0) return this.#untilDue(source);
    const delayMs = this.#pacer.delayFor(items.length);
    if (delayMs > 0) await this.#sleepUntil(Date.now() + delayMs);
    const pause = await this.#writer.write(source, items);
    if (!pause) return 0;
    tools.events?.onBulkPause(source, pause.failure.kind);
    await ledger.pause(this.job, owner, source, pause.until, pause.failure);
    this.#options.onChange(this.job);
    return pause.until;
  }

  async #untilDue(source: string): Promise<number | undefined> {
    const due = await this.#options.ledger.nextDue(this.job, source);
    if (due === undefined) return undefined;
    // Nothing is due, or the job has ended: then `renew` says so.
    await this.#sleepUntil(Math.max(due, Date.now() + 50));
    if (due <= Date.now()) await this.#renew();
    return 0;
  }

  /** Returns until when nothing is tried. @throws any other error */
  #pauseForStore(error: unknown): number {
    if (!isStoreError(error)) throw error;
    this.#options.tools.events?.onStoreFailure(causeOf(error));
    return Date.now() + PAUSE_MS;
  }

  /** Ends early if the run is stopped. */
  async #sleepUntil(time: number): Promise<void> {
    if (this.#writer.isStopped) return;
    const timer = new AbortController();
    const wake = (): void => timer.abort();
    this.#wake.add(wake);
    // At most a while, so that a cancellation by another process is noticed.
    await sleep(Math.min(Math.max(time - Date.now(), 0), LEASE_MS), undefined, { signal: timer.signal }).catch(
      () => undefined,
    );
    this.#wake.delete(wake);
  }
}
