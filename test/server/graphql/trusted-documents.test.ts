/** Persisted queries, and the mode in which only registered operations are executed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OperationTypeNode } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { printManifest, type RegisteredOperation } from '../../../server/graphql/trusted-documents.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import type { Answer } from '../../support/endpoint.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const ROOT = join(import.meta.dirname, '../../..');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-operations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Reply {
  readonly status: number;
  readonly answer: Answer;
  readonly codes: readonly unknown[];
}

async function send(server: TestServer, init: RequestInit, search = ''): Promise<Reply> {
  const response = await fetch(server.url + search, init);
  const answer = (await response.json()) as Answer;
  return {
    status: response.status,
    answer,
    codes: (answer.errors ?? []).map(({ extensions }) => extensions?.['code']),
  };
}

function post(server: TestServer, body: unknown): Promise<Reply> {
  return send(server, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

const byHash = (sha256Hash: unknown): { extensions: object } => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

/** Requests received by all vendors, authentication included. */
function receivedRequests(server: TestServer): number {
  return vendors.reduce((sum, { key }) => sum + server.vendor(key).ledger.length, 0);
}

// ---------------------------------------------------------------- persisted queries

describe('persisted queries', () => {
  const query = '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id } } }';
  const answer = { data: { ticket: { id: 'omnidesk:858462' } } };

  test('an operation sent once with its hash is then executed by its hash', async () => {
    const server = await startTestServer();
    const unknown = await post(server, byHash(sha256(query)));
    expect([unknown.status, unknown.codes]).toEqual([200, ['PERSISTED_QUERY_NOT_FOUND']]);
    expect((await post(server, { query, ...byHash(sha256(query)) })).answer).toEqual(answer);
    expect((await post(server, byHash(sha256(query)))).answer).toEqual(answer);
    const headers = { 'apollo-require-preflight': '1' };
    const extensions = encodeURIComponent(JSON.stringify(byHash(sha256(query)).extensions));
    expect((await send(server, { headers }, `?extensions=${extensions}`)).answer).toEqual(answer);
    expect(server.calls('omnidesk')).toHaveLength(3);
  });

  test.each([
    ['of another document', 1, sha256('{ __typename }')],
    ['of another version', 2, sha256(query)],
    ['that is not a string', 1, { toString: 'x' }],
  ])('a persisted query with a hash %s is rejected with a code', async (_, version, sha256Hash) => {
    const server = await startTestServer();
    const rejected = await post(server, { query, extensions: { persistedQuery: { version, sha256Hash } } });
    expect([rejected.status, rejected.codes]).toEqual([400, ['BAD_REQUEST']]);
    expect([receivedRequests(server), server.defects]).toEqual([0, []]);
  });
});

// ---------------------------------------------------------------- registered operations

const TICKET = `query Ticket($id: ID!) {
  ticket(id: $id) {
    ...Line
  }
}

fragment Line on Ticket {
  ... on TicketFields {
    id
    reference
  }
}`;

const SOLVE = `mutation Solve($ids: [ID!]!) {
  setStatus(input: {ticketIds: $ids, status: SOLVED}) {
    outcome
  }
}`;

const { QUERY, MUTATION } = OperationTypeNode;

function toOperation(name: string, type: RegisteredOperation['type'], body: string): RegisteredOperation {
  return { id: sha256(body), name, type, body };
}

const OPERATIONS = [toOperation('Ticket', QUERY, TICKET), toOperation('Solve', MUTATION, SOLVE)];

function writeManifest(text = printManifest(OPERATIONS)): string {
  const file = join(temporaryFolder(), 'operations.json');
  writeFileSync(file, text);
  return file;
}

function startRegistered(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return startTestServer({
    environment: { OPERATIONS: 'registered', OPERATIONS_MANIFEST: writeManifest(), ...environment },
  });
}

