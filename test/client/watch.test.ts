/** `watch` of the typed client: what it reads, how it resumes, and when it gives up. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createTicketgraph,
  type TicketChange,
  type TicketgraphError,
  type TicketgraphOptions,
  type WatchOptions,
  type WatchVariables,
} from '../../client/index.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const ID = 'omnidesk:858462';
const IDS = { ids: [ID] };

interface Watching {
  readonly changes: TicketChange[];
  /** Codes of the errors after which it continued, with the delays in milliseconds. */
  readonly retries: (readonly [code: string, delayMs: number])[];
  readonly opened: { count: number };
  /** The error that ended it. */
  readonly failed: Promise<TicketgraphError>;
  untilChanges(check: (changes: readonly TicketChange[]) => boolean): Promise<void>;
  stop(): void;
}

/** Stopped after the test. */
function watch(client: TicketgraphOptions, variables: WatchVariables = IDS, options: WatchOptions = {}): Watching {
  const stopping = new AbortController();
  const changes: TicketChange[] = [];
  const retries: [string, number][] = [];
  const opened = { count: 0 };
  const read = async (): Promise<never> => {
    const iterator = createTicketgraph(client).watch(variables, {
      signal: stopping.signal,
      retryDelayMs: 20,
      onOpen: () => (opened.count += 1),
      onRetry: ({ code }, delayMs) => retries.push([code, delayMs]),
      ...options,
    });
    for await (const change of iterator) changes.push(change);
    throw new Error('It has ended without an error.');
  };
  const failed = read().catch((error: unknown) => error as TicketgraphError);
  onTestFinished(async () => {
    stopping.abort();
    await failed;
  });
  return {
    changes,
    retries,
    opened,
    failed,
    untilChanges: (check) => until(() => expect(check(changes), JSON.stringify([changes, retries])).toBe(true)),
    stop: () => stopping.abort(),
  };
}

const hasTitle = (title: string) => (changes: readonly TicketChange[]) => changes.at(-1)?.ticket?.title === title;

async function rename(server: TestServer, title: string): Promise<void> {
  const { data } = await server.ask(
    'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { outcome } }',
    { input: { ticketId: ID, title } },
  );
  expect(data.updateTicket.outcome).toBe('APPLIED');
}

function titlesOf(changes: readonly TicketChange[]): (string | null | undefined)[] {
  const titles = changes.map(({ ticket }) => ticket?.title);
  return titles.filter((title, index) => title !== titles[index - 1]);
}

describe('a cut', () => {
  test('watch resumes after each cut, and loses and repeats nothing', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const proxy = await startCuttableProxy(server.url);
    const { changes, retries, untilChanges } = watch({ url: proxy.url });
    await untilChanges(({ length }) => length === 1);
    const titles = [];
    for (const round of ['one', 'two', 'three']) {
      proxy.cut();
      await rename(server, `${round} while cut`);
      proxy.restore();
      await untilChanges(hasTitle(`${round} while cut`));
      await rename(server, `${round} while open`);
      await untilChanges(hasTitle(`${round} while open`));
      titles.push(`${round} while cut`, `${round} while open`);
    }
    expect(titlesOf(changes.slice(1))).toEqual(titles);
    expect(changes.map(({ kind }) => kind).filter((kind) => kind === 'CURRENT')).toHaveLength(1);
    expect(new Set(retries.map(([code]) => code))).toEqual(new Set(['CONNECTION_FAILED']));
  });

  test('watch with a filter loses nothing if it is cut before the first event', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const proxy = await startCuttableProxy(server.url);
    const { opened, untilChanges } = watch({ url: proxy.url }, { filter: { vendors: ['OMNIDESK'] } });
    await until(() => expect(opened.count).toBe(1));
    proxy.cut();
    await rename(server, 'while cut');
    proxy.restore();
    await untilChanges((changes) => changes.some(({ ticket }) => ticket?.title === 'while cut'));
  });

  test('watch gets RESYNC from a restarted server, and goes on', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const proxy = await startCuttableProxy(server.url);
    const { changes, untilChanges } = watch({ url: proxy.url });
    await untilChanges(({ length }) => length === 1);
    const restarted = await startTestServer({ keys: ['omnidesk'] });
    proxy.retarget(restarted.url);
    await server.close();
    await untilChanges((seen) => seen.some(({ kind }) => kind === 'RESYNC'));
    await rename(restarted, 'after the restart');
    await untilChanges(hasTitle('after the restart'));
    expect(changes.filter(({ kind }) => kind === 'RESYNC')).toHaveLength(1);
  });

  test('watch resumes at the end of the lifetime of a stream', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { STREAM_LIFETIME_MS: '500' } });
    const { opened, retries, changes } = watch({ url: server.url });
    await until(() => expect(opened.count).toBeGreaterThan(2));
    expect(new Set(retries.map(([code]) => code))).toEqual(new Set(['STREAM_ENDED']));
    expect(changes.map(({ kind }) => kind)).toEqual(['CURRENT']);
  });
});

