/** Ids, cursors, stored records and secrets of several sources, as a hostile or an outdated client uses them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeCursor, encodeCursor, type Positions } from '../../datasources/reads/cursor.ts';
import { createSqliteStore } from '../../datasources/writes/idempotency/sqlite-store.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { SOURCES, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const BOTH = ['omnidesk', 'omnidesk@emea'] as const;
const READ = 'query ($id: ID!) { ticket(id: $id) { ... on TicketFields { id } } }';
const PAGE = `query ($after: String, $filter: TicketFilter) { tickets(first: 3, after: $after, filter: $filter) {
  nodes { ... on TicketFields { id } } pageInfo { endCursor } } }`;
const SOLVE = `mutation ($input: SetStatusInput!) { done: setStatus(input: $input) { outcome replayed
  problems { code source } results { ticketId outcome problem { code source } } } }`;

function newPath(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-sources-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

function expectNoCalls(server: TestServer): void {
  for (const key of BOTH) expect(server.vendor(key).ledger).toEqual([]);
}

describe('an id that names no source', () => {
  const IDS = [
    'omnidesk@:1',
    '@emea:1',
    'omnidesk@emea',
    'omnidesk@emea:',
    'omnidesk@EMEA:1',
    'OMNIDESK@emea:1',
    'omnidesk @emea:1',
    'omnidesk@emea :1',
    'omnidesk@emea@x:1',
    'omnidesk@emea:omnidesk:1',
    'omnidesk:@emea:1',
    'omnidesk@emea:1@apac',
    'omnidesk%40emea:1',
    'omnidesk＠emea:1',
    'omnidesk@apac:1',
    'omnidesk@emea\u0000:1',
    'omnidesk@__proto__:1',
    '__proto__:1',
    `omnidesk@${'a'.repeat(32)}:1`,
    `omnidesk@${'a'.repeat(200_000)}:1`,
    `omnidesk@emea:${'1'.repeat(200_000)}`,
  ].map((id) => [id.slice(0, 60), id] as const);

  test.each(IDS)('is rejected before any call, in reads and in writes: %s', async (_, id) => {
    const server = await startTestServer({ keys: BOTH });
    const reads = await Promise.all([
      server.ask(READ, { id }),
      server.ask('query ($id: ID!) { node(id: $id) { id } }', { id }),
      server.ask('query ($id: ID!) { ticketsById(ids: [$id]) { __typename } }', { id }),
      server.ask('query ($r: _Any!) { _entities(representations: [$r]) { __typename } }', {
        r: { __typename: 'TicketFields', id },
      }),
    ]);
    for (const { errors } of reads) {
      expect(errors).toHaveLength(1);
      expect(errors![0]!.extensions?.['code']).toBe('INVALID_INPUT');
      expect(errors![0]!.message.length).toBeLessThan(400);
    }
    const { data } = await server.ask(SOLVE, { input: { ticketIds: [id], status: 'SOLVED' } });
    expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', results: [{ problem: { code: 'INVALID_INPUT' } }] });
    expectNoCalls(server);
    expect(server.defects).toEqual([]);
  });

  test('is rejected as filter.sources and as the source of a new ticket', async () => {
    const server = await startTestServer({ keys: BOTH });
    for (const [, id] of IDS.filter(([, one]) => one !== 'omnidesk@emea')) {
      const { errors } = await server.ask(PAGE, { filter: { sources: [id] } });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['filter', 'sources'] });
      const created = await server.ask(
        'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { problems { code field } } }',
        { input: { ticket: { omnidesk: { title: 'new' } }, source: id } },
      );
      expect(created.data.createTicket.problems).toEqual([{ code: 'INVALID_INPUT', field: ['source'] }]);
    }
    expectNoCalls(server);
  });
});

describe('the cursor of other sources', () => {
  test('is rejected before any call, and fits a filter by its sources', async () => {
    const one = await startTestServer({ keys: ['omnidesk'] });
    const { data } = await one.ask(PAGE);
    const after = data.tickets.pageInfo.endCursor as string;
    const two = await startTestServer({ keys: BOTH });
    const { errors } = await two.ask(PAGE, { after });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    expectNoCalls(two);
    // Not their cursors: the tickets of a sandbox are as old as its start.
    const expected = (await one.ask(PAGE, { after })).data.tickets.nodes;
    const { data: next } = await two.ask(PAGE, { after, filter: { sources: ['omnidesk'] } });
    expect(next.tickets.nodes).toEqual(expected);
    expect(two.vendor('omnidesk@emea').ledger).toEqual([]);
  });

  test('has no effect on a source that is not among the selected ones', async () => {
    const server = await startTestServer({ keys: BOTH });
    const filter = { sources: ['omnidesk'] };
    const { data } = await server.ask(PAGE, { filter });
    const issued = JSON.parse(Buffer.from(data.tickets.pageInfo.endCursor as string, 'base64url').toString());
    const added = { ...issued, p: { ...issued.p, 'omnidesk@emea': issued.p.omnidesk } };
    const after = Buffer.from(JSON.stringify(added)).toString('base64url');
    server.forget();
    const { data: next } = await server.ask(PAGE, { after, filter });
    expect(next.tickets.nodes).toHaveLength(3);
    expect(server.vendor('omnidesk@emea').ledger).toEqual([]);
  });

  test('is accepted with as many positions as there can be, each as long as it can be', () => {
    const position = { offset: 2 ** 40, anchors: Array<string>(32).fill('aaaaaaaa'), isLate: true };
    const keys = Array.from({ length: 200 }, (_, n) => `omnidesk@${'n'.repeat(27)}-${String(n).padStart(3, '0')}`);
    const lastCreatedAt = '2026-01-01T00:00:00.000Z';
    const positions: Positions = Object.fromEntries(keys.map((key) => [key, { ...position, lastCreatedAt }]));
    const cursor = encodeCursor(positions, { vendors: keys });
    expect(decodeCursor(cursor, { vendors: keys })).toEqual(positions);
  });
});

test('a report that was stored before there were sources is replayed with the source of its vendor', async () => {
  const path = newPath('store');
  const server = await startTestServer({ keys: BOTH, store: createSqliteStore(path) });
  server.vendor('omnidesk').faults = ({ method }) =>
    method === 'GET' ? undefined : { kind: 'answer', applied: false, reply: { status: 403 } };
  const input = { ticketIds: ['omnidesk:858462'], status: 'SOLVED', idempotencyKey: 'one key' };
  const first = (await server.ask(SOLVE, { input })).data.done;
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  const { result } = database.prepare('SELECT result FROM keys').get() as { result: string };
  const earlier = result.replaceAll(/"source":"omnidesk",?/g, '');
  expect(earlier.length).toBeLessThan(result.length);
  database.prepare('UPDATE keys SET result = ?').run(earlier);
  const second = (await server.ask(SOLVE, { input })).data.done;
  expect(second).toEqual({ ...first, replayed: true });
  expect(second.results).toEqual([
    { ticketId: 'omnidesk:858462', outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_FORBIDDEN', source: 'omnidesk' } },
  ]);
  expect(server.calls('omnidesk').filter(({ arrival }) => arrival.method !== 'GET')).toHaveLength(1);
});

test('the audit log has the source of each write', async () => {
  const AUDIT_LOG = newPath('audit.jsonl');
  const server = await startTestServer({ keys: BOTH, environment: { AUDIT_LOG } });
  const ticketIds = BOTH.map((key) => `${key}:858462`);
  await server.ask(SOLVE, { input: { ticketIds, status: 'SOLVED' } });
  const lines = readFileSync(AUDIT_LOG, 'utf8').trim().split('\n');
  const audited = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(audited).toMatchObject(
    BOTH.map((source) => ({ vendor: 'omnidesk', source, ticket: `${source}:858462`, outcome: 'APPLIED' })),
  );
});

test('a secret of one source in an answer of another is in no log line', async () => {
  const secret = 'canary-of-the-first-source';
  let log = '';
  const server = await startTestServer({
    keys: BOTH,
    environment: { OMNIDESK_API_KEY: secret, LOG_LEVEL: 'debug' },
    logStream: { write: (line) => void (log += line) },
  });
  const { errorBody } = samplesOf('omnidesk').samples;
  for (const status of [200, 400, 401, 500]) {
    const reply = { status, headers: { 'x-secret': secret }, body: JSON.stringify(errorBody!(secret)) };
    server.vendor('omnidesk@emea').faults = () => ({ kind: 'answer', applied: false, reply });
    await server.ask(READ, { id: 'omnidesk@emea:858462' });
    await server.ask(SOLVE, { input: { ticketIds: ['omnidesk@emea:858462'], status: 'SOLVED' } });
  }
  expect(log).toContain('omnidesk@emea');
  expect(log).not.toContain(secret);
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

describe('thirty sources', () => {
  const keys = SOURCES.slice(0, 6).flatMap(({ key }) => Array.from({ length: 5 }, (_, n) => `${key}@site-${n}`));

  test('stay within the cost limits for the pages that clients ask for', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys, isAlone: true });
    for (const filter of [{}, { search: 'printer' }, { categories: ['OPEN'] }, { reference: 'INC-000047' }]) {
      const { data, errors } = await server.ask(
        `query ($filter: TicketFilter) { tickets(first: 25, filter: $filter, patienceMs: 0) {
           nodes { ... on TicketFields { id } } sources { source { id } problem { code } } } }`,
        { filter },
      );
      expect(errors).toBeUndefined();
      expect(data.tickets.sources).toHaveLength(keys.length);
      const codes = data.tickets.sources.flatMap(
        ({ problem }: { problem: { code: string } | null }) => problem?.code ?? [],
      );
      expect(codes.filter((code: string) => code !== 'UNSUPPORTED')).toEqual([]);
    }
  });

  test('have one series of each gauge, whatever ids clients send', async () => {
    const environment = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        [`OMNIDESK@SITE-${n}_URL`, 'http://127.0.0.1:1'],
        [`OMNIDESK@SITE-${n}_API_KEY`, 'key'],
      ]).flat(),
    ) as Record<string, string>;
    const endpoint = await startEndpoint(environment);
    onTestFinished(() => endpoint.close());
    for (let n = 0; n < 20; n += 1) {
      await endpoint.ask(READ, { id: `omnidesk@unknown-${n}:1` });
      await endpoint.ask(SOLVE, { input: { ticketIds: [`omnidesk@unknown-${n}:1`], status: 'SOLVED' } });
    }
    const text = await (await fetch(new URL('/metrics', endpoint.url))).text();
    expect(text.match(/^ticketgraph_queue_length\{/gm)).toHaveLength(30);
    expect(text).not.toContain('unknown-');
  });
});
