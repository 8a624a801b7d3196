/**
 * Maps failures to what a client may see: for a read an error with a code, for a write a problem. Any other error is
 * unexpected, and clients see nothing of it.
 */
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { FailureDetails, FailureKind } from '../datasources/contract.ts';
import { asFailure, isRetryable } from '../datasources/vendor-kit/failure.ts';
import { toVendorEnum, withSettingNames } from '../datasources/vendor-kit/source-key.ts';
import type { ProblemCode, Vendor } from '../schema/__generated__/types.ts';
import type { Problem } from './parents.ts';

const CODES: Readonly<Record<FailureKind, ProblemCode>> = {
  'invalid-input': 'INVALID_INPUT',
  'not-found': 'NOT_FOUND',
  'illegal-action': 'ILLEGAL_ACTION',
  unsupported: 'UNSUPPORTED',
  'not-configured': 'VENDOR_NOT_CONFIGURED',
  rejected: 'VENDOR_REJECTED',
  unauthenticated: 'VENDOR_UNAUTHENTICATED',
  forbidden: 'VENDOR_FORBIDDEN',
  'rate-limited': 'VENDOR_RATE_LIMITED',
  unavailable: 'VENDOR_UNAVAILABLE',
  timeout: 'VENDOR_TIMEOUT',
  protocol: 'VENDOR_PROTOCOL',
  overloaded: 'VENDOR_OVERLOADED',
  'outcome-unknown': 'OUTCOME_UNKNOWN',
  'not-granted': 'FORBIDDEN',
  'too-costly': 'OPERATION_TOO_COSTLY',
  'key-reused': 'IDEMPOTENCY_KEY_REUSED',
  'key-in-flight': 'IDEMPOTENCY_IN_FLIGHT',
  'key-store-unavailable': 'IDEMPOTENCY_UNAVAILABLE',
};

/** Messages for failures that have none of their own. */
const MESSAGES: Readonly<Partial<Record<FailureKind, string>>> = {
  'not-found': 'The vendor has no such ticket, or shows none to this account.',
  'illegal-action': 'The vendor does not allow this in the present state of the ticket; read availableActions.',
  rejected: 'The vendor rejected the request.',
  unauthenticated: 'The vendor did not accept the credentials of this endpoint; check its settings.',
  forbidden: 'The vendor does not allow the account of this endpoint to do this.',
  'rate-limited': 'The vendor has had too many requests; try again later.',
  unavailable: 'The vendor failed; try again later.',
  timeout: 'The vendor did not answer in time; try again later.',
  protocol: "The vendor's answer is not of the documented kind.",
};

/** @param source key of the source concerned, if any */
export function toProblem(failure: FailureDetails, source: string | null, ticketId: string | null): Problem {
  const message = failure.message ?? MESSAGES[failure.kind] ?? 'The request failed.';
  return {
    code: CODES[failure.kind],
    message: source === null ? message : withSettingNames(message, source),
    vendor: source === null ? null : (toVendorEnum(source) as Vendor),
    source,
    ticketId,
    field: failure.field ?? null,
    retryable: isRetryable(failure),
    retryAfterSeconds: failure.retryAfterSeconds ?? null,
    upstreamStatus: failure.upstreamStatus ?? null,
    upstreamCode: failure.upstreamCode ?? null,
    upstreamMessage: failure.upstreamMessage ?? null,
  };
}

/** Codes of errors in the request itself, raised by the GraphQL libraries. Clients see their messages. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'INVALID_INPUT',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'CALLBACK_NOT_ALLOWED',
  'STREAM_ENDED',
  'TOO_MANY_STREAMS',
  'OPERATION_NOT_REGISTERED',
  'OPERATION_TOO_COSTLY',
  'OPERATION_TOO_DEEP',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_FIELDS',
  'TOO_MANY_ROOT_FIELDS',
]);

/** Returns an error as clients see it. Calls `reportUnexpected` for unexpected ones. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  reportUnexpected: (error: unknown) => void,
): GraphQLFormattedError {
  const { locations, path, message, extensions } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const explained = explainFailure(unwrapResolverError(error), () => place);
  if (explained) return explained;
  if (PUBLIC_CODES.has(extensions?.['code'])) return { message, ...place, extensions: { code: extensions!['code'] } };
  reportUnexpected(error);
  return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/**
 * Returns a failure as clients see it, or `undefined` for any other error.
 *
 * @param toPlace returns locations and path; called for failures only
 */
export function explainFailure(
  error: unknown,
  toPlace: () => Pick<GraphQLFormattedError, 'locations' | 'path'>,
): GraphQLFormattedError | undefined {
  const failure = asFailure(error);
  if (!failure) return undefined;
  const { message, ...details } = toProblem(failure.details, failure.source ?? null, failure.ticketId ?? null);
  const extensions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) if (value !== null) extensions[name] = value;
  return { message, ...toPlace(), extensions };
}
