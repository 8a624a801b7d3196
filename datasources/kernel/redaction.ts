/** Keeps what was sent as a secret from coming back: error pages like to quote the request that they are about. */
import type { UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { parseJson } from './json.ts';

/** Shorter values are too likely to stand in a text by chance. */
const LEAST_LENGTH = 8;

/** The answer, with `REDACTED` for each secret of the request that its body repeats. */
export function withoutSecrets(answer: UpstreamAnswer, request: UpstreamRequest): UpstreamAnswer {
  const sent = secretsOf(request);
  const { text } = answer;
  const found = sent.flatMap(spellingsOf).filter((secret) => text.includes(secret));
  // A password may be a word that a ticket holds by right; in a refusal it can only be a quotation.
  const passwords =
    answer.status < 400 ? [] : [...sent.flatMap(partsOf).flatMap(decodeBasic), ...passwordsIn(request.body)];
  const quoted = passwords.flatMap(spellings).filter((secret) => text.includes(secret));
  if (found.length === 0 && quoted.length === 0) return answer;
  const repeated = [...found, ...quoted];
  return { ...answer, text: repeated.reduce((rest, secret) => rest.replaceAll(secret, 'REDACTED'), text) };
}

/** Values as sent. */
function secretsOf({ secrets = [], headers, query = [] }: UpstreamRequest): string[] {
  if (secrets.length === 0) return [];
  const isSecret = (name: string): boolean => secrets.some((secret) => isSameName(secret, name));
  const values = Object.keys(headers)
    .filter(isSecret)
    .map((name) => headers[name]!);
  for (const [name, value] of query) if (isSecret(name)) values.push(value);
  return values;
}

function isSameName(one: string, other: string): boolean {
  return one === other || (one.length === other.length && one.toLowerCase() === other.toLowerCase());
}

/** A credential is the same for thousands of calls, and so is all that it could look like in an answer. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 100;

function spellingsOf(secret: string): readonly string[] {
  let all = known.get(secret);
  if (!all) {
    all = [...new Set(partsOf(secret).flatMap(spellings))];
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(secret, all);
  }
  return all;
}

/** A value as sent, each part of a cookie, and what is left of them without a scheme (`Basic `) or a cookie's name. */
function partsOf(secret: string): string[] {
  return secret.split(/;\s*/).flatMap((part) => [part, part.replace(/^[\w-]+[ =]/, '')]);
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
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [encodeURIComponent(secret), inJson.replaceAll('/', '\\/'), inJson, secret.replaceAll('/', '\\/'), secret];
}
