/** The page of tickets that the address asks for, and the pages after it. */
import { NetworkStatus } from '@apollo/client';
import { skipToken, useQuery } from '@apollo/client/react';
import { useMemo, useState } from 'react';
import {
  BoardDocument,
  ByReferenceDocument,
  type BoardQuery,
  type BoardTicketFragment,
  type TicketFilter,
} from '../__generated__/documents.ts';
import type { Address } from '../address.ts';
import { isUnauthenticated } from '../session/refusal.ts';

const PAGE_SIZE = 25;

export type Source = BoardQuery['tickets']['sources'][number];

export interface BoardState {
  readonly tickets: readonly BoardTicketFragment[];
  readonly sources: readonly Source[];
  readonly hasMore: boolean;
  /** Nothing is there yet for this filter. */
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly isReloading: boolean;
  readonly error: unknown;
  /** Why the page after the last one could not be loaded. */
  readonly moreError: unknown;
  loadMore(): void;
  reload(): void;
}

export function useBoard(address: Address): BoardState {
  const { vendors, categories, search } = address;
  // Opening a ticket changes the address and not the filter.
  const view = JSON.stringify([vendors, categories, search]);
  const filter = useMemo(() => toFilter({ vendors, categories, search }), [view]);
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(BoardDocument, {
    variables: { first: PAGE_SIZE, filter },
    // What is shown is what the vendors say now; pages that follow are joined to it.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  const exact = useExact(address);
  // What was there stays when it cannot be loaded anew; not for somebody who is not known any more.
  const page = (data ?? (error && !isUnauthenticated(error) ? previousData : undefined))?.tickets;
  const [moreError, setMoreError] = useState<{ after: string | null; error: unknown }>();
  const after = page?.pageInfo.endCursor ?? null;
  return {
    tickets: useMemo(() => joinTickets(exact, page?.nodes ?? []), [exact, page]),
    sources: page?.sources ?? NO_SOURCES,
    hasMore: page?.pageInfo.hasNextPage ?? false,
    isLoading: !page && !error,
    isLoadingMore: networkStatus === NetworkStatus.fetchMore,
    isReloading: networkStatus === NetworkStatus.refetch,
    error,
    moreError: moreError?.after === after ? moreError.error : undefined,
    loadMore: () => {
      setMoreError(undefined);
      fetchMore({ variables: { after } }).catch((reason: unknown) => setMoreError({ after, error: reason }));
    },
    // What fails is told by `error`, which outlives the promise.
    reload: () => void refetch().catch(() => undefined),
  };
}

/** A single word may be what people call one ticket exactly. Vendors without a list are found by nothing else. */
function useExact({ search, vendors, categories }: Address): readonly BoardTicketFragment[] {
  const isReference = /^\S{1,100}$/.test(search) && categories.length === 0;
  const variables = { reference: search, ...(vendors.length > 0 && { vendors }) };
  const { data } = useQuery(ByReferenceDocument, isReference ? { variables, fetchPolicy: 'network-only' } : skipToken);
  return isReference && data ? data.exact.nodes : NONE;
}

const NONE: readonly BoardTicketFragment[] = [];
const NO_SOURCES: readonly Source[] = [];

/** The same filter is always the same text: the cache tells pages apart by it. */
function toFilter({ vendors, categories, search }: Pick<Address, 'vendors' | 'categories' | 'search'>): TicketFilter {
  return {
    ...(vendors.length > 0 && { vendors: vendors.toSorted() }),
    ...(categories.length > 0 && { categories: categories.toSorted() }),
    ...(search.trim() !== '' && { search: search.trim() }),
  };
}

/** Each once: a list that grows while its pages are read shows a ticket on two of them. */
function joinTickets(...lists: readonly (readonly BoardTicketFragment[])[]): readonly BoardTicketFragment[] {
  return [...new Map(lists.flat().map((ticket) => [ticket.id, ticket])).values()];
}
