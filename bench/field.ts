/** The field: the upstream and the servers to compare, all running, and asked whether they answer the same. */
import { isDeepStrictEqual } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTarget, type Target } from './load.ts';
import { start, type Running } from './processes.ts';
import { CONTESTANTS, type ServerName } from './servers/index.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

export interface Entrant {
  readonly name: ServerName;
  readonly process: Running;
  readonly target: Target;
}

export interface Field {
  readonly entrants: readonly Entrant[];
  readonly upstream: Running;
  /** Arrivals at the upstream by endpoint since this was last asked. */
  arrivals(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** @param nodeArguments of Node for each measured server, e.g. to profile it */
export async function startField(names: readonly ServerName[], nodeArguments: readonly string[] = []): Promise<Field> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bench-'));
  const upstream = await start('bench/upstream.ts', { isMeasured: false });
  const entrants: Entrant[] = [];
  for (const name of names) {
    const { file, environment, ...contestant } = CONTESTANTS[name];
    const options = { isMeasured: true, environment: environment(upstream.url, folder), nodeArguments };
    const process = await start(file, options);
    entrants.push({ name, process, target: createTarget(process.url, contestant) });
  }
  return {
    entrants,
    upstream,
    arrivals: async () => (await (await fetch(`${upstream.url}/bench/counts`)).json()) as Record<string, number>,
    async stop() {
      await Promise.all(entrants.map(({ target }) => target.close()));
      await Promise.all([upstream, ...entrants.map(({ process }) => process)].map((one) => one.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answered {
  readonly server: ServerName;
  readonly answer: unknown;
  /** Calls at the upstream. */
  readonly calls: number;
}

/** The answer of each server to one operation, and what it cost upstream. */
export async function askAll({ entrants, arrivals }: Field, name: WorkloadName): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const { name: server, target } of entrants) {
    // The first operation may sign in; the second shows what one costs.
    await target.ask(WORKLOADS[name], 1);
    await arrivals();
    const answer: unknown = JSON.parse(await target.ask(WORKLOADS[name], 2));
    answered.push({ server, answer, calls: sumOf(await arrivals()) });
  }
  return answered;
}

/** @throws where a server answers otherwise than the first, or calls upstream more or less often than it has to. */
export async function expectSameAnswers(field: Field, names: readonly WorkloadName[]): Promise<void> {
  for (const name of names) {
    const answered = await askAll(field, name);
    for (const { server, answer, calls } of answered) {
      const expected = answered[0]!.answer;
      if (!isDeepStrictEqual(answer, expected)) {
        throw new Error(`${server} answers ${name} otherwise:\n${JSON.stringify(answer)}\n${JSON.stringify(expected)}`);
      }
      if (calls !== WORKLOADS[name].upstreamCalls) throw new Error(`${server} makes ${calls} calls for ${name}.`);
    }
  }
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
