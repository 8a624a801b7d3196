/** Aborts a request when a newer one replaces it, so that a late response never overwrites what is newer. */
import { ApolloLink } from '@apollo/client';
import { filter, Subject, takeUntil, throwIfEmpty } from 'rxjs';

/**
 * Context of a query of which only the newest request counts. It also does not share the response to a request that is
 * under way, which may be of before a change.
 */
export const NEWEST_ONLY = { isNewestOnly: true, queryDeduplication: false } as const;

/** Further pages of the list neither abort nor are aborted. */
export function createNewestOnlyLink(): ApolloLink {
  const replaced = new Subject<string | undefined>();
  return new ApolloLink((operation, forward) => {
    const { operationName, variables } = operation;
    const { isNewestOnly } = operation.getContext() as { isNewestOnly?: boolean };
    if (!isNewestOnly || variables['after']) return forward(operation);
    replaced.next(operationName);
    return forward(operation).pipe(
      takeUntil(replaced.pipe(filter((name) => name === operationName))),
      throwIfEmpty(() => new DOMException('A newer request has replaced this one.', 'AbortError')),
    );
  });
}
