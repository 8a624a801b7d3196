/** Questions and answers between the primary process and a worker, over the IPC channel of node:cluster. */
import type { NewEntry } from '../../datasources/live/index.ts';

/** Where a server listens, as URLs without a path. */
export interface Addresses {
  readonly endpoint: string;
  /** Of `/metrics` and `/health/*`, if they have a port of their own. */
  readonly monitoring?: string;
}

export type Question =
  /** Of a worker that is about to listen: from now on it is asked what follows. Answered with whether live writes are followed. */
  | { readonly kind: 'join' }
  /** Of a worker that listens. Answered with whether the server has started: then it takes the place of another. */
  | { readonly kind: 'listening'; readonly addresses: Addresses }
  /** Of the primary process, once all workers listen. */
  | { readonly kind: 'started' }
  /** Of a worker that cannot start, for the operator. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Of a worker that is about to stop listening. Answered when those that asked before have stopped. */
  | { readonly kind: 'turn' }
  /** Of a worker that has stopped listening. No connection is handed to it after the answer. */
  | { readonly kind: 'closed' }
  /** Of a worker that has written to a vendor. Answered when the others have dropped what they had read. */
  | { readonly kind: 'invalidate'; readonly sourceKey: string }
  /** Of the primary process, which has got SIGHUP: the worker reads its files again. */
  | { readonly kind: 'reload' }
  /** Of a worker that must hear of writes from now on. */
  | { readonly kind: 'live-follow' }
  /** Of a worker: writes to tickets, for the live updates of the others. */
  | { readonly kind: 'live-writes'; readonly entries: readonly NewEntry[] }
  /** Of a worker: the metrics of all, as text. Of the primary process: those of the worker, as values. */
  | { readonly kind: 'metrics' };

/** Either end of the channel: `process` of the worker, or the `Worker` of node:cluster. */
export interface Port {
  send?(message: Message, onSent: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

interface Message {
  /** Sets it apart from the messages of others, such as `node --watch`. */
  readonly ticketgraph: 'question' | 'answer';
  readonly id: number;
  readonly body: unknown;
}

export interface Channel {
  /**
   * Resolves to the answer, or to `undefined` if the other process has ended or does not answer in time.
   *
   * @param timeoutMs Defaults to no limit.
   */
  ask(question: Question, timeoutMs?: number): Promise<unknown>;
}

/** @param answer returns the answer to a question, or a promise for it. Must not fail. */
export function openChannel(port: Port, answer: (question: Question) => unknown): Channel {
  const pending = new Map<number, (value?: unknown) => void>();
  let nextId = 0;
  const send = (message: Message, onError = (): void => undefined): void => {
    // The other process may have ended: an error is only passed to the callback.
    port.send?.(message, (error) => error && onError());
  };
  port.on('message', (message) => {
    if (!isMessage(message)) return;
    const { id, body } = message;
    if (message.ticketgraph === 'answer') pending.get(id)?.(body);
    else
      void Promise.resolve(answer(body as Question)).then((value) => send({ ticketgraph: 'answer', id, body: value }));
  });
  port.on('disconnect', () => {
    for (const end of pending.values()) end();
  });
  return {
    ask: (question, timeoutMs) =>
      new Promise((resolve) => {
        const id = (nextId += 1);
        const end = (value?: unknown): void => {
          clearTimeout(timer);
          pending.delete(id);
          resolve(value);
        };
        const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
        pending.set(id, end);
        send({ ticketgraph: 'question', id, body: question }, end);
      }),
  };
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'ticketgraph' in message;
}
