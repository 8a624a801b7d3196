/** Times as vendors write them: however a text is read, by the short way or the long one, it is the same instant. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asInstant } from '../../datasources/kernel/reading.ts';

const two = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));

/** Also days that no month has, and hours that no day has. */
const written = fc.record({
  year: fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
  month: two(13),
  day: two(32),
  between: fc.constantFrom('T', ' ', 't', '_'),
  hour: two(25),
  minute: two(61),
  second: two(61),
  fraction: fc.constantFrom('', '.1', '.123', '.1234567', ',5', '.'),
  zone: fc.constantFrom('', 'Z', 'z', '+02:00', '-0330', ' Z', 'X'),
});

/** By the platform's own reading of the one form that it is sure to know. */
function read(text: string, offsetMinutes: number): string | null {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(?:(z)|([+-])(\d\d):?(\d\d))?$/i.exec(text);
  if (!match) return null;
  const [, date, time, fraction = '', utc, sign, hours, minutes] = match;
  const wallClock = Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (Number.isNaN(wallClock)) return null;
  const zone = sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : utc ? 0 : offsetMinutes;
  return new Date(wallClock - zone * 60_000).toISOString();
}

test.each([undefined, 0, 120, -210])('with an offset of %s minutes where none is written', (offset) => {
  let read_ = 0;
  fc.assert(
    fc.property(written, ({ year, month, day, between, hour, minute, second, fraction, zone }) => {
      const text = `${year}-${month}-${day}${between}${hour}:${minute}:${second}${fraction}${zone}`;
      const instant = asInstant(text, offset === undefined ? undefined : () => offset);
      if (instant !== null) read_ += 1;
      expect([text, instant]).toEqual([text, read(text, offset ?? 0)]);
    }),
    { numRuns: 3_000 },
  );
  expect(read_).toBeGreaterThan(300);
});
