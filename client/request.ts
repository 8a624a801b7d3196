/** Sends one document by `fetch`, and creates the error if there is no usable response. */
import { OperationTypeNode, getOperationAST, print, type DocumentNode } from 'graphql';
import { toTransportProblem, parseResponse, type GraphqlResponse, type TransportFailure } from './response.ts';
import { REQUEST_CODES, TicketgraphError, type BadLine } from './error.ts';

export type RequestHeaders = Readonly<Record<string, string>>;

export interface TicketgraphOptions {
  /** The endpoint, e.g. `https://tickets.example.com/graphql`. */
  readonly url: string;
  /** Credentials: `authorization` or `x-api-key`. A function is called before each request. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>);
  /** Defaults to the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface RequestOptions {
  /** Aborts the request, e.g. `AbortSignal.timeout(10_000)`. A write that was already sent may still be applied. */
  readonly signal?: AbortSignal;
  /** Added to the client's headers. */
  readonly headers?: RequestHeaders;
}

export interface CompletedRequest {
  readonly response: GraphqlResponse;
  readonly status: number;
  readonly isWrite: boolean;
}

/** @throws TicketgraphError if there is no GraphQL response. */
export async function sendRequest(
  options: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  { signal, headers }: RequestOptions,
): Promise<CompletedRequest> {
  const isWrite = getOperationAST(document)?.operation === OperationTypeNode.MUTATION;
  const init = await toRequest(options, document, variables, { signal, headers }, GRAPHQL_HEADERS);
  if (signal?.aborted) throw transportError(isWrite, ABORTED, { cause: signal.reason, outcome: 'NOT_APPLIED' });

  const received = await send(options, init).catch((cause: unknown): never => {
    throw transportError(isWrite, signal?.aborted ? ABORTED : CONNECTION_FAILED, { cause });
  });
  const response = parseResponse(received.text);
  if (!response) throw transportError(isWrite, notGraphql(received.response), { status: received.response.status });
  return { response, status: received.response.status, isWrite };
}

/**
 * Opens a subscription.
 *
 * @returns the body, of Server-Sent Events.
 * @throws TicketgraphError if there is no stream. Retryable if the server has no capacity, or the connection failed.
 */
export async function openStream(
  options: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  request: RequestOptions & { readonly signal: AbortSignal },
): Promise<ReadableStream<Uint8Array>> {
  const { url, fetch = globalThis.fetch } = options;
  const init = await toRequest(options, document, variables, request, STREAM_HEADERS);
  try {
    const response = await fetch(url, init);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (response.ok && isStream && response.body) return response.body;
    throw toRejection(response, parseResponse(await response.text()));
  } catch (cause) {
    throw cause instanceof TicketgraphError ? cause : toConnectionError(request.signal, cause);
  }
}

/**
 * Requests a path beside the endpoint, with the same credentials. Follows no redirect.
 *
 * @param path relative to the folder of the endpoint
 * @throws TicketgraphError if there is no response
 */
export async function requestFile(
  options: TicketgraphOptions,
  path: string,
  init: RequestInit,
  { signal, headers }: RequestOptions,
): Promise<Response> {
  const { url, fetch = globalThis.fetch } = options;
  // A page may give a path alone.
  const target = URL.canParse(url) ? new URL(path, url).href : url.replace(/[?#].*$/, '').replace(/[^/]*$/, path);
  const allHeaders = { ...(init.headers as RequestHeaders), ...(await resolveHeaders(options)), ...headers };
  try {
    return await fetch(target, { ...init, redirect: 'manual', headers: allHeaders, ...(signal && { signal }) });
  } catch (cause) {
    throw toConnectionError(signal, cause);
  }
}

/** Does not follow redirects, so that credentials are never sent to another host. */
async function toRequest(
  options: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  { signal, headers }: RequestOptions,
  ownHeaders: RequestHeaders,
): Promise<RequestInit> {
  const operationName = getOperationAST(document)?.name?.value;
  const body = JSON.stringify({ query: textOf(document), variables, operationName });
  const allHeaders = { ...ownHeaders, ...(await resolveHeaders(options)), ...headers };
  return { method: 'POST', redirect: 'manual', headers: allHeaders, body, ...(signal && { signal }) };
}

const GRAPHQL_HEADERS: RequestHeaders = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};

const STREAM_HEADERS: RequestHeaders = { 'content-type': 'application/json', accept: 'text/event-stream' };

async function resolveHeaders({ headers }: TicketgraphOptions): Promise<RequestHeaders | undefined> {
  return typeof headers === 'function' ? await headers() : headers;
}

async function send(
  { url, fetch = globalThis.fetch }: TicketgraphOptions,
  init: RequestInit,
): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await fetch(url, init);
  return { response, text: await response.text() };
}

