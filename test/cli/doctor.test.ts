/** `ticketgraph doctor` over the sandbox: what it finds, what it advises, and that it writes nothing anywhere. */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { loadSimulation, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { ROOT, runCommand, type Ended } from '../support/command.ts';
import { startTestServer } from '../support/sandbox.ts';
import { findFreePort } from '../support/free-port.ts';
import { startDurableRedis, startRedis, whyNoRedis } from '../support/redis.ts';

type Environment = Readonly<Record<string, string>>;

function doctor(environment: Environment, ...words: string[]): Promise<Ended> {
  return runCommand(['doctor', ...words], { environment });
}

type Found = Readonly<Record<string, unknown>>;

interface Examined {
  readonly code: number | null;
  readonly stdout: string;
  readonly well: boolean;
  readonly server: readonly string[];
  readonly store: unknown;
  /** What was found of each vendor, by its key. */
  readonly vendors: ReadonlyMap<string, Found>;
}

async function examine(environment: Environment): Promise<Examined> {
  const { code, stdout } = await doctor(environment, '--json');
  const report = JSON.parse(stdout) as Omit<Examined, 'vendors'> & { vendors: (Found & { vendor: string })[] };
  const found = report.vendors.map((one) => [one.vendor.toLowerCase(), one] as const);
  return { ...report, code, stdout, vendors: new Map(found) };
}

async function startOne(key: string): Promise<RunningVendor> {
  const vendor = await startVendor(await loadSimulation(key));
  onTestFinished(() => vendor.close());
  return vendor;
}

async function startAll(): Promise<Sandbox> {
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  onTestFinished(() => sandbox.close());
  return sandbox;
}

describe('doctor with all vendors healthy', () => {
  test('doctor signs in to each vendor, reads once, writes nothing and exits with 0', { tags: ['full'] }, async () => {
    const sandbox = await startAll();
    const { code, stdout, stderr } = await doctor(sandbox.settings);
    expect(code).toBe(0);
    for (const { name } of vendors)
      expect(stdout).toMatch(new RegExp(`^${name} +complete +yes +works +works +[+-]\\d+ s$`, 'm'));
    expect(stderr).toBe('All checks passed.\n');
    for (const { effects, ledger } of sandbox.vendors) {
      expect(effects).toEqual([]);
      // A sign-in, where there is one, and one read.
      const [read, ...signIn] = ledger.map(({ arrival }) => arrival).toReversed();
      expect(read?.method).toBe('GET');
      expect(signIn.length).toBeLessThanOrEqual(1);
    }
  });

  test('doctor --json reports each healthy vendor', async () => {
    const sandbox = await startAll();
    const report = await examine(sandbox.settings);
    const store = { variable: 'STORE_PATH', problem: null };
    expect(report).toMatchObject({ code: 0, well: true, server: [], store });
    expect([...report.vendors.keys()]).toEqual(vendors.map(({ key }) => key));
    const well = { configured: true, well: true, mistakes: [], reachable: true, signedIn: true, read: 'ok' };
    for (const found of report.vendors.values()) expect(found).toMatchObject({ ...well, problems: [], remarks: [] });
  });
});

test(
  'doctor without a configured vendor or running server names the variables to set and exits with 1',
  { tags: ['full'] },
  async () => {
    const TICKETGRAPH_URL = `http://127.0.0.1:${await findFreePort()}/graphql`;
    const { code, stdout } = await doctor({ TICKETGRAPH_URL });
    expect(code).toBe(1);
    expect(stdout).toContain(`The server at ${TICKETGRAPH_URL} is unreachable.`);
    expect(stdout).toContain('No vendor is configured');
    for (const { key } of vendors) expect(stdout).toContain(`${key.toUpperCase()}_URL`);
  },
);

describe('doctor with a running server', () => {
  test(
    'doctor checks the running server if no vendor is configured: one read per vendor, no write',
    { tags: ['full'] },
    async () => {
      const testServer = await startTestServer();
      const found: [Environment, string[]][] = [
        [{ TICKETGRAPH_URL: testServer.url }, []],
        [{ PORT: new URL(testServer.url).port }, []],
        [{}, ['--url', testServer.url]],
      ];
      for (const [environment, words] of found) {
        testServer.forget();
        const { code, stdout } = await doctor(environment, ...words);
        expect(code).toBe(0);
        for (const { name } of vendors)
          expect(stdout).toMatch(new RegExp(`^${name} +complete +yes +works +works$`, 'm'));
        for (const { key } of vendors) {
          expect(testServer.calls(key).map(({ arrival }) => arrival.method)).toEqual(['GET']);
          expect(testServer.vendor(key).effects).toEqual([]);
        }
      }
    },
  );

  test('doctor --url checks the named server instead of the configured vendors', { tags: ['full'] }, async () => {
    const testServer = await startTestServer({ keys: ['huawei'] });
    const omnidesk = await startOne('omnidesk');
    const { code, stdout } = await doctor(omnidesk.settings, '--url', testServer.url, '--json');
    const report = JSON.parse(stdout) as { url: string; vendors: Found[] };
    expect(code).toBe(0);
    expect(report.url).toBe(testServer.url);
    expect(report.vendors.filter(({ configured }) => configured)).toMatchObject([
      { vendor: 'HUAWEI', well: true, reachable: true, signedIn: true, read: 'ok', problems: [] },
    ]);
    expect(omnidesk.ledger).toEqual([]);
  });

  test('doctor waits for a slow vendor of a running server', { tags: ['full'] }, async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'], faults: new Map([['omnidesk', 'slow']]) });
    const { code, vendors: found } = await examine({ TICKETGRAPH_URL: testServer.url });
    expect(code).toBe(0);
    expect(found.get('omnidesk')).toMatchObject({ well: true, reachable: true, read: 'ok' });
  });

  test('doctor reports each failing vendor of a running server and exits with 1', async () => {
    const testServer = await startTestServer({ keys: ['requestor', 'akana', 'omnidesk', 'jifeline'] });
    testServer.vendor('requestor').faults = () => ({ kind: 'answer', applied: false, reply: { status: 401 } });
    testServer.vendor('akana').faults = () => ({ kind: 'answer', applied: false, reply: { status: 403 } });
    testServer.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const { code, vendors: found } = await examine({ TICKETGRAPH_URL: testServer.url });
    expect(code).toBe(1);
    const problemOf = (problem: string): object => ({
      well: false,
      read: 'failed',
      problems: [expect.stringContaining(problem)],
    });
    expect(found.get('requestor')).toMatchObject(problemOf('VENDOR_UNAUTHENTICATED'));
    expect(found.get('requestor')).toMatchObject({ signedIn: false });
    expect(found.get('akana')).toMatchObject({ well: false, read: 'failed' });
    expect(found.get('omnidesk')).toMatchObject(problemOf('VENDOR_UNAVAILABLE'));
    expect(found.get('huawei')).toMatchObject({ configured: false, well: true, read: null });
    expect(found.get('jifeline')).toMatchObject({ well: true, read: 'ok' });
  });

  test('doctor names the next step if the server is unreachable or not ticketgraph', { tags: ['full'] }, async () => {
    const dead = `http://127.0.0.1:${await findFreePort()}/graphql`;
    const absent = await doctor({}, '--url', dead);
    expect(absent.code).toBe(4);
    expect(absent.stderr).toContain(`The server at ${dead} is unreachable.`);
    const other = await startOne('omnidesk');
    const strange = await doctor({ TICKETGRAPH_URL: `${other.url}/graphql` });
    expect(strange.code).toBe(1);
    expect(strange.stdout).toMatch(/No vendor is configured[\s\S]*No ticketgraph server at/);
    const mistyped = await doctor({ TICKETGRAPH_URL: 'canary' });
    expect(mistyped.code).toBe(2);
    expect(mistyped.stderr).toContain('TICKETGRAPH_URL is not a URL.');
  });
});

