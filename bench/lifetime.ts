/** What a process does over its life: until it is ready, at its first request, after a rest, and in memory over time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entrant } from './field.ts';
import type { Point } from './growth.ts';
import { createTarget, send, type Target } from './load.ts';
import { toSpread, type Spread } from './measure.ts';
import { start } from './processes.ts';
import { CONTESTANTS, type ServerName } from './servers/index.ts';
import { WORKLOADS } from './workloads.ts';

export interface Beginning {
  readonly title: string;
  /** Milliseconds from the process's start to its line that says it is ready. */
  readonly readyMs: Spread;
  /** Milliseconds of CPU time until then: what it takes on a core of its own. */
  readonly readyCpuMs: Spread;
  /** Milliseconds of the first request; undefined for the sandbox, of which nothing is asked. */
  readonly firstMs?: Spread;
  /** Milliseconds of one request alone, once hot, and of the first one after a rest. */
  readonly hotMs?: Spread;
  readonly restedMs?: Spread;
}

const STARTS = 5;
const HOT_AFTER = 1_500;
const REST_MS = 1_000;

type Times = Record<'readyMs' | 'readyCpuMs' | 'firstMs' | 'hotMs' | 'restedMs', number[]>;

export async function measureBeginnings(names: readonly ServerName[], upstreamUrl: string): Promise<Beginning[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bench-'));
  const beginnings: Beginning[] = [];
  for (const name of names) {
    const times: Times = { readyMs: [], readyCpuMs: [], firstMs: [], hotMs: [], restedMs: [] };
    for (let count = 0; count < STARTS; count += 1) {
      await beginOnce(name, CONTESTANTS[name].environment(upstreamUrl, folder), times);
    }
    beginnings.push({ title: CONTESTANTS[name].title, ...toSpreads(times) });
  }
  if (names.includes('ticketgraph')) beginnings.push(await measureSandbox(folder));
  rmSync(folder, { recursive: true, force: true });
  return beginnings;
}

async function beginOnce(name: ServerName, environment: Readonly<Record<string, string>>, times: Times): Promise<void> {
  const process = await start(CONTESTANTS[name].file, { isMeasured: true, environment });
  const target = createTarget(process.url, CONTESTANTS[name]);
  times.readyMs.push(process.readyMs);
  times.readyCpuMs.push((await process.cpuMicros()) / 1000);
  times.firstMs.push(await timeOne(target, 0));
  await send(target, WORKLOADS.one, { operations: HOT_AFTER, concurrency: 8, from: 1 });
  times.hotMs.push(await timeOne(target, HOT_AFTER + 1));
  await sleep(REST_MS);
  times.restedMs.push(await timeOne(target, HOT_AFTER + 2));
  await target.close();
  await process.stop();
}

async function timeOne(target: Target, n: number): Promise<number> {
  const startedAt = performance.now();
  await target.ask(WORKLOADS.one, n);
  return performance.now() - startedAt;
}

/** With no vendor configured, the sandbox starts in the same process. */
async function measureSandbox(folder: string): Promise<Beginning> {
  const readyMs: number[] = [];
  const readyCpuMs: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const environment = { PORT: '0', STORE_PATH: `${folder}/sandbox-store` };
    const process = await start(CONTESTANTS.ticketgraph.file, { isMeasured: true, environment });
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

/** Resident megabytes after so many operations. */
export async function measureMemory({ process, target }: Entrant, operations: number): Promise<Point[]> {
  const points: Point[] = [];
  const step = Math.ceil(operations / SAMPLES);
  for (let done = 0; done < operations; done += step) {
    await send(target, WORKLOADS.one, { operations: step, concurrency: WORKLOADS.one.concurrency, from: done });
    const megabytes = (await process.memoryBytes()) / 1_000_000;
    points.push({ x: done + step, value: toSpread([megabytes]) });
  }
  return points;
}
