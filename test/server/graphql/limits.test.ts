/** What is rejected before execution: by HTTP, the parser, the limits of documents and the estimated cost. */
import { request as openRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { FIELDS, QUERIES } from '../../../server/graphql/cost.ts';
import { loadTypeDefs } from '../../../schema/index.ts';
import { buildSchema } from '../../../server/server.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import type { Answer } from '../../support/endpoint.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly answer: Answer;
}

async function send(server: TestServer, init: RequestInit, search = ''): Promise<Reply> {
  const response = await fetch(server.url + search, init);
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, text, answer: isJson ? JSON.parse(text) : {} };
}

function post(server: TestServer, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return send(server, { ...init, body: JSON.stringify(body) });
}

/** Requests received by all vendors, authentication included. */
function receivedRequests(server: TestServer): number {
  return vendors.reduce((sum, { key }) => sum + server.vendor(key).ledger.length, 0);
}

const codesOf = ({ answer }: Reply): unknown[] => (answer.errors ?? []).map(({ extensions }) => extensions?.['code']);

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

// ---------------------------------------------------------------- documents

interface Limit {
  readonly what: string;
  readonly max: number;
  readonly code: string;
  /** Returns a document with exactly that many. */
  make(count: number): string;
}

const NAMES = ['__typename', 'key', 'name', 'configured', 'reachable', 'lists', 'mutations'];

const LIMITS: readonly Limit[] = [
  {
    what: 'levels',
    max: 15,
    code: 'OPERATION_TOO_DEEP',
    make: (count) => `{ __schema { types { ${'ofType { '.repeat(count - 3)} kind ${'}'.repeat(count - 1)} }`,
  },
  {
    what: 'levels through fragments',
    max: 15,
    code: 'OPERATION_TOO_DEEP',
    make: (count) =>
      `fragment Outer on __Type { ofType { ofType { ...Inner } } } fragment Inner on __Type { ${'ofType { '.repeat(count - 5)} kind ${'}'.repeat(count - 5)} }
       { __schema { types { ... { ...Outer } } } }`,
  },
  {
    what: 'aliases',
    max: 100,
    code: 'TOO_MANY_ALIASES',
    make: (count) => `{ vendors { ${times(count, (index) => `alias${index}: key`)} } }`,
  },
  {
    what: 'aliases through fragments',
    max: 100,
    code: 'TOO_MANY_ALIASES',
    make: (count) =>
      `fragment Names on VendorInfo { ${times(9, (index) => `alias${index}: key`)} }
       { one: vendors { ${'...Names '.repeat(11)} } ${times(count - 100, () => 'two: __typename')} }`,
  },
  {
    what: 'fields at the root of a query',
    max: 30,
    code: 'TOO_MANY_ROOT_FIELDS',
    make: (count) => `{ ${times(count, (index) => `alias${index}: __typename`)} }`,
  },
  {
    what: 'fields at the root of a query through fragments',
    max: 30,
    code: 'TOO_MANY_ROOT_FIELDS',
    make: (count) => `fragment Root on Query { __typename } { ... on Query { ${'...Root '.repeat(count)} } }`,
  },
  {
    what: 'fields at the root of a mutation',
    max: 20,
    code: 'TOO_MANY_ROOT_FIELDS',
    make: (count) =>
      `mutation { ${times(count, (index) => `alias${index}: solveUnfinishedTickets(input: { confirm: false }) { outcome }`)} }`,
  },
  {
    what: 'directives',
    max: 50,
    code: 'TOO_MANY_DIRECTIVES',
    make: (count) => `{ vendors { ${times(count, (index) => `alias${index}: key @include(if: true)`)} } }`,
  },
  {
    what: 'fields, with fragments expanded',
    max: 5_000,
    code: 'TOO_MANY_FIELDS',
    make: (count) =>
      `fragment All on VendorInfo { ${NAMES.join(' ')} }
       { vendors { ${'...All '.repeat(Math.floor((count - 1) / 7))} ${NAMES.slice(0, (count - 1) % 7).join(' ')} } }`,
  },
  {
    what: 'tokens',
    max: 15_000,
    code: 'GRAPHQL_PARSE_FAILED',
    make: (count) => `{ ticketsById(ids: [${'"x" '.repeat(count - 12)}]) { __typename } }`,
  },
  {
    what: 'fields in its response',
    max: 50_000,
    code: 'OPERATION_TOO_COSTLY',
    make: (count) => {
      const page = (index: number): string =>
        `page${index}: tickets(first: 200, filter: { vendors: [OMNIDESK] }) { nodes { ... on TicketFields {
           id vendor nativeId reference title status { raw } createdAt updatedAt } } }`;
      const rest = times(count - 50_000, () => 'last: ticket(id: "omnidesk:1") { __typename }');
      return `{ ${times(25, page)} ${rest} }`;
    },
  },
  {
    what: 'calls to vendors',
    max: 1_000,
    code: 'OPERATION_TOO_COSTLY',
    make: (count) => {
      const ids = times(200, (index) => `"omnidesk:${100_000 + index}"`);
      const rest = times(count - 1_000, () => `last: ticket(id: "omnidesk:1") { __typename }`);
      return `{ ${times(5, (index) => `alias${index}: ticketsById(ids: [${ids}]) { __typename }`)} ${rest} }`;
    },
  },
];

