/** Loads the first page of tickets for the filters in the URL, and further pages. */
import { NetworkStatus } from '@apollo/client';
import { skipToken, useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useState } from 'react';
import {
  BoardDocument,
  ByReferenceDocument,
  type BoardQuery,
  type BoardTicketFragment,
  type TicketFilter,
} from '../__generated__/documents.ts';
import { filterKeyOf, type Address } from '../address.ts';
import { useLiveBoard, type LiveBoard } from '../live/use-live-board.ts';
import { NEWEST_ONLY } from '../newest-only.ts';
import { isUnauthenticated } from '../session/errors.ts';

const PAGE_SIZE = 25;

export type Source = BoardQuery['tickets']['sources'][number];

export interface BoardState {
  readonly tickets: readonly BoardTicketFragment[];
  readonly sources: readonly Source[];
  readonly hasMore: boolean;
  /** Whether there are no results for this filter yet. */
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly isReloading: boolean;
  readonly error: unknown;
  /** Why the next page could not be loaded. */
  readonly moreError: unknown;
  /** What has happened since it was loaded. */
  readonly live: LiveBoard;
  loadMore(): void;
  reload(): void;
}

export function useBoard(address: Address): BoardState {
  const filter = useMemo(() => toFilter(address), [filterKeyOf(address)]);
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(BoardDocument, {
    variables: { first: PAGE_SIZE, filter },
    // Always loads the first page from the vendors; further pages are merged into it.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
    context: NEWEST_ONLY,
  });
  const referenceMatches = useReferenceMatches(address);
  // `error` reports the failure.
  const reload = (): void => void refetch().catch(() => undefined);
  const live = useLiveBoard(filter, data?.tickets.sources, reload);
  // Keeps the previous tickets if a reload fails, unless the user is no longer signed in.
  const page = (data ?? (error && !isUnauthenticated(error) ? previousData : undefined))?.tickets;
  const [moreError, setMoreError] = useState<{ after: string | null; error: unknown }>();
  const after = page?.pageInfo.endCursor ?? null;
  const failure = moreError?.after === after ? moreError.error : undefined;
  const loadMore = (): void => {
    setMoreError(undefined);
    fetchMore({ variables: { after } }).catch((reason: unknown) => setMoreError({ after, error: reason }));
  };
  // No source has answered within the patience of the server. The next page waits for them.
  const isWaiting = page?.nodes.length === 0 && page.pageInfo.hasNextPage && failure === undefined;
  useEffect(() => {
    if (isWaiting) loadMore();
  }, [isWaiting, after]);
  return {
    tickets: useMemo(() => joinTickets(referenceMatches, page?.nodes ?? []), [referenceMatches, page]),
    sources: useMemo(() => listedSources(page?.sources, isWaiting), [page, isWaiting]),
    hasMore: page?.pageInfo.hasNextPage ?? false,
    isLoading: (!page && !error) || isWaiting,
    isLoadingMore: networkStatus === NetworkStatus.fetchMore && !isWaiting,
    isReloading: networkStatus === NetworkStatus.refetch,
    error,
    moreError: failure,
    loadMore,
    live,
    reload,
  };
}

/** Whether it may still answer. */
export function isLate({ problem }: Source): boolean {
  return problem?.code === 'VENDOR_TIMEOUT' && problem.retryable;
}

/** While the board waits for late sources, it does not report them as late. */
function listedSources(sources: readonly Source[] = NO_SOURCES, isWaiting: boolean): readonly Source[] {
  return isWaiting ? sources.filter((source) => !isLate(source)) : sources;
}

/** A single word may be a reference, the only way to find tickets of vendors without a list. */
function useReferenceMatches({ search, vendors, sources, categories }: Address): readonly BoardTicketFragment[] {
  const isReference = /^\S{1,100}$/.test(search) && categories.length === 0;
  const variables = {
    reference: search,
    ...(vendors.length > 0 && { vendors }),
    ...(sources.length > 0 && { sources }),
  };
  const { data } = useQuery(ByReferenceDocument, isReference ? { variables, fetchPolicy: 'network-only' } : skipToken);
  return isReference && data ? data.exact.nodes : NO_TICKETS;
}

const NO_TICKETS: readonly BoardTicketFragment[] = [];
const NO_SOURCES: readonly Source[] = [];

/** The filter of the URL. Sorted, because the cache uses the serialized filter as key. */
export function toFilter({ vendors, sources, categories, search }: Address): TicketFilter {
  return {
    ...(vendors.length > 0 && { vendors: vendors.toSorted() }),
    ...(sources.length > 0 && { sources: sources.toSorted() }),
    ...(categories.length > 0 && { categories: categories.toSorted() }),
    ...(search.trim() !== '' && { search: search.trim() }),
  };
}

/** Removes duplicates: a list that grows between pages returns a ticket twice. */
function joinTickets(...lists: readonly (readonly BoardTicketFragment[])[]): readonly BoardTicketFragment[] {
  return [...new Map(lists.flat().map((ticket) => [ticket.id, ticket])).values()];
}
