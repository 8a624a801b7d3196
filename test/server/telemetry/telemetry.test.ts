/** Telemetry: what the log, metrics, traces, the audit log and Apollo Studio contain, and what they must not. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { UpstreamCall, UpstreamCallResult, Observer, WriteEvent } from '../../../datasources/index.ts';
import { createLabels, toOperation } from '../../../datasources/vendor-kit/request.ts';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { createLog, logStoreFailures } from '../../../server/telemetry/logger.ts';
import { createTracing } from '../../../server/telemetry/tracing.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { startEndpoint } from '../../support/endpoint.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

const ROOT = join(import.meta.dirname, '../../..');
const READ = 'query Read($id: ID!) { ticket(id: $id) { __typename } }';
const SOLVE = `mutation Solve($ids: [ID!]!, $key: String, $dryRun: Boolean) {
  setStatus(input: { ticketIds: $ids, status: SOLVED, idempotencyKey: $key, dryRun: $dryRun }) { outcome replayed }
}`;
const OMNIDESK = 'omnidesk:858462';

/** Waits for a condition. Fails after a minute. */
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 60_000) throw new Error('The condition was not met within a minute.');
    await sleep(10);
  }
}

// ---------------------------------------------------------------- events

describe('operation labels', () => {
  test.each([
    ['GET', '/api/v2/ticket/858462', 'GET /api/v2/ticket/:id'],
    ['POST', '/api/tickets/ticket25687.acme/actions', 'POST /api/tickets/:id/actions'],
    ['GET', '/v2/tickets/in-progress/497f6eca-6276-4993-bfeb-53cbbbba6f08', 'GET /v2/tickets/in-progress/:id'],
    ['GET', '/a/word%2Fword/b2', 'GET /a/:id/:id'],
    ['GET', '/REST/2.0/ticket/47', 'GET /REST/2.0/ticket/:id'],
    ['GET', '/a/2.0.1/12.0/2.', 'GET /a/:id/:id/:id'],
    ['GET', '/a//b/', 'GET /a//b/'],
    ['GET', '/v/vx/v2x/v22/2v', 'GET /v/vx/:id/v22/:id'],
    ['GET', '/-x/x-/x_y/x.y/[/`/{/@/Z', 'GET /:id/x-/:id/:id/:id/:id/:id/:id/Z'],
    ['POST', '', 'POST /'],
  ] as const)('labels an operation by method and path without ids: %s %s', (method, path, operation) => {
    expect(toOperation({ method, path })).toBe(operation);
  });

  test('labels any path as if each segment were compared with the pattern of a word', () => {
    const WORD = /^(?:[A-Za-z][A-Za-z-]*|v[0-9]+|[0-9]\.[0-9])?$/;
    const labelBySegment = ({ method, path }: { method: 'GET'; path: string }): string => {
      const segments = path.split('/').map((segment) => (WORD.test(segment) ? segment : ':id'));
      return `${method} ${segments.join('/') || '/'}`;
    };
    const characters = fc.constantFrom('/', '/', 'a', 'Z', 'v', '-', '0', '7', '.', '%', '$', ':', '\n', '\u2028', 'é');
    const path = fc.oneof(fc.string({ unit: characters }), fc.webPath(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(path, (given) => {
        const request = { method: 'GET', path: given } as const;
        expect(toOperation(request)).toBe(labelBySegment(request));
      }),
      { numRuns: 1000 },
    );
  });

  test('limits the number of labels, and uses one for all others', () => {
    const toLabel = createLabels(2);
    expect(['a', 'b', 'c', 'a', 'd'].map(toLabel)).toEqual(['a', 'b', 'other', 'a', 'other']);
  });
});

interface RecordedEvents {
  readonly ends: (Pick<UpstreamCall, 'vendor' | 'operation'> & Pick<UpstreamCallResult, 'result' | 'status'>)[];
  readonly writes: Omit<WriteEvent, 'call'>[];
  readonly observer: Observer;
}

function recordEvents(): RecordedEvents {
  const events: RecordedEvents = {
    ends: [],
    writes: [],
    observer: {
      onCallEnd: ({ vendor, operation }, { result, status }) =>
        void events.ends.push({ vendor, operation, result, status }),
      onWriteEnd: ({ call, ...write }) => void events.writes.push(write),
    },
  };
  return events;
}

describe('call events', () => {
  const operation = 'GET /api/v2/ticket/:id';
  const answer = (status: number) => () => ({ kind: 'answer', applied: false, reply: { status } }) as const;

  test.each([
    ['ok', 200, undefined, 1],
    ['client_error', 403, answer(403), 1],
    ['server_error', 503, answer(503), 3],
    ['network_error', undefined, () => ({ kind: 'reset', applied: false }) as const, 3],
    ['timeout', undefined, () => ({ kind: 'silent', applied: false }) as const, 1],
  ])('reports each attempt of a call with the result %s', async (result, status, faults, tries) => {
    const events = recordEvents();
    const environment = { OMNIDESK_TIMEOUT_MS: result === 'timeout' ? '2000' : '10000' };
    const testServer = await startTestServer({ keys: ['omnidesk'], environment, observe: [events.observer] });
    testServer.vendor('omnidesk').faults = faults;
    await testServer.ask(READ, { id: OMNIDESK });
    expect(events.ends).toEqual(
      Array.from({ length: tries }, () => ({ vendor: 'omnidesk', operation, result, status })),
    );
    expect(testServer.calls('omnidesk')).toHaveLength(tries);
  });

  test('reports rejected_locally while the circuit is open, and sends nothing', async () => {
    const events = recordEvents();
    const testServer = await startTestServer({ keys: ['omnidesk'], observe: [events.observer] });
    testServer.vendor('omnidesk').faults = answer(503);
    for (let n = 1; n <= 30; n += 1) await testServer.ask(READ, { id: `omnidesk:${n}` });
    const results = Map.groupBy(events.ends, ({ result }) => result);
    expect([...results.keys()]).toEqual(['server_error', 'rejected_locally']);
    expect(results.get('server_error')).toHaveLength(testServer.calls('omnidesk').length);
    const { text } = await scrape(testServer);
    expect(text).toContain('ticketgraph_breaker_state{vendor="omnidesk",source="omnidesk",state="open"} 1\n');
    expect(text).toContain('ticketgraph_breaker_state{vendor="omnidesk",source="omnidesk",state="closed"} 0\n');
  });

  test('reports canceled if the client disconnects', async () => {
    const events = recordEvents();
    const testServer = await startTestServer({ keys: ['omnidesk'], observe: [events.observer] });
    testServer.vendor('omnidesk').faults = () => ({ kind: 'silent', applied: false });
    const stop = new AbortController();
    const asking = testServer.ask(READ, { id: OMNIDESK }, { signal: stop.signal }).catch(() => 'gone');
    await until(() => testServer.calls('omnidesk').length === 1);
    stop.abort();
    expect(await asking).toBe('gone');
    await until(() => events.ends.length === 1);
    expect(events.ends).toEqual([{ vendor: 'omnidesk', operation, result: 'canceled', status: undefined }]);
  });

  test('an observer that throws does not affect calls, and is reported', async () => {
    const events = recordEvents();
    const fail = (): never => {
      throw new Error('the observer fell over');
    };
    const bad: Observer = { onCallStart: fail, onCallEnd: fail, onReadShared: fail, onWriteEnd: fail };
    const testServer = await startTestServer({ keys: ['omnidesk'], observe: [bad, events.observer] });
    expect(await testServer.ask(READ, { id: OMNIDESK })).toEqual({
      data: { ticket: { __typename: 'OmnideskTicket' } },
    });
    const { data } = await testServer.ask(SOLVE, { ids: [OMNIDESK] });
    expect(data.setStatus.outcome).toBe('APPLIED');
    expect(events.ends).toHaveLength(2);
    expect(testServer.defects).toHaveLength(5);
    expect(String(testServer.defects[0])).toContain('the observer fell over');
  });
});

describe('write events', () => {
  test('reports a write for each ticket with its outcome', async () => {
    const events = recordEvents();
    const testServer = await startTestServer({ keys: ['omnidesk', 'huawei'], observe: [events.observer] });
    const headers = { 'content-type': 'application/json', 'x-request-id': 'up-17' };
    testServer.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 200, headers } });
    testServer.vendor('huawei').faults = ({ path }) =>
      path.endsWith('/action') ? { kind: 'answer', applied: false, reply: { status: 500 } } : undefined;
    await testServer.ask(SOLVE, { ids: [OMNIDESK, 'huawei:TS-123456', 'huawei:../x', 'unknown:1'] });
    const asked = { action: null, status: 'SOLVED', priority: null, keyHash: null };
    const common = { mutation: 'setStatus', caller: 'anonymous', isReplayed: false, isReconciled: false, ...asked };
    const nothing = { outcome: 'NOT_APPLIED', problem: 'invalid-input', upstreamRequestId: null };
    const applied = { outcome: 'APPLIED', problem: null, upstreamRequestId: 'up-17', action: 'status.solved' };
    const unknown = { outcome: 'UNKNOWN', problem: 'outcome-unknown', upstreamRequestId: null };
    expect(events.writes.toSorted((one, other) => (one.ticketId! < other.ticketId! ? -1 : 1))).toEqual([
      { ...common, ...nothing, vendor: null, source: null, ticketId: 'huawei:../x' },
      { ...common, ...unknown, vendor: 'huawei', source: 'huawei', ticketId: 'huawei:TS-123456' },
      { ...common, ...applied, vendor: 'omnidesk', source: 'omnidesk', ticketId: OMNIDESK },
      { ...common, ...nothing, vendor: null, source: null, ticketId: 'unknown:1' },
    ]);
  });

  test('reports a write as soon as its outcome is known, while others of the mutation are in flight', async () => {
    const events = recordEvents();
    const testServer = await startTestServer({ keys: ['omnidesk', 'huawei'], observe: [events.observer] });
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('huawei').faults = ({ path }) =>
      path.endsWith('/action') ? { kind: 'hold', until: release.promise } : undefined;
    const asking = testServer.ask(SOLVE, { ids: [OMNIDESK, 'huawei:TS-123456'] });
    await until(() => events.writes.length === 1 && testServer.calls('huawei').length === 1);
    expect(events.writes.map(({ ticketId }) => ticketId)).toEqual([OMNIDESK]);
    release.resolve(undefined);
    await asking;
    expect(events.writes.map(({ ticketId }) => ticketId)).toEqual([OMNIDESK, 'huawei:TS-123456']);
  });

  test('reports replays under a key, and mutations rejected as a whole without a ticket', async () => {
    const events = recordEvents();
    const testServer = await startTestServer({ keys: ['omnidesk'], observe: [events.observer] });
    await testServer.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    await testServer.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    await testServer.ask(SOLVE, { ids: ['omnidesk:858400'], key: 'once' });
    await testServer.ask(SOLVE, { ids: [], key: null });
    await testServer.ask(SOLVE, { ids: [OMNIDESK], dryRun: true });
    expect(
      events.writes.map(({ ticketId, outcome, problem, isReplayed }) => [ticketId, outcome, problem, isReplayed]),
    ).toEqual([
      [OMNIDESK, 'APPLIED', null, false],
      [OMNIDESK, 'APPLIED', null, true],
      [null, 'NOT_APPLIED', 'key-reused', false],
      [null, 'NOT_APPLIED', 'invalid-input', false],
    ]);
    expect(testServer.vendor('omnidesk').effects).toHaveLength(1);
  });
});

