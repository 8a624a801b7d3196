/** What a write does for each of its tickets, counted: no test asserts a time. */
import { createHook } from 'node:async_hooks';
import { expect, test } from 'vitest';
import type { RequestScope, Write, WriteResult } from '../../../datasources/contract.ts';
import type { Connected } from '../../../datasources/upstream/connect-source.ts';
import type { Sending } from '../../../datasources/upstream/upstream-client.ts';
import { performWrite, type Outcome } from '../../../datasources/writes/outcome.ts';

const CALL = {} as RequestScope;

/** A connection whose upstream gives each write that status. */
function connectionAnswering(status: number): Connected {
  const sending: Promise<Sending> = Promise.resolve({ answer: { status, headers: {}, text: '' } });
  return { upstream: { send: () => sending, describe: () => ({ kind: 'rejected' }) } } as unknown as Connected;
}

/** Promises created while one write with that many tickets is performed. */
async function countPromises(tickets: number, status: number, result: WriteResult, outcome: Outcome): Promise<number> {
  const connection = connectionAnswering(status);
  const write: Write = {
    targets: Array.from({ length: tickets }, (_, index) => String(index)),
    request: { method: 'POST', path: '/', headers: {} },
    interpret: () => result,
    verify: () => Promise.resolve({}),
  };
  let promises = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises += 1;
    },
  }).enable();
  const { outcomes } = await performWrite(write, connection, CALL);
  hook.disable();
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: tickets }, () => outcome));
  return promises;
}

test.each<[string, number, WriteResult, Outcome]>([
  ['accepted', 200, { kind: 'accepted' }, 'APPLIED'],
  ['rejected', 400, { kind: 'accepted' }, 'NOT_APPLIED'],
])('a write that is %s takes no promise per ticket', async (_, status, result, outcome) => {
  const count = (tickets: number): Promise<number> => countPromises(tickets, status, result, outcome);
  await count(1);
  expect(await count(100)).toBe(await count(1));
});

test('a write whose tickets have to be read takes promises for each of them', async () => {
  const count = (tickets: number): Promise<number> =>
    countPromises(tickets, 200, { kind: 'inconclusive', why: 'it says nothing' }, 'APPLIED');
  await count(1);
  expect((await count(101)) - (await count(1))).toBeGreaterThanOrEqual(100);
});
