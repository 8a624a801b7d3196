/**
 * The process: output, startup errors and shutdown. Tests run concurrently, as they mostly wait for processes to start.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test as base, describe, expect } from 'vitest';
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { OPERATIONS } from '../../sandbox/welcome.ts';
import { warnUnsharedStore } from '../../server/config/warnings.ts';
import { startProcess, type RunningProcess } from '../support/process.ts';
import { startRedis, whyNoRedis } from '../support/redis.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Starting {
  /** Starts the process as `npm start` does, with this environment and no other setting. */
  readonly start: (environment: Readonly<Record<string, string>>) => RunningProcess;
  readonly startOmnidesk: () => Promise<RunningVendor>;
}

/** Stops everything that a test has started. */
const test = base.extend<Starting>({
  start: async ({}, use) => {
    const started: RunningProcess[] = [];
    await use((environment) => {
      const one = startProcess(environment);
      started.push(one);
      return one;
    });
    await Promise.all(started.map((one) => one.end()));
  },
  startOmnidesk: async ({}, use) => {
    const started: RunningVendor[] = [];
    await use(async () => {
      const vendor = await startVendor(await loadSimulation('omnidesk'));
      started.push(vendor);
      return vendor;
    });
    await Promise.all(started.map((vendor) => vendor.close()));
  },
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(10);
}

/** Waits until the server accepts no new connection. */
function untilClosed(url: string): Promise<void> {
  return until(() =>
    fetch(url).then(
      () => false,
      () => true,
    ),
  );
}

const SOLVE = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }';

/** Holds the vendor's responses until the returned function is called. */
function hold(vendor: RunningVendor): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  vendor.faults = () => ({ kind: 'hold', until: promise });
  return () => resolve(undefined);
}

async function ask(
  url: string,
  query: string,
): Promise<{ data?: Record<string, Record<string, unknown>>; errors?: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: Record<string, Record<string, unknown>>; errors?: unknown };
}

describe.concurrent('start without a vendor', () => {
  test('starts the sandbox without a vendor, and prints three operations that work', async ({ start }) => {
    const running = start({});
    const url = await running.ready;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const [all, action, transition] = OPERATIONS;
    const answers = [await ask(url, all), await ask(url, action), await ask(url, transition)];
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    expect(answers[0]?.data?.['tickets']?.['nodes']).toHaveLength(5);
    expect(answers[1]?.data?.['executeAction']).toMatchObject({ outcome: 'APPLIED', problems: [] });
    expect(answers[2]?.data?.['transitionInProgress']).toMatchObject({ outcome: 'APPLIED', problems: [] });
    expect(running.output()).toContain('SANDBOX');
    for (const operation of OPERATIONS) expect(running.output()).toContain(operation);
  });

  test(
    'does not start in production without a vendor, and prints what to set',
    { tags: ['full'] },
    async ({ start }) => {
      const running = start({ NODE_ENV: 'production' });
      expect(await running.exited).toBe(1);
      expect(running.output()).toMatch(/No vendor is configured\. Set .*_URL/);
      expect(running.output()).not.toContain('ready');
    },
  );

  test('starts the sandbox in production with SANDBOX=1', { tags: ['full'] }, async ({ start }) => {
    const running = start({ NODE_ENV: 'production', SANDBOX: '1' });
    await running.ready;
    expect(running.output()).toContain('SANDBOX');
  });

  test(
    'the welcome message of the sandbox lists only the pages that are served',
    { tags: ['full'] },
    async ({ start }) => {
      const both = start({});
      const one = start({ EXPLORER: 'off' });
      const none = start({ NODE_ENV: 'production', SANDBOX: '1' });
      await Promise.all([both.ready, one.ready, none.ready]);
      expect(both.output()).toMatch(/^Explorer: http:\S+\/ {3}Console: http:\S+\/console\nOr paste /m);
      expect(one.output()).toMatch(/^Console: http:\S+\/console\nOr paste /m);
      expect(one.output()).not.toContain('Explorer:');
      expect(none.output()).not.toMatch(/Explorer:|\/console|Or paste/);
      expect(none.output()).toContain('\nPaste one of these');
    },
  );
});

