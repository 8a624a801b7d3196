/** Classifies request errors, and formats them for users. */
import { CombinedGraphQLErrors, ServerError } from '@apollo/client';

export function isUnauthenticated(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  return hasCode(error, 'UNAUTHENTICATED');
}

function hasCode(error: unknown, code: string): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.['code'] === code);
}

/** Returns the code of the first error that has one, or `undefined`. */
export function codeOf(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const code = error.errors.map(({ extensions }) => extensions?.['code']).find((one) => one !== undefined);
  return typeof code === 'string' ? code : undefined;
}

/** Whether the endpoint may have executed the request although there is no response from it. */
export function isDisconnected(error: unknown): boolean {
  if (CombinedGraphQLErrors.is(error)) return false;
  return !(ServerError.is(error) && error.statusCode < 500);
}

/** Returns one or two sentences for users. */
export function describeError(error: unknown): string {
  if (isUnauthenticated(error)) return 'You are not signed in, or your credentials are no longer accepted.';
  if (hasCode(error, 'FORBIDDEN')) return `Your credentials do not allow this. ${messageOf(error)}`;
  if (ServerError.is(error)) return describeStatus(error);
  if (CombinedGraphQLErrors.is(error)) return messageOf(error);
  return 'The server is unreachable. Check your connection and try again.';
}

function messageOf(error: unknown): string {
  return CombinedGraphQLErrors.is(error) ? error.errors.map(({ message }) => message).join(' ') : '';
}

function describeStatus({ statusCode, bodyText }: ServerError): string {
  if (statusCode === 403) return 'Your credentials do not allow this.';
  return firstMessage(bodyText) ?? `The server responded with status ${statusCode}. Try again in a moment.`;
}

function firstMessage(bodyText: string): string | undefined {
  try {
    const { errors } = JSON.parse(bodyText) as { errors?: readonly { message?: unknown }[] };
    const message = errors?.[0]?.message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The error of a response without data. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError('The response has no data.');
}
