/** Keeps what was sent as a secret from coming back: error pages like to quote the request that they are about. */
import type { UpstreamAnswer } from '../contract.ts';
import { parseJson } from '../vendor-kit/json.ts';
import type { WireRequest } from './sign-request.ts';

/** Shorter values are too likely to stand in a text by chance. */
const MIN_LENGTH = 8;

/** The answer, with `REDACTED` for each secret of the request that its body repeats. */
export function withoutSecrets(answer: UpstreamAnswer, { secrets, body }: WireRequest): UpstreamAnswer {
  let { text } = answer;
  // A password may be a word that a ticket holds by right; in a refusal it can only be a quotation.
  const isRefusal = answer.status >= 400;
  for (const secret of secrets) {
    const { signs, whole, passwords } = spellingsOf(secret);
    if (signs.some((sign) => answer.text.includes(sign))) text = without(whole, text);
    if (isRefusal) text = without(passwords, text);
  }
  if (isRefusal && body !== undefined) text = without(passwordsIn(body).flatMap(spellings), text);
  return text === answer.text ? answer : { ...answer, text };
}

function without(found: readonly string[], text: string): string {
  let rest = text;
  for (const secret of found) if (rest.includes(secret)) rest = rest.replaceAll(secret, 'REDACTED');
  return rest;
}

/** A credential is the same for thousands of calls, and so is all that it could look like in an answer. */
const known = new Map<string, Spellings>();
const MAX_KNOWN = 100;

interface Spellings {
  /** Of it as it was sent, and of its parts. */
  readonly whole: readonly string[];
  /** Those that hold no other: where one of the others stands, one of these does, and looking for each takes a while. */
  readonly signs: readonly string[];
  /** Of the passwords that are encoded in it. */
  readonly passwords: readonly string[];
}

function spellingsOf(secret: string): Spellings {
  let all = known.get(secret);
  if (!all) {
    const parts = partsOf(secret);
    const whole = [...new Set(parts.flatMap(spellings))];
    const signs = whole.filter((text) => !whole.some((other) => other !== text && text.includes(other)));
    all = { whole, signs, passwords: parts.flatMap(decodeBasic).flatMap(spellings) };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(secret, all);
  }
  return all;
}

/** Our cookies have two parts. A credential of a caller's may have thousands, and each is looked for in each answer. */
const MAX_PARTS = 10;

/** A value as sent, each part of a cookie, and what is left of them without a scheme (`Basic `) or a cookie's name. */
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

/** Names of secrets in the body of a sign-in; `client_secret` is OAuth's: RFC 6749 section 2.3.1. */
const SECRET_NAMES: readonly string[] = ['password', 'client_secret'];

/** The body of a sign-in has one. That of a write is the caller's, who may name thousands so. */
const MAX_PASSWORDS = 5;

/** What the body of a sign-in names so, in JSON or as a form. */
function passwordsIn(body: string): string[] {
  const found: string[] = [];
  // Most bodies of writes hold neither name, and need not be read.
  if (!SECRET_NAMES.some((name) => body.includes(name))) return found;
  const json = parseJson(body);
  if (json !== undefined) collectPasswords(json, found);
  else for (const name of SECRET_NAMES) found.push(...new URLSearchParams(body).getAll(name).slice(0, MAX_PASSWORDS));
  return found;
}

/** Adds them to `found` until it is full. JSON that we sent is nested no deeper than variables may be. */
function collectPasswords(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null || found.length >= MAX_PASSWORDS) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') collectPasswords(inner, found);
    else if (SECRET_NAMES.includes(name) && found.length < MAX_PASSWORDS) found.push(inner);
  }
}

/** As it is, as JSON may escape it, and as an address may. Longer spellings first, since one may hold another. */
function spellings(secret: string): string[] {
  if (secret.length < MIN_LENGTH) return [];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [encodeURIComponent(secret), inJson.replaceAll('/', '\\/'), inJson, secret.replaceAll('/', '\\/'), secret];
}
