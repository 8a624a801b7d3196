/** Rejections by HTTP: one sentence and one code each, in the same form as GraphQL errors. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { cutMessage } from '../graphql/messages.ts';
import { errorMediaType, negotiate } from './negotiation.ts';
import { readAccept } from './streams/stream-format.ts';
import { headersOf, toAnswer, type Rejection } from './rejection.ts';

/** Thrown while a request is read: the error handler answers it with this status and code. */
export class RequestError extends Error {
  readonly statusCode: number;
  readonly errorCode: string;

  constructor(statusCode: number, errorCode: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.statusCode = statusCode;
    this.errorCode = errorCode;
  }
}

/** Answers a request with an error, in the media type that the client accepts. */
export function rejectRequest(reply: FastifyReply, status: number, code: string, message: string): void {
  sendRejection(reply, { status, code, message });
}

export function sendRejection(reply: FastifyReply, rejection: Rejection): void {
  void reply.code(rejection.status).headers(headersOf(rejection)).type(errorMediaType(reply.request.headers.accept));
  // Fastify serializes objects by itself only as application/json.
  void reply.send(JSON.stringify(toAnswer(rejection)));
}

/** Rejects methods that the endpoint does not support. */
export function checkMethod({ method = '' }: IncomingMessage): Rejection | undefined {
  return METHODS.has(method) ? undefined : METHOD_NOT_ALLOWED;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'OPTIONS']);

const METHOD_NOT_ALLOWED: Rejection = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'The method is not supported. Send operations by POST, queries also by GET.',
  headers: { allow: [...METHODS].join(', ') },
};

/** Rejects a request if the client accepts no media type that the response can have. */
export function checkAcceptable({ method, headers }: IncomingMessage): Rejection | undefined {
  if (method === 'OPTIONS' || negotiate(headers.accept).mediaType !== undefined) return undefined;
  return readAccept(headers.accept).format ? undefined : NOT_ACCEPTABLE;
}

const NOT_ACCEPTABLE: Rejection = {
  status: 406,
  code: 'NOT_ACCEPTABLE',
  message: 'No media type in Accept can be served. Accept application/graphql-response+json or application/json.',
};

/** Rejects a compressed body unread: a small one may decompress to any size. */
export function checkCompression({ headers }: IncomingMessage): Rejection | undefined {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding.trim().toLowerCase() === 'identity' ? undefined : COMPRESSED;
}

const COMPRESSED: Rejection = {
  status: 415,
  code: 'UNSUPPORTED_CONTENT_ENCODING',
  message: 'Send the body without compression.',
  // https://www.rfc-editor.org/rfc/rfc7694#section-3
  headers: { 'accept-encoding': 'identity' },
};

/**
 * Maximum number of lines of a document. graphql-js counts the lines before each error that it locates, so a document
 * with many lines and many errors takes seconds. Documents within the token limit never need more lines.
 */
const MAX_LINES = 15_000;

/** Rejects a document with too many lines, before it is parsed. */
export function rejectTooManyLines(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { query } = (request.method === 'GET' ? request.query : (request.body ?? {})) as { query?: unknown };
  if (typeof query !== 'string' || query.length < MAX_LINES || !hasMoreLines(query, MAX_LINES)) {
    done();
    return;
  }
  rejectRequest(reply, 400, 'TOO_MANY_LINES', `A document may have at most ${MAX_LINES} lines.`);
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

function hasMoreLines(text: string, maxLines: number): boolean {
  let lines = 1;
  for (let index = 0; index < text.length && lines <= maxLines; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) lines += 1;
  }
  return lines > maxLines;
}

export interface ErrorHandlerOptions {
  /** Maximum size of a request body. */
  readonly bodyBytes: number;
  /** Called for unexpected errors, which are answered with 500 and without details. */
  reportUnexpected(error: unknown): void;
}

/** Answers requests that Fastify could not read, and unexpected errors. */
export function createErrorHandler({ bodyBytes, reportUnexpected }: ErrorHandlerOptions) {
  return (error: FastifyError | RequestError, _: FastifyRequest, reply: FastifyReply): void => {
    const status = error.statusCode ?? 500;
    if (status < 400 || status > 499) {
      reportUnexpected(error);
      rejectRequest(reply, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
    } else if (error instanceof RequestError) {
      rejectRequest(reply, status, error.errorCode, error.message);
    } else if (status === 413) {
      rejectRequest(reply, status, 'BODY_TOO_LARGE', `A request's body may have at most ${bodyBytes} bytes.`);
    } else if (status === 415) {
      rejectRequest(reply, status, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON, with the content-type application/json.');
    } else {
      rejectRequest(reply, status, 'BAD_REQUEST', cutMessage(error.message));
    }
  };
}
