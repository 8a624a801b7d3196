/** Redacts the secrets of a request from its answer: error pages often quote the request. */
import type { UpstreamAnswer } from '../contract.ts';
import { parseJson } from '../vendor-kit/json.ts';
import type { WireRequest } from './sign-request.ts';

/** Shorter values are too likely to occur in a text by chance. */
const MIN_LENGTH = 8;

/** The answer, with each secret of the request replaced by `REDACTED`. */
export function withoutSecrets(answer: UpstreamAnswer, { secrets, body }: WireRequest): UpstreamAnswer {
  let { text } = answer;
  // A password may be a common word that a ticket contains; in an error it can only be a quotation.
  const isError = answer.status >= 400;
  for (const secret of secrets) {
    const { shortest, all, passwords } = spellingsOf(secret);
    if (shortest.some((spelling) => answer.text.includes(spelling))) text = redact(all, text);
    if (isError) text = redact(passwords, text);
  }
  if (isError && body !== undefined) text = redact(passwordsIn(body).flatMap(spellings), text);
  return text === answer.text ? answer : { ...answer, text };
}

function redact(secrets: readonly string[], text: string): string {
  let redacted = text;
  for (const secret of secrets) if (redacted.includes(secret)) redacted = redacted.replaceAll(secret, 'REDACTED');
  return redacted;
}

/** The same credential is used for thousands of calls. */
const cache = new Map<string, Spellings>();
const MAX_CACHED = 100;

interface Spellings {
  /** Of the secret as it was sent, and of its parts. */
  readonly all: readonly string[];
  /** Those that contain no other. If a text contains none of these, it contains no spelling at all. */
  readonly shortest: readonly string[];
  /** Of the passwords encoded in the secret. */
  readonly passwords: readonly string[];
}

function spellingsOf(secret: string): Spellings {
  let found = cache.get(secret);
  if (!found) {
    const parts = partsOf(secret);
    const all = [...new Set(parts.flatMap(spellings))];
    const shortest = all.filter((text) => !all.some((other) => other !== text && text.includes(other)));
    found = { all, shortest, passwords: parts.flatMap(decodeBasic).flatMap(spellings) };
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(secret, found);
  }
  return found;
}

/** The service's cookies have two parts. A caller's credential may have thousands, and each costs a search. */
const MAX_PARTS = 10;

/** A value as sent, the parts of a cookie, and both without a scheme (`Basic `) or a cookie's name. */
function partsOf(secret: string): string[] {
  const parts = secret.split(';', MAX_PARTS).map((part) => part.trimStart());
  return [...new Set([secret, ...parts])].flatMap((part) => [part, part.replace(/^[\w-]+[ =]/, '')]);
}

/** The password of Basic credentials: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function decodeBasic(secret: string): string[] {
  const [, credentials] = /^Basic (\S+)$/.exec(secret) ?? [];
  if (credentials === undefined) return [];
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return [text.slice(text.indexOf(':') + 1)];
}

/** Names of secrets in the body of a sign-in. For `client_secret`, see RFC 6749 section 2.3.1. */
const SECRET_NAMES: readonly string[] = ['password', 'client_secret'];

/** The body of a sign-in has one. A caller could send a write with thousands. */
const MAX_PASSWORDS = 5;

/** The passwords in the body of a sign-in, which is JSON or a form. */
function passwordsIn(body: string): string[] {
  const found: string[] = [];
  // Most bodies of writes contain neither name, and need not be parsed.
  if (!SECRET_NAMES.some((name) => body.includes(name))) return found;
  const json = parseJson(body);
  if (json !== undefined) collectPasswords(json, found);
  else for (const name of SECRET_NAMES) found.push(...new URLSearchParams(body).getAll(name).slice(0, MAX_PASSWORDS));
  return found;
}

/** Adds passwords to `found`, up to the limit. Nesting is limited by that of GraphQL variables. */
function collectPasswords(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null || found.length >= MAX_PASSWORDS) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') collectPasswords(inner, found);
    else if (SECRET_NAMES.includes(name) && found.length < MAX_PASSWORDS) found.push(inner);
  }
}

/** Verbatim, escaped for JSON, and encoded for a URL. Longest first, since one may contain another. */
function spellings(secret: string): string[] {
  if (secret.length < MIN_LENGTH) return [];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [encodeURIComponent(secret), inJson.replaceAll('/', '\\/'), inJson, secret.replaceAll('/', '\\/'), secret];
}
