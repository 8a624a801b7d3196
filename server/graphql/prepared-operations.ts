/**
 * The fast path: executes operations that Apollo Server has executed before, without Apollo Server. Parsing, validation
 * and document checks are not repeated, since their result is the same for the same text. Request checks run each time.
 *
 * Any other request, and any that a check rejects, goes to Apollo Server, so that errors are reported in one place. The
 * fast path saves up to half of the CPU time of a request (docs/performance.md#fast-path).
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { createDocumentCache, type CachedOperation } from './document-cache.ts';
import type { Variables } from './document.ts';
import { assignCode } from './error-codes.ts';
import type { Executor, ExecutorArgs, RawResult } from './executor/index.ts';
import { isRecord } from './is-record.ts';
import { prepareRequestChecks, type CheckResult, type RequestChecks } from './request-checks.ts';
import { digest } from './trusted-documents.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';

export interface PreparedOperationsOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly checks: RequestChecks;
  readonly telemetry: Telemetry;
  /** Same as `formatError` of Apollo Server. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** The same for a known failure, as it was thrown. Returns `undefined` for any other error. */
  explainFailure(
    error: unknown,
    toPlace: () => Pick<GraphQLFormattedError, 'locations' | 'path'>,
  ): GraphQLFormattedError | undefined;
}

export interface PreparedOperations {
  /** Caches the operations that Apollo Server executes. */
  readonly plugin: ApolloServerPlugin;
  /**
   * @param body of a `POST` request to `/graphql`, parsed
   * @returns the request ready for execution, or `undefined` if Apollo Server has to answer it.
   */
  prepare(body: unknown): PreparedRequest | undefined;
}

/** A request that passed all checks. */
export interface PreparedRequest {
  /** Executes it and returns the response body. */
  answer(context: unknown, record: RequestRecord): Promise<string>;
}

type RunChecks = (variables: Variables) => CheckResult;

export function createPreparedOperations(options: PreparedOperationsOptions): PreparedOperations {
  const { schema, executor, checks } = options;
  const documents = createDocumentCache<RunChecks>();

  const prepareCached = (
    cached: CachedOperation<RunChecks>,
    { operationName, variables }: GraphqlRequest,
  ): PreparedRequest | undefined => {
    const { document, operation } = cached;
    const runChecks = (cached.prepared ??= prepareRequestChecks(checks, { schema, document, operation }));
    const { error, coerced } = runChecks(variables);
    if (error || !coerced) return undefined;
    const args: ExecutorArgs = {
      document,
      operationName,
      variableValues: variables,
      coercedVariables: coerced,
    };
    return {
      answer(contextValue, record) {
        record.recordOperation(operation.operation, operation.name?.value);
        return executor.executeRaw({ ...args, contextValue }).then((result) => toBody(result, record, options));
      },
    };
  };

  return {
    plugin: {
      async requestDidStart() {
        return {
          async didResolveOperation({ source, queryHash, document, operation, metrics, request: { operationName } }) {
            // An unregistered hash comes with a placeholder as its text, and may come with a cached document.
            if (digest(source) !== queryHash) return;
            // Answered by a stream, not by a result.
            if (operation?.operation === OperationTypeNode.SUBSCRIPTION) return;
            if (operation) documents.add(source, operationName ?? undefined, { document, operation });
            if (metrics.persistedQueryHit || metrics.persistedQueryRegister) documents.addHash(source, queryHash);
          },
        };
      },
    },
    prepare(body) {
      const request = toGraphqlRequest(body);
      const text = request && textOf(request, (hash) => documents.findText(hash));
      const cached = text === undefined ? undefined : documents.find(text, request!.operationName);
      return cached && prepareCached(cached, request!);
    },
  };
}

function toBody({ data, errors }: RawResult, record: RequestRecord, options: FormatOptions): string {
  if (errors.length === 0) return `${JSON.stringify({ data })}\n`;
  return `${JSON.stringify({ errors: formatErrors(errors, record, options), data })}\n`;
}

type FormatOptions = Pick<PreparedOperationsOptions, 'telemetry' | 'formatError' | 'explainFailure'>;

/** Errors of fields as clients see them. They are recorded. */
export function formatErrors(
  errors: RawResult['errors'],
  record: RequestRecord,
  options: FormatOptions,
): readonly GraphQLFormattedError[] {
  const formatted = errors.map((error) => formatFieldError(error, record, options));
  record.recordErrors(formatted);
  return formatted;
}

function formatFieldError(
  fieldError: RawResult['errors'][number],
  record: RequestRecord,
  { telemetry, formatError, explainFailure }: FormatOptions,
): GraphQLFormattedError {
  const explained = explainFailure(fieldError.cause, () => fieldError.place);
  if (explained) return explained;
  const error = fieldError.toGraphQLError();
  telemetry.linkError(error, record);
  assignCode(error);
  return formatError(error.toJSON(), error);
}

// ---------------------------------------------------------------- request form

interface GraphqlRequest {
  /** The document's text, or its SHA-256 if the client sent no text. */
  readonly source: { readonly text: string } | { readonly hash: string };
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

function textOf({ source }: GraphqlRequest, findText: (hash: string) => string | undefined): string | undefined {
  return 'text' in source ? source.text : findText(source.hash);
}

/** Returns `undefined` for any form but the plain one; Apollo Server reports what is wrong with it. */
function toGraphqlRequest(body: unknown): GraphqlRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (operationName !== null && (typeof operationName !== 'string' || operationName === '')) return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== null && !isRecord(extensions)) return undefined;
  const persistedQuery = extensions?.['persistedQuery'];
  const source = persistedQuery === undefined ? toText(query) : toHash(query, persistedQuery);
  return source && { source, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function toText(query: unknown): GraphqlRequest['source'] | undefined {
  return typeof query === 'string' ? { text: query } : undefined;
}

/** https://www.apollographql.com/docs/apollo-server/performance/apq */
function toHash(query: unknown, persistedQuery: unknown): GraphqlRequest['source'] | undefined {
  if (!isRecord(persistedQuery) || persistedQuery['version'] !== 1) return undefined;
  if (query !== undefined && query !== null) return undefined;
  const hash = persistedQuery['sha256Hash'];
  return typeof hash === 'string' ? { hash } : undefined;
}
