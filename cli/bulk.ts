/** Many tickets, a hundred at a time, one request after the other. Every ticket has one result at the end. */
import {
  SetStatusDocument,
  TicketgraphError,
  type SetStatusInput,
  type SetStatusMutation,
  type Ticketgraph,
} from '../client/index.ts';
import { isUnsent } from './server.ts';
import type { Told } from './writing.ts';

type Report = SetStatusMutation['setStatus'];

/** What became of one ticket; the code is ours where the server gave none. */
export interface Result {
  readonly ticketId: string;
  readonly outcome: Report['outcome'];
  readonly transition: Report['results'][number]['transition'];
  readonly problem: Told | null;
}

export interface Bulk {
  readonly results: Result[];
  readonly plan: NonNullable<Report['plan']>[number][];
  /** Why the server gave no outcomes, from some point on. */
  error: TicketgraphError | undefined;
}

/** What all requests have in common. */
export type BulkInput = Pick<SetStatusInput, 'status' | 'comment' | 'dryRun'>;

export interface BulkOptions {
  /** None with a dry run. */
  readonly key: string | undefined;
  /** Told of tickets that are settled, one way or the other. */
  progress(settled: number): void;
  /** Asked before each request: whether those to come are not to be sent. */
  isStopped(): boolean;
}

/** Most tickets that one request may name. */
const CHUNK = 100;

export async function setStatusOfAll(
  server: Ticketgraph,
  ids: readonly string[],
  input: BulkInput,
  { key, progress, isStopped }: BulkOptions,
): Promise<Bulk> {
  const bulk: Bulk = { results: [], plan: [], error: undefined };
  for (let from = 0; from < ids.length; from += CHUNK) {
    progress(bulk.results.length);
    const ticketIds = ids.slice(from, from + CHUNK);
    if (bulk.error || isStopped()) {
      bulk.results.push(...ticketIds.map((id) => failed(id, 'NOT_APPLIED', NOT_SENT)));
      continue;
    }
    // The same tickets in the same order come in the same requests, and each of these has a key of its own.
    const idempotencyKey = key !== undefined && ids.length > CHUNK ? `${key}/${from / CHUNK + 1}` : key;
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

const NOT_SENT = { code: 'NOT_SENT', message: 'Not sent, as it ended before.' };

/** A request that was refused as a whole names no tickets. */
function resultsOf({ results, outcome, problems }: Report, ticketIds: readonly string[]): readonly Result[] {
  if (results.length > 0) return results;
  return ticketIds.map((id) => ({ ...failed(id, outcome, NOT_SENT), problem: problems[0] ?? null }));
}

function failed(ticketId: string, outcome: Result['outcome'], { code, message }: Told): Result {
  return { ticketId, outcome, transition: null, problem: { code, message } };
}
