/** Words of enumerations: lookups, and the report of unknown ones. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { defineWords, isPlainWord, onUnknownWord, type UnknownWord } from '../../../datasources/vendor-kit/words.ts';

const WORDS = defineWords(
  'acme',
  'status',
  [
    ['Open', 1],
    ['Shut', 2],
  ],
  { fold: (word) => word.toLowerCase(), meaningless: ['Void'] },
);

function listen(): UnknownWord[] {
  const reported: UnknownWord[] = [];
  onTestFinished(onUnknownWord((word) => void reported.push(word)));
  return reported;
}

describe('lookups of words', () => {
  test.each([
    ['open', undefined, 1],
    ['SHUT', null, 2],
    ['open', 'shut', 1],
    ['parked', 'shut', 2],
    [null, 'Open', 1],
    ['void', 'open', null],
    ['', null, null],
    [null, null, null],
  ] as const)('finds the meaning of %s, or else of %s, without a report', (word, alternative, meaning) => {
    const reported = listen();
    expect(WORDS.find(word, alternative)).toBe(meaning);
    expect(reported).toEqual([]);
  });

  test.each([
    ['parked', null, 'parked'],
    ['Parked', 'lost', 'Parked'],
    [null, 'lost', 'lost'],
    ['constructor', null, 'constructor'],
  ] as const)('reports the unknown word of %s and %s as it was spelled', (word, alternative, unknown) => {
    const reported = listen();
    expect(WORDS.find(word, alternative)).toBeNull();
    expect(reported).toEqual([{ vendor: 'acme', field: 'status', word: unknown }]);
  });

  test('iterates the words with a meaning in the order of their definition', () => {
    expect([...WORDS]).toEqual([
      ['Open', 1],
      ['Shut', 2],
    ]);
  });

  test('stops each listener by its own function only', () => {
    const calls: string[] = [];
    const listener = ({ word }: UnknownWord): void => void calls.push(word);
    const [stopFirst, stopSecond] = [onUnknownWord(listener), onUnknownWord(listener)];
    WORDS.find('a');
    stopFirst();
    WORDS.find('b');
    stopSecond();
    WORDS.find('c');
    expect(calls).toEqual(['a', 'a', 'b']);
  });
});

test.each([
  ['spam', true],
  ['Awaiting Partner', true],
  ['in-progress', true],
  ['status.on_hold', true],
  ['17', true],
  ['12345', false],
  ['jan@example.com', false],
  ['Please call me back about the printer', false],
  ['x'.repeat(41), false],
  ['+31 20 1234567', false],
  ['Jürgen', false],
  ['a\nb', false],
])('decides whether a word may be shown: %s', (word, isPlain) => {
  expect(isPlainWord(word)).toBe(isPlain);
});