describe('OPERATIONS=registered', () => {
  const variables = { id: 'omnidesk:858462' };
  const answer = { data: { ticket: { id: 'omnidesk:858462', reference: expect.any(String) } } };
  const id = sha256(TICKET);

  const respelled = TICKET.replaceAll(/\s+/g, ' ').replace('($id: ID!)', '(\n# who?\n$id : ID ! , )');
  const [operation = '', fragment = ''] = TICKET.split('\n\n');

  test.each([
    ['by its id', byHash(id)],
    ['as text', { query: TICKET }],
    ['as text with its id', { query: TICKET, ...byHash(id) }],
    ['in another formatting', { query: respelled }],
    ['in another formatting with its hash', { query: respelled, ...byHash(sha256(respelled)) }],
    ['in another order', { query: `${fragment} ${operation}` }],
    ['by its id and its name', { ...byHash(id), operationName: 'Ticket' }],
  ])('a registered operation is executed if it is sent %s', async (_, body) => {
    const server = await startRegistered();
    const reply = await post(server, { ...body, variables });
    expect([reply.status, reply.answer]).toEqual([200, answer]);
    // Again, now that the document is cached.
    expect((await post(server, { ...body, variables })).answer).toEqual(answer);
  });

  test('a registered operation is executed by GET', async () => {
    const server = await startRegistered();
    const extensions = JSON.stringify(byHash(id).extensions);
    const search = `?${new URLSearchParams({ extensions, variables: JSON.stringify(variables) }).toString()}`;
    const reply = await send(server, { headers: { 'apollo-require-preflight': '1' } }, search);
    expect([reply.status, reply.answer]).toEqual([200, answer]);
  });

  test('a registered mutation is executed', async () => {
    const server = await startRegistered();
    const reply = await post(server, { ...byHash(sha256(SOLVE)), variables: { ids: ['omnidesk:858462'] } });
    expect(reply.answer).toEqual({ data: { setStatus: { outcome: 'APPLIED' } } });
    expect(server.vendor('omnidesk').effects).toHaveLength(1);
  });

  test('a registered operation is limited like any other', async () => {
    const server = await startRegistered({ MAX_DEPTH: '1' });
    const reply = await post(server, { ...byHash(id), variables });
    expect([reply.status, reply.codes]).toEqual([400, ['OPERATION_TOO_DEEP']]);
  });

  const other = TICKET.replace('reference', 'title');
  const REJECTED: readonly (readonly [string, object])[] = [
    ['that is not registered', { query: other }],
    ['that is not registered, with its hash', { query: other, ...byHash(sha256(other)) }],
    ['of another name', { query: TICKET.replace('query Ticket', 'query Other') }],
    ['with one more alias', { query: TICKET.replace('reference', 'other: reference') }],
    ['in a document of two registered ones', { query: `${TICKET} ${SOLVE}`, operationName: 'Ticket' }],
    [
      'in a document with a registered one',
      { query: `${TICKET} query Other { vendors { key } }`, operationName: 'Ticket' },
    ],
    ['by an unknown id', byHash(sha256(other))],
    ['by an id that is not a string', byHash({ id })],
    ['by an empty id', byHash('')],
    ['by the name of an inherited property', byHash('__proto__')],
    ['that is invalid', { query: '{ nothing { at all } }' }],
    ['for introspection', { query: '{ __schema { types { name } } }' }],
    ['that selects only __typename', { query: '{ __typename }' }],
    ['of a router for the schema', { query: '{ _service { sdl } }' }],
    [
      'of a router for tickets',
      {
        query: `{ _entities(representations: [{ __typename: "TicketFields", id: "omnidesk:858462" }]) { __typename } }`,
      },
    ],
    ['that is the placeholder for unknown ids', { query: 'fragment NotRegistered on Query { __typename }' }],
  ];

  test.each(REJECTED)('an operation %s is rejected without any call or detail', async (_, body) => {
    const server = await startRegistered();
    for (const attempt of [1, 2]) {
      const reply = await post(server, { ...body, variables });
      expect([attempt, reply.status, reply.codes]).toEqual([attempt, 400, ['OPERATION_NOT_REGISTERED']]);
      expect(reply.answer).toEqual({
        errors: [
          {
            message: 'The operation is not registered. Send one of the registered operations.',
            extensions: expect.anything(),
          },
        ],
      });
    }
    expect([receivedRequests(server), server.defects]).toEqual([0, []]);
  });

  test('an unregistered operation with the id of a registered one is rejected', async () => {
    const server = await startRegistered();
    const reply = await post(server, { query: other, ...byHash(id), variables });
    expect([reply.status, reply.codes]).toEqual([400, ['BAD_REQUEST']]);
    expect((await post(server, { ...byHash(id), variables })).answer).toEqual(answer);
  });

  test('sending an operation with its hash does not register it', async () => {
    const server = await startRegistered();
    await post(server, { query: other, ...byHash(sha256(other)), variables });
    const reply = await post(server, { ...byHash(sha256(other)), variables });
    expect([reply.status, reply.codes]).toEqual([400, ['OPERATION_NOT_REGISTERED']]);
  });

  test.each([
    ['is missing', undefined, /cannot be read\. Create the file with npm run operations:register/],
    ['is no JSON', '{', /is not a manifest of operations: it is not JSON/],
    ['is of another format', '{"format":"relay","version":1,"operations":[]}', /its format is not/],
    [
      'is of another version',
      '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
      /its format is not/,
    ],
    ['has no operations', '{"format":"apollo-persisted-query-manifest","version":1}', /it has no list of operations/],
    [
      'was changed by hand',
      printManifest(OPERATIONS).replace('reference', 'title'),
      /operation 2 of it is not a document/,
    ],
    ['holds what cannot be parsed', printManifest([toOperation('Bad', QUERY, 'query Bad {')]), /operation 1 of it/],
    [
      'holds no operation',
      printManifest([toOperation('Bad', QUERY, 'fragment Bad on Query { a }')]),
      /operation 1 of it/,
    ],
  ])('the server does not start if the manifest %s', (_, text, sentence) => {
    const file = text === undefined ? join(temporaryFolder(), 'none.json') : writeManifest(text);
    const environment = { OPERATIONS: 'registered', OPERATIONS_MANIFEST: file };
    expect(() => readEnvironment(environment, [])).toThrow(sentence);
    expect(() => readEnvironment(environment, [])).toThrow(/^OPERATIONS_MANIFEST (cannot be read|is not a manifest)/);
    expect(() => readEnvironment({ ...environment, OPERATIONS: 'all' }, [])).not.toThrow();
  });
});