test('reports UNKNOWN for a write with an unexpected error', async () => {
  const events = recordEvents();
  const testServer = await startTestServer({ keys: ['omnidesk'], observe: [events.observer] });
  Object.assign(testServer.sources.connected.get('omnidesk')!.datasource, {
    writes: {
      setStatus() {
        throw new TypeError('unexpected');
      },
    },
  });
  const { errors } = await testServer.ask(SOLVE, { ids: [OMNIDESK] });
  expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
  expect(events.writes).toMatchObject([
    { vendor: null, ticketId: null, outcome: 'UNKNOWN', problem: 'internal-error' },
  ]);
});

// ---------------------------------------------------------------- the log

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

interface Logged {
  readonly testServer: TestServer;
  readonly lines: Line[];
  readonly text: () => string;
}

async function startLogged(options: TestServerOptions = {}): Promise<Logged> {
  let text = '';
  const lines: Line[] = [];
  const logStream = {
    write(line: string) {
      text += line;
      lines.push(JSON.parse(line) as Line);
    },
  };
  const testServer = await startTestServer({ ...options, logStream });
  return { testServer, lines, text: () => text };
}

describe('log', () => {
  test('logs one line for a request, with its calls and its result', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk', 'huawei'] });
    await testServer.ask(
      'query Both { ticketsById(ids: ["omnidesk:858462", "omnidesk:1", "huawei:TS-123456"]) { __typename } }',
    );
    await until(() => lines.length > 0);
    const [line] = lines as [Line];
    expect(lines).toHaveLength(1);
    expect(line).toMatchObject({
      level: 'info',
      msg: 'request',
      operation: { name: 'Both', type: 'query' },
      caller: 'anonymous',
      vendors: { omnidesk: testServer.calls('omnidesk').length, huawei: testServer.calls('huawei').length },
      sharedReads: 0,
      outcomes: {},
      codes: [],
      result: 'ok',
      status: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      durationMs: expect.any(Number),
    });
  });

  test('logs the outcomes of a write, and the codes of errors', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    await testServer.ask(SOLVE, { ids: [OMNIDESK, 'omnidesk:858400', 'unknown:1'] });
    await testServer.ask('{ ticket(id: "unknown:1") { __typename } }');
    await testServer.ask('{ nothing }');
    await fetch(testServer.url, { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: 'x' });
    await until(() => lines.length === 4);
    expect(lines.map(({ result, status, codes, outcomes }) => [result, status, codes, outcomes])).toEqual([
      ['ok', 200, [], { APPLIED: 2, NOT_APPLIED: 1 }],
      ['errors', 200, ['INVALID_INPUT'], {}],
      ['rejected', 400, ['GRAPHQL_VALIDATION_FAILED'], {}],
      ['rejected', 415, [], {}],
    ]);
  });

  test('logs at level warn if a vendor failed or an outcome is unknown', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    testServer.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 500 } });
    await testServer.ask(READ, { id: OMNIDESK });
    await testServer.ask(SOLVE, { ids: [OMNIDESK] });
    await until(() => lines.length === 2);
    expect(lines.map(({ level, codes, outcomes }) => [level, codes, outcomes])).toEqual([
      ['warn', ['VENDOR_UNAVAILABLE'], {}],
      ['warn', [], { UNKNOWN: 1 }],
    ]);
  });

  test('logs an unexpected error with its stack, and hides it from the client', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    Object.assign(testServer.sources.connected.get('omnidesk')!.datasource, {
      find() {
        throw new TypeError('unexpected');
      },
    });
    const answer = await testServer.ask(READ, { id: OMNIDESK });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    await until(() => lines.length === 2);
    const [unexpected, request] = lines as [Line, Line];
    expect(unexpected).toMatchObject({ level: 'error', msg: 'unexpected error', requestId: request['requestId'] });
    expect(unexpected['err']).toMatchObject({
      message: 'unexpected',
      stack: expect.stringContaining('telemetry.test.ts'),
    });
    expect(request).toMatchObject({ level: 'error', result: 'internal_error', codes: ['INTERNAL_SERVER_ERROR'] });
    expect((await scrape(testServer)).text).toContain('ticketgraph_internal_errors_total 1\n');
  });

  test('uses the request id of the client if it is valid, and returns it', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    const ask = async (id: string): Promise<string | null> => {
      const headers = { 'content-type': 'application/json', 'x-request-id': id };
      const response = await fetch(testServer.url, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      return response.headers.get('x-request-id');
    };
    const given = [await ask('client-1.a_B'), await ask('spaces are no id'), await ask('x'.repeat(129))];
    await until(() => lines.length === 3);
    expect(lines.map(({ requestId }) => requestId)).toEqual(given);
    expect(given[0]).toBe('client-1.a_B');
    expect(given[1]).toMatch(/^[0-9a-f-]{36}$/);
    expect(given[2]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('logs no variables and no headers', async () => {
    const { testServer, lines, text } = await startLogged({ keys: ['omnidesk'], environment: { LOG_LEVEL: 'trace' } });
    const headers = {
      authorization: 'Bearer canary-token',
      cookie: 'session=canary-cookie',
      'x-canary': 'canary-header',
    };
    await testServer.ask(READ, { id: 'omnidesk:canary-variable' }, { headers });
    await testServer.ask('query Canary($s: String) { tickets(filter: { search: $s }) { nodes { __typename } } }', {
      s: 'canary-search',
    });
    await until(() => lines.length === 2);
    expect(text()).toContain('"name":"Canary"');
    expect(text()).not.toContain('canary-');
  });

  test('redacts secrets by the names of fields', () => {
    let text = '';
    const { redacting: log } = createLog('info', { write: (line) => (text += line) });
    const secrets = { authorization: 'canary', cookie: 'canary', 'x-api-key': 'canary', password: 'canary' };
    log.info({ ...secrets, request: { headers: secrets } }, 'request');
    expect(text).not.toContain('canary');
    expect(text.match(/REDACTED/g)).toHaveLength(8);
  });

  test('logs nothing below its level', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'], environment: { LOG_LEVEL: 'warn' } });
    await testServer.ask(READ, { id: OMNIDESK });
    testServer.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 500 } });
    await testServer.ask(READ, { id: OMNIDESK });
    await until(() => lines.length > 0);
    expect(lines.map(({ level }) => level)).toEqual(['warn']);
  });

  test('logs a write that ends after its client disconnected', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
    const stop = new AbortController();
    const asking = testServer.ask(SOLVE, { ids: [OMNIDESK] }, { signal: stop.signal }).catch(() => 'gone');
    await until(() => testServer.calls('omnidesk').length === 1);
    stop.abort();
    expect(await asking).toBe('gone');
    await until(() => lines.length === 1);
    release.resolve(undefined);
    await until(() => lines.length === 2);
    const [request, late] = lines as [Line, Line];
    expect(request).toMatchObject({ level: 'info', result: 'canceled', status: null, outcomes: {} });
    expect(late).toMatchObject({
      level: 'warn',
      requestId: request['requestId'],
      vendor: 'omnidesk',
      outcome: 'APPLIED',
    });
  });
});

