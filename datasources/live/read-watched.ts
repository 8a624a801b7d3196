/** The reads of a watched group: tickets by id, one or all at once, and the newest rows of a list. */
import type { AbortSignalLike, CallBudget, FailureDetails, RequestScope, Ticket } from '../contract.ts';
import { START } from '../reads/cursor.ts';
import { ListCursor } from '../reads/list-cursor.ts';
import { openPageSource } from '../reads/page-source.ts';
import type { Connected } from '../upstream/connect-source.ts';
import { NEVER_ABORTS } from '../upstream/request-lifetime.ts';
import { Failure, asError } from '../vendor-kit/failure.ts';
import type { Subscriber } from './change.ts';
import type { SourceFilter } from './watch.ts';

/** The newest tickets of a filter that are watched. */
export const WATCHED_ROWS = 200;

/** Milliseconds for one read with all its calls. */
const READ_TIMEOUT_MS = 30_000;

/** Counts the calls of one read, beside the budget of its source. */
export class CountedCalls implements CallBudget {
  readonly #budget: CallBudget;
  calls = 0;

  constructor(budget: CallBudget) {
    this.#budget = budget;
  }

  take(calls: number): void {
    this.calls += calls;
    this.#budget.take(calls);
  }
}

const NO_CALLS: CallBudget = { take: () => undefined };

/**
 * A read that no client waits for: it takes no caller's share of the connections.
 *
 * @param signal ends it before its deadline. Defaults to none.
 */
export function toScope(
  { callerCredentials, preferences }: Subscriber,
  budget: CallBudget,
  signal: AbortSignalLike = NEVER_ABORTS,
): RequestScope {
  return {
    signal,
    deadlineAt: performance.now() + READ_TIMEOUT_MS,
    requestKey: {},
    budget,
    ...(callerCredentials && { callerCredentials }),
    ...(preferences && { preferences }),
  };
}

/** One result for each id, in their order; an error for each that could not be read. */
export async function readTickets(
  { datasource }: Connected,
  nativeIds: readonly string[],
  call: RequestScope,
): Promise<readonly (Ticket | undefined | Error)[]> {
  if (nativeIds.length > 1 && datasource.findMany) {
    try {
      return await datasource.findMany(nativeIds, call);
    } catch (error) {
      return nativeIds.map(() => asError(error));
    }
  }
  return Promise.all(nativeIds.map((nativeId) => datasource.find(nativeId, call).catch(asError)));
}

export interface ListedRows {
  readonly tickets: readonly Ticket[];
  /** Whether no older ticket matches. */
  readonly isWhole: boolean;
}

/** Why the source cannot list this filter; `undefined` if it can. */
export function rejectionOf(
  { source, datasource }: Connected,
  { reference, filter }: SourceFilter,
): FailureDetails | undefined {
  // Opening sends nothing.
  const opened = openPageSource({ source, datasource, isGranted: true }, reference, filter, toScope({}, NO_CALLS));
  return 'kind' in opened ? opened : undefined;
}

/** @throws Failure if the list cannot be read */
export async function readRows(
  { source, datasource }: Connected,
  { reference, filter }: SourceFilter,
  call: RequestScope,
): Promise<ListedRows> {
  const pages = openPageSource({ source, datasource, isGranted: true }, reference, filter, call);
  if ('kind' in pages) throw new Failure(pages);
  const cursor = new ListCursor(pages, START, filter, call.deadlineAt);
  const tickets: Ticket[] = [];
  for (;;) {
    if (cursor.needsFetch) await cursor.fill(WATCHED_ROWS - tickets.length + 1);
    if (cursor.failure !== undefined) throw asError(cursor.failure);
    const head = cursor.head();
    if (!head) return { tickets, isWhole: cursor.stoppedBy === undefined };
    if (tickets.length === WATCHED_ROWS) return { tickets, isWhole: false };
    tickets.push(head.ticket);
    cursor.take();
  }
}
