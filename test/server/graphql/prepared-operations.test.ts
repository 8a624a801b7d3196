/**
 * The fast path responds like Apollo Server, and runs the same checks. Each request is sent several times; the first goes
 * through Apollo Server.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Kind, OperationTypeNode, parse, print, separateOperations } from 'graphql';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { digest, printManifest } from '../../../server/graphql/trusted-documents.ts';
import { loadTypeDefs } from '../../../schema/index.ts';
import { buildSchema } from '../../../server/server.ts';
import { makeDocument } from '../../support/documents.ts';
import { testAtRandom } from '../../support/random.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';
import { until } from '../../support/until.ts';

/** Requests that the fast path has executed: a test in which it is never taken would prove nothing. */
let taken = 0;

vi.mock(import('../../../server/graphql/prepared-operations.ts'), async (original) => {
  const { createPreparedOperations } = await original();
  return {
    createPreparedOperations(options) {
      const { plugin, prepare } = createPreparedOperations(options);
      return {
        plugin,
        prepare(request) {
          const prepared = prepare(request);
          if (prepared) taken += 1;
          return prepared;
        },
      };
    },
  };
});

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function send(server: TestServer, body: unknown, init: RequestInit = {}, search = ''): Promise<Received> {
  const response = await fetch(server.url + search, {
    method: 'POST',
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  });
  const headers = Object.fromEntries(response.headers);
  delete headers['x-request-id'];
  delete headers['date'];
  return { status: response.status, headers, body: await response.text() };
}

/** Times differ between responses. */
function withoutTimes(received: Received): Received {
  return { ...received, body: received.body.replaceAll(/"(at|liveCursor)":"[^"]*"/g, '"$1":""') };
}

/** Sorts errors: those of fields that are executed side by side come in any order. */
function inOrder({ body, ...head }: Received): object {
  const { errors = [], ...rest } = JSON.parse(body) as { errors?: unknown[] };
  return { ...head, errors: errors.map((error) => JSON.stringify(error)).toSorted(), rest: JSON.stringify(rest) };
}

/** Sends the same request three times. @returns the response, and how many of them the fast path executed */
async function thrice(
  server: TestServer,
  body: unknown,
  init: RequestInit = {},
  search = '',
): Promise<[Received, number]> {
  const before = taken;
  const [first, ...more] = [
    withoutTimes(await send(server, body, init, search)),
    withoutTimes(await send(server, body, init, search)),
    withoutTimes(await send(server, body, init, search)),
  ];
  for (const other of more) expect(other).toEqual(first);
  return [first, taken - before];
}

const ONE = '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id title status { category raw } } } }';
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashOnly = (text: string): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha(text) } } });

