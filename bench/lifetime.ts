/** Measures start-up, the first request, a request after idling, and memory over time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from './server-group.ts';
import type { Point } from './growth.ts';
import { createTarget, sendAll, type Target } from './load.ts';
import { toSpread, type Spread } from './measure.ts';
import { start } from './processes.ts';
import { SERVERS, type ServerName } from './servers/index.ts';
import { WORKLOADS } from './workloads.ts';

export interface Startup {
  readonly title: string;
  /** Milliseconds from the start of the process until it prints that it is ready. */
  readonly readyMs: Spread;
  /** Milliseconds of CPU time until it is ready. */
  readonly readyCpuMs: Spread;
  /** Milliseconds of the first request. `undefined` for the sandbox. */
  readonly firstMs?: Spread;
  /** Milliseconds of a single request after warm-up, and of the first one after idling. */
  readonly warmMs?: Spread;
  readonly afterIdleMs?: Spread;
}

const STARTS = 5;
const WARM_UP_OPERATIONS = 1_500;
const IDLE_MS = 1_000;

type Times = Record<'readyMs' | 'readyCpuMs' | 'firstMs' | 'warmMs' | 'afterIdleMs', number[]>;

export async function measureStartups(names: readonly ServerName[], upstreamUrl: string): Promise<Startup[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bench-'));
  const startups: Startup[] = [];
  for (const name of names) {
    const times: Times = { readyMs: [], readyCpuMs: [], firstMs: [], warmMs: [], afterIdleMs: [] };
    for (let count = 0; count < STARTS; count += 1) {
      await measureOnce(name, SERVERS[name].environment(upstreamUrl, folder), times);
    }
    startups.push({ title: SERVERS[name].title, ...toSpreads(times) });
  }
  if (names.includes('ticketgraph')) startups.push(await measureSandbox(folder));
  rmSync(folder, { recursive: true, force: true });
  return startups;
}

async function measureOnce(
  name: ServerName,
  environment: Readonly<Record<string, string>>,
  times: Times,
): Promise<void> {
  const process = await start(SERVERS[name].file, { isMeasured: true, environment });
  const target = createTarget(process.url, SERVERS[name]);
  times.readyMs.push(process.readyMs);
  times.readyCpuMs.push((await process.cpuMicros()) / 1000);
  times.firstMs.push(await timeOne(target, 0));
  await sendAll(target, WORKLOADS.one, { operations: WARM_UP_OPERATIONS, concurrency: 8, from: 1 });
  times.warmMs.push(await timeOne(target, WARM_UP_OPERATIONS + 1));
  await sleep(IDLE_MS);
  times.afterIdleMs.push(await timeOne(target, WARM_UP_OPERATIONS + 2));
  await target.close();
  await process.stop();
}

async function timeOne(target: Target, n: number): Promise<number> {
  const startedAt = performance.now();
  await target.send(WORKLOADS.one, n);
  return performance.now() - startedAt;
}

/** Without a configured vendor, the sandbox starts in the same process. */
async function measureSandbox(folder: string): Promise<Startup> {
  const readyMs: number[] = [];
  const readyCpuMs: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const environment = { PORT: '0', STORE_PATH: `${folder}/sandbox-store` };
    const process = await start(SERVERS.ticketgraph.file, { isMeasured: true, environment });
    readyMs.push(process.readyMs);
    readyCpuMs.push((await process.cpuMicros()) / 1000);
    await process.stop();
  }
  return { title: 'ticketgraph with the sandbox', readyMs: toSpread(readyMs), readyCpuMs: toSpread(readyCpuMs) };
}

function toSpreads(times: Times): Record<keyof Times, Spread> {
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, toSpread(values)])) as Record<
    keyof Times,
    Spread
  >;
}

// ---------------------------------------------------------------- memory

const SAMPLES = 50;

/** Measures resident memory in MB over a number of operations. */
export async function measureMemory({ process, target }: RunningServer, operations: number): Promise<Point[]> {
  const points: Point[] = [];
  const step = Math.ceil(operations / SAMPLES);
  for (let done = 0; done < operations; done += step) {
    await sendAll(target, WORKLOADS.one, { operations: step, concurrency: WORKLOADS.one.concurrency, from: done });
    const megabytes = (await process.memoryBytes()) / 1_000_000;
    points.push({ x: done + step, value: toSpread([megabytes]) });
  }
  return points;
}
