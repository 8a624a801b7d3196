/** JSON as vendors send it: integers beyond 53 bits keep every digit, and no key reaches a prototype. */

/** A run of digits long enough to hold an integer that a double cannot. */
const LONG_NUMBER = /\d{16}/;

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
    if (!LONG_NUMBER.test(text) && !text.includes('__proto__')) return JSON.parse(text) as unknown;
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return undefined;
  }
}

function revive(key: string, value: unknown, context: ReviverContext): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}
