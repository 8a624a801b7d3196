/** Search matches do not depend on the Unicode normalization of either text. */
import { expect, test } from 'vitest';
import { matchesFilter } from '../../../datasources/reads/ticket-filter.ts';
import { toComparable, toComposed } from '../../../datasources/reads/search-text.ts';

const E_ACUTE = 'caf\u00e9';
const E_AND_ACUTE = 'cafe\u0301';

test.each([
  [E_ACUTE, E_AND_ACUTE, true],
  [E_AND_ACUTE, E_ACUTE, true],
  [E_AND_ACUTE, E_AND_ACUTE, true],
  ['CAF\u00c9', E_AND_ACUTE, true],
  ['CAFE\u0301', E_ACUTE, true],
  ['a\u0323\u0301', 'a\u0301\u0323', true],
  ['\u1112\u1161\u11ab', '\ud55c', true],
  ['\u212b', '\u00e5', true],
  ['\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03bf\u03c2', true],
  ['Stra\u00dfe', 'STRA\u00dfE', true],
  ['Stra\u00dfe', 'strasse', false],
  ['\u0130zmir', '\u0130ZMIR', true],
  ['cafe', E_ACUTE, false],
  [E_ACUTE, 'cafe', false],
  ['INC-000047', 'inc-000047', true],
])('whether the title %j matches the search %j: %s', (title, search, isFound) => {
  const ticket = {
    __typename: 'AcmeTicket',
    id: 'acme:1',
    vendor: 'ACME',
    nativeId: '1',
    reference: '1',
    title,
    status: { category: null, raw: '' },
    createdAt: null,
    updatedAt: null,
  };
  expect(matchesFilter(ticket, { search }, ['search'])).toBe(isFound);
});

test('text with thousands of combining marks stays unchanged, and text with a few is composed', () => {
  const marks = `a${'\u0301'.repeat(500_000)}${'\u0323'.repeat(500_000)}`;
  const before = process.cpuUsage();
  expect(toComposed(marks)).toBe(marks);
  toComparable(`e${'\u0301'.repeat(30)}`.repeat(30_000));
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(3_000);
  expect(toComposed(`e${'\u0301'.repeat(30)}`)).toBe(`\u00e9${'\u0301'.repeat(29)}`);
});
