/** Lists in every form that vendors use, read by the same functions. */
import { describe, expect, test } from 'vitest';
import { readListed } from '../../../datasources/vendor-kit/page.ts';
import { asList, asTexts, readList, readOne } from '../../../datasources/vendor-kit/coerce.ts';

const A = { id: 'a' };
const B = { id: 'b' };

describe('lists', () => {
  test.each<readonly [unknown, readonly unknown[] | undefined]>([
    [
      [A, B],
      [A, B],
    ],
    [[], []],
    [null, []],
    [undefined, []],
    ['', []],
    [{}, []],
    [{ 0: A, 2: B }, [A, B]],
    [{ 10: B, 9: A }, [A, B]],
    [{ '4294967296': B, '4294967295': A }, [A, B]],
    [{ 7: 'text' }, ['text']],
    [A, [A]],
    [{ 0: A, x: B }, [{ 0: A, x: B }]],
    ['a', undefined],
    [7, undefined],
    [0, undefined],
    [true, undefined],
    [false, undefined],
  ])('the value %j is read as the list %j', (value, entries) => {
    expect(readList(value)).toEqual(entries);
    expect(asList(value)).toEqual(entries ?? [value]);
  });

  test('a list ignores keys of the prototype', () => {
    expect(readList(JSON.parse('{"__proto__": {"0": 1}}'))).toHaveLength(1);
  });

  test('a list of texts is read in every form', () => {
    expect(asTexts({ 0: 'a', 1: 'b' })).toEqual(['a', 'b']);
    expect(asTexts('a')).toEqual(['a']);
    expect(asTexts({})).toEqual([]);
    expect(asTexts(null)).toBeNull();
  });
});

describe('single objects', () => {
  test.each<readonly [unknown, unknown]>([
    [A, A],
    [[A], A],
    [{ 3: A }, A],
    [[], null],
    [{}, null],
    [null, null],
    [undefined, null],
    ['', null],
    [[A, B], undefined],
    [{ 0: A, 1: B }, undefined],
    [['a'], undefined],
    [[[A]], undefined],
    ['a', undefined],
    [7, undefined],
    [false, undefined],
  ])('the value %j is read as the object %j', (value, one) => {
    expect(readOne(value)).toEqual(one);
  });
});

describe('lists in an envelope', () => {
  const toEntry = (value: unknown): string | undefined =>
    typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : undefined;
  const read = (body: unknown) => readListed(body, { lists: ['items', 'data'], others: ['type', 'total'] }, toEntry);

  test.each<readonly [unknown, readonly string[], number]>([
    [{ items: [A, B], total: 9 }, ['a', 'b'], 2],
    [{ items: [A, { x: 1 }, null, 'x'] }, ['a'], 4],
    [{ data: { 0: A, 2: B } }, ['a', 'b'], 2],
    [{ items: null, data: [A] }, ['a'], 1],
    [{ items: A }, ['a'], 1],
    [[A], ['a'], 1],
    [{ 0: A }, ['a'], 1],
    [A, ['a'], 1],
    [{ items: null }, [], 0],
    [{ items: [], total: 0 }, [], 0],
    [{ items: {} }, [], 0],
    [{ items: '' }, [], 0],
    [{ type: 'list', total: 0 }, [], 0],
    [{}, [], 0],
    [[], [], 0],
    [null, [], 0],
    [{ items: [{ x: 1 }, 'x'] }, [], 2],
    [[{ x: 1 }], [], 1],
    [{ 0: { x: 1 } }, [], 1],
  ])('the envelope %j contains %j in %i rows', (body, items, rowCount) => {
    expect(read(body)).toMatchObject({ items, rowCount });
  });

  test.each<readonly [unknown]>([
    [undefined],
    ['x'],
    [7],
    [true],
    [{ items: 'none' }],
    [{ items: 7 }],
    [{ items: false }],
    [{ items: { x: 1 } }],
    [{ tickets: [] }],
    [{ message: 'no' }],
  ])('the body %j is not a list', (body) => {
    expect(read(body)).toBeUndefined();
  });

  test('the envelope of a list is returned with it', () => {
    expect(read({ items: [A], total: 9 })?.envelope).toEqual({ items: [A], total: 9 });
    expect(read({ total: 0 })?.envelope).toEqual({ total: 0 });
    expect(read([A])?.envelope).toEqual({});
  });

  test('an envelope without expected other fields may contain any field', () => {
    expect(readListed({ title: 'x' }, { lists: ['item'] }, toEntry)).toMatchObject({ items: [], rowCount: 0 });
    expect(readListed({ 0: { x: 1 } }, { lists: ['item'] }, toEntry)).toMatchObject({ items: [], rowCount: 1 });
  });
});
