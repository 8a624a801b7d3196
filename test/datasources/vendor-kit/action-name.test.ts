/** Lookup of action names, as callers spell them. */
import { expect, test } from 'vitest';
import { findName } from '../../../datasources/vendor-kit/action-name.ts';

const NAMES = ['close', 'ticket.action.close', 'IncidentSuspend', 'Hold', 'hold'];

test.each([
  ['close', 'close'],
  ['CLOSE', 'close'],
  ['Ticket.Action.Close', 'ticket.action.close'],
  ['incidentSUSPEND', 'IncidentSuspend'],
  ['hold', 'hold'],
  ['Hold', 'Hold'],
])('the action name %s resolves to %s', (text, name) => {
  expect(findName(NAMES, text)).toBe(name);
});

test.each(['', 'clos', 'close ', ' close', 'constructor', 'tic\u212Aet.action.close', 'HOLD'])(
  '%j is not an action name',
  (text) => {
    expect(findName(NAMES, text)).toBeUndefined();
  },
);

test('an action name that is listed several times is unambiguous', () => {
  expect(findName(['close', 'close'], 'CLOSE')).toBe('close');
});
