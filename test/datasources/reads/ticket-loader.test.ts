/** The ticket loader of one request. Tests count the calls to the vendor. */
import { expect, test, vi } from 'vitest';
import type { RequestScope, Ticket, Datasource } from '../../../datasources/contract.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';
import { createTicketLoader, type TicketKey } from '../../../datasources/reads/ticket-loader.ts';

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };

const locate = (error: unknown, id: string): Error => (error as Failure).forTicket(id, 'ACME');

function ticketOf(nativeId: string): Ticket {
  return { id: `acme:${nativeId}`, nativeId } as Ticket;
}

function sourceOf(parts: Partial<Datasource>): Datasource {
  const find = vi.fn(async (id: string) => ticketOf(id));
  return { find, actions: () => [], writes: {}, ...parts };
}

function keyOf(source: Datasource, nativeId: string): TicketKey {
  return { id: `acme:${nativeId}`, nativeId, datasource: source };
}

test('the ticket loader makes one call for all tickets of a vendor with findMany, and one per ticket otherwise', async () => {
  const findMany = vi.fn(async (ids: readonly string[]) =>
    ids.map((id) => (id === 'missing' ? undefined : ticketOf(id))),
  );
  const batched = sourceOf({ findMany });
  const unbatched = sourceOf({});
  const loader = createTicketLoader(call, locate);
  const keys = [keyOf(batched, '1'), keyOf(unbatched, '2'), keyOf(batched, 'missing'), keyOf(batched, '1')];
  const found = await Promise.all(keys.map((key) => loader.load(key)));
  expect(found.map((ticket) => ticket?.nativeId)).toEqual(['1', '2', undefined, '1']);
  expect(findMany.mock.calls).toEqual([[['1', 'missing'], call]]);
  expect(batched.find).not.toHaveBeenCalled();
  expect(unbatched.find).toHaveBeenCalledOnce();
});

test('the ticket loader reports a failed findMany call for each of its tickets, and for no other', async () => {
  const failure = new Failure({ kind: 'unavailable' });
  const failing = sourceOf({ findMany: () => Promise.reject(failure) });
  const loader = createTicketLoader(call, locate);
  const keys = [keyOf(failing, '1'), keyOf(sourceOf({}), '2'), keyOf(failing, '3')];
  const found = await Promise.allSettled(keys.map((key) => loader.load(key)));
  expect(found).toEqual([
    { status: 'rejected', reason: failure.forTicket('acme:1', 'ACME') },
    { status: 'fulfilled', value: ticketOf('2') },
    { status: 'rejected', reason: failure.forTicket('acme:3', 'ACME') },
  ]);
});

test('the ticket loader reads a ticket once by its reference and its id, until it is cleared', async () => {
  const source = sourceOf({ find: vi.fn(async () => ticketOf('47')) });
  const loader = createTicketLoader(call, locate);
  expect(loader.peek('acme:47')).toBeUndefined();
  const ticket = await loader.load(keyOf(source, 'INC-47'));
  expect(await loader.load(keyOf(source, '47'))).toBe(ticket);
  expect(loader.peek('acme:47')).toBe(ticket);
  expect(loader.peek('acme:INC-47')).toBe(ticket);
  expect(source.find).toHaveBeenCalledOnce();
  loader.clear();
  expect(loader.peek('acme:47')).toBeUndefined();
  await loader.load(keyOf(source, '47'));
  expect(source.find).toHaveBeenCalledTimes(2);
});
