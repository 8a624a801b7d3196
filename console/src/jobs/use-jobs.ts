/** The caller's bulk jobs, and whether there are any for this caller. */
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { BulkJobsDocument, type BulkJobPartsFragment } from '../__generated__/documents.ts';
import { codeOf, isUnauthenticated } from '../session/errors.ts';

const PAGE_SIZE = 20;

/** The caller lacks `ticket:batch`, or the server has no bulk jobs. */
const NOT_OFFERED: ReadonlySet<string | undefined> = new Set([
  'FORBIDDEN',
  'UNSUPPORTED',
  'OPERATION_NOT_REGISTERED',
  'GRAPHQL_VALIDATION_FAILED',
]);

export interface Jobs {
  /** Whether the caller may run bulk jobs here. False until that is known. */
  readonly isOffered: boolean;
  /** Newest first. */
  readonly jobs: readonly BulkJobPartsFragment[];
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly error: unknown;
  loadMore(): void;
  reload(): void;
}

/** Views share what is loaded. */
export function useJobs(): Jobs {
  const { data, error, networkStatus, fetchMore, refetch } = useQuery(BulkJobsDocument, {
    variables: { first: PAGE_SIZE },
    notifyOnNetworkStatusChange: true,
  });
  const page = data?.bulkJobs;
  return {
    isOffered: page !== undefined || (error !== undefined && mayBeOffered(error)),
    jobs: page?.nodes ?? NO_JOBS,
    hasMore: page?.pageInfo.hasNextPage ?? false,
    isLoading: !page && !error,
    isLoadingMore: networkStatus === NetworkStatus.fetchMore,
    error,
    // The query shows the error.
    loadMore: () => void fetchMore({ variables: { after: page?.pageInfo.endCursor } }).catch(() => undefined),
    reload: () => void refetch().catch(() => undefined),
  };
}

/** E.g. if the server is unreachable: the list then shows the error. */
function mayBeOffered(error: unknown): boolean {
  return !isUnauthenticated(error) && !NOT_OFFERED.has(codeOf(error));
}

const NO_JOBS: readonly BulkJobPartsFragment[] = [];
