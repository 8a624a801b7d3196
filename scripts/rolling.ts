/**
 * A rolling restart under load: two replicas behind a load balancer, and clients at about half of their capacity. Stops each
 * replica with SIGTERM and starts a new one. Finally compares all results with the vendors' request counts.
 *
 *   npm run rolling -- --seconds 60
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { vendors as registered } from '../datasources/vendors.ts';
import { post } from '../test/support/post.ts';
import { startReplica, type Replica } from '../test/support/replica.ts';
import { startBalancer, type Balancer } from './rolling/balancer.ts';
import { openStore } from './soak/fleet.ts';
import { createLoad, newLoadResult, type LoadOptions, type LoadResult } from './soak/load.ts';
import { outcomeRows, printReport, runRounds, type Row } from './soak/rounds.ts';
import { startSoakVendors, type SoakVendors } from './soak/vendors.ts';

const WRITERS = 12;
const READERS = 24;
const ROUND_MS = 2_000;
const MEASURE_MS = 8_000;

/** How long a replica serves requests after it reports that it is not ready: longer than a health check interval. */
const SHUTDOWN_DELAY_MS = 1_000;

interface Stage {
  readonly vendors: SoakVendors;
  readonly balancer: Balancer;
  readonly replicas: Replica[];
  start(): Promise<Replica>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const lengthMs = Number(values.seconds) * 1000;
  if (!(lengthMs >= 10_000)) throw new TypeError('--seconds must be a number of 10 or more.');
  const keys = registered.map(({ key }) => key);
  const vendors = await startSoakVendors(keys, true);
  const store = await openStore();
  const environment = { ...vendors.settings, ...store.settings, SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS) };
  const balancer = await startBalancer();
  const start = async (): Promise<Replica> => {
    const replica = await startReplica(environment);
    balancer.add(replica.url);
    return replica;
  };
  const stage: Stage = { vendors, balancer, start, replicas: [await start(), await start()] };
  try {
    await runPhases(stage, lengthMs, store.name);
  } finally {
    await Promise.all(stage.replicas.map((replica) => replica.stop()));
    await Promise.all([balancer.close(), vendors.close(), store.close()]);
  }
}

async function runPhases(stage: Stage, lengthMs: number, storeName: string): Promise<void> {
  const warmUp = newLoadResult();
  await run(stage, MEASURE_MS / 2, warmUp, {});
  const measured = newLoadResult();
  await run(stage, MEASURE_MS, measured, {});
  const capacity = measured.requests / (MEASURE_MS / 1000);
  const result = newLoadResult();
  const restarting = restartEach(stage, lengthMs);
  await run(stage, lengthMs, result, { pace: createPace(capacity / 2) });
  const codes = await restarting;
  report(lengthMs / 1000, capacity, storeName, result, codes, stage);
}

async function run(
  { balancer, vendors }: Stage,
  lengthMs: number,
  result: LoadResult,
  rate: Pick<LoadOptions, 'pace'>,
): Promise<void> {
  const endsAt = performance.now() + lengthMs;
  const ask: Replica['ask'] = (query, variables, init) => post(balancer.url, { query, variables }, init);
  const load = createLoad({ pick: () => ({ ask }) }, vendors, result, { pauseMs: 0, canDisconnect: false, ...rate });
  await runRounds(load, vendors, { writers: WRITERS, readers: READERS, roundMs: ROUND_MS, endsAt });
}

/** Limits the rate to `perSecond` requests, evenly spaced. */
function createPace(perSecond: number): () => Promise<void> {
  let nextAt = performance.now();
  return async () => {
    const now = performance.now();
    nextAt = Math.max(nextAt + 1000 / perSecond, now);
    await sleep(nextAt - now);
  };
}

/** Restarts the replicas one after the other. Returns their exit codes. */
async function restartEach(stage: Stage, lengthMs: number): Promise<(number | null)[]> {
  const codes: (number | null)[] = [];
  for (const index of stage.replicas.keys()) {
    await sleep(lengthMs / 4);
    const ending = stage.replicas[index]!.stop();
    stage.replicas[index] = await stage.start();
    codes.push(await ending);
  }
  return codes;
}

function report(
  seconds: number,
  capacity: number,
  storeName: string,
  result: LoadResult,
  codes: readonly (number | null)[],
  { balancer }: Stage,
): void {
  const rows: readonly Row[] = [
    ['seconds', seconds],
    ['key store', storeName],
    ['capacity, requests per second', Math.round(capacity)],
    ['load, requests per second', Math.round(result.requests / seconds)],
    ['replicas restarted, exit codes', codes.join(' and ')],
    ['requests completed', result.requests],
    ['requests lost', balancer.lost],
    ['reads (partly failed)', `${result.reads} (${result.partialReads})`],
    ['writes', result.writes],
    ...outcomeRows(result),
  ];
  printReport(rows, result);
  if (balancer.lost > 0 || codes.some((code) => code !== 0)) process.exitCode = 1;
}

await main();
