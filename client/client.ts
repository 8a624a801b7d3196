/**
 * A thin typed client over `fetch`. Returns data and throws `TicketgraphError`. The outcome of a write is data, even if the
 * write was not applied.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import * as generated from './__generated__/operations.ts';
import {
  openBulkResults,
  readBulkResults,
  uploadTickets,
  type BulkResultLine,
  type BulkResultsOptions,
  type BulkTickets,
} from './bulk-files.ts';
import type { TicketgraphProblem } from './error.ts';
import { sendRequest, toError, type RequestOptions, type TicketgraphOptions } from './request.ts';
import type { ResumeOptions } from './resume.ts';
import { watchBulk } from './watch-bulk.ts';
import { watchTickets, type TicketChange, type WatchOptions, type WatchVariables } from './watch.ts';
import { bindOperations, type Arguments, type Operations } from './operations.ts';

/** The data that could be read, and the errors of the rest. */
export interface Settled<Data> {
  readonly data: Data;
  /** One for each null in `data` that is due to a failure. Empty if nothing failed. */
  readonly errors: readonly TicketgraphProblem[];
}

/**
 * A method for each operation, named after its root field and returning the field's value, two for any document, and those
 * for streams and files.
 */
export interface Ticketgraph extends Operations<RequestOptions> {
  /**
   * Returns the complete data. In a read, null always means that there is no value. Only `settle` reports that a ticket
   * could not be read after its write.
   *
   * @throws TicketgraphError if any part of a read failed (`data` has the rest), or if a write has no outcome.
   */
  request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<Variables, RequestOptions>
  ): Promise<Data>;
  /**
   * Returns partial data and the errors of the rest.
   *
   * @throws TicketgraphError if there is no data at all.
   */
  settle<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<Variables, RequestOptions>
  ): Promise<Settled<Data>>;
  /**
   * Watches tickets, until the loop over it is left or the signal aborts. A stream that is cut or ended is resumed.
   *
   * @throws TicketgraphError from the loop if it cannot be resumed.
   */
  watch(variables: WatchVariables, options?: WatchOptions): AsyncIterableIterator<TicketChange, undefined>;
  /**
   * Watches a bulk job: as it is now, then at most once a second while it changes. The loop ends with the job; to leave it
   * earlier does not cancel the job. A stream that is cut or ended is resumed.
   *
   * @throws TicketgraphError from the loop if it cannot be resumed, `NOT_FOUND` if the caller has no such job.
   */
  watchBulk(id: string, options?: ResumeOptions): AsyncIterableIterator<generated.BulkJobPartsFragment, undefined>;
  /**
   * Uploads up to 100,000 tickets for a bulk job. An async iterable is sent as it is read, which browsers do over HTTP/2
   * only.
   *
   * @returns the `uploadId` for `startBulk`.
   * @throws TicketgraphError if nothing was stored. Its `lines` are the invalid ones with their numbers.
   */
  uploadTickets(tickets: BulkTickets, options?: RequestOptions): Promise<string>;
  /**
   * Reads the results of a bulk job as they arrive, one for each line of its input, in that order.
   *
   * @throws TicketgraphError from the loop: `NOT_FOUND` if the caller has no such job, `CONNECTION_FAILED` if the results
   * are incomplete.
   */
  bulkResults(id: string, options?: BulkResultsOptions): AsyncGenerator<BulkResultLine, undefined>;
  /**
   * Opens the results of a bulk job as a file. Its body is UTF-8, and fails if the file is incomplete.
   *
   * @throws TicketgraphError `NOT_FOUND` if the caller has no such job.
   */
  openBulkResults(
    id: string,
    format: 'ndjson' | 'csv',
    options?: BulkResultsOptions,
  ): Promise<ReadableStream<Uint8Array>>;
}

export function createTicketgraph(options: TicketgraphOptions): Ticketgraph {
  const settle: Ticketgraph['settle'] = async (document, variables?: unknown, request: RequestOptions = {}) => {
    const completed = await sendRequest(options, document, variables, request);
    const { data, errors } = completed.response;
    if (!data) throw toError(completed);
    return { data: data as never, errors };
  };
  const request: Ticketgraph['request'] = async (document, variables?: unknown, request: RequestOptions = {}) => {
    const completed = await sendRequest(options, document, variables, request);
    const { data, errors } = completed.response;
    if (!data || (errors.length > 0 && !completed.isWrite)) throw toError(completed);
    return data as never;
  };
  const watch: Ticketgraph['watch'] = (variables, watchOptions) => watchTickets(options, variables, watchOptions);
  return {
    ...bindOperations(generated, request),
    request,
    settle,
    watch,
    watchBulk: (id, watchOptions) => watchBulk(options, id, watchOptions),
    uploadTickets: (tickets, request) => uploadTickets(options, tickets, request),
    bulkResults: (id, request) => readBulkResults(options, id, request),
    openBulkResults: (id, format, request) => openBulkResults(options, id, format, request),
  };
}
