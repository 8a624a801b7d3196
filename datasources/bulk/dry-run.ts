/** What a job would do: tickets per source, what would be rejected and why, and the first requests. Sends no write. */
import type { FailureDetails, RequestScope } from '../contract.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { executeMutation } from '../writes/execute-mutation.ts';
import type { WriteInput } from '../writes/mutation-context.ts';
import type { PlannedRequest } from '../writes/report.ts';
import { toTarget } from '../writes/targets.ts';
import { contextFor, type BulkTools, type FilterQuery, type Rights } from './job-context.ts';
import type { TicketsSpec, UploadLine } from './job.ts';
import type { Ledger } from './ledger.ts';

/** Tickets of each source whose requests are shown. */
const SHOWN = 3;

/** Rejections that are listed one by one. */
const MAX_REJECTIONS = 100;

/** Tickets that a filter is counted up to. */
const MAX_COUNTED = 10_000;

const PAGE = 200;

export interface PlannedSource {
  /** Key of the source. */
  readonly source: string;
  readonly tickets: number;
}

export interface BulkPlan {
  /** Lines of the input. */
  readonly total: number;
  readonly sources: readonly PlannedSource[];
  /** Lines that would be rejected. */
  readonly rejected: number;
  /** The first of them. */
  readonly rejections: readonly {
    readonly ticketId: string;
    readonly source: string | null;
    readonly failure: FailureDetails;
  }[];
  readonly requests: readonly PlannedRequest[];
  /** False if not all tickets that match the filter were counted. */
  readonly isComplete: boolean;
}

interface DryRun {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tickets: TicketsSpec;
}

export async function planDryRun(
  tools: BulkTools,
  rights: Rights,
  ledger: Ledger,
  { mutation, input, tickets }: DryRun,
  call: RequestScope,
): Promise<BulkPlan> {
  const context = contextFor(tools, rights, call);
  const counts = new Map<string, number>();
  const first = new Map<string, WriteInput[]>();
  const rejections: BulkPlan['rejections'][number][] = [];
  let [total, rejected] = [0, 0];
  const add = ({ ticketId: name, extra }: UploadLine): void => {
    total += 1;
    const { source, ticketId, outcome } = toTarget(mutation, name, ['tickets'], context);
    if (outcome?.failure) {
      rejected += 1;
      if (rejections.length < MAX_REJECTIONS) {
        rejections.push({ ticketId: name, source: source?.key ?? null, failure: outcome.failure });
      }
      return;
    }
    const key = source!.key;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const shown = first.get(key) ?? [];
    if (shown.length === SHOWN) return;
    const own = extra === null ? {} : (JSON.parse(extra) as object);
    const named = mutation === 'executeAction' ? { ticketId } : { ticketIds: [ticketId] };
    first.set(key, [...shown, { ...input, ...own, ...named, dryRun: true } as WriteInput]);
  };
  const isComplete = await eachLine(tools, rights, ledger, tickets, call, add);
  const reports = await Promise.all([...first.values()].flat().map((one) => executeMutation(mutation, one, context)));
  for (const { items } of reports) {
    // What the vendor's own rules reject is known of these alone.
    for (const { failure, ticketId, source } of items) {
      if (failure && rejections.length < MAX_REJECTIONS) rejections.push({ ticketId: ticketId ?? '', source, failure });
    }
  }
  return {
    total,
    sources: Array.from(counts, ([source, count]) => ({ source, tickets: count })),
    rejected,
    rejections,
    requests: reports.flatMap(({ plan }) => plan ?? []),
    isComplete,
  };
}

/** Returns whether there were no more lines. */
async function eachLine(
  tools: BulkTools,
  rights: Rights,
  ledger: Ledger,
  tickets: TicketsSpec,
  call: RequestScope,
  add: (line: UploadLine) => void,
): Promise<boolean> {
  if ('ids' in tickets) {
    for (const ticketId of tickets.ids) add({ ticketId, extra: null });
    return true;
  }
  if ('uploadId' in tickets) {
    for (let after = -1; ; after += PAGE) {
      const lines = await ledger.uploadLines(tickets.uploadId, after, PAGE);
      lines.forEach(add);
      if (lines.length < PAGE) return true;
    }
  }
  const filter = tickets.filter as unknown as FilterQuery;
  for (let after: string | null = null, counted = 0; counted < MAX_COUNTED;) {
    try {
      const page = await tools.list(rights, { ...filter, first: PAGE, after, patienceMs: 0 }, call);
      for (const { id } of page.tickets) add({ ticketId: id, extra: null });
      counted += page.tickets.length;
      after = page.endCursor() ?? after;
      if (!page.hasNextPage) return page.sources.every(({ failure }) => !failure || failure.kind === 'unsupported');
    } catch (error) {
      // The calls or the time of this request are used up: what was counted so far is shown.
      if (counted === 0 || !asFailure(error)) throw error;
      return false;
    }
  }
  return false;
}
