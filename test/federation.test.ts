/**
 * The endpoint as one subgraph among others: what a router asks for by key, and a real supergraph of this endpoint and
 * two other teams' subgraphs behind Apollo's gateway.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../sandbox/index.ts';
import type { Answer, AskOptions } from './support/endpoint.ts';
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

/** Every ticket that the sandbox holds and that can be read in one call, at most `count` of each vendor. */
function idsIn(server: TestServer, count: number): string[] {
  return KEYS.flatMap((key) => {
    const ids = server.vendor(key).vendor.ticketIds();
    return ids.slice(0, count).map((id) => `${key}:${id}`);
  });
}

/** What was asked of all vendors, each as often as it was asked. */
function targetsIn(server: TestServer, keys = KEYS): string[] {
  return keys.flatMap((key) => server.calls(key).map(({ arrival }) => `${key} ${arrival.method} ${arrival.target}`));
}

/** The name of the type of a ticket with that id. */
function typeOf(id: string): string {
  const [key] = id.split(':');
  return Object.entries(IDS).find(([, example]) => example.startsWith(`${key}:`))![0];
}

// ---------------------------------------------------------------- by key

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename ... on TicketFields { id reference status { raw } }
    ... on OmnideskTicket { priority } ... on HuaweiTicket { statusCode }
  }
}`;

function askEntities(server: TestServer, representations: readonly unknown[], options?: AskOptions): Promise<Answer> {
  return server.ask(ENTITIES, { representations }, options);
}

const named = (id: string, __typename = 'TicketFields'): Representation => ({ __typename, id });

describe('what a router asks for by key', () => {
  test('is the same ticket by the name of the interface as by the name of its type', async () => {
    const server = await startTestServer();
    const types = Object.entries(IDS);
    const { data, errors } = await askEntities(server, [
      ...types.map(([, id]) => named(id)),
      ...types.map(([type, id]) => named(id, type)),
    ]);
    expect(errors).toBeUndefined();
    const entities = data._entities as (Representation & { reference: string })[];
    expect(entities.map(({ __typename, id }) => [__typename, id])).toEqual([...types, ...types]);
    expect(entities.slice(0, types.length)).toEqual(entities.slice(types.length));
  });

  test('costs one read a ticket, however often and by whichever name it is asked for', async () => {
    const server = await startTestServer();
    const ids = idsIn(server, 20);
    const representations = ids.flatMap((id) => [named(id), named(id, typeOf(id))]);
    const { data, errors } = await askEntities(server, representations);
    expect(errors).toBeUndefined();
    expect((data._entities as { id: string }[]).map(({ id }) => id)).toEqual(representations.map(({ id }) => id));
    const targets = targetsIn(server);
    expect(targets.length).toBeGreaterThanOrEqual(ids.length);
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('comes in the order asked: null for a missing ticket, an error in the place of a failed one', async () => {
    const server = await startTestServer();
    server.vendor('akana').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const ids = [IDS.HuaweiTicket, 'omnidesk:1', IDS.AkanaTicket, '../x', IDS.OmnideskTicket];
    const { data, errors } = await askEntities(
      server,
      ids.map((id) => named(id)),
    );
    expect((data._entities as (Representation | null)[]).map((entity) => entity?.id ?? null)).toEqual([
      IDS.HuaweiTicket,
      null,
      null,
      null,
      IDS.OmnideskTicket,
    ]);
    expect(places(errors)).toEqual([
      [['_entities', 2], 'VENDOR_UNAVAILABLE'],
      [['_entities', 3], 'INVALID_INPUT'],
    ]);
    expect(server.defects).toEqual([]);
  });

  test.each(Object.keys(IDS).filter((type) => type !== 'HuaweiTicket'))(
    'is never shown as a ticket of another type: a case of Huawei as %s',
    async (type) => {
      const server = await startTestServer();
      const { data, errors } = await askEntities(server, [named(IDS.HuaweiTicket, type), named(IDS.OmnideskTicket)]);
      expect(data._entities).toEqual([null, expect.objectContaining({ id: IDS.OmnideskTicket })]);
      expect(places(errors)).toEqual([[['_entities', 0], 'INVALID_INPUT']]);
      expect(errors?.[0]?.message).toContain(type);
    },
  );

  test.each<[string, unknown]>([
    ['a type that is not known', { __typename: 'AcmeTicket', id: IDS.HuaweiTicket }],
    ['a type without a key', { __typename: 'TicketStatus', raw: 'open' }],
    ['another interface', { __typename: 'Node', id: IDS.HuaweiTicket }],
    ['the union', { __typename: 'Ticket', id: IDS.HuaweiTicket }],
    ['the root', { __typename: 'Query' }],
    ['the name of a property that every object has', { __typename: 'constructor', id: IDS.HuaweiTicket }],
    ['a type that is no text', { __typename: 5, id: IDS.HuaweiTicket }],
    ['no type', { id: IDS.HuaweiTicket }],
    ['no id', { __typename: 'TicketFields' }],
    ['an id that is no text', { __typename: 'TicketFields', id: 47 }],
    ['an id that is an object', { __typename: 'HuaweiTicket', id: { toString: 'x' } }],
    ['a number', 5],
    ['a list', [named(IDS.HuaweiTicket)]],
    ['text', 'huawei:TS-123456'],
    ['an id that climbs', named('huawei:../../v3/auth/tokens')],
    ['the id of a vendor that nobody knows', named('acme:1')],
  ])('%s is an error in its own place, costs no call, and the others are answered', async (_, representation) => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const { data, errors } = await askEntities(server, [
      named(IDS.OmnideskTicket),
      representation,
      named(IDS.OmnideskTicket, 'OmnideskTicket'),
    ]);
    const answered = expect.objectContaining({ id: IDS.OmnideskTicket });
    expect(data?._entities).toEqual([answered, null, answered]);
    expect(places(errors)).toEqual([[['_entities', 1], 'INVALID_INPUT']]);
    expect(server.vendor('huawei').ledger).toEqual([]);
    expect(server.defects).toEqual([]);
  });

  test('is refused beyond 200 before anything is asked', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const many = (count: number): Representation[] =>
      Array.from({ length: count }, (_, index) => named(`omnidesk:${100 + index}`));
    const { data, errors } = await askEntities(server, many(201));
    expect(data?._entities).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
    expect(server.vendor('omnidesk').ledger).toEqual([]);

    const { data: answered, errors: none } = await askEntities(server, many(200));
    expect(none).toBeUndefined();
    expect(answered._entities).toEqual(Array(200).fill(null));
    expect(new Set(targetsIn(server, ['omnidesk'])).size).toBe(200);
  });

  test('is shown only to a caller who may read there', async () => {
    const server = await startTestServer({ environment: apiKey('router-key', 'omnidesk/ticket:read') });
    const representations = [named(IDS.HuaweiTicket), named(IDS.OmnideskTicket), named(IDS.AkanaTicket, 'AkanaTicket')];
    const headers = { 'x-api-key': 'router-key' };
    const { data, errors } = await askEntities(server, representations, { headers });
    expect(data._entities).toEqual([null, expect.objectContaining({ id: IDS.OmnideskTicket }), null]);
    expect(places(errors)).toEqual([
      [['_entities', 0], 'FORBIDDEN'],
      [['_entities', 2], 'FORBIDDEN'],
    ]);
    expect([server.vendor('huawei').ledger, server.vendor('akana').ledger]).toEqual([[], []]);
  });

  test('does not end the process, however wrong it is', async () => {
    const sandbox = await startSandbox(['huawei']);
    onTestFinished(() => sandbox.close());
    const replica = await startReplica({ ...sandbox.settings, STORE_PATH: join(temporaryFolder(), 'store') });
    onTestFinished(() => replica.kill());
    // The first ticket is still under way when the second turns out to be none.
    sandbox.vendors[0]!.faults = () => ({ kind: 'delay', delayMs: 300 });
    const representations = [named(IDS.HuaweiTicket), { __typename: 'AcmeTicket', id: 'acme:1' }];
    await replica.ask(ENTITIES, { representations });
    sandbox.vendors[0]!.faults = undefined;
    const { data } = await replica.ask(ENTITIES, { representations: [named(IDS.HuaweiTicket)] });
    expect(data._entities).toEqual([expect.objectContaining({ id: IDS.HuaweiTicket })]);
    expect(await replica.stop()).toBe(0);
    expect(replica.complaints()).toBe('');
  });
});

function places(errors: Answer['errors'] = []): unknown[] {
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

/** Knows no type of ticket and adds two fields to all of them. */
const DESK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@interfaceObject"])
  type Query { escalated: [TicketFields]! }
  type TicketFields @key(fields: "id") @interfaceObject { id: ID!  team: String  escalations: Int! }
`;