// ---------------------------------------------------------------- metrics

async function scrape({
  url,
}: Pick<TestServer, 'url'>): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(url.replace('/graphql', '/metrics'));
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe('metrics', () => {
  test('counts calls by operation, and writes by outcome', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk', 'akana'] });
    await testServer.ask(READ, { id: OMNIDESK });
    await testServer.ask(READ, { id: 'omnidesk:858400' });
    await testServer.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    await testServer.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    await testServer.ask('{ nothing }');
    const { type, text } = await scrape(testServer);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    const reads = testServer.calls('omnidesk').filter(({ arrival }) => arrival.method === 'GET');
    const counted = [
      `ticketgraph_upstream_calls_total{vendor="omnidesk",source="omnidesk",operation="GET /api/v2/ticket/:id",result="ok",caller="anonymous"} ${reads.length}`,
      'ticketgraph_upstream_calls_total{vendor="omnidesk",source="omnidesk",operation="POST /api/v2/ticket/setStatus",result="ok",caller="anonymous"} 1',
      `ticketgraph_upstream_call_duration_seconds_count{vendor="omnidesk",source="omnidesk",operation="GET /api/v2/ticket/:id"} ${reads.length}`,
      'ticketgraph_operations_total{type="query",result="ok",caller="anonymous"} 2',
      'ticketgraph_operations_total{type="mutation",result="ok",caller="anonymous"} 2',
      'ticketgraph_operations_total{type="none",result="rejected",caller="anonymous"} 1',
      'ticketgraph_request_duration_seconds_count{type="query"} 2',
      'ticketgraph_writes_total{vendor="omnidesk",source="omnidesk",mutation="setStatus",outcome="APPLIED"} 1',
      'ticketgraph_idempotent_replays_total{vendor="omnidesk",source="omnidesk",mutation="setStatus"} 1',
      'ticketgraph_breaker_state{vendor="akana",source="akana",state="closed"} 1',
      'ticketgraph_queue_length{vendor="omnidesk",source="omnidesk"} 0',
      'ticketgraph_internal_errors_total 0',
    ];
    expect(reads.length).toBeGreaterThanOrEqual(2);
    expect(text.split('\n')).toEqual(expect.arrayContaining(counted));
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  });

  test('counts unknown words by vendor and field, never by word, and logs each word once', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const testServer = await startTestServer({ keys: ['omnidesk', 'akana'], logStream });
    const vendor = testServer.vendor('omnidesk');
    const item = { id: 858462, status: 'parked', priority: 'jan@example.com', direction: 'inbound' };
    const reply = { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ item }) };
    vendor.faults = () => ({ kind: 'answer', applied: false, reply });
    const query =
      '{ ticket(id: "omnidesk:858462") { ... on OmnideskTicket { status { category } priority direction } } }';
    for (const count of [1, 2]) {
      const { data } = await testServer.ask(query);
      expect(data.ticket).toEqual({ status: { category: null }, priority: null, direction: 'INBOUND' });
      const { text } = await scrape(testServer);
      const counted = [...text.matchAll(/^ticketgraph_unknown_words_total(.*)$/gm)].map(([, sample]) => sample);
      expect(counted).toEqual([
        `{vendor="omnidesk",field="status"} ${count}`,
        `{vendor="omnidesk",field="priority"} ${count}`,
      ]);
    }
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /unknown word/i.test(String(msg)));
    expect(warnings.map(({ vendor: key, msg }) => [key, String(msg).split(':')[0]])).toEqual([
      ['omnidesk', 'Unknown word "parked" in status'],
      ['omnidesk', 'Unknown word of 15 characters in priority'],
    ]);
    expect(lines.join('')).not.toContain('jan@example.com');
  });

  test('counts the unknown words of a closed server no more', async () => {
    const closed: string[] = [];
    const sandbox = await startSandbox(['omnidesk']);
    onTestFinished(() => sandbox.close());
    const observe = [{ onUnknownWord: (_: string, field: string) => void closed.push(field) }];
    const endpoint = await startEndpoint(sandbox.settings, { observe });
    const { data } = await endpoint.ask(
      `{ tickets(first: 50) { nodes { ... on TicketFields { status { category } } } } }`,
    );
    expect(data.tickets.nodes.some(({ status }: { status: { category: unknown } }) => status.category === null)).toBe(
      true,
    );
    expect(new Set(closed)).toEqual(new Set(['status']));
    const count = closed.length;
    await endpoint.close();
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    await testServer.ask(`{ tickets(first: 50) { nodes { ... on TicketFields { status { category } } } } }`);
    expect(closed).toHaveLength(count);
  });

  test('reports the current length of the queue', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
    const asking = [1, 2, 3].map((n) => testServer.ask(READ, { id: `omnidesk:${n}` }));
    await until(() => testServer.sources.connected.get('omnidesk')!.upstream.health.queued === 2);
    expect((await scrape(testServer)).text).toContain(
      'ticketgraph_queue_length{vendor="omnidesk",source="omnidesk"} 2\n',
    );
    release.resolve(undefined);
    await Promise.all(asking);
    expect((await scrape(testServer)).text).toContain(
      'ticketgraph_queue_length{vendor="omnidesk",source="omnidesk"} 0\n',
    );
  });

  test('counts shared reads', async () => {
    const { testServer, lines } = await startLogged({ keys: ['omnidesk'] });
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
    const first = testServer.ask(READ, { id: OMNIDESK });
    await until(() => testServer.calls('omnidesk').length === 1);
    const second = testServer.ask(READ, { id: OMNIDESK });
    while (
      !(await scrape(testServer)).text.includes(
        'ticketgraph_shared_reads_total{vendor="omnidesk",source="omnidesk"} 1\n',
      )
    )
      await sleep(10);
    release.resolve(undefined);
    await Promise.all([first, second]);
    expect(testServer.calls('omnidesk')).toHaveLength(1);
    await until(() => lines.length === 2);
    const reads = lines.map(({ vendors, sharedReads }) => [vendors, sharedReads]);
    expect(reads).toContainEqual([{ omnidesk: 1 }, 0]);
    expect(reads).toContainEqual([{}, 1]);
  });

  test('has no label values from clients', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    await testServer.ask(READ.replace('Read', 'Canary'), { id: 'omnidesk:4711' });
    await testServer.ask(SOLVE.replace('Solve', 'Canary'), { ids: ['canary:1', 'omnidesk:canary'] });
    const { text } = await scrape(testServer);
    expect(text).toContain('{vendor="none",source="none",mutation="setStatus",outcome="NOT_APPLIED"} 2');
    // A duration may hold any digits.
    expect(text.replaceAll(/ [\d.e+-]+$/gm, '')).not.toMatch(/canary|4711/i);
  });

  test('reports the requests in flight, and the versions', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    const inFlight = async () => /^ticketgraph_requests_in_flight (\d+)$/m.exec((await scrape(testServer)).text)?.[1];
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
    const abort = new AbortController();
    const [first, second] = [testServer.ask(READ, { id: OMNIDESK }), testServer.ask(READ, { id: 'omnidesk:1' })];
    const canceled = testServer.ask(READ, { id: 'omnidesk:2' }, { signal: abort.signal }).catch(() => undefined);
    await until(() => testServer.calls('omnidesk').length === 3);
    expect(await inFlight()).toBe('3');
    abort.abort();
    await canceled;
    await expect.poll(inFlight).toBe('2');
    release.resolve(undefined);
    await Promise.all([first, second]);
    await expect.poll(inFlight).toBe('0');
    await testServer.ask('{ nothing }');
    await expect.poll(inFlight).toBe('0');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const info = `ticketgraph_build_info{version="${version}",node_version="${process.versions.node}"} 1\n`;
    expect((await scrape(testServer)).text).toContain(info);
  });

  test('histograms have buckets from 1 ms to 60 s', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    await testServer.ask(READ, { id: OMNIDESK });
    const { text } = await scrape(testServer);
    for (const name of ['request_duration_seconds', 'upstream_call_duration_seconds']) {
      const bounds = [...text.matchAll(new RegExp(`^ticketgraph_${name}_bucket\\{le="([^"]+)"`, 'gm'))].map(
        ([, le]) => le,
      );
      expect([bounds[0], ...bounds.slice(-2)]).toEqual(['0.001', '60', '+Inf']);
    }
  });

  test('serves no metrics with METRICS=off', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'], environment: { METRICS: 'off' } });
    await testServer.ask(READ, { id: OMNIDESK });
    expect((await scrape(testServer)).status).toBe(404);
    expect(testServer.sources.events).toBeUndefined();
  });
});

