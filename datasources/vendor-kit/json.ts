/**
 * JSON as vendors send it: integers beyond 53 bits keep every digit. A key `__proto__` reaches no prototype: `JSON.parse`
 * makes of it a property like any other, and nothing copies what came by assignment (`test/reliability/hostile.test.ts`).
 * https://tc39.es/ecma262/#sec-internalizejsonproperty
 */
import type { UpstreamAnswer } from '../contract.ts';

/** Digits of the shortest integer that a double may not hold. */
const LONG = 16;

const ZERO = 0x30;
const NINE = 0x39;

/**
 * Whether so many digits stand in a row. One of them stands at a multiple of their number, so that only every sixteenth
 * character is looked at: the pattern `\d{16}` took a twelfth of a page of a hundred tickets.
 */
function hasLongNumber(text: string): boolean {
  const isDigit = (index: number): boolean => {
    const code = text.charCodeAt(index);
    return code >= ZERO && code <= NINE;
  };
  for (let index = LONG - 1; index < text.length; index += LONG) {
    if (!isDigit(index)) continue;
    let start = index;
    let end = index + 1;
    while (isDigit(start - 1)) start -= 1;
    while (isDigit(end)) end += 1;
    if (end - start >= LONG) return true;
  }
  return false;
}

/** The third argument that `JSON.parse` gives its reviver: https://tc39.es/proposal-json-parse-with-source/ */
interface ReviverContext {
  readonly source?: string;
}

/**
 * Parses JSON text. An integer that a double would change becomes text with its exact digits.
 *
 * @returns the value, or undefined where the text is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    // The reviver costs a call for each value, so it is used only where a long number is in sight.
    if (!hasLongNumber(text)) return JSON.parse(text) as unknown;
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return undefined;
  }
}

/** The JSON in an answer's body: null if it has none by its status, undefined if it is not JSON. */
export function parseBody({ status, text }: Pick<UpstreamAnswer, 'status' | 'text'>): unknown {
  return status === 204 && text === '' ? null : parseJson(text);
}

function revive(_: string, value: unknown, context: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}
