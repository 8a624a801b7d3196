/** Reads an answer: is it GraphQL's, what does it hold, and what is wrong with it. */
import type { Vendor } from './__generated__/operations.ts';
import { isRecognized, type TicketgraphProblem, type TransportCode } from './error.ts';

/** https://spec.graphql.org/October2021/#sec-Response-Format */
export interface Answer {
  /** Undefined where execution has not begun, null where it has and nothing is left. */
  readonly data: object | null | undefined;
  readonly errors: readonly TicketgraphProblem[];
}

/** Undefined where the text is no answer of GraphQL's. */
export function parseAnswer(text: string): Answer | undefined {
  const body = parseJson(text);
  if (!isRecord(body)) return undefined;
  const { data, errors = [] } = body;
  const isData = data === undefined || data === null || isRecord(data);
  if (!isData || !Array.isArray(errors) || !errors.every(isRecord)) return undefined;
  // https://spec.graphql.org/October2021/#sec-Errors: without data there are errors.
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

/** What the endpoint says of an error stands in its extensions, under the names of a write's problem. */
function toProblem(error: Readonly<Record<string, unknown>>): TicketgraphProblem {
  const facts = isRecord(error['extensions']) ? error['extensions'] : {};
  const code = facts['code'];
  const message = typeof error['message'] === 'string' ? error['message'] : 'The request failed.';
  return {
    code: isRecognized(code) ? code : 'UNRECOGNIZED',
    message: isRecognized(code) ? message : `${String(code)}: ${message}`,
    path: Array.isArray(error['path']) ? error['path'] : null,
    // A newer endpoint may have a vendor that is not in this type yet.
    vendor: textOrNull(facts['vendor']) as Vendor | null,
    ticketId: textOrNull(facts['ticketId']),
    field: Array.isArray(facts['field']) ? facts['field'] : null,
    retryable: facts['retryable'] === true,
    retryAfterSeconds: numberOrNull(facts['retryAfterSeconds']),
    upstreamStatus: numberOrNull(facts['upstreamStatus']),
    upstreamCode: textOrNull(facts['upstreamCode']),
    upstreamMessage: textOrNull(facts['upstreamMessage']),
  };
}

export interface NoAnswer {
  readonly code: TransportCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number | null;
}

/** That there is no answer, told as one that there is. */
export function noAnswer({ code, message, retryable, retryAfterSeconds = null }: NoAnswer): TicketgraphProblem {
  const nobody = { path: null, vendor: null, ticketId: null, field: null };
  const nothing = { upstreamStatus: null, upstreamCode: null, upstreamMessage: null };
  return { code, message, retryable, retryAfterSeconds, ...nobody, ...nothing };
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
