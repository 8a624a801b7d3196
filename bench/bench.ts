/**
 * The benchmark: what an operation costs here, beside the limit and beside others who do the same.
 *
 *   npm run bench                                    all there is but for the memory: some minutes
 *   npm run bench -- --quick                         the comparison alone within half a minute, more roughly
 *   npm run bench -- --workload one --servers limit,ticketgraph --rounds 3
 *   npm run bench -- --part growth                   comparison, growth, beginnings, memory
 *   npm run bench -- --long                          memory over 500,000 operations as well
 *   npm run bench -- --profile --workload page       where the time of ticketgraph goes
 *   npm run bench -- --write                         puts the results into docs/benchmarks.md
 */
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectSameAnswers, startField, type Field } from './field.ts';
import { measureGrowth } from './growth.ts';
import { measureBeginnings, measureMemory } from './lifetime.ts';
import { compare, type Effort } from './measure.ts';
import { canPin, pinLoad } from './processes.ts';
import { readProfiles } from './profile.ts';
import { writePart, writePicture } from './report/page.ts';
import { drawComparison, drawCurves } from './report/picture.ts';
import { toBeginnings, toComparison, toGrowth, toMemory } from './report/table.ts';
import { SERVER_NAMES, type ServerName } from './servers/index.ts';
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads.ts';

const QUICK: Effort = { rounds: 5, warmUp: 2 };
const FULL: Effort = { rounds: 21, warmUp: 30 };
const PROFILED: Effort = { rounds: 10, warmUp: 5 };
const GROWTH_ROUNDS = 7;
const LONG_OPERATIONS = 500_000;

const PARTS = ['comparison', 'growth', 'beginnings', 'memory'] as const;

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: WORKLOAD_NAMES.join() },
    servers: { type: 'string', default: SERVER_NAMES.join() },
    part: { type: 'string' },
    rounds: { type: 'string' },
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
  const servers = choose('servers', values.servers, SERVER_NAMES);
  const parts = choose('part', values.part ?? usualParts(), PARTS);
  publish('machine', describeMachine());
  const isWhole = workloads.length === WORKLOAD_NAMES.length && servers.length === SERVER_NAMES.length;
  if (values.write && !isWhole) throw new TypeError('--write takes all workloads and all servers.');
  if (parts.includes('comparison')) await withField(servers, (field) => runComparison(field, workloads));
  if (parts.includes('growth')) await withField(['ticketgraph'], runGrowth);
  if (parts.includes('beginnings')) {
    await withField([], async ({ upstream }) => {
      publish('beginnings', toBeginnings(await measureBeginnings(servers, upstream.url)));
    });
  }
  if (parts.includes('memory')) await withField(['ticketgraph'], runMemory);
}

function usualParts(): string {
  if (values.quick) return 'comparison';
  return PARTS.filter((part) => part !== 'memory' || values.long).join();
}

async function runComparison(field: Field, workloads: readonly WorkloadName[]): Promise<void> {
  const effort = values.quick ? QUICK : FULL;
  await expectSameAnswers(field, workloads);
  const results = await compare(field, workloads, { ...effort, rounds: Number(values.rounds ?? effort.rounds) });
  publish('comparison', toComparison(results));
  if (values.write) writePicture('bench', drawComparison(results));
}

async function runGrowth({ entrants }: Field): Promise<void> {
  const growth = await measureGrowth(entrants[0]!, Number(values.rounds ?? GROWTH_ROUNDS));
  publish('growth', `![Cost of a ticket](images/growth.svg)\n\n${toGrowth(growth)}`);
  const panels = [
    { title: 'CPU µs per ticket, by tickets in one operation', curves: growth.byTickets, isLogarithmic: true },
    { title: 'CPU µs per ticket, by vendors', curves: growth.byVendors },
  ];
  if (values.write) writePicture('growth', drawCurves(panels));
}

async function runMemory({ entrants }: Field): Promise<void> {
  const points = await measureMemory(entrants[0]!, LONG_OPERATIONS);
  publish('memory', `![Resident memory](images/memory.svg)\n\n${toMemory(points)}`);
  const curves = [{ title: 'one ticket', points }];
  if (values.write) writePicture('memory', drawCurves([{ title: 'Resident memory in MB, by operations', curves }]));
}

/** Prints a part of the results, and writes it where that is wanted. */
function publish(part: string, markdown: string): void {
  console.log(`${markdown}\n`);
  if (values.write) writePart(part, markdown);
}

function describeMachine(): string {
  const pinned = canPin ? 'the server alone on one, load and upstream on another' : 'not held to any';
  return `Node.js ${process.version}, ${process.platform}, ${cpus().length} cores of ${cpus()[0]?.model}; ${pinned}.`;
}

async function withField(
  servers: readonly ServerName[],
  work: (field: Field) => Promise<void>,
  nodeArguments: readonly string[] = [],
): Promise<void> {
  const field = await startField(servers, nodeArguments);
  try {
    await work(field);
  } finally {
    await field.stop();
  }
}

/** Of the workload alone, after it has become hot. */
async function profile(workload: WorkloadName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-profile-'));
  let fromMicros = 0;
  const work = async (field: Field): Promise<void> => {
    await compare(field, [workload], { rounds: 1, warmUp: PROFILED.warmUp });
    fromMicros = Number(process.hrtime.bigint() / 1000n);
    await compare(field, [workload], { ...PROFILED, warmUp: 0 });
  };
  await withField(['ticketgraph'], work, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  console.log(`${WORKLOADS[workload].title}: profile in ${folder}\n\n${readProfiles(folder, fromMicros).join('\n')}\n`);
}

/** @throws where a name is not known */
function choose<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new TypeError(`--${option} takes some of ${known.join()}, not ${name}.`);
    return found;
  });
}

// The processes that were started end with this one, however it ends.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
await main();
