/** Reads the lines of an upload as they arrive: one id each, or one JSON object each. */
import type { UploadLine } from '../../../datasources/index.ts';

/** Most lines of an upload. */
export const MAX_LINES = 100_000;

/** Longest line in characters. */
const MAX_LINE = 100_000;

/** Lines that are handed on together. */
const BATCH = 200;

export interface BadLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** An upload that is not stored, and why. */
export class UploadError extends Error {
  readonly status: number;
  readonly code: string;
  readonly lines: readonly BadLine[];

  constructor(status: number, code: string, message: string, lines: readonly BadLine[] = []) {
    super(message);
    this.name = 'UploadError';
    this.status = status;
    this.code = code;
    this.lines = lines;
  }
}

export interface UploadFormat {
  /** Whether lines are JSON objects; otherwise ids. */
  readonly isJson: boolean;
  readonly maximumBytes: number;
  /** Returns why a line's id is invalid; `undefined` if it is valid. */
  checkId(id: string): string | undefined;
}

/** @throws UploadError after the last line if one is bad, and at once if there is too much */
export async function* readUpload(
  chunks: AsyncIterable<Buffer>,
  { isJson, maximumBytes, checkId }: UploadFormat,
): AsyncGenerator<readonly UploadLine[]> {
  const bad: BadLine[] = [];
  const seen = new Map<string, { readonly line: number; readonly extra: string | null }>();
  let [number, count] = [0, 0];
  let batch: UploadLine[] = [];
  for await (const text of splitLines(chunks, maximumBytes)) {
    number += 1;
    const line = text.trim();
    if (line === '') continue;
    count += 1;
    if (count > MAX_LINES)
      throw new UploadError(413, 'TOO_MANY_LINES', `An upload may have at most ${MAX_LINES} lines.`);
    const read = readLine(line, isJson, checkId);
    const message = typeof read === 'string' ? read : repetition(read, number, seen);
    if (message !== undefined) {
      bad.push({ line: number, message });
    } else if (bad.length === 0) {
      batch.push(read as UploadLine);
    }
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  const [first] = bad;
  if (first) {
    const message = `Line ${first.line}: ${first.message} Nothing was stored: ${bad.length} of ${count} lines are invalid.`;
    throw new UploadError(400, 'INVALID_INPUT', message, bad);
  }
  if (count === 0) throw new UploadError(400, 'INVALID_INPUT', 'The upload is empty. Send one ticket on each line.');
  if (batch.length > 0) yield batch;
}

/** A ticket may be repeated, but not with other arguments: it is written to once. */
function repetition(
  { ticketId, extra }: UploadLine,
  line: number,
  seen: Map<string, { readonly line: number; readonly extra: string | null }>,
): string | undefined {
  const known = seen.get(ticketId);
  if (!known) seen.set(ticketId, { line, extra });
  if (!known || known.extra === extra) return undefined;
  return `It names the ticket of line ${known.line} with other arguments.`;
}

/** Returns the line, or why it is bad. */
function readLine(line: string, isJson: boolean, checkId: UploadFormat['checkId']): UploadLine | string {
  if (!isJson) return checkId(line) ?? { ticketId: line, extra: null };
  const value = parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'It is not a JSON object.';
  const { ticketId, comment, inputs, ...others } = value as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined) return `It has an unknown field. Known fields: ticketId, comment, inputs.`;
  if (typeof ticketId !== 'string') return 'ticketId must be text.';
  if (comment !== undefined && typeof comment !== 'string') return 'comment must be text.';
  if (inputs !== undefined && (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))) {
    return 'inputs must be an object.';
  }
  const own = { ...(comment !== undefined && { comment }), ...(inputs !== undefined && { inputs }) };
  return checkId(ticketId) ?? { ticketId, extra: Object.keys(own).length > 0 ? JSON.stringify(own) : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws UploadError if there are too many bytes, or a line is too long or not UTF-8 */
async function* splitLines(chunks: AsyncIterable<Buffer>, maximumBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let bytes = 0;
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new UploadError(400, 'BAD_REQUEST', 'The upload is not UTF-8.');
    }
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maximumBytes) {
      throw new UploadError(
        413,
        'BODY_TOO_LARGE',
        `An upload may have at most ${maximumBytes} bytes (MAX_UPLOAD_BYTES).`,
      );
    }
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE) throw new UploadError(400, 'INVALID_INPUT', 'A line is too long.');
    yield* lines;
  }
  const last = rest + decode();
  if (last !== '') yield last;
}