describe.concurrent('SANDBOX_FAULTS', () => {
  test('prints the faults of the sandbox, and injects them', { tags: ['full'] }, async ({ start }) => {
    const running = start({ SANDBOX_FAULTS: 'huawei:reset, omnidesk:down' });
    const url = await running.ready;
    expect(running.output()).toMatch(/^FAULTS.*huawei carries writes out, and resets the connection/m);
    expect(running.output()).toMatch(/^FAULTS.*omnidesk answers every request with 503/m);
    const press = 'executeAction(input: { ticketId: "huawei:TS-123456", action: "press" }) { outcome }';
    expect(await ask(url, `mutation { ${press} }`)).toEqual({ data: { executeAction: { outcome: 'UNKNOWN' } } });
    const { errors } = await ask(url, '{ ticket(id: "omnidesk:858462") { __typename } }');
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
  });
});

describe.concurrent('start with a vendor', () => {
  test('uses a configured vendor instead of the sandbox', async ({ start, startOmnidesk }) => {
    const vendor = await startOmnidesk();
    const running = start(vendor.settings);
    const url = await running.ready;
    const { data } = await ask(url, '{ vendors { key configured } tickets(first: 1) { nodes { __typename } } }');
    const configured = (data?.['vendors'] as unknown as { key: string; configured: boolean }[]).filter(
      (info) => info.configured,
    );
    expect(configured).toEqual([{ key: 'OMNIDESK', configured: true }]);
    expect(data?.['tickets']).toEqual({ nodes: [{ __typename: 'OmnideskTicket' }] });
    expect(vendor.ledger).toHaveLength(1);
    expect(running.output()).not.toContain('SANDBOX');
  });

  test('keeps the path prefix of a vendor URL', { tags: ['full'] }, async ({ start, startOmnidesk }) => {
    const vendor = await startOmnidesk();
    const running = start({ ...vendor.settings, OMNIDESK_URL: `${vendor.url}/desk/eu/` });
    await ask(await running.ready, '{ ticket(id: "omnidesk:858462") { __typename } }');
    expect(vendor.ledger[0]?.arrival.path).toBe('/desk/eu/api/v2/ticket/858462');
  });

  test.for<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ OMNIDESK_URL: 'http://127.0.0.1:1' }, ['OMNIDESK_API_KEY']],
    [{ OMNIDESK_URL: 'ftp://canary.example', OMNIDESK_API_KEY: 'k' }, ['OMNIDESK_URL']],
    [{ OMNIDESK_URL: 'http://canary.example', OMNIDESK_API_KEY: 'k' }, ['OMNIDESK_URL']],
    [{ OMNIDESK_URL: 'https://user:canary@host.example', OMNIDESK_API_KEY: 'k' }, ['OMNIDESK_URL']],
    [{ OMNIDESK_URL: 'https://host.example', OMNIDESK_API_KEY: 'canary\nkey' }, ['OMNIDESK_API_KEY']],
    [
      { OMNIDESK_URL: 'https://host.example', OMNIDESK_API_KEY: 'k', OMNIDESK_TIMEOUT_MS: 'canary' },
      ['OMNIDESK_TIMEOUT_MS'],
    ],
    [
      { OMNIDESK_URL: 'https://host.example', OMNIDESK_API_KEY: 'k', OMNIDESK_TIME_ZONE: 'canary/Zone' },
      ['OMNIDESK_TIME_ZONE'],
    ],
    [{ AKANA_URL: 'https://host.example', AKANA_TENANT: 'canary\r\nx: y', AKANA_AUTH_TOKEN: 't' }, ['AKANA_TENANT']],
    [{ AKANA_URL: 'https://host.example', AKANA_TENANT: 'acme' }, ['AKANA_']],
    [
      { HUAWEI_URL: 'https://host.example', HUAWEI_IAM_URL: 'https://iam.example' },
      ['HUAWEI_DOMAIN', 'HUAWEI_USERNAME', 'HUAWEI_PASSWORD'],
    ],
    [{ JIFELINE_URL: 'https://host.example' }, ['JIFELINE_TOKEN_URL', 'JIFELINE_CLIENT_ID', 'JIFELINE_CLIENT_SECRET']],
    [{ REQUESTOR_URL: 'https://host.example', REQUESTOR_USERNAME: 'u' }, ['REQUESTOR_PASSWORD']],
    [{ PORT: 'canary' }, ['PORT']],
    [{ REDIS_URL: 'canary' }, ['REDIS_URL']],
    [{ HOST: '0.0.0.0' }, ['HOST']],
    [{ SANDBOX_FAULTS: 'canary:reset', PORT: 'canary' }, ['SANDBOX_FAULTS', 'PORT']],
    [
      { SANDBOX_FAULTS: 'akana:reset', OMNIDESK_URL: 'https://canary.example', OMNIDESK_API_KEY: 'k' },
      ['SANDBOX_FAULTS', 'OMNIDESK_URL'],
    ],
  ])(
    'a missing or invalid setting stops the start with its name and without its value: %o',
    { tags: ['full'] },
    async ([environment, named], { start }) => {
      const running = start(environment);
      expect(await running.exited).toBe(1);
      const output = running.output();
      for (const variable of named) expect(output).toContain(variable);
      expect(output).not.toContain('canary');
      expect(output).not.toContain('    at ');
      expect(output.trim().split('\n').length).toBeLessThanOrEqual(named.length + 1);
    },
  );

  test('accepts plain http beyond loopback with ALLOW_PLAINTEXT=1', { tags: ['full'] }, async ({ start }) => {
    const running = start({ OMNIDESK_URL: 'http://desk.example', OMNIDESK_API_KEY: 'k', ALLOW_PLAINTEXT: '1' });
    expect(await running.ready).toContain('/graphql');
  });
});

