/**
 * Reads single values out of what a vendor sent. Vendors write the same fact as a number here and as text there, leave
 * fields out, or send null: each function takes whatever came and answers with a value or null, never with an error.
 */

/** A JSON object, or undefined for anything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** A list; a single value counts as a list of one (XML turned into JSON knows no lists of one), nothing as none. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Text, with numbers and booleans written out; null for nothing and for the empty text. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return null;
}

/** A whole number of 32 bits, which is all that GraphQL's Int holds; null for anything else. */
export function asInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,10}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= 0x7fffffff ? number : null;
}

/** A boolean, also when written as text or as 0 and 1. */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 'true' || value === 'True' || value === '1') return true;
  if (value === 0 || value === 'false' || value === 'False' || value === '0') return false;
  return null;
}

/** All texts of a list; null where there is no list. */
export function asTexts(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return asList(value).flatMap((entry) => asText(entry) ?? []);
}

/** ISO 8601 date and time: the date, `T` or a space, the time, perhaps a fraction, perhaps a zone. */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A point in time as ISO text in UTC with milliseconds, e.g. `2026-01-31T09:30:00.000Z`.
 *
 * @param toOffsetMinutes for a text without a zone: minutes east of UTC at that wall-clock time, which is given as
 * milliseconds as if it were UTC. UTC where left out.
 */
export function asInstant(value: unknown, toOffsetMinutes: (wallClockMs: number) => number = () => 0): string | null {
  if (typeof value === 'number') return fromMilliseconds(value);
  if (typeof value !== 'string') return null;
  const match = INSTANT.exec(value.trim());
  if (!match) return null;
  const [, date, time, fraction = '', zone] = match;
  const milliseconds = fraction.length === 3 ? fraction : fraction.padEnd(3, '0').slice(0, 3);
  const wallClock = `${date}T${time!.length === 5 ? `${time}:00` : time}.${milliseconds}Z`;
  const wallClockMs = Date.parse(wallClock);
  // A day that its month may not have, and the hour 24, are written otherwise in the end.
  const isOnCalendar = date!.slice(8) <= '28' && time!.slice(0, 2) < '24';
  if (Number.isNaN(wallClockMs)) return null;
  const offset = zone === undefined ? toOffsetMinutes(wallClockMs) : zoneMinutes(zone);
  return offset === 0 && isOnCalendar ? wallClock : fromMilliseconds(wallClockMs - offset * 60_000);
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function fromMilliseconds(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
