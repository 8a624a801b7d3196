/** The manifests in deploy/kubernetes, as far as they can be checked without a cluster. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { vendors } from '../datasources/vendors.ts';
import { readEnvironment, type Settings } from '../server/config/server-settings.ts';
import { warnMetricsAccess, warnUnknownSettings, warnUnsharedStore } from '../server/config/warnings.ts';
import { createCompiler, readProject } from './support/compiler.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'deploy', 'kubernetes');

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // The shape is that of the kind; tests pick from it or compare it whole.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

interface Kustomization {
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly { readonly path: string }[];
  readonly images?: readonly { readonly name: string; readonly newTag?: string; readonly digest?: string }[];
}

function readDocuments(text: string, name: string): unknown[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    expect(document.errors, name).toEqual([]);
    return document.toJS() as unknown;
  });
}

const readFile = (file: string): unknown[] => readDocuments(readFileSync(join(FOLDER, file), 'utf8'), file);

function readKustomization(folder: string): Kustomization {
  return readFile(`${folder}/kustomization.yaml`)[0] as Kustomization;
}

/** The resources that a folder's own files define. */
function resourcesOf(folder: string): Resource[] {
  const { resources = [] } = readKustomization(folder);
  return resources
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => readFile(`${folder}/${file}`) as Resource[]);
}

const FOLDERS = readdirSync(FOLDER);
const BASE = resourcesOf('base');
const ALL = FOLDERS.flatMap(resourcesOf);
const nameOf = ({ kind, metadata }: Resource): string => `${kind} ${metadata.name}`;

function find(kind: string, name = 'ticketgraph'): Resource {
  const found = ALL.find((resource) => resource.kind === kind && resource.metadata.name === name);
  if (!found) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}

const POD = find('Deployment')['spec'].template;
const [CONTAINER] = POD.spec.containers;
const REDIS = find('StatefulSet', 'ticketgraph-redis')['spec'];

// ---------------------------------------------------------------- schemas

type Model = new (data: object) => { validate(): void };

/** The types and schemas of each API that the manifests use. */
const APIS: Readonly<Record<string, () => Promise<object>>> = {
  v1: () => import('kubernetes-models/v1'),
  'apps/v1': () => import('kubernetes-models/apps/v1'),
  'autoscaling/v2': () => import('kubernetes-models/autoscaling/v2'),
  'networking.k8s.io/v1': () => import('kubernetes-models/networking.k8s.io/v1'),
  'policy/v1': () => import('kubernetes-models/policy/v1'),
  'monitoring.coreos.com/v1': () => import('@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'),
};

