/** Views: fields that are worked out when they are read. */
import { expect, test, vi } from 'vitest';
import { defineLazyRecord } from '../../../datasources/vendor-kit/lazy.ts';
import { toPlain } from '../../support/view.ts';

interface Point {
  readonly x: number;
  readonly text: string;
}

const toPoint = defineLazyRecord<string, Point, string>({
  x: (source) => source.length,
  text: (source, unit) => `${source} ${unit}`,
});

test('a view reads like the object that it stands for', () => {
  const { x, text } = toPoint('ab', 'm');
  expect({ x, text }).toEqual({ x: 2, text: 'ab m' });
  expect(toPlain(toPoint('abc', 'km'))).toEqual({ x: 3, text: 'abc km' });
});

test('nothing is worked out that nobody reads', () => {
  const read = vi.fn(() => 1);
  const unread = vi.fn(() => 2);
  const view = defineLazyRecord<object, { one: number; two: number }>({ one: read, two: unread })({});
  expect(read).not.toHaveBeenCalled();
  expect(view.one).toBe(1);
  expect(read).toHaveBeenCalledOnce();
  expect(unread).not.toHaveBeenCalled();
});

test('a field may have any name, also those that a view could need itself', () => {
  const toNamed = defineLazyRecord<number, { source: number; given: number; addField: number }>({
    source: (n) => n,
    given: (n) => n + 1,
    addField: (n) => n + 2,
  });
  expect(toPlain(toNamed(1))).toEqual({ source: 1, given: 2, addField: 3 });
});
