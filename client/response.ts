/** Parses and validates GraphQL responses. */
import type { Vendor } from './__generated__/operations.ts';
import { isRecognized, type TicketgraphProblem, type TransportCode } from './error.ts';

/** https://spec.graphql.org/October2021/#sec-Response-Format */
export interface GraphqlResponse {
  /** `undefined` if execution did not begin. `null` if an error propagated to the root. */
  readonly data: object | null | undefined;
  readonly errors: readonly TicketgraphProblem[];
}

/** Returns the response, or `undefined` if the text is not a GraphQL response. */
export function parseResponse(text: string): GraphqlResponse | undefined {
  const body = parseJson(text);
  if (!isRecord(body)) return undefined;
  const { data, errors = [] } = body;
  const isData = data === undefined || data === null || isRecord(data);
  if (!isData || !Array.isArray(errors) || !errors.every(isRecord)) return undefined;
  // https://spec.graphql.org/October2021/#sec-Errors: a response without data must have errors.
  if (!data && errors.length === 0) return undefined;
  return { data, errors: errors.map(toProblem) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The endpoint puts the fields of a `Problem` into an error's `extensions`. */
function toProblem(error: Readonly<Record<string, unknown>>): TicketgraphProblem {
  const extensions = isRecord(error['extensions']) ? error['extensions'] : {};
  const code = extensions['code'];
  const message = typeof error['message'] === 'string' ? error['message'] : 'The request failed.';
  return {
    code: isRecognized(code) ? code : 'UNRECOGNIZED',
    message: isRecognized(code) ? message : `${String(code)}: ${message}`,
    path: Array.isArray(error['path']) ? error['path'] : null,
    // A newer endpoint may return a vendor that this type does not have yet.
    vendor: textOrNull(extensions['vendor']) as Vendor | null,
    source: textOrNull(extensions['source']),
    ticketId: textOrNull(extensions['ticketId']),
    field: Array.isArray(extensions['field']) ? extensions['field'] : null,
    retryable: extensions['retryable'] === true,
    retryAfterSeconds: numberOrNull(extensions['retryAfterSeconds']),
    upstreamStatus: numberOrNull(extensions['upstreamStatus']),
    upstreamCode: textOrNull(extensions['upstreamCode']),
    upstreamMessage: textOrNull(extensions['upstreamMessage']),
  };
}

export interface TransportFailure {
  readonly code: TransportCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number | null;
}

/** Returns the failure in the shape of an error of a response. */
export function toTransportProblem({
  code,
  message,
  retryable,
  retryAfterSeconds = null,
}: TransportFailure): TicketgraphProblem {
  const location = { path: null, vendor: null, source: null, ticketId: null, field: null };
  const upstream = { upstreamStatus: null, upstreamCode: null, upstreamMessage: null };
  return { code, message, retryable, retryAfterSeconds, ...location, ...upstream };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
