/**
 * Maps Akana's errors by their status. No error body is documented, so none is exposed.
 * https://help.akana.com/content/current/cm/api/aaref/Ref_HTTPStatusCodes.htm
 */
import type { ErrorMapper } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Akana rejected the request: a value is invalid, or the workflow does not allow this action now.',
  401: 'Akana rejected the session: it has expired, or its CSRF token is missing or expired.',
  403: 'Akana denied access: the account in use must be an admin of the resource that the ticket is about.',
};

export const toFailure: ErrorMapper = ({ status }) => {
  const message = MESSAGES[status];
  return { kind: kindOfStatus(status), ...(message !== undefined && { message }) };
};