const printedDocuments = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const text = printedDocuments.get(document) ?? print(document);
  printedDocuments.set(document, text);
  return text;
}

// ---------------------------------------------------------------- errors

/** Creates the error of a response without the requested data. */
export function toError({ response, status, isWrite }: CompletedRequest): TicketgraphError {
  const { data, errors } = response;
  const outcome = isRejectedRequest(response) ? 'NOT_APPLIED' : 'UNKNOWN';
  return new TicketgraphError({ errors, outcome: isWrite ? outcome : null, status, data: data ?? undefined });
}

/** Creates the error of a read whose connection failed, was lost, or was aborted. */
export function toConnectionError(signal: AbortSignal | undefined, cause: unknown): TicketgraphError {
  return transportError(false, signal?.aborted ? ABORTED : CONNECTION_FAILED, { cause });
}

/**
 * Creates the error of a stream or a file that the server rejected. A server without capacity says when to come back in a
 * header.
 *
 * @param lines the invalid lines of an upload
 */
export function toRejection(
  response: Response,
  body: GraphqlResponse | undefined,
  lines: readonly BadLine[] = [],
): TicketgraphError {
  const { status } = response;
  const failure = notGraphql(response);
  if (!body || body.errors.length === 0) return transportError(false, failure, { status });
  const errors = body.errors.map((error) => ({
    ...error,
    retryable: error.retryable || failure.retryable,
    retryAfterSeconds: error.retryAfterSeconds ?? failure.retryAfterSeconds ?? null,
  }));
  return new TicketgraphError({ errors, outcome: null, status, data: body.data ?? undefined, lines });
}

/** Codes with which the endpoint rejects a request before it executes any field. */
const REJECTION_CODES: ReadonlySet<string> = new Set([
  ...REQUEST_CODES,
  'INVALID_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
]);

/** Whether the whole request was rejected, so that nothing was sent. If only a field failed, others may have been sent. */
function isRejectedRequest({ data, errors }: GraphqlResponse): boolean {
  return data === undefined && errors.every(({ code, path }) => path === null && REJECTION_CODES.has(code));
}

interface FailureContext {
  readonly outcome?: 'NOT_APPLIED';
  readonly status?: number;
  readonly cause?: unknown;
}

/** Creates the error of a missing response. The outcome of a write that was already sent is unknown. */
function transportError(
  isWrite: boolean,
  problem: TransportFailure,
  { outcome, ...facts }: FailureContext,
): TicketgraphError {
  const writeOutcome = isWrite ? (outcome ?? 'UNKNOWN') : null;
  return new TicketgraphError({ errors: [toTransportProblem(problem)], outcome: writeOutcome, ...facts });
}

const ABORTED: TransportFailure = { code: 'ABORTED', message: 'The request was aborted.', retryable: false };

const CONNECTION_FAILED: TransportFailure = {
  code: 'CONNECTION_FAILED',
  message: 'No response from the endpoint: the connection failed or was lost. See cause.',
  retryable: true,
};

/** Statuses of temporary failures. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function notGraphql({ status, type, headers }: Response): TransportFailure {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400);
  const what = isRedirect ? 'a redirect' : `HTTP ${status} and ${headers.get('content-type') ?? 'no content type'}`;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return {
    code: 'NOT_GRAPHQL',
    message: `Expected a GraphQL response, got ${what}. Check the url, and any proxy in between.`,
    retryable: RETRYABLE_STATUSES.has(status),
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
  };
}
