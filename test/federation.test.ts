/**
 * The endpoint as a subgraph: entities by key, and a real supergraph of this endpoint and two other subgraphs behind
 * Apollo's gateway.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../sandbox/index.ts';
import type { Answer, PostOptions } from './support/post.ts';
import { startSubgraph, startSupergraph, type Representation, type Supergraph } from './support/gateway.ts';
import { startReplica } from './support/replica.ts';
import { startTestServer, type TestServer } from './support/sandbox.ts';

/** A ticket of each type. */
const IDS = {
  RequestorTicket: 'requestor:47',
  AkanaTicket: 'akana:ticket25687.acmepaymentscorp',
  OmnideskTicket: 'omnidesk:858462',
  HuaweiTicket: 'huawei:TS-123456',
  JifelineTicket: 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08',
};

const KEYS = ['requestor', 'akana', 'omnidesk', 'huawei', 'jifeline'];

/** Ids of sandbox tickets, at most `count` of each vendor. */
function idsIn(server: TestServer, count: number): string[] {
  return KEYS.flatMap((key) => {
    const ids = server.vendor(key).vendor.ticketIds();
    return ids.slice(0, count).map((id) => `${key}:${id}`);
  });
}

/** The requests to these vendors, including repetitions. */
function targetsIn(server: TestServer, keys = KEYS): string[] {
  return keys.flatMap((key) => server.calls(key).map(({ arrival }) => `${key} ${arrival.method} ${arrival.target}`));
}

/** The type name of the ticket with this id. */
function typeOf(id: string): string {
  const [key] = id.split(':');
  return Object.entries(IDS).find(([, example]) => example.startsWith(`${key}:`))![0];
}

