/** What goes into production, as far as it can be checked without a container engine. */
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  optionalDependencies: { node: string };
  scripts: Record<string, string>;
};

/** What the image holds besides its dependencies: the sources of each COPY of the last stage. */
function copied(): string[] {
  const [, stage = ''] = read('Dockerfile')
    .split(/^FROM .*$/m)
    .slice(1);
  return [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '));
}

function filesOf(sources: readonly string[]): string[] {
  return sources.flatMap((source) =>
    statSync(join(ROOT, source)).isDirectory()
      ? readdirSync(join(ROOT, source), { recursive: true, encoding: 'utf8' }).map((file) => join(source, file))
      : [source],
  );
}

/** The files of ours that these import at run time, directly or through others, whether at the start or later. */
function modulesFrom(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!/\.[jt]s$/.test(file)) continue;
    const folder = dirname(file);
    for (const [, target] of read(file).matchAll(IMPORT)) waiting.push(join(folder, target!));
  }
  return found;
}

/** Relative paths of `import … from`, `export … from`, `import(…)` and `new URL(…, import.meta.url)`; no types. */
const IMPORT =
  /(?:^(?:import|export) (?!type)[^'"]*?from |^import |^} from |import\(|new URL\()['"](\.[^'"]+\.(?:[jt]s|json))['"]/gm;

/** All files and folders below a folder. Does not follow links, as `readdirSync` does with `recursive`. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...listFiles(path)] : [path];
    });
}

/** A user without rights, if this one may run processes as another, who can then read what is needed. */
function findOtherUser(): { uid: number; gid: number } | undefined {
  const isReadable = (path: string): boolean =>
    (statSync(path).mode & 0o005) === 0o005 && (path === dirname(path) || isReadable(dirname(path)));
  const isPossible = process.getuid?.() === 0 && isReadable(ROOT) && isReadable(process.execPath);
  return isPossible ? { uid: 65_534, gid: 65_534 } : undefined;
}

function makeReadOnly(folder: string): void {
  for (const path of [folder, ...listFiles(folder)]) chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444);
}

