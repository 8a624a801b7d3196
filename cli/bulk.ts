/** Sets the status of many tickets: sequential requests of up to 100 tickets. Returns one result per ticket. */
import {
  SetStatusDocument,
  TicketgraphError,
  type SetStatusInput,
  type SetStatusMutation,
  type Ticketgraph,
} from '../client/index.ts';
import { isUnsent } from './server.ts';
import type { ProblemSummary } from './writing.ts';

type Report = SetStatusMutation['setStatus'];

/** Result of one ticket. `problem.code` is `NOT_SENT` if the ticket was never sent to the server. */
export interface TicketResult {
  readonly ticketId: string;
  readonly outcome: Report['outcome'];
  readonly transition: Report['results'][number]['transition'];
  readonly problem: ProblemSummary | null;
}

export interface BulkResult {
  readonly results: TicketResult[];
  readonly plan: NonNullable<Report['plan']>[number][];
  /** The error that ended the run early, or `undefined` if every request returned outcomes. */
  error: TicketgraphError | undefined;
}

/** The input that all requests share. */
export type BulkInput = Pick<SetStatusInput, 'status' | 'comment' | 'dryRun'>;

export interface BulkOptions {
  /** Idempotency key. `undefined` for a dry run. */
  readonly key: string | undefined;
  /** Called before each request with the number of tickets that already have a result. */
  onProgress(completed: number): void;
  /** Checked before each request. Return `true` to skip the remaining ones. */
  isStopped(): boolean;
}

/** The server's limit of tickets per request. */
const CHUNK_SIZE = 100;

export async function setStatusOfAll(
  server: Ticketgraph,
  ids: readonly string[],
  input: BulkInput,
  { key, onProgress, isStopped }: BulkOptions,
): Promise<BulkResult> {
  const bulk: BulkResult = { results: [], plan: [], error: undefined };
  for (let from = 0; from < ids.length; from += CHUNK_SIZE) {
    onProgress(bulk.results.length);
    const ticketIds = ids.slice(from, from + CHUNK_SIZE);
    if (bulk.error || isStopped()) {
      bulk.results.push(...ticketIds.map((id) => failed(id, 'NOT_APPLIED', NOT_SENT)));
      continue;
    }
    // One key per request. Repeating the command with the same tickets in the same order repeats the same keys.
    const idempotencyKey = key !== undefined && ids.length > CHUNK_SIZE ? `${key}/${from / CHUNK_SIZE + 1}` : key;
    try {
      const variables = { input: { ...input, ticketIds, ...(idempotencyKey !== undefined && { idempotencyKey }) } };
      const { setStatus } = await server.request(SetStatusDocument, variables);
      bulk.results.push(...resultsOf(setStatus, ticketIds));
      bulk.plan.push(...(setStatus.plan ?? []));
    } catch (error) {
      if (!(error instanceof TicketgraphError)) throw error;
      bulk.error = error;
      const outcome = isUnsent(error) || input.dryRun ? 'NOT_APPLIED' : 'UNKNOWN';
      bulk.results.push(...ticketIds.map((id) => failed(id, outcome, error)));
    }
  }
  return bulk;
}

const NOT_SENT = { code: 'NOT_SENT', message: 'Not sent: the command ended early.' };

/** A request that was rejected as a whole has no results per ticket. */
function resultsOf({ results, outcome, problems }: Report, ticketIds: readonly string[]): readonly TicketResult[] {
  if (results.length > 0) return results;
  return ticketIds.map((id) => ({ ...failed(id, outcome, NOT_SENT), problem: problems[0] ?? null }));
}

function failed(ticketId: string, outcome: TicketResult['outcome'], { code, message }: ProblemSummary): TicketResult {
  return { ticketId, outcome, transition: null, problem: { code, message } };
}
