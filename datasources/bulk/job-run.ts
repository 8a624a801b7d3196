/**
 * Runs one job in this process, as long as it holds its lease: gathers its tickets, reads those that an earlier run has
 * marked, then writes chunk by chunk, each source on its own.
 *
 * A ticket that is marked as SENT is never sent again. The mark is stored before the first byte, by a transaction that also
 * checks the lease and the state of the job: a process that was replaced, and a canceled job, send nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureDetails } from '../contract.ts';
import { LightAbortController } from '../vendor-kit/abort.ts';
import { Failure, asFailure, isRetryable } from '../vendor-kit/failure.ts';
import { executeMutation } from '../writes/execute-mutation.ts';
import type { WriteControl, WriteInput } from '../writes/mutation-context.ts';
import { notApplied, type TargetOutcome, type WriteAttempt } from '../writes/outcome.ts';
import { causeOf, isStoreError } from '../writes/idempotency/store-errors.ts';
import { INTERRUPTED, verifyMutation } from '../writes/verify-mutation.ts';
import { createAuditor, type Auditor } from './audit.ts';
import { gather } from './gather.ts';
import { contextFor, openCall, rightsOf, type BulkTools } from './job-context.ts';
import type { ItemChange, Job, NewItem, StoredState, TakenItem } from './job.ts';
import { createProgress, type Progress } from './progress.ts';
import { createPacer, type Limiter } from './limiter.ts';
import { LEASE_MS, type Ledger } from './sqlite-ledger.ts';
import { createWaves, type Waves } from './waves.ts';

/** Tickets of one chunk. */
const CHUNK = 100;

/** Times that a ticket that was not applied goes back to waiting. */
const MAX_ATTEMPTS = 5;

/** Times that a chunk may be taken without being finished, e.g. because the process ends each time. */
const MAX_TAKEN = 10;

/**
 * Bounds a chunk whose tickets wait for each other, and for those of other jobs. Each request has the timeout of its source
 * besides: a shorter bound here would reject tickets that were never sent.
 */
const CHUNK_TIMEOUT_MS = 3_600_000;

/** Bounds the reads of tickets that an earlier run has marked: everything else of the job waits for them. */
const VERIFY_TIMEOUT_MS = 120_000;

/** How often a source with an open circuit breaker, or without `Retry-After`, is tried again. */
const PAUSE_MS = 2_000;

export interface JobRunTools {
  readonly tools: BulkTools;
  readonly ledger: Ledger;
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
  readonly #waves: Waves;
  readonly #auditor: Auditor;
  readonly #pacer: ReturnType<typeof createPacer>;
  readonly #progress = createProgress();
  #unknown: number;
  #isOver = false;

  constructor(options: JobRunTools, job: Job) {
    this.#options = options;
    this.job = job;
    this.#unknown = job.unknown;
    this.#pacer = createPacer(job.atMostPerSecond);
    this.#auditor = createAuditor(options.tools, job);
    const { ledger, owner } = options;
    this.#waves = createWaves(
      ledger,
      job,
      owner,
      () => this.#signal.aborted,
      (changes) => {
        this.#auditor.recordStored(changes);
        this.#countUnknown(changes);
        if (changes.some(({ to }) => to !== 'WAITING')) this.#progress.advance();
        options.onChange(job);
      },
    );
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Begins no further ticket. Those in flight are finished. */
  stop(): void {
    this.#isOver = true;
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
      await this.#waves.flush().finally(() => clearInterval(renewing));
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
    await this.#waves.flush();
    await this.#end();
  }

