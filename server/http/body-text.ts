/**
 * Rejects requests that are not valid UTF-8: lenient decoding would send U+FFFD to a vendor in place of the caller's text.
 */
import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { RequestError } from './error-handler.ts';
import type { Rejection } from './rejection.ts';

/** JSON is UTF-8: https://www.rfc-editor.org/rfc/rfc8259#section-8.1. These names mean UTF-8. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

/** Rejects a body in another charset without reading it. */
export function checkCharset({ method, headers }: IncomingMessage): Rejection | undefined {
  const charset = method === 'POST' ? charsetOf(headers['content-type']) : undefined;
  return charset === undefined || UTF8_NAMES.has(charset) ? undefined : UNSUPPORTED_CHARSET;
}

const UNSUPPORTED_CHARSET: Rejection = {
  status: 415,
  code: 'UNSUPPORTED_CHARSET',
  message: 'The charset of the body is not supported. Send JSON in UTF-8.',
};

/** In lower case. `undefined` if there is none, or the header is not a media type. */
function charsetOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || contentType === 'application/json') return undefined;
  try {
    return new MIMEType(contentType).params.get('charset')?.toLowerCase();
  } catch {
    return undefined;
  }
}

/** Rejects a query string that is not valid UTF-8 after percent-decoding. */
export function checkQuery({ method, url = '' }: IncomingMessage): Rejection | undefined {
  const start = method === 'GET' ? url.indexOf('?') : -1;
  return start < 0 || isValidQuery(url.slice(start)) ? undefined : INVALID_QUERY;
}

const INVALID_QUERY: Rejection = {
  status: 400,
  code: 'INVALID_UTF8',
  message: 'The query string is not valid percent-encoded UTF-8. Encode texts as UTF-8.',
};

function isValidQuery(query: string): boolean {
  try {
    if (!mayHoldSurrogate(decodeURIComponent(query))) return true;
  } catch {
    return false;
  }
  return [...new URLSearchParams(query).values()].every((value) => isWellFormed(parseIfJson(value)));
}

/** Returns the JSON value of a text, or the text itself if it is not JSON. Invalid JSON is rejected elsewhere. */
function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Parses JSON text, as Fastify's parser does. */
export type ParseText = (
  request: FastifyRequest,
  text: string,
  done: (error: Error | null, value?: unknown) => void,
) => void;
type ParseBytes = (
  request: FastifyRequest,
  bytes: Buffer,
  done: (error: Error | null, value?: unknown) => void,
) => void;

/** Parses a JSON body strictly. `parseText` removes a byte order mark, as RFC 8259 allows. */
export function createBodyParser(parseText: ParseText): ParseBytes {
  return (request, bytes, done) => {
    if (!isUtf8(bytes)) {
      done(new RequestError(400, 'INVALID_UTF8', 'The body is not valid UTF-8. Send JSON in UTF-8.'));
      return;
    }
    const text = bytes.toString('utf8');
    parseText(request, text, (error, value) => {
      if (error || !mayHoldSurrogate(text) || isWellFormed(value)) done(error, value);
      else done(new RequestError(400, 'INVALID_UTF8', 'The body has an unpaired surrogate. Send whole characters.'));
    });
  };
}

/** Whether JSON has an escape that may be a surrogate. Cheap test that spares most bodies the full one. */
function mayHoldSurrogate(json: string): boolean {
  return json.includes('\\ud') || json.includes('\\uD');
}

/** Whether all strings in a JSON value can be encoded as UTF-8. */
function isWellFormed(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, inner] of Object.entries(next)) left.push(name, inner);
  }
  return true;
}
