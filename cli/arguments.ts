/** Parsers for single arguments and options. Invalid values are rejected before any request is sent. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { isObject, parseJson } from './json.ts';

/** Accepts one of the words, case-insensitive. */
export function wordOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const wanted = text.toUpperCase().replaceAll('-', '_');
    const word = words.find((one) => one.toUpperCase() === wanted);
    if (word === undefined) throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
    return word;
  };
}

/** Accepts several of the words: the option may be repeated, or list them separated by commas. */
export function wordsOf<Word extends string>(
  words: readonly Word[],
): (text: string, previous: readonly Word[] | undefined) => Word[] {
  const read = wordOf(words);
  return (text, previous = []) => [...previous, ...text.split(',').map(read)];
}

/** Accepts ids of sources: the option may be repeated, or list them separated by commas. The server knows which exist. */
export function sourceIds(text: string, previous: readonly string[] = []): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.includes(''))
    throw new InvalidArgumentError('Expected the id of a source: a vendor, or a vendor, @ and a name.');
  return [...previous, ...ids];
}

export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high))
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    return value;
  };
}

/** The endpoint's URL if `PORT` and `HOST` are not set. */
export const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

export function address(text: string): string {
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isHttp) throw new InvalidArgumentError('Expected a full URL, such as http://127.0.0.1:4000/graphql.');
  return text;
}

/** Parses `key=value`, once for each input. The action's input types decide how the value is read. */
export function keyAndValue(text: string, previous: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected a key and a value, such as groupId=12.');
  const key = text.slice(0, at);
  if (previous.has(key)) throw new InvalidArgumentError(`${key} was given more than once.`);
  return new Map(previous).set(key, text.slice(at + 1));
}

export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new InvalidArgumentError('Expected a JSON object.');
}

/** Parses a JSON object, or that of a file whose path follows `@`. */
export function jsonObjectOrFile(text: string): Readonly<Record<string, unknown>> {
  return jsonObject(text.startsWith('@') ? readText(text.slice(1)) : text);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new InvalidArgumentError(`Cannot read ${path}.`);
  }
}

/** Empty, as of an unset environment variable, counts as none. */
export function profileName(text: string): string {
  if (!/^(?:[A-Za-z0-9][\w.-]{0,63})?$/.test(text))
    throw new InvalidArgumentError('Expected letters, digits and ._- after the first, at most 64 characters.');
  return text;
}

/** Identifiers at an OpenID provider. */
export function openIdText(text: string): string {
  if (!/^[\x21-\x7e]{1,1024}$/.test(text))
    throw new InvalidArgumentError('Expected 1 to 1024 printable ASCII characters without spaces.');
  return text;
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export function oauthScope(text: string): string {
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text))
    throw new InvalidArgumentError('Expected scopes separated by single spaces.');
  return text;
}

/** The server's limit of 255 characters, minus room for the suffix that numbers the requests of one command. */
export function idempotencyKey(text: string): string {
  if (!/^[\x20-\x7e]{1,240}$/.test(text))
    throw new InvalidArgumentError('Expected 1 to 240 printable ASCII characters.');
  return text;
}

/** The id of a bulk job, also without its prefix. */
export function jobId(text: string): string {
  const key = text.replace(/^bulk-job:/, '');
  if (!/^[\w-]{1,100}$/.test(key)) throw new InvalidArgumentError('Expected the id of a bulk job.');
  return `bulk-job:${key}`;
}
