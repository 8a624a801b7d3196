/** The tickets of many vendors as one list: who is asked, who answered, and where to go on. */
import type { Call, FailureFacts, ListFilter, OwnFilter, StatusCategory, Ticket, VendorSource } from './contract.ts';
import { START, decodeCursor, encodeCursor, type Positions } from './kernel/cursor.ts';
import { asFailure, notConfigured, notGranted } from './kernel/failure.ts';
import { Reader, SCAN_LIMIT, merge, positionAfter, type Lister, type Merged } from './kernel/merging.ts';
import { toComposed } from './kernel/search-text.ts';

/** A vendor that is asked. `source` is missing where it is not configured. */
export interface Asked {
  readonly key: string;
  readonly name: string;
  readonly source: VendorSource | undefined;
  /** Whether the caller may read its tickets. */
  readonly isGranted: boolean;
  /** The parts of a filter that only it can apply. */
  readonly filters?: readonly OwnFilter[];
  isReference(text: string): boolean;
}

export interface ListQuery {
  /** 0 asks for the counts alone. */
  readonly first: number;
  readonly after: string | null;
  readonly categories: readonly StatusCategory[] | null;
  readonly search: string | null;
  readonly reference: string | null;
  readonly view: string | null;
  readonly archived: boolean;
}

export interface ListSource {
  readonly vendor: string;
  readonly totalCount: number | null;
  readonly failure: FailureFacts | null;
}

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** The cursor after the ticket of that index. */
  cursorAt(index: number): string;
  /** Null where there is nothing to go on from. */
  endCursor(): string | null;
  readonly hasNextPage: boolean;
  /** One for each vendor asked, in the order asked. */
  readonly sources: readonly ListSource[];
}

/** One vendor in this list: read, or the reason why not. */
type Opened = { readonly key: string } & ({ readonly reader: Reader } | { readonly failure: FailureFacts });

/** @throws Failure `invalid-input` for a cursor that is not ours. Failures of vendors stand in `sources`. */
export async function listTickets(asked: readonly Asked[], query: ListQuery, call: Call): Promise<TicketPage> {
  const { first, after, categories, reference } = query;
  // Composed for vendors that search themselves, too: what people type has no normal form.
  const search = query.search === null ? null : toComposed(query.search);
  const own = ownFilter(query);
  const scope = { categories, search, reference, vendors: asked.map(({ key }) => key).toSorted(), ...own };
  const start = after === null ? {} : decodeCursor(after, scope);
  const filter: ListFilter = { ...(categories && { categories }), ...(search && { search }), ...own };
  const opened = asked.map((vendor): Opened => {
    const lister = openList(vendor, reference, filter, call);
    if ('kind' in lister) return { key: vendor.key, failure: lister };
    return { key: vendor.key, reader: new Reader(lister, start[vendor.key] ?? START, filter) };
  });
  const reading = opened.filter((list) => 'reader' in list);
  const { merged, hasMore } = await read(
    reading.map(({ reader }) => reader),
    first,
  );
  const positionsAfter = (count: number): Positions => {
    const positions = new Map(reading.map(({ key }) => [key, start[key] ?? START]));
    for (const { reader, entry } of merged.slice(0, count)) positions.set(reading[reader]!.key, positionAfter(entry));
    return Object.fromEntries(positions);
  };
  const positionsNow = (): Positions => Object.fromEntries(reading.map(({ key, reader }) => [key, reader.position]));
  const isEmpty = first === 0 || (merged.length === 0 && !hasMore);
  return {
    tickets: merged.map(({ entry }) => entry.ticket),
    cursorAt: (index) => encodeCursor(positionsAfter(index + 1), scope),
    endCursor: () => (isEmpty ? after : encodeCursor(positionsNow(), scope)),
    hasNextPage: hasMore,
    sources: opened.map(toListSource),
  };
}

/** What is not asked for is left out, so that cursors of lists without it stay valid. */
function ownFilter({ view, archived }: ListQuery): Pick<ListFilter, OwnFilter> {
  return { ...(view !== null && { view }), ...(archived && { archived }) };
}

const OWN_FILTERS: readonly OwnFilter[] = ['view', 'archived'];

/** Why a vendor cannot be asked with this filter; undefined if it can. */
function refusalOfFilter(vendor: Asked, reference: string | null, filter: ListFilter): FailureFacts | undefined {
  const asked = OWN_FILTERS.filter((part) => filter[part] !== undefined);
  const unknown = asked.find((part) => !vendor.filters?.includes(part));
  if (unknown !== undefined) {
    const message = `${vendor.name} has no filter.${unknown}: leave it out, or name in filter.vendors those that have it.`;
    return { kind: 'unsupported', field: ['filter', unknown], message };
  }
  const [own] = asked;
  if (own === undefined || reference === null) return undefined;
  const message = `A ticket found by filter.reference does not show whether it fits filter.${own}: give one of them.`;
  return { kind: 'unsupported', field: ['filter', own], message };
}

/** The tickets, or only the counts where none are asked for. */
async function read(readers: readonly Reader[], first: number): Promise<{ merged: Merged[]; hasMore: boolean }> {
  if (first > 0) return merge(readers, first);
  await Promise.all(readers.map((reader) => reader.count()));
  return { merged: [], hasMore: readers.some((reader) => (reader.totalCount ?? 0) > 0) };
}

/** How a vendor's tickets are come by: its list, the one ticket of a reference, or not at all. */
function openList(vendor: Asked, reference: string | null, filter: ListFilter, call: Call): Lister | FailureFacts {
  const { source, name } = vendor;
  if (!vendor.isGranted) return notGranted('ticket:read', vendor.key);
  if (!source) return notConfigured(vendor);
  const refusal = refusalOfFilter(vendor, reference, filter);
  if (refusal) return refusal;
  if (reference !== null) return listReferenced(vendor, source, reference, call);
  if (!source.list) {
    const message = `${name} has no list of tickets; ask by id, or by filter.reference.`;
    return { kind: 'unsupported', message };
  }
  const { pageLimit = 100 } = source;
  return { pageLimit, list: (offset, limit) => source.list!({ offset, limit, filter }, call) };
}

/** The one ticket of that reference as a list. */
function listReferenced(vendor: Asked, source: VendorSource, reference: string, call: Call): Lister {
  const find = async (): Promise<readonly Ticket[]> => {
    if (!source.findByReference || !vendor.isReference(reference)) return [];
    const ticket = await source.findByReference(reference, call);
    return ticket ? [ticket] : [];
  };
  return {
    pageLimit: 1,
    async list(offset) {
      const tickets = await find();
      const rest = tickets.slice(offset);
      const unapplied = ['categories', 'search'] as const;
      return { tickets: rest, rowCount: rest.length, totalCount: tickets.length, unapplied };
    },
  };
}

function toListSource(list: Opened): ListSource {
  const vendor = list.key;
  if ('failure' in list) return { vendor, totalCount: null, failure: list.failure };
  const { totalCount, failure, isCutShort } = list.reader;
  if (failure !== undefined) {
    const known = asFailure(failure);
    if (!known) throw failure as Error;
    return { vendor, totalCount: null, failure: known.facts };
  }
  return { vendor, totalCount, failure: isCutShort ? CUT_SHORT : null };
}

const CUT_SHORT: FailureFacts = {
  kind: 'unsupported',
  message:
    `The vendor cannot filter so, and ${SCAN_LIMIT} of its tickets were looked through for this page; ` +
    'go on with pageInfo.endCursor to look through the next ones.',
};
