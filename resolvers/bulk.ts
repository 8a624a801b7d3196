/** Bulk jobs: their mutations and queries. */
import type { JobView, StartBulk, TicketsSpec } from '../datasources/bulk/index.ts';
import type { RequestSources } from '../datasources/index.ts';
import { asFailure, invalidInput } from '../datasources/vendor-kit/failure.ts';
import type { FieldPath } from '../datasources/vendor-kit/global-id.ts';
import type {
  BulkTicketsInput,
  BulkWorkInput,
  StartBulkInput,
  CancelBulkInput,
} from '../schema/__generated__/types.ts';
import type { QueryResolvers } from './__generated__/resolvers.ts';
import type { ResolverContext } from './context.ts';
import { toFilter } from './filter.ts';
import type { JobPage, Node, Problem } from './parents.ts';
import { toProblem } from './problems.ts';

/** What ids of bulk jobs begin with. No vendor has this key. */
const PREFIX = 'bulk-job:';

/** Most ids in the input itself. */
const MAX_IDS = 10_000;

/** Most jobs of one page. */
const MAX_JOBS = 100;

/** Largest `atMostPerSecond`. */
const MAX_PER_SECOND = 10_000;

export function toJobId({ id }: Pick<JobView, 'id'>): string {
  return PREFIX + id;
}

/** @throws Failure `invalid-input` if it is no id of a job. */
export function toJobKey(id: string): string {
  if (id.startsWith(PREFIX)) return id.slice(PREFIX.length);
  throw invalidInput(`Ids of bulk jobs start with ${PREFIX}.`, 'id');
}

/** The bulk job or ticket with this id. */
export async function findNode(id: string, field: FieldPath, sources: RequestSources): Promise<Node | null> {
  if (id.startsWith(PREFIX)) return (await (await sources.bulk()).find(toJobKey(id))) ?? null;
  return (await sources.ticket(id, field)) ?? null;
}

export const bulkQueries: Pick<QueryResolvers, 'bulkJob' | 'bulkJobs'> = {
  bulkJob: async (_, { id }, { sources }) => (await (await sources.bulk()).find(toJobKey(id))) ?? null,
  bulkJobs: async (_, { first, after }, { sources }): Promise<JobPage> => {
    // Clients may send null, which the generated type omits.
    const count = checkFirst(first, 25, MAX_JOBS);
    const jobs = await (await sources.bulk()).list(after ? fromCursor(after) : null, count + 1);
    return toPage(jobs, count, ({ row }) => toCursor(row));
  },
};

/** @throws Failure `invalid-input` */
export function checkFirst(given: number | null, usual: number, most: number): number {
  const first = given ?? usual;
  if (first >= 0 && first <= most) return first;
  throw invalidInput(`first must be from 0 to ${most}, not ${first}.`, 'first');
}

/** @param found one more than the page holds if there are more */
export function toPage<Row>(found: readonly Row[], first: number, cursorOf: (row: Row) => string) {
  const rows = found.slice(0, first);
  const cursorAt = (index: number): string | null => (rows.length > 0 ? cursorOf(rows.at(index)!) : null);
  return {
    rows,
    hasNextPage: found.length > first,
    cursorOf,
    startCursor: () => cursorAt(0),
    endCursor: () => cursorAt(-1),
  };
}

export function toCursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/** @throws Failure `invalid-input` */
export function fromCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidInput('after must be a cursor of an earlier page.', 'after');
}

interface BulkPayload {
  readonly job: JobView | null;
  readonly plan?: unknown;
  readonly problems: readonly Problem[];
  readonly clientMutationId: string | null;
}

export const bulkMutations = {
  startBulk: (_: unknown, { input }: { input: StartBulkInput }, { sources }: ResolverContext): Promise<BulkPayload> =>
    toPayload(input, async () => {
      const options = toStart(input);
      const bulk = await sources.bulk();
      if (input.dryRun) return { job: null, plan: await bulk.plan(options) };
      return { job: await bulk.start(options), plan: null };
    }),
  cancelBulk: (_: unknown, { input }: { input: CancelBulkInput }, { sources }: ResolverContext): Promise<BulkPayload> =>
    toPayload(input, async () => ({ job: (await (await sources.bulk()).cancel(toJobKey(input.id))) ?? null })),
};

/** As with every write, failures are problems, not errors. */
async function toPayload(
  { clientMutationId }: { readonly clientMutationId?: string | null | undefined },
  run: () => Promise<Pick<BulkPayload, 'job' | 'plan'>>,
): Promise<BulkPayload> {
  const shared = { clientMutationId: clientMutationId ?? null };
  try {
    return { ...(await run()), problems: [], ...shared };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    const problem = toProblem(failure.details, failure.source ?? null, failure.ticketId ?? null);
    return { job: null, plan: null, problems: [problem], ...shared };
  }
}

function toStart({ work, tickets, idempotencyKey, atMostPerSecond, stopAfterUnknown }: StartBulkInput): StartBulk {
  return {
    ...toWork(work),
    tickets: toTickets(tickets),
    idempotencyKey,
    atMostPerSecond: checkLimit(atMostPerSecond, 'atMostPerSecond', MAX_PER_SECOND),
    stopAfterUnknown: checkLimit(stopAfterUnknown, 'stopAfterUnknown', Number.MAX_SAFE_INTEGER),
  };
}

function checkLimit(value: number | null | undefined, name: string, most: number): number | null {
  if (value === null || value === undefined) return null;
  if (value >= 1 && value <= most) return value;
  throw invalidInput(`${name} must be at least 1 and at most ${most}, not ${value}.`, name);
}

/** The mutation that each ticket is written by, which is the name of the work, and its arguments. */
function toWork(work: BulkWorkInput): Pick<StartBulk, 'mutation' | 'input'> {
  const [mutation, input] = Object.entries(work)[0]! as [string, Readonly<Record<string, unknown>>];
  if (mutation !== 'deleteTickets') return { mutation, input };
  if (input['confirm'] !== true) {
    throw invalidInput('confirm must be true: a deletion cannot be undone.', 'work', 'deleteTickets', 'confirm');
  }
  return { mutation, input: {} };
}

function toTickets({ ids, filter, uploadId }: BulkTicketsInput): TicketsSpec {
  if (typeof uploadId === 'string') return { uploadId };
  if (filter) return { filter: toFilter(filter) };
  if (ids.length === 0 || ids.length > MAX_IDS) {
    const message = `tickets.ids must contain 1 to ${MAX_IDS} ids, not ${ids.length}. Send more to /bulk/uploads.`;
    throw invalidInput(message, 'tickets', 'ids');
  }
  return { ids };
}
