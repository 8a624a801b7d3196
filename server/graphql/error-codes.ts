/**
 * Codes of errors that reject a whole request: one sentence and one code each, whether the parser, a validation rule or
 * a request check rejects it.
 */
import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError, Kind } from 'graphql';
import { cutMessage, type TidyMessage } from './messages.ts';

/** An error that is answered with HTTP 400 if a plugin throws it before execution or a validation rule reports it. */
export function codedError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

/** Codes of errors in a request that is well-formed HTTP. With `application/json`, these are answered with status 200. */
const REQUEST_ERRORS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'INVALID_INPUT',
]);

export interface ErrorCodesOptions {
  readonly tidyMessage: TidyMessage;
  /** Whether a client with this `Accept` header expects the status codes of `application/json`. */
  isPlainJson(accept: string | undefined): boolean;
}

/** Sets the code, message and HTTP status of each error that Apollo Server answers with. */
export function createErrorCodes({ tidyMessage, isPlainJson }: ErrorCodesOptions): ApolloServerPlugin {
  const expectsPlainJson = ({ request }: GraphQLRequestContext<object>): boolean =>
    isPlainJson(request.http?.headers.get('accept'));
  return {
    async requestDidStart() {
      let exceedsLimit = false;
      return {
        async parsingDidStart() {
          return async (error) => {
            const message = error && explainParserLimit(error);
            if (message === undefined) return;
            error!.message = message;
            exceedsLimit = true;
          };
        },
        async didEncounterErrors({ errors }) {
          for (const error of errors) {
            error.message = tidyMessage(error.message);
            const code = ruleCodeOf(error);
            if (code !== undefined && !REQUEST_ERRORS.has(code)) exceedsLimit = true;
            assignCode(error);
          }
        },
        async willSendResponse(context) {
          if (!exceedsLimit && expectsPlainJson(context) && isRequestError(context)) context.response.http.status = 200;
        },
      };
    },
  };
}

/** Sets `extensions.code` if the error is the client's. Unexpected errors get no code. */
export function assignCode(error: GraphQLError): void {
  error.extensions['code'] = ruleCodeOf(error) ?? error.extensions['code'] ?? inferCode(error);
}

/** Apollo Server wraps errors of validation rules with the code GRAPHQL_VALIDATION_FAILED; the wrapped error has ours. */
function ruleCodeOf({ path, originalError }: GraphQLError): unknown {
  return !path && originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined;
}

/** Kinds of argument values that may hold a variable, and so be invalid although the document is valid. */
const MAY_HOLD_VARIABLES: ReadonlySet<Kind | undefined> = new Set([Kind.VARIABLE, Kind.LIST, Kind.OBJECT]);

/** The code of an error by graphql-js, which has none: about the whole request, or about an argument's variable. */
function inferCode(error: GraphQLError): string | undefined {
  const cause = error.path ? error.originalError : error;
  if (!(cause instanceof GraphQLError) || cause.originalError) return undefined;
  if (MAY_HOLD_VARIABLES.has(cause.nodes?.[0]?.kind)) return 'BAD_USER_INPUT';
  return error.path ? undefined : 'BAD_REQUEST';
}

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] (\d{1,9}) tokens\. Parsing aborted\.$/;

/** Our message if the parser stopped at a limit; `undefined` for a syntax error. */
function explainParserLimit(error: Error): string | undefined {
  // Anchored at both ends: other messages quote the document, which may contain the same words.
  const maxTokens = TOO_MANY_TOKENS.exec(cutMessage(error.message))?.[1];
  if (maxTokens !== undefined) return `A document may have at most ${maxTokens} tokens.`;
  return error instanceof RangeError ? 'The document is nested too deeply to be read.' : undefined;
}

function isRequestError({ response }: GraphQLRequestContext<object>): boolean {
  const { body, http } = response;
  const errors = body?.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  return http.status === 400 && errors.every(({ extensions }) => REQUEST_ERRORS.has(extensions?.['code']));
}