describe('documents', () => {
  test.each(LIMITS)(
    'a document with $max $what is executed, and with one more is rejected',
    async ({ max, code, make }) => {
      const server = await startTestServer();
      expect(codesOf(await post(server, { query: make(max) }))).not.toContain(code);

      server.forget();
      const rejected = await post(server, { query: make(max + 1) });
      expect([rejected.status, codesOf(rejected)]).toEqual([400, [code]]);
      expect(rejected.answer.errors?.[0]?.message).toMatch(new RegExp(`at most ${max}\\b.*\\.$`));
      expect(rejected.answer.data).toBeUndefined();
      expect([receivedRequests(server), server.defects]).toEqual([0, []]);
    },
  );

  test('a document that exceeds a limit is rejected with that error alone', async () => {
    const server = await startTestServer();
    const reply = await post(server, {
      query: `{ ${times(31, (index) => `nothing${index}`)} } fragment Unused on Nothing { x }`,
    });
    expect(codesOf(reply)).toEqual(['TOO_MANY_ROOT_FIELDS']);
  });

  test('a document whose fragments expand exponentially is rejected without expanding them', async () => {
    const server = await startTestServer();
    const fragments = times(1_000, (index) => `fragment F${index} on VendorInfo { ...F${index + 1} ...F${index + 1} }`);
    const query = `{ vendors { ...F0 } } ${fragments} fragment F1000 on VendorInfo { key }`;
    const reply = await post(server, { query });
    expect([reply.status, codesOf(reply)]).toEqual([400, ['TOO_MANY_FIELDS']]);
  });

  test('unused fragments count against the limits', async () => {
    const server = await startTestServer();
    const fragments = times(20, (index) => `fragment F${index} on VendorInfo { ...F${index + 1} ...F${index + 1} }`);
    const reply = await post(server, { query: `{ __typename } ${fragments} fragment F20 on VendorInfo { key }` });
    expect([reply.status, codesOf(reply)]).toEqual([400, ['TOO_MANY_FIELDS']]);
  });

  test('a document with cyclic fragments is rejected by validation', async () => {
    const server = await startTestServer();
    const fragments = times(300, (index) => `fragment F${index} on Query { ...F${(index + 1) % 300} }`);
    const reply = await post(server, { query: `{ ...F0 } ${fragments}` });
    expect(reply.status).toBe(400);
    expect(new Set(codesOf(reply))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });

  test.each([
    ['fragments', 70, 'OPERATION_TOO_DEEP', (n: number) => `{ ${'... { '.repeat(n)} __typename ${'}'.repeat(n)} }`],
    [
      'lists',
      70,
      'OPERATION_TOO_DEEP',
      (n: number) => `{ ticketsById(ids: ${'['.repeat(n)}${']'.repeat(n)}) { __typename } }`,
    ],
    [
      'objects',
      70,
      'OPERATION_TOO_DEEP',
      (n: number) =>
        `mutation { executeAction(input: { ticketId: "akana:x", action: "x", inputs: ${'{ a: '.repeat(n)} 1 ${'}'.repeat(n)} }) { outcome } }`,
    ],
    [
      'types',
      70,
      'OPERATION_TOO_DEEP',
      (n: number) => `query ($ids: ${'['.repeat(n)} ID ${']'.repeat(n)}) { __typename }`,
    ],
    ['fields', 7_000, 'GRAPHQL_PARSE_FAILED', (n: number) => `{ ${'a { '.repeat(n)} a ${'}'.repeat(n)} }`],
    ['lists', 7_000, 'GRAPHQL_PARSE_FAILED', (n: number) => `{ a(b: ${'['.repeat(n)}${']'.repeat(n)}) }`],
  ])('%s nested %i deep are rejected without overflowing the stack', async (_, count, code, make) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const reply = await post(server, { query: make(count) });
    expect([reply.status, codesOf(reply)]).toEqual([400, [code]]);
    expect(reply.answer.errors?.[0]?.message).toMatch(
      /^(Braces and brackets may be nested at most 60|The document is nested too) deep/,
    );
    expect(server.defects).toEqual([]);
  });

  test.each([
    ['objects', (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`],
    ['lists', (n: number) => `{"a":${'['.repeat(n - 1)}${']'.repeat(n - 1)}}`],
  ])('variables with %s up to 60 deep are accepted, and deeper ones are rejected', async (_, make) => {
    const server = await startTestServer();
    const query = `mutation ($extra: JSONObject) { transitionInProgress(input: { dryRun: true, transition: { complete: { extra: $extra } },
      ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08" }) { plan { method } } }`;
    const headers = { 'content-type': 'application/json' };
    const sendDeep = (depth: number): Promise<Reply> => {
      const body = `{"query":${JSON.stringify(query)},"variables":{"extra":${make(depth)}}}`;
      return send(server, { method: 'POST', headers, body });
    };
    expect((await sendDeep(60)).answer.data.transitionInProgress.plan).toHaveLength(1);
    for (const depth of [61, 100_000]) {
      const rejected = await sendDeep(depth);
      expect([rejected.status, codesOf(rejected)]).toEqual([400, ['OPERATION_TOO_DEEP']]);
      expect(rejected.answer.errors?.[0]?.message).toBe('Variables may be nested at most 60 deep.');
    }
    expect(server.defects).toEqual([]);
  });

  test.each([
    ['query of GraphiQL', {}],
    [
      'query with all options',
      {
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      },
    ],
  ])('introspection passes all limits: %s', async (_, options) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const reply = await post(server, { query: getIntrospectionQuery(options), operationName: 'IntrospectionQuery' });
    expect([reply.status, reply.answer.errors]).toEqual([200, undefined]);
    expect(reply.answer.data.__schema.types.length).toBeGreaterThan(50);
  });

  test.each([
    [
      'MAX_TOKENS',
      '10',
      '{ vendors { key name configured reachable lists mutations queued } }',
      'GRAPHQL_PARSE_FAILED',
    ],
    ['MAX_DEPTH', '1', '{ vendors { key } }', 'OPERATION_TOO_DEEP'],
    ['MAX_ALIASES', '0', '{ a: __typename }', 'TOO_MANY_ALIASES'],
    ['MAX_DIRECTIVES', '0', '{ __typename @include(if: true) }', 'TOO_MANY_DIRECTIVES'],
    ['MAX_FIELDS', '2', '{ vendors { key name } }', 'TOO_MANY_FIELDS'],
    ['MAX_ROOT_QUERIES', '1', '{ __typename vendors { key } }', 'TOO_MANY_ROOT_FIELDS'],
    ['MAX_ROOT_MUTATIONS', '1', 'mutation { __typename again: __typename }', 'TOO_MANY_ROOT_FIELDS'],
    ['MAX_UPSTREAM_CALLS', '1', '{ tickets { nodes { __typename } } }', 'OPERATION_TOO_COSTLY'],
    ['MAX_ANSWER_FIELDS', '9', '{ tickets(first: 5) { nodes { __typename } } }', 'OPERATION_TOO_COSTLY'],
  ])('documents are limited by %s', async (variable, value, query, code) => {
    const usual = await startTestServer();
    expect((await post(usual, { query })).answer.errors).toBeUndefined();
    const strict = await startTestServer({ environment: { [variable]: value } });
    expect(codesOf(await post(strict, { query }))).toEqual([code]);
  });
});

// ---------------------------------------------------------------- cost

const IDS = ['omnidesk:858462', 'huawei:TS-123456', 'akana:ticket25687.acmepaymentscorp'];
const FIELDS_OF_TICKET =
  '... on TicketFields { id availableActions { ... on TicketActionFields { name inputs { name } } } }';

interface Costing {
  readonly what: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly calls: number;
}

const COSTS: readonly Costing[] = [
  {
    what: 'one for each ticket by id',
    calls: 2,
    query: `{ ticket(id: "${IDS[0]}") { __typename } node(id: "${IDS[1]}") { id } }`,
  },
  {
    what: 'one for each id of a list',
    calls: 6,
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } ticketsById(ids: $ids) { __typename } }',
    variables: { ids: IDS },
  },
  {
    what: 'one for each id of a list that is the default of a variable',
    calls: 3,
    query: `query ($ids: [ID!]! = ${JSON.stringify(IDS)}) { ticketsById(ids: $ids) { __typename } }`,
  },
  {
    what: 'one for each thing that a router names',
    calls: 3,
    query: 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }',
    variables: { all: IDS.map((id) => ({ __typename: 'TicketFields', id })) },
  },
  { what: 'one for each vendor that is asked for its list', calls: 6, query: '{ tickets { nodes { __typename } } }' },
  {
    what: 'one for each vendor that is named, once',
    calls: 2,
    query: '{ tickets(filter: { vendors: [HUAWEI, OMNIDESK, HUAWEI] }) { nodes { __typename } } }',
  },
  {
    what: 'three more per ticket for inputs of actions',
    calls: 2 + 10 * 3,
    query: `query ($first: Int) { tickets(first: $first, filter: { vendors: [HUAWEI, OMNIDESK] }) { nodes { ${FIELDS_OF_TICKET} } } }`,
    variables: { first: 10 },
  },
  {
    what: 'that of 25 tickets for a page if first is null',
    calls: 2 + 25 * 3,
    query: `query ($first: Int) { tickets(first: $first, filter: { vendors: [HUAWEI, OMNIDESK] }) { nodes { ${FIELDS_OF_TICKET} } } }`,
    variables: { first: null },
  },
  {
    what: 'fields selected by several fragments count once',
    calls: 1 + 3,
    query: `{ ticket(id: "${IDS[0]}") { ${FIELDS_OF_TICKET} ... on OmnideskTicket { availableActions { ...A } } ... { ...T } } }
            fragment T on Ticket { ${FIELDS_OF_TICKET} } fragment A on TicketAction { ... on TicketActionFields { inputs { type } } }`,
  },
  {
    what: 'skipped fields count nothing',
    calls: 2,
    query: `query ($no: Boolean = false, $yes: Boolean!) {
      ticket(id: "${IDS[0]}") { ... on TicketFields @include(if: $no) { ...T } ... @skip(if: $yes) { ...T } }
      other: ticket(id: "${IDS[1]}") { __typename }
      another: ticket(id: "${IDS[2]}") @skip(if: $yes) { __typename }
    } fragment T on Ticket { ${FIELDS_OF_TICKET} }`,
    variables: { yes: true },
  },
  {
    what: 'one for each written ticket, and one for each that is read after the write',
    calls: 3 + 3,
    query: `mutation ($ids: [ID!]!) { setStatus(input: { ticketIds: $ids, status: CLOSED }) { results { outcome ticket { __typename } } } }`,
    variables: { ids: IDS },
  },
  {
    what: 'one for a write to one ticket, and the calls for finding it after the write',
    calls: 2 + 5 + 3,
    query: `mutation { assignOperator(input: { ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08", operatorId: "7" }) { outcome ticket { ${FIELDS_OF_TICKET} } }
            createTicket(input: { ticket: { omnidesk: { title: "x" } } }) { outcome } }`,
  },
];

describe('cost', () => {
  test.each(COSTS)('the estimated cost is $calls: $what', async ({ query, variables, calls }) => {
    const limit = { MAX_UPSTREAM_CALLS: String(calls - 1) };
    const strict = await startTestServer({ environment: limit });
    const rejected = await post(strict, { query, variables });
    expect([rejected.status, codesOf(rejected), rejected.answer.errors?.[0]?.message]).toEqual([
      400,
      ['OPERATION_TOO_COSTLY'],
      expect.stringContaining(`about ${calls} calls to vendors; at most ${calls - 1} are`),
    ]);
    expect(receivedRequests(strict)).toBe(0);

    const usual = await startTestServer();
    expect(codesOf(await post(usual, { query, variables }))).not.toContain('OPERATION_TOO_COSTLY');
    const made = vendors.reduce((sum, { key }) => sum + usual.calls(key).length, 0);
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(calls);
  });

  test('operations that need no vendor cost nothing', async () => {
    const server = await startTestServer({ environment: { MAX_UPSTREAM_CALLS: '1' } });
    const { status, answer } = await post(server, {
      query: '{ vendors { key } __schema { queryType { name } } _service { sdl } }',
    });
    expect([status, answer.errors]).toEqual([200, undefined]);
  });

  test.each([
    [
      'in the payload of a write',
      'mutation ($text: String!) { executeAction(input: { ticketId: "x", action: "x", clientMutationId: $text }) { FIELDS } }',
      'clientMutationId',
    ],
    [
      'in the error of an id',
      'mutation ($text: ID!) { deleteTickets(input: { ticketIds: [$text] }) { results { FIELDS } } }',
      'ticketId',
    ],
    [
      'in a plan',
      `mutation ($text: ID!) { transitionInProgress(input: { dryRun: true, transition: { complete: { extra: { a: [$text] } } },
         ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08" }) { plan { FIELDS } } }`,
      'body',
    ],
    ['in the errors of a query', 'query ($text: ID!) { FIELDS }', 'ticket(id: $text) { __typename }'],
  ])('the cost includes a long text that would be repeated many times: %s', async (_, document, field) => {
    const server = await startTestServer();
    const ask = (names: number, length: number): Promise<Reply> => {
      const fields = times(names, (index) => `name${index}: ${field}`);
      return post(server, { query: document.replace('FIELDS', fields), variables: { text: 'x'.repeat(length) } });
    };
    expect(codesOf(await ask(2, 400_000))).not.toContain('OPERATION_TOO_COSTLY');
    expect(codesOf(await ask(29, 200))).not.toContain('OPERATION_TOO_COSTLY');
    const rejected = await ask(29, 900_000);
    expect([rejected.status, codesOf(rejected)]).toEqual([400, ['OPERATION_TOO_COSTLY']]);
    expect([receivedRequests(server), server.defects]).toEqual([0, []]);
  });

  test('lists that are too long cost nothing, and are rejected by their field', async () => {
    const server = await startTestServer();
    const ids = Array.from({ length: 5_000 }, (_, index) => `omnidesk:${index}`);
    const read = await post(server, { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids } });
    expect([read.status, codesOf(read)]).toEqual([200, ['INVALID_INPUT']]);
    const query = 'mutation ($ids: [ID!]!) { deleteTickets(input: { ticketIds: $ids }) { outcome problems { code } } }';
    const write = await post(server, { query, variables: { ids } });
    expect(write.answer).toEqual({
      data: { deleteTickets: { outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT' }] } },
    });
    expect(receivedRequests(server)).toBe(0);
  });

  test.each([
    ['of the wrong type', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [{}] }, 400],
    ['that is missing', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {}, 400],
    [
      'that is null for a non-null argument',
      'query ($id: ID = "x") { ticket(id: $id) { __typename } }',
      { id: null },
      200,
    ],
    [
      'that makes a directive’s argument null',
      'query ($no: Boolean = true) { __typename @skip(if: $no) }',
      { no: null },
      200,
    ],
  ])('the cost check ignores a variable %s', async (_, query, variables, status) => {
    const server = await startTestServer({ environment: { MAX_UPSTREAM_CALLS: '1' } });
    const reply = await post(server, { query, variables });
    expect([reply.status, codesOf(reply), server.defects]).toEqual([status, ['BAD_USER_INPUT'], []]);
    expect(receivedRequests(server)).toBe(0);
  });

  test('the cost tables name each field of Query, and only existing fields', () => {
    const schema = buildSchema(loadTypeDefs());
    expect(Object.keys(QUERIES).toSorted()).toEqual(Object.keys(schema.getQueryType()!.getFields()).toSorted());
    const names = Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type ? Object.keys(type.getFields()) : [],
    );
    expect(names).toEqual(expect.arrayContaining(Object.keys(FIELDS)));
  });

  test('more than 200 representations of a router are rejected before the cost is estimated', async () => {
    const server = await startTestServer();
    const query = 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }';
    const all = Array.from({ length: 201 }, (_, index) => ({
      __typename: 'TicketFields',
      id: `omnidesk:${100_000 + index}`,
    }));
    const rejected = await post(server, { query, variables: { all } });
    expect([rejected.status, codesOf(rejected)]).toEqual([400, ['INVALID_INPUT']]);
    expect(rejected.answer.errors?.[0]?.message).toMatch(/at most 200 representations\.$/);
    expect(receivedRequests(server)).toBe(0);
  });
});

