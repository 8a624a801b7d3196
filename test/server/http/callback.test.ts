/** Subscriptions by HTTP callback, against a router that keeps what it was sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { replaceLive } from '../../support/live.ts';
import { startTestServer } from '../../support/sandbox.ts';
import { until } from '../../support/until.ts';

interface Message {
  readonly action: string;
  readonly id: string;
  readonly verifier: string;
  readonly payload?: { readonly data?: { readonly ticketChanged: unknown } };
  readonly errors?: unknown;
}

/** Answers as Apollo Router does. */
async function startRouter() {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      messages.push(JSON.parse(text) as Message);
      response.writeHead(204, { 'subscription-protocol': 'callback' }).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const of = (action: string): Message[] => messages.filter((message) => message.action === action);
  return { origin, messages, of };
}

const WATCH =
  'subscription ($ids: [ID!]) { ticketChanged(ids: $ids) { cursor ticketId ticket { ... on TicketFields { title } } } }';

function subscribe(url: string, callbackUrl: string, query = WATCH): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json;callbackSpec=1.0' },
    body: JSON.stringify({
      query,
      variables: { ids: ['omnidesk:858462'] },
      extensions: { subscription: { callbackUrl, subscriptionId: 'one', verifier: 'secret', heartbeatIntervalMs: 0 } },
    }),
  });
}

test('events are posted to an allowed origin after the request is over, each with sources of its own', async () => {
  const router = await startRouter();
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { SUBSCRIPTION_CALLBACK_ORIGINS: router.origin, REQUEST_TIMEOUT_MS: '300' },
  });
  const live = replaceLive(server.sources);
  const response = await subscribe(server.url, `${router.origin}/callback/one`);
  expect(response.status).toBe(200);
  await until(() => expect(live.open).toBe(1));
  expect(router.of('check')).toHaveLength(1);
  // Longer than the deadline of the request.
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (const cursor of ['a', 'b']) {
    live.push({ cursor, ticketId: 'omnidesk:858462' });
    await until(() => expect(router.of('next').at(-1)?.payload?.data?.ticketChanged).toMatchObject({ cursor }));
  }
  expect(router.messages.every(({ id, verifier }) => id === 'one' && verifier === 'secret')).toBe(true);
  const closing = server.close();
  await until(() => expect(router.of('complete')).toHaveLength(1));
  await closing;
});

test('an origin that is not listed gets no connection', async () => {
  const [listed, other] = [await startRouter(), await startRouter()];
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { SUBSCRIPTION_CALLBACK_ORIGINS: listed.origin },
  });
  const live = replaceLive(server.sources);
  for (const url of [
    `${other.origin}/x`,
    `${listed.origin}.example.com/x`,
    'nonsense',
    '',
    `${listed.origin}@${other.origin.slice(7)}/x`,
  ]) {
    const { errors } = (await (await subscribe(server.url, url)).json()) as { errors: { extensions: object }[] };
    expect(errors[0]?.extensions, url).toMatchObject({ code: 'CALLBACK_NOT_ALLOWED' });
  }
  expect([...listed.messages, ...other.messages]).toEqual([]);
  expect(live.open).toBe(0);
});

test('without the setting there is no callback, and the subscription is refused', async () => {
  const router = await startRouter();
  const server = await startTestServer({ keys: ['omnidesk'] });
  const response = await subscribe(server.url, `${router.origin}/x`);
  expect(response.status).toBe(406);
  expect(router.messages).toEqual([]);
});

test('a query or an invalid subscription with a callback is rejected, and nothing is posted', async () => {
  const router = await startRouter();
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { SUBSCRIPTION_CALLBACK_ORIGINS: router.origin },
  });
  for (const query of ['{ liveCursor }', 'subscription { nothing }']) {
    const { errors } = (await (await subscribe(server.url, `${router.origin}/x`, query)).json()) as {
      errors: unknown[];
    };
    expect(errors).toHaveLength(1);
  }
  expect(router.messages).toEqual([]);
});

test('counts as a stream of the caller', async () => {
  const router = await startRouter();
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { SUBSCRIPTION_CALLBACK_ORIGINS: router.origin, MAX_STREAMS_PER_CALLER: '1' },
  });
  const live = replaceLive(server.sources);
  await subscribe(server.url, `${router.origin}/one`);
  await until(() => expect(live.open).toBe(1));
  const { errors } = (await (await subscribe(server.url, `${router.origin}/two`)).json()) as {
    errors: { extensions: object }[];
  };
  expect(errors[0]?.extensions).toMatchObject({ code: 'TOO_MANY_STREAMS' });
  expect(router.of('check')).toHaveLength(1);
});