// ---------------------------------------------------------------- entities

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename ... on TicketFields { id reference status { raw } }
    ... on OmnideskTicket { priority } ... on HuaweiTicket { statusCode }
  }
}`;

function askEntities(server: TestServer, representations: readonly unknown[], options?: PostOptions): Promise<Answer> {
  return server.ask(ENTITIES, { representations }, options);
}

const representationOf = (id: string, __typename = 'TicketFields'): Representation => ({ __typename, id });

describe('entities', () => {
  test('an entity is the same ticket by the name of the interface and by the name of its type', async () => {
    const server = await startTestServer();
    const types = Object.entries(IDS);
    const { data, errors } = await askEntities(server, [
      ...types.map(([, id]) => representationOf(id)),
      ...types.map(([type, id]) => representationOf(id, type)),
    ]);
    expect(errors).toBeUndefined();
    const entities = data._entities as (Representation & { reference: string })[];
    expect(entities.map(({ __typename, id }) => [__typename, id])).toEqual([...types, ...types]);
    expect(entities.slice(0, types.length)).toEqual(entities.slice(types.length));
  });

  test('an entity is read once, even if requested repeatedly and by both type names', async () => {
    const server = await startTestServer();
    const ids = idsIn(server, 20);
    const representations = ids.flatMap((id) => [representationOf(id), representationOf(id, typeOf(id))]);
    const { data, errors } = await askEntities(server, representations);
    expect(errors).toBeUndefined();
    expect((data._entities as { id: string }[]).map(({ id }) => id)).toEqual(representations.map(({ id }) => id));
    const targets = targetsIn(server);
    expect(targets.length).toBeGreaterThanOrEqual(ids.length);
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('entities keep the requested order, with null for a missing ticket and an error for a failed one', async () => {
    const server = await startTestServer();
    server.vendor('akana').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const ids = [IDS.HuaweiTicket, 'omnidesk:1', IDS.AkanaTicket, '../x', IDS.OmnideskTicket];
    const { data, errors } = await askEntities(
      server,
      ids.map((id) => representationOf(id)),
    );
    expect((data._entities as (Representation | null)[]).map((entity) => entity?.id ?? null)).toEqual([
      IDS.HuaweiTicket,
      null,
      null,
      null,
      IDS.OmnideskTicket,
    ]);
    expect(indexesAndCodes(errors)).toEqual([
      [['_entities', 2], 'VENDOR_UNAVAILABLE'],
      [['_entities', 3], 'INVALID_INPUT'],
    ]);
    expect(server.defects).toEqual([]);
  });

  test.each(Object.keys(IDS).filter((type) => type !== 'HuaweiTicket'))(
    'an entity with the wrong type is an error: a Huawei ticket as %s',
    async (type) => {
      const server = await startTestServer();
      const { data, errors } = await askEntities(server, [
        representationOf(IDS.HuaweiTicket, type),
        representationOf(IDS.OmnideskTicket),
      ]);
      expect(data._entities).toEqual([null, expect.objectContaining({ id: IDS.OmnideskTicket })]);
      expect(indexesAndCodes(errors)).toEqual([[['_entities', 0], 'INVALID_INPUT']]);
      expect(errors?.[0]?.message).toContain(type);
    },
  );

  test.each<[string, unknown]>([
    ['an unknown type', { __typename: 'AcmeTicket', id: IDS.HuaweiTicket }],
    ['a type without a key', { __typename: 'TicketStatus', raw: 'open' }],
    ['another interface', { __typename: 'Node', id: IDS.HuaweiTicket }],
    ['the union', { __typename: 'Ticket', id: IDS.HuaweiTicket }],
    ['the root', { __typename: 'Query' }],
    ['the name of a property that every object has', { __typename: 'constructor', id: IDS.HuaweiTicket }],
    ['a type that is not a string', { __typename: 5, id: IDS.HuaweiTicket }],
    ['no type', { id: IDS.HuaweiTicket }],
    ['no id', { __typename: 'TicketFields' }],
    ['an id that is not a string', { __typename: 'TicketFields', id: 47 }],
    ['an id that is an object', { __typename: 'HuaweiTicket', id: { toString: 'x' } }],
    ['a number', 5],
    ['a list', [representationOf(IDS.HuaweiTicket)]],
    ['a string', 'huawei:TS-123456'],
    ['an id with a path traversal', representationOf('huawei:../../v3/auth/tokens')],
    ['the id of an unknown vendor', representationOf('acme:1')],
  ])(
    '%s as a representation is an error at its index without an upstream call, and the others resolve',
    async (_, representation) => {
      const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
      const { data, errors } = await askEntities(server, [
        representationOf(IDS.OmnideskTicket),
        representation,
        representationOf(IDS.OmnideskTicket, 'OmnideskTicket'),
      ]);
      const resolved = expect.objectContaining({ id: IDS.OmnideskTicket });
      expect(data?._entities).toEqual([resolved, null, resolved]);
      expect(indexesAndCodes(errors)).toEqual([[['_entities', 1], 'INVALID_INPUT']]);
      expect(server.vendor('huawei').ledger).toEqual([]);
      expect(server.defects).toEqual([]);
    },
  );

  test('more than 200 representations are rejected before any upstream call', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const many = (count: number): Representation[] =>
      Array.from({ length: count }, (_, index) => representationOf(`omnidesk:${100 + index}`));
    const { data, errors } = await askEntities(server, many(201));
    expect(data?._entities).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
    expect(server.vendor('omnidesk').ledger).toEqual([]);

    const { data: resolved, errors: noErrors } = await askEntities(server, many(200));
    expect(noErrors).toBeUndefined();
    expect(resolved._entities).toEqual(Array(200).fill(null));
    expect(new Set(targetsIn(server, ['omnidesk'])).size).toBe(200);
  });

  test('an entity is returned only to callers that may read from its vendor', async () => {
    const server = await startTestServer({ environment: apiKey('router-key', 'omnidesk/ticket:read') });
    const representations = [
      representationOf(IDS.HuaweiTicket),
      representationOf(IDS.OmnideskTicket),
      representationOf(IDS.AkanaTicket, 'AkanaTicket'),
    ];
    const headers = { 'x-api-key': 'router-key' };
    const { data, errors } = await askEntities(server, representations, { headers });
    expect(data._entities).toEqual([null, expect.objectContaining({ id: IDS.OmnideskTicket }), null]);
    expect(indexesAndCodes(errors)).toEqual([
      [['_entities', 0], 'FORBIDDEN'],
      [['_entities', 2], 'FORBIDDEN'],
    ]);
    expect([server.vendor('huawei').ledger, server.vendor('akana').ledger]).toEqual([[], []]);
  });

  test('an invalid representation does not crash the process', async () => {
    const sandbox = await startSandbox(['huawei']);
    onTestFinished(() => sandbox.close());
    const replica = await startReplica({ ...sandbox.settings, STORE_PATH: join(temporaryFolder(), 'store') });
    onTestFinished(() => replica.kill());
    // The second representation fails while the first ticket is still being read.
    sandbox.vendors[0]!.faults = () => ({ kind: 'delay', delayMs: 300 });
    const representations = [representationOf(IDS.HuaweiTicket), { __typename: 'AcmeTicket', id: 'acme:1' }];
    await replica.ask(ENTITIES, { representations });
    sandbox.vendors[0]!.faults = undefined;
    const { data } = await replica.ask(ENTITIES, { representations: [representationOf(IDS.HuaweiTicket)] });
    expect(data._entities).toEqual([expect.objectContaining({ id: IDS.HuaweiTicket })]);
    expect(await replica.stop()).toBe(0);
    expect(replica.complaints()).toBe('');
  });
});

function indexesAndCodes(errors: Answer['errors'] = []): unknown[] {
  const found = errors.map(({ path, extensions }) => [path, extensions?.['code']] as const);
  return found.toSorted(([one], [other]) => Number(one?.[1]) - Number(other?.[1]));
}

function apiKey(key: string, scopes: string): Record<string, string> {
  const path = join(temporaryFolder(), 'keys');
  writeFileSync(path, `router ${createHash('sha256').update(key).digest('hex')} ${scopes}\n`);
  return { AUTH_API_KEYS_FILE: path };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-federation-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// ---------------------------------------------------------------- a supergraph

/** Adds two fields to every ticket through the interface, without defining a ticket type. */
const DESK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@interfaceObject"])
  type Query { escalated: [TicketFields]! }
  type TicketFields @key(fields: "id") @interfaceObject { id: ID!  team: String  escalations: Int! }
`;