// ---------------------------------------------------------------- HTTP

describe('request bodies', () => {
  test('a body whose content-length is too large is rejected before it is sent', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const headers = { 'content-type': 'application/json', 'content-length': '1000001' };
    const request = openRequest(server.url, { method: 'POST', headers });
    onTestFinished(() => void request.destroy());
    request.on('error', () => undefined);
    request.flushHeaders();
    const [status, text] = await new Promise<[number | undefined, string]>((resolve) =>
      request.once('response', (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.once('end', () => resolve([response.statusCode, body]));
      }),
    );
    expect([status, JSON.parse(text)]).toEqual([413, TOO_LARGE]);
  });

  test('a body without content-length is rejected once it is too large', async () => {
    const server = await startTestServer({ environment: { MAX_BODY_BYTES: '1000' } });
    const query = '{ vendors { key } }';
    const headers = { 'content-type': 'application/json' };
    const sendBytes = (bytes: number): Promise<Reply> => {
      const body = JSON.stringify({ query }).padEnd(bytes);
      // A stream has no length beforehand.
      return send(server, { method: 'POST', headers, body: new Blob([body]).stream(), duplex: 'half' });
    };
    expect((await sendBytes(1_000)).status).toBe(200);
    const rejected = await sendBytes(1_001);
    expect([rejected.status, codesOf(rejected)]).toEqual([413, ['BODY_TOO_LARGE']]);
    expect(rejected.answer.errors?.[0]?.message).toContain('at most 1000 bytes');
  });

  test('a body of a million bytes is read', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const reply = await post(server, { query: '{ __typename }', padding: 'x'.repeat(999_000) });
    expect(reply.answer).toEqual({ data: { __typename: 'Query' } });
  });

  test.each(['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'gzip, identity', 'x-unknown'])(
    'a body with content-encoding %s is rejected without decompressing it',
    async (encoding) => {
      const server = await startTestServer();
      const body = gzipSync(JSON.stringify({ query: '{ tickets { nodes { __typename } } }' }));
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const rejected = await send(server, { method: 'POST', headers, body });
      expect([rejected.status, codesOf(rejected)]).toEqual([415, ['UNSUPPORTED_CONTENT_ENCODING']]);
      expect(rejected.headers.get('accept-encoding')).toBe('identity');
      expect(receivedRequests(server)).toBe(0);
    },
  );

  test('a body with content-encoding identity is read', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { status } = await post(server, { query: '{ __typename }' }, { 'content-encoding': 'identity' });
    expect(status).toBe(200);
  });

  test.each([
    ['no JSON', '{"query":', 'application/json', 400, 'BAD_REQUEST'],
    ['empty', '', 'application/json', 400, 'BAD_REQUEST'],
    [
      'a list of operations',
      '[{"query":"{ tickets { nodes { __typename } } }"}]',
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    ['an empty list', '[]', 'application/json', 400, 'BAD_REQUEST'],
    ['text', '{"query":"{ __typename }"}', 'text/plain', 400, 'BAD_REQUEST'],
    ['a form', 'query={__typename}', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form of several parts', '--x--', 'multipart/form-data; boundary=x', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['XML', '<query/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('a body that is %s is rejected with a code', async (_, body, type, status, code) => {
    const server = await startTestServer();
    const rejected = await send(server, { method: 'POST', headers: { 'content-type': type }, body });
    expect([rejected.status, codesOf(rejected)]).toEqual([status, [code]]);
    expect(Object.keys(rejected.answer)).toEqual(['errors']);
    expect([receivedRequests(server), server.defects]).toEqual([0, []]);
  });

  test('an incomplete body is answered with 408 and its connection is closed', async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { REQUEST_TIMEOUT_MS: '200' } });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":',
    );
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

test('the connection of a client that does not read its response is closed', async () => {
  const lines: string[] = [];
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { REQUEST_TIMEOUT_MS: '1500', MAX_ALIASES: '1000' },
    logStream: { write: (line) => void lines.push(line) },
  });
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined).pause();
  // More than the socket buffers hold.
  const body = JSON.stringify({ query: `{ _service { ${times(900, (index) => `copy${index}: sdl`)} } }` });
  socket.write(`POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`);
  socket.write(`content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  await expect.poll(() => lines.join('')).toContain('"result":"canceled"');
});

const TOO_LARGE = {
  errors: [{ message: "A request's body may have at most 1000000 bytes.", extensions: { code: 'BODY_TOO_LARGE' } }],
};

describe('requests that a form or a link on another page can send', () => {
  const query = `?query=${encodeURIComponent('{ tickets(first: 1) { nodes { __typename } } }')}`;

  test('a GET request without a preflight header is rejected before any call', async () => {
    const server = await startTestServer();
    const rejected = await send(server, { method: 'GET' }, query);
    expect([rejected.status, codesOf(rejected)]).toEqual([400, ['BAD_REQUEST']]);
    expect(receivedRequests(server)).toBe(0);
  });

  test('a GET request with a preflight header is executed', async () => {
    const server = await startTestServer();
    const reply = await send(server, { method: 'GET', headers: { 'apollo-require-preflight': '1' } }, query);
    expect([reply.status, reply.answer.errors]).toEqual([200, undefined]);
  });

  test('a mutation by GET is rejected', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const mutation = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }';
    const search = `?query=${encodeURIComponent(mutation)}`;
    const rejected = await send(server, { method: 'GET', headers: { 'apollo-require-preflight': '1' } }, search);
    expect([rejected.status, codesOf(rejected), rejected.headers.get('allow')]).toEqual([405, ['BAD_REQUEST'], 'POST']);
    expect(server.vendor('omnidesk').ledger).toEqual([]);
  });
});

describe('errors', () => {
  const INVALID: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['{ vendors { kee } }', {}],
    ['{ ticket(idd: "x") { __typename } }', {}],
    ['{ tickets(filter: { vendor: [AKANA] }) { nodes { __typename } } }', {}],
    ['{ tickets { nodes { ... on AkanTicket { id } } } }', {}],
    ['{ tickets(filter: { categories: [SOLVE] }) { nodes { __typename } } }', {}],
    [
      'query ($all: [StatusCategory!]) { tickets(filter: { categories: $all }) { nodes { __typename } } }',
      { all: ['SOLVE'] },
    ],
    [
      'query ($filter: TicketFilter) { tickets(filter: $filter) { nodes { __typename } } }',
      { filter: { vendor: ['AKANA'] } },
    ],
  ];

  test.each(INVALID)('errors suggest no names while introspection is off: %s', async (query, variables) => {
    const open = await startTestServer();
    expect((await post(open, { query, variables })).text).toContain('Did you mean');

    const closed = await startTestServer({ environment: { NODE_ENV: 'production' } });
    const reply = await post(closed, { query, variables });
    expect(reply.status).toBe(400);
    expect(reply.text).not.toMatch(/did you mean|\bkey\b|SOLVED|AkanaTicket|"vendors"/i);
    expect(reply.text).not.toMatch(/stack|node_modules|\.ts:/);
    expect(closed.defects).toEqual([]);
  });

  test('introspection is rejected in production', async () => {
    const server = await startTestServer({ environment: { NODE_ENV: 'production' } });
    const reply = await post(server, { query: getIntrospectionQuery() });
    expect([reply.status, new Set(codesOf(reply))]).toEqual([400, new Set(['GRAPHQL_VALIDATION_FAILED'])]);
    expect(reply.answer.data).toBeUndefined();
  });

  test('errors that graphql-js reports without a code get one, and count as errors of the client', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    // More errors than graphql-js reports: its last one has no code.
    const reply = await post(server, { query, variables: { ids: Array(200).fill({}) } });
    expect([reply.status, new Set(codesOf(reply))]).toEqual([400, new Set(['BAD_USER_INPUT', 'BAD_REQUEST'])]);
    expect(server.defects).toEqual([]);
  });

  test.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['*/*', 400],
  ])('errors in a document have the status that accept: %s requires', async (accept, status) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const statusOf = async (body: unknown): Promise<number> => (await post(server, body, { accept })).status;
    expect(await statusOf({ query: '{' })).toBe(status);
    expect(await statusOf({ query: '{ nothing }' })).toBe(status);
    expect(await statusOf({ query: 'query ($id: ID!) { ticket(id: $id) { __typename } }' })).toBe(status);
    for (const { make, max } of LIMITS) expect(await statusOf({ query: make(max + 1) })).toBe(400);
    expect(await statusOf({})).toBe(400);
  });
});

test("graphql-http's audit reports no error and no warning", async () => {
  const server = await startTestServer();
  const results = await auditServer({ url: server.url, fetchFn: fetch });
  expect(results.length).toBeGreaterThan(50);
  const found = results.filter(({ status }) => status === 'error' || status === 'warn');
  expect(found.map(({ name, status }) => `${status}: ${name}`)).toEqual([]);
});

// ---------------------------------------------------------------- pages of other origins

describe('cross-origin requests', () => {
  const STUDIO = 'https://studio.apollographql.com';
  const environment = { CORS_ORIGINS: 'https://app.example.com, studio,http://localhost:3000' };
  const body = JSON.stringify({ query: '{ __typename }' });

  const preflight = (server: TestServer, origin: string): Promise<Reply> => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    return send(server, { method: 'OPTIONS', headers });
  };
  const EXPOSED = { 'access-control-expose-headers': 'x-request-id, retry-after' };
  const corsOf = ({ headers }: Reply): Record<string, string> =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

  test.each(['https://app.example.com', STUDIO, 'http://localhost:3000'])(
    'a page of a listed origin may send requests: %s',
    async (origin) => {
      const server = await startTestServer({ keys: ['omnidesk'], environment });
      const before = await preflight(server, origin);
      expect([before.status, before.text]).toEqual([204, '']);
      expect(corsOf(before)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers':
          'content-type, authorization, x-api-key, apollo-require-preflight, traceparent, tracestate, x-request-id, apollographql-client-name, apollographql-client-version',
        'access-control-max-age': '600',
      });
      const reply = await send(server, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body,
      });
      expect(reply.answer).toEqual({ data: { __typename: 'Query' } });
      expect(corsOf(reply)).toEqual({ 'access-control-allow-origin': origin, ...EXPOSED });
      expect([before.headers.get('vary'), reply.headers.get('vary')]).toEqual(['Origin', 'Origin']);
    },
  );

  test.each([
    'https://evil.example.com',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
    'studio',
  ])('a page of an unlisted origin gets no CORS headers: %s', async (origin) => {
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    const replies = [await preflight(server, origin), await post(server, { query: '{ __typename }' }, { origin })];
    expect(replies.map(corsOf)).toEqual([{}, {}]);
    // A cache must keep the two apart.
    expect(replies.map(({ headers }) => headers.get('vary'))).toEqual(['Origin', 'Origin']);
  });

  test('no page gets CORS headers without a list of origins', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const before = await preflight(server, STUDIO);
    expect([before.status, corsOf(before)]).toEqual([204, {}]);
    expect(corsOf(await post(server, { query: '{ __typename }' }, { origin: STUDIO }))).toEqual({});
    expect(server.defects).toEqual([]);
  });

  test('a page of a listed origin can read errors', async () => {
    const server = await startTestServer({
      keys: ['omnidesk'],
      environment: { ...environment, MAX_BODY_BYTES: '1000' },
    });
    const headers = { origin: STUDIO, 'content-type': 'application/json' };
    const replies = [
      await send(server, { method: 'POST', headers, body: 'x'.repeat(1_001) }),
      await send(server, { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body }),
      await send(server, { method: 'POST', headers, body: '{' }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([413, 415, 400]);
    expect(replies.map(corsOf)).toEqual(Array(3).fill({ 'access-control-allow-origin': STUDIO, ...EXPOSED }));
  });

  test.each(['*', 'null', 'https://app.example.com/', 'app.example.com', 'https://*.example.com/x', 'ftp://a.example'])(
    'CORS_ORIGINS rejects an invalid list of origins: %s',
    (value) => {
      expect(() => readEnvironment({ CORS_ORIGINS: value }, [])).toThrow(/^CORS_ORIGINS is missing or invalid/);
    },
  );
});
