/** What is expected to go wrong costs little: an error on every ticket must not cost more than the tickets would. */
import { expect, test } from 'vitest';
import { Failure } from '../../datasources/kernel/failure.ts';

test('a failure takes no stack, and leaves those of others as they are', () => {
  const before = Error.stackTraceLimit;
  const failure = new Failure({ kind: 'not-found', message: 'None.' }).at('acme:1', 'ACME');
  expect(failure.stack).not.toContain('\n');
  expect(failure).toMatchObject({ name: 'Failure', message: 'None.', ticketId: 'acme:1', vendor: 'ACME' });
  expect(Error.stackTraceLimit).toBe(before);
  expect(new Error('other').stack).toContain('failure.test.ts');
});
