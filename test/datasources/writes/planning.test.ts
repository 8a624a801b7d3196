/** What a vendor's plan may be about: the tickets that it was given, and no other. */
import { expect, test, vi } from 'vitest';
import type { Planner, Vendor, Write } from '../../../datasources/contract.ts';
import type { Connected } from '../../../datasources/upstream/connect-vendor.ts';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';
import { write, type MutationContext } from '../../../datasources/writes/execute-mutation.ts';

const VENDOR = {
  key: 'acme',
  name: 'Acme',
  mutations: ['setStatus'],
  nativeId: { pattern: /^\d+$/, maximumLength: 5, example: '1' },
} as unknown as Vendor;

function createScope(
  plan: (nativeIds: readonly string[]) => readonly string[],
  judge: Write['interpret'] = () => ({ kind: 'accepted' }),
) {
  const send = vi.fn(async () => ({ answer: { status: 200, headers: {}, text: '' } }));
  const planner: Planner = (_, nativeIds) => {
    const planned: Write = {
      targets: plan(nativeIds),
      request: { method: 'POST', path: '/', headers: {} },
      interpret: judge,
    };
    return [planned];
  };
  const source = { writes: { setStatus: planner }, find: async () => undefined };
  const connected = { vendor: VENDOR, source, upstream: { send } } as unknown as Connected;
  const scope: MutationContext = {
    vendors: new Map([['acme', VENDOR]]),
    connected: new Map([['acme', connected]]),
    // Without a key it is never opened.
    store: createSqliteStore('never-opened'),
    caller: 'anonymous',
    call: { signal: NEVER_ABORTS, deadlineAt: Infinity, requestKey: {} },
    denialFor: () => undefined,
    statusOf: () => null,
    reportUnexpected: () => undefined,
  };
  return { scope, send };
}

test.each([
  ['that names another ticket', ['2']],
  ['for a new ticket, where one was given', []],
])('a plan %s is a defect, and nothing is sent', async (_, targets) => {
  const { scope, send } = createScope(() => targets);
  await expect(write('setStatus', { ticketIds: ['acme:1'] }, scope)).rejects.toThrow('was not given');
  expect(send).not.toHaveBeenCalled();
});

test('a plan for the tickets that it was given is sent once, and each is told of', async () => {
  const { scope, send } = createScope((nativeIds) => nativeIds);
  const { outcome, items, order } = await write('setStatus', { ticketIds: ['acme:1', 'acme:2', 'acme:1'] }, scope);
  expect(send).toHaveBeenCalledOnce();
  expect(outcome).toBe('APPLIED');
  expect(items.map(({ ticketId }) => ticketId)).toEqual(['acme:1', 'acme:2']);
  expect(order).toEqual([0, 1, 0]);
});

test('a write whose answer the vendor’s code stumbles over is UNKNOWN, since it was sent', async () => {
  const { scope, send } = createScope(
    (nativeIds) => nativeIds,
    () => {
      throw new TypeError('Cannot read properties of undefined');
    },
  );
  const { outcome, items } = await write('setStatus', { ticketIds: ['acme:1'] }, scope);
  expect(send).toHaveBeenCalledOnce();
  expect(outcome).toBe('UNKNOWN');
  expect(items).toMatchObject([{ wasSent: true, transition: null, failure: { kind: 'outcome-unknown' } }]);
});
