/**
 * Causes of an unreachable vendor, as shown to the caller, in the log, in the metrics and by the doctor.
 *
 * @module-tag full
 */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { causeOf, obstacleOf } from '../../datasources/upstream/transport/causes.ts';
import { runCommand } from '../support/command.ts';
import { SAMPLED, SIGNING_IN, isSignIn } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const WRITE = `mutation ($id: ID!) { done: executeAction(input: { ticketId: $id, action: "status.solved" }) {
  outcome problems { code message retryable } } }`;

/** A port without a listener. */
const CLOSED_PORT = 'http://127.0.0.1:1';
/** Never resolves: RFC 6761 section 6.4. */
const UNRESOLVABLE = 'https://vendor.invalid';

async function listenOnce(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Speaks plain text where TLS is expected. */
async function startPlain(): Promise<string> {
  const port = await listenOnce(createServer((socket) => socket.on('error', () => undefined).end('220 mail\r\n')));
  return `https://127.0.0.1:${port}`;
}

/** Ends each connection as soon as a request arrives. */
async function startResetting(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  return `http://127.0.0.1:${await listenOnce(server)}`;
}

interface LoggedServer {
  readonly testServer: TestServer;
  readonly lines: () => Record<string, unknown>[];
}

async function startLogged(keys: readonly string[], environment: Record<string, string>): Promise<LoggedServer> {
  let text = '';
  const logStream = { write: (line: string) => void (text += line) };
  const testServer = await startTestServer({ keys, environment, logStream });
  return {
    testServer,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

async function metricsOf({ url }: TestServer): Promise<string> {
  return (await fetch(url.replace('/graphql', '/metrics'))).text();
}

const CASES: readonly (readonly [string, () => Promise<string> | string, RegExp, RegExp])[] = [
  ['refused connections', () => CLOSED_PORT, /^ECONNREFUSED$/, /Vendor unreachable: the connection was refused\./],
  ['an unknown host name', () => UNRESOLVABLE, /^(ENOTFOUND|EAI_AGAIN)$/, /its host name cannot be resolved/],
  ['a port that speaks no TLS', startPlain, /^(ERR_SSL_|EPROTO)/, /TLS/],
];

describe.each(CASES)('%s', (_, start, code, message) => {
  test('has its own message, log field and metric', async () => {
    const url = await start();
    const { testServer, lines } = await startLogged(['omnidesk', 'huawei'], { OMNIDESK_URL: url });
    const read = await testServer.ask(READ, { id: 'omnidesk:858462' });
    expect(read.errors?.[0]).toMatchObject({ extensions: { code: 'VENDOR_UNAVAILABLE', retryable: true } });
    expect(read.errors![0]!.message).toMatch(message);
    const { data } = await testServer.ask(WRITE, { id: 'omnidesk:858462' });
    expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAVAILABLE' }] });
    expect(data.done.problems[0].message).toMatch(message);
    expect(JSON.stringify([read, data])).not.toMatch(/127\.0\.0\.1|vendor\.invalid/);
    const requests = lines().filter(({ msg }) => msg === 'request');
    expect(requests).toHaveLength(2);
    for (const request of requests) {
      expect(request).toMatchObject({ level: 'warn', failed: { omnidesk: expect.stringMatching(code) as string } });
    }
    expect(JSON.stringify(lines())).not.toMatch(/127\.0\.0\.1|vendor\.invalid/);
    expect(await metricsOf(testServer)).toMatch(
      new RegExp(
        `ticketgraph_upstream_network_errors_total\\{vendor="omnidesk",source="omnidesk",cause="${code.source.replace(/[$^]/g, '')}[^"]*"\\} 6`,
      ),
    );
  });

  test('has its own advice from the doctor', async () => {
    const environment = { OMNIDESK_URL: await start(), OMNIDESK_API_KEY: 'canary' };
    const { stdout } = await runCommand(['doctor', '--json'], { environment });
    const [omnidesk] = (
      JSON.parse(stdout) as { vendors: { vendor: string; problems: string[]; cause: string }[] }
    ).vendors.filter(({ vendor }) => vendor === 'OMNIDESK');
    expect(omnidesk).toMatchObject({ reachable: false, cause: expect.stringMatching(code) as string });
    expect(omnidesk!.problems).toEqual([expect.stringMatching(/^Omnidesk is unreachable at OMNIDESK_URL: check /)]);
    expect(omnidesk!.problems[0]).toMatch(
      code.source.startsWith('^') ? new RegExp(code.source.slice(1).replace('$', '')) : code,
    );
  });
});

test('a connection that is reset after the request was sent has its own code', async () => {
  const { testServer, lines } = await startLogged(['omnidesk'], { OMNIDESK_URL: await startResetting() });
  const { data } = await testServer.ask(WRITE, { id: 'omnidesk:858462' });
  expect(data.done.outcome).toBe('UNKNOWN');
  const request = lines().find(({ msg }) => msg === 'request');
  expect(request).toMatchObject({
    failed: { omnidesk: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) as string },
  });
});

test.each(SIGNING_IN.map(({ key, id, signIn }) => [key, signIn.addressSetting, id] as const))(
  'an unreachable sign-in of %s is named in the log line of the request',
  async (key, name, id) => {
    const { testServer, lines } = await startLogged([key], { [name]: `${CLOSED_PORT}/token` });
    const { errors } = await testServer.ask(READ, { id });
    expect(errors?.[0]?.message).toContain('the connection was refused');
    expect(lines().find(({ msg }) => msg === 'request')).toMatchObject({ failed: { [key]: 'ECONNREFUSED' } });
    expect(await metricsOf(testServer)).toContain(
      `ticketgraph_upstream_network_errors_total{vendor="${key}",source="${key}",cause="ECONNREFUSED"} 3`,
    );
  },
);

test('the log line of a request names each failed vendor with its cause, and no other', async () => {
  const [failing, fine] = SAMPLED.filter(({ key }) => key !== 'omnidesk');
  const { testServer, lines } = await startLogged(['omnidesk', failing!.key, fine!.key], { OMNIDESK_URL: CLOSED_PORT });
  testServer.vendor(failing!.key).faults = (arrival) =>
    isSignIn(arrival) ? undefined : { kind: 'answer', applied: false, reply: { status: 500 } };
  await testServer.ask(`{ a: ticket(id: "omnidesk:858462") { __typename } b: ticket(id: "${failing!.id}") { __typename }
    c: ticket(id: "${fine!.id}") { __typename } }`);
  await testServer.ask(`{ ticket(id: "${fine!.id}") { __typename } }`);
  const [first, second] = lines().filter(({ msg }) => msg === 'request');
  expect(first).toMatchObject({ failed: { omnidesk: 'ECONNREFUSED', [failing!.key]: '500' } });
  expect(Object.keys(first!['failed'] as object)).toHaveLength(2);
  expect(second).not.toHaveProperty('failed');
});

test('each failed call has its own log line at debug level', async () => {
  const { testServer, lines } = await startLogged(['omnidesk'], { OMNIDESK_URL: CLOSED_PORT, LOG_LEVEL: 'debug' });
  await testServer.ask(READ, { id: 'omnidesk:858462' });
  const calls = lines().filter(({ msg }) => msg === 'vendor call failed');
  expect(calls).toHaveLength(3);
  expect(calls[0]).toMatchObject({ vendor: 'omnidesk', result: 'network_error', cause: 'ECONNREFUSED' });
});

test.each<readonly [string, unknown, string | undefined]>([
  ['its own', Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
  [
    'that of its cause',
    new Error('x', { cause: Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }) }),
    'CERT_HAS_EXPIRED',
  ],
  [
    'that of its cause before that of a library',
    Object.assign(new Error('x', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }), {
      code: 'ERR_GOT_REQUEST_ERROR',
    }),
    'ECONNRESET',
  ],
  [
    'that of the first it aggregates',
    new AggregateError([Object.assign(new Error(), { code: 'EHOSTUNREACH' })]),
    'EHOSTUNREACH',
  ],
  ['none', new Error('connect ECONNREFUSED 10.0.0.1:443'), undefined],
  ['none, if it is not a constant', Object.assign(new Error(), { code: 'https://user:secret@host' }), undefined],
  ['none', 'thrown text', undefined],
])('the code of an error is %s', (_, error, code) => {
  expect(causeOf(error)).toBe(code);
});

test.each([
  ['EAI_AGAIN', 'dns'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UND_ERR_CONNECT_TIMEOUT', 'slow'],
  ['SOMETHING_NEW', 'other'],
  [undefined, 'other'],
])('%s means %s', (code, obstacle) => {
  expect(obstacleOf(code)).toBe(obstacle);
});