describe('operations', () => {
  test.each<[string, string, object | undefined, number]>([
    ['a read', ONE, undefined, 2],
    ['no ticket', '{ ticket(id: "omnidesk:1") { __typename } }', undefined, 2],
    ['an invalid id', '{ ticket(id: "x") { __typename } a: ticket(id: "unknown:1") { __typename } }', undefined, 2],
    ['too many on a page', '{ tickets(first: 201) { nodes { __typename } } }', undefined, 2],
    ['an invalid cursor', '{ tickets(after: "x") { nodes { __typename } } }', undefined, 2],
    [
      'all vendors',
      '{ tickets(first: 20) { nodes { __typename ... on TicketFields { id availableActions { ... on TicketActionFields { name inputs { name } } } } } pageInfo { endCursor } sources { vendor totalCount problem { code message } } } vendors { key mutations configured } }',
      undefined,
      2,
    ],
    [
      'too costly',
      'query ($n: Int) { tickets(first: $n) { nodes { ...F } } b: tickets(first: $n) { nodes { ...F } } } fragment F on TicketFields { availableActions { ... on TicketActionFields { inputs { name } } } }',
      { n: 200 },
      0,
    ],
    [
      'too deep',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      { r: [{ __typename: 'OmnideskTicket', id: JSON.parse('['.repeat(70) + ']'.repeat(70)) as unknown }] },
      0,
    ],
    [
      'entities, some of them invalid',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on OmnideskTicket { id } } }',
      {
        r: [
          { __typename: 'OmnideskTicket', id: 'omnidesk:858462' },
          { __typename: 'No' },
          { __typename: 'HuaweiTicket', id: 'omnidesk:858462' },
        ],
      },
      2,
    ],
    ['a variable of the wrong type', 'query ($n: Int) { tickets(first: $n) { nodes { __typename } } }', { n: 'x' }, 0],
    ['a variable that is missing', 'query ($id: ID!) { ticket(id: $id) { __typename } }', {}, 0],
    [
      'null for a variable with a default',
      'query ($n: Int = 3) { tickets(first: $n) { nodes { __typename } } }',
      { n: null },
      2,
    ],
    [
      'null for a non-null argument',
      'query ($id: ID = "omnidesk:858462") { ticket(id: $id) { __typename } }',
      { id: null },
      2,
    ],
    [
      'null for a non-null item',
      'query ($id: ID = "omnidesk:858462") { ticketsById(ids: [$id]) { __typename } ticket(id: "omnidesk:858462") { __typename } }',
      { id: null },
      2,
    ],
    ['null for the argument of @skip', 'query ($s: Boolean = true) { vendors { key @skip(if: $s) } }', { s: null }, 2],
    [
      'null for the argument of @skip at the root',
      'query ($s: Boolean = true) { vendors @skip(if: $s) { key } }',
      { s: null },
      2,
    ],
    ['an unknown variable', 'query ($n: Int) { tickets(first: $n) { nodes { __typename } } }', { n: 1, other: 1 }, 2],
    ['introspection', '{ __schema { queryType { name } } }', undefined, 2],
    ['no such field', '{ nothing }', undefined, 0],
    ['not GraphQL', '{', undefined, 0],
    [
      'a response name like an inherited property',
      '{ toJSON: __typename constructor: vendors { toString: key } }',
      undefined,
      2,
    ],
    ['a subscription', 'subscription { vendors }', undefined, 0],
    [
      'a dry run',
      'mutation { setStatus(input: { ticketIds: ["omnidesk:858462", "huawei:TS-123456", "x"], status: CLOSED, dryRun: true }) { outcome plan { vendor method url body } results { outcome problem { code message } } problems { code message } } }',
      undefined,
      2,
    ],
    [
      'a write',
      'mutation { a: setStatus(input: { ticketIds: ["omnidesk:858462"], status: OPEN }) { outcome results { ticketId outcome transition { ... on TransitionFields { action at from { raw } to { raw } } } ticket { ... on TicketFields { id status { raw } } } } } b: executeAction(input: { ticketId: "omnidesk:1", action: "status.open" }) { outcome problems { code message } } }',
      undefined,
      2,
    ],
  ])('the response is the same on the fast path: %s', async (_, query, variables, times) => {
    const server = await startTestServer();
    const [{ body }, count] = await thrice(server, { query, variables });
    expect(count).toBe(times);
    expect(body).toMatch(/^\{"(data|errors)":/);
    expect(server.defects).toEqual([]);
  });
});

