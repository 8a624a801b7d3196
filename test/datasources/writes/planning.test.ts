/** Plans: a planner may plan for the tickets that it was given, and for no other. */
import { expect, test, vi } from 'vitest';
import type { Planner, Vendor, Write } from '../../../datasources/contract.ts';
import type { Connected } from '../../../datasources/upstream/connect-source.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';
import { executeMutation } from '../../../datasources/writes/execute-mutation.ts';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import type { MutationContext } from '../../../datasources/writes/mutation-context.ts';

const VENDOR = {
  key: 'acme',
  name: 'Acme',
  mutations: ['setStatus'],
  nativeId: { pattern: /^\d+$/, maximumLength: 5, example: '1' },
} as unknown as Vendor;

function createContext(
  toTargets: (nativeIds: readonly string[]) => readonly string[],
  interpret: Write['interpret'] = () => ({ kind: 'accepted' }),
) {
  const send = vi.fn(async () => ({ answer: { status: 200, headers: {}, text: '' } }));
  const planner: Planner = (_, nativeIds) => {
    const write: Write = {
      targets: toTargets(nativeIds),
      request: { method: 'POST', path: '/', headers: {} },
      interpret,
    };
    return [write];
  };
  const source = { key: 'acme', name: 'Acme', vendor: VENDOR };
  const datasource = { writes: { setStatus: planner }, find: async () => undefined };
  const connected = { source, datasource, upstream: { send } } as unknown as Connected;
  const context: MutationContext = {
    known: new Map([['acme', source]]),
    connected: new Map([['acme', connected]]),
    // Never opened without a key.
    store: createSqliteStore('never-opened'),
    caller: 'anonymous',
    call: { signal: NEVER_ABORTS, deadlineAt: Infinity, requestKey: {} },
    denialFor: () => undefined,
    statusOf: () => null,
    reportUnexpected: () => undefined,
  };
  return { context, send };
}

test.each([
  ['that names another ticket', ['2']],
  ['for a new ticket instead of the given one', []],
])('a plan %s is an unexpected error, and nothing is sent', async (_, targets) => {
  const { context, send } = createContext(() => targets);
  await expect(executeMutation('setStatus', { ticketIds: ['acme:1'] }, context)).rejects.toThrow(
    'Expected a plan for the given tickets',
  );
  expect(send).not.toHaveBeenCalled();
});

test('a plan for two tickets is sent once, and each ticket gets one item', async () => {
  const { context, send } = createContext((nativeIds) => nativeIds);
  const input = { ticketIds: ['acme:1', 'acme:2', 'acme:1'] };
  const { outcome, items, order } = await executeMutation('setStatus', input, context);
  expect(send).toHaveBeenCalledOnce();
  expect(outcome).toBe('APPLIED');
  expect(items.map(({ ticketId }) => ticketId)).toEqual(['acme:1', 'acme:2']);
  expect(order).toEqual([0, 1, 0]);
});

test('a write is UNKNOWN if interpreting its answer throws, because it was sent', async () => {
  const { context, send } = createContext(
    (nativeIds) => nativeIds,
    () => {
      throw new TypeError('Cannot read properties of undefined');
    },
  );
  const { outcome, items } = await executeMutation('setStatus', { ticketIds: ['acme:1'] }, context);
  expect(send).toHaveBeenCalledOnce();
  expect(outcome).toBe('UNKNOWN');
  expect(items).toMatchObject([{ wasSent: true, transition: null, failure: { kind: 'outcome-unknown' } }]);
});