/** Returns what is invalid by the schema of the resource's kind, or `undefined`. */
async function findInvalid(resource: Resource): Promise<string | undefined> {
  const models = (await APIS[resource.apiVersion]!()) as Readonly<Record<string, Model>>;
  const model = new models[resource.kind]!(resource);
  try {
    model.validate();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Of the package with the types of an API. */
function moduleOf({ apiVersion }: Resource): string {
  const isOperator = apiVersion.startsWith('monitoring.coreos.com/');
  return `${isOperator ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`;
}

/** Compiles each resource as a literal of its type, which may have no member that the type lacks. */
function compileStrictly(resources: readonly Resource[]): string {
  const file = join(ROOT, 'test', 'manifests.generated.ts');
  const text = resources.map((resource, index) => {
    const type = `import('${moduleOf(resource)}').I${resource.kind}`;
    return `export const resource${index}: ${type} = ${JSON.stringify(resource)};`;
  });
  const { options } = readProject(ROOT);
  return createCompiler(ROOT, [file], { ...options, noEmit: true, skipLibCheck: true }).compile({
    [file]: text.join('\n'),
  });
}

describe('schemas', () => {
  test.each(ALL.map((resource) => [nameOf(resource), resource] as const))(
    'the %s is valid by the schema of its API version',
    async (_, resource) => {
      expect(await findInvalid(resource)).toBeUndefined();
    },
  );

  test('an invalid resource is found', async () => {
    const invalid = structuredClone(find('Deployment'));
    invalid['spec'].template.spec.containers[0].ports[0].containerPort = 'http';
    expect(await findInvalid(invalid)).toContain('containerPort');
  });

  test('no resource has a field that its API does not have', { tags: ['full'] }, () => {
    expect(compileStrictly(ALL)).toBe('');
    const misspelt = structuredClone(find('NetworkPolicy'));
    misspelt['spec'].podSelectors = misspelt['spec'].podSelector;
    expect(compileStrictly([misspelt])).toContain('podSelectors');
  });
});

// ---------------------------------------------------------------- kustomize

const whyNoKubectl =
  spawnSync('kubectl', ['kustomize', '--help']).status === 0 ? undefined : 'kubectl is not installed here';

describe('kustomize', () => {
  test.each(FOLDERS)('the kustomization of %s names exactly the files of its folder', (folder) => {
    const { resources = [], components = [], patches = [] } = readKustomization(folder);
    const named = [...resources, ...components, ...patches.map(({ path }) => path)];
    const files = named.filter((one) => one.endsWith('.yaml'));
    const present = readdirSync(join(FOLDER, folder)).filter((file) => file !== 'kustomization.yaml');
    expect(files.toSorted()).toEqual(present.toSorted());
    const others = named.filter((one) => !one.endsWith('.yaml')).map((path) => basename(join(folder, path)));
    expect(others.filter((other) => !FOLDERS.includes(other))).toEqual([]);
  });

  test('the base has all that a cluster needs without operators, and monitoring what needs one', () => {
    expect(BASE.map(nameOf).toSorted()).toEqual([
      'ConfigMap ticketgraph',
      'Deployment ticketgraph',
      'HorizontalPodAutoscaler ticketgraph',
      'NetworkPolicy ticketgraph',
      'NetworkPolicy ticketgraph-redis',
      'PodDisruptionBudget ticketgraph',
      'Service ticketgraph',
      'Service ticketgraph-redis',
      'StatefulSet ticketgraph-redis',
    ]);
    expect(resourcesOf('monitoring').map(nameOf)).toEqual(['PodMonitor ticketgraph']);
    expect(readKustomization('monitoring').kind).toBe('Component');
  });

  test('the example patches resources and images of the base', () => {
    const { patches = [], images = [] } = readKustomization('example');
    expect(patches).not.toEqual([]);
    const patched = patches.flatMap(({ path }) => readFile(`example/${path}`) as Resource[]).map(nameOf);
    expect(patched.filter((name) => !BASE.map(nameOf).includes(name))).toEqual([]);
    const [image] = images;
    expect(CONTAINER.image.split(':')[0]).toBe(image?.name);
    expect(image?.newTag ?? image?.digest).toBeDefined();
  });

  test.skipIf(whyNoKubectl)(
    `kubectl builds the example, and what it builds is valid${whyNoKubectl ? ` (skipped: ${whyNoKubectl})` : ''}`,
    { tags: ['full'] },
    async () => {
      const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', 'example'], {
        cwd: FOLDER,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const built = readDocuments(stdout, 'built') as Resource[];
      expect(built.map(nameOf).toSorted()).toEqual(ALL.map(nameOf).toSorted());
      for (const resource of built) {
        expect(await findInvalid(resource), nameOf(resource)).toBeUndefined();
        if (resource.kind !== 'Namespace') expect(resource.metadata).toMatchObject({ namespace: 'ticketgraph' });
      }
    },
  );
});

// ---------------------------------------------------------------- what refers to what

/** Whether a selector selects pods with these labels. */
function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

describe('references', () => {
  const portNames: string[] = CONTAINER.ports.map(({ name }: { name: string }) => name);
  const APP = { 'app.kubernetes.io/name': 'ticketgraph' };

  test('selectors select the pods of ticketgraph', () => {
    const selectors = [
      find('Deployment')['spec'].selector.matchLabels,
      find('Service')['spec'].selector,
      find('PodDisruptionBudget')['spec'].selector.matchLabels,
      find('NetworkPolicy')['spec'].podSelector.matchLabels,
      find('PodMonitor')['spec'].selector.matchLabels,
      ...POD.spec.topologySpreadConstraints.map((one: Resource) => one['labelSelector'].matchLabels),
    ];
    expect(selectors).toHaveLength(7);
    expect(selectors.filter((selector) => !selects(selector, POD.metadata.labels))).toEqual([]);
    expect(find('HorizontalPodAutoscaler')['spec'].scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'ticketgraph',
    });
  });

  test('ports that are named exist, and are those that the settings open', () => {
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => CONTAINER[name].httpGet.port);
    const { ingress } = find('NetworkPolicy')['spec'];
    const named = [
      ...probes,
      find('Service')['spec'].ports[0].targetPort,
      ...ingress.flatMap((rule: Resource) => rule['ports'].map(({ port }: { port: string }) => port)),
      find('PodMonitor')['spec'].podMetricsEndpoints[0].port,
    ];
    expect(named.filter((port) => !portNames.includes(port))).toEqual([]);
    const { server } = readSettings();
    expect(CONTAINER.ports).toEqual([
      { name: 'http', containerPort: server.PORT },
      { name: 'metrics', containerPort: server.metricsAccess.port },
    ]);
    // Neither the Service nor the ingress reaches metrics.
    expect(JSON.stringify(find('Service'))).not.toContain('metrics');
    expect(ingress.map((rule: Resource) => rule['ports'])).toEqual([
      [{ protocol: 'TCP', port: 'http' }],
      [{ protocol: 'TCP', port: 'metrics' }],
    ]);
  });

  test('each secret is a file below the mounted Secret, and Prometheus sends the same token', () => {
    const [patch] = readFile('example/configuration.yaml') as Resource[];
    const data: Record<string, string> = { ...find('ConfigMap')['data'], ...patch!['data'] };
    const mount = CONTAINER.volumeMounts.find(({ name }: { name: string }) => name === 'secrets');
    const files = Object.entries(data).filter(([name]) => name.endsWith('_FILE'));
    expect(files.map(([name]) => name)).toEqual(['METRICS_TOKEN_FILE', 'OMNIDESK_API_KEY_FILE']);
    expect(files.filter(([, path]) => !path.startsWith(`${mount.mountPath}/`))).toEqual([]);
    const volumes = POD.spec.volumes as Resource[];
    expect(volumes.find(({ name }) => name === 'secrets')?.['secret'].secretName).toBe('ticketgraph');
    const { credentials } = find('PodMonitor')['spec'].podMetricsEndpoints[0].authorization;
    expect(credentials).toEqual({ name: 'ticketgraph', key: basename(data['METRICS_TOKEN_FILE']!) });
    const mounted = CONTAINER.volumeMounts.map(({ name }: { name: string }) => name);
    expect(mounted.toSorted()).toEqual(volumes.map(({ name }) => name).toSorted());
    expect(CONTAINER.envFrom[0]).toEqual({ configMapRef: { name: 'ticketgraph' } });
  });

  test('ticketgraph reaches Redis, DNS and port 443, and nothing else', () => {
    const { policyTypes, egress } = find('NetworkPolicy')['spec'];
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    const ports = egress.map((rule: Resource) => rule['ports'].map(({ port }: { port: number }) => port));
    expect(ports).toEqual([[53, 53], [6379], [443]]);
    const blocks = egress[2].to.map(({ ipBlock }: { ipBlock: { cidr: string; except: string[] } }) => ipBlock);
    expect(blocks.map(({ cidr }: { cidr: string }) => cidr)).toEqual(['0.0.0.0/0', '::/0']);
    // The metadata service.
    expect(blocks[0].except).toContain('169.254.0.0/16');
    expect(selects(egress[1].to[0].podSelector.matchLabels, REDIS.template.metadata.labels)).toBe(true);
    const redis = find('NetworkPolicy', 'ticketgraph-redis')['spec'];
    expect(redis.ingress[0].from).toEqual([{ podSelector: { matchLabels: APP } }]);
    expect(redis).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [] });
  });
});