describe('forms of requests', () => {
  test.each<[string, unknown, RequestInit | undefined, string, number]>([
    ['media type */*', { query: ONE }, { headers: { accept: '*/*' } }, '', 2],
    ['media type of GraphQL', { query: ONE }, { headers: { accept: 'application/graphql-response+json' } }, '', 2],
    ['application/json with a low weight', { query: ONE }, { headers: { accept: 'application/json;q=0.1' } }, '', 2],
    ['JSON for Latin-1', { query: ONE }, { headers: { accept: 'application/json; charset=iso-8859-1' } }, '', 0],
    ['HTML', { query: ONE }, { headers: { accept: 'text/html' } }, '', 0],
    ['text, nothing else', { query: ONE }, { headers: { accept: 'text/plain' } }, '', 0],
    ['JSON with a charset', { query: ONE }, { headers: { 'content-type': 'application/json; charset=utf-8' } }, '', 2],
    ['no JSON content type', { query: ONE }, { headers: { 'content-type': 'text/plain' } }, '', 0],
    [
      'no JSON content type, with the preflight header',
      { query: ONE },
      { headers: { 'content-type': 'text/plain', 'apollo-require-preflight': '1' } },
      '',
      0,
    ],
    ['a form', 'query=%7B__typename%7D', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, '', 0],
    ['nothing', '', {}, '', 0],
    ['a list', [{ query: ONE }], {}, '', 0],
    ['a text', JSON.stringify(ONE), {}, '', 0],
    ['null', 'null', {}, '', 0],
    ['no query', { variables: {} }, {}, '', 0],
    ['an empty query', { query: '' }, {}, '', 0],
    ['a query that is a number', { query: 3 }, {}, '', 0],
    ['variables that are text', { query: ONE, variables: '{}' }, {}, '', 0],
    ['variables that are a list', { query: ONE, variables: [] }, {}, '', 0],
    ['extensions', { query: ONE, extensions: { other: true } }, {}, '', 2],
    ['extensions that are a list', { query: ONE, extensions: [] }, {}, '', 0],
    ['other members', { query: ONE, other: 1, id: 'x' }, {}, '', 2],
    ['a query in the URL as well', { query: ONE }, {}, '?query={__typename}', 0],
    [
      'the operation by its name',
      { query: 'query A { __typename } query B { vendors { key } }', operationName: 'B' },
      {},
      '',
      2,
    ],
    ['several operations, none named', { query: 'query A { __typename } query B { vendors { key } }' }, {}, '', 0],
    ['no such operation', { query: 'query A { __typename }', operationName: 'B' }, {}, '', 0],
    ['an empty operation name', { query: 'query A { __typename }', operationName: '' }, {}, '', 0],
    ['an operation name that is a number', { query: 'query A { __typename }', operationName: 3 }, {}, '', 0],
    ['an unknown hash', hashOnly('{ nothing }'), {}, '', 0],
    ['a hash of the wrong document', { query: ONE, ...hashOnly('{ nothing }') }, {}, '', 0],
    ['a hash and its document', { query: ONE, ...hashOnly(ONE) }, {}, '', 0],
    [
      'a hash of another version',
      { query: ONE, extensions: { persistedQuery: { version: 2, sha256Hash: sha(ONE) } } },
      {},
      '',
      0,
    ],
    [
      'GET',
      undefined,
      { method: 'GET', headers: { 'apollo-require-preflight': '1' } },
      `?query=${encodeURIComponent(ONE)}`,
      0,
    ],
    [
      'GET, from a page elsewhere',
      undefined,
      { method: 'GET', headers: { 'content-type': 'text/plain' } },
      `?query=${encodeURIComponent(ONE)}`,
      0,
    ],
  ])('the response is the same on the fast path for this form of request: %s', async (_, body, init, search, times) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const [, count] = await thrice(server, body, init, search);
    expect(count).toBe(times);
    expect(server.defects).toEqual([]);
  });

  test('the media type is negotiated for each request', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const [plain] = await thrice(server, { query: ONE }, { headers: { accept: 'application/json' } });
    const [own] = await thrice(server, { query: ONE }, { headers: { accept: 'application/graphql-response+json' } });
    expect([plain, own].map(({ headers }) => headers['content-type'])).toEqual([
      'application/json; charset=utf-8',
      'application/graphql-response+json; charset=utf-8',
    ]);
    expect((await send(server, { query: ONE }, { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  test('a hash is known once it has been sent with its document', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    await thrice(server, { query: ONE });
    const [unknown, never] = await thrice(server, hashOnly(ONE));
    expect(unknown.body).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect(never).toBe(0);
    await thrice(server, { query: ONE, ...hashOnly(ONE) });
    const [known, times] = await thrice(server, hashOnly(ONE));
    expect(known.body).toContain('858462');
    expect(times).toBeGreaterThan(1);
  });

  test('a hash is not accepted as a document, nor a document as a hash', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    await send(server, { query: ONE, ...hashOnly(ONE) });
    await thrice(server, { query: ONE });
    expect((await send(server, { query: sha(ONE) })).status).toBe(400);
    const swapped = { extensions: { persistedQuery: { version: 1, sha256Hash: ONE } } };
    expect((await send(server, swapped)).body).toContain('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('documents', () => {
  test('the responses to the documents of the client are the same on the fast path', async () => {
    const server = await startTestServer();
    const folder = join(import.meta.dirname, '../../../client/documents');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.graphql'),
    );
    const all = parse(files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'));
    let count = 0;
    for (const [operationName, document] of Object.entries(separateOperations(all))) {
      const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.QUERY) continue;
      const variables = {
        id: 'omnidesk:858462',
        ids: ['jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08', 'huawei:TS-123456', 'requestor:47'],
        first: 20,
      };
      const [, times] = await thrice(server, { query: print(document), operationName, variables });
      count += times;
    }
    expect(count).toBeGreaterThan(3);
    expect(server.defects).toEqual([]);
  });

  testAtRandom('the responses to random documents are the same on the fast path', 150, async (cases) => {
    const server = await startTestServer();
    const schema = buildSchema(loadTypeDefs());
    const id = (native: string): string => `(id: ${JSON.stringify(native)})`;
    const one = ['omnidesk:858462', 'huawei:TS-123456', 'requestor:47', 'omnidesk:1', 'unknown:1'].map(id);
    const wording = {
      variables: '($p: Boolean!, $q: Boolean = true, $id: ID = "omnidesk:858462", $first: Int = 2)',
      conditions: ['$p', '$q'],
      // Their values change over time.
      without: (field: string) => /^(VendorInfo\.(reachable|breaker|queued)|Query\.liveCursor)$/.test(field),
      argumentsOf: {
        'Query.ticket': [...one, '(id: $id)'],
        'Query.node': [...one, '(id: $id)'],
        'Query.nodes': ['(ids: ["omnidesk:858462", "x"])', '(ids: [$id])'],
        'Query.ticketsById': ['(ids: ["jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08", "omnidesk:1"])', '(ids: [$id])'],
        'Query.tickets': ['(first: 2)', '(first: $first)', '(first: 201)', '(first: 1, filter: { vendors: [AKANA] })'],
      },
    };
    const before = taken;
    const run = fc.asyncProperty(fc.gen(), async (choose) => {
      const made = makeDocument(schema, wording, choose);
      if (!made) return;
      const maybe = choose(fc.constantFrom, {}, { q: null }, { q: false }, { id: null }, { first: null });
      const body = { query: made.text, variables: { p: choose(fc.boolean), ...maybe } };
      const first = await send(server, body);
      const second = await send(server, body);
      expect({ body, response: inOrder(second) }).toEqual({ body, response: inOrder(first) });
    });
    await fc.assert(run, { numRuns: cases, seed: 20_261_124, endOnFailure: true });
    expect(taken - before).toBeGreaterThan(cases / 4);
    expect(server.defects).toEqual([]);
  });

  test('the memory for many different documents is bounded', { tags: ['full'] }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const server = await startTestServer({ keys: ['omnidesk'] });
    const ask = (index: number): Promise<Received> =>
      send(server, { query: `{ ticketsById(ids: [${'1 '.repeat(9_500)}]) { __typename } } #${index}` });
    await ask(0);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 1; index <= 150; index += 1) {
      const first = await ask(index);
      if (index % 50 === 0) expect(await ask(index)).toEqual(first);
    }
    collect();
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(220);
  });
});

describe('checks', () => {
  const withFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-prepared-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return folder;
  };
  const keys = (grants: Readonly<Record<string, string>>): Record<string, string> => {
    const path = join(withFolder(), 'keys');
    writeFileSync(
      path,
      Object.entries(grants)
        .map(([name, scopes]) => `${name} ${sha(`key of ${name}`)} ${scopes}`)
        .join('\n'),
    );
    return { AUTH_API_KEYS_FILE: path };
  };
  const as = (name: string): RequestInit => ({ headers: { 'x-api-key': `key of ${name}` } });

  test('the fast path authenticates and authorizes each request', async () => {
    const environment = keys({ reader: 'ticket:read', other: 'akana/ticket:read' });
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    const [seen, times] = await thrice(server, { query: ONE }, as('reader'));
    expect(times).toBe(2);
    server.forget();
    const unknown = await send(server, { query: ONE }, as('unknown'));
    const [other, more] = await thrice(server, { query: ONE }, as('other'));
    expect(unknown.status).toBe(401);
    expect(more).toBe(3);
    expect(other.body).toContain('FORBIDDEN');
    expect(other.body).not.toEqual(seen.body);
    expect(server.calls('omnidesk')).toEqual([]);
  });

  test('the fast path rejects expensive variables of a known operation', async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { MAX_UPSTREAM_CALLS: '20' } });
    const query = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }';
    const ask = (count: number): Promise<Received> =>
      send(server, { query, variables: { ids: Array.from({ length: count }, (_, index) => `omnidesk:${index + 1}`) } });
    const before = taken;
    await ask(2);
    await ask(2);
    expect(taken - before).toBe(1);
    server.forget();
    const rejected = await ask(21);
    expect(rejected).toMatchObject({ status: 400 });
    expect(rejected.body).toContain('OPERATION_TOO_COSTLY');
    expect(server.calls('omnidesk')).toEqual([]);
  });

  test('unregistered operations are rejected however often they are sent', async () => {
    const path = join(withFolder(), 'operations.json');
    const operation = { id: digest(ONE), name: 'One', type: OperationTypeNode.QUERY, body: ONE };
    writeFileSync(path, printManifest([operation]));
    const environment = { OPERATIONS: 'registered', OPERATIONS_MANIFEST: path };
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    expect((await thrice(server, { query: ONE }))[1]).toBe(2);
    expect((await thrice(server, hashOnly(ONE)))[0].body).toContain('858462');
    const spelled = ONE.replaceAll(' ', ',,');
    expect((await thrice(server, { query: spelled }))[0].status).toBe(200);
    // Apollo Server then finds the document by its hash, with a placeholder for its text.
    const other = spelled.replace('858462', '1').replace('title', 'id');
    await thrice(server, hashOnly(spelled));
    expect((await thrice(server, hashOnly(other)))[0].body).toContain('OPERATION_NOT_REGISTERED');
    const placeholder = 'fragment NotRegistered on Query { __typename }';
    expect((await thrice(server, { query: placeholder }))[0].body).toContain('OPERATION_NOT_REGISTERED');
    expect((await thrice(server, { query: '{ vendors { key } }' }))[0].body).toContain('OPERATION_NOT_REGISTERED');
  });

  test('a mutation writes each time on the fast path, and once for an idempotency key', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const query =
      'mutation ($k: String) { setStatus(input: { ticketIds: ["omnidesk:858462"], status: OPEN, idempotencyKey: $k }) { outcome replayed } }';
    for (let turn = 0; turn < 3; turn += 1) await send(server, { query, variables: {} });
    expect(server.vendor('omnidesk').effects).toHaveLength(3);
    const bodies = [];
    for (let turn = 0; turn < 3; turn += 1) bodies.push((await send(server, { query, variables: { k: 'k' } })).body);
    expect(server.vendor('omnidesk').effects).toHaveLength(4);
    expect(bodies[2]).toContain('"replayed":true');
  });

  test('log, metrics and audit log are the same on the fast path', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const audit = join(withFolder(), 'audit');
    const server = await startTestServer({ keys: ['omnidesk'], environment: { AUDIT_LOG: audit }, logStream });
    const query =
      'mutation M($d: Boolean) { setStatus(input: { ticketIds: ["omnidesk:858462", "omnidesk:x"], status: OPEN, dryRun: $d }) { outcome } }';
    await thrice(server, { query });
    await thrice(server, {
      query: 'query Q { a: ticket(id: "x") { __typename } ticket(id: "omnidesk:858462") { __typename } }',
    });
    await until(() => expect(lines.length).toBe(6));
    const seen = lines.map((line) => {
      const { time, requestId, durationMs, ...rest } = JSON.parse(line) as Record<string, unknown>;
      expect([time, requestId, durationMs]).not.toContain(undefined);
      return rest;
    });
    expect(seen.slice(1, 3)).toEqual([seen[0], seen[0]]);
    expect(seen.slice(4)).toEqual([seen[3], seen[3]]);
    expect(seen[0]).toMatchObject({ operation: { name: 'M', type: 'mutation' }, vendors: { omnidesk: 1 } });
    expect(seen[3]).toMatchObject({
      operation: { name: 'Q', type: 'query' },
      codes: ['INVALID_INPUT'],
      result: 'errors',
    });
    const entries = readFileSync(audit, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toHaveLength(6);
    const text = await (await fetch(server.url.replace('/graphql', '/metrics'))).text();
    expect(text).toContain('ticketgraph_operations_total{type="mutation",result="ok",caller="anonymous"} 3');
    expect(text).toContain('ticketgraph_operations_total{type="query",result="errors",caller="anonymous"} 3');
  });

  test('an unexpected error on the fast path is masked, and reported with its request id', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const server = await startTestServer({ keys: ['omnidesk'], logStream });
    const { datasource } = server.sources.connected.get('omnidesk')!;
    vi.spyOn(datasource, 'find').mockRejectedValue(new TypeError('a secret detail'));
    const [{ body }, times] = await thrice(server, { query: ONE }, { headers: { 'x-request-id': 'mine' } });
    expect(times).toBe(2);
    expect(body).toContain('INTERNAL_SERVER_ERROR');
    expect(body).not.toContain('secret');
    expect(server.defects).toHaveLength(3);
    await until(() => expect(lines.length).toBe(6));
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.filter(({ msg }) => msg === 'unexpected error').map(({ requestId }) => requestId)).toEqual([
      'mine',
      'mine',
      'mine',
    ]);
    const errors = entries.flatMap(({ err }) => (err === undefined ? [] : [(err as Error).stack]));
    expect(errors).toEqual(Array(3).fill(expect.stringContaining('prepared-operations.test.ts')));
    expect(entries.filter(({ msg }) => msg === 'request').map(({ result }) => result)).toEqual([
      'internal_error',
      'internal_error',
      'internal_error',
    ]);
  });
});

