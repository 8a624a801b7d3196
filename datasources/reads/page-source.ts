/** How a vendor's tickets are listed: by its own list, by the one ticket of a reference, or not at all. */
import type { FailureDetails, ListFilter, OwnFilter, RequestScope, Ticket, VendorSource } from '../contract.ts';
import { missingScope, notConfigured } from '../vendor-kit/failure.ts';
import { CALL_LIMIT, SCAN_LIMIT, type PageSource, type Totals } from './list-cursor.ts';
import { OVERLAP } from './seek.ts';

/** A vendor that is listed. `source` is undefined if it is not configured. */
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

const DEFAULT_PAGE_LIMIT = 100;

/**
 * @param reference lists the one ticket that people call by this name; null for the vendor's list
 * @returns the vendor's pages, or why it cannot be listed.
 */
export function openPageSource(
  vendor: ListedVendor,
  reference: string | null,
  filter: ListFilter,
  call: RequestScope,
): PageSource | FailureDetails {
  const { source, name } = vendor;
  if (!vendor.isGranted) return missingScope('ticket:read', vendor.key);
  if (!source) return notConfigured(vendor);
  const rejection = rejectFilter(vendor, reference, filter);
  if (rejection) return rejection;
  if (reference !== null) return sourceOfReference(vendor, source, reference, call);
  if (!source.list) {
    const message = `${name} has no list of tickets; ask by id, or by filter.reference.`;
    return { kind: 'unsupported', message };
  }
  const { pageLimit = DEFAULT_PAGE_LIMIT, list } = source;
  return {
    pageLimit,
    filtersHere: (vendor.unapplied?.(filter) ?? []).length > 0,
    totals: totalsOf(source),
    list: (offset, limit) => list.call(source, { offset, limit, filter }, call),
  };
}

/** Returns the most calls that a page of `first` tickets takes. */
export function estimateList(
  vendor: Pick<ListedVendor, 'unapplied'>,
  { pageLimit = DEFAULT_PAGE_LIMIT }: Pick<VendorSource, 'pageLimit'>,
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
function rejectFilter(vendor: ListedVendor, reference: string | null, filter: ListFilter): FailureDetails | undefined {
  const own = OWN_FILTERS.filter((part) => filter[part] !== undefined);
  const unknown = own.find((part) => !vendor.filters?.includes(part));
  if (unknown !== undefined) {
    const message = `${vendor.name} has no filter.${unknown}: leave it out, or name in filter.vendors those that have it.`;
    return { kind: 'unsupported', field: ['filter', unknown], message };
  }
  const [part] = own;
  if (part === undefined || reference === null) return undefined;
  const message = `A ticket found by filter.reference does not show whether it fits filter.${part}: give one of them.`;
  return { kind: 'unsupported', field: ['filter', part], message };
}

const TOTALS = new WeakMap<VendorSource, Totals>();

function totalsOf(source: VendorSource): Totals {
  const known = TOTALS.get(source);
  if (known) return known;
  const totals: Totals = { count: 'unknown' };
  TOTALS.set(source, totals);
  return totals;
}

/** The one ticket of a reference as a list. */
function sourceOfReference(
  vendor: ListedVendor,
  source: VendorSource,
  reference: string,
  call: RequestScope,
): PageSource {
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
