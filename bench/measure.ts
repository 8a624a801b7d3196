/** The comparison: rounds of each workload, the servers in another order each time, and what they cost. */
import { send } from './load.ts';
import { sumOf, type Entrant, type Field } from './field.ts';
import type { ServerName } from './servers/index.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Result {
  readonly workload: WorkloadName;
  readonly server: ServerName;
  /** Operations per CPU second as a share of those of `limit`, round against round. */
  readonly ratio: Spread;
  /** Microseconds of CPU time of one operation. */
  readonly cpuMicros: Spread;
  readonly upstreamCalls: number;
  /** After the last round. */
  readonly memoryBytes: number;
}

export interface Effort {
  readonly rounds: number;
  /** Rounds before the first that counts, in which code becomes hot. */
  readonly warmUp: number;
}

export async function compare(field: Field, names: readonly WorkloadName[], effort: Effort): Promise<Result[]> {
  const results: Result[] = [];
  for (const workload of names) {
    const numbers = createNumbers();
    for (const entrant of field.entrants) {
      await runRound(entrant, workload, WORKLOADS[workload].operations * effort.warmUp, numbers);
    }
    const rounds: Round[] = [];
    for (let count = 0; count < effort.rounds; count += 1) rounds.push(await runAll(field, workload, numbers));
    for (const { name, process } of field.entrants) {
      const memoryBytes = await process.memoryBytes();
      results.push({ workload, server: name, memoryBytes, ...sumUp(rounds, name) });
    }
  }
  return results;
}

interface Cost {
  readonly cpuMicros: number;
  readonly upstreamCalls: number;
}

type Round = ReadonlyMap<ServerName, Cost>;

/** Hands out numbers of operations, none twice. */
function createNumbers(): (count: number) => number {
  let next = 0;
  return (count) => (next += count) - count;
}

async function runAll(field: Field, workload: WorkloadName, numbers: (count: number) => number): Promise<Round> {
  const { operations } = WORKLOADS[workload];
  const round = new Map<ServerName, Cost>();
  for (const entrant of shuffle(field.entrants)) {
    await field.arrivals();
    const cpuMicros = await runRound(entrant, workload, operations, numbers);
    const arrived = sumOf(await field.arrivals());
    round.set(entrant.name, { cpuMicros: cpuMicros / operations, upstreamCalls: arrived / operations });
  }
  return round;
}

/** Microseconds of CPU time that the server took for so many operations. */
async function runRound(
  { process, target }: Entrant,
  name: WorkloadName,
  operations: number,
  numbers: (count: number) => number,
): Promise<number> {
  const workload = WORKLOADS[name];
  const before = await process.cpuMicros();
  await send(target, workload, { operations, concurrency: workload.concurrency, from: numbers(operations) });
  return (await process.cpuMicros()) - before;
}

function sumUp(rounds: readonly Round[], name: ServerName): Omit<Result, 'workload' | 'server' | 'memoryBytes'> {
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
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}

export function shuffle<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
}
