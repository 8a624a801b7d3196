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
import type { TicketgraphProblem } from './error.ts';
import { sendRequest, toConnectionError, toError, type TicketgraphOptions } from './request.ts';
import {
  Reconnection,
  createLeavable,
  readPayloads,
  type Payload,
  type ResumeOptions,
  type SignaledOptions,
} from './resume.ts';

/** Exactly one of `ids` (1 to 200) and `filter`. `after` is `liveCursor`, or the cursor of an earlier event. */
export type WatchVariables = TicketChangedSubscriptionVariables;

export type TicketChange = TicketChangePartsFragment & {
  /** Why `ticket`, or a part of it, could not be read. If empty, `ticket` is null only if the ticket is gone. */
  readonly errors: readonly TicketgraphProblem[];
};

export type WatchOptions = ResumeOptions;

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
  return createLeavable(options.signal, (signal) => new Watcher(client, variables, { ...options, signal }).changes());
}

class Watcher {
  readonly #client: TicketgraphOptions;
  readonly #variables: WatchVariables;
  readonly #options: SignaledOptions;
  readonly #reconnection: Reconnection;
  /** Ids without an event so far. Until each had one, the stream starts again: `CURRENT` comes only at its start. */
  #unseen: number;
  readonly #seen = new Set<string>();
  #after: string | null;

  constructor(client: TicketgraphOptions, variables: WatchVariables, options: SignaledOptions) {
    this.#client = client;
    this.#variables = variables;
    this.#options = options;
    this.#reconnection = new Reconnection(client, options);
    this.#after = variables.after ?? null;
    this.#unseen = this.#after === null ? new Set(variables.ids ?? []).size : 0;
  }

  async *changes(): AsyncGenerator<TicketChange, undefined> {
    for (;;) {
      try {
        yield* this.#connect();
      } catch (error) {
        await this.#reconnection.waitAfter(error);
      }
    }
  }

  /** Reads one connection to its end, which is always an error. */
  async *#connect(): AsyncGenerator<TicketChange, never> {
    // A filter without a cursor starts at the time of each connection, so that a cut before the first event loses some.
    if (this.#after === null && this.#variables.filter) this.#after = await this.#readCursor();
    const after = this.#unseen > 0 ? null : this.#after;
    const variables = { ...this.#variables, after };
    const onAlive = (): void => this.#reconnection.reset();
    for await (const payload of readPayloads(this.#client, TicketChangedDocument, variables, this.#options, onAlive)) {
      yield this.#toChange(payload);
    }
    throw toConnectionError(this.#options.signal, new Error('The stream has ended.'));
  }

  async #readCursor(): Promise<string> {
    const completed = await sendRequest(this.#client, LiveCursorDocument, {}, this.#options);
    const data = completed.response.data as { readonly liveCursor: string } | null | undefined;
    if (!data) throw toError(completed);
    return data.liveCursor;
  }

  #toChange({ data, errors }: Payload): TicketChange {
    const change = (data as { readonly ticketChanged: TicketChangePartsFragment }).ticketChanged;
    this.#after = change.cursor;
    if (change.ticketId !== null && !this.#seen.has(change.ticketId) && this.#unseen > 0) {
      this.#seen.add(change.ticketId);
      this.#unseen -= 1;
    }
    return { ...change, errors };
  }
}
