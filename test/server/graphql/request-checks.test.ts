/**
 * New operations are checked by Apollo Server, known ones by the fast path. Each check has to reject the same requests in
 * both, with the same status and code, before any vendor is called.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../../server/graphql/limits.ts';
import { createRequestChecks } from '../../../server/graphql/request-checks.ts';
import { createTrustedDocuments, digest, printManifest } from '../../../server/graphql/trusted-documents.ts';
import { RequestRecord } from '../../../server/telemetry/request-record.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

/** Requests that the fast path has executed. */
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

/** Options of all servers that were built. */
const apolloOptions = vi.hoisted(() => [] as ApolloServerOptions<BaseContext>[]);

vi.mock(import('../../../server/graphql/apollo-libraries.ts'), async (original) => {
  const { ApolloServer, ...others } = await original();
  class RecordingServer<Context extends BaseContext> extends ApolloServer<Context> {
    constructor(options: ApolloServerOptions<Context>) {
      apolloOptions.push(options as unknown as ApolloServerOptions<BaseContext>);
      super(options);
    }
  }
  return { ...others, ApolloServer: RecordingServer };
});

beforeEach(() => {
  taken = 0;
  apolloOptions.length = 0;
});

const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Sample {
  readonly environment?: Readonly<Record<string, string>>;
  readonly query: string;
  /** With these, the check rejects the request. */
  readonly rejected?: Readonly<Record<string, unknown>>;
  /** With these, it does not. Omit for checks of documents, which never become known. */
  readonly accepted?: Readonly<Record<string, unknown>>;
  readonly code: string;
}

const ONE = '{ ticket(id: "omnidesk:858462") { __typename } }';

function registerOne(): Readonly<Record<string, string>> {
  const path = join(folder, 'operations.json');
  writeFileSync(path, printManifest([{ id: digest(ONE), name: 'One', type: OperationTypeNode.QUERY, body: ONE }]));
  return { OPERATIONS: 'registered', OPERATIONS_MANIFEST: path };
}

const ENTITIES = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
const BY_IDS = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }';

const idsUpTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `omnidesk:${index + 1}`);

/** A request for each check, by the check's name. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'trusted-documents': {
    environment: registerOne(),
    query: '{ ticket(id: "omnidesk:1") { __typename } }',
    code: 'OPERATION_NOT_REGISTERED',
  },
  'document-limits': {
    environment: { MAX_ALIASES: '0' },
    query: '{ alias: ticket(id: "omnidesk:1") { __typename } }',
    code: 'TOO_MANY_ALIASES',
  },
  'variable-depth': {
    query: ENTITIES,
    accepted: { r: [{ __typename: 'OmnideskTicket', id: 'omnidesk:858462' }] },
    rejected: {
      r: [
        {
          __typename: 'OmnideskTicket',
          id: 'omnidesk:1',
          deep: JSON.parse('['.repeat(70) + ']'.repeat(70)) as unknown,
        },
      ],
    },
    code: 'OPERATION_TOO_DEEP',
  },
  'variable-errors': {
    query: BY_IDS,
    accepted: { ids: ['omnidesk:858462'] },
    rejected: { ids: [...idsUpTo(2_000), null] },
    code: 'BAD_USER_INPUT',
  },
  cost: {
    environment: { MAX_UPSTREAM_CALLS: '20' },
    query: BY_IDS,
    accepted: { ids: ['omnidesk:858462'] },
    rejected: { ids: idsUpTo(21) },
    code: 'OPERATION_TOO_COSTLY',
  },
};

interface Response {
  readonly status: number;
  readonly codes: readonly unknown[];
}

async function post({ url }: TestServer, query: string, variables: object = {}): Promise<Response> {
  // With this media type, each rejection has the status of its error.
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: unknown } }[] };
  return { status: response.status, codes: errors.map(({ extensions }) => extensions.code) };
}

test('each check has a sample', () => {
  const cost = { upstreamCalls: 1, answerFields: 1, sources: [] };
  const trustedDocuments = createTrustedDocuments([]);
  const { documentChecks, requestChecks } = createRequestChecks({ limits: DEFAULT_LIMITS, cost, trustedDocuments });
  const names = [...documentChecks, ...requestChecks].map(({ name }) => name);
  expect(Object.keys(SAMPLES).toSorted()).toEqual(names.toSorted());
  for (const { name } of requestChecks) expect(SAMPLES[name]).toHaveProperty('accepted');
});

test.each(Object.entries(SAMPLES))(
  'the check %s rejects new and known operations alike',
  async (_, { environment = {}, query, accepted, rejected, code }) => {
    const rejection = { status: 400, codes: [code] };
    const fresh = await startTestServer({ keys: ['omnidesk'], environment });
    expect(await post(fresh, query, rejected)).toEqual(rejection);
    expect(fresh.calls('omnidesk')).toEqual([]);

    const server = await startTestServer({ keys: ['omnidesk'], environment });
    if (accepted) {
      for (let turn = 0; turn < 2; turn += 1)
        expect(await post(server, query, accepted)).toEqual({ status: 200, codes: [] });
      expect(taken).toBe(1);
      server.forget();
    }
    for (let turn = 0; turn < 2; turn += 1) expect(await post(server, query, rejected)).toEqual(rejection);
    expect(server.calls('omnidesk')).toEqual([]);
    expect([...fresh.defects, ...server.defects]).toEqual([]);
    expect(taken).toBe(accepted ? 1 : 0);
  },
);

/**
 * Whatever is added here runs for new operations alone. A check belongs into `request-checks.ts`; anything else also has
 * to be done in `prepared-operations.ts`.
 */
test('Apollo Server runs no plugin and no option that the fast path does not know of', async () => {
  await startTestServer({ keys: ['omnidesk'] });
  const { plugins = [], validationRules = [], ...options } = apolloOptions.at(-1)!;
  expect(validationRules).toHaveLength(1);
  expect(Object.keys(options).toSorted()).toEqual([
    'csrfPrevention',
    'formatError',
    'gateway',
    'hideSchemaDetailsFromClientErrors',
    'includeStacktraceInErrorResponses',
    'introspection',
    'logger',
    'parseOptions',
    'persistedQueries',
    'stopOnTerminationSignals',
  ]);

  const contextValue = { record: new RequestRecord('POST') };
  const hooks = [];
  for (const plugin of plugins) {
    if ('__is_disabled_plugin__' in plugin) continue;
    expect(Object.keys(plugin)).toEqual(['requestDidStart']);
    hooks.push(Object.keys((await plugin.requestDidStart!({ contextValue } as never)) ?? {}));
  }
  expect(hooks).toEqual([
    // Error codes: `assignCode` and `formatError` on the fast path.
    ['parsingDidStart', 'didEncounterErrors', 'willSendResponse'],
    // Telemetry: the request record and `telemetry.linkError` on the fast path.
    ['didResolveOperation', 'didEncounterErrors', 'willSendResponse'],
    // Request checks.
    ['didResolveOperation'],
    // Subscriptions, which are never on the fast path.
    ['didResolveOperation', 'responseForOperation'],
    // Makes operations known.
    ['didResolveOperation'],
  ]);
});