/** So that it can be removed. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const path of listFiles(folder)) if (statSync(path).isDirectory()) chmodSync(path, 0o755);
}

describe('the image', () => {
  test('the image contains everything the process loads, starts, and shuts down gracefully', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-image-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const source of copied()) cpSync(join(ROOT, source), join(folder, source), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const child = spawn(process.execPath, ['main.ts'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        SANDBOX: '1',
        PORT: '0',
        STORE_PATH: join(folder, 'data', 'store'),
      },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('ready at')) resolve();
      });
      child.once('close', () => reject(new Error(output)));
    });
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  test(
    'the image runs on a read-only root as another user, and writes below /data only',
    { tags: ['full'] },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-image-'));
      onTestFinished(() => {
        makeWritable(folder);
        rmSync(folder, { recursive: true, force: true });
      });
      const root = join(folder, 'app');
      const data = join(folder, 'data');
      for (const source of copied()) cpSync(join(ROOT, source), join(root, source), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
      mkdirSync(data);
      const before = listFiles(root).toSorted();
      const user = findOtherUser();
      if (user) chownSync(data, user.uid, user.gid);
      chmodSync(folder, 0o755);
      makeReadOnly(root);
      const child = spawn(process.execPath, ['main.ts'], {
        cwd: root,
        ...user,
        env: { NODE_ENV: 'production', SANDBOX: '1', PORT: '0', METRICS_PORT: '0', STORE_PATH: join(data, 'store') },
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let output = '';
      const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
      const url = await new Promise<string>((resolve, reject) => {
        const look = (chunk: Buffer): void => {
          output += chunk.toString();
          const address = /ready at (\S+)/.exec(output)?.[1];
          if (address !== undefined) resolve(address);
        };
        child.stderr.on('data', look);
        child.stdout.on('data', look);
        child.once('error', reject);
        child.once('close', () => reject(new Error(output)));
      });
      const query = `mutation { setStatus(input: {
        ticketIds: ["omnidesk:858462"], status: SOLVED, idempotencyKey: "one" }) { outcome } }`;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      expect(await answer.json()).toEqual({ data: { setStatus: { outcome: 'APPLIED' } } });
      child.kill('SIGTERM');
      expect(await exited, output).toBe(0);
      expect(listFiles(root).toSorted()).toEqual(before);
      expect(listFiles(data).some((file) => file.startsWith(join(data, 'store')))).toBe(true);
    },
  );

  test('the image contains every module that the server and the command line import', () => {
    const held = new Set(filesOf(copied()));
    const loaded = modulesFrom(['main.ts', 'cli/ticketgraph.js']);
    expect(loaded.size).toBeGreaterThan(100);
    expect(loaded).toContain('cli/commands/doctor.ts');
    expect([...loaded].filter((file) => !held.has(file))).toEqual([]);
  });

  test('the image runs the command line', { tags: ['full'] }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-image-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const source of copied()) cpSync(join(ROOT, source), join(folder, source), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const run = (...words: string[]): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, ['cli/ticketgraph.js', ...words], {
        cwd: folder,
        env: { PATH: process.env['PATH'], NODE_ENV: 'production', STORE_PATH: join(folder, 'store') },
      });
    expect((await run('--help')).stdout).toContain('doctor');
    expect((await run('schema', '--client')).stdout).toContain('type Query {');
    const absent = ['doctor', '--url', 'http://127.0.0.1:1/graphql'];
    await expect(run(...absent)).rejects.toMatchObject({
      code: 4,
      stderr: expect.stringContaining('is unreachable'),
    });
  });

  test('the image needs only production dependencies at run time', () => {
    const packages = filesOf(copied())
      .filter((file) => file.endsWith('.ts') && !file.includes('__generated__'))
      .flatMap((file) => [...read(file).matchAll(/(?:^import (?!type)[^'"]*|^} from |import\()['"]([^'"]+)['"]/gm)])
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(packages).toContain('fastify');
    expect([...new Set(packages)].filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });

  test('the image is valid, and follows the rules of hadolint that apply to it', () => {
    const file = read('Dockerfile');
    expect(validate(file)).toEqual([]);
    expect(validate(file.replace('WORKDIR /app', 'WORKDIRS /app'))).not.toEqual([]);
    const instructions = DockerfileParser.parse(file).getInstructions();
    const of = (keyword: string): string[] =>
      instructions
        .filter((instruction) => instruction.getKeyword() === keyword)
        .map((instruction) => instruction.getArgumentsContent() ?? '');
    // DL3006 and DL3007: versions, and of the very Node that the tests run.
    const { node } = manifest.optionalDependencies;
    expect(of('FROM')).toEqual([`node:${node}-slim AS dependencies`, `node:${node}-slim`]);
    expect(process.versions.node).toBe(node);
    // DL3000, DL3002, DL3020, DL3025, DL3045, DL3057.
    expect(of('WORKDIR').filter((path) => !path.startsWith('/'))).toEqual([]);
    expect(of('USER')).toEqual(['node']);
    expect(of('ADD')).toEqual([]);
    expect(of('CMD').map((command) => JSON.parse(command) as unknown)).toEqual([['node', 'main.ts']]);
    expect(of('HEALTHCHECK')).toHaveLength(1);
    expect(of('HEALTHCHECK').join()).not.toMatch(/curl|wget/);
  });

  test('the health check of the image succeeds while the server is ready, on either port', async () => {
    const [, json = ''] = /^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? [];
    const [program = '', ...words] = JSON.parse(json) as string[];
    expect(program).toBe('node');
    let status = 200;
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/health/ready' ? status : 404;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const PORT = String((server.address() as AddressInfo).port);
    const check = (env: Record<string, string>): Promise<number> =>
      promisify(execFile)(process.execPath, words, { env }).then(
        () => 0,
        (error: unknown) => (error as { code: number }).code,
      );
    expect(await check({ PORT })).toBe(0);
    expect(await check({ PORT: '1', METRICS_PORT: PORT })).toBe(0);
    status = 503;
    expect(await check({ PORT })).toBe(1);
    await new Promise((resolve) => server.close(resolve));
    expect(await check({ PORT })).toBe(1);
  });

  test('the image runs as non-root and receives signals directly', () => {
    const file = read('Dockerfile');
    expect(file).toMatch(/^USER node$/m);
    expect(file).toMatch(/^CMD \["node", "main.ts"\]$/m);
    expect(file).toContain('npm ci --omit=dev --omit=optional');
  });

  test('the build context contains only what the image copies', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(allowed.toSorted()).toEqual([...new Set([...copied(), 'package-lock.json'])].toSorted());
  });
});

test('compose runs two replicas with shared keys, published only on loopback', () => {
  const [document] = parseAllDocuments(read('compose.yaml'));
  const { services } = document?.toJS() as { services: Record<string, Record<string, unknown>> };
  expect(services['ticketgraph']).toMatchObject({
    deploy: { replicas: 2 },
    environment: { REDIS_URL: 'redis://redis:6379' },
  });
  expect(services['ticketgraph']?.['ports']).toEqual(['127.0.0.1:4000-4001:4000']);
  expect(JSON.stringify(services['redis']?.['command'])).toContain('noeviction');
});