describe('getters that throw', () => {
  const withGetter = <Value extends object>(ticket: Value, field: string): Value =>
    Object.defineProperty(ticket, field, {
      get() {
        throw new TypeError('A getter.');
      },
    });

  test.each<[string, string, string]>([
    ['a text', 'title', '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id title reference } } }'],
    ['a time', 'updatedAt', '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id updatedAt title } } }'],
    ['a name', 'title', '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id words: title } } }'],
    ['an object', 'status', '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id status { raw } title } } }'],
    [
      'a non-null field',
      'id',
      '{ ticket(id: "omnidesk:858462") { ... on TicketFields { title id } } vendors { key } }',
    ],
    ['its type', '__typename', '{ ticket(id: "omnidesk:858462") { ... on TicketFields { title } } vendors { key } }'],
    ['a list', 'title', '{ ticketsById(ids: ["omnidesk:858462", "x"]) { ... on TicketFields { id title } } }'],
  ])('a getter that throws fails only its own field: %s', async (_, field, query) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { datasource } = server.sources.connected.get('omnidesk')!;
    const find = datasource.find.bind(datasource);
    const failing = async (...given: Parameters<typeof find>): ReturnType<typeof find> => {
      const ticket = await find(...given);
      return ticket && withGetter(ticket, field);
    };
    vi.spyOn(datasource, 'find').mockImplementation(failing);
    if (datasource.findMany) {
      vi.spyOn(datasource, 'findMany').mockImplementation((ids, call) =>
        Promise.all(ids.map((id) => failing(id, call))),
      );
    }
    const before = taken;
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push(inOrder(await send(server, { query })));
    expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
    expect(taken - before).toBe(2);
    expect(JSON.stringify(answers[0])).toContain('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(answers[0])).not.toContain('A getter.');
  });
});