describe.concurrent('unused settings', () => {
  test(
    'warns about misspelt settings by name and without value, and starts',
    { tags: ['full'] },
    async ({ start, startOmnidesk }) => {
      const vendor = await startOmnidesk();
      const running = start({
        ...vendor.settings,
        OMNIDESK_TIMEZONE: 'canary',
        AKANA_ULR: 'canary',
        NODE_ENV: 'production',
      });
      await running.ready;
      await until(() => warningsOf(running).length >= 2);
      expect(warningsOf(running)).toEqual([
        expect.stringMatching(/^Ignoring AKANA_ULR: not a setting of Akana\. .*\bAKANA_URL\b/),
        expect.stringMatching(/^Ignoring OMNIDESK_TIMEZONE: .*\bOMNIDESK_CACHE_MS\b.*\bOMNIDESK_TIME_ZONE\b/),
      ]);
      expect(running.output()).not.toContain('canary');
    },
  );

  test(
    'warns about settings of a vendor without a URL, and starts the sandbox',
    { tags: ['full'] },
    async ({ start }) => {
      const running = start({ OMNIDESK_API_KEY: 'canary', AKANA_TIMEOUT_MS: '5000' });
      await running.ready;
      await until(() => warningsOf(running).length > 0);
      expect(warningsOf(running)).toEqual([
        'Ignoring OMNIDESK_API_KEY: Omnidesk is off. Set OMNIDESK_URL to turn it on.',
      ]);
      expect(running.output()).toContain('SANDBOX');
      expect(running.output()).not.toContain('canary');
    },
  );
});

/** Messages of the log at level warn. Other lines of the output are not log lines. */
function warningsOf(running: RunningProcess): string[] {
  const lines = running.output().split('\n');
  const entries = lines.flatMap((line) => (/^{"level":"warn".*}$/.test(line) ? [JSON.parse(line)] : []));
  return entries.map(({ msg }: { msg: string }) => msg);
}