/** Knows one type of ticket and adds a field to it. */
const SURVEY = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  type Query { praised: [OmnideskTicket]! }
  type OmnideskTicket @key(fields: "id") { id: ID!  smiles: Int! }
`;

interface Graph extends Supergraph {
  readonly server: TestServer;
}

/** @param escalated what the desk's own root field names. */
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

describe('a supergraph', () => {
  test('composes without a remark', async () => {
    expect((await startGraph()).hints).toEqual([]);
  });

  test('adds the field of another subgraph to every ticket, in one request to that subgraph', async () => {
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
      Object.values(IDS).map((id) => named(id)),
    ]);
    expect(graph.seen('tickets')).toHaveLength(1);
  });

  test('goes through a whole page of the list in one request each way', async () => {
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

  test("comes back from another subgraph's root field to the tickets, each of its own type", async () => {
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

  test('asks for many tickets in one request, and each vendor for each ticket once', async () => {
    const ids = await idsOfAnotherWorld(20);
    const escalated = [...ids, ...ids];
    const graph = await startGraph(escalated);
    const { data, errors } = await graph.ask('{ escalated { id reference } }');
    expect(errors).toBeUndefined();
    expect((data.escalated as { id: string }[]).map(({ id }) => id)).toEqual(escalated);
    // This gateway names a ticket as often as it is wanted.
    expect(graph.seen('tickets').map(({ variables }) => variables?.representations)).toEqual([
      escalated.map((id) => named(id)),
    ]);
    const targets = targetsIn(graph.server);
    expect(targets.length).toBeGreaterThanOrEqual(ids.length);
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('comes back by the name of one type from a subgraph that knows only that', async () => {
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
      [named(IDS.OmnideskTicket, 'OmnideskTicket')],
    ]);
  });

  test('shows no ticket of another type to a subgraph that is mistaken', async () => {
    const graph = await startGraph([], [IDS.HuaweiTicket, IDS.OmnideskTicket]);
    const { data, errors } = await graph.ask('{ praised { id smiles title } }');
    expect(data.praised).toMatchObject([{ title: null }, { id: IDS.OmnideskTicket, title: expect.any(String) }]);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
  });

  test('answers the others where another subgraph names tickets that are none', async () => {
    const graph = await startGraph([IDS.HuaweiTicket, 'omnidesk:1', 'acme:1', IDS.OmnideskTicket]);
    const { data, errors } = await graph.ask('{ escalated { __typename id reference team } }');
    expect(data.escalated).toMatchObject([{ id: IDS.HuaweiTicket }, null, null, { id: IDS.OmnideskTicket }]);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_INPUT']);
  });

  test('carries a write through once, and reads the added field after it', async () => {
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

/** Each sandbox holds the same tickets. */
async function idsOfAnotherWorld(count: number): Promise<string[]> {
  return idsIn(await startTestServer(), count);
}
