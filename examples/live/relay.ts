/**
 * The network function of Relay for subscriptions, over graphql-sse. Pass it to `Network.create(fetchQuery, subscribe)`.
 *
 *   node examples/live/relay.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * Relay's compiler writes the text of the document; here it is that of the client package.
 */
import { print } from 'graphql';
import { createClient, NetworkError } from 'graphql-sse';
import { TicketChangedDocument, type TicketChangedSubscription } from '../../client/index.ts';
import { describeChange } from './format-change.ts';
import { findFinalError, findRetryAfter, parseErrors, resume, type GraphqlError } from './resume.ts';

/** `GraphQLResponse`, `Sink`, `RequestParameters` and `Variables` of relay-runtime, as far as they are used here. */
interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[];
}
interface Sink {
  next(payload: Payload): void;
  error(error: Error): void;
  complete(): void;
}
interface RequestParameters {
  readonly name: string;
  readonly text: string | null;
}
type Variables = Readonly<Record<string, unknown>>;

/** A `SubscribeFunction` of relay-runtime. It continues after the last cursor. */
export function createSubscribe(url: string) {
  return ({ name, text }: RequestParameters, variables: Variables) => ({
    subscribe(sink: Sink): { unsubscribe(): void } {
      const leaving = new AbortController();
      const { signal } = leaving;
      // Its own retries would repeat the first variables.
      const client = createClient({ url, retryAttempts: 0 });
      const attempt: Parameters<typeof resume>[0] = ({ after, onCursor }) =>
        new Promise((resolve, reject) => {
          const operation = { operationName: name, query: text ?? '', variables: { ...variables, after } };
          const end = client.subscribe<{ readonly ticketChanged: { readonly cursor: string } }>(operation, {
            next(payload) {
              const cursor = payload.data?.ticketChanged.cursor;
              const final = cursor === undefined && findFinalError(payload.errors ?? []);
              if (final) reject(final);
              if (cursor === undefined) return;
              onCursor(cursor);
              sink.next(payload);
            },
            error(error) {
              errorsOf(error).then((errors) => {
                const final = findFinalError(errors);
                if (final) reject(final);
                else resolve(findRetryAfter(errors));
              }, reject);
            },
            complete: () => resolve(undefined),
          });
          signal.addEventListener('abort', end);
        });
      resume(attempt, signal).then(
        () => sink.complete(),
        (error: unknown) => sink.error(error as Error),
      );
      return { unsubscribe: () => leaving.abort() };
    },
  });
}

/** Of a response that is no stream: graphql-sse leaves its body to be read. */
async function errorsOf(error: unknown): Promise<readonly GraphqlError[]> {
  const response = error instanceof NetworkError ? (error.response as Response | undefined) : undefined;
  const body = await response?.text().catch(() => '');
  return parseErrors(body ?? '');
}

export function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const request = { name: 'TicketChanged', text: print(TicketChangedDocument) };
  return new Promise((resolve, reject) => {
    const { unsubscribe } = createSubscribe(url)(request, { ids }).subscribe({
      next: ({ data }) => onChange(describeChange((data as TicketChangedSubscription).ticketChanged)),
      error: reject,
      complete: resolve,
    });
    signal.addEventListener('abort', unsubscribe);
  });
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
