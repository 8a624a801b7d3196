/** Reads a CPU profile as V8 writes it: the time of each function itself, and of each package with what Node does for it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const MAX_FUNCTIONS = 30;
const MAX_PACKAGES = 14;

/**
 * The hottest packages and functions, as lines.
 *
 * @param fromMicros of the monotonic clock: what was before, such as the start, is left out
 */
export function readProfiles(folder: string, fromMicros: number): string[] {
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const packageOf = createPackages(profile);
    let at = profile.startTime;
    profile.samples.forEach((id, index) => {
      const micros = profile.timeDeltas[index] ?? 0;
      at += micros;
      const node = nodes.get(id)!;
      if (at < fromMicros || node.callFrame.functionName === '(idle)') return;
      add(packages, packageOf(id), micros);
      add(functions, nameOf(node), micros);
    });
  }
  return [...toLines(packages, MAX_PACKAGES), '', ...toLines(functions, MAX_FUNCTIONS)];
}

/** The package of the nearest caller that is in one: Node's own work counts for who asked for it. */
function createPackages({ nodes }: CpuProfile): (id: number) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  return (id) => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { url } = byId.get(at)!.callFrame;
      if (url !== '' && !url.startsWith('node:') && !url.startsWith('wasm:')) return packageOf(url);
    }
    const { functionName } = byId.get(id)!.callFrame;
    return functionName.startsWith('(') ? functionName : 'Node.js, for nobody in particular';
  };
}

/** What is installed by its package, the rest by its place here. */
function packageOf(url: string): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return installed ?? `ticketgraph ${/(?:datasources|server|resolvers|schema)(?=\/)|[^/]+$/.exec(url)![0]}`;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.includes('/node_modules/')
    ? url.replace(/.*\/node_modules\//, '')
    : url.split('/').slice(-3).join('/');
  return `${functionName || '(anonymous)'}${url === '' ? '' : ` ${file}:${lineNumber + 1}`}`;
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros);
}

function toLines(sums: ReadonlyMap<string, number>, most: number): string[] {
  const total = [...sums.values()].reduce((sum, micros) => sum + micros, 0);
  return [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, most)
    .map(([name, micros]) => `${((micros / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