// ---------------------------------------------------------------- traces

interface Traced {
  readonly testServer: TestServer;
  spans(): ReadableSpan[];
}

async function startTraced(options: TestServerOptions = {}): Promise<Traced> {
  const exporter = new InMemorySpanExporter();
  const tracing = createTracing({ serviceName: 'ticketgraph', processor: new SimpleSpanProcessor({ exporter }) });
  const testServer = await startTestServer({ ...options, tracing });
  return { testServer, spans: () => exporter.getFinishedSpans() };
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('traces', () => {
  test('traces a request through the sources to the vendor call, and propagates it', async () => {
    const { testServer, spans } = await startTraced({ keys: ['omnidesk'] });
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'other=canary', baggage: 'user=canary' };
    await testServer.ask(READ, { id: OMNIDESK }, { headers });
    await until(() => spans().length === 3);
    const [call, reach, request] = spans() as [ReadableSpan, ReadableSpan, ReadableSpan];
    const names = [request.name, reach.name, call.name];
    expect(names).toEqual(['POST /graphql', 'sources.ticket', 'GET /api/v2/ticket/:id']);
    expect([request, reach, call].map((span) => span.spanContext().traceId)).toEqual([TRACE, TRACE, TRACE]);
    expect([request, reach, call].map((span) => span.parentSpanContext?.spanId)).toEqual([
      PARENT,
      request.spanContext().spanId,
      reach.spanContext().spanId,
    ]);
    const [arrived] = testServer.calls('omnidesk');
    expect(arrived?.arrival.headers['traceparent']).toBe(`00-${TRACE}-${call.spanContext().spanId}-01`);
    expect(JSON.stringify(arrived?.arrival.headers)).not.toContain('canary');
  });

  test('spans have vendor, mutation and outcome, but no ticket, caller, variable or query', async () => {
    const { testServer, spans } = await startTraced({ keys: ['omnidesk'] });
    const headers = { authorization: 'Bearer canary', 'x-request-id': 'canary' };
    await testServer.ask(
      'query ($s: String) { tickets(filter: { search: $s }) { nodes { __typename } } }',
      { s: 'canary' },
      { headers },
    );
    await testServer.ask(READ, { id: 'canary:1' }, { headers });
    await testServer.ask(SOLVE, { ids: [OMNIDESK] }, { headers });
    await until(() => spans().filter(({ name }) => name === 'POST /graphql').length === 3);
    const attributesOf = (name: string) =>
      spans()
        .filter((span) => span.name === name)
        .map((span) => span.attributes);
    expect(attributesOf('sources.write')).toEqual([
      {
        'ticketgraph.mutation': 'setStatus',
        'ticketgraph.vendors': ['omnidesk'],
        'ticketgraph.sources': ['omnidesk'],
        'ticketgraph.outcome': 'APPLIED',
      },
    ]);
    expect(attributesOf('sources.list')).toEqual([
      { 'ticketgraph.vendors': ['omnidesk'], 'ticketgraph.sources': ['omnidesk'] },
    ]);
    expect(attributesOf('sources.ticket')).toEqual([{ 'error.type': 'invalid-input' }]);
    expect(attributesOf('POST /api/v2/ticket/setStatus')).toEqual([
      {
        'ticketgraph.vendor': 'omnidesk',
        'ticketgraph.source': 'omnidesk',
        'http.request.method': 'POST',
        'url.template': '/api/v2/ticket/setStatus',
        'ticketgraph.result': 'ok',
        'http.response.status_code': 200,
      },
    ]);
    const text = JSON.stringify(
      spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    );
    expect(text).not.toMatch(/canary|858462|anonymous|\?/);
  });

  test('has a span for each attempt, and marks failed ones as errors', async () => {
    const { testServer, spans } = await startTraced({ keys: ['omnidesk'] });
    testServer.vendor('omnidesk').faults = () =>
      testServer.calls('omnidesk').length === 1
        ? { kind: 'answer', applied: false, reply: { status: 503 } }
        : undefined;
    await testServer.ask(READ, { id: OMNIDESK });
    await until(() => spans().length === 4);
    const tries = spans().filter(({ name }) => name.startsWith('GET'));
    expect(tries.map(({ attributes }) => attributes['error.type'])).toEqual(['503', undefined]);
    const sent = testServer.calls('omnidesk').map(({ arrival }) => arrival.headers['traceparent']?.split('-')[2]);
    expect(sent).toEqual(tries.map((span) => span.spanContext().spanId));
  });

  test('propagates an unsampled trace, and records no span', async () => {
    const { testServer, spans } = await startTraced({ keys: ['omnidesk'] });
    await testServer.ask(READ, { id: OMNIDESK }, { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } });
    expect(testServer.calls('omnidesk')[0]?.arrival.headers['traceparent']).toMatch(
      new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`),
    );
    expect(spans()).toEqual([]);
  });

  test('does not propagate traceparent while tracing is off', async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    await testServer.ask(READ, { id: OMNIDESK }, { headers: { traceparent: `00-${TRACE}-${PARENT}-01` } });
    expect(testServer.calls('omnidesk')[0]?.arrival.headers).not.toHaveProperty('traceparent');
  });

  test('exports spans at shutdown at the latest, with the name of the service', async () => {
    const collector = await startRecordingServer();
    const endpoint = await startClosable({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_SERVICE_NAME: 'tickets',
    });
    await endpoint.ask(READ, { id: OMNIDESK });
    await endpoint.close();
    expect(collector.recorded.map(({ path }) => path)).toEqual(['/v1/traces']);
    const { resourceSpans } = JSON.parse(collector.recorded[0]!.body.toString());
    const [{ resource, scopeSpans }] = resourceSpans;
    expect(resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'tickets' } });
    const names = (scopeSpans[0].spans as { name: string }[]).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['GET /api/v2/ticket/:id', 'POST /graphql', 'sources.ticket']);
  });

  test('shuts down although the collector does not respond', async () => {
    const collector = await startRecordingServer(() => new Promise(() => undefined));
    const endpoint = await startClosable({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await endpoint.ask(READ, { id: OMNIDESK });
    await endpoint.close(2_000);
    expect(collector.recorded).toHaveLength(1);
  });
});

// ---------------------------------------------------------------- a recording server on loopback

interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface RecordingServer {
  readonly url: string;
  readonly recorded: RecordedRequest[];
}

/** A server that records requests until the test ends. */
async function startRecordingServer(
  answer: (recorded: RecordedRequest) => unknown = () => ({}),
): Promise<RecordingServer> {
  const recorded: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then(async (chunks) => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks as Buffer[]) };
      recorded.push(one);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(await answer(one)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, recorded };
}

/** An endpoint with Omnidesk that the test closes itself. */
async function startClosable(environment: Readonly<Record<string, string>>) {
  const sandbox = await startSandbox(['omnidesk']);
  onTestFinished(() => sandbox.close());
  return startEndpoint({ ...sandbox.settings, ...environment });
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-telemetry-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// ---------------------------------------------------------------- the idempotency store

describe('failing idempotency store', () => {
  /** A store that can be down, with an error message that must not be shown. */
  function createBreakableStore() {
    const store = createSqliteStore(join(makeFolder(), 'store'));
    const state = { isDown: true };
    const lease: typeof store.lease = (...given) =>
      state.isDown
        ? Promise.reject(Object.assign(new Error('connect to redis://:s3cret@host'), { code: 'ECONNREFUSED' }))
        : store.lease(...given);
    return { state, store: { ...store, lease } };
  }

  const readiness = async (testServer: TestServer) => {
    const response = await fetch(new URL('/health/ready', testServer.url));
    return [response.status, await response.json()];
  };

  test('a failing idempotency store is logged, counted and shown by /health/ready, which stays 200', async () => {
    const { state, store } = createBreakableStore();
    const { testServer, lines, text } = await startLogged({ keys: ['omnidesk'], store });
    expect(await readiness(testServer)).toEqual([
      200,
      { status: 'ready', idempotencyStore: { reachable: null, cause: null } },
    ]);
    for (const key of ['one', 'two', 'three']) {
      const { data } = await testServer.ask(SOLVE, { ids: [OMNIDESK], key });
      expect(data.setStatus).toMatchObject({ outcome: 'NOT_APPLIED' });
    }
    await until(() => lines.filter(({ msg }) => msg === 'request').length === 3);
    const warnings = lines.filter(({ msg }) => msg.startsWith('Idempotency store unavailable'));
    expect(warnings).toMatchObject([{ level: 'warn', cause: 'ECONNREFUSED', failures: 1 }]);
    expect(warnings[0]?.msg).toContain('ECONNREFUSED');
    expect(text()).not.toContain('s3cret');
    expect((await scrape(testServer)).text).toContain('ticketgraph_idempotency_store_errors_total 3\n');
    expect(await readiness(testServer)).toEqual([
      200,
      { status: 'ready', idempotencyStore: { reachable: false, cause: 'ECONNREFUSED' } },
    ]);
    expect(testServer.calls('omnidesk')).toEqual([]);
    state.isDown = false;
    const { data } = await testServer.ask(SOLVE, { ids: [OMNIDESK], key: 'four' });
    expect(data.setStatus).toMatchObject({ outcome: 'APPLIED' });
    expect(await readiness(testServer)).toEqual([
      200,
      { status: 'ready', idempotencyStore: { reachable: true, cause: null } },
    ]);
  });

  test('logs a failing idempotency store once a minute, with the number of failures', () => {
    const logged: object[] = [];
    let now = 0;
    const { onStoreFailure } = logStoreFailures(
      { plain: { warn: (fields: object) => void logged.push(fields) } } as never,
      () => now,
    );
    onStoreFailure!('EIO');
    now = 59_999;
    onStoreFailure!('EIO');
    onStoreFailure!('EIO');
    now = 60_000;
    onStoreFailure!('ENOSPC');
    expect(logged).toEqual([
      { cause: 'EIO', failures: 1 },
      { cause: 'ENOSPC', failures: 3 },
    ]);
  });
});

// ---------------------------------------------------------------- the audit log

function readAuditLog(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('audit log', () => {
  test('has a line for each ticket of a write, with caller, action and outcome, and none for reads', async () => {
    const file = join(makeFolder(), 'audit.jsonl');
    const testServer = await startTestServer({ keys: ['omnidesk'], environment: { AUDIT_LOG: file } });
    const headers = { 'x-request-id': 'client-7' };
    const reply = { status: 200, headers: { 'x-correlation-id': 'up-18' } };
    testServer.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply });
    await testServer.ask(READ, { id: 'omnidesk:858400' });
    await testServer.ask(SOLVE, { ids: [OMNIDESK, 'omnidesk:x'] }, { headers });
    const shared = {
      time: expect.any(String),
      caller: 'anonymous',
      mutation: 'setStatus',
      status: 'SOLVED',
      priority: null,
      keyHash: null,
      requestId: 'client-7',
    };
    const none = { replayed: false, reconciled: false };
    expect(readAuditLog(file)).toEqual([
      {
        ...shared,
        ...none,
        vendor: 'omnidesk',
        source: 'omnidesk',
        ticket: OMNIDESK,
        action: 'status.solved',
        outcome: 'APPLIED',
        problem: null,
        upstreamRequestId: 'up-18',
      },
      {
        ...shared,
        ...none,
        vendor: null,
        source: null,
        ticket: 'omnidesk:x',
        action: null,
        outcome: 'NOT_APPLIED',
        problem: 'INVALID_INPUT',
        upstreamRequestId: null,
      },
    ]);
  });

  test('has action, status, priority and the hash of the key, but no text of users', async () => {
    const file = join(makeFolder(), 'audit.jsonl');
    const testServer = await startTestServer({ environment: { AUDIT_LOG: file } });
    const jifeline = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';
    const operatorId = '6ae9c5a8-3b0d-4c39-8d6b-0d2ab9d2b3c1';
    const text = 'CANARY';
    const inputs: readonly (readonly [mutation: string, input: object])[] = [
      ['executeAction', { ticketId: 'huawei:TS-123456', action: 'close', comment: text, idempotencyKey: 'key 1' }],
      ['executeAction', { ticketId: 'huawei:TS-123456', action: 'delete', inputs: { judgement: text } }],
      ['executeAction', { ticketId: OMNIDESK, action: 'priority.urgent', comment: text }],
      ['executeAction', { ticketId: 'akana:ticket25687.acmepaymentscorp', action: 'ticket.action.close' }],
      ['setStatus', { ticketIds: [OMNIDESK], status: 'SOLVED', comment: text }],
      ['setPriority', { ticketIds: [OMNIDESK], priority: 'HIGH' }],
      ['pushWorkflow', { ticketId: 'requestor:INC-000047', action: 'IncidentSuspend', note: text }],
      ['assignOperator', { ticketId: jifeline, operatorId }],
      ['transitionInProgress', { ticketId: jifeline, transition: { complete: { extra: { note: text } } } }],
      ['updateTicket', { ticketId: OMNIDESK, title: text, status: 'CLOSED' }],
      ['runBatch', { ticketIds: [OMNIDESK], actions: [{ actionType: 'addComment', value: text }] }],
      ['unlinkCustomer', { ticketId: OMNIDESK }],
      ['deleteTickets', { ticketIds: [OMNIDESK] }],
      ['createTicket', { ticket: { omnidesk: { title: text } } }],
      ['solveUnfinishedTickets', { confirm: true, clientMutationId: text }],
    ];
    for (const [mutation, input] of inputs) {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
      const { errors } = await testServer.ask(`mutation ($input: ${type}) { ${mutation}(input: $input) { outcome } }`, {
        input,
      });
      expect(errors).toBeUndefined();
    }
    const keyHash = createHash('sha256').update('key 1').digest('base64url');
    const lines = readAuditLog(file);
    expect(lines.map((line) => [line['mutation'], line['action'], line['status'], line['priority']])).toEqual([
      ['executeAction', 'close', null, null],
      ['executeAction', 'delete', null, null],
      ['executeAction', 'priority.urgent', null, null],
      ['executeAction', 'ticket.action.close', null, null],
      ['setStatus', 'status.solved', 'SOLVED', null],
      ['setPriority', 'priority.high', null, 'HIGH'],
      ['pushWorkflow', 'IncidentSuspend', null, null],
      ['assignOperator', `assignOperator ${operatorId}`, null, null],
      ['transitionInProgress', 'complete', null, null],
      ['updateTicket', 'title status', 'CLOSED', null],
      ['runBatch', 'addComment', null, null],
      ['unlinkCustomer', null, null, null],
      ['deleteTickets', null, null, null],
      ['createTicket', null, null, null],
      ['solveUnfinishedTickets', null, null, null],
    ]);
    expect(lines.map((line) => line['keyHash'])).toEqual([keyHash, ...Array<null>(inputs.length - 1).fill(null)]);
    expect(new Set(lines.map((line) => line['caller']))).toEqual(new Set(['anonymous']));
    const written = readFileSync(file, 'utf8');
    expect(written).not.toContain(text);
    expect(written).not.toContain('key 1');
  });

  test('the audit log is only appended to, readable by its owner only, and recreated after rotation', async () => {
    const folder = makeFolder();
    const file = join(folder, 'audit.jsonl');
    const first = await startTestServer({ keys: ['omnidesk'], environment: { AUDIT_LOG: file } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    await first.ask(SOLVE, { ids: [OMNIDESK], key: 'once' });
    const second = await startTestServer({ keys: ['omnidesk'], environment: { AUDIT_LOG: file } });
    await second.ask(SOLVE, { ids: ['omnidesk:858400'] });
    expect(readAuditLog(file).map(({ ticket, replayed }) => [ticket, replayed])).toEqual([
      [OMNIDESK, false],
      [OMNIDESK, true],
      ['omnidesk:858400', false],
    ]);
    rmSync(file);
    await first.ask(SOLVE, { ids: ['omnidesk:858400'] });
    expect(readAuditLog(file)).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('logs an error if the audit log cannot be written, without effect on the response', async () => {
    const folder = join(makeFolder(), 'trail');
    mkdirSync(folder);
    const { testServer, lines } = await startLogged({
      keys: ['omnidesk'],
      environment: { AUDIT_LOG: join(folder, 'audit.jsonl') },
    });
    rmSync(folder, { recursive: true });
    const { data } = await testServer.ask(SOLVE, { ids: [OMNIDESK] });
    expect(data.setStatus.outcome).toBe('APPLIED');
    const [line] = lines.filter(({ level }) => level === 'error');
    expect(line).toMatchObject({ entry: { ticket: OMNIDESK, outcome: 'APPLIED' }, err: { message: /ENOENT/ } });
    expect((await scrape(testServer)).text).toContain('ticketgraph_audit_failures_total 1\n');
  });
});

describe('output of the process', () => {
  test('writes the log to stderr, and the ready line and the audit log to stdout', async () => {
    const { stdout, stderr, code } = await runOnce({ AUDIT_LOG: 'stdout' });
    const printed = stdout.trim().split('\n');
    expect(printed.filter((line) => line.includes('ready at'))).toHaveLength(1);
    const [trail] = printed.filter((line) => line.startsWith('{"time"'));
    expect(JSON.parse(trail!)).toMatchObject({ mutation: 'setStatus', ticket: OMNIDESK, outcome: 'APPLIED' });
    const logged = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(logged.map(({ level, msg, outcomes }) => [level, msg, outcomes])).toEqual([
      ['info', 'request', { APPLIED: 1 }],
    ]);
    expect(code).toBe(0);
  });

  test(
    'continues with a closed stdout, and logs the audit entries that it could not write',
    { tags: ['full'] },
    async () => {
      const { stderr, code, answer } = await runOnce({ AUDIT_LOG: 'stdout' }, { closesStdout: true });
      expect(answer).toEqual({ data: { setStatus: { outcome: 'APPLIED', replayed: false } } });
      const logged = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      expect(logged).toContainEqual(
        expect.objectContaining({
          level: 'error',
          entry: expect.objectContaining({ ticket: OMNIDESK, outcome: 'APPLIED' }),
        }),
      );
      expect(code).toBe(0);
    },
  );

  test(
    'writes nothing to stderr with LOG_LEVEL=silent, and no messages of libraries to stdout',
    { tags: ['full'] },
    async () => {
      const studio = await startRecordingServer();
      const given = { APOLLO_KEY: 'service:key', APOLLO_GRAPH_REF: 'tickets@here' };
      const quiet = await runOnce({ LOG_LEVEL: 'silent', ...toStudio(studio), ...given });
      expect(quiet.stderr).toBe('');
      expect(quiet.stdout).not.toMatch(/apollo/i);
      expect(studio.recorded.map(({ path }) => path)).toContain('/api/ingress/traces');
    },
  );

  test.each([
    ['AUDIT_LOG', '/dev/null/canary'],
    ['LOG_LEVEL', 'canary'],
    ['METRICS', 'canary'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://canary'],
    ['APOLLO_USAGE_REPORTING_ENDPOINT', 'http://canary.example'],
  ])(
    'does not start with an invalid %s, and names it without its value',
    { tags: ['full'] },
    async (variable, value) => {
      const { stdout, stderr, code } = await runOnce({ [variable]: value });
      expect(code).toBe(1);
      expect(stderr).toContain(variable);
      expect(stderr + stdout).not.toContain('canary');
    },
  );
});

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly answer: unknown;
}

/** Starts the process with the sandbox, makes one write, and stops it. */
async function runOnce(environment: Readonly<Record<string, string>>, { closesStdout = false } = {}): Promise<Ran> {
  const folder = makeFolder();
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', STORE_PATH: join(folder, 'store'), ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const address = /ready at (\S+)/.exec(stdout)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  const url = await Promise.race([ready, ended.then(() => undefined)]);
  let answer: unknown;
  if (url !== undefined) {
    if (closesStdout) child.stdout.destroy();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: SOLVE, variables: { ids: [OMNIDESK] } });
    answer = await (await fetch(url, { method: 'POST', headers, body })).json();
    child.kill('SIGTERM');
  }
  const code = await ended;
  return { stdout, stderr, code, answer };
}

// ---------------------------------------------------------------- Apollo Studio

/** Settings that send reports to the recording server. */
function toStudio({ url }: RecordingServer): Record<string, string> {
  return { APOLLO_USAGE_REPORTING_ENDPOINT: url, APOLLO_SCHEMA_REPORTING_ENDPOINT: `${url}/schema` };
}

describe('Apollo Studio', () => {
  test('reports usage without variables, arguments and headers', async () => {
    const studio = await startRecordingServer();
    const endpoint = await startClosable({
      ...toStudio(studio),
      APOLLO_KEY: 'service:key',
      APOLLO_GRAPH_REF: 'tickets@here',
    });
    const headers = { authorization: 'Bearer canary-token', cookie: 'canary=cookie', 'x-canary': 'canary-header' };
    await endpoint.ask(READ, { id: 'omnidesk:canary-variable' }, { headers });
    await endpoint.ask('query Written { ticket(id: "omnidesk:canary-argument") { __typename } }', undefined, {
      headers,
    });
    await sleep(50);
    await endpoint.close();
    const [report] = studio.recorded.filter(({ path }) => path === '/api/ingress/traces');
    expect(report?.headers).toMatchObject({ 'x-api-key': 'service:key', 'content-encoding': 'gzip' });
    const text = gunzipSync(report!.body).toString('latin1');
    expect(text).toContain('# Read\nquery Read($id:ID!){ticket(id:$id){__typename}}');
    expect(text).toContain('# Written\n');
    expect(text).toContain('tickets@here');
    expect(text).not.toContain('canary');
  });

  test('reports the schema as clients see it, when Studio asks for it', async () => {
    const studio = await startRecordingServer(({ path }) =>
      path === '/schema'
        ? { data: { reportSchema: { __typename: 'ReportSchemaResponse', inSeconds: 0.01, withCoreSchema: true } } }
        : {},
    );
    const endpoint = await startClosable({
      ...toStudio(studio),
      APOLLO_KEY: 'service:key',
      APOLLO_GRAPH_REF: 'tickets@here',
    });
    const reports = (): RecordedRequest[] => studio.recorded.filter(({ path }) => path === '/schema');
    await until(() => reports().length >= 2);
    await endpoint.close();
    expect(reports()[0]?.headers['x-api-key']).toBe('service:key');
    const { variables } = JSON.parse(reports()[1]!.body.toString());
    expect(variables.report.graphRef).toBe('tickets@here');
    expect(variables.coreSchema).toContain('type OmnideskTicket implements');
    expect(variables.coreSchema).not.toMatch(/_entities|_Service|federation__|directive @/);
  });

  test.each([
    ['a graph', { APOLLO_KEY: 'service:key' }],
    ['a key', { APOLLO_GRAPH_REF: 'tickets@here' }],
  ])('reports nothing without %s, even if Apollo’s own variables are set', async (_, given) => {
    const before = { ...process.env };
    Object.assign(process.env, { APOLLO_KEY: 'service:key', APOLLO_GRAPH_REF: 'tickets@here' });
    onTestFinished(() => {
      for (const name of ['APOLLO_KEY', 'APOLLO_GRAPH_REF']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });
    const studio = await startRecordingServer();
    const asked: unknown[] = [];
    const { fetch: own } = globalThis;
    globalThis.fetch = (input, init) => {
      if (typeof input === 'string' && input.endsWith('/graphql')) return own(input, init);
      asked.push(input);
      return Promise.reject(new Error('Nothing may leave.'));
    };
    onTestFinished(() => {
      globalThis.fetch = own;
    });
    const endpoint = await startClosable({ ...toStudio(studio), ...given });
    await endpoint.ask(READ, { id: OMNIDESK });
    await sleep(50);
    await endpoint.close();
    expect(studio.recorded).toEqual([]);
    expect(asked).toEqual([]);
  });
});