// ---------------------------------------------------------------- settings

/** Reads the settings as the pod has them: the image's variables, the ConfigMap with the example's, and files of secrets. */
function readSettings(): Settings {
  return readEnvironment(podEnvironment(), vendors);
}

function podEnvironment(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [patch] = readFile('example/configuration.yaml') as Resource[];
  const data = { ...find('ConfigMap')['data'], ...patch!['data'] } as Record<string, string>;
  const entries = Object.entries(data).map(([name, value]): [string, string] => {
    if (!name.endsWith('_FILE')) return [name, value];
    const path = join(folder, basename(value));
    writeFileSync(path, 'a-token-of-more-than-16-characters\n');
    return [name, path];
  });
  const [, image = ''] = /^ENV (.*)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
  const ofImage = image.split(' ').map((one) => one.split('=') as [string, string]);
  return Object.fromEntries([...ofImage, ...entries]);
}

describe('settings', () => {
  test('the settings start the server, without a warning', () => {
    const environment = podEnvironment();
    const { server, configured } = readEnvironment(environment, vendors);
    expect(configured).toHaveLength(1);
    expect(server.NODE_ENV).toBe('production');
    const warnings = [
      ...warnUnsharedStore({ ...environment, KUBERNETES_SERVICE_HOST: '10.0.0.1' }),
      ...warnMetricsAccess(server.metricsAccess, environment),
      ...vendors.flatMap((vendor) => warnUnknownSettings(vendor, environment)),
    ];
    expect(warnings).toEqual([]);
  });

  test('the replicas share keys in a Redis that keeps all of them', () => {
    const url = new URL(readSettings().server.REDIS_URL!);
    const service = find('Service', url.hostname)['spec'];
    expect(service.ports.map(({ port }: { port: number }) => String(port))).toEqual([url.port]);
    expect(selects(service.selector, REDIS.template.metadata.labels)).toBe(true);
    expect(REDIS.volumeClaimTemplates).toHaveLength(1);
    const [redis] = REDIS.template.spec.containers;
    const command: string[] = redis.args;
    const optionOf = (name: string) => command[command.indexOf(`--${name}`) + 1];
    expect(optionOf('appendonly')).toBe('yes');
    expect(optionOf('appendfsync')).toBe('always');
    expect(optionOf('maxmemory-policy')).toBe('noeviction');
    // A rewrite of the file may need as much again.
    const megabytes = (text: string): number => Number(/^(\d+)M(?:i|b)$/i.exec(text)?.[1]);
    expect(megabytes(optionOf('maxmemory')!) * 2).toBeLessThanOrEqual(megabytes(redis.resources.limits.memory));
  });

  test('a pod has longer to shut down than the server takes', () => {
    const { SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = readSettings().server;
    expect(POD.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(delayMs + graceMs);
    expect(delayMs).toBeGreaterThan(CONTAINER.readinessProbe.periodSeconds * 1000);
  });

  test('probes ask whether the server is ready, and only restart it if it does not answer', () => {
    expect(CONTAINER.readinessProbe.httpGet.path).toBe('/health/ready');
    expect(CONTAINER.livenessProbe.httpGet.path).toBe('/health/live');
    expect(CONTAINER.startupProbe.httpGet.path).toBe('/health/live');
  });
});

// ---------------------------------------------------------------- security

describe('security', () => {
  const PODS = [
    ['ticketgraph', POD.spec],
    ['ticketgraph-redis', REDIS.template.spec],
  ] as const;

  test('the namespace of the example enforces the restricted standard', () => {
    expect(find('Namespace').metadata).toMatchObject({
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
  });

  // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a read-only root besides.
  test.each(PODS)('the pods of %s meet the restricted standard, with a read-only root', (_, pod) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(pod.automountServiceAccountToken).toBe(false);
    const allowed = ['secret', 'emptyDir', 'configMap', 'persistentVolumeClaim'];
    const volumes = (pod.volumes ?? []) as Record<string, unknown>[];
    expect(volumes.flatMap(({ name, ...kind }) => Object.keys(kind)).filter((kind) => !allowed.includes(kind))).toEqual(
      [],
    );
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.requests).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
      expect(container.resources.limits).toMatchObject({ memory: expect.any(String) });
      expect(container.image).toMatch(/:\d+\.\d+\.\d+(-[a-z]+)?$|@sha256:[0-9a-f]{64}$/);
    }
  });

  test('the image has the version of this package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(CONTAINER.image).toBe(`ticketgraph:${version}`);
    expect(readKustomization('example').images?.[0]?.newTag).toBe(version);
  });

  test('replicas are spread over nodes and zones, and one stays while nodes are drained', () => {
    const keys = POD.spec.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey);
    expect(keys).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
    expect(find('PodDisruptionBudget')['spec'].minAvailable).toBe(1);
    expect(find('HorizontalPodAutoscaler')['spec'].minReplicas).toBeGreaterThanOrEqual(2);
  });
});
