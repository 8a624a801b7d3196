/**
 * JSON as vendors send it: integers beyond 53 bits keep every digit. A key `__proto__` is harmless: `JSON.parse` creates an
 * ordinary property, and nothing copies parsed objects by assignment (`test/reliability/hostile.test.ts`).
 * https://tc39.es/ecma262/#sec-internalizejsonproperty
 */
import type { UpstreamAnswer } from '../contract.ts';

/** Digits of the shortest integer that a double may not represent. */
const LONG_DIGITS = 16;

const ZERO = 0x30;
const NINE = 0x39;

/**
 * Returns whether the text may contain a long integer. A run of 16 digits covers a multiple of 16, so only every sixteenth
 * character is read: cheaper than the pattern `\d{16}` (docs/performance.md#long-numbers).
 */
function hasLongNumber(text: string): boolean {
  const isDigit = (index: number): boolean => {
    const code = text.charCodeAt(index);
    return code >= ZERO && code <= NINE;
  };
  for (let index = LONG_DIGITS - 1; index < text.length; index += LONG_DIGITS) {
    if (!isDigit(index)) continue;
    let start = index;
    let end = index + 1;
    while (isDigit(start - 1)) start -= 1;
    while (isDigit(end)) end += 1;
    if (end - start >= LONG_DIGITS) return true;
  }
  return false;
}

/** The third argument of a reviver: https://tc39.es/proposal-json-parse-with-source/ */
interface ReviverContext {
  readonly source?: string;
}

/**
 * Parses JSON text. An integer that a double cannot represent becomes text with its exact digits.
 *
 * @returns the value, or `undefined` if the text is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    // A reviver costs a call per value.
    if (!hasLongNumber(text)) return JSON.parse(text) as unknown;
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns the JSON of a body, null for an empty 204, or `undefined` if it is not JSON. */
export function parseBody({ status, text }: Pick<UpstreamAnswer, 'status' | 'text'>): unknown {
  return status === 204 && text === '' ? null : parseJson(text);
}

function revive(_: string, value: unknown, context: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}
