/**
 * Watches tickets with EventSource, which browsers have, by GET. After a cut it subscribes again by itself, and sends the
 * id of the last event, which is its cursor.
 *
 *   node examples/live/event-source.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * The browser's own class takes no headers. It suits servers that are signed in to by a proxy, or `AUTH=off`. It gives up
 * for good if the response is no stream, without its status or body: then another one is opened, a few times.
 */
import { EventSource, type MessageEvent } from 'undici';
import { describeChange } from './format-change.ts';
import { findFinalError, resume, type Attempt, type GraphqlError } from './resume.ts';

/** Short: it is sent in the URL. */
const QUERY = `subscription ($ids: [ID!], $after: String) {
  ticketChanged(ids: $ids, after: $after) {
    cursor kind ticketId changed ticket { __typename ... on TicketFields { title } }
  }
}`;

/** Whether waiting helps is unknown: 429 and 503 look like 401. */
const MAX_REJECTIONS = 3;

interface Payload {
  readonly data?: { readonly ticketChanged: Parameters<typeof describeChange>[0] & { readonly cursor: string } } | null;
  readonly errors?: readonly GraphqlError[];
}

export async function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let rejections = 0;
  const attempt = ({ after, onCursor }: Attempt): Promise<undefined> => {
    const search = new URLSearchParams({ query: QUERY, variables: JSON.stringify({ ids, after }) });
    const source = new EventSource(`${url}?${search.toString()}`);
    return new Promise<undefined>((resolve, reject) => {
      source.addEventListener('open', () => (rejections = 0));
      source.addEventListener('next', (event) => {
        const payload = JSON.parse((event as MessageEvent<string>).data) as Payload;
        if (payload.data) {
          onCursor(payload.data.ticketChanged.cursor);
          onChange(describeChange(payload.data.ticketChanged));
        }
        const final = findFinalError(payload.errors ?? []);
        if (final) reject(final);
      });
      // Otherwise it connects again by itself.
      source.addEventListener('error', () => {
        if (source.readyState !== source.CLOSED) return;
        rejections += 1;
        if (rejections < MAX_REJECTIONS) resolve(undefined);
        else reject(new Error('The server has rejected the subscription.'));
      });
      signal.addEventListener('abort', () => resolve(undefined));
    }).finally(() => source.close());
  };
  await resume(attempt, signal);
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