/** Adds a field to one type of ticket. */
const SURVEY = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  type Query { praised: [OmnideskTicket]! }
  type OmnideskTicket @key(fields: "id") { id: ID!  smiles: Int! }
`;

interface Graph extends Supergraph {
  readonly server: TestServer;
}

/**
 * @param escalated ids that the root field of the desk subgraph returns.
 * @param praised ids that the root field of the survey subgraph returns.
 */
async function startGraph(escalated: readonly string[] = [], praised: readonly string[] = []): Promise<Graph> {
  const server = await startTestServer();
  const desk = await startSubgraph(DESK, {
    Query: { escalated: () => escalated.map((id) => ({ id })) },
    TicketFields: {
      __resolveReference: ({ id }: Representation) => ({ id }),
      team: ({ id }: Representation) => teamOf(id),
      escalations: ({ id }: Representation) => id.length,
    },
  });
  const survey = await startSubgraph(SURVEY, {
    Query: { praised: () => praised.map((id) => ({ id })) },
    OmnideskTicket: {
      __resolveReference: ({ id }: Representation) => ({ id }),
      smiles: ({ id }: Representation) => id.length,
    },
  });
  const supergraph = await startSupergraph({ tickets: server.url, desk, survey });
  return { ...supergraph, server };
}

const teamOf = (id: string): string => `team of ${id}`;

describe('supergraph', () => {
  test('the supergraph composes without hints', async () => {
    expect((await startGraph()).hints).toEqual([]);
  });

  test('the supergraph adds a field of another subgraph to every ticket, with one request to that subgraph', async () => {
    const graph = await startGraph();
    const { data, errors } = await graph.ask(
      `query ($ids: [ID!]!) { ticketsById(ids: $ids) {
         __typename ... on TicketFields { id title team escalations } ... on OmnideskTicket { priority smiles } } }`,
      { ids: Object.values(IDS) },
    );
    expect(errors).toBeUndefined();
    expect(data.ticketsById).toMatchObject(
      Object.entries(IDS).map(([__typename, id]) => ({ __typename, id, team: teamOf(id), escalations: id.length })),
    );
    expect(data.ticketsById[2]).toMatchObject({ smiles: IDS.OmnideskTicket.length });
    expect(graph.seen('desk').map(({ variables }) => variables?.representations)).toEqual([
      Object.values(IDS).map((id) => representationOf(id)),
    ]);
    expect(graph.seen('tickets')).toHaveLength(1);
  });

  test('the supergraph resolves a page of 100 tickets with one request to each subgraph', async () => {
    const graph = await startGraph();
    const { data, errors } = await graph.ask(
      '{ tickets(first: 100) { nodes { ... on TicketFields { id team } } sources { vendor totalCount } } }',
    );
    expect(errors).toBeUndefined();
    const nodes = data.tickets.nodes as { id: string; team: string }[];
    expect(nodes).toHaveLength(100);
    expect(nodes).toEqual(nodes.map(({ id }) => ({ id, team: teamOf(id) })));
    expect([graph.seen('tickets').length, graph.seen('desk').length]).toEqual([1, 1]);
  });

  test('the supergraph resolves tickets from the root field of another subgraph, each with its type', async () => {
    const graph = await startGraph(Object.values(IDS));
    const { data, errors } = await graph.ask(
      `{ escalated { __typename id team vendor status { category } availableActions { ... on TicketActionFields { name } }
           ... on HuaweiTicket { statusCode } ... on OmnideskTicket { priority smiles } ... on JifelineTicket { ticketNumber } } }`,
    );
    expect(errors).toBeUndefined();
    const escalated = data.escalated as { availableActions: unknown[] }[];
    expect(escalated).toMatchObject(
      Object.entries(IDS).map(([__typename, id]) => ({ __typename, id, team: teamOf(id) })),
    );
    expect(escalated[3]).toMatchObject({ vendor: 'HUAWEI', statusCode: expect.any(Number) });
    expect(escalated[4]).toMatchObject({ vendor: 'JIFELINE', ticketNumber: expect.stringMatching(/^\d+$/) });
    expect(escalated.flatMap(({ availableActions }) => availableActions).length).toBeGreaterThan(0);
  });

  test('the supergraph resolves many tickets with one request, and each ticket is read from its vendor once', async () => {
    const ids = await idsOfAnotherServer(20);
    const escalated = [...ids, ...ids];
    const graph = await startGraph(escalated);
    const { data, errors } = await graph.ask('{ escalated { id reference } }');
    expect(errors).toBeUndefined();
    expect((data.escalated as { id: string }[]).map(({ id }) => id)).toEqual(escalated);
    // The gateway does not deduplicate representations.
    expect(graph.seen('tickets').map(({ variables }) => variables?.representations)).toEqual([
      escalated.map((id) => representationOf(id)),
    ]);
    const targets = targetsIn(graph.server);
    expect(targets.length).toBeGreaterThanOrEqual(ids.length);
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('the supergraph resolves tickets of a subgraph that defines only one ticket type', async () => {
    const graph = await startGraph([], [IDS.OmnideskTicket]);
    const { data, errors } = await graph.ask('{ praised { id smiles title priority team } }');
    expect(errors).toBeUndefined();
    expect(data.praised).toEqual([
      {
        id: IDS.OmnideskTicket,
        smiles: IDS.OmnideskTicket.length,
        title: expect.any(String),
        priority: expect.any(String),
        team: teamOf(IDS.OmnideskTicket),
      },
    ]);
    expect(graph.seen('tickets').map(({ variables }) => variables?.representations)).toEqual([
      [representationOf(IDS.OmnideskTicket, 'OmnideskTicket')],
    ]);
  });

  test('the supergraph returns an error for a ticket that another subgraph gives the wrong type', async () => {
    const graph = await startGraph([], [IDS.HuaweiTicket, IDS.OmnideskTicket]);
    const { data, errors } = await graph.ask('{ praised { id smiles title } }');
    expect(data.praised).toMatchObject([{ title: null }, { id: IDS.OmnideskTicket, title: expect.any(String) }]);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
  });

  test('the supergraph resolves the valid tickets if another subgraph also returns invalid ids', async () => {
    const graph = await startGraph([IDS.HuaweiTicket, 'omnidesk:1', 'acme:1', IDS.OmnideskTicket]);
    const { data, errors } = await graph.ask('{ escalated { __typename id reference team } }');
    expect(data.escalated).toMatchObject([{ id: IDS.HuaweiTicket }, null, null, { id: IDS.OmnideskTicket }]);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
  });

  test('the supergraph sends a write once, and reads the added field after it', async () => {
    const graph = await startGraph();
    const { data, errors } = await graph.ask(
      `mutation ($input: SetStatusInput!) { setStatus(input: $input) {
         outcome results { ticketId outcome ticket { ... on TicketFields { id status { category } team } } } } }`,
      { input: { ticketIds: [IDS.OmnideskTicket], status: 'PENDING' } },
    );
    expect(errors).toBeUndefined();
    expect(data.setStatus).toEqual({
      outcome: 'APPLIED',
      results: [
        {
          ticketId: IDS.OmnideskTicket,
          outcome: 'APPLIED',
          ticket: { id: IDS.OmnideskTicket, status: { category: 'PENDING' }, team: teamOf(IDS.OmnideskTicket) },
        },
      ],
    });
    expect(graph.server.vendor('omnidesk').effects).toHaveLength(1);
    expect(graph.seen('tickets')).toHaveLength(1);
  });
});

/** Ids from another sandbox, since all sandboxes hold the same tickets. */
async function idsOfAnotherServer(count: number): Promise<string[]> {
  return idsIn(await startTestServer(), count);
}
