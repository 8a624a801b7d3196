/** Every operation of the client against the real server: it is taken, answered and typed, and the vendor saw it. */
import { Kind, OperationTypeNode, getVariableValues } from 'graphql';
import { describe, expect, test } from 'vitest';
import * as client from '../../client/index.ts';
import type { ListFilter } from '../../datasources/contract.ts';
import { estimateList } from '../../datasources/reads/page-source.ts';
import { vendors } from '../../datasources/vendors.ts';
import { prepareCostCheck } from '../../server/graphql/cost.ts';
import { DEFAULT_LIMITS } from '../../server/graphql/limits.ts';
import { loadTypeDefs } from '../../schema/index.ts';
import { buildSchema } from '../../server/server.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const REQUESTOR = 'requestor:47';
const AKANA = 'akana:ticket25687.acmepaymentscorp';
const OMNIDESK = 'omnidesk:858462';
const HUAWEI = 'huawei:TS-123456';
const JIFELINE = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';
const UUID = '0d6c9e3b-6c1a-4b1e-9c39-5f9d1c1f7a10';

const NEW: client.NewOmnideskTicketInput = {
  brandId: 2,
  channelId: 1,
  direction: 'OUTBOUND',
  from: 'service@mybrand.com',
  to: 'thomas@test.com',
  title: 'No sound',
};

const EACH = [REQUESTOR, AKANA, OMNIDESK, HUAWEI, JIFELINE];

type Methods = Omit<
  client.Ticketgraph,
  'request' | 'settle' | 'watch' | 'watchBulk' | 'uploadTickets' | 'bulkResults' | 'openBulkResults'
>;

/** The variables of each method. That none is missing is seen by the compiler. */
const VARIABLES: { readonly [Name in keyof Methods]: Parameters<Methods[Name]>[0] } = {
  node: { id: HUAWEI },
  nodes: { ids: EACH },
  ticket: { id: REQUESTOR },
  ticketsById: { ids: EACH },
  tickets: { first: 10 },
  vendors: {},
  liveCursor: {},
  executeAction: { input: { ticketId: AKANA, action: 'ticket.action.resolve' }, withTicket: true },
  setStatus: { input: { ticketIds: [OMNIDESK, HUAWEI], status: 'CLOSED' }, withTicket: true },
  setPriority: { input: { ticketIds: [OMNIDESK], priority: 'URGENT' }, withTicket: true },
  createTicket: { input: { ticket: { omnidesk: NEW } }, withTicket: true },
  updateTicket: { input: { ticketId: OMNIDESK, title: 'No sound at all' }, withTicket: true },
  deleteTickets: { input: { ticketIds: [OMNIDESK] } },
  startBulk: {
    input: { work: { setStatus: { status: 'SOLVED' } }, tickets: { ids: [OMNIDESK] }, idempotencyKey: 'b' },
  },
  cancelBulk: { input: { id: 'bulk-job:1' } },
  bulkJob: { id: 'bulk-job:1' },
  bulkJobs: { first: 1 },
  unlinkCustomer: { input: { ticketId: OMNIDESK }, withTicket: true },
  runBatch: { input: { ticketIds: [OMNIDESK], actions: [{ actionType: 'addTag', value: 'vip' }] }, withTicket: true },
  solveUnfinishedTickets: { input: { confirm: true } },
  pushWorkflow: { input: { ticketId: REQUESTOR, action: '207' }, withTicket: true },
  transitionInProgress: { input: { ticketId: JIFELINE, transition: { complete: {} } }, withTicket: true },
  assignOperator: { input: { ticketId: JIFELINE, operatorId: UUID }, withTicket: true },
};

/** What each write did, in the vendors' own words. */
const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  executeAction: ['ticket.action.resolve ticket25687.acmepaymentscorp'],
  setStatus: ['setStatus closed 858462', 'close TS-123456'],
  setPriority: ['setPriority urgent 858462'],
  createTicket: ['create'],
  updateTicket: ['update 858462'],
  deleteTickets: ['delete 858462'],
  unlinkCustomer: ['unlinkCustomerFromTicket 858462'],
  runBatch: ['addTag'],
  solveUnfinishedTickets: Array.from({ length: 25 }, () => 'solve'),
  pushWorkflow: ['WorkflowPush 207 47'],
  transitionInProgress: ['complete'],
  assignOperator: ['update operator_id'],
};

/** Without subscriptions, which are no methods: `watch.test.ts`, `bulk.test.ts`. */
const OPERATIONS = Object.entries(client)
  .filter(([name]) => name.endsWith('Document') && !name.endsWith('ChangedDocument'))
  .map(([name, document]) => {
    const method = (name.charAt(0).toLowerCase() + name.slice(1, -'Document'.length)) as keyof Methods;
    const { definitions } = document as typeof client.TicketDocument;
    const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
    return { method, operation, document: document as typeof client.TicketDocument };
  });

/** Methods for bulk jobs, which a test of its own calls one after the other. */
const BULK: readonly (keyof Methods)[] = ['startBulk', 'cancelBulk', 'bulkJob', 'bulkJobs'];

/** Methods that call no vendor before they return. */
const WITHOUT_CALLS: readonly (keyof Methods)[] = ['vendors', 'liveCursor', ...BULK];

