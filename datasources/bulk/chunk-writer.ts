/**
 * Writes tickets of one job that a run holds, and reads those that an earlier run has marked. What both engines share.
 *
 * A ticket that is marked as SENT is never sent again. The mark is stored before the first byte, in a step that also checks
 * who holds the ticket and the state of the job: a run that was replaced, and a canceled job, send nothing.
 */
import type { AbortSignalLike, FailureDetails } from '../contract.ts';
import { Failure, isRetryable } from '../vendor-kit/failure.ts';
import { executeMutation } from '../writes/execute-mutation.ts';
import type { WriteControl, WriteInput } from '../writes/mutation-context.ts';
import { causeOf } from '../writes/idempotency/store-errors.ts';
import { notApplied, type TargetOutcome, type WriteAttempt } from '../writes/outcome.ts';
import { INTERRUPTED, verifyMutation } from '../writes/verify-mutation.ts';
import { createAuditor, type Auditor } from './audit.ts';
import { contextFor, openCall, rightsOf, type BulkTools } from './job-context.ts';
import type { ItemChange, Job, TakenItem } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Limiter } from './limiter.ts';
import { createWaves, type Waves } from './waves.ts';

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
export const PAUSE_MS = 2_000;

/** Why a source is paused. */
export interface Pause {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly failure: FailureDetails;
}

export interface ChunkWriterOptions {
  readonly tools: BulkTools;
  readonly ledger: Ledger;
  /** Unique to the run. */
  readonly owner: string;
  /** Ends reads in flight, and attempts to store outcomes. */
  readonly signal: AbortSignalLike;
  /** Limits the writes of all jobs to one source. */
  limiterOf(sourceKey: string): Limiter;
  /** Whether so many tickets may begin now. Omit if the ledger decides. */
  admit?(tickets: number): boolean;
  /** Called with the changes that were stored. */
  onStored(changes: readonly ItemChange[]): void;
  /** Called if the ledger does not let the tickets be sent: the job was canceled, or another run has them. */
  onRefused(): void;
}

export class ChunkWriter {
  readonly #options: ChunkWriterOptions;
  readonly #job: Job;
  readonly #waves: Waves;
  readonly #auditor: Auditor;
  #isStopped = false;

  constructor(options: ChunkWriterOptions, job: Job) {
    this.#options = options;
    this.#job = job;
    this.#auditor = createAuditor(options.tools, job);
    const { ledger, owner, signal } = options;
    this.#waves = createWaves(
      ledger,
      job,
      owner,
      () => signal.aborted,
      (changes) => {
        this.#auditor.recordStored(changes);
        options.onStored(changes);
      },
    );
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins no further ticket. Those in flight are finished. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when all outcomes are stored. */
  flush(): Promise<void> {
    return this.#waves.flush();
  }

  // ---------------------------------------------------------------- tickets that an earlier run has marked

  /** Reads tickets instead of sending them, and stores what became of them. */
  async recover(items: readonly TakenItem[]): Promise<void> {
    const outcomes = await this.#verify(items.filter(({ taken }) => taken < MAX_TAKEN));
    for (const item of items) this.#settle(item, 'SENT', outcomes.get(item.ticketId) ?? INTERRUPTED);
    await this.#waves.flush();
  }

  async #verify(items: readonly TakenItem[]): Promise<ReadonlyMap<string, TargetOutcome>> {
    const { tools, limiterOf, signal } = this.#options;
    const control: WriteControl = { ...NO_CONTROL, schedule: (source, run) => limiterOf(source)(run) };
    const context = contextFor(tools, rightsOf(this.#job), openCall(VERIFY_TIMEOUT_MS, signal), control);
    const verified = await Promise.all(
      this.#toInputs(items).map((input) => verifyMutation(this.#job.mutation, input, context)),
    );
    return new Map(verified.flatMap((outcomes) => [...outcomes]));
  }

  // ---------------------------------------------------------------- writing

  /** Writes tickets of one source, and stores the outcomes. Returns for how long the source is paused, and why. */
  async write(source: string, items: readonly TakenItem[]): Promise<Pause | undefined> {
    const worn = items.filter(({ taken }) => taken >= MAX_TAKEN);
    for (const item of worn) this.#settle(item, 'WAITING', notApplied(WORN_OUT, false));
    const chunk = new Chunk(items.filter(({ taken }) => taken < MAX_TAKEN));
    await this.#writeChunk(source, chunk);
    await this.#waves.flush();
    return chunk.pause;
  }

  async #writeChunk(source: string, chunk: Chunk): Promise<void> {
    const { tools, limiterOf, signal } = this.#options;
    const control: WriteControl = {
      schedule: (key, run) => limiterOf(key)(run),
      beforeSending: (ticketIds) => this.#mark(chunk, ticketIds),
      onPerformed: (ticketIds, attempt) => this.#performed(chunk, source, ticketIds, attempt),
    };
    const context = contextFor(tools, rightsOf(this.#job), openCall(CHUNK_TIMEOUT_MS, signal), control);
    await Promise.all(
      this.#toInputs(chunk.items).map(async (input) => {
        try {
          const report = await executeMutation(this.#job.mutation, input, context);
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
  }

  #rejectAll(chunk: Chunk, source: string, { ticketId, ticketIds }: WriteInput, failure: FailureDetails): void {
    for (const id of ticketIds ?? [ticketId ?? '']) {
      const outcome = chunk.marked.has(chunk.find(id).position) ? INTERRUPTED : notApplied(failure, false);
      this.#performed(chunk, source, [id], { upstreamRequestId: null, outcomes: [outcome] });
    }
  }

  /** @throws Failure if the tickets may not be sent */
  async #mark(chunk: Chunk, ticketIds: readonly string[]): Promise<void> {
    const { admit, tools } = this.#options;
    if (this.#isStopped || chunk.pause || admit?.(ticketIds.length) === false) throw new Failure(NOT_BEGUN);
    const onMarked = (marked: readonly number[]): void => marked.forEach((position) => chunk.marked.add(position));
    const positions = ticketIds.map((id) => chunk.find(id).position);
    let isMarked: boolean;
    try {
      isMarked = await this.#waves.mark(positions, onMarked);
    } catch (error) {
      tools.events?.onStoreFailure(causeOf(error));
      chunk.pauseFor(PAUSE_MS, STORE_DOWN);
      throw new Failure(NOT_BEGUN);
    }
    if (!isMarked) {
      this.stop();
      this.#options.onRefused();
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
    const { mutation, input } = this.#job;
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
