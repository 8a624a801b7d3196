/** What goes into production, as far as it can be checked without a container engine. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { vendors } from '../datasources/vendors.ts';
import { readEnvironment } from '../server/config/server-settings.ts';
import { warnUnsharedStore } from '../server/config/warnings.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
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

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

function resources(): Resource[] {
  const folder = join(ROOT, 'deploy', 'kubernetes');
  return readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
      expect(document.errors, file).toEqual([]);
      return document.toJS() as Resource;
    }),
  );
}

describe('the Kubernetes manifests', () => {
  test('the manifests contain a deployment, service, disruption budget, autoscaler, configuration and Redis', () => {
    const kindsOf = (wanted: string): string[] =>
      resources()
        .filter(({ metadata }) => metadata.name === wanted)
        .map(({ kind }) => kind)
        .toSorted();
    expect(kindsOf('ticketgraph')).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
      'Service',
    ]);
    expect(kindsOf('ticketgraph-redis')).toEqual(['NetworkPolicy', 'Service', 'StatefulSet']);
    expect(resources()).toHaveLength(8);
  });

  test('the manifests share keys between replicas in a persistent Redis that evicts nothing', () => {
    const all = resources();
    const find = (kind: string, name: string): Record<string, unknown> => {
      const found = all.find((resource) => resource.kind === kind && resource.metadata.name === name);
      expect(found, `${kind} ${name}`).toBeDefined();
      return found as unknown as Record<string, unknown>;
    };
    const { data } = find('ConfigMap', 'ticketgraph') as { data: Record<string, string> };
    const url = new URL(data['REDIS_URL']!);
    const service = find('Service', url.hostname) as {
      spec: { ports: { port: number }[]; selector: Record<string, string> };
    };
    expect(service.spec.ports.map(({ port }) => String(port))).toEqual([url.port]);
    const { spec } = find('StatefulSet', 'ticketgraph-redis') as {
      spec: {
        selector: { matchLabels: Record<string, string> };
        template: { metadata: { labels: Record<string, string> }; spec: { containers: { args: string[] }[] } };
        volumeClaimTemplates: unknown[];
      };
    };
    expect(spec.selector.matchLabels).toEqual(service.spec.selector);
    expect(spec.template.metadata.labels).toMatchObject(service.spec.selector);
    const command = spec.template.spec.containers[0]!.args.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(spec.volumeClaimTemplates).toHaveLength(1);
    // The deployment reads it from there.
    expect(JSON.stringify(find('Deployment', 'ticketgraph'))).toContain('"configMapRef":{"name":"ticketgraph"}');
    expect(readEnvironment(data, vendors).server.REDIS_URL).toBe(url.href);
    expect(warnUnsharedStore({ ...data, KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toEqual([]);
  });

  test('the manifests run it unprivileged, with a read-only root, probes and a longer grace period than its own', () => {
    const deployment = resources().find(({ kind }) => kind === 'Deployment');
    const pod = (deployment?.spec as { template: { spec: Record<string, unknown> } }).template.spec;
    const [container] = pod['containers'] as Record<string, Record<string, unknown>>[];
    expect(pod['securityContext']).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container?.['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container?.['readinessProbe']).toMatchObject({ httpGet: { path: '/health/ready' } });
    expect(container?.['livenessProbe']).toMatchObject({ httpGet: { path: '/health/live' } });
    const configuration = resources().find(({ kind }) => kind === 'ConfigMap') as unknown as {
      data: Record<string, string>;
    };
    expect(Number(pod['terminationGracePeriodSeconds']) * 1000).toBeGreaterThan(
      Number(configuration.data['SHUTDOWN_DELAY_MS']) + Number(configuration.data['SHUTDOWN_GRACE_MS']),
    );
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
