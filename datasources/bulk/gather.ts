/** Resolves the tickets of a job to lines of the ledger, completely, before the first write: closing shifts pages. */
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises';
import type { AbortSignalLike, FailureDetails } from '../contract.ts';
import { Failure, asFailure, isRetryable } from '../vendor-kit/failure.ts';
import type { TicketPage } from '../reads/list-tickets.ts';
import { rejected, toTarget } from '../writes/targets.ts';
import { contextFor, openCall, rightsOf, type BulkTools, type FilterQuery } from './job-context.ts';
import type { Job, NewItem, TicketsSpec, UploadLine } from './job.ts';
import type { Ledger } from './ledger.ts';

/** Lines that one transaction stores. */
const BATCH_SIZE = 200;

/** Tickets on one page of a filter. */
export const PAGE_SIZE = 200;

/** Attempts at one page while a source fails. */
const MAX_PAGE_ATTEMPTS = 5;

const PAGE_TIMEOUT_MS = 120_000;

/** How often a wait looks whether the run is over. */
const POLL_MS = 200;

/** The run that gathers. */
export interface Gathering {
  readonly job: Job;
  readonly owner: string;
  readonly signal: AbortSignalLike;
  /** Whether the process is about to end, or the job was canceled. */
  isOver(): boolean;
  /** Called with the lines that have been stored. */
  onAdded(items: readonly NewItem[]): void;
}

/** @throws Failure if the tickets cannot be determined. Returns false if the job was canceled, or the run is over. */
export async function gather(tools: BulkTools, ledger: Ledger, run: Gathering): Promise<boolean> {
  const { job, owner } = run;
  const tickets = await ledger.tickets(job);
  // What a run that ended early has stored. Lines are the same each time, so it goes on; the pages of a filter are not.
  const stored = 'filter' in tickets ? 0 : job.total;
  if (stored === 0) while (await ledger.clearItems(job, owner)) await yieldToOthers();
  const toItems = createItemReader(tools, job);
  let position = 0;
  for await (const lines of linesOf(tools, ledger, run, tickets)) {
    const items = toItems(lines, position);
    if (run.isOver()) return false;
    const first = Math.max(0, stored - position);
    const added = items.slice(first);
    if (added.length > 0 && !(await ledger.addItems(job, owner, position + first, added))) return false;
    run.onAdded(added);
    position += items.length;
    await yieldToOthers();
  }
  return !run.isOver();
}

function linesOf(
  tools: BulkTools,
  ledger: Ledger,
  run: Gathering,
  tickets: TicketsSpec,
): AsyncIterable<readonly UploadLine[]> {
  if ('ids' in tickets) return linesOfIds(tickets.ids);
  if ('uploadId' in tickets) return linesOfUpload(ledger, tickets.uploadId);
  return linesOfFilter(tools, run, tickets.filter as unknown as FilterQuery);
}

async function* linesOfIds(ids: readonly string[]): AsyncIterable<readonly UploadLine[]> {
  for (let start = 0; start < ids.length; start += BATCH_SIZE) {
    yield ids.slice(start, start + BATCH_SIZE).map((ticketId) => ({ ticketId, extra: null }));
  }
}

async function* linesOfUpload(ledger: Ledger, uploadId: string): AsyncIterable<readonly UploadLine[]> {
  for (let after = -1; ; after += BATCH_SIZE) {
    const lines = await ledger.uploadLines(uploadId, after, BATCH_SIZE);
    if (lines.length > 0) yield lines;
    if (lines.length < BATCH_SIZE) return;
  }
}

async function* linesOfFilter(
  tools: BulkTools,
  run: Gathering,
  filter: FilterQuery,
): AsyncIterable<readonly UploadLine[]> {
  const seen = new Set<string>();
  for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
    const page = await readPage(tools, run, { ...filter, first: PAGE_SIZE, after, patienceMs: 0 });
    if (!page) return;
    const ids = page.tickets.map(({ id }) => id).filter((id) => !seen.has(id));
    for (const id of ids) seen.add(id);
    // A ticket that a shifted page repeats is no line of the input.
    yield* linesOfIds([...new Set(ids)]);
    after = page.endCursor() ?? after;
    hasNextPage = page.hasNextPage;
  }
}

/** Reads a page of all sources; a source that fails is asked again. Returns `undefined` if the run is over. */
async function readPage(tools: BulkTools, run: Gathering, query: FilterQuery): Promise<TicketPage | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    let failure: FailureDetails | undefined;
    try {
      const page = await tools.list(rightsOf(run.job), query, openCall(PAGE_TIMEOUT_MS, run.signal));
      failure = page.sources.flatMap((source) => source.failure ?? []).find(({ kind }) => kind !== 'unsupported');
      if (!failure) return page;
    } catch (error) {
      failure = asFailure(error)?.details;
      if (!failure) throw error;
    }
    if (run.isOver()) return undefined;
    if (!isRetryable(failure) || attempt === MAX_PAGE_ATTEMPTS) throw new Failure(failure);
    const retryAt = Date.now() + (failure.retryAfterSeconds ?? 2 ** (attempt - 1)) * 1_000;
    while (Date.now() < retryAt && !run.isOver()) await sleep(POLL_MS);
  }
}

/** Reads lines into items: each ticket is written to once, however often and in whatever spelling it is named. */
function createItemReader(tools: BulkTools, job: Job) {
  const context = contextFor(tools, rightsOf(job), openCall(PAGE_TIMEOUT_MS));
  const positions = new Map<string, number>();
  return (lines: readonly UploadLine[], start: number): NewItem[] =>
    lines.map(({ ticketId: name, extra }, index) => {
      const { ticketId, source, outcome } = toTarget(job.mutation, name, ['tickets'], context);
      const id = ticketId ?? name;
      const original = positions.get(id) ?? null;
      if (original === null) positions.set(id, start + index);
      const item = { ticketId: id, name, source: source?.key ?? null, original, extra };
      return { ...item, failure: (outcome ?? rejected(undefined))?.failure ?? null };
    });
}
