/** `ticketgraph verify` over the sandbox: what it prints, its exit codes, and the file of accepted findings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { loadSimulation, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { runCommand, type Ended } from '../support/command.ts';
import { isSignIn } from '../support/samples.ts';

type Environment = Readonly<Record<string, string>>;

function verify(environment: Environment, ...words: string[]): Promise<Ended> {
  return runCommand(['verify', ...words], { environment });
}

async function startAll(): Promise<Sandbox> {
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Answers with this status word, unknown or not, for all its tickets. */
async function startOmnidesk(status: string, more: Readonly<Record<string, unknown>> = {}): Promise<RunningVendor> {
  const vendor = await startVendor(await loadSimulation('omnidesk'));
  onTestFinished(() => vendor.close());
  vendor.faults = (arrival) => {
    const { body = '', ...reply } = vendor.vendor.handle(arrival);
    const change = (_: string, value: unknown): unknown =>
      typeof value === 'object' && value !== null && 'customer_id' in value ? { ...value, status, ...more } : value;
    return { kind: 'answer', applied: false, reply: { ...reply, body: JSON.stringify(JSON.parse(body, change)) } };
  };
  return vendor;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Report {
  readonly well: boolean;
  readonly vendors: readonly {
    readonly vendor: string;
    readonly configured: boolean;
    readonly well: boolean;
    readonly ticketsRead: boolean;
    readonly reads: readonly Readonly<Record<string, unknown>>[];
    readonly findings: readonly Readonly<Record<string, unknown>>[];
    readonly remarks: readonly string[];
  }[];
}

describe('verify over all vendors', () => {
  test('verify --json reports each vendor, and only reads', async () => {
    const sandbox = await startAll();
    const { stdout, code } = await verify(sandbox.settings, '--json');
    const report = JSON.parse(stdout) as Report;
    expect(report.vendors.map(({ vendor }) => vendor)).toEqual(vendors.map(({ key }) => key.toUpperCase()));
    for (const { configured, ticketsRead, reads, remarks } of report.vendors) {
      expect([configured, ticketsRead, remarks]).toEqual([true, true, []]);
      for (const read of reads) {
        const expected = { operation: expect.stringMatching(/^GET /), status: 200, contentType: expect.any(String) };
        expect(read).toEqual({ ...expected, milliseconds: expect.any(Number) });
      }
    }
    // The sandbox has words that are unknown on purpose; nothing else misleads.
    const misleading = report.vendors
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity === 'misleads');
    expect(new Set(misleading.map(({ kind }) => kind))).toEqual(new Set(['unknown-word']));
    expect([report.well, code]).toEqual([false, 1]);
    for (const { effects, ledger } of sandbox.vendors) {
      expect(effects).toEqual([]);
      const writes = ledger.filter(({ arrival }) => arrival.method !== 'GET' && !isSignIn(arrival));
      expect(writes).toEqual([]);
      expect(ledger.length).toBeGreaterThan(0);
    }
  });

  test('verify --accept makes the next run report only what is new', { tags: ['full'] }, async () => {
    const sandbox = await startAll();
    const known = join(newFolder(), 'new', 'known.json');
    const first = await verify(sandbox.settings, '--known', known, '--accept');
    expect([first.code, first.stderr]).toEqual([0, `The accepted findings are in ${known}.\nNothing misleads.\n`]);
    const second = await verify(sandbox.settings, '--known', known);
    expect([second.code, second.stderr]).toEqual([0, 'Nothing misleads.\n']);
    expect(second.stdout).not.toMatch(/^(misleads|new) /m);
    for (const { name } of vendors) expect(second.stdout).toMatch(new RegExp(`^${name} +\\d+ +0 +0 +\\d+$`, 'm'));
  });
});