const ofKind = (kind: OperationTypeNode): (keyof Methods)[] =>
  OPERATIONS.filter(({ operation, method }) => operation.operation === kind && !BULK.includes(method)).map(
    ({ method }) => method,
  );

function call(server: TestServer, method: keyof Methods): Promise<never> {
  const methods = client.createTicketgraph({ url: server.url }) as unknown as Record<
    string,
    (it: unknown) => Promise<never>
  >;
  return methods[method]!(VARIABLES[method]);
}

function effectsOf(server: TestServer): string[] {
  return vendors.flatMap(({ key }) => server.vendor(key).effects.map(({ what, ticket }) => `${what} ${ticket}`));
}

describe('a read', () => {
  test.each(ofKind(OperationTypeNode.QUERY))("the method %s returns its field's value", async (method) => {
    const server = await startTestServer();
    const value = await call(server, method);
    expect(value).not.toBeNull();
    expect(server.defects).toEqual([]);
  });

  test('ticketsById keeps the order of ids and returns vendor-specific fields', async () => {
    const server = await startTestServer();
    const tickets = await client.createTicketgraph({ url: server.url }).ticketsById({ ids: EACH });
    expect(tickets.map((ticket) => ticket?.id)).toEqual(EACH);
    const own = tickets.map((ticket) => {
      switch (ticket?.__typename) {
        case 'RequestorTicket':
          return ticket.ticketRef;
        case 'AkanaTicket':
          return ticket.state;
        case 'OmnideskTicket':
          return ticket.brandId;
        case 'HuaweiTicket':
          return ticket.statusCode;
        case 'JifelineTicket':
          return ticket.ticketNumber;
        default:
          return null;
      }
    });
    expect(own).toEqual([expect.any(String), 'OPEN', expect.any(String), 1, expect.any(String)]);
  });

  test('paging reaches the end without duplicates', async () => {
    const server = await startTestServer();
    const { tickets } = client.createTicketgraph({ url: server.url });
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: client.TicketPageFragment = await tickets({ first: 100, after });
      ids.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(100);
  });
});

describe('a write', () => {
  test.each(ofKind(OperationTypeNode.MUTATION))('the method %s is applied by the vendor', async (method) => {
    const server = await startTestServer();
    const payload = (await call(server, method)) as client.WriteReportFragment;
    expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [], replayed: false });
    const effects = effectsOf(server);
    expect(effects).toHaveLength(EFFECTS[method]!.length);
    EFFECTS[method]!.forEach((effect, index) => expect(effects[index]).toContain(effect));
    expect(server.defects).toEqual([]);
  });

  test('a bulk job is started, found, listed with its results and canceled', async () => {
    const server = await startTestServer();
    const { startBulk, bulkJob, bulkJobs, cancelBulk } = client.createTicketgraph({ url: server.url });
    const { job } = await startBulk(VARIABLES.startBulk);
    const { id } = job!;
    expect((await bulkJob({ id, withResults: true }))?.results?.nodes).toBeDefined();
    expect((await bulkJobs({ first: 1 })).nodes).toMatchObject([{ id }]);
    expect(await cancelBulk({ input: { id } })).toMatchObject({ job: { id }, problems: [] });
    expect(server.defects).toEqual([]);
  });

  test('a write reads the ticket only with withTicket', async () => {
    const server = await startTestServer();
    const { executeAction } = client.createTicketgraph({ url: server.url });
    const plain = await executeAction({ input: { ticketId: HUAWEI, action: 'close' } });
    expect(plain).not.toHaveProperty('ticket');
    expect(server.calls('huawei').map(({ arrival }) => arrival.method)).toEqual(['POST']);
  });
});

describe('an operation', () => {
  const schema = buildSchema(loadTypeDefs());

  /** The maximum number of each per request. */
  const MOST: Readonly<Record<string, (given: readonly string[]) => unknown>> = {
    ids: ([id]) => Array.from({ length: 200 }, () => id),
    ticketIds: ([id]) => Array.from({ length: 100 }, () => id),
    first: () => 200,
  };

  function atMost(method: keyof Methods): object {
    return JSON.parse(JSON.stringify(VARIABLES[method]), (key, value) => MOST[key]?.(value) ?? value);
  }

  const COSTS = vendors.map((vendor) => ({
    key: vendor.key,
    vendor: vendor.key.toUpperCase(),
    findCalls: vendor.findCalls ?? 1,
    listCalls: (first: number, filter: ListFilter) => estimateList(vendor, {}, first, filter),
  }));

  function checkCost(upstreamCalls: number, document: typeof client.TicketDocument, variables: object): unknown {
    const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
    expect(errors).toBeUndefined();
    const check = prepareCostCheck(
      { ...DEFAULT_LIMITS, upstreamCalls, sources: COSTS },
      { schema, document, operation },
    );
    return check(coerced!)?.extensions['code'];
  }

  test.each(OPERATIONS)('$method stays within the limit of vendor calls', (one) => {
    expect(checkCost(DEFAULT_LIMITS.upstreamCalls, one.document, atMost(one.method))).toBeUndefined();
    // Calls are counted at all: without any allowed, every operation that needs a vendor is rejected.
    const withoutCalls = checkCost(0, one.document, atMost(one.method));
    expect(withoutCalls).toBe(WITHOUT_CALLS.includes(one.method) ? undefined : 'OPERATION_TOO_COSTLY');
  });
});
