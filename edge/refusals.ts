/**
 * How a request is turned away that nobody will look into any further: one sentence, one code, the same form whether
 * HTTP, the parser, a validation rule or a limit said no.
 */
import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, Kind } from 'graphql';
import { errorMediaType, negotiate } from './negotiation.ts';

/** Answered with HTTP 400 where it is thrown once the operation is known, or reported by a validation rule. */
export function refusal(code: string, message: string): GraphQLError {
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

/**
 * Gives each refusal its own code and its own words, and the status that its client understands.
 *
 * @param options.hideSuggestions says nothing of names that the client has not given.
 */
export function createRefusals({ hideSuggestions }: { hideSuggestions: boolean }): ApolloServerPlugin {
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
            if (hideSuggestions) error.message = error.message.replace(/ ?Did you mean .*\?$/s, '');
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

/** What the parser means where it gives up because of a bound; undefined for an ordinary mistake. */
function explainParser(error: Error): string | undefined {
  const most = /more tha[nt] (\d+) tokens/.exec(error.message)?.[1];
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
  readonly refusalCode: string;

  constructor(statusCode: number, refusalCode: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.statusCode = statusCode;
    this.refusalCode = refusalCode;
  }
}

/** Ends a request with an error, in the media type that its client accepts. */
export function refuse(reply: FastifyReply, status: number, code: string, message: string): void {
  void reply.code(status).type(errorMediaType(reply.request.headers.accept)).send(toAnswer(code, message));
}

/** Refuses methods that the endpoint does not have. */
export function refuseMethod({ method }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (METHODS.has(method)) {
    done();
    return;
  }
  void reply.header('allow', [...METHODS].join(', '));
  refuse(
    reply,
    405,
    'METHOD_NOT_ALLOWED',
    'The method is not supported. Send operations by POST, queries also by GET.',
  );
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'OPTIONS']);

/** Refuses a request whose answer would have no media type that the client accepts, before anything is executed. */
export function refuseUnacceptable({ method, headers }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (method === 'OPTIONS' || negotiate(headers.accept).mediaType !== undefined) {
    done();
    return;
  }
  const message =
    'No media type in Accept can be served. Accept application/graphql-response+json or application/json.';
  refuse(reply, 406, 'NOT_ACCEPTABLE', message);
}

/** Refuses a compressed body unread: a small one may unfold into any size. */
export function refuseCompressed({ headers }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    done();
    return;
  }
  // https://www.rfc-editor.org/rfc/rfc7694#section-3
  void reply.header('accept-encoding', 'identity');
  refuse(reply, 415, 'UNSUPPORTED_CONTENT_ENCODING', 'Send the body without compression.');
}

/** Answers what Fastify could not read, and our own defects, of which nothing is shown. */
export function createErrorHandler({ bodyBytes, report }: { bodyBytes: number; report(defect: unknown): void }) {
  return async (
    error: FastifyError | RequestError,
    { headers }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ErrorAnswer> => {
    const status = error.statusCode ?? 500;
    const isOurs = status < 400 || status > 499;
    void reply.code(isOurs ? 500 : status).type(errorMediaType(headers.accept));
    if (isOurs) report(error);
    if (isOurs) return toAnswer('INTERNAL_SERVER_ERROR', 'Internal server error');
    if (error instanceof RequestError) return toAnswer(error.refusalCode, error.message);
    if (status === 413) return toAnswer('BODY_TOO_LARGE', `A request's body may have at most ${bodyBytes} bytes.`);
    if (status === 415) return toAnswer('UNSUPPORTED_MEDIA_TYPE', 'Send JSON, with the content-type application/json.');
    return toAnswer('BAD_REQUEST', error.message);
  };
}

export function toAnswer(code: string, message: string): ErrorAnswer {
  return { errors: [{ message, extensions: { code } }] };
}
