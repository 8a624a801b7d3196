/** Subscriptions over HTTP: Server-Sent Events and multipart, as bytes that a client reads. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-sse';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readAccept } from '../../../server/http/streams/stream-format.ts';
import { SubscriptionStream } from '../../../server/http/streams/subscription-stream.ts';
import { replaceLive, type FakeLive } from '../../support/live.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';
import { openStream, openStreamByGet, SSE, type Reading } from '../../support/stream.ts';
import { until } from '../../support/until.ts';

const WATCH = 'subscription ($ids: [ID!]) { ticketChanged(ids: $ids) { cursor kind ticketId changed } }';
const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0, application/json';
const IDS = { ids: ['omnidesk:858462'] };

async function start(options: TestServerOptions = {}): Promise<{ server: TestServer; live: FakeLive }> {
  const server = await startTestServer({ keys: ['omnidesk'], ...options });
  return { server, live: replaceLive(server.sources) };
}

const open = (
  server: TestServer,
  accept: string | undefined,
  body: object = { query: WATCH, variables: IDS },
  headers: Record<string, string> = {},
): Promise<Reading> => openStream(server.url, { accept, body, headers });

const hasOpen = (live: FakeLive, count: number): Promise<void> => until(() => expect(live.open).toBe(count));

describe('formats', () => {
  test('Server-Sent Events: each event is next with its id, and a client that goes closes the feed', async () => {
    const { server, live } = await start();
    const reading = await open(server, SSE);
    expect(reading.response.statusCode).toBe(200);
    expect(reading.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await hasOpen(live, 1);
    live.push({ cursor: 'abc', ticketId: 'omnidesk:858462', changed: ['title'] });
    await reading.until((text) => text.includes('data: '));
    expect(reading.text).toBe(
      ':\n\nevent: next\nid: abc\ndata: {"data":{"ticketChanged":{"cursor":"abc","kind":"CHANGED",' +
        '"ticketId":"omnidesk:858462","changed":["title"]}}}\n\n',
    );
    reading.response.destroy();
    await hasOpen(live, 0);
  });

  test('multipart: the boundary comes after each part', async () => {
    const { server, live } = await start();
    const reading = await open(server, MULTIPART);
    expect(reading.response.headers['content-type']).toBe('multipart/mixed; boundary="graphql"; subscriptionSpec=1.0');
    await hasOpen(live, 1);
    live.push({ cursor: 'abc', ticketId: 'omnidesk:1' });
    await reading.until((text) => text.endsWith('\r\n--graphql') && text.includes('payload'));
    expect(reading.text).toBe(
      '\r\n--graphql\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{"payload":{"data":{"ticketChanged":' +
        '{"cursor":"abc","kind":"CHANGED","ticketId":"omnidesk:1","changed":[]}}}}\r\n--graphql',
    );
  });

  test.each([
    [SSE, SSE],
    ['text/event-stream, multipart/mixed', SSE],
    ['multipart/mixed;subscriptionSpec=1.0, text/event-stream', SSE],
    ['application/graphql-response+json, application/json, text/event-stream, multipart/mixed', SSE],
    ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json', 'multipart/mixed'],
    ['multipart/mixed; subscriptionSpec="1.0"', 'multipart/mixed'],
  ])('Accept: %s is answered as %s', async (accept, expected) => {
    const { server } = await start();
    const { response } = await open(server, accept);
    expect(response.headers['content-type']).toContain(expected);
  });

  test.each([undefined, 'application/json', '*/*', 'application/graphql-response+json'])(
    'Accept: %s gets a refusal with a code',
    async (accept) => {
      const { server, live } = await start();
      const reading = await open(server, accept);
      await reading.ended();
      expect(reading.response.statusCode).toBe(406);
      expect(JSON.parse(reading.text).errors[0].extensions.code).toBe('NOT_ACCEPTABLE');
      expect(live.queries).toEqual([]);
    },
  );

  test('a query is answered as JSON if the client accepts that as well, else by one event', async () => {
    const { server } = await start();
    for (const accept of [MULTIPART, `application/json, ${SSE}`]) {
      const reading = await open(server, accept, { query: '{ liveCursor }' });
      await reading.ended();
      expect(JSON.parse(reading.text)).toEqual({ data: { liveCursor: 'cursor-0' } });
    }
    const reading = await open(server, SSE, { query: '{ liveCursor }' });
    await reading.ended();
    expect(reading.text).toBe(
      ':\n\nevent: next\ndata: {"data":{"liveCursor":"cursor-0"}}\n\nevent: complete\ndata: \n\n',
    );
  });

  test('graphql-sse subscribes, and completes when the server drains', async () => {
    const { server, live } = await start();
    const client = createClient({ url: server.url, retryAttempts: 0 });
    onTestFinished(() => client.dispose());
    const seen: unknown[] = [];
    const over = new Promise<void>((resolve, reject) => {
      client.subscribe(
        { query: WATCH, variables: IDS },
        { next: (event) => seen.push(event), error: reject, complete: resolve },
      );
    });
    await hasOpen(live, 1);
    live.push({ cursor: 'one' });
    await until(() => expect(seen).toHaveLength(1));
    const closing = server.close();
    await over;
    await closing;
    expect(seen).toMatchObject([
      { data: { ticketChanged: { cursor: 'one' } } },
      { errors: [{ extensions: { code: 'STREAM_ENDED', retryable: true } }] },
    ]);
  });
});

