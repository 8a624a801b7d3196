/** Reads over GraphQL: ids, lists, cursors, batching, and the rejection of invalid input. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { toVendorEnum } from '../../../datasources/vendor-kit/source-key.ts';
import { LISTING, SAMPLED, SIGNING_IN, SIGNING_IN_SOURCES, SOURCES, samplesOf } from '../../support/samples.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const KEYS = SAMPLED.map(({ key }) => key);
const IDS = SAMPLED.map(({ id }) => id);
const HUAWEI = samplesOf('huawei').id;
const OMNIDESK = samplesOf('omnidesk').id;

/** For events that must happen, no matter when. */
const SOON = { interval: 5 };

interface Edge {
  readonly cursor: string;
  readonly node: { readonly id: string; readonly createdAt: string };
}

/** The edges of all pages of a list. */
async function walk(server: TestServer, first: number, filter = ''): Promise<Edge[]> {
  const edges: Edge[] = [];
  let after: string | null = null;
  for (let page = 0; page < 200; page += 1) {
    const answer = await server.ask(
      `query ($first: Int, $after: String) { tickets(first: $first, after: $after ${filter}) {
         edges { cursor node { ... on TicketFields { id createdAt } } } pageInfo { hasNextPage endCursor } } }`,
      { first, after },
    );
    expect(answer.errors).toBeUndefined();
    edges.push(...(answer.data.tickets.edges as Edge[]));
    if (!answer.data.tickets.pageInfo.hasNextPage) return edges;
    after = answer.data.tickets.pageInfo.endCursor as string;
  }
  throw new Error('The walk does not end.');
}

