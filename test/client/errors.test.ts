/** What the client throws, and what it does not: against the real server, over vendors and networks that fail. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  ExecuteActionDocument,
  TicketDocument,
  TicketgraphError,
  TicketsByIdDocument,
  createTicketgraph,
  newIdempotencyKey,
} from '../../client/index.ts';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { findFreePort } from '../support/free-port.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const HUAWEI = 'huawei:TS-123456';
const OMNIDESK = 'omnidesk:858462';
const CLOSE = { input: { ticketId: HUAWEI, action: 'close' } };

async function thrownBy(promise: Promise<unknown>): Promise<TicketgraphError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TicketgraphError);
  return error as TicketgraphError;
}

/** Something that is not ticketgraph, for the length of a test. */
async function startOther(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

function breakDown(testServer: TestServer, vendor: string): void {
  testServer.vendor(vendor).faults = () => ({ kind: 'answer', applied: false, reply: { status: 503, body: '' } });
}

describe('a read', () => {
  test('a read throws with all details if the vendor is down', async () => {
    const testServer = await startTestServer();
    breakDown(testServer, 'omnidesk');
    const error = await thrownBy(createTicketgraph({ url: testServer.url }).ticket({ id: OMNIDESK }));
    const facts = { code: 'VENDOR_UNAVAILABLE', vendor: 'OMNIDESK', ticketId: OMNIDESK, retryable: true };
    expect(error).toMatchObject({ ...facts, status: 200, outcome: null, data: { ticket: null } });
    expect(error.errors).toMatchObject([{ ...facts, path: ['ticket'], upstreamStatus: 503 }]);
  });

  test('a read of a missing ticket returns null', async () => {
    const testServer = await startTestServer();
    expect(await createTicketgraph({ url: testServer.url }).ticket({ id: 'huawei:TS-000001' })).toBeNull();
  });

  test('a read of several tickets throws with partial data if one fails, and settle returns it typed', async () => {
    const testServer = await startTestServer();
    breakDown(testServer, 'omnidesk');
    const client = createTicketgraph({ url: testServer.url });
    const ids = [HUAWEI, OMNIDESK];
    const error = await thrownBy(client.ticketsById({ ids }));
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE', data: { ticketsById: [{ id: HUAWEI }, null] } });
    const { data, errors } = await client.settle(TicketsByIdDocument, { ids });
    expect(data.ticketsById.map((ticket) => ticket?.title ?? null)).toEqual([expect.any(String), null]);
    expect(errors).toMatchObject([{ code: 'VENDOR_UNAVAILABLE', path: ['ticketsById', 1], ticketId: OMNIDESK }]);
  });

  test('a list does not throw if a vendor is down, but reports it in sources', async () => {
    const testServer = await startTestServer();
    breakDown(testServer, 'omnidesk');
    const { nodes, sources } = await createTicketgraph({ url: testServer.url }).tickets();
    expect(nodes).toHaveLength(25);
    const down = sources.find(({ vendor }) => vendor === 'OMNIDESK');
    expect(down?.problem).toMatchObject({ code: 'VENDOR_UNAVAILABLE', retryable: true });
  });

  test('a read with invalid input names the field', async () => {
    const testServer = await startTestServer();
    const error = await thrownBy(createTicketgraph({ url: testServer.url }).tickets({ first: 201 }));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', retryable: false });
  });
});

describe('a write', () => {
  test('a write that the vendor rejects is returned', async () => {
    const testServer = await startTestServer();
    const reply = { status: 403, headers: { 'content-type': 'application/json' }, body: '{}' };
    testServer.vendor('huawei').faults = ({ path }) =>
      path.endsWith('/action') ? { kind: 'answer', applied: false, reply } : undefined;
    const payload = await createTicketgraph({ url: testServer.url }).executeAction(CLOSE);
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_FORBIDDEN' }] });
  });

  test('a write without a vendor response is returned as unknown', async () => {
    const testServer = await startTestServer();
    testServer.vendor('huawei').faults = ({ path }) =>
      path.endsWith('/action') ? { kind: 'reset', applied: false } : undefined;
    const payload = await createTicketgraph({ url: testServer.url }).executeAction(CLOSE);
    expect(payload).toMatchObject({ outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] });
  });

  test('an applied write is returned even if its ticket cannot be read, which settle reports', async () => {
    const testServer = await startTestServer();
    testServer.vendor('huawei').faults = ({ method }) =>
      method === 'GET' ? { kind: 'answer', applied: false, reply: { status: 503, body: '' } } : undefined;
    const client = createTicketgraph({ url: testServer.url });
    const { data, errors } = await client.settle(ExecuteActionDocument, { ...CLOSE, withTicket: true });
    expect(data.executeAction).toMatchObject({ outcome: 'APPLIED', ticket: null });
    expect(errors).toMatchObject([{ code: 'VENDOR_UNAVAILABLE', path: ['executeAction', 'ticket'] }]);
    const removal = { input: { ticketId: HUAWEI, action: 'delete' }, withTicket: true };
    expect(await client.executeAction(removal)).toMatchObject({ outcome: 'APPLIED', ticket: null });
  });

  test('a write with the same key is applied once and replayed', async () => {
    const testServer = await startTestServer();
    const client = createTicketgraph({ url: testServer.url });
    const input = { ...CLOSE.input, idempotencyKey: newIdempotencyKey() };
    const first = await client.executeAction({ input });
    const second = await client.executeAction({ input });
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(testServer.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
  });

  test('a write with a rejected document throws as not applied', async () => {
    const testServer = await startTestServer();
    const wrong = parse('mutation { nothing }') as TypedDocumentNode<unknown, Record<string, never>>;
    const error = await thrownBy(createTicketgraph({ url: testServer.url }).request(wrong));
    expect(error).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', outcome: 'NOT_APPLIED', status: 400 });
  });
});

describe('signing in', () => {
  async function startGuarded(): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-client-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'keys');
    const digest = createHash('sha256').update('key of desk').digest('hex');
    writeFileSync(path, `desk ${digest} ticket:read\n`);
    return startTestServer({ environment: { AUTH_API_KEYS_FILE: path } });
  }

  test('without credentials a read throws, and a write throws as not applied', async () => {
    const testServer = await startGuarded();
    const client = createTicketgraph({ url: testServer.url });
    const facts = { code: 'UNAUTHENTICATED', status: 401, retryable: false };
    expect(await thrownBy(client.vendors())).toMatchObject({ ...facts, outcome: null });
    expect(await thrownBy(client.executeAction(CLOSE))).toMatchObject({ ...facts, outcome: 'NOT_APPLIED' });
  });

  test('beyond the limit on requests, a read and a write throw as retryable, and the write as not applied', async () => {
    const testServer = await startTestServer({
      environment: { RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '1' },
      rateLimit: { now: () => 0 },
    });
    const client = createTicketgraph({ url: testServer.url });
    expect(await client.vendors()).not.toEqual([]);
    testServer.forget();
    const facts = { code: 'RATE_LIMITED', status: 429, retryable: true, retryAfterSeconds: 1 };
    expect(await thrownBy(client.vendors())).toMatchObject({ ...facts, outcome: null });
    expect(await thrownBy(client.executeAction(CLOSE))).toMatchObject({ ...facts, outcome: 'NOT_APPLIED' });
    expect(testServer.vendor('huawei').ledger).toEqual([]);
  });

  test('a headers function is called for each request', async () => {
    const testServer = await startGuarded();
    let asked = 0;
    const headers = async (): Promise<Record<string, string>> => ({
      'x-api-key': (asked += 1) > 1 ? 'no' : 'key of desk',
    });
    const client = createTicketgraph({ url: testServer.url, headers });
    expect(await client.vendors()).toHaveLength(6);
    expect(await thrownBy(client.vendors())).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('a missing scope is reported in the problems of a write', async () => {
    const testServer = await startGuarded();
    const client = createTicketgraph({ url: testServer.url, headers: { 'x-api-key': 'key of desk' } });
    const payload = await client.executeAction(CLOSE);
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'FORBIDDEN' }] });
  });
});

