/**
 * Akana's way of saying no: a status. No body is documented, so none is passed on.
 * https://help.akana.com/content/current/cm/api/aaref/Ref_HTTPStatusCodes.htm
 */
import type { ErrorMapper } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Akana refused the request: a value does not fit, or its workflow does not allow this action now.',
  401: 'Akana did not accept our sign-in: the session has ended, or its CSRF token is missing or out of date.',
  403: 'Akana does not allow this: our account must be an admin of the resource that the ticket is about.',
};

export const toFailure: ErrorMapper = ({ status }) => {
  const message = MESSAGES[status];
  return { kind: kindOfStatus(status), ...(message !== undefined && { message }) };
};