describe('a ticket by its id', () => {
  test.each(SOURCES.map(({ key, id }) => [key, id] as const))('a ticket of %s is found by its id', async (key, id) => {
    const server = await startTestServer({ keys: [key] });
    const { data, errors } = await server.ask(
      `query ($id: ID!) {
         ticket(id: $id) { __typename ... on TicketFields { id vendor nativeId reference status { category raw } } }
         node(id: $id) { id }
       }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.ticket).toMatchObject({ id, vendor: toVendorEnum(key), nativeId: id.slice(key.length + 1) });
    expect(data.node).toEqual({ id });
  });

  test.each(SOURCES.map(({ key, samples }) => [`${key}:${samples.unknownId}`, key] as const))(
    'a ticket that the vendor does not have is null without an error: %s',
    async (id, key) => {
      const server = await startTestServer({ keys: [key] });
      const answer = await server.ask('query ($id: ID!) { ticket(id: $id) { __typename } nodes(ids: [$id]) { id } }', {
        id,
      });
      expect(answer).toEqual({ data: { ticket: null, nodes: [null] } });
    },
  );

  test('a Requestor ticket requested by its reference has its stable number as id', async () => {
    const server = await startTestServer({ keys: ['requestor'] });
    const { data } = await server.ask(
      '{ ticket(id: "requestor:INC-000047") { ... on TicketFields { id reference } } }',
    );
    expect(data.ticket).toEqual({ id: 'requestor:47', reference: 'INC-000047' });
  });

  test('a ticket number keeps every digit of an int64', async () => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const { data } = await server.ask('{ tickets(first: 200) { nodes { ... on JifelineTicket { ticketNumber } } } }');
    const numbers = (data.tickets.nodes as { ticketNumber: string }[]).map(({ ticketNumber }) => ticketNumber);
    expect(numbers).toEqual(expect.arrayContaining(['9007199254740993', '9007199254740992', '9223372036854775807']));
  });
});

describe('tickets by their ids', () => {
  test('ticketsById keeps the order of the ids, with null for a missing ticket and an error for a failed one', async () => {
    const server = await startTestServer();
    const [failing, ...others] = SAMPLED.toReversed();
    server.vendor(failing!.key).faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const found = others.map(({ id }) => id);
    const missing = others.map(({ key, samples }) => `${key}:${samples.unknownId}`);
    const { data, errors } = await server.ask(
      'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id } } }',
      { ids: [...missing, failing!.id, ...found, 'acme:1'] },
    );
    const answered = found.map((id) => ({ id }));
    expect(data.ticketsById).toEqual([...missing.map(() => null), null, ...answered, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code'], extensions?.['vendor']])).toEqual(
      expect.arrayContaining([
        [['ticketsById', missing.length], 'VENDOR_UNAVAILABLE', failing!.key.toUpperCase()],
        [['ticketsById', missing.length + 1 + found.length], 'INVALID_INPUT', undefined],
      ]),
    );
    expect(errors).toHaveLength(2);
  });

  test('ticketsById reads from all vendors, each ticket with the fields of its type', async () => {
    const server = await startTestServer();
    const { data, errors } = await server.ask(
      `query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id }
         ... on RequestorTicket { id ticketRef state } ... on AkanaTicket { id state labels } ... on OmnideskTicket { id customerId }
         ... on HuaweiTicket { id customerId labels } ... on JifelineTicket { id customerId state } } }`,
      { ids: IDS },
    );
    expect(errors).toBeUndefined();
    expect((data.ticketsById as { id: string }[]).map(({ id }) => id)).toEqual(IDS);
  });

  test('an empty list of ids returns an empty list', async () => {
    const server = await startTestServer({ keys: [] as string[], environment: {} });
    expect(await server.ask('{ ticketsById(ids: []) { __typename } nodes(ids: []) { id } }')).toEqual({
      data: { ticketsById: [], nodes: [] },
    });
  });
});

describe('upstream calls', () => {
  test('reads a ticket once for all fields and aliases that select it', async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    await server.ask(
      `query ($id: ID!) { a: ticket(id: $id) { ...F } b: ticket(id: $id) { ...F } c: node(id: $id) { id }
         d: ticketsById(ids: [$id, $id]) { ...F } } fragment F on TicketFields { id title availableActions { __typename } }`,
      { id: HUAWEI },
    );
    expect(server.calls('huawei')).toHaveLength(1);
  });

  test('coalesces identical reads in flight, also across requests', async () => {
    let shared = 0;
    const server = await startTestServer({ keys: ['omnidesk'], observe: [{ onReadShared: () => void (shared += 1) }] });
    const answer = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: answer.promise });
    const ask = (): Promise<unknown> => server.ask(`{ ticket(id: "${OMNIDESK}") { __typename } }`);
    const asking = [ask(), ask(), ask()];
    await expect.poll(() => shared, SOON).toBe(2);
    answer.resolve(undefined);
    expect(await Promise.all(asking)).toEqual(Array(3).fill({ data: { ticket: { __typename: 'OmnideskTicket' } } }));
    expect(server.calls('omnidesk')).toHaveLength(1);
  });

  test('a client that disconnects does not cancel a coalesced read for the others', async () => {
    let shared = 0;
    const server = await startTestServer({ keys: ['omnidesk'], observe: [{ onReadShared: () => void (shared += 1) }] });
    const answer = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: answer.promise });
    const controller = new AbortController();
    const query = `{ ticket(id: "${OMNIDESK}") { __typename } }`;
    const aborted = server.ask(query, {}, { signal: controller.signal }).catch(() => 'aborted');
    await expect.poll(() => server.calls('omnidesk').length, SOON).toBe(1);
    const waiting = server.ask(query);
    await expect.poll(() => shared, SOON).toBe(1);
    controller.abort();
    expect(await aborted).toBe('aborted');
    // Lets the server notice the disconnect.
    await sleep(100);
    answer.resolve(undefined);
    expect(await waiting).toEqual({ data: { ticket: { __typename: 'OmnideskTicket' } } });
    expect(server.calls('omnidesk')).toHaveLength(1);
  });

  test('fields that take an upstream call make it only if selected', async () => {
    const server = await startTestServer({ keys: ['requestor'] });
    const ask = async (selection: string): Promise<number> => {
      server.forget();
      await server.ask(`{ ticket(id: "requestor:47") { ... on TicketFields { id ${selection} } } }`);
      return server.calls('requestor').length;
    };
    expect(await ask('')).toBe(1);
    expect(await ask('availableActions { ... on TicketActionFields { name label } }')).toBe(1);
    expect(
      await ask('availableActions { ... on TicketActionFields { name inputs { name options { value } } } }'),
    ).toBeGreaterThan(1);
  });

  test('an action input of type LIST describes its items: objects by their fields, other values by their type', async () => {
    const server = await startTestServer({ keys: ['huawei', 'jifeline'] });
    const inputFields = 'name type required minimum maximum maximumLength options { value }';
    const inputsOf = async (id: string, name: string): Promise<unknown> => {
      const { data } = await server.ask(`{ ticket(id: "${id}") { ... on TicketFields { availableActions {
        ... on TicketActionFields { name inputs { ${inputFields} itemType items { ${inputFields} itemType items { name } } } }
      } } } }`);
      return data.ticket.availableActions.find((action: { name: string }) => action.name === name).inputs;
    };
    const nothing = { minimum: null, maximum: null, maximumLength: null, options: null, itemType: null, items: null };
    const satisfaction = { ...nothing, name: 'satisfaction', type: 'LIST', required: false };
    const id = { ...nothing, name: 'satisfactionId', type: 'INTEGER', required: true, minimum: 0, maximum: 9_999 };
    const name = { ...nothing, name: 'satisfactionName', type: 'STRING', required: false, maximumLength: 32 };
    const ofCase = (await inputsOf(HUAWEI, 'close')) as { items: unknown[] }[];
    expect(ofCase[2]).toEqual({ ...satisfaction, items: expect.arrayContaining([id, name]) });
    expect(ofCase[2]!.items).toHaveLength(7);
    expect(ofCase[0]).toMatchObject({ name: 'judgement', itemType: null, items: null });
    const productIds = { ...nothing, name: 'productIds', type: 'LIST', required: true };
    expect(await inputsOf(samplesOf('jifeline').id, 'outsource')).toContainEqual({
      ...productIds,
      itemType: 'ID',
      maximumLength: 36,
    });
  });

  test('the vendors field makes no upstream call', async () => {
    const server = await startTestServer();
    const { data } = await server.ask('{ vendors { key name configured reachable lists mutations breaker queued } }');
    expect((data.vendors as { key: string }[]).map(({ key }) => key)).toEqual(KEYS.map((key) => key.toUpperCase()));
    expect(data.vendors[0]).toMatchObject({
      key: 'REQUESTOR',
      lists: false,
      configured: true,
      reachable: null,
      breaker: 'CLOSED',
    });
    for (const key of KEYS) expect(server.vendor(key).ledger).toEqual([]);
  });

  test('signs in once for all calls that wait for the credential', async () => {
    const server = await startTestServer({ keys: SIGNING_IN.map(({ key }) => key) });
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        server.ask(
          `query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } tickets(first: ${index}) { hasNextPage: pageInfo { hasNextPage } } }`,
          { ids: SIGNING_IN.map(({ id }) => id) },
        ),
      ),
    );
    const signIns = (key: string): number => server.vendor(key).ledger.length - server.calls(key).length;
    expect(SIGNING_IN.map(({ key }) => signIns(key))).toEqual(SIGNING_IN.map(() => 1));
  });

  test.each(SIGNING_IN_SOURCES.map(({ key, id }) => [key, id] as const))(
    'renews an expired credential of %s once for all calls that wait',
    async (key, id) => {
      const server = await startTestServer({ keys: [key] });
      const ask = (): Promise<unknown> =>
        server.ask(
          `{ ticket(id: "${id}") { __typename } tickets(first: 3, filter: { sources: ["${key}"] }) { nodes { __typename } } }`,
        );
      await ask();
      server.vendor(key).vendor.expireTokens?.();
      server.forget();
      const answer = await ask();
      expect(answer).not.toHaveProperty('errors');
      expect(server.vendor(key).ledger.length - server.calls(key).length).toBe(1);
      expect(server.calls(key).filter(({ status }) => status === 401).length).toBeGreaterThan(0);
    },
  );
});

describe('the list of tickets', () => {
  test('the list returns every ticket of every vendor with a list once, newest first', async () => {
    const server = await startTestServer();
    const walked = await walk(server, 17);
    const ids = walked.map(({ node }) => node.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { key, list } of LISTING) {
      const held = server
        .vendor(key)
        .vendor.ticketIds()
        .map((id) => `${key}:${id}`);
      const listed = ids.filter((id) => id.startsWith(`${key}:`));
      expect(listed).toHaveLength(list.total ?? held.length);
      expect(held).toEqual(expect.arrayContaining(listed));
    }
    expect(new Set(walked.map(({ node }) => node.id.split(':')[0]))).toEqual(new Set(LISTING.map(({ key }) => key)));
    const dates = walked.map(({ node }) => node.createdAt);
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  test('the list has the same order for every page size', async () => {
    const server = await startTestServer();
    const ids = async (first: number): Promise<string[]> => (await walk(server, first)).map(({ node }) => node.id);
    const whole = await ids(200);
    expect(await ids(1 + (whole.length % 7))).toEqual(whole);
    expect(await ids(50)).toEqual(whole);
  });

  test('the cursor of any ticket continues the list after that ticket', async () => {
    const server = await startTestServer();
    const whole = await walk(server, 40);
    for (const at of [0, 7, 23]) {
      const { data } = await server.ask(
        'query ($after: String) { tickets(first: 5, after: $after) { nodes { ... on TicketFields { id } } } }',
        { after: whole[at]!.cursor },
      );
      const expected = whole.slice(at + 1, at + 6).map(({ node }) => ({ id: node.id }));
      expect(data.tickets.nodes).toEqual(expected);
    }
  });

  test('the list neither repeats nor loses a ticket if others are created and deleted between pages', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = async (after: string | null): Promise<{ ids: string[]; endCursor: string; hasMore: boolean }> => {
      const { data } = await server.ask(
        `query ($after: String) { tickets(first: 10, after: $after) { nodes { ... on TicketFields { id } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      const ids = (data.tickets.nodes as { id: string }[]).map(({ id }) => id);
      return { ids, endCursor: data.tickets.pageInfo.endCursor, hasMore: data.tickets.pageInfo.hasNextPage };
    };
    const before = server
      .vendor('omnidesk')
      .vendor.ticketIds()
      .map((id) => `omnidesk:${id}`);
    const first = await page(null);
    const create = `mutation { createTicket(input: { ticket: { omnidesk: { brandId: 1, channelId: 1, direction: INBOUND,
      from: "a@b.example", to: "c@d.example", title: "New" } } }) { outcome } }`;
    for (let created = 0; created < 3; created += 1)
      expect((await server.ask(create)).data.createTicket.outcome).toBe('APPLIED');
    const second = await page(first.endCursor);
    const deleted = first.ids[4]!;
    await server.ask('mutation ($ids: [ID!]!) { deleteTickets(input: { ticketIds: $ids }) { outcome } }', {
      ids: [deleted, second.ids[9]],
    });
    const rest: string[] = [];
    for (let next = await page(second.endCursor); ; next = await page(next.endCursor)) {
      rest.push(...next.ids);
      if (!next.hasMore) break;
    }
    expect([...first.ids, ...second.ids, ...rest]).toEqual(before);
  });

  test('sources show which vendor has no list, and the total count of the others', async () => {
    const server = await startTestServer();
    const { data } = await server.ask(
      '{ tickets(first: 1) { nodes { __typename } sources { vendor totalCount problem { code vendor } } } }',
    );
    expect(data.tickets.sources).toEqual(
      SAMPLED.map(({ key, samples: { list } }) => {
        const vendor = key.toUpperCase();
        return { vendor, totalCount: list?.total ?? null, problem: list ? null : { code: 'UNSUPPORTED', vendor } };
      }),
    );
  });

  test('a reference filter finds its ticket, also at a vendor without a list', async () => {
    const server = await startTestServer();
    const find = async (reference: string): Promise<unknown> => {
      const { data } = await server.ask(
        'query ($reference: String) { tickets(filter: { reference: $reference }) { nodes { ... on TicketFields { id } } pageInfo { hasNextPage } sources { problem { code } } } }',
        { reference },
      );
      return data.tickets;
    };
    const none = SAMPLED.map(() => ({ problem: null }));
    expect(await find('INC-000047')).toEqual({
      nodes: [{ id: 'requestor:47' }],
      pageInfo: { hasNextPage: false },
      sources: none,
    });
    expect(await find('TS-123456')).toEqual({
      nodes: [{ id: HUAWEI }],
      pageInfo: { hasNextPage: false },
      sources: none,
    });
    expect(await find('no such thing')).toEqual({ nodes: [], pageInfo: { hasNextPage: false }, sources: none });
    server.forget();
    await find('INC-000047');
    for (const { key } of LISTING.filter(({ id }) => id !== HUAWEI)) expect(server.calls(key)).toEqual([]);
  });

  test('a failed vendor is a problem in sources, and the tickets of the others are listed', async () => {
    const server = await startTestServer();
    server.vendor('huawei').faults = () => ({ kind: 'reset', applied: false });
    const { data, errors } = await server.ask(
      '{ tickets(first: 30) { nodes { ... on TicketFields { vendor } } sources { vendor problem { code } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.tickets.nodes).toHaveLength(30);
    expect(data.tickets.sources).toContainEqual({ vendor: 'HUAWEI', problem: { code: 'VENDOR_UNAVAILABLE' } });
  });

  test('a category filter applies to every vendor', async () => {
    const server = await startTestServer();
    for (const category of ['NEW', 'OPEN', 'PENDING', 'ON_HOLD', 'SOLVED', 'CLOSED', 'CANCELLED']) {
      const { data, errors } = await server.ask(
        `{ tickets(first: 200, filter: { categories: [${category}] }) { nodes { ... on TicketFields { status { category } } } } }`,
      );
      expect(errors).toBeUndefined();
      const categories = new Set(
        (data.tickets.nodes as { status: { category: string } }[]).map(({ status }) => status.category),
      );
      expect([...categories], category).toEqual(category === 'CANCELLED' || categories.size > 0 ? [category] : []);
    }
  });

  test('a search runs at the vendor if it can search, and over titles otherwise', async () => {
    const server = await startTestServer({ keys: ['akana', 'omnidesk', 'huawei'] });
    const all = (await walk(server, 200)).length;
    const { data } = await server.ask(
      '{ tickets(first: 200, filter: { search: "a" }) { nodes { ... on TicketFields { title reference } } } }',
    );
    expect(data.tickets.nodes.length).toBeGreaterThan(0);
    expect(data.tickets.nodes.length).toBeLessThan(all);
    const query = server.calls('omnidesk').at(-1)?.arrival.query;
    expect(query?.get('query')).toBe('a');
    expect(server.calls('huawei').at(-1)?.arrival.query.get('search_key')).toBe('a');
  });

  test('a list with first: 0 returns only the counts', async () => {
    const counted = LISTING.filter(({ list }) => list.total !== null);
    const server = await startTestServer({ keys: counted.map(({ key }) => key) });
    const { data } = await server.ask(
      '{ tickets(first: 0) { nodes { __typename } pageInfo { hasNextPage endCursor } sources { totalCount } } }',
    );
    expect(data.tickets).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: true, endCursor: null },
      sources: counted.map(({ list }) => ({ totalCount: list.total })),
    });
  });
});