describe('no answer', () => {
  test('a refused connection makes a read retryable and a write unknown', async () => {
    const client = createTicketgraph({ url: `http://127.0.0.1:${await findFreePort()}/graphql` });
    const facts = { code: 'CONNECTION_FAILED', retryable: true, status: null, cause: expect.any(TypeError) };
    expect(await thrownBy(client.vendors())).toMatchObject({ ...facts, outcome: null });
    expect(await thrownBy(client.executeAction(CLOSE))).toMatchObject({ ...facts, outcome: 'UNKNOWN' });
  });

  test('a connection lost during the response makes a write unknown', async () => {
    const url = await startOther((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"data":');
      setImmediate(() => response.socket?.resetAndDestroy());
    });
    const error = await thrownBy(createTicketgraph({ url }).executeAction(CLOSE));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', outcome: 'UNKNOWN' });
  });

  test("a proxy's page is reported as NOT_GRAPHQL", async () => {
    const url = await startOther((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html', 'retry-after': '7' }).end('<h1>Bad Gateway</h1>');
    });
    const error = await thrownBy(createTicketgraph({ url }).executeAction(CLOSE));
    const facts = { code: 'NOT_GRAPHQL', status: 502, retryable: true, retryAfterSeconds: 7 };
    expect(error).toMatchObject({ ...facts, outcome: 'UNKNOWN' });
    expect(error.message).toContain('HTTP 502 and text/html');
  });

  test.each(['null', '[]', '{}', '{"data":null}', '{"errors":[]}', '{"data":[]}', '{"data":1}', '{"errors":{}}', '{'])(
    'the body %s is reported as NOT_GRAPHQL',
    async (text) => {
      const url = await startOther((_, response) => response.end(text));
      expect(await thrownBy(createTicketgraph({ url }).vendors())).toMatchObject({ code: 'NOT_GRAPHQL' });
    },
  );

  test('a redirect is not followed with the credentials', async () => {
    const seen: unknown[] = [];
    const elsewhere = await startOther((request, response) => {
      seen.push(request.headers);
      response.end('{"data":{}}');
    });
    const url = await startOther((_, response) => response.writeHead(307, { location: elsewhere }).end());
    const client = createTicketgraph({ url, headers: { 'x-api-key': 'secret' } });
    expect(await thrownBy(client.vendors())).toMatchObject({ code: 'NOT_GRAPHQL', retryable: false });
    expect(seen).toEqual([]);
  });

  test('an aborted write is not applied only if it was aborted before sending', async () => {
    const controller = new AbortController();
    const url = await startOther(() => controller.abort());
    const client = createTicketgraph({ url });
    const { signal } = controller;
    expect(await thrownBy(client.executeAction(CLOSE, { signal }))).toMatchObject({
      code: 'ABORTED',
      outcome: 'UNKNOWN',
    });
    const late = await thrownBy(client.executeAction(CLOSE, { signal }));
    expect(late).toMatchObject({ code: 'ABORTED', outcome: 'NOT_APPLIED', retryable: false });
  });

  test('unknown error codes leave a write unknown', async () => {
    const errors = [{ message: 'Later.', extensions: { code: 'NEW_CODE' } }];
    const url = await startOther((_, response) => response.end(JSON.stringify({ errors })));
    const error = await thrownBy(createTicketgraph({ url }).request(ExecuteActionDocument, CLOSE));
    expect(error).toMatchObject({ code: 'UNRECOGNIZED', message: 'NEW_CODE: Later.', outcome: 'UNKNOWN' });
  });
});

test('a request has the GraphQL over HTTP form and uses the given fetch', async () => {
  const testServer = await startTestServer();
  const sent: RequestInit[] = [];
  const client = createTicketgraph({
    url: testServer.url,
    fetch: (url, init) => {
      sent.push(init!);
      return fetch(url, init);
    },
  });
  await client.request(TicketDocument, { id: HUAWEI }, { headers: { 'x-request-id': 'mine' } });
  expect(JSON.parse(sent[0]!.body as string)).toMatchObject({ operationName: 'Ticket', variables: { id: HUAWEI } });
  expect(sent[0]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'mine' },
  });
});
