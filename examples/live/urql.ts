/**
 * Watches tickets with urql: its fetch exchange subscribes by Server-Sent Events with `fetchSubscriptions`. In React,
 * `useSubscription` of urql takes the same document.
 *
 *   node examples/live/urql.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * In your own project, import from 'ticketgraph-client'.
 */
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { TicketChangedDocument } from '../../client/index.ts';
import { describeChange } from './format-change.ts';
import { findFinalError, findRetryAfter, resume } from './resume.ts';

export async function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const exchanges = [cacheExchange, fetchExchange];
  const client = new Client({ url, exchanges, preferGetMethod: false, fetchSubscriptions: true });
  await resume(
    ({ after, onCursor }) =>
      new Promise((resolve, reject) => {
        const changes = client.subscription(TicketChangedDocument, { ids, after });
        const subscription = changes.subscribe(({ data, error, hasNext }) => {
          if (data?.ticketChanged && !error) {
            onCursor(data.ticketChanged.cursor);
            onChange(describeChange(data.ticketChanged));
          }
          const final = findFinalError(error?.graphQLErrors ?? []);
          if (final) reject(final);
          if (!hasNext || error) end(findRetryAfter(error?.graphQLErrors ?? []));
        });
        const end = (seconds?: number): void => {
          subscription.unsubscribe();
          resolve(seconds);
        };
        signal.addEventListener('abort', () => end());
      }),
    signal,
  );
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
