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

/**
 * Asks each server once for each workload.
 *
 * @throws where one answers otherwise than the first, or calls upstream more or less often than it has to.
 */
export async function compareAnswers(field: Field, names: readonly WorkloadName[]): Promise<void> {
  for (const name of names) {
    const workload = WORKLOADS[name];
    let expected: unknown;
    for (const { name: server, target } of field.entrants) {
      // The first operation may sign in; the second shows what one costs.
      await target.ask(workload, 1);
      await field.arrivals();
      const answer: unknown = JSON.parse(await target.ask(workload, 2));
      const calls = Object.values(await field.arrivals()).reduce((sum, count) => sum + count, 0);
      expected ??= answer;
      if (!isDeepStrictEqual(answer, expected)) {
        throw new Error(`${server} answers ${name} otherwise:\n${JSON.stringify(answer)}\n${JSON.stringify(expected)}`);
      }
      if (calls !== workload.upstreamCalls) throw new Error(`${server} makes ${calls} calls for ${name}.`);
    }
  }
}
