/** Reads a V8 CPU profile: self time of functions, and time of packages including Node's internals called by them. */
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
 * Returns the hottest packages and functions, one per line.
 *
 * @param fromMicros time of the monotonic clock. Earlier samples, such as the start-up, are ignored.
 */
export function readProfiles(folder: string, fromMicros: number): string[] {
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const packageOf = createPackageLookup(profile);
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

/** Returns the package of the nearest caller outside Node, so that Node's internals count for their caller. */
function createPackageLookup({ nodes }: CpuProfile): (id: number) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  return (id) => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { url } = byId.get(at)!.callFrame;
      if (url !== '' && !url.startsWith('node:') && !url.startsWith('wasm:')) return packageOf(url);
    }
    const { functionName } = byId.get(id)!.callFrame;
    return functionName.startsWith('(') ? functionName : 'Node.js, no caller';
  };
}

/** Returns the name of an installed package, or the project's folder. */
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

function toLines(sums: ReadonlyMap<string, number>, maximum: number): string[] {
  const total = [...sums.values()].reduce((sum, micros) => sum + micros, 0);
  return [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, maximum)
    .map(([name, micros]) => `${((micros / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
