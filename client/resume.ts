/** Subscriptions that are resumed: the payloads of one connection, and whether and when to connect again. */
import type { DocumentNode } from 'graphql';
import { TicketgraphError } from './error.ts';
import { readEvents } from './event-stream.ts';
import { openStream, toConnectionError, toError, type RequestOptions, type TicketgraphOptions } from './request.ts';
import { parseResponse, type GraphqlResponse } from './response.ts';

export interface ResumeOptions extends RequestOptions {
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

/** With the signal that ends the loop. */
export type SignaledOptions = ResumeOptions & { readonly signal: AbortSignal };

/** The payload of one event that has data. */
export interface Payload extends GraphqlResponse {
  readonly data: object;
}

/**
 * Reads one connection to its end. It returns if the server says that the stream is complete.
 *
 * @param onAlive called for each payload, and each heartbeat but the first, which only says that the stream is open.
 * @throws TicketgraphError if the connection ends otherwise, or with the reason in a payload.
 */
export async function* readPayloads(
  client: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  options: SignaledOptions,
  onAlive: () => void,
): AsyncGenerator<Payload, undefined> {
  const { maxSilenceMs = 45_000, signal, onOpen } = options;
  const body = await openStream(client, document, variables, options);
  onOpen?.();
  let heartbeats = 0;
  try {
    for await (const { type, data } of readEvents(body, maxSilenceMs)) {
      if (type === 'complete') return;
      if (type === 'heartbeat' && ++heartbeats > 1) onAlive();
      if (type !== 'next') continue;
      const payload = toPayload(data, signal);
      onAlive();
      yield payload;
    }
  } catch (cause) {
    throw cause instanceof TicketgraphError ? cause : toConnectionError(signal, cause);
  }
  throw toConnectionError(signal, new Error('The stream has ended.'));
}

/** @throws TicketgraphError if the payload says why the stream ends */
function toPayload(text: string, signal: AbortSignal): Payload {
  const response = parseResponse(text);
  if (!response) throw toConnectionError(signal, new Error('An event is not a GraphQL response.'));
  const { data, errors } = response;
  if (!data) throw toError({ response, status: 200, isWrite: false });
  return { data, errors };
}

/** Decides whether and when to connect again. */
export class Reconnection {
  readonly #client: TicketgraphOptions;
  readonly #options: SignaledOptions;
  /** Failures since the last event or heartbeat. */
  #failures = 0;
  #wasRejected = false;

  constructor(client: TicketgraphOptions, options: SignaledOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** The connection works: the next failure is a first one. */
  reset(): void {
    this.#failures = 0;
    this.#wasRejected = false;
  }

  /** Waits before the next connection. @throws the error if another connection would not help */
  async waitAfter(error: unknown): Promise<void> {
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

/** An iterator whose connection is closed when its loop is left, also while it waits for an event. */
export function createLeavable<Value>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<Value, undefined>,
): AsyncIterableIterator<Value, undefined> {
  const leaving = new AbortController();
  const values = start(outer ? AbortSignal.any([outer, leaving.signal]) : leaving.signal);
  return {
    next: () => values.next(),
    // Aborts first: a generator returns only after the event that it waits for.
    return: () => {
      leaving.abort();
      return values.return(undefined).catch(() => ({ done: true, value: undefined }));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