describe.concurrent('shutdown', () => {
  test('an idle process exits with 0 on SIGTERM', { tags: ['full'] }, async ({ start }) => {
    const running = start({});
    await running.ready;
    running.signal('SIGTERM');
    expect(await running.exited).toBe(0);
  });

  test('finishes a request in flight after SIGTERM, accepts no new one, and exits with 0', async ({
    start,
    startOmnidesk,
  }) => {
    const vendor = await startOmnidesk();
    const release = hold(vendor);
    const running = start(vendor.settings);
    const url = await running.ready;
    const write = ask(url, SOLVE);
    await until(() => vendor.ledger.length > 0);
    running.signal('SIGTERM');
    await untilClosed(url);
    release();
    expect((await write).data?.['setStatus']).toEqual({ outcome: 'APPLIED' });
    expect(await running.exited).toBe(0);
  });

  test(
    'a second signal does not abort requests that the first one waits for',
    { tags: ['full'] },
    async ({ start, startOmnidesk }) => {
      const vendor = await startOmnidesk();
      const release = hold(vendor);
      const running = start(vendor.settings);
      const url = await running.ready;
      const write = ask(url, SOLVE);
      await until(() => vendor.ledger.length > 0);
      running.signal('SIGINT');
      await untilClosed(url);
      running.signal('SIGINT');
      running.signal('SIGTERM');
      // Time for an abort to happen.
      await sleep(500);
      release();
      expect((await write).data?.['setStatus']).toEqual({ outcome: 'APPLIED' });
      expect(await running.exited).toBe(0);
    },
  );

  test('waits for a write whose client has disconnected', { tags: ['full'] }, async ({ start, startOmnidesk }) => {
    const vendor = await startOmnidesk();
    const release = hold(vendor);
    const running = start(vendor.settings);
    const url = await running.ready;
    const { hostname, port } = new URL(url);
    const body = JSON.stringify({ query: SOLVE });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await until(() => vendor.ledger.length > 0);
    socket.destroy();
    running.signal('SIGTERM');
    await untilClosed(url);
    release();
    expect(await running.exited).toBe(0);
    expect(vendor.effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
    await until(() => vendor.ledger[0]?.end !== undefined);
    expect(vendor.ledger[0]?.end).toBe('answered');
  });

  test('reports draining and still serves requests during SHUTDOWN_DELAY_MS', { tags: ['full'] }, async ({ start }) => {
    const running = start({ SHUTDOWN_DELAY_MS: '4000' });
    const url = await running.ready;
    const health = new URL('/health/ready', url);
    running.signal('SIGTERM');
    await until(async () => (await fetch(health)).status === 503);
    expect((await fetch(new URL('/health/live', url))).status).toBe(200);
    expect((await ask(url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect(await running.exited).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  test(
    'answers a request on an open connection while draining',
    { tags: ['full'] },
    async ({ start, startOmnidesk }) => {
      const vendor = await startOmnidesk();
      const release = hold(vendor);
      const running = start(vendor.settings);
      const url = await running.ready;
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const answers = (): number => text.split('HTTP/1.1 200').length - 1;
      const body = JSON.stringify({ query: '{ ticket(id: "omnidesk:858462") { ... on TicketFields { id } } }' });
      const head = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`;
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
      await until(() => vendor.ledger.length > 0);
      running.signal('SIGTERM');
      await untilClosed(url);
      socket.write('GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
      // There is no event for its arrival.
      await sleep(1000);
      release();
      await until(() => answers() === 2);
      expect(text).toContain('858462');
      expect(text.toLowerCase()).toContain('connection: close');
      socket.destroy();
      expect(await running.exited).toBe(0);
    },
  );

  test('health endpoints answer 200 while serving', { tags: ['full'] }, async ({ start }) => {
    const running = start({});
    const base = (await running.ready).replace('/graphql', '');
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);
  });

  test('prints one line with the setting if the port is already in use', { tags: ['full'] }, async ({ start }) => {
    const first = start({});
    const { port } = new URL(await first.ready);
    const second = start({ PORT: port });
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(
      new RegExp(`^PORT ${port} is already in use on 127\\.0\\.0\\.1 \\(EADDRINUSE\\)\\. .*free one.*\\.\n$`),
    );
  });

  test('prints one line with the setting if HOST is not a local address', { tags: ['full'] }, async ({ start }) => {
    const running = start({ HOST: '192.0.2.1', AUTH: 'off' });
    expect(await running.exited).toBe(1);
    expect(running.output()).toMatch(/^HOST is not a local address \(E\w+\)\. .*\.\n$/);
  });
});

describe.concurrent('idempotency store at startup', () => {
  test.for([
    ['below /proc', '/proc/self/deep/down/store'],
    ['a folder', '/tmp'],
    ['a device', '/dev/null'],
    ['below a file', join(ROOT, 'package.json', 'store')],
    ['a text', join(ROOT, 'package.json')],
  ] as const)(
    'an unusable STORE_PATH stops the start with a message: %s',
    { tags: ['full'] },
    async ([, path], { start }) => {
      const running = start({ STORE_PATH: path });
      expect(await running.exited).toBe(1);
      expect(running.output()).toMatch(/^STORE_PATH cannot hold the idempotency store \(\w+\)\. .*\.$/m);
      expect(running.output()).not.toContain(path);
      expect(running.output()).not.toContain('ready at');
    },
  );

  test('starts while Redis is unreachable, and logs the cause', { tags: ['full'] }, async ({ start }) => {
    const running = start({ REDIS_URL: 'redis://:s3cret@127.0.0.1:1/0' });
    await running.ready;
    await until(() => running.output().includes('Idempotency store unavailable: ECONNREFUSED'));
    expect(running.output()).toMatch(/"level":"warn".*"cause":"ECONNREFUSED"/);
    expect(running.output()).not.toContain('s3cret');
    const url = await running.ready;
    const health = (await (await fetch(new URL('/health/ready', url))).json()) as { idempotencyStore: unknown };
    expect(health.idempotencyStore).toEqual({ reachable: false, cause: 'ECONNREFUSED' });
  });

  test('logs how Redis could lose keys', { tags: ['full'] }, async ({ start, skip, onTestFinished }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const running = start({ REDIS_URL: redis.url });
    await running.ready;
    await until(() => running.output().includes('Set appendonly yes and appendfsync always.'));
    expect(running.output()).toMatch(/"level":"warn".*appendonly no/);
  });

  test.for([
    ['KUBERNETES_SERVICE_HOST', '10.0.0.1', 'Set REDIS_URL, or run a single replica.'],
    ['NODE_APP_INSTANCE', '0', 'Set REDIS_URL, or the same STORE_PATH'],
  ] as const)(
    'warns at startup if replicas may not share the store: %s',
    { tags: ['full'] },
    async ([name, value, advice], { start }) => {
      const running = start({ [name]: value });
      await running.ready;
      await until(() => running.output().includes(advice));
      expect(running.output()).toContain(name);
    },
  );
});

test('does not warn about replicas that share a Redis, or about a single process', () => {
  expect(warnUnsharedStore({})).toEqual([]);
  expect(warnUnsharedStore({ KUBERNETES_SERVICE_HOST: '10.0.0.1', REDIS_URL: 'redis://redis:6379' })).toEqual([]);
  expect(warnUnsharedStore({ DYNO: 'web.1', REDIS_URL: '' })).toHaveLength(1);
});

describe.concurrent('uncaught errors', () => {
  /** Makes the process run `code` on SIGUSR2. */
  const on = (code: string): Record<string, string> => ({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${code} });`)}`,
  });

  test(
    'an unhandled rejection is logged and counted, and the process continues',
    { tags: ['full'] },
    async ({ start }) => {
      const running = start(on(`void Promise.reject(new Error('nothing awaits this'));`));
      const url = await running.ready;
      running.signal('SIGUSR2');
      await until(() => running.output().includes('nothing awaits this'));
      expect(running.output()).toMatch(/"level":"error".*nothing awaits this.*"msg":"unexpected error"/);
      expect(await ask(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
      const metrics = await (await fetch(url.replace('/graphql', '/metrics'))).text();
      expect(metrics).toContain('ticketgraph_internal_errors_total 1');
      running.signal('SIGTERM');
      expect(await running.exited).toBe(0);
    },
  );

  test('an uncaught exception is printed, and the process exits with 1', { tags: ['full'] }, async ({ start }) => {
    const running = start(on(`throw new Error('nothing catches this');`));
    await running.ready;
    running.signal('SIGUSR2');
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain('nothing catches this');
  });
});

describe.concurrent('start without authentication', () => {
  test('warns at startup only if any host name is accepted', { tags: ['full'] }, async ({ start }) => {
    const usual = start({});
    const { port } = new URL(await usual.ready);
    // The port is in use, so neither listens beyond loopback.
    const elsewhere = { HOST: '0.0.0.0', PORT: port, AUTH: 'off' };
    const open = start(elsewhere);
    const named = start({ ...elsewhere, ALLOWED_HOSTS: 'tickets.example' });
    expect(await Promise.all([open.exited, named.exited])).toEqual([1, 1]);
    expect(open.output()).toMatch(/"level":"warn".*ALLOWED_HOSTS/);
    for (const { output } of [named, usual]) expect(output()).not.toContain('ALLOWED_HOSTS');
  });
});
