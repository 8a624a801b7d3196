/** The commands with several sources of one vendor: what they print, and what each source has received. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { runCommand, type Ended } from '../support/command.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const BOTH = ['omnidesk', 'omnidesk@emea'] as const;
const NAMES = { 'OMNIDESK@EMEA_NAME': 'Service desk EMEA' };

const start = (): Promise<TestServer> => startTestServer({ keys: [...BOTH, 'akana'], environment: NAMES });

function run({ url }: Pick<TestServer, 'url'>, ...words: string[]): Promise<Ended> {
  return runCommand(words, { environment: { TICKETGRAPH_URL: url } });
}

function writeTemporary(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-sources-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'sources.yaml');
  writeFileSync(path, text);
  return path;
}

async function startBoth(): Promise<Sandbox> {
  const sandbox = await startSandbox(BOTH);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The default source by variables, the further one by a file. */
function toEnvironment({ settings, vendors }: Sandbox, more = ''): Record<string, string> {
  const path = writeTemporary(`sources:
  omnidesk@emea:
    name: Service desk EMEA
    url: ${vendors[1]!.url}
    apiKey: ${settings['OMNIDESK@EMEA_API_KEY']}
${more}`);
  const ofDefault = Object.entries(settings).filter(([name]) => !name.includes('@'));
  return { ...Object.fromEntries(ofDefault), TICKETGRAPH_CONFIG: path };
}

describe('tickets', () => {
  test('tickets has a column for the source if a vendor has several, and --source selects', async () => {
    const server = await start();
    const all = await run(server, 'tickets', '--first', '60');
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(/^ID +SOURCE +STATUS +TITLE +UPDATED\n/);
    expect(all.stdout).toMatch(/^omnidesk:\S+ +Omnidesk /m);
    expect(all.stdout).toMatch(/^omnidesk@emea:\S+ +Service desk EMEA /m);
    server.forget();
    const one = await run(server, 'tickets', '--source', 'omnidesk@emea', '--first', '5');
    expect(one.stdout).toMatch(/^ID +STATUS +TITLE +UPDATED\n(omnidesk@emea:.*\n){5}$/);
    expect(server.vendor('omnidesk').ledger).toEqual([]);
    expect(server.vendor('akana').ledger).toEqual([]);
  });

  test('tickets --json has one entry of sources for each source', { tags: ['full'] }, async () => {
    const server = await start();
    const { stdout } = await run(server, 'tickets', '--vendor', 'omnidesk', '--all', '--json');
    const { tickets, sources } = JSON.parse(stdout);
    expect(sources).toMatchObject(BOTH.map((id) => ({ vendor: 'OMNIDESK', source: { id }, problem: null })));
    expect(new Set(tickets.map((ticket: { sourceSystem: { id: string } }) => ticket.sourceSystem.id))).toEqual(
      new Set(BOTH),
    );
  });

  test('tickets warns by the id of the source that failed', { tags: ['full'] }, async () => {
    const server = await start();
    server.vendor('omnidesk@emea').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const { code, stderr } = await run(server, 'tickets', '--first', '3');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^warning: omnidesk@emea: .* \(VENDOR_UNAVAILABLE\)$/m);
    expect(stderr).not.toContain('OMNIDESK:');
  });

  test.each([
    ['', 'Expected the id of a source'],
    ['omnidesk,', 'Expected the id of a source'],
    ['omnidesk@EMEA', 'Known sources: '],
    ['omnidesk@apac', 'Known sources: '],
  ])('tickets rejects --source %s', { tags: ['full'] }, async (id, message) => {
    const server = await start();
    const { code, stderr } = await run(server, 'tickets', '--source', id);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    for (const key of BOTH) expect(server.vendor(key).ledger).toEqual([]);
  });
});

