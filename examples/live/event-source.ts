/**
 * Watches tickets with EventSource, which browsers have, by GET. After a cut it subscribes again by itself, and sends the
 * id of the last event, which is its cursor.
 *
 *   node examples/live/event-source.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * The browser's own class takes no headers. It suits servers that are signed in to by a proxy, or `AUTH=off`.
 */
import { EventSource, type MessageEvent } from 'undici';
import { describeChange } from './format-change.ts';
import { findFinalError, type GraphqlError } from './resume.ts';

/** Short: it is sent in the URL. */
const QUERY = `subscription ($ids: [ID!]) {
  ticketChanged(ids: $ids) { cursor kind ticketId changed ticket { __typename ... on TicketFields { title } } }
}`;

interface Payload {
  readonly data?: { readonly ticketChanged: Parameters<typeof describeChange>[0] } | null;
  readonly errors?: readonly GraphqlError[];
}

export function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const search = new URLSearchParams({ query: QUERY, variables: JSON.stringify({ ids }) });
  const source = new EventSource(`${url}?${search.toString()}`);
  return new Promise<void>((resolve, reject) => {
    source.addEventListener('next', (event) => {
      const payload = JSON.parse((event as MessageEvent<string>).data) as Payload;
      if (payload.data) onChange(describeChange(payload.data.ticketChanged));
      const final = findFinalError(payload.errors ?? []);
      if (final) reject(final);
    });
    // It is closed only if the response was not a stream, e.g. without credentials.
    source.addEventListener('error', () => {
      if (source.readyState === source.CLOSED) reject(new Error('The server has rejected the subscription.'));
    });
    signal.addEventListener('abort', () => resolve());
  }).finally(() => source.close());
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