describe('invalid input', () => {
  const rejectionOf = async (query: string, keys: readonly string[] = KEYS): Promise<unknown> => {
    const server = await startTestServer({ keys });
    const { errors } = await server.ask(query);
    for (const key of keys) expect(server.vendor(key).ledger).toEqual([]);
    const { code, field, vendor } = errors?.[0]?.extensions ?? {};
    return {
      count: errors?.length,
      code,
      ...(field === undefined ? {} : { field }),
      ...(vendor === undefined ? {} : { vendor }),
    };
  };

  test.each(['acme:1', 'TS-123456', '', ':1', 'REQUESTOR:47'])(
    'an id without a known vendor is rejected before any upstream call: %j',
    async (id) => {
      expect(await rejectionOf(`{ ticket(id: ${JSON.stringify(id)}) { __typename } }`)).toEqual({
        count: 1,
        code: 'INVALID_INPUT',
        field: ['id'],
      });
    },
  );

  test.each(SOURCES.flatMap(({ key, samples }) => samples.invalidIds.map((invalid) => `${key}:${invalid}`)))(
    "an id that does not match its vendor's pattern is rejected before any upstream call: %s",
    async (id) => {
      expect(await rejectionOf(`{ ticket(id: ${JSON.stringify(id)}) { __typename } }`)).toMatchObject({
        count: 1,
        code: 'INVALID_INPUT',
        field: ['id'],
      });
    },
  );

  test('an id of a vendor that is not configured is rejected before any upstream call', async () => {
    expect(await rejectionOf('{ ticket(id: "huawei:TS-123456") { __typename } }', ['akana'])).toEqual({
      count: 1,
      code: 'VENDOR_NOT_CONFIGURED',
      vendor: 'HUAWEI',
    });
  });

  test.each([
    ['{ tickets(first: 201) { nodes { __typename } } }', ['first']],
    ['{ tickets(first: -1) { nodes { __typename } } }', ['first']],
    ['{ tickets(after: "bm90IG91cnM") { nodes { __typename } } }', ['after']],
    ['{ tickets(after: "") { nodes { __typename } } }', ['after']],
    [`{ tickets(filter: { search: "${'x'.repeat(300)}" }) { nodes { __typename } } }`, ['filter', 'search']],
    [`{ ticketsById(ids: [${'"omnidesk:1",'.repeat(201)}]) { __typename } }`, ['ids']],
    [`{ nodes(ids: [${'"omnidesk:1",'.repeat(201)}]) { __typename } }`, ['ids']],
  ])('an exceeded limit or a foreign cursor is rejected before any upstream call: %s', async (query, field) => {
    expect(await rejectionOf(query)).toEqual({ count: 1, code: 'INVALID_INPUT', field });
  });

  test('the cursor of another filter is rejected before any upstream call', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { data } = await server.ask('{ tickets(first: 2) { pageInfo { endCursor } } }');
    server.forget();
    const { errors } = await server.ask(
      'query ($after: String) { tickets(after: $after, filter: { search: "x" }) { nodes { __typename } } }',
      { after: data.tickets.pageInfo.endCursor },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    expect(server.calls('omnidesk')).toEqual([]);
  });
});