describe('the end', () => {
  test('leaving the loop and the signal close the stream', async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { MAX_STREAMS_PER_CALLER: '1' } });
    const client = createTicketgraph({ url: server.url });
    // Each takes the only stream that there may be.
    for (let count = 0; count < 3; count += 1) {
      const onRetry = ({ code }: TicketgraphError): void => expect(code).toBe('TOO_MANY_STREAMS');
      for await (const { ticketId } of client.watch(IDS, { onRetry })) {
        expect(ticketId).toBe(ID);
        break;
      }
    }
    const waiting = client.watch(IDS);
    await waiting.next();
    const next = waiting.next().catch((error: unknown) => (error as TicketgraphError).code);
    await waiting.return!();
    expect(await next).toBe('ABORTED');
  });

  test('an aborted watch throws ABORTED', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { failed, stop, untilChanges } = watch({ url: server.url });
    await untilChanges(({ length }) => length === 1);
    stop();
    expect(await failed).toMatchObject({ code: 'ABORTED' });
  });

  test('an invalid request is not repeated', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { failed, retries } = watch({ url: server.url }, { ids: [] });
    expect(await failed).toMatchObject({ code: 'INVALID_INPUT' });
    expect(retries).toEqual([]);
  });
});

describe('capacity', () => {
  test('429: watch waits as long as the server asks for', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { MAX_STREAMS_PER_CALLER: '1' } });
    const first = watch({ url: server.url });
    await first.untilChanges(({ length }) => length === 1);
    const second = watch({ url: server.url });
    await until(() => expect(second.retries).toHaveLength(1));
    expect(second.retries[0]![0]).toBe('TOO_MANY_STREAMS');
    expect(second.retries[0]![1]).toBeGreaterThanOrEqual(5_000);
    first.stop();
    await second.untilChanges(({ length }) => length === 1);
  });

  test('503 of a proxy: watch waits and opens the stream', async () => {
    const url = await startStub((_, response, index) => {
      if (index === 0)
        return void response.writeHead(503, { 'retry-after': '0', 'content-type': 'text/html' }).end('<');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      // Line breaks of another kind, and a payload in several chunks.
      const event = `event: next\r\ndata: ${JSON.stringify({ data: { ticketChanged: toChange('one') } })}\r\n\r\n`;
      for (const chunk of [':\r', '\n\r\n', event.slice(0, 40), event.slice(40)]) response.write(chunk);
    });
    const { changes, retries, untilChanges } = watch({ url });
    await untilChanges(({ length }) => length === 1);
    expect(changes).toMatchObject([{ cursor: 'one', errors: [] }]);
    expect(retries.map(([code]) => code)).toEqual(['NOT_GRAPHQL']);
  });

  test('a silent connection is replaced, and continued after the last cursor', async () => {
    const bodies: string[] = [];
    const url = await startStub((request, response, index) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const payload = { data: { ticketChanged: toChange(`cursor-${index}`) } };
      response.write(`event: next\ndata: ${JSON.stringify(payload)}\n\n`);
    });
    const { untilChanges } = watch({ url }, IDS, { maxSilenceMs: 100 });
    await untilChanges(({ length }) => length === 3);
    const afters = bodies.map((body) => JSON.parse(body).variables.after);
    expect(afters.slice(0, 3)).toEqual([null, 'cursor-0', 'cursor-1']);
  });
});

describe('credentials', () => {
  async function startProvider() {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const key = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
    const jwks = await startStub((_, response) => response.end(JSON.stringify({ keys: [key] })));
    const sign = (seconds: number): Promise<string> =>
      new SignJWT({ scope: 'ticket:read' })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setSubject('watcher')
        .setIssuer('i')
        .setAudience('a')
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
        .sign(privateKey);
    const environment = { AUTH_JWKS_URL: jwks, AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' };
    return { sign, environment };
  }

  test('a stream ends with its token, and asks for new headers once', { tags: ['full'] }, async () => {
    const { sign, environment } = await startProvider();
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    const lifetimes = [10, 3_600];
    let asked = 0;
    const headers = async () => ({ authorization: `Bearer ${await sign(lifetimes[asked++]!)}` });
    const { opened, retries, changes, untilChanges } = watch({ url: server.url, headers });
    await untilChanges(({ length }) => length === 1);
    await until(() => expect(opened.count).toBe(2));
    expect(retries).toEqual([['UNAUTHENTICATED', 0]]);
    expect(asked).toBe(2);
    expect(changes).toHaveLength(1);
  });

  test('headers that are rejected again end the watch', async () => {
    const { environment } = await startProvider();
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    let asked = 0;
    const headers = () => ({ authorization: `Bearer no-${(asked += 1)}` });
    expect(await watch({ url: server.url, headers }).failed).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toBe(2);
    const constant = watch({ url: server.url, headers: { authorization: 'Bearer no' } });
    expect(await constant.failed).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(constant.retries).toEqual([]);
  });
});

// ---------------------------------------------------------------- a server that says anything

function toChange(cursor: string): object {
  return {
    ...{ cursor, kind: 'CHANGED', ticketId: ID, ticket: null, changed: [], origin: 'POLL' },
    ...{ observedAt: '2026-01-01T00:00:00.000Z', source: null, problem: null },
  };
}

async function startStub(
  answer: (request: IncomingMessage, response: ServerResponse, index: number) => void,
): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => answer(request, response, count++));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
