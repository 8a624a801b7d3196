/** The tickets of many vendors as one list: who is asked, who answered, and where to go on. */
import type {
  RequestScope,
  FailureDetails,
  ListFilter,
  OwnFilter,
  StatusCategory,
  Ticket,
  VendorSource,
} from '../contract.ts';
import { START, decodeCursor, encodeCursor, type Positions } from './cursor.ts';
import { Failure, asFailure, notConfigured, missingScope } from '../vendor-kit/failure.ts';
import { toVendorEnum } from '../vendor-kit/global-id.ts';
import {
  CALL_LIMIT,
  OVERLAP,
  Patience,
  ListCursor,
  SCAN_LIMIT,
  merge,
  type Cut,
  type PageSource,
  type Merged,
  type Totals,
} from './merge.ts';
import { toComposed } from './search-text.ts';

/** A vendor that is asked. `source` is missing where it is not configured. */
export interface ListedVendor {
  readonly key: string;
  readonly name: string;
  readonly source: VendorSource | undefined;
  /** Whether the caller may read its tickets. */
  readonly isGranted: boolean;
  /** The parts of a filter that only it can apply. */
  readonly filters?: readonly OwnFilter[];
  isReference(text: string): boolean;
  /** See `Vendor`. */
  unapplied?(filter: ListFilter): readonly (keyof ListFilter)[];
}

export interface ListQuery {
  /** 0 asks for the counts alone. */
  readonly first: number;
  readonly after: string | null;
  readonly categories: readonly StatusCategory[] | null;
  readonly search: string | null;
  readonly reference: string | null;
  /** Milliseconds after which the page goes without the sources that have not answered; 0 waits for all. */
  readonly patienceMs: number;
  readonly view: string | null;
  readonly archived: boolean;
  readonly group: string | null;
}

