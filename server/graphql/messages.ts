/**
 * Shortens error messages before they are sent or logged. graphql-js quotes documents and variables in full, so a message
 * may hold a megabyte of the client's choice. Cut messages before searching them, to bound the time of patterns.
 */

/** In characters. */
export const MAX_MESSAGE_LENGTH = 1_000;

const ELLIPSIS = '…';

/** The message, cut to `MAX_MESSAGE_LENGTH` characters. */
export function cutMessage(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  return message.slice(0, MAX_MESSAGE_LENGTH - ELLIPSIS.length) + ELLIPSIS;
}

/** The last sentence of some messages of graphql-js: `Did you mean "key" or "name"?`. */
const SUGGESTION = 'Did you mean ';

/** Removes the last sentence if it suggests names. The message must have been cut before. */
export function withoutSuggestion(message: string): string {
  const mayEndWithSuggestion = message.endsWith('?') || message.endsWith(ELLIPSIS);
  const start = mayEndWithSuggestion ? message.lastIndexOf(SUGGESTION) : -1;
  return start < 0 ? message : message.slice(0, start).trimEnd();
}

export type TidyMessage = (message: string) => string;

/** @param options.hideSuggestions removes suggestions, which name parts of the schema. */
export function createTidyMessage({ hideSuggestions }: { readonly hideSuggestions: boolean }): TidyMessage {
  return hideSuggestions ? (message) => withoutSuggestion(cutMessage(message)) : cutMessage;
}
