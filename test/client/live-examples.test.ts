/** The examples for live updates: real clients over real streams, with each event read before the next one is made. */
import { readdirSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const FOLDER = join(import.meta.dirname, '../../examples/live');
const CLIENTS = ['ticketgraph-client', 'apollo-client', 'urql', 'relay', 'event-source'];
const ID = 'omnidesk:858462';

interface Example {
  watch(url: string, ids: readonly string[], onChange: (line: string) => void, signal: AbortSignal): Promise<void>;
}

/** Starts an example. Stopped after the test. */
async function start(name: string, url: string): Promise<{ lines: string[]; has(text: string): Promise<void> }> {
  const { watch } = (await import(`../../examples/live/${name}.ts`)) as Example;
  const lines: string[] = [];
  const failures: unknown[] = [];
  const stopping = new AbortController();
  const watching = watch(url, [ID], (line) => lines.push(line), stopping.signal).catch((error: unknown) => {
    failures.push(error);
  });
  onTestFinished(async () => {
    stopping.abort();
    await watching;
    expect(failures).toEqual([]);
  });
  const has = (text: string): Promise<void> => until(() => expect(lines.join('\n'), String(failures)).toContain(text));
  return { lines, has };
}

async function rename(server: Pick<TestServer, 'ask'>, title: string): Promise<void> {
  const { data } = await server.ask(
    'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { outcome } }',
    { input: { ticketId: ID, title } },
  );
  expect(data.updateTicket.outcome).toBe('APPLIED');
}

/** Delivery is at least once: a repetition of the latest state is no second change. */
function titlesOf(lines: readonly string[]): string[] {
  const titles = lines.map((line) => /^CHANGED \S+(?: \(.*\))?: (.*)$/.exec(line)![1]!);
  return titles.filter((title, index) => title !== titles[index - 1]);
}

test.each(CLIENTS)('%s gets each event before the next one is made', async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { lines, has } = await start(name, server.url);
  await has(`CURRENT ${ID}`);
  for (const title of ['first', 'second', 'third']) {
    await rename(server, title);
    await has(`: ${title}`);
  }
  expect(titlesOf(lines.slice(1))).toEqual(['first', 'second', 'third']);
  expect(server.defects).toEqual([]);
});

test.each(CLIENTS)('%s resumes after a cut without losing or repeating a change', { tags: ['full'] }, async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const proxy = await startCuttableProxy(server.url);
  const { lines, has } = await start(name, proxy.url);
  await has(`CURRENT ${ID}`);
  await rename(server, 'before the cut');
  await has('before the cut');
  proxy.cut();
  await rename(server, 'during the cut');
  proxy.restore();
  await has('during the cut');
  await rename(server, 'after the cut');
  await has('after the cut');
  expect(titlesOf(lines.slice(1))).toEqual(['before the cut', 'during the cut', 'after the cut']);
});

/** Answers the first requests itself, and passes the others on. */
async function startFront(target: string, answers: readonly Rejection[]) {
  const requests: number[] = [];
  const front = createServer((request, response) => {
    requests.push(performance.now());
    const answer = answers[requests.length - 1];
    if (answer) {
      response.writeHead(answer.status, { 'content-type': answer.type, ...answer.headers }).end(answer.body);
      return;
    }
    const { method, headers, url } = request;
    const onward = send(new URL(url!, target), { method, headers }, (received) => {
      response.writeHead(received.statusCode!, received.headers);
      received.on('error', () => response.destroy()).pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    front.closeAllConnections();
    front.close();
  });
  return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/graphql`, requests };
}

interface Rejection {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const TOO_MANY: Rejection = {
  status: 429,
  type: 'application/json; charset=utf-8',
  headers: { 'retry-after': '1' },
  body: JSON.stringify({
    errors: [{ message: 'Busy.', extensions: { code: 'TOO_MANY_STREAMS', retryable: true, retryAfterSeconds: 1 } }],
  }),
};
const UNAVAILABLE: Rejection = { status: 503, type: 'text/html', body: '<h1>503 Service Unavailable</h1>' };

test.each(CLIENTS)('%s waits and subscribes again if there are too many streams', { tags: ['full'] }, async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { url, requests } = await startFront(server.url, [TOO_MANY]);
  const { has } = await start(name, url);
  await has(`CURRENT ${ID}`);
  expect(requests).toHaveLength(2);
  // EventSource shows neither the status nor headers.
  if (name !== 'event-source') expect(requests[1]! - requests[0]!).toBeGreaterThan(990);
});

test.each(CLIENTS)('%s subscribes again if a proxy has no server for it', { tags: ['full'] }, async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { url, requests } = await startFront(server.url, [UNAVAILABLE, UNAVAILABLE]);
  const { has } = await start(name, url);
  await has(`CURRENT ${ID}`);
  expect(requests).toHaveLength(3);
});

test.each(CLIENTS)('%s gives up without credentials', { tags: ['full'] }, async (name) => {
  const environment = { AUTH_JWKS_URL: 'http://127.0.0.1:1/', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' };
  const server = await startTestServer({ keys: ['omnidesk'], environment });
  const { url, requests } = await startFront(server.url, []);
  const { watch } = (await import(`../../examples/live/${name}.ts`)) as Example;
  const watching = watch(url, [ID], () => undefined, new AbortController().signal);
  const isBlind = name === 'event-source';
  await expect(watching).rejects.toThrow(isBlind ? /rejected/ : /Authentication required/);
  // undici repeats a request that gets 401: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
  expect(requests).toHaveLength(isBlind ? 6 : 1);
});

test.each(CLIENTS)('%s gets RESYNC after a restart of the server, and goes on', { tags: ['full'] }, async (name) => {
  const first = await startTestServer({ keys: ['omnidesk'] });
  const proxy = await startCuttableProxy(first.url);
  const { lines, has } = await start(name, proxy.url);
  await has(`CURRENT ${ID}`);
  await rename(first, 'before the restart');
  await has('before the restart');
  proxy.cut();
  const second = await startEndpoint(first.vendor('omnidesk').settings);
  onTestFinished(() => second.close());
  proxy.retarget(second.url);
  proxy.restore();
  await has('RESYNC -');
  await rename(second, 'after the restart');
  await has('after the restart');
  expect(lines.filter((line) => line.startsWith('RESYNC'))).toHaveLength(1);
});

test('every example for live updates is tested', () => {
  const names = readdirSync(FOLDER).filter((file) => !['format-change.ts', 'resume.ts'].includes(file));
  expect(names.toSorted()).toEqual(CLIENTS.map((name) => `${name}.ts`).toSorted());
});
