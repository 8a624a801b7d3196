/** What a client sent for an action, held against what the action takes. */
import { describe, expect, test } from 'vitest';
import type { ActionInput } from '../../../datasources/contract.ts';
import { checkInput, toInteger } from '../../../datasources/vendor-kit/action-input.ts';

const reason: ActionInput = { name: 'reason', type: 'INTEGER', required: true, minimum: 0, maximum: 2_147_483_647 };

describe('an input of type INTEGER', () => {
  test.each([
    [3, 3],
    ['3', 3],
    [0, 0],
    ['0', 0],
    ['2147483647', 2_147_483_647],
    ['007', 7],
  ])('takes %j, as an option may be sent back as the text that it is', (value, number) => {
    expect(checkInput(reason, value, ['inputs', 'reason'])).toBeUndefined();
    expect(toInteger(value)).toBe(number);
  });

  test.each(['', ' ', ' 3', '3 ', '3.0', '1e3', '0x10', '+3', '٣', 'three', '12345678901', true, 3.5, NaN, [3], {}])(
    'does not take %j',
    (value) => {
      expect(toInteger(value)).toBeNull();
      expect(checkInput(reason, value, ['inputs', 'reason'])).toMatchObject({
        kind: 'invalid-input',
        field: ['inputs', 'reason'],
      });
    },
  );

  test.each([-1, '-1', 2_147_483_648, '2147483648'])('keeps its bounds for numbers and for text: %j', (value) => {
    expect(checkInput(reason, value, ['inputs', 'reason'])).toMatchObject({ kind: 'invalid-input' });
  });

  test('is no number where it is not given', () => {
    expect([toInteger(undefined), toInteger(null)]).toEqual([null, null]);
  });
});

describe('an input of type OBJECT', () => {
  const extra: ActionInput = { name: 'extra', type: 'OBJECT', required: false };

  test.each([{}, { a: 1, b: [null, { c: 'x' }] }, undefined, null])('takes %j', (value) => {
    expect(checkInput(extra, value, ['inputs', 'extra'])).toBeUndefined();
  });

  test.each(['{}', '', 7, true, [], [{}]])('does not take %j', (value) => {
    const message = 'inputs.extra must be an object.';
    expect(checkInput(extra, value, ['inputs', 'extra'])).toEqual({
      kind: 'invalid-input',
      field: ['inputs', 'extra'],
      message,
    });
  });

  test('is needed if it is required', () => {
    expect(checkInput({ ...extra, required: true }, null, ['inputs', 'extra'])).toMatchObject({
      kind: 'invalid-input',
    });
  });
});
