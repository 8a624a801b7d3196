/**
 * Watches tickets with Apollo Client 4: its HttpLink subscribes by multipart HTTP. In React, `useSubscription` of
 * '@apollo/client/react' takes the same document.
 *
 *   node examples/live/apollo-client.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * In your own project, import from 'ticketgraph-client'.
 */
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from '@apollo/client/core';
import { TicketChangedDocument, possibleTypes } from '../../client/index.ts';
import { describeChange } from './format-change.ts';
import { findFinalError, findRetryAfter, parseErrors, resume, type GraphqlError } from './resume.ts';

export async function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // Changes also update the cache, and so the queries that show these tickets.
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache({ possibleTypes }) });
  await resume(
    ({ after, onCursor }) =>
      new Promise((resolve, reject) => {
        const end = (errors: readonly GraphqlError[]): void => {
          const final = findFinalError(errors);
          if (final) reject(final);
          else resolve(findRetryAfter(errors));
        };
        const changes = client.subscribe({ query: TicketChangedDocument, variables: { ids, after } });
        const subscription = changes.subscribe({
          next({ data, error }) {
            if (data?.ticketChanged) {
              onCursor(data.ticketChanged.cursor);
              onChange(describeChange(data.ticketChanged));
            } else end(errorsOf(error));
          },
          error: (error: unknown) => end(errorsOf(error)),
          complete: () => resolve(undefined),
        });
        signal.addEventListener('abort', () => {
          subscription.unsubscribe();
          resolve(undefined);
        });
      }),
    signal,
  );
}

/** Of a payload, or of a response that is no stream: Apollo Client does not read the body of one that is not 2xx. */
function errorsOf(error: unknown): readonly GraphqlError[] {
  if (CombinedGraphQLErrors.is(error)) return error.errors;
  return ServerError.is(error) ? parseErrors(error.bodyText) : [];
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
