/**
 * Soak test: two replicas share a store, vendors fail at random, and one replica is killed every ten seconds while clients
 * read and write. Compares each result with the vendors' request counts.
 *
 *   npm run soak -- --minutes 5
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { vendors as registered } from '../datasources/vendors.ts';
import { startFleet, type Fleet } from './soak/fleet.ts';
import { createLoad, newLoadResult, type LoadResult } from './soak/load.ts';
import { outcomeRows, printReport, runRounds, type Row } from './soak/rounds.ts';
import { startSoakVendors, type SoakVendors } from './soak/vendors.ts';

/** Pause of each client between requests, which bounds the rate. */
const PAUSE_MS = 150;
const WRITERS = 8;
const READERS = 3;
const KILL_EVERY_MS = 10_000;
const ROUND_MS = 15_000;
const SAMPLE_EVERY_MS = 500;
const EXPIRE_EVERY_MS = 7_000;

/** Memory growth from the first to the last quarter that is flagged, as a fraction. */
const MAX_GROWTH = 0.5;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new TypeError('--minutes must be a number above 0.');

  const keys = registered.map(({ key }) => key);
  const vendors = await startSoakVendors(keys);
  const limits = Object.fromEntries(keys.map((key) => [`${key.toUpperCase()}_TIMEOUT_MS`, '1500']));
  const fleet = await startFleet({ ...vendors.settings, ...limits, REQUEST_TIMEOUT_MS: '4000' });
  const result = newLoadResult();
  let memory: number[] = [];
  try {
    memory = await soak(minutes * 60_000, fleet, vendors, result);
  } finally {
    result.violations.push(...(await fleet.stop()));
    await vendors.close();
  }
  report(minutes, fleet, vendors, result, memory);
}

/** Runs the load in rounds. Returns memory samples in bytes. */
async function soak(lengthMs: number, fleet: Fleet, vendors: SoakVendors, result: LoadResult): Promise<number[]> {
  const endsAt = performance.now() + lengthMs;
  const isOver = (): boolean => performance.now() >= endsAt;
  const memory: number[] = [];
  const sampling = setInterval(() => {
    const bytes = fleet.memory();
    if (bytes !== undefined) memory.push(bytes);
  }, SAMPLE_EVERY_MS);
  const expiring = setInterval(() => vendors.expireTokens(), EXPIRE_EVERY_MS);
  const killing = killPeriodically(fleet, vendors, isOver);
  const load = createLoad(fleet, vendors, result, { pauseMs: PAUSE_MS, canDisconnect: true });
  await runRounds(load, vendors, { writers: WRITERS, readers: READERS, roundMs: ROUND_MS, endsAt });
  await killing;
  clearInterval(sampling);
  clearInterval(expiring);
  return memory;
}

/** Kills a replica while vendors respond slowly, so that writes are in flight. */
async function killPeriodically(fleet: Fleet, vendors: SoakVendors, isOver: () => boolean): Promise<void> {
  for (let remainingMs = KILL_EVERY_MS; !isOver(); remainingMs -= 100) {
    await sleep(100);
    if (remainingMs > 0) continue;
    vendors.setSlow(true);
    await sleep(400);
    const restarted = fleet.killOne();
    vendors.setSlow(false);
    await restarted;
    remainingMs = KILL_EVERY_MS;
  }
}

function report(
  minutes: number,
  fleet: Fleet,
  vendors: SoakVendors,
  result: LoadResult,
  memory: readonly number[],
): void {
  const growth = memoryGrowth(memory);
  const rows: readonly Row[] = [
    ['minutes', minutes],
    ['key store', fleet.store],
    ['replicas killed', fleet.kills],
    ['requests received by vendors', vendors.receivedCount],
    ['writes', result.writes],
    ...outcomeRows(result),
    ['replayed results', result.replayed],
    ['retries', result.retries],
    ['reads (partly failed)', `${result.reads} (${result.partialReads})`],
    ['memory of the lasting replica', growth?.text ?? 'not measured'],
  ];
  printReport(rows, result);
  if (growth && growth.share > MAX_GROWTH) console.log('FLAGGED: memory grew by more than half.');
}

/** Compares the mean of the last quarter with that of the first. */
function memoryGrowth(samples: readonly number[]): { share: number; text: string } | undefined {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return undefined;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, last] = [mean(samples.slice(0, quarter)), mean(samples.slice(-quarter))];
  const share = last / first - 1;
  const toText = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
  return { share, text: `${toText(first)}, later ${toText(last)} (${Math.round(share * 100)} %)` };
}

await main();
