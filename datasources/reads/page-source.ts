/** How a source's tickets are listed: by its own list, by the one ticket of a reference, or not at all. */
import type {
  Datasource,
  FailureDetails,
  ListFilter,
  OwnFilter,
  RequestScope,
  Ticket,
  TicketSource,
  Vendor,
} from '../contract.ts';
import { missingScope, notConfigured } from '../vendor-kit/failure.ts';
import { CALL_LIMIT, SCAN_LIMIT, type PageSource, type Totals } from './list-cursor.ts';
import { OVERLAP } from './seek.ts';

/** A source that is listed. */
export interface ListedSource {
  readonly source: Pick<TicketSource, 'key' | 'name'> & { readonly vendor: ListedVendor };
  /** `undefined` if it is not configured. */
  readonly datasource: Datasource | undefined;
  /** Whether the caller may read its tickets. */
  readonly isGranted: boolean;
}

/** What a list needs to know of a vendor. */
export type ListedVendor = Pick<Vendor, 'filters' | 'isReference' | 'unapplied'>;

const DEFAULT_PAGE_LIMIT = 100;

/**
 * @param reference lists the one ticket that people call by this name; null for the vendor's list
 * @returns the source's pages, or why it cannot be listed.
 */
export function openPageSource(
  { source, datasource, isGranted }: ListedSource,
  reference: string | null,
  filter: ListFilter,
  call: RequestScope,
): PageSource | FailureDetails {
  const { name, vendor } = source;
  if (!isGranted) return missingScope('ticket:read', source.key);
  if (!datasource) return notConfigured(source);
  const rejection = rejectFilter(source, reference, filter);
  if (rejection) return rejection;
  if (reference !== null) return sourceOfReference(vendor, datasource, reference, call);
  if (!datasource.list) {
    const message = `${name} has no list of tickets; ask by id, or by filter.reference.`;
    return { kind: 'unsupported', message };
  }
  const { pageLimit = DEFAULT_PAGE_LIMIT, list } = datasource;
  return {
    pageLimit,
    filtersHere: (vendor.unapplied?.(filter) ?? []).length > 0,
    totals: totalsOf(datasource),
    list: (offset, limit) => list.call(datasource, { offset, limit, filter }, call),
  };
}

/** Returns the most calls that a page of `first` tickets takes. */
export function estimateList(
  vendor: Pick<ListedVendor, 'unapplied'>,
  { pageLimit = DEFAULT_PAGE_LIMIT }: Pick<Datasource, 'pageLimit'>,
  first: number,
  filter: ListFilter,
): number {
  const { categories, search } = filter;
  const filtersHere = vendor.unapplied
    ? vendor.unapplied(filter).length > 0
    : categories !== undefined || search !== undefined;
  if (!filtersHere) return Math.ceil((first + 1) / pageLimit);
  return Math.min(CALL_LIMIT, 1 + Math.ceil(SCAN_LIMIT / Math.max(1, pageLimit - OVERLAP)));
}

const OWN_FILTERS: readonly OwnFilter[] = ['view', 'archived', 'group'];

/** Returns why the vendor cannot apply this filter; undefined if it can. */
function rejectFilter(
  { name, vendor }: ListedSource['source'],
  reference: string | null,
  filter: ListFilter,
): FailureDetails | undefined {
  const own = OWN_FILTERS.filter((part) => filter[part] !== undefined);
  const unknown = own.find((part) => !vendor.filters?.includes(part));
  if (unknown !== undefined) {
    const message = `${name} has no filter.${unknown}: leave it out, or name in filter.vendors those that have it.`;
    return { kind: 'unsupported', field: ['filter', unknown], message };
  }
  const [part] = own;
  if (part === undefined || reference === null) return undefined;
  const message = `A ticket found by filter.reference does not show whether it fits filter.${part}: give one of them.`;
  return { kind: 'unsupported', field: ['filter', part], message };
}

const TOTALS = new WeakMap<Datasource, Totals>();

function totalsOf(datasource: Datasource): Totals {
  const known = TOTALS.get(datasource);
  if (known) return known;
  const totals: Totals = { count: 'unknown' };
  TOTALS.set(datasource, totals);
  return totals;
}

/** The one ticket of a reference as a list. */
function sourceOfReference(
  vendor: ListedVendor,
  datasource: Datasource,
  reference: string,
  call: RequestScope,
): PageSource {
  const find = async (): Promise<readonly Ticket[]> => {
    if (!datasource.findByReference || !vendor.isReference(reference)) return [];
    const ticket = await datasource.findByReference(reference, call);
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