describe('problems that doctor reports', () => {
  test("doctor notes an unknown variable with a vendor's prefix without failing", { tags: ['full'] }, async () => {
    const omnidesk = await startOne('omnidesk');
    const { code, vendors: found } = await examine({
      ...omnidesk.settings,
      OMNIDESK_TIMEZONE: 'a-value',
      OMNIDESK_: '1',
    });
    expect(code).toBe(0);
    const { remarks } = found.get('omnidesk') as { remarks: string[] };
    expect(remarks).toHaveLength(2);
    expect(remarks[0]).toMatch(/^Ignoring OMNIDESK_TIMEZONE: not a setting of Omnidesk\. .*\bOMNIDESK_TIME_ZONE\b/);
    expect(remarks[0]).not.toContain('a-value');
  });

  test('doctor notes settings of a vendor without a URL', { tags: ['full'] }, async () => {
    const omnidesk = await startOne('omnidesk');
    const { code, vendors: found } = await examine({
      ...omnidesk.settings,
      AKANA_TENANT: 'acme',
      AKANA_PASSWORD: 'secret',
    });
    expect(code).toBe(0);
    expect(found.get('akana')).toMatchObject({
      configured: false,
      remarks: ['Ignoring AKANA_TENANT and AKANA_PASSWORD: Akana is off. Set AKANA_URL to turn it on.'],
    });
    expect(found.get('huawei')).toMatchObject({ remarks: [] });
  });

  test('doctor notes a misspelt variable if a URL or key is missing', { tags: ['full'] }, async () => {
    const misspelt = { AKANA_ULR: 'canary', OMNIDESK_URL: 'https://host.example', OMNIDESK_API_KY: 'canary' };
    const { code, stdout, vendors: found } = await examine(misspelt);
    expect(code).toBe(1);
    expect(found.get('akana')).toMatchObject({ remarks: [expect.stringMatching(/^Ignoring AKANA_ULR: /)] });
    expect(found.get('omnidesk')).toMatchObject({
      problems: [expect.stringMatching(/^OMNIDESK_API_KEY is missing/)],
      remarks: [expect.stringMatching(/^Ignoring OMNIDESK_API_KY: /)],
    });
    expect(stdout).not.toContain('canary');
  });

  test(
    'doctor reports SANDBOX_FAULTS beside a configured vendor, with the message of the start',
    { tags: ['full'] },
    async () => {
      const well = await startOne('omnidesk');
      const { code, server } = await examine({ ...well.settings, SANDBOX_FAULTS: 'akana:reset' });
      expect(code).toBe(1);
      expect(server).toEqual([expect.stringMatching(/^SANDBOX_FAULTS and OMNIDESK_URL are both set, .* Unset one/)]);
    },
  );

  test('doctor reports invalid settings by name and never by value, and still checks the other vendors', async () => {
    const well = await startOne('omnidesk');
    const wrong = { JIFELINE_URL: 'https://host.example', JIFELINE_TIMEOUT_MS: 'canary', LOG_LEVEL: 'canary' };
    const { code, stdout } = await doctor({ ...well.settings, ...wrong });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Jifeline +4 invalid/m);
    expect(stdout).toMatch(/^error: JIFELINE_CLIENT_SECRET is missing or invalid: expected /m);
    expect(stdout).toMatch(/^error: JIFELINE_TIMEOUT_MS is missing or invalid: expected a whole number/m);
    expect(stdout).toMatch(/^error: LOG_LEVEL is missing or invalid: expected one of/m);
    expect(stdout).toMatch(/^Omnidesk +complete +yes +works/m);
    expect(stdout).not.toContain('canary');
  });

  test('doctor reports an unreachable vendor', { tags: ['full'] }, async () => {
    const OMNIDESK_URL = `http://127.0.0.1:${await findFreePort()}`;
    const { code, vendors: found } = await examine({ OMNIDESK_URL, OMNIDESK_API_KEY: 'canary' });
    expect(code).toBe(1);
    expect(found.get('omnidesk')).toMatchObject({
      well: false,
      reachable: false,
      signedIn: null,
      read: 'failed',
      problems: [expect.stringMatching(/^Omnidesk is unreachable at OMNIDESK_URL: check the address/)],
    });
  });

  test.each([
    ['OMNIDESK_PROXY', 'OMNIDESK_PROXY'],
    ['HTTP_PROXY', 'HTTPS_PROXY or HTTP_PROXY'],
  ])('doctor names the setting of an unreachable proxy: %s', { tags: ['full'] }, async (setting, named) => {
    const proxy = `http://127.0.0.1:${await findFreePort()}`;
    const environment = { OMNIDESK_URL: 'http://vendor.test', OMNIDESK_API_KEY: 'canary', ALLOW_PLAINTEXT: '1' };
    const { vendors: found } = await examine({ ...environment, [setting]: proxy });
    const problem = `Omnidesk is unreachable at OMNIDESK_URL: check the host and port in ${named}; the proxy ${proxy.replace('http://', '')} is unreachable (PROXY_UNREACHABLE).`;
    expect(found.get('omnidesk')).toMatchObject({ reachable: false, problems: [problem] });
  });

  test('doctor names the URL setting of an unreachable token endpoint', { tags: ['full'] }, async () => {
    const vendor = await startOne('jifeline');
    const JIFELINE_TOKEN_URL = `http://127.0.0.1:${await findFreePort()}/token`;
    const { vendors: found } = await examine({ ...vendor.settings, JIFELINE_TOKEN_URL });
    const problems = [expect.stringContaining('at JIFELINE_TOKEN_URL')];
    expect(found.get('jifeline')).toMatchObject({ reachable: false, problems });
    expect(vendor.ledger).toEqual([]);
  });

  test('doctor reports a vendor that times out', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    vendor.faults = () => ({ kind: 'silent', applied: false });
    const { vendors: found } = await examine({ ...vendor.settings, OMNIDESK_TIMEOUT_MS: '1000' });
    expect(found.get('omnidesk')).toMatchObject({
      reachable: false,
      problems: [expect.stringMatching(/did not respond in time at OMNIDESK_URL: .*raise OMNIDESK_TIMEOUT_MS/)],
    });
  });

  test('doctor names the variables of rejected credentials, and no value', { tags: ['full'] }, async () => {
    const sandbox = await startAll();
    const wrong = Object.entries(sandbox.settings).filter(([name]) => /_(API_KEY|PASSWORD|CLIENT_SECRET)$/.test(name));
    const canaries = Object.fromEntries(wrong.map(([name]) => [name, 'canary']));
    const { code, stdout, vendors: found } = await examine({ ...sandbox.settings, ...canaries });
    expect(code).toBe(1);
    for (const { key } of vendors) {
      const refused = { well: false, reachable: true, signedIn: false, read: 'failed' };
      const problems = [expect.stringMatching(new RegExp(`check .*${key.toUpperCase()}_`))];
      expect(found.get(key)).toMatchObject({ ...refused, problems });
    }
    expect(found.get('omnidesk')).toMatchObject({ problems: [expect.stringContaining('check OMNIDESK_API_KEY')] });
    expect(stdout).not.toContain('canary');
    expect(sandbox.vendors.flatMap(({ effects }) => effects)).toEqual([]);
  });

  test.each([
    [403, true, /the account may not read tickets \(HTTP 403\): ask an administrator/],
    [404, null, /not with tickets \(HTTP 404\): check the host and the path in OMNIDESK_URL/],
    [503, null, /it is failing at the moment \(HTTP 503\): retry later/],
    [200, null, /does not match its documentation: check the host and the path in OMNIDESK_URL/],
  ])(
    'doctor gives advice for a vendor that responds with %i',
    { tags: ['full'] },
    async (status, signedIn, sentence) => {
      const vendor = await startOne('omnidesk');
      const reply = { status, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
      vendor.faults = () => ({ kind: 'answer', applied: false, reply });
      const { code, vendors: found } = await examine(vendor.settings);
      expect(code).toBe(1);
      const problems = [expect.stringMatching(sentence)];
      expect(found.get('omnidesk')).toMatchObject({ reachable: true, signedIn, problems });
    },
  );

  test('doctor notes a clock skew of more than 30 seconds without failing', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    const headers = { 'content-type': 'application/json', date: new Date(Date.now() - 90_000).toUTCString() };
    vendor.faults = (arrival) => {
      const { body = '' } = vendor.vendor.handle(arrival);
      return { kind: 'answer', applied: false, reply: { status: 200, headers, body } };
    };
    const { code, stdout } = await doctor(vendor.settings);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^note: Omnidesk's clock is \d+ seconds behind ours: .*NTP/m);
  });

  test(
    'doctor notes a missing example ticket of a vendor without a list, without failing',
    { tags: ['full'] },
    async () => {
      const vendor = await startOne('requestor');
      vendor.faults = () => ({ kind: 'answer', applied: false, reply: { status: 404, body: '' } });
      const { code, vendors: found } = await examine(vendor.settings);
      expect(code).toBe(0);
      const remarks = [expect.stringContaining('could not be verified')];
      expect(found.get('requestor')).toMatchObject({ signedIn: true, read: 'missing', remarks });
    },
  );

  test("doctor does not check a vendor that uses each caller's own credentials", { tags: ['full'] }, async () => {
    const vendor = await startOne('huawei');
    const environment = { HUAWEI_URL: vendor.url, HUAWEI_FORWARD_TOKEN: 'x-cloud-token' };
    const { code, vendors: found } = await examine(environment);
    expect(code).toBe(0);
    const remarks = [expect.stringContaining("each caller's own credentials")];
    expect(found.get('huawei')).toMatchObject({ reachable: null, signedIn: null, read: 'not-tried', remarks });
    expect(vendor.ledger).toEqual([]);
  });
});

