/** Maps Omnidesk's errors: `{"status":"error","message":"…"}`, seen with 400. https://www.omnidesk.nl/api/docs */
import type { FailureDetails, UpstreamAnswer } from '../contract.ts';
import { kindOfStatus, withoutCredentials } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { asText, readOne } from '../vendor-kit/coerce.ts';

/** Removes the API key from the message: the key is part of the URL, which an error page may quote. */
export function toFailure({ status, text }: UpstreamAnswer, apiKey: string): FailureDetails {
  const message = asText(readOne(parseJson(text))?.['message']);
  return {
    kind: kindOfStatus(status),
    ...(message !== null && { upstreamMessage: withoutKey(message, apiKey) }),
  };
}

function withoutKey(message: string, apiKey: string): string {
  const encoded = new URLSearchParams([['', apiKey]]).toString().slice(1);
  const spellings = [apiKey, encoded, encodeURIComponent(apiKey)];
  return withoutCredentials(spellings.reduce((text, spelling) => text.replaceAll(spelling, 'REDACTED'), message));
}
