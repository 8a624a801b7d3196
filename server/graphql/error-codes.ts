/**
 * How a request is turned away that nobody will look into any further: one sentence, one code, the same form whether
 * HTTP, the parser, a validation rule or a limit said no.
 */
import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, Kind } from 'graphql';
import { cutMessage, type TidyMessage } from './messages.ts';
import { errorMediaType, negotiate } from '../http/negotiation.ts';

/** Answered with HTTP 400 where it is thrown once the operation is known, or reported by a validation rule. */
export function codedError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

// ---------------------------------------------------------------- what GraphQL refuses

/** Mistakes in a request that is well-formed as far as HTTP goes. */
const ORDINARY: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'INVALID_INPUT',
]);

/** Gives each refusal its own code and its own words, and the status that its client understands. */
export function createErrorCodes(tidyMessage: TidyMessage): ApolloServerPlugin {
  return {
    async requestDidStart() {
      let isLimit = false;
      return {
        async parsingDidStart() {
          return async (error) => {
            const message = error && explainParser(error);
            if (message === undefined) return;
            error!.message = message;
            isLimit = true;
          };
        },
        async didEncounterErrors({ errors }) {
          for (const error of errors) {
            error.message = tidyMessage(error.message);
            const code = ownCodeOf(error);
            if (code !== undefined && !ORDINARY.has(code)) isLimit = true;
            giveCode(error);
          }
        },
        async willSendResponse(context) {
          if (!isLimit && wantsPlainJson(context) && isOrdinary(context)) context.response.http.status = 200;
        },
      };
    },
  };
}

/** The code by which a client knows what kind of mistake it is; none for what is nobody's but ours. */
export function giveCode(error: GraphQLError): void {
  error.extensions['code'] = ownCodeOf(error) ?? error.extensions['code'] ?? guessCode(error);
}

/** Apollo calls whatever a validation rule reports GRAPHQL_VALIDATION_FAILED; the rule's own code stands within. */
function ownCodeOf({ path, originalError }: GraphQLError): unknown {
  return !path && originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined;
}

/** What an argument's value is where a variable of the client's made it one that does not fit. */
const WITH_VARIABLES: ReadonlySet<Kind | undefined> = new Set([Kind.VARIABLE, Kind.LIST, Kind.OBJECT]);

/** What GraphQL's own machinery says without a code: of the whole request, or of an argument that a variable gave. */
function guessCode(error: GraphQLError): string | undefined {
  const said = error.path ? error.originalError : error;
  if (!(said instanceof GraphQLError) || said.originalError) return undefined;
  if (WITH_VARIABLES.has(said.nodes?.[0]?.kind)) return 'BAD_USER_INPUT';
  return error.path ? undefined : 'BAD_REQUEST';
}

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] (\d{1,9}) tokens\. Parsing aborted\.$/;

/** What the parser means where it gives up because of a bound; undefined for an ordinary mistake. */
function explainParser(error: Error): string | undefined {
  // Anchored at both ends: other messages quote the document, which may hold the same words.
  const most = TOO_MANY_TOKENS.exec(cutMessage(error.message))?.[1];
  if (most !== undefined) return `A document may have at most ${most} tokens.`;
  return error instanceof RangeError ? 'The document is nested too deeply to be read.' : undefined;
}

function wantsPlainJson({ request }: GraphQLRequestContext<object>): boolean {
  return negotiate(request.http?.headers.get('accept')).isPlainJson;
}

function isOrdinary({ response }: GraphQLRequestContext<object>): boolean {
  const { body, http } = response;
  const errors = body?.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  return http.status === 400 && errors.every(({ extensions }) => ORDINARY.has(extensions?.['code']));
}

// ---------------------------------------------------------------- what HTTP refuses

interface ErrorAnswer {
  readonly errors: readonly [{ readonly message: string; readonly extensions: { readonly code: string } }];
}

/** Thrown while a request is read: the error handler answers it with this status and code. */
export class RequestError extends Error {
  readonly statusCode: number;
  readonly errorCode: string;

  constructor(statusCode: number, refusalCode: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.statusCode = statusCode;
    this.errorCode = refusalCode;
  }
}

/** Ends a request with an error, in the media type that its client accepts. */
export function rejectRequest(reply: FastifyReply, status: number, code: string, message: string): void {
  void reply.code(status).type(errorMediaType(reply.request.headers.accept));
  // Fastify serializes objects by itself only as application/json.
  void reply.send(JSON.stringify(toAnswer(code, message)));
}

/** Refuses methods that the endpoint does not have. */
export function rejectMethod({ method }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (METHODS.has(method)) {
    done();
    return;
  }
  void reply.header('allow', [...METHODS].join(', '));
  rejectRequest(
    reply,
    405,
    'METHOD_NOT_ALLOWED',
    'The method is not supported. Send operations by POST, queries also by GET.',
  );
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'OPTIONS']);

/** Refuses a request whose answer would have no media type that the client accepts, before anything is executed. */
export function rejectUnacceptable({ method, headers }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (method === 'OPTIONS' || negotiate(headers.accept).mediaType !== undefined) {
    done();
    return;
  }
  const message =
    'No media type in Accept can be served. Accept application/graphql-response+json or application/json.';
  rejectRequest(reply, 406, 'NOT_ACCEPTABLE', message);
}

/** Refuses a compressed body unread: a small one may unfold into any size. */
export function rejectCompressed({ headers }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    done();
    return;
  }
  // https://www.rfc-editor.org/rfc/rfc7694#section-3
  void reply.header('accept-encoding', 'identity');
  rejectRequest(reply, 415, 'UNSUPPORTED_CONTENT_ENCODING', 'Send the body without compression.');
}

/**
 * A document's most lines. graphql-js counts the lines in front of each error that it locates, and a short document with
 * many of them takes seconds: documents within the limit of tokens need no more lines than that.
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

function hasMoreLines(text: string, most: number): boolean {
  let lines = 1;
  for (let index = 0; index < text.length && lines <= most; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) lines += 1;
  }
  return lines > most;
}

/** Answers what Fastify could not read, and our own defects, of which nothing is shown. */
export function createErrorHandler({ bodyBytes, report }: { bodyBytes: number; report(defect: unknown): void }) {
  return (error: FastifyError | RequestError, _: FastifyRequest, reply: FastifyReply): void => {
    const status = error.statusCode ?? 500;
    if (status < 400 || status > 499) {
      report(error);
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

export function toAnswer(code: string, message: string): ErrorAnswer {
  return { errors: [{ message, extensions: { code } }] };
}