  async #gather() {
    const { tools, ledger, owner } = this.#options;
    try {
      const run = {
        job: this.job,
        owner,
        signal: this.#signal,
        isOver: () => this.#isOver,
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
    if (stopAfterUnknown === null || this.#unknown < stopAfterUnknown || this.#isOver) return;
    this.stop();
    const { ledger, owner } = this.#options;
    const message = `Stopped: ${this.#unknown} tickets have an unknown outcome (stopAfterUnknown). Check them, then start another job.`;
    this.#stopProblem = { kind: 'outcome-unknown', message };
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
      const readable = items.filter(({ taken }) => taken < MAX_TAKEN);
      const outcomes = await this.#verify(readable);
      for (const item of items) this.#settle(item, 'SENT', outcomes.get(item.ticketId) ?? INTERRUPTED);
      await this.#waves.flush();
      // Another process has the job: its lease was lost.
      if ((await ledger.renew(this.job, owner)) === undefined) return;
    }
  }

  async #verify(items: readonly TakenItem[]): Promise<ReadonlyMap<string, TargetOutcome>> {
    const { tools, limiterOf } = this.#options;
    const control: WriteControl = { ...NO_CONTROL, schedule: (source, run) => limiterOf(source)(run) };
    const context = contextFor(tools, rightsOf(this.job), openCall(VERIFY_TIMEOUT_MS, this.#signal), control);
    const verified = await Promise.all(
      this.#toInputs(items).map((input) => verifyMutation(this.job.mutation, input, context)),
    );
    return new Map(verified.flatMap((outcomes) => [...outcomes]));
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
      for (let resumeAt: number | undefined = pausedUntil; resumeAt !== undefined && !this.#isOver;) {
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
    const pause = await this.#writeChunk(source, items);
    await this.#waves.flush();
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

  /** Returns for how long the source is paused, and why. */
  async #writeChunk(source: string, items: readonly TakenItem[]): Promise<Pause | undefined> {
    const worn = items.filter(({ taken }) => taken >= MAX_TAKEN);
    for (const item of worn) this.#settle(item, 'WAITING', notApplied(WORN_OUT, false));
    const chunk = new Chunk(items.filter(({ taken }) => taken < MAX_TAKEN));
    const { tools, limiterOf } = this.#options;
    const control: WriteControl = {
      schedule: (key, run) => limiterOf(key)(run),
      beforeSending: (ticketIds) => this.#mark(chunk, ticketIds),
      onPerformed: (ticketIds, attempt) => this.#performed(chunk, source, ticketIds, attempt),
    };
    const context = contextFor(tools, rightsOf(this.job), openCall(CHUNK_TIMEOUT_MS, this.#signal), control);
    await Promise.all(
      this.#toInputs(chunk.items).map(async (input) => {
        try {
          const report = await executeMutation(this.job.mutation, input, context);
          tools.announce(report);
          // Those that our own rules have rejected, which no write was made for.
          for (const { ticketId, failure } of report.items) {
            this.#performed(chunk, source, [ticketId ?? ''], {
              upstreamRequestId: null,
              outcomes: [notApplied(failure, false)],
            });
          }
          const [rejection] = report.failures;
          if (rejection) this.#rejectAll(chunk, source, input, rejection);
        } catch (error) {
          tools.reportUnexpected(error);
          this.#rejectAll(chunk, source, input, INTERNAL_ERROR);
        }
      }),
    );
    return chunk.pause;
  }

  #rejectAll(chunk: Chunk, source: string, { ticketId, ticketIds }: WriteInput, failure: FailureDetails): void {
    for (const id of ticketIds ?? [ticketId ?? '']) {
      const outcome = chunk.marked.has(chunk.find(id).position) ? INTERRUPTED : notApplied(failure, false);
      this.#performed(chunk, source, [id], { upstreamRequestId: null, outcomes: [outcome] });
    }
  }

  /** @throws Failure if the tickets may not be sent */
  async #mark(chunk: Chunk, ticketIds: readonly string[]): Promise<void> {
    if (this.#isOver || chunk.pause || !this.#pacer.admit(ticketIds.length)) throw new Failure(NOT_BEGUN);
    const positions = ticketIds.map((id) => chunk.find(id).position);
    const onMarked = (marked: readonly number[]): void => marked.forEach((position) => chunk.marked.add(position));
    let isMarked: boolean;
    try {
      isMarked = await this.#waves.mark(positions, onMarked);
    } catch (error) {
      this.#options.tools.events?.onStoreFailure(causeOf(error));
      chunk.pauseFor(PAUSE_MS, STORE_DOWN);
      throw new Failure(NOT_BEGUN);
    }
    if (!isMarked) {
      this.stop();
      throw new Failure(NOT_BEGUN);
    }
  }

  #performed(chunk: Chunk, source: string, ticketIds: readonly string[], attempt: WriteAttempt): void {
    ticketIds.forEach((id, index) => {
      if (chunk.performed.has(id)) return;
      chunk.performed.add(id);
      const outcome = attempt.outcomes[index]!;
      const item = chunk.find(id);
      const from = chunk.marked.has(item.position) ? 'SENT' : 'WAITING';
      this.#pauseAfter(chunk, source, outcome);
      if (!this.#putBack(chunk, item, from, outcome)) this.#settle(item, from, outcome, attempt.upstreamRequestId);
    });
  }

