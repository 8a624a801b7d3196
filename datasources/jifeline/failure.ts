/**
 * Maps Jifeline's errors: `application/problem+json` of the API, and OAuth errors of the token endpoint.
 * https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets and RFC 6749 section 5.2
 */
import type { ErrorMapper } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { asObject, asText } from '../vendor-kit/coerce.ts';

/** `{"status": 400, "type": "about:blank", "title": "…", "detail": "…"}`; any member may be missing. */
export const toFailure: ErrorMapper = ({ status, text }) => {
  const problem = asObject(parseJson(text));
  const message = asText(problem?.['detail']) ?? asText(problem?.['title']);
  const type = asText(problem?.['type']) ?? 'about:blank';
  return {
    kind: kindOfStatus(status),
    ...(message !== null && { upstreamMessage: message }),
    ...(type !== 'about:blank' && { upstreamCode: type }),
  };
};

/** Error codes of RFC 6749 for client credentials. */
const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
];

/** `{"error": "invalid_client"}`. */
export const toSignInFailure: ErrorMapper = ({ status, text }) => {
  const error = asText(asObject(parseJson(text))?.['error']);
  return {
    kind: kindOfStatus(status),
    ...(error !== null && OAUTH_ERRORS.includes(error) && { upstreamCode: error }),
  };
};
