/** The tickets of bulk jobs as uploads, and their results as downloads: plain HTTP beside the endpoint. */
import type { Outcome } from './__generated__/operations.ts';
import type { BadLine } from './error.ts';
import { readLines } from './lines.ts';
import {
  requestFile,
  toConnectionError,
  toRejection,
  type RequestOptions,
  type TicketgraphOptions,
} from './request.ts';
import { parseResponse } from './response.ts';

/** One ticket of an upload, with arguments of its own. */
export interface BulkTicket {
  readonly ticketId: string;
  /** Instead of the comment of the job. */
  readonly comment?: string;
  /** Instead of the inputs of the job's action. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * Up to 100,000 lines: ids, objects, or lines of a file as they are (an id each, or a JSON object each), all of the same
 * kind. A single text is a whole file. Blank lines are skipped.
 */
export type BulkTickets = string | Iterable<string | BulkTicket> | AsyncIterable<string | BulkTicket>;

/** One line of the results, in the order of the input. */
export interface BulkResultLine {
  /** As given by the caller. */
  readonly ticketId: string;
  /** Null while the ticket waits or is being written to. */
  readonly outcome: Exclude<OutcomeWord, 'PARTIAL'> | null;
  /** Code of the problem. Null if there is none. */
  readonly code: string | null;
  readonly message: string | null;
}

type OutcomeWord = (typeof Outcome)[keyof typeof Outcome];

export interface BulkResultsOptions extends RequestOptions {
  /** Only results with one of these outcomes. Defaults to all, including those without an outcome yet. */
  readonly outcomes?: readonly Exclude<OutcomeWord, 'PARTIAL'>[];
}

/** Characters that are sent together. */
const CHUNK = 65_536;

/**
 * Uploads the tickets of a bulk job. An async iterable is sent as it is read, which browsers do over HTTP/2 only; anything
 * else is sent as one body.
 *
 * @returns the `uploadId` for `startBulk`
 * @throws TicketgraphError if nothing was stored. `lines` are the invalid ones with their numbers.
 */
export async function uploadTickets(
  client: TicketgraphOptions,
  tickets: BulkTickets,
  options: RequestOptions = {},
): Promise<string> {
  const { first, body, stop } = await toBody(typeof tickets === 'string' ? tickets.split('\n') : tickets);
  const isJson = first.startsWith('{');
  const headers = isJson ? { 'content-type': 'application/x-ndjson' } : TEXT;
  // Node requires it for a stream: https://fetch.spec.whatwg.org/#dom-requestinit-duplex
  const init = { method: 'POST', headers, body, ...(typeof body !== 'string' && { duplex: 'half' as const }) };
  try {
    const response = await requestFile(client, 'bulk/uploads', init, options);
    return await readUploadId(response, options);
  } finally {
    stop();
  }
}

async function readUploadId(response: Response, { signal }: RequestOptions): Promise<string> {
  const text = await response.text().catch((cause: unknown): never => {
    throw toConnectionError(signal, cause);
  });
  const answer = (response.ok ? parse(text) : undefined) as { readonly uploadId?: unknown } | undefined;
  if (typeof answer?.uploadId === 'string') return answer.uploadId;
  throw toRejection(response, parseResponse(text), toBadLines(parse(text)));
}

/** The header is one that a form cannot send: a page of another origin needs a preflight request for it. */
const TEXT = { 'content-type': 'text/plain', 'apollo-require-preflight': '1' };

type Lines = AsyncIterator<string | BulkTicket, unknown>;

interface UploadBody {
  /** The first line that is not blank. */
  readonly first: string;
  readonly body: string | ReadableStream<Uint8Array>;
  /** Reads no further line. `fetch` may keep a body open whose request was rejected early. */
  stop(): void;
}

async function toBody(tickets: Exclude<BulkTickets, string>): Promise<UploadBody> {
  if (!(Symbol.asyncIterator in tickets)) {
    const lines = Array.from(tickets, toLine);
    const first = trim(lines.find((line) => trim(line) !== '') ?? '');
    return { first, body: lines.join('\n'), stop: () => undefined };
  }
  const iterator: Lines = tickets[Symbol.asyncIterator]();
  // Not awaited: a line may never come.
  const stop = (): void => void iterator.return?.().catch(() => undefined);
  let head = '';
  for (;;) {
    const next = await iterator.next();
    if (next.done) return { first: '', body: head, stop };
    const line = toLine(next.value);
    head += `${line}\n`;
    if (trim(line) !== '') return { first: trim(line), body: toStream(head, iterator), stop };
  }
}

/** Also drops a byte order mark. */
const trim = (line: string): string => line.replace(/^\ufeff/, '').trim();

function toLine(ticket: string | BulkTicket): string {
  return typeof ticket === 'string' ? ticket : JSON.stringify(ticket);
}

/** Reads on only when the connection takes more. */
function toStream(head: string, lines: Lines): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let text = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (text.length < CHUNK) {
        const next = await lines.next();
        if (next.done) {
          if (text !== '') controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        text += `${toLine(next.value)}\n`;
      }
      controller.enqueue(encoder.encode(text));
      text = '';
    },
  });
}

function toBadLines(body: unknown): readonly BadLine[] {
  const lines = (body as { readonly lines?: unknown } | null | undefined)?.lines;
  return Array.isArray(lines) ? (lines as BadLine[]) : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Opens the results of a bulk job as a file, in the order of the input.
 *
 * @throws TicketgraphError `NOT_FOUND` if the caller has no such job
 */
export async function openBulkResults(
  client: TicketgraphOptions,
  id: string,
  format: 'ndjson' | 'csv',
  { outcomes = [], ...options }: BulkResultsOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const query = new URLSearchParams({ format });
  for (const outcome of outcomes) query.append('outcome', outcome);
  const path = `bulk/jobs/${encodeURIComponent(id)}/results?${query.toString()}`;
  const response = await requestFile(client, path, { method: 'GET' }, options);
  const isFile = response.headers.get('content-disposition')?.startsWith('attachment');
  if (response.ok && isFile && response.body) return response.body;
  throw toRejection(response, parseResponse(await response.text().catch(() => '')));
}

/**
 * Reads the results of a bulk job as they arrive, one for each line of its input, in the order of the input.
 *
 * @throws TicketgraphError from the loop: `NOT_FOUND` if the caller has no such job, `CONNECTION_FAILED` if the results are
 * incomplete.
 */
export async function* readBulkResults(
  client: TicketgraphOptions,
  id: string,
  options: BulkResultsOptions = {},
): AsyncGenerator<BulkResultLine, undefined> {
  const body = await openBulkResults(client, id, 'ndjson', options);
  const lines = readLines(body)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await lines.next().catch((cause: unknown): never => {
        throw toConnectionError(options.signal, cause);
      });
      if (done) return;
      yield JSON.parse(value) as BulkResultLine;
    }
  } finally {
    await lines.return(undefined);
  }
}
