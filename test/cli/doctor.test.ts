/** `ticketgraph doctor` over the sandbox: what it finds, what it advises, and that it writes nothing anywhere. */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { loadSimulation, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { ROOT, runCommand, type Ended } from '../support/command.ts';
import { startWorld } from '../support/sandbox.ts';
import { findFreePort, startRedis, whyNoRedis } from '../support/redis.ts';

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

describe('all vendors configured and well', () => {
  test(
    'each is signed in to and read from once, nothing is written, and it ends with 0',
    { tags: ['full'] },
    async () => {
      const sandbox = await startAll();
      const { code, stdout, stderr } = await doctor(sandbox.settings);
      expect(code).toBe(0);
      for (const { name } of vendors)
        expect(stdout).toMatch(new RegExp(`^${name} +complete +yes +works +works +[+-]\\d+ s$`, 'm'));
      expect(stderr).toBe('All that is configured is well.\n');
      for (const { effects, ledger } of sandbox.vendors) {
        expect(effects).toEqual([]);
        // A sign-in, where there is one, and one read.
        const [read, ...signIn] = ledger.map(({ arrival }) => arrival).toReversed();
        expect(read?.method).toBe('GET');
        expect(signIn.length).toBeLessThanOrEqual(1);
      }
    },
  );

  test('the same as JSON', async () => {
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
  'with no vendor configured and no server running it says what to set, and ends with 1',
  { tags: ['full'] },
  async () => {
    const TICKETGRAPH_URL = `http://127.0.0.1:${await findFreePort()}/graphql`;
    const { code, stdout } = await doctor({ TICKETGRAPH_URL });
    expect(code).toBe(1);
    expect(stdout).toContain(`No server answers at ${TICKETGRAPH_URL}.`);
    expect(stdout).toContain('No vendor is configured');
    for (const { key } of vendors) expect(stdout).toContain(`${key.toUpperCase()}_URL`);
  },
);

describe('a running server', () => {
  test(
    'is checked if no vendor is configured here: each vendor is read from once, and nothing is written',
    { tags: ['full'] },
    async () => {
      const world = await startWorld();
      const found: [Environment, string[]][] = [
        [{ TICKETGRAPH_URL: world.url }, []],
        [{ PORT: new URL(world.url).port }, []],
        [{}, ['--url', world.url]],
      ];
      for (const [environment, words] of found) {
        world.forget();
        const { code, stdout } = await doctor(environment, ...words);
        expect(code).toBe(0);
        for (const { name } of vendors)
          expect(stdout).toMatch(new RegExp(`^${name} +complete +yes +works +works$`, 'm'));
        for (const { key } of vendors) {
          expect(world.calls(key).map(({ arrival }) => arrival.method)).toEqual(['GET']);
          expect(world.vendor(key).effects).toEqual([]);
        }
      }
    },
  );

  test('named by --url is checked in place of the vendors that are configured here', { tags: ['full'] }, async () => {
    const world = await startWorld({ keys: ['huawei'] });
    const omnidesk = await startOne('omnidesk');
    const { code, stdout } = await doctor(omnidesk.settings, '--url', world.url, '--json');
    const report = JSON.parse(stdout) as { url: string; vendors: Found[] };
    expect(code).toBe(0);
    expect(report.url).toBe(world.url);
    expect(report.vendors.filter(({ configured }) => configured)).toMatchObject([
      { vendor: 'HUAWEI', well: true, reachable: true, signedIn: true, read: 'ok', problems: [] },
    ]);
    expect(omnidesk.ledger).toEqual([]);
  });

  test('is waited for if a vendor is slow', { tags: ['full'] }, async () => {
    const world = await startWorld({ keys: ['omnidesk'], faults: new Map([['omnidesk', 'slow']]) });
    const { code, vendors: found } = await examine({ TICKETGRAPH_URL: world.url });
    expect(code).toBe(0);
    expect(found.get('omnidesk')).toMatchObject({ well: true, reachable: true, read: 'ok' });
  });

  test('a server whose vendors fail is reported vendor by vendor, with exit code 1', async () => {
    const world = await startWorld({ keys: ['requestor', 'akana', 'omnidesk', 'jifeline'] });
    world.vendor('requestor').faults = () => ({ kind: 'answer', applied: false, reply: { status: 401 } });
    world.vendor('akana').faults = () => ({ kind: 'answer', applied: false, reply: { status: 403 } });
    world.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const { code, vendors: found } = await examine({ TICKETGRAPH_URL: world.url });
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

  test('that is not there or is no ticketgraph ends with the next step', { tags: ['full'] }, async () => {
    const dead = `http://127.0.0.1:${await findFreePort()}/graphql`;
    const absent = await doctor({}, '--url', dead);
    expect(absent.code).toBe(4);
    expect(absent.stderr).toContain(`No server answers at ${dead}.`);
    const other = await startOne('omnidesk');
    const strange = await doctor({ TICKETGRAPH_URL: `${other.url}/graphql` });
    expect(strange.code).toBe(1);
    expect(strange.stdout).toMatch(/No vendor is configured[\s\S]*is no ticketgraph/);
    const mistyped = await doctor({ TICKETGRAPH_URL: 'canary' });
    expect(mistyped.code).toBe(2);
    expect(mistyped.stderr).toContain('TICKETGRAPH_URL is not an address.');
  });
});

describe('what is wrong is told with what to do', () => {
  test(
    "a name that begins like a vendor's and is none of its settings is noted, and is no failure",
    { tags: ['full'] },
    async () => {
      const omnidesk = await startOne('omnidesk');
      const { code, vendors: found } = await examine({
        ...omnidesk.settings,
        OMNIDESK_TIMEZONE: 'a-value',
        OMNIDESK_: '1',
      });
      expect(code).toBe(0);
      const { remarks } = found.get('omnidesk') as { remarks: string[] };
      expect(remarks).toHaveLength(2);
      expect(remarks[0]).toMatch(
        /^Ignoring OMNIDESK_TIMEZONE: not a setting of Omnidesk\. .*\bOMNIDESK_TIME_ZONE\b/,
      );
      expect(remarks[0]).not.toContain('a-value');
    },
  );

  test('settings of a vendor that has no address are noted: it is off', { tags: ['full'] }, async () => {
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

  test(
    'a misspelt name is noted where it explains the most: where an address or a key is missing',
    { tags: ['full'] },
    async () => {
      const misspelt = { AKANA_ULR: 'canary', OMNIDESK_URL: 'https://host.example', OMNIDESK_API_KY: 'canary' };
      const { code, stdout, vendors: found } = await examine(misspelt);
      expect(code).toBe(1);
      expect(found.get('akana')).toMatchObject({ remarks: [expect.stringMatching(/^Ignoring AKANA_ULR: /)] });
      expect(found.get('omnidesk')).toMatchObject({
        problems: [expect.stringMatching(/^OMNIDESK_API_KEY is missing/)],
        remarks: [expect.stringMatching(/^Ignoring OMNIDESK_API_KY: /)],
      });
      expect(stdout).not.toContain('canary');
    },
  );

  test(
    'faults that are asked of a sandbox that would not start beside a vendor, as the start says it',
    { tags: ['full'] },
    async () => {
      const well = await startOne('omnidesk');
      const { code, server } = await examine({ ...well.settings, SANDBOX_FAULTS: 'akana:reset' });
      expect(code).toBe(1);
      expect(server).toEqual([expect.stringMatching(/^SANDBOX_FAULTS and OMNIDESK_URL are both set, .* Unset one/)]);
    },
  );

  test('settings: each by its name and form, never by its value; the others are examined all the same', async () => {
    const well = await startOne('omnidesk');
    const wrong = { JIFELINE_URL: 'https://host.example', JIFELINE_TIMEOUT_MS: 'canary', LOG_LEVEL: 'canary' };
    const { code, stdout } = await doctor({ ...well.settings, ...wrong });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Jifeline +4 wrong/m);
    expect(stdout).toMatch(/^error: JIFELINE_CLIENT_SECRET is missing or invalid: expected /m);
    expect(stdout).toMatch(/^error: JIFELINE_TIMEOUT_MS is missing or invalid: expected a whole number/m);
    expect(stdout).toMatch(/^error: LOG_LEVEL is missing or invalid: expected one of/m);
    expect(stdout).toMatch(/^Omnidesk +complete +yes +works/m);
    expect(stdout).not.toContain('canary');
  });

  test('a vendor that nobody answers for', { tags: ['full'] }, async () => {
    const OMNIDESK_URL = `http://127.0.0.1:${await findFreePort()}`;
    const { code, vendors: found } = await examine({ OMNIDESK_URL, OMNIDESK_API_KEY: 'canary' });
    expect(code).toBe(1);
    expect(found.get('omnidesk')).toMatchObject({
      well: false,
      reachable: false,
      signedIn: null,
      read: 'failed',
      problems: [expect.stringMatching(/^Omnidesk cannot be reached at OMNIDESK_URL: check the address/)],
    });
  });

  test.each([
    ['OMNIDESK_PROXY', 'OMNIDESK_PROXY'],
    ['HTTP_PROXY', 'HTTPS_PROXY or HTTP_PROXY'],
  ])(
    'an unreachable proxy is named by the setting that it comes from: %s',
    { tags: ['full'] },
    async (setting, named) => {
      const proxy = `http://127.0.0.1:${await findFreePort()}`;
      const environment = { OMNIDESK_URL: 'http://vendor.test', OMNIDESK_API_KEY: 'canary', ALLOW_PLAINTEXT: '1' };
      const { vendors: found } = await examine({ ...environment, [setting]: proxy });
      const problem = `Omnidesk cannot be reached at OMNIDESK_URL: check the host and port in ${named}; the proxy itself cannot be reached (PROXY_UNREACHABLE).`;
      expect(found.get('omnidesk')).toMatchObject({ reachable: false, problems: [problem] });
    },
  );

  test('a sign-in that nobody answers for is told by the name of its own address', { tags: ['full'] }, async () => {
    const vendor = await startOne('jifeline');
    const JIFELINE_TOKEN_URL = `http://127.0.0.1:${await findFreePort()}/token`;
    const { vendors: found } = await examine({ ...vendor.settings, JIFELINE_TOKEN_URL });
    const problems = [expect.stringContaining('at JIFELINE_TOKEN_URL')];
    expect(found.get('jifeline')).toMatchObject({ reachable: false, problems });
    expect(vendor.ledger).toEqual([]);
  });

  test('a vendor that answers too late', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    vendor.faults = () => ({ kind: 'silent', applied: false });
    const { vendors: found } = await examine({ ...vendor.settings, OMNIDESK_TIMEOUT_MS: '1000' });
    expect(found.get('omnidesk')).toMatchObject({
      reachable: false,
      problems: [expect.stringMatching(/did not answer in time at OMNIDESK_URL: .*raise OMNIDESK_TIMEOUT_MS/)],
    });
  });

  test('sign-ins that vendors refuse: the variables to check, and no value', { tags: ['full'] }, async () => {
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
    [403, true, /does not let this account read tickets \(HTTP 403\): ask an administrator/],
    [404, null, /not with tickets \(HTTP 404\): check the host and the path in OMNIDESK_URL/],
    [503, null, /it fails at the moment \(HTTP 503\): try again later/],
    [200, null, /not as documented: check the host and the path in OMNIDESK_URL/],
  ])('a vendor that answers %i', { tags: ['full'] }, async (status, signedIn, sentence) => {
    const vendor = await startOne('omnidesk');
    const reply = { status, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
    vendor.faults = () => ({ kind: 'answer', applied: false, reply });
    const { code, vendors: found } = await examine(vendor.settings);
    expect(code).toBe(1);
    const problems = [expect.stringMatching(sentence)];
    expect(found.get('omnidesk')).toMatchObject({ reachable: true, signedIn, problems });
  });

  test('a clock that differs by more than half a minute is noted, and is no failure', { tags: ['full'] }, async () => {
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
    'of a vendor without a list, that the ticket of its documentation is missing is no failure, and said',
    { tags: ['full'] },
    async () => {
      const vendor = await startOne('requestor');
      vendor.faults = () => ({ kind: 'answer', applied: false, reply: { status: 404, body: '' } });
      const { code, vendors: found } = await examine(vendor.settings);
      expect(code).toBe(0);
      const remarks = [expect.stringContaining('is not proven by it')];
      expect(found.get('requestor')).toMatchObject({ signedIn: true, read: 'missing', remarks });
    },
  );

  test(
    "a vendor that callers sign in to themselves is not tried, as there is no caller's credential",
    { tags: ['full'] },
    async () => {
      const vendor = await startOne('huawei');
      const environment = { HUAWEI_URL: vendor.url, HUAWEI_FORWARD_TOKEN: 'x-cloud-token' };
      const { code, vendors: found } = await examine(environment);
      expect(code).toBe(0);
      const remarks = [expect.stringContaining("each caller's own credentials")];
      expect(found.get('huawei')).toMatchObject({ reachable: null, signedIn: null, read: 'not-tried', remarks });
      expect(vendor.ledger).toEqual([]);
    },
  );
});

describe('the store of keys', () => {
  test('a path that no file can be made at', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, STORE_PATH: join(ROOT, 'package.json', 'store') });
    const store = { variable: 'STORE_PATH', problem: expect.stringContaining('no folder') };
    expect(report).toMatchObject({ code: 1, store });
  });

  test.each([
    ['below /proc', '/proc/self/store', 'no folder'],
    ['a device', '/dev/null', 'not a file'],
    ['a text', join(ROOT, 'package.json'), 'no store of keys'],
  ])('a path that cannot hold it: %s', { tags: ['full'] }, async (_, path, problem) => {
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, STORE_PATH: path });
    const store = { variable: 'STORE_PATH', problem: expect.stringContaining(problem) };
    expect(report).toMatchObject({ code: 1, store });
  });

  test('a Redis that is not there, told without its password', { tags: ['full'] }, async () => {
    const vendor = await startOne('omnidesk');
    const REDIS_URL = `redis://:canary@127.0.0.1:${await findFreePort()}`;
    const report = await examine({ ...vendor.settings, REDIS_URL });
    const store = { variable: 'REDIS_URL', problem: expect.stringContaining('does not answer') };
    expect(report).toMatchObject({ code: 1, store });
    expect(report.stdout).not.toContain('canary');
  });

  test('a Redis that answers', { tags: ['full'] }, async ({ skip }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const vendor = await startOne('omnidesk');
    const report = await examine({ ...vendor.settings, REDIS_URL: redis.url });
    expect(report).toMatchObject({ code: 0, store: { variable: 'REDIS_URL', problem: null } });
  });
});
