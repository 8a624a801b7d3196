/**
 * @module-tag full
 *
 * The modules that are loaded before the server is ready: what the first request does not need is loaded later
 * (docs/performance.md#start). Counts modules, since times depend on the machine.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What to look at if this fails: `npm ls <package>`, and who imports it. */
const MAX_MODULES = 930;

const OPTIONAL = [
  'got', // the first sign-in
  'tough-cookie', // the first cookie of a vendor
  'jose', // tokens
  'redis', // REDIS_URL
  'bullmq', // REDIS_URL, once there is a bulk job
  'rate-limiter-flexible', // REDIS_URL with a limit on callers' requests
  '@opentelemetry/sdk-trace', // traces
  '@opentelemetry/exporter-trace-otlp-http',
  '@graphql-yoga/render-graphiql', // the explorer's page
  '@apollo/usage-reporting-protobuf', // Apollo Studio
  '@fastify/ajv-compiler', // JSON schemas of routes, of which there are none
  '@fastify/fast-json-stringify-compiler',
];

test('what is not configured is not loaded at startup', async () => {
  const modules = await modulesAtStart(await settingsOfAllVendors());
  const packages = new Set(modules.map(packageOf));
  expect(packages).toContain('fastify');
  expect(OPTIONAL.filter((name) => packages.has(name))).toEqual([]);
  expect(modules.filter((path) => path.startsWith('sandbox/'))).toEqual(['sandbox/named-faults.ts']);
  expect(modules).toContain('datasources/upstream/transport/undici.ts');
  expect(modules).not.toContain('datasources/upstream/transport/got.ts');
  expect(modules).not.toContain('datasources/upstream/transport/node.ts');
  expect(modules.length).toBeLessThan(MAX_MODULES);
});

test('no module that is loaded at startup imports node:http, which would load the fetch of Node as well', async () => {
  const modules = await modulesAtStart(await settingsOfAllVendors());
  const ours = modules.filter((path) => packageOf(path) === undefined);
  expect(ours).toContain('server/http/http-server.ts');
  const importing = /^import (?!type )[^;]*from 'node:http';$/m;
  expect(importing.test(readFileSync(join(ROOT, 'datasources/upstream/transport/node.ts'), 'utf8'))).toBe(true);
  expect(ours.filter((path) => importing.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test('no package is loaded twice, neither in two versions nor in two builds', async () => {
  const modules = await modulesAtStart(await settingsOfAllVendors());
  const sizes = Object.entries(Object.groupBy(modules.filter(packageOf), copyOf));
  // One or two modules of a second build cost less than avoiding them.
  const copies = sizes.filter(([, paths = []]) => paths.length > 2).map(([copy]) => copy);
  expect(copies).toContain('node_modules/@apollo/server (cjs)');
  const packages = Object.groupBy(copies, (copy) => packageOf(copy.split(' ')[0]!)!);
  expect(Object.values(packages).filter((found = []) => found.length > 1)).toEqual([]);
});

test('what is configured is loaded at startup, so that its errors are found then', async () => {
  const modules = await modulesAtStart({
    ...(await settingsOfAllVendors()),
    AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'ticketgraph',
    REDIS_URL: 'redis://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  const packages = new Set(modules.map(packageOf));
  const configured = [
    'jose',
    'redis',
    'rate-limiter-flexible',
    '@opentelemetry/sdk-trace',
    '@opentelemetry/exporter-trace-otlp-http',
  ];
  expect(configured.filter((name) => !packages.has(name))).toEqual([]);
});

test('V8 optimizes functions once the server is ready', async () => {
  const { child, output } = await start(['--trace-opt', 'main.ts'], await settingsOfAllVendors());
  const live = new URL('/health/live', /http:\S+/.exec(output())![0]);
  // V8 writes its lines in blocks of several kilobytes.
  while (!output().includes('[completed ')) await (await fetch(live)).text();
  child.kill('SIGKILL');
});

async function settingsOfAllVendors(): Promise<Record<string, string>> {
  const { settings, close } = await startSandbox(vendors.map(({ key }) => key));
  onTestFinished(close);
  return settings;
}

/** Paths from the repository's root. */
async function modulesAtStart(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const command = ['--import', './test/support/list-modules.ts', 'main.ts'];
  const { child, folder } = await start(command, environment);
  child.kill('SIGKILL');
  const root = pathToFileURL(`${ROOT}/`).href;
  const urls = readFileSync(join(folder, 'modules'), 'utf8').split('\n');
  return urls.filter((url) => url.startsWith(root)).map((url) => url.slice(root.length));
}

interface Started {
  readonly child: ChildProcess;
  /** Holds its store, and the list of modules. */
  readonly folder: string;
  output(): string;
}

/** Resolves once the server is ready. */
async function start(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-modules-'));
  const files = { STORE_PATH: join(folder, 'store'), MODULES_FILE: join(folder, 'modules') };
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', ...files, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready at')) resolve();
    });
    void ended.then(() => reject(new Error(output)));
  });
  return { child, folder, output: () => output };
}

/** A package's folder and, if its files say so, the build. */
function copyOf(path: string): string {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)!;
  const build = /\/(esm|cjs)\//.exec(path)?.[1];
  return build === undefined ? folder : `${folder} (${build})`;
}

/** `undefined` for a module of ours. */
function packageOf(path: string): string | undefined {
  return /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