describe('one ticket and writes', () => {
  test('ticket, act and set-status reach the source of the id alone', { tags: ['full'] }, async () => {
    const server = await start();
    const id = 'omnidesk@emea:858462';
    const { stdout } = await run(server, 'ticket', id);
    expect(stdout).toMatch(/^sourceSystem +omnidesk@emea$/m);
    const plan = await run(server, 'act', id, 'status.open', '--dry-run');
    expect(plan.stdout).toMatch(/^# dry run: request to omnidesk@emea$/m);
    expect((await run(server, 'act', id, 'status.open')).stdout).toMatch(/^APPLIED {2}omnidesk@emea:858462 /);
    expect(server.vendor('omnidesk').ledger).toEqual([]);
    const bulk = await run(server, 'set-status', 'solved', id, 'omnidesk:858400');
    expect(bulk.code).toBe(0);
    expect(server.vendor('omnidesk').effects).toEqual([{ what: 'setStatus solved', ticket: '858400' }]);
    expect(server.vendor('omnidesk@emea').effects.map(({ ticket }) => ticket)).toEqual(['858462', '858462']);
  });
});

describe('doctor and verify', () => {
  test('doctor checks each source of a running server by one read', async () => {
    const server = await start();
    server.vendor('omnidesk@emea').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
    const { code, stdout } = await run(server, 'doctor', '--url', server.url, '--json');
    expect(code).toBe(1);
    const { vendors: found } = JSON.parse(stdout);
    const ofVendor = found.filter(({ vendor }: { vendor: string }) => vendor === 'OMNIDESK');
    expect(ofVendor).toMatchObject([
      { source: 'omnidesk', name: 'Omnidesk', well: true, reachable: true, read: 'ok', problems: [] },
      { source: 'omnidesk@emea', name: 'Service desk EMEA', well: false, read: 'failed' },
    ]);
    expect(ofVendor[1].problems[0]).toMatch(/^Service desk EMEA: .*\(VENDOR_UNAVAILABLE\)/);
    expect(server.calls('omnidesk')).toHaveLength(1);
  });

  test('doctor shows a source of the file, and each mistake in the file by its path', { tags: ['full'] }, async () => {
    const sandbox = await startBoth();
    const well = await runCommand(['doctor'], { environment: toEnvironment(sandbox) });
    expect(well.stdout).toMatch(/^Service desk EMEA +complete +yes +works +works/m);
    expect(well.code).toBe(0);
    const wrong = toEnvironment(sandbox, '    timeoutMs: canary\n');
    const invalid = await runCommand(['doctor'], { environment: wrong });
    expect(invalid.stdout).toMatch(/^error: sources\.omnidesk@emea\.timeoutMs is missing or invalid: expected /m);
    const unknown = await runCommand(['doctor', '--json'], { environment: toEnvironment(sandbox, '    canary: 1\n') });
    const { well: isWell, server, vendors: found } = JSON.parse(unknown.stdout);
    expect(isWell).toBe(false);
    expect(server).toEqual([expect.stringMatching(/^sources\.omnidesk@emea\.canary in TICKETGRAPH_CONFIG is /)]);
    expect(found.find(({ source }: { source: string }) => source === 'omnidesk')).toMatchObject({ well: true });
    expect(invalid.stdout).not.toContain('canary');
  });

  test('verify --source checks that source alone', { tags: ['full'] }, async () => {
    const sandbox = await startBoth();
    const environment = toEnvironment(sandbox);
    const { stdout } = await runCommand(['verify', '--source', 'omnidesk@emea'], { environment });
    expect(stdout).toMatch(/^Service desk EMEA +2 /m);
    // The sandbox has a ticket with a status that is not documented.
    expect(stdout).toMatch(/^misleads +Service desk EMEA +tickets +status +unknown-word +"merged" /m);
    expect(stdout).not.toMatch(/^Omnidesk /m);
    const [first, further] = sandbox.vendors;
    expect(first!.ledger).toEqual([]);
    expect(further!.ledger.length).toBeGreaterThan(0);
    const missing = await runCommand(['verify', '--source', 'omnidesk@apac'], { environment });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('Expected one of omnidesk, omnidesk@emea.');
  });
});
