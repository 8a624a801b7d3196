/** Live updates from the vendor to the bytes that clients read, with the ledger of the vendor. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';
import { openStream, SSE, type Reading } from '../../support/stream.ts';
import { until } from '../../support/until.ts';

const ID = 'omnidesk:858462';
const WATCH = `subscription ($ids: [ID!], $after: String) { ticketChanged(ids: $ids, after: $after) {
  cursor kind ticketId changed origin ticket { ... on OmnideskTicket { title status { category } } } } }`;
const SET_STATUS = `mutation ($status: FinalStatus!) { updateTicket(input: {
  ticketId: "${ID}", status: $status }) { outcome } }`;
const TITLE = `mutation ($title: String!) { updateTicket(input: {
  ticketId: "${ID}", title: $title }) { outcome problems { message } } }`;

const QUICK = { LIVE_EVERY_MS: '30', LIVE_AT_MOST_MS: '30', OMNIDESK_LIVE_CALLS_PER_MINUTE: '1000000' };
const RARE = { LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000', MAX_STREAMS_PER_CALLER: '1000' };

const start = (environment: Record<string, string>, options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ keys: ['omnidesk'], environment, ...options });

const subscribe = (server: TestServer, variables: object = { ids: [ID] }, headers?: Record<string, string>) =>
  openStream(server.url, { accept: SSE, body: { query: WATCH, variables }, ...(headers && { headers }) });

const changes = (reading: Reading): Record<string, unknown>[] =>
  reading.events.flatMap(({ data }) => (data ? [data.ticketChanged] : []));

async function setTitle(server: TestServer, title: string): Promise<void> {
  const { data, errors } = await server.ask(TITLE, { title });
  expect([data?.updateTicket?.outcome, errors]).toEqual(['APPLIED', undefined]);
}

const reads = (server: TestServer): number =>
  server.calls('omnidesk').filter(({ arrival }) => arrival.method === 'GET').length;

test('200 streams on one ticket cost the vendor what one costs, and all see an own write', async () => {
  const server = await start(RARE);
  const readings = await Promise.all(Array.from({ length: 200 }, () => subscribe(server)));
  await until(() => expect(readings.every((reading) => changes(reading).length === 1)).toBe(true));
  expect(reads(server)).toBe(1);
  await setTitle(server, 'Another title');
  await until(() => expect(readings.every((reading) => changes(reading).length === 2)).toBe(true));
  expect(reads(server)).toBe(2);
  for (const reading of readings) {
    expect(changes(reading)[1]).toMatchObject({
      kind: 'CHANGED',
      changed: expect.arrayContaining(['title']) as unknown,
      origin: 'OWN_WRITE',
      ticket: { title: 'Another title' },
    });
  }
});

test('a client gets event n before event n + 1 is made, and goes on after a cut with the last cursor', async () => {
  const server = await start(RARE);
  let reading = await subscribe(server);
  await until(() => expect(changes(reading)).toHaveLength(1));
  let cursor = changes(reading)[0]!['cursor'];
  for (let turn = 1; turn <= 4; turn += 1) {
    await setTitle(server, `Title ${turn}`);
    await until(() => expect(changes(reading).at(-1)).toMatchObject({ ticket: { title: `Title ${turn}` } }));
    cursor = changes(reading).at(-1)!['cursor'];
    reading.response.destroy();
    // Missed by this client, which is not there.
    await setTitle(server, `Missed ${turn}`);
    reading = await subscribe(server, { ids: [ID], after: cursor });
    await until(() => expect(changes(reading).length).toBeGreaterThan(0));
    expect(changes(reading)[0]).toMatchObject({ kind: 'CHANGED', ticket: { title: `Missed ${turn}` } });
  }
});

test('when the last client has gone, polls end', async () => {
  const server = await start(QUICK);
  const reading = await subscribe(server);
  await until(() => expect(reads(server)).toBeGreaterThan(5));
  reading.response.destroy();
  await until(async () => {
    const info = await server.ask('{ vendors { key live { watched } } }');
    expect(info.data.vendors.every(({ live }: { live: unknown }) => live === null)).toBe(true);
  });
  const after = reads(server);
  // Many intervals later.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(reads(server)).toBeLessThanOrEqual(after + 1);
});

test('when the last client of a ticket has gone, its call in flight ends', async () => {
  const server = await start(QUICK);
  const [reading, other] = [await subscribe(server), await subscribe(server, { ids: ['omnidesk:858463'] })];
  for (const one of [reading, other]) await until(() => expect(changes(one).length).toBe(1));
  const vendor = server.vendor('omnidesk');
  // Held for ever: only its caller can end it.
  vendor.faults = ({ target }) =>
    target.includes('858462') ? { kind: 'hold', until: new Promise(() => undefined) } : undefined;
  const held = () => server.calls('omnidesk').findLast(({ arrival }) => arrival.target.includes('858462'))!;
  const before = held();
  await until(() => expect(held()).not.toBe(before));
  reading.response.destroy();
  await until(() => expect(held().end).toBe('cut'));
  // The other one goes on.
  const polls = reads(server);
  await until(() => expect(reads(server)).toBeGreaterThan(polls + 2));
});

test('a stream is executed with the rights of its caller, and tells why it may not be', async () => {
  const keys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const issuer = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    issuer.closeAllConnections();
    issuer.close();
  });
  const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
  const server = await start({ ...RARE, AUTH_JWKS_URL: url, AUTH_ISSUER: 'issuer', AUTH_AUDIENCE: 'audience' });
  const token = (scope: string, seconds: number): Promise<string> =>
    new SignJWT({ iss: 'issuer', aud: 'audience', sub: 'jana', scope, exp: Math.floor(Date.now() / 1000) + seconds })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(keys.privateKey);
  const as = async (scope: string, seconds = 3600) =>
    subscribe(server, { ids: [ID] }, { authorization: `Bearer ${await token(scope, seconds)}` });

  const denied = await as('ticket:status');
  await denied.ended();
  expect(denied.events[0]?.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });

  const elsewhere = await as('akana/ticket:read');
  await elsewhere.ended();
  expect(elsewhere.events[0]?.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(reads(server)).toBe(0);

  const reading = await as('omnidesk/ticket:read', 3);
  await until(() => expect(changes(reading)).toHaveLength(1));
  await reading.ended();
  expect(reading.events.at(-1)?.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', retryable: false });
});

test('LIVE=off refuses subscriptions and the cursor, and says so', async () => {
  const server = await start({ LIVE: 'off' });
  const reading = await subscribe(server);
  await reading.ended();
  expect(reading.events[0]?.errors?.[0]).toMatchObject({ extensions: { code: 'UNSUPPORTED' } });
  const { errors } = await server.ask('{ liveCursor }');
  expect(errors?.[0]?.message).toContain('LIVE');
});

test('a status that is changed through the endpoint is in the same event for all that watch it', async () => {
  const server = await start(RARE);
  const [one, other] = await Promise.all([subscribe(server), subscribe(server)]);
  await until(() => expect([changes(one).length, changes(other).length]).toEqual([1, 1]));
  await server.ask(SET_STATUS, { status: 'SOLVED' });
  await until(() => expect([changes(one).length, changes(other).length]).toEqual([2, 2]));
  expect(changes(one)[1]).toEqual(changes(other)[1]);
  expect(changes(one)[1]).toMatchObject({ ticket: { status: { category: 'SOLVED' } } });
});
