/** Validation of the values that a client sends for the inputs of an action. */
import { describe, expect, test } from 'vitest';
import type { ActionInput } from '../../../datasources/contract.ts';
import { checkInput, toInteger } from '../../../datasources/vendor-kit/action-input.ts';

const reason: ActionInput = { name: 'reason', type: 'INTEGER', required: true, minimum: 0, maximum: 2_147_483_647 };

describe('INTEGER inputs', () => {
  test.each([
    [3, 3],
    ['3', 3],
    [0, 0],
    ['0', 0],
    ['2147483647', 2_147_483_647],
    ['007', 7],
  ])('an INTEGER input accepts %j, since clients may send an option back as text', (value, number) => {
    expect(checkInput(reason, value, ['inputs', 'reason'])).toBeUndefined();
    expect(toInteger(value)).toBe(number);
  });

  test.each(['', ' ', ' 3', '3 ', '3.0', '1e3', '0x10', '+3', '٣', 'three', '12345678901', true, 3.5, NaN, [3], {}])(
    'an INTEGER input rejects %j',
    (value) => {
      expect(toInteger(value)).toBeNull();
      expect(checkInput(reason, value, ['inputs', 'reason'])).toMatchObject({
        kind: 'invalid-input',
        field: ['inputs', 'reason'],
      });
    },
  );

  test.each([-1, '-1', 2_147_483_648, '2147483648'])(
    'an INTEGER input rejects numbers and text out of bounds: %j',
    (value) => {
      expect(checkInput(reason, value, ['inputs', 'reason'])).toMatchObject({ kind: 'invalid-input' });
    },
  );

  test('a missing INTEGER input is null', () => {
    expect([toInteger(undefined), toInteger(null)]).toEqual([null, null]);
  });
});

describe('OBJECT inputs', () => {
  const extra: ActionInput = { name: 'extra', type: 'OBJECT', required: false };

  test.each([{}, { a: 1, b: [null, { c: 'x' }] }, undefined, null])('an OBJECT input accepts %j', (value) => {
    expect(checkInput(extra, value, ['inputs', 'extra'])).toBeUndefined();
  });

  test.each(['{}', '', 7, true, [], [{}]])('an OBJECT input rejects %j', (value) => {
    const message = 'inputs.extra must be an object.';
    expect(checkInput(extra, value, ['inputs', 'extra'])).toEqual({
      kind: 'invalid-input',
      field: ['inputs', 'extra'],
      message,
    });
  });

  test('a required OBJECT input rejects null', () => {
    expect(checkInput({ ...extra, required: true }, null, ['inputs', 'extra'])).toMatchObject({
      kind: 'invalid-input',
    });
  });
});
