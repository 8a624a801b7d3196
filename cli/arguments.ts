/** How single arguments and options are read. What does not fit is told before anything is asked of anybody. */
import { InvalidArgumentError } from 'commander';

/** One of the words, in any letter case. */
export function wordOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const wanted = text.toUpperCase().replaceAll('-', '_');
    const word = words.find((one) => one.toUpperCase() === wanted);
    if (word === undefined) throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
    return word;
  };
}

/** Several of them: the option may be given again, or hold several separated by commas. */
export function wordsOf<Word extends string>(
  words: readonly Word[],
): (text: string, previous: readonly Word[] | undefined) => Word[] {
  const read = wordOf(words);
  return (text, previous = []) => [...previous, ...text.split(',').map(read)];
}

export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`It should be from ${low} to ${high}.`);
    return value;
  };
}

/** The address of the endpoint if `PORT` and `HOST` are not set. */
export const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

export function address(text: string): string {
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isHttp) throw new InvalidArgumentError('It should be the whole address, such as http://127.0.0.1:4000/graphql.');
  return text;
}

/** `key=value`, given once for each input. What the value means is up to the action. */
export function keyAndValue(text: string, previous: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It should be a key and a value, such as groupId=12.');
  const key = text.slice(0, at);
  if (previous.has(key)) throw new InvalidArgumentError(`${key} is given twice.`);
  return new Map(previous).set(key, text.slice(at + 1));
}

export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidArgumentError('It should be a JSON object.');
}

/** As the server takes it, less what several requests of one command need to tell theirs apart. */
export function idempotencyKey(text: string): string {
  if (!/^[\x20-\x7e]{1,240}$/.test(text))
    throw new InvalidArgumentError('It should be 1 to 240 printable ASCII characters.');
  return text;
}
