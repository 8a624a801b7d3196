/** Timestamps as vendors write them: the fast and the slow parser must agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asInstant } from '../../../datasources/vendor-kit/coerce.ts';

const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));

/** Parts of a timestamp, valid or not. */
const timestampParts = fc.record({
  year: fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
  month: two(13),
  day: two(32),
  separator: fc.constantFrom('T', ' ', 't', '_'),
  hour: two(25),
  minute: two(61),
  second: two(61),
  fraction: fc.constantFrom('', '.1', '.123', '.1234567', ',5', '.'),
  zone: fc.constantFrom('', 'Z', 'z', '+02:00', '-0330', ' Z', 'X'),
});

/** Reference parser on top of Date.parse, which rolls over days that a month does not have. */
function parseReference(text: string, offsetMinutes: number): string | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(?:(z)|([+-])(\d\d):?(\d\d))?$/i.exec(
    text,
  );
  if (!match) return null;
  const [, year, month, day, time, fraction = '', utc, sign, hours, minutes] = match;
  const lastDay = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  if (Number(year) < 2 || Number(day) > lastDay) return null;
  const wallClock = Date.parse(`${year}-${month}-${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (Number.isNaN(wallClock)) return null;
  const zone = sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : utc ? 0 : offsetMinutes;
  const instant = new Date(wallClock - zone * 60_000);
  // Also after the zone: an hour of the year 2 may be one of the year 1 in UTC.
  const utcYear = instant.getUTCFullYear();
  return utcYear < 2 || utcYear > 9999 ? null : instant.toISOString();
}

test.each([undefined, 0, 120, -210])(
  'timestamps match the reference parser if the default offset is %s minutes',
  (offset) => {
    let validCount = 0;
    fc.assert(
      fc.property(timestampParts, ({ year, month, day, separator, hour, minute, second, fraction, zone }) => {
        const text = `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`;
        const instant = asInstant(text, offset === undefined ? undefined : () => offset);
        if (instant !== null) validCount += 1;
        expect([text, instant]).toEqual([text, parseReference(text, offset ?? 0)]);
      }),
      { numRuns: 3_000 },
    );
    expect(validCount).toBeGreaterThan(300);
  },
);

const NOON = '2026-01-31T12:00:00.000Z';

describe('timestamps', () => {
  test.each<readonly [unknown, string]>([
    ['2026-01-31T12:00:00Z', NOON],
    ['2026-01-31T12:00:00', NOON],
    ['2026-01-31 12:00:00', NOON],
    ['2026-01-31t12:00:00z', NOON],
    ['2026-01-31T12:00', NOON],
    ['2026-01-31T12:00Z', NOON],
    [' 2026-01-31T12:00:00Z\n', NOON],
    ['2026-01-31T12:00:00 Z', NOON],
    ['2026-01-31T12:00:00+00:00', NOON],
    ['2026-01-31T12:00:00-00:00', NOON],
    ['2026-01-31T12:00:00+0000', NOON],
    ['2026-01-31T12:00:00+00', NOON],
    ['2026-01-31T14:00:00+02', NOON],
    ['2026-01-31 14:00:00 +0200', NOON],
    ['2026-01-31T08:30:00-03:30', NOON],
    ['2026-02-01T02:00:00+14:00', NOON],
    ['2026-01-30T22:00:00-14:00', NOON],
    ['2026-01-31T12:00:00.1Z', '2026-01-31T12:00:00.100Z'],
    ['2026-01-31T12:00:00.12Z', '2026-01-31T12:00:00.120Z'],
    ['2026-01-31T12:00:00,123', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.1234567Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.123456789+00:00', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.9999', '2026-01-31T12:00:00.999Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['2000-02-29T12:00:00Z', '2000-02-29T12:00:00.000Z'],
    ['2026-01-30T24:00:00Z', '2026-01-31T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T00:59:60+01:00', '2017-01-01T00:00:00.000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['0002-01-01T00:00:00Z', '0002-01-01T00:00:00.000Z'],
    ['0099-06-01T00:00:00.5Z', '0099-06-01T00:00:00.500Z'],
    ['9999-12-31T23:59:59.9999999', '9999-12-31T23:59:59.999Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    [1_700_000_000, '2023-11-14T22:13:20.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    [1_700_000_000.5, '2023-11-14T22:13:20.500Z'],
    [1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    ['Sat, 31 Jan 2026 12:00:00 GMT', NOON],
    ['Sat, 31 Jan 2026 13:00:00 +0100', NOON],
    ['31 Jan 2026 12:00 UT', NOON],
    ['1 Feb 2026 12:00:00 UTC', '2026-02-01T12:00:00.000Z'],
  ])('the timestamp %j is valid', (value, expected) => {
    expect(asInstant(value)).toBe(expected);
  });

  test.each<unknown>([
    undefined,
    null,
    '',
    ' ',
    0,
    '0',
    -1,
    1,
    Number.NaN,
    Infinity,
    true,
    {},
    [],
    '0000-00-00 00:00:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00',
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00.0000000',
    '0001-01-01T01:00:00+02:00',
    '0001-12-31T23:30:00-01:00',
    '9999-12-31T23:30:00-01:00',
    '2026-02-30T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2026-04-31 12:00:00',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-01-32T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T24:00:01Z',
    '2026-01-31T24:30:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:61Z',
    '2026-01-31T12:00:60Z',
    '2016-12-30T23:59:60Z',
    '2016-12-31T23:59:60+01:00',
    '2026-01-31T12:00:00+99:99',
    '2026-01-31T12:00:00+14:01',
    '2026-01-31T12:00:00+02:60',
    '2026-01-31T12:00:00+2',
    '2026-01-31T12:00:00+020',
    '2026-01-31T12:00:00X',
    '2026-01-31T12:00:00.Z',
    '2026-01-31T12:00:00.1234567890Z',
    '2026-01-31T12:00.5Z',
    '2026-01-31T12Z',
    '2026-01-31',
    '26-01-31T12:00:00Z',
    '20260131120000',
    '20260131',
    '202601311200',
    '2026',
    '1700000000.5',
    170_000,
    '170000000000000000',
    1_700_000_000_000_000,
    'Sat, 31 Feb 2026 12:00:00 GMT',
    'Sat, 31 Jan 2026 25:00:00 GMT',
    'Sat, 31 Jan 2026 12:00:00 +9999',
    'Sat, 31 Jan 26 12:00:00 GMT',
    'Sat, 31 Foo 2026 12:00:00 GMT',
    'Sat, 31 Jan 2026 12:00:00',
    'yesterday',
    `${' '.repeat(1_000_000)}2026-01-31T12:00:00Z`,
  ])('the invalid timestamp %j is null', (value) => {
    expect(asInstant(value)).toBeNull();
  });

  test('without a known default zone, a timestamp is null unless it has a zone', () => {
    const unknown = () => Number.NaN;
    expect(asInstant('2026-01-31T12:00:00', unknown)).toBeNull();
    expect(asInstant('2026-01-31 12:00:00.5', unknown)).toBeNull();
    expect(asInstant('2026-01-31T12:00:00Z', unknown)).toBe(NOON);
    expect(asInstant(1_700_000_000, unknown)).toBe('2023-11-14T22:13:20.000Z');
  });

  test('parsed timestamps sort by time as text', () => {
    const texts = [
      '0099-01-01T00:00:00Z',
      '1969-07-20T20:17:40Z',
      1_700_000_000,
      '2026-01-31T14:00:00+02:00',
      '9999-12-31T00:00:00Z',
    ];
    const instants = texts.map((text) => asInstant(text)!);
    expect(instants.toReversed().toSorted()).toEqual(instants);
    expect(new Set(instants.map(({ length }) => length))).toEqual(new Set([24]));
  });
});
