/** One document out by `fetch`, one answer back; and what is thrown where there is none. */
import { OperationTypeNode, getOperationAST, print, type DocumentNode } from 'graphql';
import { noAnswer, parseAnswer, type Answer, type NoAnswer } from './answer.ts';
import { REQUEST_CODES, TicketgraphError } from './error.ts';

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

export interface Exchange {
  readonly answer: Answer;
  readonly status: number;
  readonly isWrite: boolean;
}

/** Throws where no answer of GraphQL's came. */
export async function exchange(
  options: TicketgraphOptions,
  document: DocumentNode,
  variables: unknown,
  { signal, headers }: RequestOptions,
): Promise<Exchange> {
  const operation = getOperationAST(document);
  const isWrite = operation?.operation === OperationTypeNode.MUTATION;
  const body = JSON.stringify({ query: textOf(document), variables, operationName: operation?.name?.value });
  const allHeaders = { ...STANDARD, ...(await ownHeaders(options)), ...headers };
  if (signal?.aborted) throw failure(isWrite, ABORTED, { cause: signal.reason, outcome: 'NOT_APPLIED' });

  const reply = await send(options, { headers: allHeaders, body, ...(signal && { signal }) }).catch(
    (cause: unknown): never => {
      throw failure(isWrite, signal?.aborted ? ABORTED : CONNECTION_FAILED, { cause });
    },
  );
  const answer = parseAnswer(reply.text);
  if (!answer) throw failure(isWrite, notGraphql(reply.response), { status: reply.response.status });
  return { answer, status: reply.response.status, isWrite };
}

const STANDARD: RequestHeaders = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};

async function ownHeaders({ headers }: TicketgraphOptions): Promise<RequestHeaders | undefined> {
  return typeof headers === 'function' ? await headers() : headers;
}

/** Redirects are not followed: who signs in here is not to be signed in anywhere else. */
async function send(
  { url, fetch = globalThis.fetch }: TicketgraphOptions,
  init: RequestInit,
): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await fetch(url, { method: 'POST', redirect: 'manual', ...init });
  return { response, text: await response.text() };
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const text = texts.get(document) ?? print(document);
  texts.set(document, text);
  return text;
}

// ---------------------------------------------------------------- what is thrown

/** For an answer that does not hold what was asked for. */
export function toError({ answer, status, isWrite }: Exchange): TicketgraphError {
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

interface Facts {
  readonly outcome?: 'NOT_APPLIED';
  readonly status?: number;
  readonly cause?: unknown;
}

/** For an answer that never came. Once a write is sent, nobody here knows what became of it. */
function failure(isWrite: boolean, problem: NoAnswer, { outcome, ...facts }: Facts): TicketgraphError {
  const known = isWrite ? (outcome ?? 'UNKNOWN') : null;
  return new TicketgraphError({ errors: [noAnswer(problem)], outcome: known, ...facts });
}

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
