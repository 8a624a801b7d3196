/** What the fast path does for each ticket, counted: no test asserts a time. */
import { createHook } from 'node:async_hooks';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import type { Ticket } from '../../../datasources/contract.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';
import { defineLazyRecord } from '../../../datasources/vendor-kit/lazy.ts';
import { createExecutor, type RawResult } from '../../../server/graphql/executor/index.ts';
import { loadTypeDefs } from '../../../schema/index.ts';
import { buildSchema } from '../../../server/server.ts';

/** How often each field of a ticket was computed. */
const reads = new Map<string, number>();

function counted<Value>(name: string, value: Value): () => Value {
  return () => {
    reads.set(name, (reads.get(name) ?? 0) + 1);
    return value;
  };
}

const toTicket = defineLazyRecord<number, Ticket>({
  __typename: counted('__typename', 'AkanaTicket'),
  id: counted('id', 'akana:ticket1.acme'),
  vendor: counted('vendor', 'AKANA'),
  nativeId: counted('nativeId', 'ticket1.acme'),
  reference: counted('reference', 'ticket1.acme'),
  title: counted('title', 'A title'),
  status: counted('status', { category: 'OPEN' as const, raw: 'OPEN' }),
  createdAt: counted('createdAt', '2026-01-01T00:00:00.000Z'),
  updatedAt: counted('updatedAt', null),
});

const schema = buildSchema(loadTypeDefs());

/** Sources that count their calls. Resolvers reach vendors through them alone. */
function createSources(ticket: () => Promise<Ticket>) {
  const calls = { list: 0, ticket: 0 };
  const sources = {
    list: async () => {
      calls.list += 1;
      return { tickets: Array.from({ length: 100 }, (_, n) => toTicket(n)), sources: [], hasNextPage: false };
    },
    ticket: () => {
      calls.ticket += 1;
      return ticket();
    },
  };
  return { calls, context: { sources } };
}

const executor = createExecutor(schema);

function execute(text: string, contextValue: unknown): Promise<RawResult> {
  return executor.executeRaw({ document: parse(text), contextValue });
}

const FIELDS = '... on TicketFields { __typename id title status { raw } }';

function manyTickets(count: number): string {
  return `{ ticketsById(ids: [${'"akana:ticket1.acme" '.repeat(count)}]) { ${FIELDS} } }`;
}

test('a page takes one call of the sources, and computes each selected field once and no other', async () => {
  reads.clear();
  const { calls, context } = createSources(async () => toTicket(1));
  const { data, errors } = await execute(`{ tickets(first: 100) { nodes { ${FIELDS} } } }`, context);
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ tickets: { nodes: { length: 100 } } });
  expect(calls).toEqual({ list: 1, ticket: 0 });
  expect(Object.fromEntries(reads)).toEqual({ __typename: 100, id: 100, title: 100, status: 100 });
});

/** Promises created while an operation is executed. */
async function countPromises(count: number, ticket: () => Promise<Ticket>): Promise<number> {
  let promises = 0;
  const { calls, context } = createSources(ticket);
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises += 1;
    },
  }).enable();
  const { errors } = await execute(manyTickets(count), context);
  hook.disable();
  expect(calls).toEqual({ list: 0, ticket: count });
  expect(errors.length === 0 || errors.length === count).toBe(true);
  return promises;
}

test.each([
  ['found', async () => toTicket(1)],
  [
    'forbidden',
    async () => {
      throw new Failure({ kind: 'forbidden' });
    },
  ],
])('each ticket that is %s takes two promises besides the one of its source', async (_, ticket) => {
  await countPromises(10, ticket);
  const [few, many] = [await countPromises(10, ticket), await countPromises(110, ticket)];
  expect((many - few) / 100).toBe(3);
});
