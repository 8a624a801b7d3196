/** The change stream: one subscription for each view, which resumes with the last cursor that was seen. */
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

export interface Watching<Data, Variables extends OperationVariables> {
  readonly client: ApolloClient;
  readonly query: TypedDocumentNode<{ ticketChanged: Data }, Variables & { after?: string | null }>;
  readonly variables: Variables;
  onChange(change: Data): void;
}

/** @returns a function that ends the subscription. */
export function watch<Data extends Change, Variables extends OperationVariables>({
  client,
  query,
  variables,
  onChange,
}: Watching<Data, Variables>): () => void {
  let isOver = false;
  let stop = (): void => undefined;
  let failures = 0;
  /** Its own: another view may have seen changes that this one has not. */
  let after: string | undefined;

  const reconnect = (error?: unknown): void => {
    if (isOver || (error !== undefined && UNAVAILABLE.has(codeOf(error)))) return;
    const delayMs = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    const timer = setTimeout(() => void connect(), delayMs);
    stop = () => clearTimeout(timer);
  };

  const connect = async (): Promise<void> => {
    try {
      position ??= (await client.query({ query: LiveCursorDocument, fetchPolicy: 'no-cache' })).data?.liveCursor;
    } catch (error) {
      reconnect(error);
      return;
    }
    if (isOver) return;
    after ??= position;
    const subscription = client.subscribe({ query, variables: { ...variables, after: after ?? null } }).subscribe({
      next({ data, error }) {
        if (error || !data) {
          subscription.unsubscribe();
          reconnect(error);
          return;
        }
        failures = 0;
        after = position = data.ticketChanged.cursor;
        onChange(data.ticketChanged);
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

/** Called when the user changes: another one's position may be of another stream. */
export function forgetPosition(): void {
  position = undefined;
}
