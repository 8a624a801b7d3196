/**
 * Tickets as they change, as an async iterator over Server-Sent Events. Continues after the last cursor if the stream is
 * cut or ended, so that no change is lost.
 */
import {
  LiveCursorDocument,
  TicketChangedDocument,
  type TicketChangePartsFragment,
  type TicketChangedSubscriptionVariables,
} from './__generated__/operations.ts';
import { TicketgraphError, type TicketgraphProblem } from './error.ts';
import { readEvents } from './event-stream.ts';
import {
  openStream,
  sendRequest,
  toConnectionError,
  toError,
  type RequestOptions,
  type TicketgraphOptions,
} from './request.ts';
import { parseResponse } from './response.ts';

/** Exactly one of `ids` (1 to 200) and `filter`. `after` is `liveCursor`, or the cursor of an earlier event. */
export type WatchVariables = TicketChangedSubscriptionVariables;

export type TicketChange = TicketChangePartsFragment & {
  /** Why `ticket`, or a part of it, could not be read. If empty, `ticket` is null only if the ticket is gone. */
  readonly errors: readonly TicketgraphProblem[];
};

export interface WatchOptions extends RequestOptions {
  /** Called when a stream is open, the first one and each that continues it. */
  readonly onOpen?: () => void;
  /** Called before each wait for a new connection. Throw to give up: the iterator then throws the same error. */
  readonly onRetry?: (error: TicketgraphError, delayMs: number) => void;
  /** The first wait before a new connection, doubled after each failure. Defaults to 1000. */
  readonly retryDelayMs?: number;
  /** The longest wait, unless the server asks for a longer one. Defaults to 30000. */
  readonly maxRetryDelayMs?: number;
  /** A connection without a byte for this long is replaced. Has to exceed the server's heartbeat. Defaults to 45000. */
  readonly maxSilenceMs?: number;
}

/**
 * Watches tickets until the loop is left, or the signal aborts. Changes are delivered at least once, in order for each
 * ticket, never an older one after a newer one. After `RESYNC`, read your tickets again and go on with the same loop.
 *
 * @throws TicketgraphError if it cannot be resumed: `ABORTED` by the signal, an invalid request, or `UNAUTHENTICATED`. If
 * `headers` is a function, that is thrown only if new headers are rejected as well.
 */
export function watchTickets(
  client: TicketgraphOptions,
  variables: WatchVariables,
  options: WatchOptions = {},
): AsyncIterableIterator<TicketChange, undefined> {
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const changes = new Watcher(client, variables, { ...options, signal }).changes();
  return {
    next: () => changes.next(),
    // Aborts first: a generator returns only after the event that it waits for.
    return: () => {
      leaving.abort();
      return changes.return(undefined).catch(() => ({ done: true, value: undefined }));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class Watcher {
  readonly #client: TicketgraphOptions;
  readonly #variables: WatchVariables;
  readonly #options: WatchOptions & { readonly signal: AbortSignal };
  /** Ids without an event so far. Until each had one, the stream starts again: `CURRENT` comes only at its start. */
  #unseen: number;
  readonly #seen = new Set<string>();
  #after: string | null;
  /** Failures since the last event or heartbeat. */
  #failures = 0;
  #wasRejected = false;

  constructor(
    client: TicketgraphOptions,
    variables: WatchVariables,
    options: WatchOptions & { readonly signal: AbortSignal },
  ) {
    this.#client = client;
    this.#variables = variables;
    this.#options = options;
    this.#after = variables.after ?? null;
    this.#unseen = this.#after === null ? new Set(variables.ids ?? []).size : 0;
  }

  async *changes(): AsyncGenerator<TicketChange, undefined> {
    for (;;) {
      try {
        yield* this.#connect();
      } catch (error) {
        await this.#waitFor(error);
      }
    }
  }

  /** Reads one connection to its end, which is always an error. */
  async *#connect(): AsyncGenerator<TicketChange, never> {
    const { maxSilenceMs = 45_000 } = this.#options;
    // A filter without a cursor starts at the time of each connection, so that a cut before the first event loses some.
    if (this.#after === null && this.#variables.filter) this.#after = await this.#readCursor();
    const after = this.#unseen > 0 ? null : this.#after;
    const body = await openStream(this.#client, TicketChangedDocument, { ...this.#variables, after }, this.#options);
    this.#options.onOpen?.();
    let heartbeats = 0;
    try {
      for await (const { type, data } of readEvents(body, maxSilenceMs)) {
        if (type === 'complete') break;
        // The first one only says that the stream is open.
        if (type === 'heartbeat' ? ++heartbeats > 1 : type === 'next') {
          const change = type === 'next' ? this.#read(data) : undefined;
          this.#failures = 0;
          this.#wasRejected = false;
          if (change) yield change;
        }
      }
    } catch (cause) {
      if (cause instanceof TicketgraphError) throw cause;
      throw toConnectionError(this.#options.signal, cause);
    }
    throw toConnectionError(this.#options.signal, new Error('The stream has ended.'));
  }

  async #readCursor(): Promise<string> {
    const completed = await sendRequest(this.#client, LiveCursorDocument, {}, this.#options);
    const data = completed.response.data as { readonly liveCursor: string } | null | undefined;
    if (!data) throw toError(completed);
    return data.liveCursor;
  }

  /** @throws TicketgraphError if the payload says why the stream ends */
  #read(text: string): TicketChange {
    const response = parseResponse(text);
    if (!response) throw toConnectionError(this.#options.signal, new Error('An event is not a GraphQL response.'));
    const { data, errors } = response;
    if (!data) throw toError({ response, status: 200, isWrite: false });
    const change = (data as { readonly ticketChanged: TicketChangePartsFragment }).ticketChanged;
    this.#after = change.cursor;
    if (change.ticketId !== null && !this.#seen.has(change.ticketId) && this.#unseen > 0) {
      this.#seen.add(change.ticketId);
      this.#unseen -= 1;
    }
    return { ...change, errors };
  }

  /** Waits before the next connection. @throws the error if another connection would not help */
  async #waitFor(error: unknown): Promise<void> {
    const { signal, onRetry } = this.#options;
    if (!(error instanceof TicketgraphError)) throw error;
    if (signal.aborted || !(error.retryable || this.#canSignInAgain(error))) throw error;
    const delayMs = this.#delayMs(error);
    this.#failures += 1;
    onRetry?.(error, delayMs);
    await sleep(delayMs, signal);
  }

  /** Once, until a stream has lasted. */
  #canSignInAgain({ code }: TicketgraphError): boolean {
    if (code !== 'UNAUTHENTICATED' || typeof this.#client.headers !== 'function' || this.#wasRejected) return false;
    this.#wasRejected = true;
    return true;
  }

  /**
   * Random up to the doubled limit, so that clients that were cut together do not come back together. A delay that the
   * server asks for is only exceeded.
   * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  #delayMs({ code, retryAfterSeconds }: TicketgraphError): number {
    if (code === 'UNAUTHENTICATED') return 0;
    const { retryDelayMs = 1_000, maxRetryDelayMs = 30_000 } = this.#options;
    const limit = Math.min(maxRetryDelayMs, retryDelayMs * 2 ** this.#failures);
    return Math.round((retryAfterSeconds ?? 0) * 1_000 + Math.random() * limit);
  }
}

/** Ends early if the signal aborts: the next connection then reports it. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
