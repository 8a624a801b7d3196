/** Where `/metrics` and `/health/*` are served, and who may read `/metrics`. */
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { createTokenCheck } from '../../../server/auth/metrics-token.ts';
import { SettingsError, readEnvironment } from '../../../server/config/server-settings.ts';
import { warnMetricsAccess } from '../../../server/config/warnings.ts';
import { startProcess, type RunningProcess } from '../../support/process.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const TOKEN = '0f8fad5b-d9cb-469f-a165-70867728950e';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const READ = '{ ticket(id: "omnidesk:858462") { __typename } }';

const start = (environment: Readonly<Record<string, string>>): Promise<TestServer> =>
  startTestServer({ keys: ['omnidesk'], environment });

const statusOf = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  (await fetch(url, { headers })).status;

/** A folder that is removed after the test. */
function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('a port of its own', () => {
  test('without METRICS_PORT, metrics and health checks are on the port of the endpoint', async () => {
    const { url, monitoringUrl } = await start({});
    expect(monitoringUrl).toBe(new URL(url).origin);
    for (const path of ['/metrics', '/health/live', '/health/ready']) {
      expect(await statusOf(monitoringUrl + path), path).toBe(200);
    }
  });

  test('with METRICS_PORT, metrics are there only, and health checks on both ports', async () => {
    const { url, monitoringUrl } = await start({ METRICS_PORT: '0' });
    const { origin } = new URL(url);
    expect(monitoringUrl).not.toBe(origin);
    expect(await statusOf(`${origin}/metrics`)).toBe(404);
    expect(await statusOf(`${monitoringUrl}/metrics`)).toBe(200);
    for (const base of [origin, monitoringUrl]) {
      expect(await statusOf(`${base}/health/live`)).toBe(200);
      const ready = await fetch(`${base}/health/ready`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({ status: 'ready', idempotencyStore: { cause: null } });
    }
  });

  test('with METRICS_PORT, that port serves nothing else', async () => {
    const testServer = await start({ METRICS_PORT: '0', EXPLORER: 'on', CONSOLE: 'on' });
    for (const path of ['/', '/graphql', '/console', '/console/']) {
      expect(await statusOf(testServer.monitoringUrl + path), path).toBe(404);
    }
    const write = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }';
    const response = await fetch(`${testServer.monitoringUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: write }),
    });
    expect(response.status).toBe(404);
    expect(testServer.calls('omnidesk')).toEqual([]);
  });

  test('with METRICS=off, a port of its own has only health checks', async () => {
    const { url, monitoringUrl } = await start({ METRICS: 'off', METRICS_PORT: '0' });
    expect(await statusOf(`${monitoringUrl}/metrics`)).toBe(404);
    expect(await statusOf(new URL('/metrics', url).href)).toBe(404);
    expect(await statusOf(`${monitoringUrl}/health/ready`)).toBe(200);
  });

  test('metrics on a port of its own are those of the endpoint', async () => {
    const { ask, monitoringUrl } = await start({ METRICS_PORT: '0' });
    await ask(READ);
    const text = await (await fetch(`${monitoringUrl}/metrics`)).text();
    expect(text).toContain('ticketgraph_operations_total{type="query",result="ok",caller="anonymous"} 1\n');
  });

  test('rejects another host for metrics on a port of its own, but not for health checks', async () => {
    const { monitoringUrl } = await start({ METRICS_PORT: '0' });
    const get = (target: string, host: string) =>
      sendRaw(monitoringUrl, { method: 'GET', target, headers: [['host', host]] });
    expect((await get('/metrics', 'rebound.example')).status).toBe(421);
    expect((await get('/health/ready', 'rebound.example')).status).toBe(200);
    expect((await get('/metrics', '127.0.0.1')).status).toBe(200);
  });

  test('both ports report draining, and metrics are still served', async () => {
    const { url, monitoringUrl, startDraining } = await start({ METRICS_PORT: '0' });
    startDraining();
    for (const base of [new URL(url).origin, monitoringUrl]) {
      const ready = await fetch(`${base}/health/ready`);
      expect([ready.status, ((await ready.json()) as { status: string }).status]).toEqual([503, 'draining']);
      expect(await statusOf(`${base}/health/live`)).toBe(200);
    }
    expect(await statusOf(`${monitoringUrl}/metrics`)).toBe(200);
  });

  test('metrics can be scraped until the last request is finished', async () => {
    const testServer = await start({ METRICS_PORT: '0' });
    const release = Promise.withResolvers<undefined>();
    testServer.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
    const asked = testServer.ask(READ);
    await expect.poll(() => testServer.calls('omnidesk').length).toBe(1);
    const closed = testServer.close();
    const isRefused = (): Promise<boolean> =>
      statusOf(testServer.url).then(
        () => false,
        () => true,
      );
    await expect.poll(isRefused).toBe(true);
    const text = await (await fetch(`${testServer.monitoringUrl}/metrics`)).text();
    expect(text).toContain('ticketgraph_requests_in_flight 1\n');
    release.resolve(undefined);
    expect((await asked).data.ticket).toEqual({ __typename: 'OmnideskTicket' });
    await closed;
    await expect(fetch(`${testServer.monitoringUrl}/metrics`)).rejects.toThrow();
  });
});

describe('a token', () => {
  test.each(['', '0'])('metrics need METRICS_TOKEN, with METRICS_PORT "%s"', async (METRICS_PORT) => {
    const { monitoringUrl } = await start({ METRICS_TOKEN: TOKEN, METRICS_PORT });
    const metrics = `${monitoringUrl}/metrics`;
    const rejected = await fetch(metrics);
    expect(rejected.status).toBe(401);
    expect(rejected.headers.get('www-authenticate')).toBe('Bearer');
    const text = await rejected.text();
    expect(text).toContain('"code":"UNAUTHENTICATED"');
    expect(text).not.toContain('ticketgraph_');
    const invalid = [
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      'Bearer ',
      TOKEN,
      `Basic ${TOKEN}`,
      `Basic ${btoa(`:${TOKEN}`)}`,
    ];
    for (const authorization of invalid) expect(await statusOf(metrics, { authorization }), authorization).toBe(401);
    expect(await statusOf(`${metrics}?token=${TOKEN}`)).toBe(401);
    expect((await fetch(metrics, { method: 'HEAD' })).status).toBe(401);
    expect(await statusOf(metrics, AUTHORIZED)).toBe(200);
    expect(await statusOf(metrics, { authorization: `bearer ${TOKEN}` })).toBe(200);
    expect(await statusOf(`${monitoringUrl}/health/ready`)).toBe(200);
  });

  test('rejects two tokens, as it is undefined which one counts', async () => {
    const { monitoringUrl } = await start({ METRICS_TOKEN: TOKEN });
    const get = (...tokens: string[]) =>
      sendRaw(monitoringUrl, {
        method: 'GET',
        target: '/metrics',
        headers: [['host', 'localhost'], ...tokens.map((token) => ['Authorization', `Bearer ${token}`] as const)],
      });
    expect((await get(TOKEN)).status).toBe(200);
    expect((await get(TOKEN, 'other')).status).toBe(401);
    expect((await get('other', TOKEN)).status).toBe(401);
  });

  test('the token opens nothing but metrics, and credentials of callers do not open metrics', async () => {
    const file = join(createFolder(), 'keys');
    // SHA-256 of "key"
    writeFileSync(file, 'canary 2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683 ticket:read\n');
    const { ask, monitoringUrl } = await start({ METRICS_TOKEN: TOKEN, AUTH_API_KEYS_FILE: file });
    const { errors } = await ask(READ, {}, { headers: AUTHORIZED });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
    const key = { 'x-api-key': 'key' };
    expect((await ask(READ, {}, { headers: key })).data.ticket).toEqual({ __typename: 'OmnideskTicket' });
    expect(await statusOf(`${monitoringUrl}/metrics`, key)).toBe(401);
    const text = await (await fetch(`${monitoringUrl}/metrics`, { headers: AUTHORIZED })).text();
    expect(text).toContain('ticketgraph_operations_total{type="query",result="ok",caller="api_key"} 1\n');
    expect(text).toContain('ticketgraph_operations_total{type="none",result="rejected",caller="none"} 1\n');
    expect(text).toMatch(/^ticketgraph_upstream_calls_total\{.*caller="api_key"\} 1$/m);
    expect(text).not.toContain('canary');
  });

  test('the token is in no line of the log', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const environment = { METRICS_TOKEN: TOKEN, LOG_LEVEL: 'debug' };
    const { ask, monitoringUrl } = await startTestServer({ keys: ['omnidesk'], environment, logStream });
    await statusOf(`${monitoringUrl}/metrics`, AUTHORIZED);
    await statusOf(`${monitoringUrl}/metrics`, { authorization: `Bearer ${TOKEN}x` });
    await ask(READ, {}, { headers: AUTHORIZED });
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(TOKEN);
  });

  test('a token from a file can be replaced without a restart', async () => {
    const file = join(createFolder(), 'token');
    writeFileSync(file, `${TOKEN}\n`);
    const { monitoringUrl } = await start({ METRICS_TOKEN_FILE: file });
    const metrics = `${monitoringUrl}/metrics`;
    expect(await statusOf(metrics, AUTHORIZED)).toBe(200);
    const next = { authorization: 'Bearer 7c9e6679-7425-40de-944b-e07fc1f90ae7' };
    writeFileSync(file, '7c9e6679-7425-40de-944b-e07fc1f90ae7');
    expect(await statusOf(metrics, next)).toBe(200);
    expect(await statusOf(metrics, AUTHORIZED)).toBe(401);
  });

  test('a file is read at most once a second, and a file that has become unusable changes nothing', () => {
    const file = join(createFolder(), 'token');
    writeFileSync(file, 'first');
    let now = 10_000;
    const hasToken = createTokenCheck({ value: 'first', file }, () => now);
    expect(hasToken('Bearer other')).toBe(false);
    writeFileSync(file, 'second');
    expect(hasToken('Bearer second')).toBe(false);
    now += 1_000;
    expect(hasToken('Bearer second')).toBe(true);
    rmSync(file);
    now += 1_000;
    expect(hasToken('Bearer first')).toBe(false);
    expect(hasToken('Bearer second')).toBe(true);
  });
});

describe('settings', () => {
  const SANDBOX = { SANDBOX: '1' };
  function errorOf(environment: Readonly<Record<string, string>>): string {
    try {
      readEnvironment({ ...SANDBOX, ...environment }, vendors);
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      return (error as Error).message;
    }
    throw new Error('Expected the settings to be rejected.');
  }

  test('METRICS_PORT that is the same as PORT stops the start', () => {
    const message = 'METRICS_PORT is the same as PORT. Set it to another one, or unset it to serve metrics on PORT.';
    expect(errorOf({ METRICS_PORT: '4000' })).toBe(message);
    expect(errorOf({ PORT: '8080', METRICS_PORT: '8080' })).toBe(message);
    const { server } = readEnvironment({ ...SANDBOX, PORT: '0', METRICS_PORT: '0' }, vendors);
    expect(server.metricsAccess).toMatchObject({ port: 0, host: '127.0.0.1' });
  });

  test.each(['70000', '-1', 'http', '9464x'])('METRICS_PORT %s stops the start', (METRICS_PORT) => {
    const message = errorOf({ METRICS_PORT });
    expect(message).toBe('METRICS_PORT is missing or invalid: expected a whole number from 0 to 65535, or unset.');
  });

  test('METRICS_HOST defaults to HOST', () => {
    const hostOf = (environment: Readonly<Record<string, string>>) =>
      readEnvironment({ ...SANDBOX, METRICS_PORT: '9464', ...environment }, vendors).server.metricsAccess.host;
    expect(hostOf({ HOST: '127.0.0.2' })).toBe('127.0.0.2');
    expect(hostOf({ HOST: '127.0.0.2', METRICS_HOST: '127.0.0.3' })).toBe('127.0.0.3');
  });

  test('a token that cannot be sent, read, or is set twice stops the start, and its value is not shown', () => {
    const file = join(createFolder(), 'token');
    writeFileSync(file, 'two words\n');
    const messages = [
      errorOf({ METRICS_TOKEN: 'two words' }),
      errorOf({ METRICS_TOKEN_FILE: file }),
      errorOf({ METRICS_TOKEN_FILE: `${file}.absent` }),
      errorOf({ METRICS_TOKEN: TOKEN, METRICS_TOKEN_FILE: file }),
    ];
    expect(messages).toEqual([
      expect.stringMatching(/^METRICS_TOKEN is missing or invalid: expected letters, digits/),
      expect.stringMatching(/^METRICS_TOKEN_FILE is .* expected the path of a file that contains letters, digits/),
      expect.stringMatching(/^METRICS_TOKEN_FILE is .* expected the path of a file that can be read/),
      expect.stringMatching(/^METRICS_TOKEN is .* expected unset if METRICS_TOKEN_FILE is set/),
    ]);
    expect(messages.join('')).not.toContain('two words');
    expect(messages.join('')).not.toContain(TOKEN);
  });

  test('a short token is a warning that names its variable, and not the token', () => {
    const warn = (token: { value: string; file: string | undefined }) =>
      warnMetricsAccess({ port: undefined, host: '127.0.0.1', token }, {});
    expect(warn({ value: TOKEN, file: undefined })).toEqual([]);
    const [one] = warn({ value: 'hunter2', file: undefined });
    expect(one).toMatch(/^The token of METRICS_TOKEN is shorter than 16 characters/);
    expect(warn({ value: 'hunter2', file: '/run/secrets/token' })[0]).toMatch(/^The token of METRICS_TOKEN_FILE is/);
    expect(one).not.toContain('hunter2');
  });

  test('METRICS_HOST without METRICS_PORT is a warning', () => {
    const access = { host: '127.0.0.2', token: undefined };
    const environment = { METRICS_HOST: '127.0.0.2' };
    expect(warnMetricsAccess({ ...access, port: undefined }, environment)[0]).toMatch(/^Ignoring METRICS_HOST: /);
    expect(warnMetricsAccess({ ...access, port: 9464 }, environment)).toEqual([]);
  });
});

/** Ended after the test. */
function startServer(environment: Readonly<Record<string, string>>): RunningProcess {
  const running = startProcess(environment);
  onTestFinished(() => running.end());
  return running;
}

async function occupyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

describe('the process', { tags: ['full'] }, () => {
  test.each(['1', '2'])('prints where metrics are, and stops with WORKERS=%s', async (WORKERS) => {
    const running = startServer({ METRICS_PORT: '0', METRICS_TOKEN: TOKEN, WORKERS });
    const url = await running.ready;
    const [, monitoringUrl] = /Metrics and health checks are at (\S+)/.exec(running.output())!;
    expect(await statusOf(new URL('/metrics', url).href, AUTHORIZED)).toBe(404);
    expect(await statusOf(`${monitoringUrl}/health/ready`)).toBe(200);
    expect(await statusOf(`${monitoringUrl}/metrics`)).toBe(401);
    const text = await (await fetch(`${monitoringUrl}/metrics`, { headers: AUTHORIZED })).text();
    // One, also for several workers.
    expect(text).toMatch(/^ticketgraph_build_info\{version="[\d.]+",node_version="[\d.]+"\} 1$/m);
    expect(text).toMatch(/^ticketgraph_requests_in_flight 0$/m);
    running.signal('SIGTERM');
    expect(await running.exited).toBe(0);
    expect(running.output()).not.toContain(TOKEN);
  });

  test.each(['1', '2'])('METRICS_PORT that is in use stops the start with WORKERS=%s', async (WORKERS) => {
    const port = await occupyPort();
    const running = startServer({ METRICS_PORT: String(port), WORKERS });
    expect(await running.exited).toBe(1);
    expect(running.output().trim()).toBe(
      `METRICS_PORT ${port} is already in use on 127.0.0.1 (EADDRINUSE). Set METRICS_PORT to a free one, or stop the ` +
        'other process.',
    );
  });

  test('METRICS_HOST that is not local stops the start', async () => {
    const running = startServer({ METRICS_PORT: '0', METRICS_HOST: '192.0.2.1' });
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain('METRICS_HOST is not a local address (EADDRNOTAVAIL).');
  });

  test('a short token is a warning in the log', async () => {
    const running = startServer({ METRICS_TOKEN: 'hunter2' });
    await running.ready;
    await expect.poll(() => running.output()).toContain('The token of METRICS_TOKEN is shorter');
    expect(running.output()).not.toContain('hunter2');
  });
});
