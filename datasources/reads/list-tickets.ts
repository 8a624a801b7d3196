/** The tickets of many sources as one list: opens each source's list, merges them, and encodes where to continue. */
import type { FailureDetails, ListFilter, OwnFilter, RequestScope, StatusCategory, Ticket } from '../contract.ts';
import { Failure, missingScope, notConfigured } from '../vendor-kit/failure.ts';
import { START, decodeCursor, encodeCursor, type Positions } from './cursor.ts';
import { ListCursor } from './list-cursor.ts';
import { toListSource, type ListSource } from './list-source.ts';
import { merge, type Merged } from './merge.ts';
import { openPageSource, type ListedSource } from './page-source.ts';
import { Patience } from './patience.ts';
import { toComposed } from './search-text.ts';

export type { ListSource } from './list-source.ts';

export interface ListQuery {
  /** 0 requests the counts alone. */
  readonly first: number;
  readonly after: string | null;
  readonly categories: readonly StatusCategory[] | null;
  readonly search: string | null;
  readonly reference: string | null;
  /** Milliseconds after which the page omits the vendors that have not answered; 0 waits for all. */
  readonly patienceMs: number;
  readonly view: string | null;
  readonly archived: boolean;
  readonly group: string | null;
}

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** The cursor after the ticket at that index. */
  cursorAt(index: number): string;
  /** Null if there is nothing to continue from. */
  endCursor(): string | null;
  readonly hasNextPage: boolean;
  /** One per listed source, in their order. */
  readonly sources: readonly ListSource[];
}

/**
 * Failures of single sources are in `sources`.
 *
 * @throws Failure `invalid-input` for an invalid cursor, `not-granted` or `not-configured` if none of the sources can be
 * read.
 */
export async function listTickets(
  sources: readonly ListedSource[],
  query: ListQuery,
  call: RequestScope,
): Promise<TicketPage> {
  const { first, after, reference, patienceMs } = query;
  checkReadable(sources);
  const filter = toListFilter(query);
  const cursorKey = toCursorKey(sources, query, filter);
  const start = after === null ? {} : decodeCursor(after, cursorKey);
  const opened = sources.map((source) => openList(source, reference, filter, start, call));
  const lists = opened.filter((list) => 'cursor' in list);
  const cursors = lists.map(({ cursor }) => cursor);
  const { merged, hasMore } = await read(cursors, first, new Patience(patienceMs));

  const positionsAfter = (count: number): Positions => {
    const positions = new Map(lists.map(({ key, cursor }) => [key, cursor.start]));
    const last = new Map(merged.slice(0, count).map(({ cursor, entry }) => [cursor, entry]));
    for (const [index, entry] of last) positions.set(lists[index]!.key, cursors[index]!.positionAfter(entry));
    return Object.fromEntries(positions);
  };
  const positionsNow = (): Positions => Object.fromEntries(lists.map(({ key, cursor }) => [key, cursor.position]));
  const isEmpty = first === 0 || (merged.length === 0 && !hasMore);
  return {
    tickets: merged.map(({ entry }) => entry.ticket),
    cursorAt: (index) => encodeCursor(positionsAfter(index + 1), cursorKey),
    endCursor: () => (isEmpty ? after : encodeCursor(positionsNow(), cursorKey)),
    hasNextPage: hasMore,
    sources: opened.map((list) =>
      'cursor' in list
        ? toListSource(list.key, list.cursor, patienceMs)
        : { source: list.key, totalCount: null, failure: list.failure },
    ),
  };
}

/** @throws Failure if no source can be read: an empty page would look like an empty list. */
function checkReadable(listed: readonly ListedSource[]): void {
  if (listed.length === 0 || listed.some(({ isGranted, datasource }) => isGranted && datasource)) return;
  const denied = listed.find(({ isGranted }) => !isGranted);
  const { source } = denied ?? listed[0]!;
  throw new Failure(denied ? missingScope('ticket:read', source.key) : notConfigured(source), undefined, source.key);
}

/** The filter as vendors get it. */
export function toListFilter({
  categories,
  search,
  ...query
}: Pick<ListQuery, 'categories' | 'search' | OwnFilter>): ListFilter {
  return {
    ...(categories && { categories }),
    // Composed for vendors that search themselves, too: typed text has no normal form.
    ...(search && { search: toComposed(search) }),
    ...ownFilter(query),
  };
}

/** Absent parts are omitted, so that cursors of lists without them stay valid. */
function ownFilter({ view, archived, group }: Pick<ListQuery, OwnFilter>): Pick<ListFilter, OwnFilter> {
  return { ...(view !== null && { view }), ...(archived && { archived }), ...(group !== null && { group }) };
}

/** What a cursor belongs to. Issued cursors contain its hash, so neither the fields nor their order may change. */
function toCursorKey(listed: readonly ListedSource[], query: ListQuery, { search }: ListFilter): object {
  const { categories, reference } = query;
  const keys = listed.map(({ source }) => source.key).toSorted();
  return {
    categories,
    search: query.search === null ? null : (search ?? ''),
    reference,
    vendors: keys,
    ...ownFilter(query),
  };
}

/** One source in this list: its cursor, or why it has none. */
type OpenedList = { readonly key: string } & ({ readonly cursor: ListCursor } | { readonly failure: FailureDetails });

function openList(
  listed: ListedSource,
  reference: string | null,
  filter: ListFilter,
  start: Positions,
  call: RequestScope,
): OpenedList {
  const { key } = listed.source;
  const pages = openPageSource(listed, reference, filter, call);
  if ('kind' in pages) return { key, failure: pages };
  return { key, cursor: new ListCursor(pages, start[key] ?? START, filter, call.deadlineAt) };
}

/** The tickets, or the counts alone if no tickets are requested. */
async function read(
  cursors: readonly ListCursor[],
  first: number,
  patience: Patience,
): Promise<{ merged: Merged[]; hasMore: boolean }> {
  try {
    if (first > 0) return await merge(cursors, first, patience);
    await patience.wait(cursors, (cursor) => cursor.count());
    return { merged: [], hasMore: cursors.some((cursor) => cursor.hasAny || cursor.stoppedBy !== undefined) };
  } finally {
    patience.dispose();
  }
}
