/**
 * Coerces single values of a vendor's answer. Vendors write the same value as a number or as text, omit fields, or send
 * null: each function accepts anything, and returns a value or null. None throws.
 */

/** Returns whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a JSON object, or `undefined` for anything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

/** PHP encodes an array with gaps in its keys as an object: `{"0": …, "2": …}`. */
const DIGITS = /^\d+$/;

/** Returns whether every key is a number. True for an empty object, the empty list of some vendors. */
function hasNumbersAsKeys(object: Readonly<Record<string, unknown>>): boolean {
  for (const key in object) if (!DIGITS.test(key)) return false;
  return true;
}

/**
 * Returns the entries of a list, in any form that vendors use: an array; null, undefined or an empty text for an empty list
 * (XML converted to JSON); an object whose keys are all digits, in their order (PHP); a bare object for a list of one (XML
 * converted to JSON).
 *
 * @returns undefined for text, a number or a boolean.
 */
export function readList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (value === undefined || value === null || value === '') return [];
  const object = asObject(value);
  if (!object) return undefined;
  if (!hasNumbersAsKeys(object)) return [object];
  // Engines sort keys below 2^32, and keep longer ones in insertion order.
  const keys = Object.keys(object).toSorted((left, right) => Number(left) - Number(right));
  return keys.map((key) => object[key]);
}

/** Returns the entries of a list. Any single value is a list of one. */
export function asList(value: unknown): readonly unknown[] {
  return readList(value) ?? [value];
}

/**
 * Returns one object, which may come as a list of one.
 *
 * @returns null for an empty value or list, undefined for several entries and for anything but an object.
 */
export function readOne(value: unknown): Readonly<Record<string, unknown>> | null | undefined {
  const object = asObject(value);
  if (object && !hasNumbersAsKeys(object)) return object;
  const entries = readList(value);
  if (!entries || entries.length > 1) return undefined;
  return entries.length === 0 ? null : asObject(entries[0]);
}

/** Returns text, numbers and booleans as text; null for the empty text and anything else. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return null;
}

/** Returns a whole number of 32 bits, the range of GraphQL's Int; null for anything else. */
export function asInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,10}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= 0x7fffffff ? number : null;
}

/** Returns a boolean, also from text or from 0 and 1; null for anything else. */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 'true' || value === 'True' || value === '1') return true;
  if (value === 0 || value === 'false' || value === 'False' || value === '0') return false;
  return null;
}

/** Returns all texts of a list; null if the value is null or undefined. */
export function asTexts(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const texts: string[] = [];
  for (const entry of asList(value)) {
    const text = asText(entry);
    if (text !== null) texts.push(text);
  }
  return texts;
}

/** ISO 8601 date and time: date, `T` or a space, time, optional seconds with fraction, optional zone. */
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** RFC 822 as in RSS, e.g. `Thu, 17 Sep 2015 20:10:21 +0000`. The name of the day is not checked. */
const RFC_822 =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (GMT|UTC?|Z|[+-]\d{4})$/;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Seconds or milliseconds since 1970. */
const EPOCH = /^\d{9,13}$/;

/** Twice the longest form of any vendor. */
const MAX_TIME_LENGTH = 80;

/** The usual form, on a day that every month has: needs no further check. */
const PLAIN =
  /^([1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]))[T ]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:(\.\d{3})\d{0,6})?(Z)?$/;

/**
 * Returns a point in time as ISO text in UTC with milliseconds, e.g. `2026-01-31T09:30:00.000Z`: such texts sort by time.
 * Reads ISO 8601, RFC 822, and seconds or milliseconds since 1970 as a number or its digits. Returns null for anything else:
 * days and times that do not exist, the years 0 and 1 (.NET's default value), 0, and numbers that are neither seconds nor
 * milliseconds of a year from 1990 to 2099.
 *
 * @param toOffsetMinutes for a text without a zone: returns the minutes east of UTC at that wall-clock time, given in
 * milliseconds as if it were UTC; NaN if the zone is unknown. Defaults to UTC.
 */
export function asInstant(value: unknown, toOffsetMinutes?: (wallClockMs: number) => number): string | null {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string' || value.length > MAX_TIME_LENGTH) return null;
  const plain = PLAIN.exec(value);
  if (plain && (plain[4] !== undefined || !toOffsetMinutes)) return `${plain[1]}T${plain[2]}${plain[3] ?? '.000'}Z`;
  return readInstant(value.trim(), toOffsetMinutes ?? (() => 0));
}

function readInstant(text: string, toOffsetMinutes: (wallClockMs: number) => number): string | null {
  if (EPOCH.test(text)) return fromEpoch(Number(text));
  const iso = INSTANT.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = iso;
    const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
    return fromParts([year, month, day, hour, minute, second].map(Number), milliseconds, zone, toOffsetMinutes);
  }
  const [, day, name = '', year, hour, minute, second = '0', zone] = RFC_822.exec(text) ?? [];
  if (zone === undefined) return null;
  const month = MONTHS.indexOf(name) + 1;
  return fromParts([Number(year), month, ...[day, hour, minute, second].map(Number)], 0, zone, toOffsetMinutes);
}

/** Returns null for a date or time that does not exist. */
function fromParts(
  [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[],
  milliseconds: number,
  zone: string | undefined,
  toOffsetMinutes: (wallClockMs: number) => number,
): string | null {
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && milliseconds === 0;
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 60) return null;
  const date = new Date(0);
  // Unlike `Date.UTC`, does not map the years 0 to 99 to the 20th century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const wallClockMs = date.setUTCHours(hour, minute, second, milliseconds);
  const offset = zone === undefined ? toOffsetMinutes(wallClockMs) : zoneMinutes(zone);
  const instant = new Date(wallClockMs - offset * 60_000);
  if (second === 60 && !isAfterLeapSecond(instant)) return null;
  // NaN if the offset is unknown.
  const utcYear = instant.getUTCFullYear();
  return year > 1 && utcYear > 1 && utcYear <= 9999 ? instant.toISOString() : null;
}

/** A leap second ends a month in UTC. POSIX counts it as the second that follows. */
function isAfterLeapSecond(instant: Date): boolean {
  return instant.getUTCDate() === 1 && instant.getUTCHours() === 0 && instant.getUTCMinutes() === 0;
}

/** The largest offset from UTC. https://www.w3.org/TR/xmlschema11-2/#nt-tzFrag */
const MAX_ZONE_MINUTES = 14 * 60;

/** Returns minutes east of UTC; NaN for an invalid zone. */
function zoneMinutes(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), zone.length > 3 ? Number(zone.slice(-2)) : 0];
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_ZONE_MINUTES) return Number.NaN;
  return zone.startsWith('-') ? -total : total;
}

const [FIRST_SECOND, LAST_SECOND] = [Date.UTC(1990) / 1000, Date.UTC(2100) / 1000];

/** Unambiguous: seconds of these years are milliseconds of January 1970. */
function fromEpoch(number: number): string | null {
  const isSeconds = number >= FIRST_SECOND && number < LAST_SECOND;
  const isMilliseconds = number >= FIRST_SECOND * 1000 && number < LAST_SECOND * 1000;
  return isSeconds || isMilliseconds ? new Date(isSeconds ? number * 1000 : number).toISOString() : null;
}
