/**
 * The thin client: a document goes out by `fetch`, and what comes back is typed. An answer is returned, what is none is
 * thrown; the outcome of a write is an answer, whatever it is.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { OperationTypeNode, getOperationAST, print, type DocumentNode } from 'graphql';
import * as generated from './__generated__/operations.ts';
import { noAnswer, parseAnswer, type Answer, type NoAnswer } from './answer.ts';
import { REQUEST_CODES, TicketgraphError, type TicketgraphProblem } from './error.ts';
import { bindOperations, type Arguments, type Operations } from './operations.ts';

export type RequestHeaders = Readonly<Record<string, string>>;

export interface TicketgraphOptions {
  /** The endpoint, e.g. `https://tickets.example.com/graphql`. */
  readonly url: string;
  /** What signs in: `authorization` or `x-api-key`. A function is asked before each request. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>);
  /** Another `fetch` than the platform's. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface RequestOptions {
  /** Ends the request, e.g. `AbortSignal.timeout(10_000)`. A write that was sent may happen all the same. */
  readonly signal?: AbortSignal;
  /** Besides the client's own. */
  readonly headers?: RequestHeaders;
}

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
   * what was read all the same stands in the error's `data`. A write is thrown only where there is no `outcome`.
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
    const exchange = await ask(options, document, variables, request);
    const { data, errors } = exchange.answer;
    if (!data) throw toError(exchange);
    return { data: data as never, errors };
  };
  const request: Ticketgraph['request'] = async (document, variables?: unknown, request: RequestOptions = {}) => {
    const exchange = await ask(options, document, variables, request);
    const { data, errors } = exchange.answer;
    if (!data || (errors.length > 0 && !exchange.isWrite)) throw toError(exchange);
    return data as never;
  };
  return { ...bindOperations(generated, request), request, settle };
}

// ---------------------------------------------------------------- one exchange

interface Exchange {
  readonly answer: Answer;
  readonly status: number;
  readonly isWrite: boolean;
}

async function ask(
  options: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  { signal, headers }: RequestOptions,
): Promise<Exchange> {
  const operation = getOperationAST(document);
  const isWrite = operation?.operation === OperationTypeNode.MUTATION;
  const body = JSON.stringify({ query: textOf(document), variables, operationName: operation?.name?.value });
  const own = typeof options.headers === 'function' ? await options.headers() : options.headers;
  const fail = (problem: NoAnswer, facts: { status?: number; cause?: unknown; isSent?: boolean }): TicketgraphError => {
    const outcome = facts.isSent === false ? 'NOT_APPLIED' : 'UNKNOWN';
    return new TicketgraphError({ errors: [noAnswer(problem)], outcome: isWrite ? outcome : null, ...facts });
  };
  if (signal?.aborted) throw fail(ABORTED, { cause: signal.reason, isSent: false });

  let response: Response;
  let text: string;
  try {
    response = await (options.fetch ?? fetch)(options.url, {
      method: 'POST',
      headers: { ...ACCEPT, ...own, ...headers },
      body,
      // Who signs in here is not to be signed in anywhere else.
      redirect: 'manual',
      ...(signal && { signal }),
    });
    text = await response.text();
  } catch (cause) {
    throw fail(signal?.aborted ? ABORTED : CONNECTION_FAILED, { cause });
  }
  const answer = parseAnswer(text);
  if (!answer) throw fail(notGraphql(response), { status: response.status });
  return { answer, status: response.status, isWrite };
}

const ACCEPT: RequestHeaders = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};

const ABORTED: NoAnswer = { code: 'ABORTED', message: 'The request was ended by its signal.', retryable: false };

const CONNECTION_FAILED: NoAnswer = {
  code: 'CONNECTION_FAILED',
  message: 'The endpoint did not answer: the connection could not be made, or broke. The cause says more.',
  retryable: true,
};

/** Statuses after which the same request may succeed. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function notGraphql({ status, type, headers }: Response): NoAnswer {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400);
  const what = isRedirect ? 'a redirect' : `HTTP ${status} and ${headers.get('content-type') ?? 'no content type'}`;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return {
    code: 'NOT_GRAPHQL',
    message: `The answer is ${what}, not one of GraphQL. Is the url that of the endpoint, and what stands in between?`,
    retryable: PASSING.has(status),
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
  };
}

// ---------------------------------------------------------------- what is thrown

function toError({ answer, status, isWrite }: Exchange): TicketgraphError {
  const { data, errors } = answer;
  const outcome = isRefusal(answer) ? 'NOT_APPLIED' : 'UNKNOWN';
  return new TicketgraphError({ errors, outcome: isWrite ? outcome : null, status, data: data ?? undefined });
}

/** Codes with which the endpoint turns a request away before any of its fields. */
const REFUSALS: ReadonlySet<string> = new Set([...REQUEST_CODES, 'INVALID_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN']);

/** Whether the whole request was refused, so that nothing was sent. Where a field failed, another may have been sent. */
function isRefusal({ data, errors }: Answer): boolean {
  return data === undefined && errors.every(({ code, path }) => path === null && REFUSALS.has(code));
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const text = texts.get(document) ?? print(document);
  texts.set(document, text);
  return text;
}
