/** Records whose fields are computed when they are read. */
import { format } from 'node:util';
import { expect, test, vi } from 'vitest';
import { defineLazyRecord, toPlain } from '../../../datasources/vendor-kit/lazy.ts';

interface Point {
  readonly x: number;
  readonly text: string;
}

const toPoint = defineLazyRecord<string, Point, string>({
  x: (source) => source.length,
  text: (source, unit) => `${source} ${unit}`,
});

test('a lazy record can be destructured and turned into a plain object', () => {
  const { x, text } = toPoint('ab', 'm');
  expect({ x, text }).toEqual({ x: 2, text: 'ab m' });
  expect(toPlain(toPoint('abc', 'km'))).toEqual({ x: 3, text: 'abc km' });
});

test('a lazy record computes only the fields that are read', () => {
  const read = vi.fn(() => 1);
  const unread = vi.fn(() => 2);
  const record = defineLazyRecord<object, { one: number; two: number }>({ one: read, two: unread })({});
  expect(read).not.toHaveBeenCalled();
  expect(record.one).toBe(1);
  expect(read).toHaveBeenCalledOnce();
  expect(unread).not.toHaveBeenCalled();
});

test('a lazy record allows fields with the names of its own members', () => {
  const toNamed = defineLazyRecord<number, { source: number; context: number; defineField: number }>({
    source: (n) => n,
    context: (n) => n + 1,
    defineField: (n) => n + 2,
  });
  expect(toPlain(toNamed(1))).toEqual({ source: 1, context: 2, defineField: 3 });
});

test('a lazy record is serialized with all its fields, also inside other objects', () => {
  expect(JSON.parse(JSON.stringify({ points: [toPoint('ab', 'm')] }))).toEqual({ points: [{ x: 2, text: 'ab m' }] });
});

test('a lazy record is printed with all its fields, also by logs', () => {
  expect(format('%o', toPoint('ab', 'm'))).toContain("x: 2, text: 'ab m'");
  expect(format({ points: [toPoint('ab', 'm')] })).toBe("{ points: [ { x: 2, text: 'ab m' } ] }");
});