  #pauseAfter(chunk: Chunk, source: string, { failure }: TargetOutcome): void {
    if (!failure) return;
    const isOpen = this.#options.tools.connected.get(source)?.upstream.health.breaker === 'OPEN';
    const isLimited = failure.kind === 'rate-limited';
    if (!isOpen && !isLimited) return;
    chunk.pauseFor((failure.retryAfterSeconds ?? PAUSE_MS / 1_000) * 1_000, failure);
  }

  /** Whether the ticket was put back to be tried again. A rejection by the vendor, or by the network, counts as attempt. */
  #putBack(chunk: Chunk, item: TakenItem, from: ItemChange['from'], outcome: TargetOutcome): boolean {
    const { kind, failure, wasSent } = outcome;
    if (kind !== 'NOT_APPLIED' || !failure) return false;
    const isNotBegun = failure.message === NOT_BEGUN.message;
    if (!isNotBegun && !isRetryable(failure)) return false;
    const isOurs = isNotBegun || failure.kind === 'overloaded' || (chunk.pause !== undefined && !wasSent);
    const attempts = item.attempts + (isOurs ? 0 : 1);
    if (attempts > MAX_ATTEMPTS) return false;
    const delayMs = isOurs ? 0 : (failure.retryAfterSeconds ?? 2 ** (attempts - 2)) * 1_000;
    const { position } = item;
    const dueAt = Math.max(Date.now() + delayMs, chunk.pause?.until ?? 0);
    this.#waves.record({ position, from, to: 'WAITING', failure: null, isReconciled: false, attempts, dueAt });
    return true;
  }

  #settle(item: TakenItem, from: ItemChange['from'], outcome: TargetOutcome, requestId: string | null = null): void {
    const { kind: to, failure, isReconciled } = outcome;
    this.#auditor.prepare(item, outcome, requestId);
    const { position, attempts } = item;
    this.#waves.record({ position, from, to, failure, isReconciled, attempts, dueAt: 0 });
  }

  /** One input for tickets with the same arguments; an action takes one ticket at a time. */
  #toInputs(items: readonly TakenItem[]): WriteInput[] {
    const { mutation, input } = this.job;
    const withExtra = (extra: string | null): object => ({
      ...input,
      ...(extra !== null && (JSON.parse(extra) as object)),
    });
    if (mutation === 'executeAction') return items.map(({ ticketId, extra }) => ({ ...withExtra(extra), ticketId }));
    const groups = Map.groupBy(items, ({ extra }) => extra);
    return Array.from(groups, ([extra, group]) => ({
      ...withExtra(extra),
      ticketIds: group.map(({ ticketId }) => ticketId),
    }));
  }

  /** Ends early if the run is stopped. */
  async #sleepUntil(time: number): Promise<void> {
    if (this.#isOver) return;
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

interface Pause {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly failure: FailureDetails;
}

/** Tickets of one source that are written together. */
class Chunk {
  readonly items: readonly TakenItem[];
  /** Positions. */
  readonly marked = new Set<number>();
  readonly performed = new Set<string>();
  readonly #byId: ReadonlyMap<string, TakenItem>;
  pause: Pause | undefined;

  constructor(items: readonly TakenItem[]) {
    this.items = items;
    this.#byId = new Map(items.map((item) => [item.ticketId, item]));
  }

  find(ticketId: string): TakenItem {
    const item = this.#byId.get(ticketId);
    if (!item) throw new TypeError('Expected a ticket of this chunk.');
    return item;
  }

  /** The longest pause counts. */
  pauseFor(ms: number, failure: FailureDetails): void {
    const until = Date.now() + ms;
    if (until > (this.pause?.until ?? 0)) this.pause = { until, failure };
  }
}

const NO_CONTROL: WriteControl = {
  schedule: (_, run) => run(),
  beforeSending: async () => undefined,
  onPerformed: () => undefined,
};

const NOT_BEGUN: FailureDetails = { kind: 'unavailable', message: 'Not begun: the bulk job is not running here.' };

const STORE_DOWN: FailureDetails = {
  kind: 'key-store-unavailable',
  message: 'The ledger of bulk jobs is unavailable. Nothing is sent until it is available again.',
};

const WORN_OUT: FailureDetails = {
  kind: 'unavailable',
  message: 'Not sent: the server ended each time that it prepared this ticket. Try it alone.',
};

const INTERNAL_ERROR: FailureDetails = {
  kind: 'rejected',
  message: 'Internal error while preparing the write. Nothing was sent.',
};
