/** Omnidesk's way of saying no: `{"status":"error","message":"…"}`, seen with 400. https://www.omnidesk.nl/api/docs */
import type { FailureDialect } from '../contract.ts';
import { kindOfStatus } from '../kernel/failure.ts';
import { parseJson } from '../kernel/json.ts';
import { asObject, asText } from '../kernel/reading.ts';

/**
 * The dialect of an account. The key travels in the address, and an error page may quote the address: so the key is
 * taken out of what the vendor says.
 */
export function createDialect(apiKey: string): FailureDialect {
  return ({ status, text }) => {
    const message = asText(asObject(parseJson(text))?.['message']);
    return {
      kind: kindOfStatus(status),
      ...(message !== null && { upstreamMessage: withoutKey(message, apiKey) }),
    };
  };
}

/** Whether a body says no although its status says yes. A ticket has a `status` as well; an item is never an error. */
export function isError(body: unknown): boolean {
  const answer = asObject(body);
  return answer?.['status'] === 'error' && answer['type'] !== 'item' && !Object.hasOwn(answer, 'item');
}

function withoutKey(message: string, apiKey: string): string {
  const encoded = new URLSearchParams([['', apiKey]]).toString().slice(1);
  return [apiKey, encoded, encodeURIComponent(apiKey)]
    .reduce((text, spelling) => text.replaceAll(spelling, 'REDACTED'), message)
    .replace(/(apikey=)[^&\s"'<>]*/gi, '$1REDACTED');
}
