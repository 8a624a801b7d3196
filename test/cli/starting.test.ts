/** The command line as a process: the Node that runs it, the modules it loads, usage errors, and `serve`. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor } from '../../sandbox/server.ts';
import { ROOT, runCommand, startCommand } from '../support/command.ts';

describe('help', () => {
  test('help lists every command and the exit codes without loading Apollo or the vendors', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-coverage-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const environment = { NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: '1' };
    const { code, stdout } = await runCommand(['--help'], { environment });
    expect(code).toBe(0);
    for (const command of [
      'serve',
      'doctor',
      'verify',
      'tickets',
      'ticket',
      'actions',
      'act',
      'set-status',
      'bulk',
      'query',
      'login',
      'whoami',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Exit codes:');
    const loaded = scriptsIn(folder);
    expect(loaded).toContain('/cli/program.ts');
    expect(loaded).not.toMatch(/@apollo|\/datasources\/|\/client\/|fastify|node_modules\/graphql/);
  });

  test.each([
    ['act', ['act']],
    ['set-status', ['set-status']],
    ['bulk start', ['bulk', 'start']],
  ])('help of %s lists the exit codes', { tags: ['full'] }, async (_, command) => {
    const { code, stdout } = await runCommand([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('3  a write was sent and its outcome is unknown');
  });
});

function scriptsIn(folder: string): string {
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const scripts = files.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result);
  return scripts.map(({ url }) => url).join('\n');
}

test('a usage error exits with 2 before any request and points to --help', { tags: ['full'] }, async () => {
  const mistakes: [string[], string][] = [
    [['tickts'], '(Did you mean tickets?)'],
    [['tickets', '--first', '201'], 'Expected a whole number from 0 to 200.'],
    [['tickets', '--vendor', 'unknown'], 'Allowed choices are'],
    [['set-status', 'done', 'omnidesk:1'], 'Allowed choices are'],
    [['act', 'omnidesk:1', 'x', '--input', 'novalue'], 'Expected a key and a value'],
    [['act', 'omnidesk:1', 'x', '--inputs', '[]'], 'Expected a JSON object.'],
    [['act', 'omnidesk:1'], "missing required argument 'action'"],
    [['serve', '--port', 'eighty'], 'Expected a whole number from 0 to 65535.'],
    [['completions', 'tcsh'], 'Allowed choices are bash, zsh, fish.'],
  ];
  const ended = await Promise.all(mistakes.map(([words]) => runCommand(words)));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(mistakes[index]![1]);
    expect(stderr).toContain('--help');
    expect(stderr).not.toContain('    at ');
  }
});

describe('serve', () => {
  test('serve drains on SIGTERM, exits with 0, and prefers --port to the environment', async () => {
    const vendor = await startVendor(await loadSimulation('omnidesk'));
    onTestFinished(() => vendor.close());
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    vendor.faults = () => ({ kind: 'hold', until });
    const environment = { ...vendor.settings, PORT: '1', LOG_LEVEL: 'error' };
    const server = startCommand(['serve', '--port', '0'], { environment });
    const [, url] = await server.stdoutUntil(/ready at (\S+)/);
    const query = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }';
    const write = fetch(url!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    while (vendor.ledger.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    server.child.kill('SIGTERM');
    await untilRefused(url!);
    answer();
    expect(await (await write).json()).toEqual({ data: { setStatus: { outcome: 'APPLIED' } } });
    expect((await server.ended).code).toBe(0);
  });

  test('serve reports invalid settings like npm start', { tags: ['full'] }, async () => {
    const { code, stderr } = await runCommand(['serve', '--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(stderr).toContain('HOST is not a loopback address');
    expect(stderr).not.toContain('    at ');
  });
});

async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const isRefused = await fetch(url).then(
      () => false,
      () => true,
    );
    if (isRefused) return;
  }
}

/** A Node of this machine that is too old to run TypeScript. */
const OLD_NODE = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => /^v(1\d|20|21)\./.test(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout));

describe('started by a Node that cannot run TypeScript', () => {
  beforeEach(({ skip }) => skip(OLD_NODE === undefined, 'this machine has no such Node'));

  test(
    "an old Node starts the project's Node: output, exit code and stdin pass through",
    { tags: ['full'] },
    async () => {
      const version = await runCommand(['--version'], { node: OLD_NODE! });
      expect(version).toEqual({ code: 0, stdout: '0.2.0\n', stderr: '' });
      const words = ['set-status', 'SOLVED', '--url', 'http://127.0.0.1:1/graphql'];
      const refused = await runCommand(words, { node: OLD_NODE!, input: 'omnidesk:1\n' });
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('is unreachable');
    },
  );

  test('an old Node passes SIGTERM through, and serve exits with 0', { tags: ['full'] }, async () => {
    const server = startCommand(['serve', '--port', '0'], { node: OLD_NODE! });
    await server.stdoutUntil(/ready at/);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

test('npx runs ticketgraph in a checkout', { tags: ['full'] }, async () => {
  const run = promisify(execFile);
  const { stdout } = await run('npx', ['--no', 'ticketgraph', 'completions', 'fish'], { cwd: ROOT });
  expect(stdout).toContain('complete -c ticketgraph');
});

describe('completions', () => {
  let script: string;
  beforeAll(() => {
    script = execFileSync(process.execPath, [join(ROOT, 'cli/ticketgraph.js'), 'completions', 'bash'], {
      encoding: 'utf8',
    });
  });

  test.each([
    [['ticketgraph', 'tick'], 'ticket tickets'],
    [
      ['ticketgraph', ''],
      'act actions bulk completions doctor login logout profiles query schema serve set-status ticket tickets verify watch whoami --help --version',
    ],
    [['ticketgraph', 'tickets', '--vendor', 'O'], 'OMNIDESK'],
    [['ticketgraph', 'tickets', '--first', ''], ''],
    [['ticketgraph', 'set-status', 'S'], 'SOLVED'],
    [['ticketgraph', 'bulk', 'sta'], 'start status'],
    [['ticketgraph', 'bulk', 'start', '--set-status', 'S'], 'SOLVED'],
    [['ticketgraph', 'bulk', 'results', '--format', 'n'], 'ndjson'],
    [['ticketgraph', 'act', 'omnidesk:1', 'status.solved', '--d'], '--dry-run'],
  ])('bash completes %o', { tags: ['full'] }, async (words, completed) => {
    const run = `${script}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
      [[ $(complete -p ticketgraph) =~ -F\\ ([_a-z]+) ]] && \${BASH_REMATCH[1]}
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', run], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual(completed.split(' ').filter(Boolean).toSorted());
  });

  test('completions for zsh and fish contain the same commands', { tags: ['full'] }, async () => {
    const zsh = await runCommand(['completions', 'zsh']);
    expect(zsh.stdout).toMatch(/^autoload -Uz compinit bashcompinit$[\s\S]*^complete -F _ticketgraph ticketgraph$/m);
    const fish = await runCommand(['completions', 'fish']);
    expect(fish.stdout).toMatch(/^complete -c ticketgraph -n __fish_use_subcommand -f -a set-status -d '/m);
    expect(fish.stdout).toMatch(/seen_subcommand_from tickets' -l vendor -x -a '.*OMNIDESK/);
  });
});
