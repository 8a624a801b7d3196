/** Tickets by id within one request: asked for once, one by one or together as the vendor takes them. */
import { expect, test, vi } from 'vitest';
import type { RequestScope, Ticket, VendorSource } from '../../../datasources/contract.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';
import { createTicketLoader, type TicketKey } from '../../../datasources/reads/ticket-loader.ts';

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };

const locate = (error: unknown, id: string): Error => (error as Failure).forTicket(id, 'ACME');

function ticketOf(nativeId: string): Ticket {
  return { id: `acme:${nativeId}`, nativeId } as Ticket;
}

function sourceOf(parts: Partial<VendorSource>): VendorSource {
  const find = vi.fn(async (id: string) => ticketOf(id));
  return { find, actions: () => [], writes: {}, ...parts };
}

function keyOf(source: VendorSource, nativeId: string): TicketKey {
  return { id: `acme:${nativeId}`, nativeId, source };
}

test('a vendor that takes several ids is asked once for all of them, beside one that takes one at a time', async () => {
  const findMany = vi.fn(async (ids: readonly string[]) =>
    ids.map((id) => (id === 'missing' ? undefined : ticketOf(id))),
  );
  const together = sourceOf({ findMany });
  const singly = sourceOf({});
  const loader = createTicketLoader(call, locate);
  const keys = [keyOf(together, '1'), keyOf(singly, '2'), keyOf(together, 'missing'), keyOf(together, '1')];
  const found = await Promise.all(keys.map((key) => loader.load(key)));
  expect(found.map((ticket) => ticket?.nativeId)).toEqual(['1', '2', undefined, '1']);
  expect(findMany.mock.calls).toEqual([[['1', 'missing'], call]]);
  expect(together.find).not.toHaveBeenCalled();
  expect(singly.find).toHaveBeenCalledOnce();
});

test('a call for several that fails is the failure of each of them, told of that ticket, and of no other', async () => {
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
