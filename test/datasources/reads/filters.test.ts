/** Filters that only a vendor can apply: which vendors receive them, and what is reported for the others. */
import { expect, test } from 'vitest';
import { encodeCursor } from '../../../datasources/reads/cursor.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const PAGE = `nodes { ... on OmnideskTicket { id assignedUserId createdAt } }
  pageInfo { hasNextPage endCursor } sources { vendor totalCount problem { code field retryable } }`;

function list(server: TestServer, filter: string, more = '', variables = {}) {
  return server.ask(
    `query ($after: String) { tickets(after: $after, filter: ${filter} ${more}) { ${PAGE} } }`,
    variables,
  );
}

const queries = (server: TestServer) => server.calls('omnidesk').map(({ arrival }) => arrival.query);

test('a view is applied by Omnidesk, with its own total count and pages', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const first = await list(server, '{ view: "unassigned" }', 'first: 3');
  expect(first.errors).toBeUndefined();
  const { nodes, pageInfo, sources } = first.data.tickets;
  expect(nodes).toHaveLength(3);
  expect(sources).toEqual([{ vendor: 'OMNIDESK', totalCount: expect.any(Number), problem: null }]);
  const next = await list(server, '{ view: "unassigned" }', 'first: 200', { after: pageInfo.endCursor });
  const all = [...nodes, ...next.data.tickets.nodes] as { id: string; assignedUserId: string | null }[];
  expect(all).toHaveLength(sources[0].totalCount as number);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.filter(({ assignedUserId }) => assignedUserId !== null)).toEqual([]);
  for (const query of queries(server)) expect(query.get('applyView')).toBe('unassigned');
});

test('archived tickets are listed only if requested', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const count = async (filter: string): Promise<unknown> =>
    (await list(server, filter, 'first: 200')).data.tickets.sources[0].totalCount;
  const [all, none, archived] = [
    await count('{}'),
    await count('{ archived: false }'),
    await count('{ archived: true }'),
  ];
  expect(none).toBe(all);
  expect(archived).toBeGreaterThan(all as number);
  expect([...new Set(queries(server).map((query) => query.get('searchArchived')))]).toEqual([null, 'yes']);
});

test('a view, a search and archived tickets are combined in one call', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  await list(server, '{ view: "all", search: "gift", archived: true }');
  expect(Object.fromEntries(queries(server)[0]!)).toMatchObject({
    applyView: 'all',
    query: 'gift',
    searchArchived: 'yes',
  });
});

test.each(['view: "unassigned"', 'archived: true'])(
  'vendors without support for the filter %s get no call and are UNSUPPORTED in sources',
  async (part) => {
    const server = await startTestServer();
    const { data, errors } = await list(server, `{ ${part} }`, 'first: 5');
    expect(errors).toBeUndefined();
    expect(data.tickets.nodes).toHaveLength(5);
    const field = ['filter', part.split(':')[0]];
    const problem = { code: 'UNSUPPORTED', field, retryable: false };
    const others = vendors.map(({ key }) => key).filter((key) => key !== 'omnidesk');
    const sources = data.tickets.sources as { vendor: string; totalCount: number | null }[];
    expect(sources.filter(({ vendor }) => vendor !== 'OMNIDESK')).toEqual(
      others.map((key) => ({ vendor: key.toUpperCase(), totalCount: null, problem })),
    );
    expect(sources.find(({ vendor }) => vendor === 'OMNIDESK')).toMatchObject({ problem: null });
    for (const key of others) expect(server.vendor(key).ledger).toEqual([]);
  },
);

test.each(['a', 'my view', 'a/b', 'a.b', 'a&apiKey=x'])(
  'rejects the invalid view %j without an upstream call',
  async (view) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { data } = await list(server, `{ view: ${JSON.stringify(view)} }`);
    const problem = { code: 'INVALID_INPUT', field: ['filter', 'view'], retryable: false };
    expect(data.tickets).toMatchObject({ nodes: [], sources: [{ problem }] });
    expect(server.vendor('omnidesk').ledger).toEqual([]);
  },
);

test('an empty view, null and false do not change the upstream call', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  for (const filter of ['{ view: "" }', '{ view: null, archived: null }', '{ view: " ", archived: false }']) {
    await list(server, filter, 'first: 2');
  }
  for (const query of queries(server))
    expect([query.get('applyView'), query.get('searchArchived')]).toEqual([null, null]);
});

test('a view that Omnidesk rejects is a problem in sources', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { data } = await list(server, '{ view: "unknown-view" }');
  expect(data.tickets).toMatchObject({ nodes: [], sources: [{ problem: { code: 'VENDOR_REJECTED' } }] });
});

test('a filter with both a reference and a view is UNSUPPORTED', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { data } = await list(server, '{ view: "all", reference: "858462" }');
  const problem = { code: 'UNSUPPORTED', field: ['filter', 'view'] };
  expect(data.tickets).toMatchObject({ nodes: [], sources: [{ problem }] });
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

test('a cursor is valid only for its view, and a cursor issued before views existed stays valid', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const page = await list(server, '{ view: "unfinished" }', 'first: 2');
  const { endCursor } = page.data.tickets.pageInfo;
  for (const filter of ['{}', '{ view: "all" }', '{ view: "unfinished", archived: true }']) {
    const { errors } = await list(server, filter, '', { after: endCursor });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
  }
  const released = { categories: null, search: null, reference: null, vendors: ['omnidesk'] };
  const older = encodeCursor({ omnidesk: { offset: 2, anchors: [], lastCreatedAt: null, isLate: false } }, released);
  expect((await list(server, '{}', 'first: 2', { after: older })).data.tickets.nodes).toHaveLength(2);
});
