/** Fields of bulk jobs and their results. */
import type { ItemState } from '../datasources/bulk/index.ts';
import type { FailureDetails } from '../datasources/contract.ts';
import type { BulkFormat } from '../schema/__generated__/types.ts';
import type {
  BulkJobConnectionResolvers,
  BulkJobResolvers,
  BulkPlanResolvers,
  BulkPlanSourceResolvers,
  BulkResultConnectionResolvers,
  BulkResultResolvers,
  BulkSourceResolvers,
} from './__generated__/resolvers.ts';
import { checkFirst, fromCursor, toCursor, toJobId, toPage } from './bulk.ts';
import type { Problem } from './parents.ts';
import { toProblem } from './problems.ts';

/** Most results of one page. */
const MAX_RESULTS = 200;

export const BulkJob: BulkJobResolvers = {
  id: toJobId,
  state: ({ shownState }) => shownState,
  createdAt: ({ createdAt }) => toText(createdAt)!,
  endedAt: ({ endedAt }) => toText(endedAt),
  expectedEnd: ({ expectedEnd }) => toText(expectedEnd),
  problem: ({ problem }) => orNull(problem, null, null),
  results: async (job, { first, after, outcomes }, { sources }) => {
    // Clients may send null, which the generated type omits.
    const count = checkFirst(first, 100, MAX_RESULTS);
    const start = after ? fromCursor(after) : -1;
    const found = await (
      await sources.bulk()
    ).results(job, start, count + 1, (outcomes as ItemState[] | null | undefined) ?? null);
    return toPage(found, count, ({ position }) => toCursor(position));
  },
  resultsUrl: (job, { format }) =>
    `/bulk/jobs/${job.id}/results?format=${((format as BulkFormat | null) ?? 'NDJSON').toLowerCase()}`,
};

export const BulkSource: BulkSourceResolvers = {
  source: ({ source }, _, { sources }) => sources.source(source),
  pausedUntil: ({ pausedUntil }) => toText(pausedUntil),
  problem: ({ problem, source }) => orNull(problem, source, null),
};

const OUTCOMES: Partial<Record<ItemState, 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN'>> = {
  APPLIED: 'APPLIED',
  NOT_APPLIED: 'NOT_APPLIED',
  UNKNOWN: 'UNKNOWN',
};

export const BulkResult: BulkResultResolvers = {
  source: ({ source }, _, { sources }) => (source === null ? null : sources.source(source)),
  outcome: ({ state }) => OUTCOMES[state] ?? null,
  inFlight: ({ state }) => state === 'SENT',
  reconciled: ({ isReconciled }) => isReconciled,
  problem: ({ failure, source, ticketId }) => orNull(failure, source, ticketId),
};

export const BulkResultConnection: BulkResultConnectionResolvers = {
  edges: ({ rows, cursorOf }) => rows.map((node) => ({ node, cursor: cursorOf(node) })),
  nodes: ({ rows }) => rows,
  pageInfo: (page) => page,
};

export const BulkJobConnection: BulkJobConnectionResolvers = {
  edges: ({ rows, cursorOf }) => rows.map((node) => ({ node, cursor: cursorOf(node) })),
  nodes: ({ rows }) => rows,
  pageInfo: (page) => page,
};

export const BulkPlan: BulkPlanResolvers = {
  problems: ({ rejections }) => rejections.map(({ failure, source, ticketId }) => toProblem(failure, source, ticketId)),
  complete: ({ isComplete }) => isComplete,
};

export const BulkPlanSource: BulkPlanSourceResolvers = {
  source: ({ source }, _, { sources }) => sources.source(source),
};

function orNull(failure: FailureDetails | null, source: string | null, ticketId: string | null): Problem | null {
  return failure && toProblem(failure, source, ticketId);
}

/** ISO 8601, UTC. */
function toText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