describe('key store problems that doctor reports', () => {
  test('doctor reports a STORE_PATH that cannot be created', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, STORE_PATH: join(ROOT, 'package.json', 'store') });
    const store = { variable: 'STORE_PATH', problem: expect.stringContaining('not in a writable directory') };
    expect(report).toMatchObject({ code: 1, store });
  });

  test.each([
    ['below /proc', '/proc/self/store', 'not in a writable directory'],
    ['a device', '/dev/null', 'not a writable file'],
    ['a text', join(ROOT, 'package.json'), 'not a key store'],
  ])('doctor reports an unusable STORE_PATH: %s', { tags: ['full'] }, async (_, path, problem) => {
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, STORE_PATH: path });
    const store = { variable: 'STORE_PATH', problem: expect.stringContaining(problem) };
    expect(report).toMatchObject({ code: 1, store });
  });

  test('doctor reports an unreachable Redis without its password', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    const REDIS_URL = `redis://:canary@127.0.0.1:${await findFreePort()}`;
    const report = await examine({ ...vendor.settings, REDIS_URL });
    const store = { variable: 'REDIS_URL', problem: expect.stringContaining('Redis is unreachable') };
    expect(report).toMatchObject({ code: 1, store });
    expect(report.stdout).not.toContain('canary');
  });

  test('doctor accepts a reachable Redis', { tags: ['full'] }, async ({ skip }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    const redis = await startDurableRedis();
    onTestFinished(() => redis.close());
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, REDIS_URL: redis.url });
    expect(report).toMatchObject({ code: 0, store: { variable: 'REDIS_URL', problem: null }, remarks: [] });
  });

  test('doctor says how Redis could lose keys', { tags: ['full'] }, async ({ skip }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, REDIS_URL: redis.url });
    expect(report).toMatchObject({ code: 0, remarks: [expect.stringContaining('Set appendonly yes')] });
  });
});
