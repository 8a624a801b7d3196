/** Keeps what was sent as a secret from coming back: error pages like to quote the request that they are about. */
import type { UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { parseJson } from './json.ts';

/** Shorter values are too likely to stand in a text by chance. */
const LEAST_LENGTH = 8;

/** The answer, with `REDACTED` for each secret of the request that its body repeats. */
export function withoutSecrets(answer: UpstreamAnswer, request: UpstreamRequest): UpstreamAnswer {
  const sent = secretsOf(request);
  // A password may be a word that a ticket holds by right; in a refusal it can only be a quotation.
  const secrets = answer.status < 400 ? sent : [...sent, ...sent.flatMap(decodeBasic), ...passwordsIn(request.body)];
  const repeated = secrets.flatMap(spellings).filter((secret) => answer.text.includes(secret));
  if (repeated.length === 0) return answer;
  return { ...answer, text: repeated.reduce((text, secret) => text.replaceAll(secret, 'REDACTED'), answer.text) };
}

/** Values as sent, and what is left of them without a scheme (`Basic `) or a cookie's name. */
function secretsOf({ secrets = [], headers, query = [] }: UpstreamRequest): string[] {
  if (secrets.length === 0) return [];
  const names = new Set(secrets.map((name) => name.toLowerCase()));
  const values = [...Object.entries(headers), ...query].filter(([name]) => names.has(name.toLowerCase()));
  return values.flatMap(([, value]) => value.split(/;\s*/).flatMap((part) => [part, part.replace(/^[\w-]+[ =]/, '')]));
}

/** The password of Basic credentials: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function decodeBasic(secret: string): string[] {
  const [, credentials] = /^Basic (\S+)$/.exec(secret) ?? [];
  if (credentials === undefined) return [];
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return [text.slice(text.indexOf(':') + 1)];
}

/** What the body of a sign-in names so, in JSON or as a form; `client_secret` is OAuth's: RFC 6749 section 2.3.1. */
function passwordsIn(body = ''): string[] {
  const form = new URLSearchParams(body);
  const inForm = [...form.getAll('password'), ...form.getAll('client_secret')];
  const inJson = body.matchAll(/"(?:password|client_secret)"\s*:\s*("(?:[^"\\]|\\.)*")/g);
  return [...inForm, ...[...inJson].map(([, text]) => String(parseJson(text!)))];
}

/** As it is, as JSON may escape it, and as an address may. Longer spellings first, since one may hold another. */
function spellings(secret: string): string[] {
  if (secret.length < LEAST_LENGTH) return [];
  return [encodeURIComponent(secret), secret.replaceAll('/', '\\/'), secret];
}
