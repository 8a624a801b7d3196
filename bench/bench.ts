/**
 * The benchmark: CPU cost of an operation, compared with a lower bound and with other GraphQL servers.
 *
 *   npm run bench                                    everything except memory: some minutes
 *   npm run bench -- --quick                        only the comparison, less precise: half a minute
 *   npm run bench -- --workload one --servers limit,ticketgraph --rounds 3
 *   npm run bench -- --part growth                  comparison, noise, growth, startup, memory
 *   npm run bench -- --setting LOG_LEVEL=silent     ticketgraph beside itself with another setting
 *   npm run bench -- --against ../other             ticketgraph beside that of another checkout
 *   npm run bench -- --long                         includes memory over 500,000 operations
 *   npm run bench -- --profile --workload page      CPU profile of ticketgraph
 *   npm run bench -- --write                        writes the results to docs/benchmarks.md
 */
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectSameResponses, startServers, type ServerGroup, type StartOptions } from './server-group.ts';
import { measureGrowth } from './growth.ts';
import { measureStartups, measureMemory } from './lifetime.ts';
import { compare, type Effort } from './measure.ts';
import { canPin, pinLoad } from './processes.ts';
import { readProfiles } from './profile.ts';
import { writePart, writePicture } from './report/page.ts';
import { drawComparison, drawCurves } from './report/picture.ts';
import { toComparison, toGrowth, toMemory, toNoise, toStartups } from './report/table.ts';
import { SERVER_NAMES, type ServerName } from './servers/index.ts';
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads.ts';

const QUICK: Effort = { rounds: 3, warmUp: 1 };
const FULL: Effort = { rounds: 21, warmUp: 20 };
const PROFILED: Effort = { rounds: 3, warmUp: 3 };
const GROWTH_ROUNDS = 7;
const LONG_OPERATIONS = 500_000;

const PARTS = ['comparison', 'noise', 'growth', 'startup', 'memory'] as const;

/** Each server twice. */
const NOISE_SERVERS: readonly ServerName[] = ['limit', 'limit-copy', 'ticketgraph', 'ticketgraph-copy'];

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: WORKLOAD_NAMES.join() },
    servers: { type: 'string', default: SERVER_NAMES.join() },
    part: { type: 'string' },
    rounds: { type: 'string' },
    setting: { type: 'string', multiple: true },
    against: { type: 'string' },
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  pinLoad();
  const workloads = choose('workload', values.workload, WORKLOAD_NAMES);
  if (values.profile) {
    for (const workload of workloads) await profile(workload);
    return;
  }
  if (values.setting || values.against !== undefined) {
    await withServers(
      ['limit', 'ticketgraph', 'ticketgraph-copy'],
      (group) => runComparison(group, workloads),
      readVariant(),
    );
    return;
  }
  const servers = choose('servers', values.servers, SERVER_NAMES);
  const parts = choose('part', values.part ?? defaultParts(), PARTS);
  publish('machine', describeMachine());
  const isWhole = workloads.length === WORKLOAD_NAMES.length && servers.length === SERVER_NAMES.length;
  if (values.write && !isWhole) throw new TypeError('--write needs all workloads and all servers.');
  if (parts.includes('comparison')) await withServers(servers, (group) => runComparison(group, workloads));
  if (parts.includes('noise')) await withServers(NOISE_SERVERS, (group) => runNoise(group, workloads));
  if (parts.includes('growth')) await withServers(['ticketgraph'], runGrowth);
  if (parts.includes('startup')) {
    await withServers([], async ({ upstream }) => {
      publish('startup', toStartups(await measureStartups(servers, upstream.url)));
    });
  }
  if (parts.includes('memory')) await withServers(['ticketgraph'], runMemory);
}

function defaultParts(): string {
  if (values.quick) return 'comparison';
  return PARTS.filter((part) => part !== 'memory' || values.long).join();
}

async function runComparison(group: ServerGroup, workloads: readonly WorkloadName[]): Promise<void> {
  const effort = values.quick ? QUICK : FULL;
  await expectSameResponses(group, workloads);
  const results = await compare(group, workloads, { ...effort, rounds: Number(values.rounds ?? effort.rounds) });
  publish('comparison', toComparison(results));
  if (values.write) writePicture('bench', drawComparison(results));
}

/** Two processes of the same server: what they differ by is noise. */
async function runNoise(group: ServerGroup, workloads: readonly WorkloadName[]): Promise<void> {
  const effort = values.quick ? QUICK : FULL;
  const results = await compare(group, workloads, { ...effort, rounds: Number(values.rounds ?? effort.rounds) });
  publish('noise', toNoise(results));
}

/** The copy of ticketgraph that `--setting` and `--against` describe. */
function readVariant(): StartOptions {
  const settings = (values.setting ?? []).map((text) => [text.split('=', 1)[0]!, text.slice(text.indexOf('=') + 1)]);
  return { copy: { environment: Object.fromEntries(settings) as Record<string, string>, root: values.against } };
}

async function runGrowth({ servers }: ServerGroup): Promise<void> {
  const growth = await measureGrowth(servers[0]!, Number(values.rounds ?? GROWTH_ROUNDS));
  publish('growth', `![Cost of a ticket](images/growth.svg)\n\n${toGrowth(growth)}`);
  const panels = [
    { title: 'CPU µs per ticket, by tickets in one operation', curves: growth.byTickets, isLogarithmic: true },
    { title: 'CPU µs per ticket, by vendors', curves: growth.byVendors },
  ];
  if (values.write) writePicture('growth', drawCurves(panels));
}

async function runMemory({ servers }: ServerGroup): Promise<void> {
  const points = await measureMemory(servers[0]!, LONG_OPERATIONS);
  publish('memory', `![Resident memory](images/memory.svg)\n\n${toMemory(points)}`);
  const curves = [{ title: 'one ticket', points }];
  if (values.write) writePicture('memory', drawCurves([{ title: 'Resident memory in MB, by operations', curves }]));
}

/** Prints a part of the results, and writes it to the docs with `--write`. */
function publish(part: string, markdown: string): void {
  console.log(`${markdown}\n`);
  if (values.write) writePart(part, markdown);
}

function describeMachine(): string {
  const pinned = canPin ? 'server pinned to one core, load and upstream to another' : 'not pinned';
  return `Node.js ${process.version}, ${process.platform}, ${cpus().length} cores of ${cpus()[0]?.model}; ${pinned}.`;
}

async function withServers(
  servers: readonly ServerName[],
  work: (group: ServerGroup) => Promise<void>,
  options: StartOptions = {},
): Promise<void> {
  const group = await startServers(servers, options);
  try {
    await work(group);
  } finally {
    await group.stop();
  }
}

/** Profiles a workload after warm-up. */
async function profile(workload: WorkloadName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-profile-'));
  let fromMicros = 0;
  const work = async (group: ServerGroup): Promise<void> => {
    await compare(group, [workload], { rounds: 1, warmUp: PROFILED.warmUp });
    fromMicros = Number(process.hrtime.bigint() / 1000n);
    await compare(group, [workload], { ...PROFILED, warmUp: 0 });
  };
  await withServers(['ticketgraph'], work, { nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
  console.log(`${WORKLOADS[workload].title}: profile in ${folder}\n\n${readProfiles(folder, fromMicros).join('\n')}\n`);
}

/** @throws TypeError if a name is unknown. */
function choose<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new TypeError(`Invalid --${option} ${name}. Expected some of ${known.join()}.`);
    return found;
  });
}

// Exits normally on signals, so that the exit handler stops the child processes.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
await main();
