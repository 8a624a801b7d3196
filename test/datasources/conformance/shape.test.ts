/** Shapes of bodies: paths and types, never values. */
import { describe, expect, test } from 'vitest';
import { parseShapedBody } from '../../../datasources/conformance/body.ts';
import { shapeOf, typeOf } from '../../../datasources/conformance/shape.ts';

function typesIn(value: unknown): Record<string, string> {
  return Object.fromEntries([...shapeOf(value)].map(([path, { types }]) => [path, [...types].toSorted().join('|')]));
}

describe('the shape of a body', () => {
  test('has each path once, with all types over all entries', () => {
    const body = {
      total: 2,
      items: [
        { id: 1, tags: ['a'] },
        { id: '2', owner: null, tags: [] },
      ],
    };
    expect(typesIn(body)).toEqual({
      total: 'number',
      items: 'list',
      'items[]': 'object',
      'items[].id': 'number|text',
      'items[].tags': 'list',
      'items[].tags[]': 'text',
      'items[].owner': 'null',
    });
  });

  test('treats an object whose keys are all digits as a list, as PHP writes them', () => {
    expect(typesIn({ items: { 0: { id: 1 }, 2: { id: 3 } }, none: {} })).toEqual({
      items: 'list',
      'items[]': 'object',
      'items[].id': 'number',
      none: 'list',
    });
  });

  test.each(['jan@example.com', '+31 20 123', 'Jan de Vries', 'x20240131', 'id-49712345', '__proto__', 'x'.repeat(80)])(
    'hides a key that may be a value: %s',
    (key) => {
      const body: unknown = JSON.parse(`{"by":{${JSON.stringify(key)}:1}}`);
      expect([...shapeOf(body).keys()]).toEqual(['by', 'by.*']);
    },
  );

  test.each([
    ['', 'null'],
    [null, 'null'],
    ['0000-00-00 00:00:00', 'null'],
    ['0001-01-01T00:00:00', 'null'],
    ['2019-09-28 22:06:16', 'time'],
    ['Sat, 09 Mar 2024 08:00:00 +0000', 'time'],
    ['1569708376', 'text'],
    ['2019-13-28 22:06:16', 'text'],
    ['28.09.2019', 'text'],
    [0, 'number'],
    [false, 'boolean'],
    [[], 'list'],
    [{ a: 1 }, 'object'],
  ] as const)('distinguishes types: %j is %s', (value, type) => {
    expect(typeOf(value)).toBe(type);
  });

  test('records by which readings a value is lost', () => {
    const lost = (value: unknown): string[] => [...shapeOf({ value }).get('value')!.lostAs];
    expect(lost('7')).toEqual(['time', 'boolean']);
    expect(lost(7)).toEqual(['time', 'boolean']);
    expect(lost('yes')).toEqual(['time', 'integer', 'boolean']);
    expect(lost({ name: 'a' })).toEqual(['text', 'time', 'integer', 'boolean']);
    expect(lost('2019-09-28 22:06:16')).toEqual(['integer', 'boolean']);
    expect(lost(null)).toEqual([]);
  });
});

describe('bodies', () => {
  test('JSON and XML of the same document have the same paths', () => {
    const json = parseShapedBody({ text: '\uFEFF{"Id":7,"Users":{"User":[{"Name":"a"},{"Name":"b"}]}}' });
    const xml = parseShapedBody({
      text: '<?xml version="1.0"?><r:Result xmlns:r="x"><r:Id>7</r:Id><Users><User><Name>a</Name></User><User><Name>b</Name></User></Users></r:Result>',
    });
    expect([json?.isXml, xml?.isXml]).toEqual([false, true]);
    expect([...shapeOf(xml?.value).keys()]).toEqual([...shapeOf(json?.value).keys()]);
  });

  test('an integer of any size is a number', () => {
    expect(typesIn(parseShapedBody({ text: '{"id":9223372036854775807}' })?.value)).toEqual({ id: 'number' });
  });

  test.each([
    '',
    ' ',
    'RESOLVED',
    '{"a":',
    '<html><body>Sign in</body></html>',
    '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    '<a',
  ])('anything else is no data: %s', (text) => {
    expect(parseShapedBody({ text })).toBeUndefined();
  });
});
