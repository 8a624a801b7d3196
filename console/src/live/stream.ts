/** Streams: subscriptions that reconnect. Those of tickets resume with the last cursor that was seen. */
import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { LiveCursorDocument } from '../__generated__/documents.ts';
import { codeOf } from '../session/errors.ts';

export interface Change {
  readonly cursor: string;
}

/** The last position that any view has seen. A view begins there, since what it shows was read later. */
let position: string | undefined;

/** Codes after which no stream can be opened until the page is loaded again. */
const UNAVAILABLE: ReadonlySet<string | undefined> = new Set([
  'UNSUPPORTED',
  'FORBIDDEN',
  'OPERATION_NOT_REGISTERED',
  'GRAPHQL_VALIDATION_FAILED',
]);

const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 30_000;

export interface Subscribing<Data, Variables extends OperationVariables> {
  readonly client: ApolloClient;
  readonly query: TypedDocumentNode<Data, Variables>;
  /** Called before each connection. */
  readonly variables: () => Variables | Promise<Variables>;
  onData(data: Data): void;
  /** Called after each connection that has ended or could not be made. */
  onDisconnect?(): void;
}

/**
 * Subscribes, and again after each cut, with growing delays. Gives up if there is no such stream.
 *
 * @returns a function that ends the subscription.
 */
export function subscribe<Data, Variables extends OperationVariables>({
  client,
  query,
  variables,
  onData,
  onDisconnect,
}: Subscribing<Data, Variables>): () => void {
  let isOver = false;
  let stop = (): void => undefined;
  let failures = 0;

  const reconnect = (error?: unknown): void => {
    if (isOver) return;
    onDisconnect?.();
    if (error !== undefined && UNAVAILABLE.has(codeOf(error))) return;
    const delayMs = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    const timer = setTimeout(() => void connect(), delayMs);
    stop = () => clearTimeout(timer);
  };

  const connect = async (): Promise<void> => {
    let given: Variables;
    try {
      given = await variables();
    } catch (error) {
      reconnect(error);
      return;
    }
    if (isOver) return;
    const subscription = client.subscribe<Data>({ query, variables: given }).subscribe({
      next({ data, error }) {
        if (error || !data) {
          subscription.unsubscribe();
          reconnect(error);
          return;
        }
        failures = 0;
        onData(data);
      },
      error: reconnect,
      complete: () => reconnect(),
    });
    stop = () => subscription.unsubscribe();
  };

  void connect();
  return () => {
    isOver = true;
    stop();
  };
}

export interface Watching<Data, Variables extends OperationVariables> {
  readonly client: ApolloClient;
  readonly query: TypedDocumentNode<{ ticketChanged: Data }, Variables & { after?: string | null }>;
  readonly variables: Variables;
  onChange(change: Data): void;
}

/** Watches tickets. @returns a function that ends the subscription. */
export function watch<Data extends Change, Variables extends OperationVariables>({
  client,
  query,
  variables,
  onChange,
}: Watching<Data, Variables>): () => void {
  /** Its own: another view may have seen changes that this one has not. */
  let after: string | undefined;
  return subscribe({
    client,
    query,
    async variables() {
      position ??= (await client.query({ query: LiveCursorDocument, fetchPolicy: 'no-cache' })).data?.liveCursor;
      after ??= position;
      return { ...variables, after: after ?? null };
    },
    onData({ ticketChanged }) {
      after = position = ticketChanged.cursor;
      onChange(ticketChanged);
    },
  });
}

/** Called when the user changes: another one's position may be of another stream. */
export function forgetPosition(): void {
  position = undefined;
}
