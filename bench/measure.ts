/** Compares the servers: rounds of each workload, in random order of servers. */
import { sendAll } from './load.ts';
import { sumOf, type RunningServer, type ServerGroup } from './server-group.ts';
import type { ServerName } from './servers/index.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Result {
  readonly workload: WorkloadName;
  readonly server: ServerName;
  /** Operations per CPU second relative to `limit`, computed per round. */
  readonly ratio: Spread;
  /** CPU time per operation in microseconds. */
  readonly cpuMicros: Spread;
  readonly upstreamCalls: number;
  /** Resident memory after the last round. */
  readonly memoryBytes: number;
}

export interface Effort {
  readonly rounds: number;
  /** Warm-up rounds. */
  readonly warmUp: number;
}

export async function compare(group: ServerGroup, names: readonly WorkloadName[], effort: Effort): Promise<Result[]> {
  const results: Result[] = [];
  for (const workload of names) {
    const numbers = createNumbers();
    for (const server of group.servers) {
      await runRound(server, workload, WORKLOADS[workload].operations * effort.warmUp, numbers);
    }
    const rounds: Round[] = [];
    for (let count = 0; count < effort.rounds; count += 1) rounds.push(await runAll(group, workload, numbers));
    for (const { name, process } of group.servers) {
      const memoryBytes = await process.memoryBytes();
      results.push({ workload, server: name, memoryBytes, ...summarize(rounds, name) });
    }
  }
  return results;
}

interface Cost {
  readonly cpuMicros: number;
  readonly upstreamCalls: number;
}

type Round = ReadonlyMap<ServerName, Cost>;

/** Allocates operation numbers, each only once. */
function createNumbers(): (count: number) => number {
  let next = 0;
  return (count) => (next += count) - count;
}

async function runAll(group: ServerGroup, workload: WorkloadName, numbers: (count: number) => number): Promise<Round> {
  const { operations } = WORKLOADS[workload];
  const round = new Map<ServerName, Cost>();
  for (const server of shuffle(group.servers)) {
    await group.takeUpstreamCounts();
    const cpuMicros = await runRound(server, workload, operations, numbers);
    const arrived = sumOf(await group.takeUpstreamCounts());
    round.set(server.name, { cpuMicros: cpuMicros / operations, upstreamCalls: arrived / operations });
  }
  return round;
}

/** Returns the server's CPU time for the operations, in microseconds. */
async function runRound(
  { process, target }: RunningServer,
  name: WorkloadName,
  operations: number,
  numbers: (count: number) => number,
): Promise<number> {
  const workload = WORKLOADS[name];
  const before = await process.cpuMicros();
  await sendAll(target, workload, { operations, concurrency: workload.concurrency, from: numbers(operations) });
  return (await process.cpuMicros()) - before;
}

function summarize(rounds: readonly Round[], name: ServerName): Omit<Result, 'workload' | 'server' | 'memoryBytes'> {
  const costs = rounds.map((round) => round.get(name)!);
  const ratios = rounds.map((round) => (round.get('limit')?.cpuMicros ?? NaN) / round.get(name)!.cpuMicros);
  return {
    ratio: toSpread(ratios),
    cpuMicros: toSpread(costs.map(({ cpuMicros }) => cpuMicros)),
    upstreamCalls: costs.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0) / costs.length,
  };
}

export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, minimum: sorted[0]!, maximum: sorted.at(-1)! };
}

export function shuffle<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
}