// ---------------------------------------------------------------- npm run operations:register

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** The manifest's text, where there is one. */
  readonly manifest: string | undefined;
}

/** Runs the script in a folder with these files, on the words given. */
async function register(files: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> {
  const folder = temporaryFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const script = join(ROOT, 'scripts/register-operations.ts');
  // What the server has compiled once is taken from where it keeps it: half the time of so many starts.
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/ticketgraph') };
  const child = spawn(process.execPath, [script, ...words], { cwd: folder, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const print = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', print);
  child.stderr.on('data', print);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const manifest = join(folder, 'operations.json');
  return { code, output, manifest: existsSync(manifest) ? readFileSync(manifest, 'utf8') : undefined };
}

const CLIENT = {
  'src/ticket/Ticket.graphql': 'query Ticket($id:ID!) { ticket(id: $id) { ...Line } }',
  'src/Line.graphql': '# A row of a table.\nfragment Line on Ticket { ... on TicketFields { id, reference } }',
  'src/Unused.gql': 'fragment Unused on Ticket { __typename }',
  'src/solve.graphql':
    'mutation Solve($ids: [ID!]!) { setStatus(input: { ticketIds: $ids, status: SOLVED }) { outcome } }',
  'src/node_modules/other/Other.graphql': 'query Other { nothing }',
  'src/readme.md': 'no document',
};

describe('operations:register', () => {
  test('operations:register writes the operations of a client with their fragments', { tags: ['full'] }, async () => {
    const { code, output, manifest } = await register(CLIENT, 'src');
    expect([code, output]).toEqual([0, 'Registered 2 operations in operations.json.\n']);
    expect(JSON.parse(manifest ?? '')).toEqual({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [
        { id: sha256(SOLVE), name: 'Solve', type: 'mutation', body: SOLVE },
        { id: sha256(TICKET), name: 'Ticket', type: 'query', body: TICKET },
      ],
    });
  });

  test('operations:register writes what the server then executes, and nothing else', async () => {
    const { manifest } = await register(CLIENT, 'src/ticket/Ticket.graphql', 'src/Line.graphql');
    const server = await startRegistered({ OPERATIONS_MANIFEST: writeManifest(manifest) });
    const variables = { id: 'omnidesk:858462' };
    const documents = CLIENT['src/ticket/Ticket.graphql'] + CLIENT['src/Line.graphql'];
    expect((await post(server, { query: documents, variables })).answer.data.ticket.id).toBe(variables.id);
    expect((await post(server, { query: CLIENT['src/solve.graphql'], variables })).codes).toEqual([
      'OPERATION_NOT_REGISTERED',
    ]);
  });

  test('operations:register adds __typename on request, where clients add it', { tags: ['full'] }, async () => {
    const { manifest } = await register(
      {
        'a.graphql': `query All { tickets(first: 1) { nodes { ...Line ... on TicketFields { __typename id } } } }
                      fragment Line on Ticket { ... on TicketFields { status { raw } } }`,
      },
      '--typename',
      'a.graphql',
    );
    const [{ body }] = JSON.parse(manifest ?? '').operations as [RegisteredOperation];
    expect(body.replaceAll(/\s+/g, ' ')).toBe(
      'query All { tickets(first: 1) { nodes { ...Line ... on TicketFields { __typename id } __typename } __typename } } ' +
        'fragment Line on Ticket { ... on TicketFields { status { raw __typename } __typename } __typename }',
    );
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[], RegExp]>([
    [
      'does not fit the schema',
      { 'a.graphql': 'query A {\n  vendors { key }\n  nothing\n}' },
      ['a.graphql'],
      /^a\.graphql:3: Cannot query field "nothing"/,
    ],
    [
      'does not fit in a fragment',
      { 'a.graphql': 'query A { ...F }', 'f.graphql': '\nfragment F on Query { nothing }' },
      ['.'],
      /^f\.graphql:2: Cannot/,
    ],
    [
      'spreads what there is not',
      { 'a.graphql': 'query A { ...F }' },
      ['a.graphql'],
      /^a\.graphql:1: Unknown fragment "F"/,
    ],
    ['cannot be parsed', { 'a.graphql': 'query A {\n  vendors {' }, ['a.graphql'], /^a\.graphql:2: Syntax Error/],
    ['has no name', { 'a.graphql': '{ __typename }' }, ['a.graphql'], /^Unnamed operation in a\.graphql/],
    [
      'has the name of another',
      { 'a.graphql': 'query A { __typename }', 'b.graphql': 'query A { vendors { key } }' },
      ['a.graphql', 'b.graphql'],
      /^Duplicate operation A: a\.graphql, b\.graphql/,
    ],
    [
      'exceeds a limit',
      { 'a.graphql': `query A { ${'__typename '.repeat(31)} }` },
      ['a.graphql'],
      /at most 30 fields at its root/,
    ],
    ['does not exist', {}, ['a.graphql'], /^a\.graphql does not exist/],
    ['is not there', { 'src/readme.md': '' }, ['src'], /^No \.graphql documents found\. Pass files or folders/],
    ['is not named', {}, [], /^No \.graphql documents found\. Pass files or folders/],
    [
      'is an option that there is not',
      { 'a.graphql': 'query A { __typename }' },
      ['--all', 'a.graphql'],
      /^Unknown option --all/,
    ],
  ])(
    'operations:register writes nothing and reports why if a document %s',
    { tags: ['full'] },
    async (_, files, words, sentence) => {
      const { code, output, manifest } = await register(files, ...words);
      expect([code, output, manifest]).toEqual([1, expect.stringMatching(sentence), undefined]);
      expect(output).not.toMatch(/^\s+at /m);
    },
  );
});