describe('GET', () => {
  test('carries a subscription, and Last-Event-ID counts as after', async () => {
    const { server, live } = await start();
    const search = { query: WATCH, variables: JSON.stringify(IDS) };
    await openStreamByGet(server.url, search, { 'last-event-id': 'cursor-7' });
    await hasOpen(live, 1);
    expect(live.queries).toMatchObject([{ ids: IDS.ids, after: 'cursor-7' }]);
  });

  test.each([
    '{ liveCursor }',
    'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }',
  ])('carries nothing else: %s', async (query) => {
    const { server } = await start();
    const reading = await openStreamByGet(server.url, { query });
    await reading.ended();
    expect(reading.response.statusCode).toBe(405);
    expect(JSON.parse(reading.text).errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
    expect(server.vendor('omnidesk').ledger).toEqual([]);
  });

  test('variables that are no JSON are rejected', async () => {
    const { server } = await start();
    const reading = await openStreamByGet(server.url, { query: WATCH, variables: '{' });
    await reading.ended();
    expect(reading.response.statusCode).toBe(400);
  });
});

describe('checks', () => {
  const codeOf = async (server: TestServer, query: string, variables: object = {}): Promise<unknown> => {
    const reading = await open(server, SSE, { query, variables });
    await reading.until((text) => text.includes('errors'));
    return /"code":"([A-Z_]+)"/.exec(reading.text)?.[1];
  };

  test.each([
    ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { ticketChanged(ids: ["a"]) { x } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      'subscription { a: ticketChanged(ids: ["a"]) { kind } b: ticketChanged(ids: ["b"]) { kind } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['neither ids nor filter', 'subscription { ticketChanged { kind } }', 'INVALID_INPUT'],
    ['both', 'subscription { ticketChanged(ids: ["a"], filter: {}) { kind } }', 'INVALID_INPUT'],
    ['no ids', 'subscription { ticketChanged(ids: []) { kind } }', 'INVALID_INPUT'],
  ])('%s is rejected', async (_, query, code) => {
    const { server, live } = await start();
    expect(await codeOf(server, query)).toBe(code);
    expect(live.open).toBe(0);
  });

  test('invalid variables are rejected', async () => {
    const { server } = await start();
    expect(await codeOf(server, WATCH, { ids: [{}] })).toBe('BAD_USER_INPUT');
  });

  test('limits are those of queries', async () => {
    const { server } = await start({ environment: { MAX_DEPTH: '2' } });
    expect(
      await codeOf(
        server,
        'subscription { ticketChanged(ids: ["a"]) { ticket { ... on TicketFields { status { raw } } } } }',
      ),
    ).toBe('OPERATION_TOO_DEEP');
  });

  test('without credentials there is no stream', async () => {
    const { server } = await start({
      environment: { AUTH_JWKS_URL: 'http://127.0.0.1:1/', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' },
    });
    const reading = await open(server, SSE);
    expect(reading.response.statusCode).toBe(401);
  });
});

describe('ends', () => {
  test('a stream ends with its lifetime, and says that it may be opened again', async () => {
    const { server, live } = await start({ environment: { STREAM_LIFETIME_MS: '200' } });
    const reading = await open(server, SSE);
    await reading.ended();
    expect(reading.text).toContain('"extensions":{"code":"STREAM_ENDED","retryable":true}');
    expect(reading.text.endsWith('event: complete\ndata: \n\n')).toBe(true);
    await hasOpen(live, 0);
  });

  test('multipart ends with the errors beside the payload', async () => {
    const { server } = await start({ environment: { STREAM_LIFETIME_MS: '200' } });
    const reading = await open(server, MULTIPART);
    await reading.ended();
    expect(reading.text).toContain('{"payload":null,"errors":[{"message":');
    expect(reading.text.endsWith('--graphql--\r\n')).toBe(true);
  });

  test('heartbeats keep an idle stream open', async () => {
    const { server } = await start({ environment: { STREAM_HEARTBEAT_MS: '20' } });
    const [events, parts] = [await open(server, SSE), await open(server, MULTIPART)];
    await events.until((text) => text.length > ':\n\n'.length * 3);
    expect(events.text.replaceAll(':\n\n', '')).toBe('');
    await parts.until((text) => text.split('{}').length > 3);
  });

  test('a client that goes ends the calls that are made for its event', async () => {
    let disposed = 0;
    let executed = 0;
    const server = createServer((_, response) => {
      const running = new SubscriptionStream({
        heartbeatMs: 60_000,
        lifetimeMs: 60_000,
        format: readAccept(SSE).format!,
        response,
        subscription: {
          events: (async function* () {
            yield { cursor: 'one' };
          })(),
          // As a vendor that does not answer.
          execute: () => {
            executed += 1;
            return new Promise(() => undefined);
          },
        },
        expiresAt: undefined,
        openContext: () => ({ context: {} as never, dispose: () => void (disposed += 1) }),
        onEnd: () => undefined,
        onEvent: () => undefined,
        reportUnexpected: () => undefined,
      });
      void running.run();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reading = await openStream(url, { accept: SSE, body: {} });
    await until(() => expect(executed).toBe(1));
    expect(disposed).toBe(0);
    reading.response.destroy();
    await until(() => expect(disposed).toBe(1));
  });

  test('draining ends all streams at once, and the exit is not delayed', async () => {
    const { server, live } = await start();
    const readings = await Promise.all([open(server, SSE), open(server, MULTIPART)]);
    await hasOpen(live, 2);
    await server.close(60_000);
    for (const reading of readings) {
      await reading.ended();
      expect(reading.text).toContain('STREAM_ENDED');
    }
  });

  test('a client that does not read is cut off, and holds up no other', { tags: ['full'] }, async () => {
    const { server, live } = await start();
    const reading = await open(server, SSE);
    reading.response.pause();
    const other = await open(server, SSE);
    await hasOpen(live, 2);
    const large = 'x'.repeat(100_000);
    for (let index = 0; index < 200; index += 1) live.push({ ticketId: `omnidesk:${index}`, changed: [large] });
    // All of it, while the first one has read nothing.
    // Seldom, since each look parses all 20 MB.
    await expect.poll(() => other.events.length, { interval: 200 }).toBe(200);
    expect(live.open).toBe(2);
    await hasOpen(live, 1);
    live.push({ ticketId: 'omnidesk:later' });
    await other.until((text) => text.includes('omnidesk:later'));
  });
});

describe('limits of streams', () => {
  const codeOf = async (reading: Reading): Promise<unknown> => {
    await reading.ended();
    const { extensions } = JSON.parse(reading.text).errors[0];
    expect(extensions).toMatchObject({ retryable: true, retryAfterSeconds: 5 });
    return [reading.response.statusCode, extensions.code, reading.response.headers['retry-after']];
  };

  test('one more than MAX_STREAMS_PER_CALLER is 429, and closing one makes room', async () => {
    const { server, live } = await start({ environment: { MAX_STREAMS_PER_CALLER: '2' } });
    const first = await open(server, SSE);
    await open(server, MULTIPART);
    await hasOpen(live, 2);
    expect(await codeOf(await open(server, SSE))).toEqual([429, 'TOO_MANY_STREAMS', '5']);
    first.response.destroy();
    await hasOpen(live, 1);
    expect((await open(server, SSE)).response.statusCode).toBe(200);
  });

  test('MAX_STREAMS holds for all callers', async () => {
    const { server } = await start({ environment: { MAX_STREAMS: '1' } });
    await open(server, SSE);
    expect(((await codeOf(await open(server, SSE))) as unknown[])[0]).toBe(429);
  });

  test('streams are no requests in flight, nor in the histogram', async () => {
    const { server, live } = await start();
    const reading = await open(server, SSE);
    await hasOpen(live, 1);
    reading.response.destroy();
    await hasOpen(live, 0);
    const text = await (await fetch(new URL('/metrics', server.url))).text();
    expect(text).toContain('ticketgraph_streams 0');
    expect(text).toContain('ticketgraph_streams_ended_total{reason="CLOSED"} 1');
    expect(text).not.toMatch(/ticketgraph_request_duration_seconds_count\{type="subscription"\}/);
  });
});
