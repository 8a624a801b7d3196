/**
 * Makes error messages fit to send and to log. graphql-js quotes documents and variables in them at full length, so a
 * message may hold a megabyte of the caller's choice: it is cut before anything searches it, and is never matched
 * against a pattern.
 */

/** In characters. */
export const MAX_MESSAGE_LENGTH = 1_000;

const ELLIPSIS = '…';

/** The message, cut to `MAX_MESSAGE_LENGTH` characters. */
export function cutMessage(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  return message.slice(0, MAX_MESSAGE_LENGTH - ELLIPSIS.length) + ELLIPSIS;
}

/** graphql-js ends a message with it: `Did you mean "key" or "name"?`. */
const SUGGESTION = 'Did you mean ';

/** A message that has been cut, without the names that graphql-js suggests in its last sentence. */
export function withoutSuggestion(message: string): string {
  const mayEndWithOne = message.endsWith('?') || message.endsWith(ELLIPSIS);
  const start = mayEndWithOne ? message.lastIndexOf(SUGGESTION) : -1;
  return start < 0 ? message : message.slice(0, start).trimEnd();
}

export type TidyMessage = (message: string) => string;

/** @param options.hideSuggestions removes suggestions, which name parts of the schema. */
export function createTidyMessage({ hideSuggestions }: { readonly hideSuggestions: boolean }): TidyMessage {
  return hideSuggestions ? (message) => withoutSuggestion(cutMessage(message)) : cutMessage;
}