describe('verify of one vendor', () => {
  test('verify exits with 0 if nothing misleads, and lists what is new', async () => {
    const omnidesk = await startOmnidesk('open', { brand_new: ['canary'] });
    const { code, stdout, stderr } = await verify(omnidesk.settings);
    expect([code, stderr]).toEqual([0, 'Nothing misleads.\n']);
    expect(stdout).toMatch(/^VENDOR +READS +MISLEADING +NEW +ACCEPTED$/m);
    expect(stdout).toMatch(/^Omnidesk +2 +0 +\d+ +0$/m);
    expect(stdout).toMatch(/^Akana +off +- +- +-$/m);
    expect(stdout).toMatch(/^new +Omnidesk +GET \/api\/v2\/ticket\/:id +item\.brand_new +unknown-field +list +-$/m);
    expect(stdout).not.toContain('canary');
  });

  test('verify exits with 1 for what misleads, with the type and never the value', { tags: ['full'] }, async () => {
    const omnidesk = await startOmnidesk('parked', {
      created_at: 'canary',
      title: { en: 'canary' },
      last_update: undefined,
    });
    const { code, stdout, stderr } = await verify(omnidesk.settings);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^misleads +Omnidesk +tickets +status +unknown-word +"parked" +-$/m);
    expect(stdout).toMatch(
      /^misleads +Omnidesk +GET \/api\/v2\/ticket\/:id +item\.created_at +type +text +null or time$/m,
    );
    expect(stdout).toMatch(
      /^misleads +Omnidesk +GET \/api\/v2\/ticket\/:id +item\.title +type +object +null or text$/m,
    );
    expect(stdout).toMatch(
      /^misleads +Omnidesk +GET \/api\/v2\/ticket\/:id +item\.last_update +missing +missing +time$/m,
    );
    expect(stdout).not.toContain('canary');
    expect(stderr).toMatch(/^Each misleading finding .* accept it with --accept/);
  });

  test('an accepted finding stays accepted, and a new one still misleads', { tags: ['full'] }, async () => {
    const known = join(newFolder(), 'known.json');
    const parked = await startOmnidesk('parked');
    expect((await verify(parked.settings, '--known', known, '--accept')).code).toBe(0);
    const text = readFileSync(known, 'utf8');
    expect(text).toContain('"\\"parked\\""');
    const lost = await startOmnidesk('lost');
    expect((await verify(lost.settings, '--known', known)).code).toBe(1);
    expect(readFileSync(known, 'utf8')).toBe(text);
    expect((await verify(lost.settings, '--known', known, '--accept')).code).toBe(0);
    expect((await verify(parked.settings, '--known', known)).code).toBe(0);
  });

  test('a read that fails cannot be accepted', { tags: ['full'] }, async () => {
    const omnidesk = await startOmnidesk('open');
    omnidesk.faults = () => ({ kind: 'answer', applied: false, reply: { status: 500 } });
    for (const words of [['--accept'], []]) {
      const { code, stdout, stderr } = await verify(omnidesk.settings, ...words);
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^misleads +Omnidesk +GET \/api\/v2\/ticket +- +failed +the list cannot be read: unavailable \(HTTP 500\)/m,
      );
      expect(stderr).toContain('run ticketgraph doctor');
    }
  });

  test('verify --vendor and --ticket select what is read', { tags: ['full'] }, async () => {
    const sandbox = await startAll();
    const words = ['--vendor', 'omnidesk', '--ticket', 'omnidesk:858226', '--ticket', 'omnidesk:858462'];
    const { stdout } = await verify(sandbox.settings, ...words);
    expect(stdout).not.toContain('Jifeline');
    const paths = sandbox.vendors.map(({ key, ledger }) => [key, ledger.map(({ arrival }) => arrival.path)] as const);
    for (const [key, called] of paths) {
      if (key !== 'omnidesk') expect(called).toEqual([]);
      else expect(called).toEqual(['/api/v2/ticket', '/api/v2/ticket/858226', '/api/v2/ticket/858462']);
    }
  });

  test('invalid settings are named, and fail the run', { tags: ['full'] }, async () => {
    const { code, stdout } = await verify({ OMNIDESK_URL: 'https://host.example', OMNIDESK_TIMEOUT_MS: 'canary' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Omnidesk +2 invalid/m);
    expect(stdout).toMatch(/^error: OMNIDESK_API_KEY is missing or invalid/m);
    expect(stdout).not.toContain('canary');
  });
});

describe('usage errors of verify', () => {
  const OMNIDESK = { OMNIDESK_URL: 'http://127.0.0.1:9', OMNIDESK_API_KEY: 'canary' };

  test.each<readonly [string, Environment, string[], number, RegExp]>([
    [
      'no vendor',
      {},
      [],
      1,
      /^error: No vendor is configured in this environment\.\nSet the variables of at least one.*OMNIDESK_URL/,
    ],
    [
      'a vendor that is off',
      OMNIDESK,
      ['--vendor', 'akana'],
      1,
      /^error: Akana is not configured.*\nSet .*\(AKANA_URL\)/,
    ],
    ['an unknown vendor', OMNIDESK, ['--vendor', 'acme'], 2, /Allowed choices are/],
    [
      'a ticket of a vendor that is off',
      OMNIDESK,
      ['--ticket', 'huawei:TS-1'],
      2,
      /^error: Invalid --ticket\.\nExpected .* huawei:/,
    ],
    [
      'an id that no ticket has',
      OMNIDESK,
      ['--ticket', 'omnidesk:multi'],
      2,
      /^error: Invalid --ticket\.\n.*omnidesk:858462/,
    ],
  ])('verify rejects %s', { tags: ['full'] }, async (_, environment, words, expected, message) => {
    const { code, stderr } = await verify(environment, ...words);
    expect(code, stderr).toBe(expected);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['not JSON', '{'],
    ['another file', '{"version":2}'],
    ['a list', '[]'],
    ['accepted findings that are no lists', '{"version":1,"accepted":{"OMNIDESK":{}}}'],
    ['findings that are no objects', '{"version":1,"accepted":{"OMNIDESK":[null]}}'],
  ])('verify rejects a known file that is %s, before any call', { tags: ['full'] }, async (_, text) => {
    const file = join(newFolder(), 'known.json');
    writeFileSync(file, text);
    const omnidesk = await startOmnidesk('open');
    const { code, stderr } = await verify(omnidesk.settings, '--known', file, '--accept');
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} is not a file of accepted findings.`);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(omnidesk.ledger).toEqual([]);
  });

  test('verify names a known file that it cannot read or write', { tags: ['full'] }, async () => {
    const folder = newFolder();
    const unreadable = await verify(OMNIDESK, '--known', folder);
    expect([unreadable.code, unreadable.stderr]).toEqual([
      2,
      expect.stringContaining(`Cannot read ${folder}: EISDIR.`),
    ]);
    const omnidesk = await startOmnidesk('open');
    const file = '/proc/known.json';
    const unwritable = await verify(omnidesk.settings, '--known', file, '--accept');
    expect([unwritable.code, unwritable.stderr]).toEqual([2, expect.stringContaining(`Cannot write ${file}: `)]);
  });
});