export interface ListSource {
  readonly vendor: string;
  readonly totalCount: number | null;
  readonly failure: FailureDetails | null;
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
type OpenedList = { readonly key: string } & ({ readonly reader: ListCursor } | { readonly failure: FailureDetails });

/**
 * @throws Failure `invalid-input` for a cursor that is not ours, `not-granted` or `not-configured` if none of the vendors
 * asked can be read. What each vendor says stands in `sources`.
 */
export async function listTickets(
  asked: readonly ListedVendor[],
  query: ListQuery,
  call: RequestScope,
): Promise<TicketPage> {
  const { first, after, categories, reference, patienceMs } = query;
  // Composed for vendors that search themselves, too: what people type has no normal form.
  const search = query.search === null ? null : toComposed(query.search);
  checkAsked(asked);
  const own = ownFilter(query);
  const scope = { categories, search, reference, vendors: asked.map(({ key }) => key).toSorted(), ...own };
  const start = after === null ? {} : decodeCursor(after, scope);
  const filter: ListFilter = { ...(categories && { categories }), ...(search && { search }), ...own };
  const opened = asked.map((vendor): OpenedList => {
    const lister = openList(vendor, reference, filter, call);
    if ('kind' in lister) return { key: vendor.key, failure: lister };
    return { key: vendor.key, reader: new ListCursor(lister, start[vendor.key] ?? START, filter, call.deadlineAt) };
  });
  const reading = opened.filter((list) => 'reader' in list);
  const { merged, hasMore } = await read(
    reading.map(({ reader }) => reader),
    first,
    new Patience(patienceMs),
  );
  const positionsAfter = (count: number): Positions => {
    const positions = new Map(reading.map(({ key, reader }) => [key, reader.start]));
    const last = new Map(merged.slice(0, count).map(({ cursor: reader, entry }) => [reader, entry]));
    for (const [index, entry] of last) positions.set(reading[index]!.key, reading[index]!.reader.positionAfter(entry));
    return Object.fromEntries(positions);
  };
  const positionsNow = (): Positions => Object.fromEntries(reading.map(({ key, reader }) => [key, reader.position]));
  const isEmpty = first === 0 || (merged.length === 0 && !hasMore);
  return {
    tickets: merged.map(({ entry }) => entry.ticket),
    cursorAt: (index) => encodeCursor(positionsAfter(index + 1), scope),
    endCursor: () => (isEmpty ? after : encodeCursor(positionsNow(), scope)),
    hasNextPage: hasMore,
    sources: opened.map((list) => toListSource(list, patienceMs)),
  };
}

/** @throws Failure if there is nothing to be read at all: an empty page would look like an empty list. */
function checkAsked(asked: readonly ListedVendor[]): void {
  if (asked.length === 0 || asked.some(({ isGranted, source }) => isGranted && source)) return;
  const denied = asked.find(({ isGranted }) => !isGranted);
  const vendor = denied ?? asked[0]!;
  throw new Failure(
    denied ? missingScope('ticket:read', vendor.key) : notConfigured(vendor),
    undefined,
    toVendorEnum(vendor.key),
  );
}

/** What is not asked for is left out, so that cursors of lists without it stay valid. */
function ownFilter({ view, archived, group }: ListQuery): Pick<ListFilter, OwnFilter> {
  return { ...(view !== null && { view }), ...(archived && { archived }), ...(group !== null && { group }) };
}

const OWN_FILTERS: readonly OwnFilter[] = ['view', 'archived', 'group'];

/** Why a vendor cannot be asked with this filter; undefined if it can. */
function refusalOfFilter(
  vendor: ListedVendor,
  reference: string | null,
  filter: ListFilter,
): FailureDetails | undefined {
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
async function read(
  readers: readonly ListCursor[],
  first: number,
  patience: Patience,
): Promise<{ merged: Merged[]; hasMore: boolean }> {
  try {
    if (first > 0) return await merge(readers, first, patience);
    await patience.wait(readers, (reader) => reader.count());
    return { merged: [], hasMore: readers.some((reader) => reader.hasAny || reader.cut !== undefined) };
  } finally {
    patience.end();
  }
}

/** What is known of each source's totals. */
const totalsOf = new WeakMap<VendorSource, Totals>();

/** How a vendor's tickets are come by: its list, the one ticket of a reference, or not at all. */
function openList(
  vendor: ListedVendor,
  reference: string | null,
  filter: ListFilter,
  call: RequestScope,
): PageSource | FailureDetails {
  const { source, name } = vendor;
  if (!vendor.isGranted) return missingScope('ticket:read', vendor.key);
  if (!source) return notConfigured(vendor);
  const refusal = refusalOfFilter(vendor, reference, filter);
  if (refusal) return refusal;
  if (reference !== null) return listReferenced(vendor, source, reference, call);
  if (!source.list) {
    const message = `${name} has no list of tickets; ask by id, or by filter.reference.`;
    return { kind: 'unsupported', message };
  }
  const { pageLimit = 100, list } = source;
  const filtersHere = (vendor.unapplied?.(filter) ?? []).length > 0;
  let totals = totalsOf.get(source);
  if (!totals) totalsOf.set(source, (totals = { count: 'unknown' }));
  return {
    pageLimit,
    filtersHere,
    totals,
    list: (offset, limit) => list.call(source, { offset, limit, filter }, call),
  };
}

/** The one ticket of that reference as a list. */
function listReferenced(vendor: ListedVendor, source: VendorSource, reference: string, call: RequestScope): PageSource {
  const find = async (): Promise<readonly Ticket[]> => {
    if (!source.findByReference || !vendor.isReference(reference)) return [];
    const ticket = await source.findByReference(reference, call);
    return ticket ? [ticket] : [];
  };
  return {
    pageLimit: 1,
    filtersHere: false,
    totals: { count: 'list' },
    async list() {
      const tickets = await find();
      const unapplied = ['categories', 'search'] as const;
      return { tickets, rowCount: tickets.length, totalCount: tickets.length, unapplied, isWhole: true };
    },
  };
}

function toListSource(list: OpenedList, patienceMs: number): ListSource {
  const vendor = list.key;
  if ('failure' in list) return { vendor, totalCount: null, failure: list.failure };
  const { reader } = list;
  if (reader.failure !== undefined) {
    const known = asFailure(reader.failure);
    // What the whole request is refused for is no matter of one source.
    if (!known || known.kind === 'too-costly') throw reader.failure as Error;
    return { vendor, totalCount: null, failure: known.details };
  }
  if (reader.cut) return { vendor, totalCount: reader.totalCount, failure: explainCut(reader.cut, reader, patienceMs) };
  if (reader.unreadable > 0) return { vendor, totalCount: null, failure: unreadable(reader.unreadable) };
  return { vendor, totalCount: reader.totalCount, failure: null };
}

/** Most calls that a page of a vendor's list takes. */
export function estimateList(
  vendor: Pick<ListedVendor, 'unapplied'>,
  { pageLimit = 100 }: Pick<VendorSource, 'pageLimit'>,
  first: number,
  filter: ListFilter,
): number {
  const { categories, search } = filter;
  const unapplied = vendor.unapplied
    ? vendor.unapplied(filter).length > 0
    : categories !== undefined || search !== undefined;
  if (!unapplied) return Math.ceil((first + 1) / pageLimit);
  return Math.min(CALL_LIMIT, 1 + Math.ceil(SCAN_LIMIT / Math.max(1, pageLimit - OVERLAP)));
}

function unreadable(count: number): FailureDetails {
  return { kind: 'protocol', message: `None of the ${count} entries that the vendor listed can be read.` };
}

const GO_ON = 'Go on with pageInfo.endCursor';

function explainCut(cut: Cut, { scanned }: ListCursor, patienceMs: number): FailureDetails {
  switch (cut) {
    case 'late':
      return {
        kind: 'timeout',
        message:
          `The vendor did not answer within patienceMs (${patienceMs} ms). ` +
          `${GO_ON}: the next page waits for it. Set patienceMs to 0 to wait for all.`,
      };
    case 'deadline':
      return {
        kind: 'timeout',
        message:
          `The time of this request ends: ${scanned} tickets of the vendor were looked through for this page. ` +
          `${GO_ON} to look through the next ones.`,
      };
    case 'scan-limit':
      return {
        kind: 'unsupported',
        message:
          `The vendor cannot filter so, and ${scanned} of its tickets were looked through for this page. ` +
          `${GO_ON} to look through the next ones.`,
      };
    case 'call-limit':
    case 'failed':
      return {
        kind: 'unsupported',
        message: `The vendor sends few tickets at a time: ${scanned} were read for this page. ${GO_ON}.`,
      };
  }
}
