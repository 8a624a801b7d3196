/**
 * What a second worker adds: CPU per operation of two workers, of two separate servers, and of one.
 *
 *   node bench/workers.ts [rounds] [workload]...      Linux only; some minutes
 *
 * CPU instead of throughput, because load and upstream need cores as well: on a machine with two cores, throughput would
 * show how these are shared. All servers are pinned to one core. Two processes on one core displace each other's caches,
 * which costs two separate servers the same as two workers; on cores of their own they do not. So the speedup is twice the
 * CPU of separate servers divided by that of workers, provided that both workers get their share: half of the CPU each.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTarget, sendAll, type Target } from './load.ts';
import { shuffle, toSpread } from './measure.ts';
import { pinLoad, start, type Running } from './processes.ts';
import { SERVERS } from './servers/index.ts';
import { VENDORS } from './tickets.ts';
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads.ts';

const DEFAULT_NAMES: readonly WorkloadName[] = ['one', 'many', 'page', 'close'];

const WARM_UP_ROUNDS = 4;

const KINDS = ['one', 'separate', 'workers'] as const;

type Kind = (typeof KINDS)[number];

/** Workers share the concurrency of a vendor. None may have to queue calls if it gets more than half of the operations. */
const TWO_WORKERS = {
  WORKERS: '2',
  ...Object.fromEntries(VENDORS.map((vendor) => [`${vendor.toUpperCase()}_CONCURRENCY`, '128'])),
};

/** One or two servers. */
interface Contestant {
  readonly kind: Kind;
  readonly servers: readonly { readonly process: Running; readonly target: Target }[];
}

interface Round {
  /** Microseconds of all processes for one operation. */
  readonly total: number;
  /** Of the process that used most. */
  readonly busiest: number;
  /** Of the primary process, if there are workers. */
  readonly primary: number;
}

type Rounds = Readonly<Record<Kind, readonly Round[]>>;

async function main(rounds: number, names: readonly WorkloadName[]): Promise<void> {
  pinLoad();
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-workers-'));
  const upstream = await start('bench/upstream.ts', { isMeasured: false });
  const contestants: Contestant[] = [];
  for (const kind of KINDS) contestants.push(await startContestant(upstream, folder, kind));
  console.log('| CPU µs | one | two separate | two workers | of these the primary | busier worker | speedup |');
  console.log('|---|---|---|---|---|---|---|');
  for (const name of names) console.log(toRow(name, await measure(contestants, name, rounds)));
  const servers = contestants.flatMap((contestant) => contestant.servers);
  await Promise.all(servers.map(({ target }) => target.close()));
  await Promise.all([upstream, ...servers.map(({ process }) => process)].map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
}

async function startContestant(upstream: Running, folder: string, kind: Kind): Promise<Contestant> {
  const { file, environment, graphqlPath } = SERVERS.ticketgraph;
  const servers: Contestant['servers'][number][] = [];
  for (const name of kind === 'separate' ? ['first', 'second'] : [kind]) {
    const own = join(folder, name);
    mkdirSync(own);
    const process = await start(file, {
      isMeasured: true,
      environment: { ...environment(upstream.url, own), ...(kind === 'workers' ? TWO_WORKERS : {}) },
      logFile: join(own, 'log'),
    });
    servers.push({ process, target: createTarget(process.url, { graphqlPath }) });
  }
  return { kind, servers };
}

async function measure(contestants: readonly Contestant[], name: WorkloadName, rounds: number): Promise<Rounds> {
  const results: Record<Kind, Round[]> = { one: [], separate: [], workers: [] };
  let from = 0;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const contestant of shuffle(contestants)) {
      const operations = WORKLOADS[name].operations * (contestant.kind === 'one' ? 1 : 2);
      const result = await runRound(contestant, name, operations, from);
      if (round >= 0) results[contestant.kind].push(result);
      from += operations;
    }
  }
  return results;
}

/** Each process that serves gets the same load: for two, twice as many operations, and twice as many at a time. */
async function runRound({ kind, servers }: Contestant, name: WorkloadName, all: number, from: number): Promise<Round> {
  const workload = WORKLOADS[name];
  const before = readCpu(servers);
  const operations = all / servers.length;
  const concurrency = workload.concurrency * (kind === 'workers' ? 2 : 1);
  await Promise.all(
    servers.map(({ target }, index) =>
      sendAll(target, workload, { operations, concurrency, from: from + index * operations }),
    ),
  );
  const used = new Map([...readCpu(servers)].map(([pid, micros]) => [pid, (micros - (before.get(pid) ?? 0)) / all]));
  return {
    total: [...used.values()].reduce((sum, micros) => sum + micros, 0),
    busiest: Math.max(...used.values()),
    primary: kind === 'workers' ? used.get(servers[0]!.process.pid)! : 0,
  };
}

function readCpu(servers: Contestant['servers']): Map<number, number> {
  return new Map(servers.flatMap(({ process }) => [...readCpuOfTree(process.pid)]));
}

/** Microseconds of CPU of the process and its children, by pid. */
function readCpuOfTree(parent: number): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === parent);
  return new Map([parent, ...pids.map(Number)].map((pid) => [pid, readMicros(pid)]));
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: after the name, which may contain spaces. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    // Has ended meanwhile.
    return undefined;
  }
}

/** Nanoseconds of each thread: https://docs.kernel.org/scheduler/sched-stats.html */
function readMicros(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000)
    .reduce((sum, micros) => sum + micros, 0);
}

function toRow(name: WorkloadName, results: Rounds): string {
  const medianOf = (kind: Kind, key: keyof Round): number => toSpread(results[kind].map((round) => round[key])).median;
  const [separate, workers] = [medianOf('separate', 'total'), medianOf('workers', 'total')];
  const primary = medianOf('workers', 'primary');
  const busiest = medianOf('workers', 'busiest');
  const share = busiest / (workers - primary);
  // By round, as servers that run one after the other share the disturbances of the machine.
  const speedups = results.workers.map(({ total }, round) => (2 * results.separate[round]!.total) / total);
  const cells = [
    WORKLOADS[name].title,
    medianOf('one', 'total').toFixed(0),
    separate.toFixed(0),
    workers.toFixed(0),
    primary.toFixed(1),
    `${(100 * share).toFixed(0)} %`,
    toSpread(speedups).median.toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

const [rounds = '15', ...names] = process.argv.slice(2);
await main(Number(rounds), names.length > 0 ? WORKLOAD_NAMES.filter((name) => names.includes(name)) : DEFAULT_NAMES);
