/**
 * The thin client: a document goes out by `fetch`, and what comes back is typed. An answer is returned, what is none is
 * thrown; the outcome of a write is an answer, whatever it is.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import * as generated from './__generated__/operations.ts';
import type { TicketgraphProblem } from './error.ts';
import { exchange, toError, type RequestOptions, type TicketgraphOptions } from './exchange.ts';
import { bindOperations, type Arguments, type Operations } from './operations.ts';

/** What could be read, and why the rest is missing. */
export interface Settled<Data> {
  readonly data: Data;
  /** One for each null in `data` that stands for a failure. Empty where all went well. */
  readonly errors: readonly TicketgraphProblem[];
}

/** A method for each operation, named as the field that it asks for and giving its value, and two for any document. */
export interface Ticketgraph extends Operations<RequestOptions> {
  /**
   * The answer's data, complete. A read of which any part failed is thrown, so that null always means "there is none";
   * what was read all the same stands in the error's `data`. A write is thrown only where there is no `outcome`: that
   * its ticket could not be read afterwards is told by `settle` alone.
   */
  request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<Variables, RequestOptions>
  ): Promise<Data>;
  /** The answer's data as far as there is any, and what is wrong with the rest. Thrown only where there is none. */
  settle<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<Variables, RequestOptions>
  ): Promise<Settled<Data>>;
}

export function createTicketgraph(options: TicketgraphOptions): Ticketgraph {
  const settle: Ticketgraph['settle'] = async (document, variables?: unknown, request: RequestOptions = {}) => {
    const done = await exchange(options, document, variables, request);
    const { data, errors } = done.answer;
    if (!data) throw toError(done);
    return { data: data as never, errors };
  };
  const request: Ticketgraph['request'] = async (document, variables?: unknown, request: RequestOptions = {}) => {
    const done = await exchange(options, document, variables, request);
    const { data, errors } = done.answer;
    if (!data || (errors.length > 0 && !done.isWrite)) throw toError(done);
    return data as never;
  };
  return { ...bindOperations(generated, request), request, settle };
}
