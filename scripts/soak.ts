/**
 * A soak: two replicas over one store, vendors that fail a few times in a hundred, one replica killed every ten seconds,
 * clients that read and write all the while. Ends with what the vendors' counts say of each answer.
 *
 *   npm run soak -- --minutes 5
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { vendors as registered } from '../datasources/vendors.ts';
import { startFleet, type Fleet } from './soak/fleet.ts';
import { createLoad, newTally, type Tally } from './soak/load.ts';
import { startSoakVendors, type SoakVendors } from './soak/vendors.ts';

/** What bounds the rate. */
const PAUSE_MS = 150;
const WRITERS = 8;
const READERS = 3;
const KILL_EVERY_MS = 10_000;
/** Tickets come to their end; so often they all begin anew. */
const ROUND_MS = 15_000;
const SAMPLE_EVERY_MS = 500;
const EXPIRE_EVERY_MS = 7_000;

/** Growth of memory, last quarter against first, that is flagged. */
const MAX_GROWTH = 0.5;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new TypeError('--minutes must be a number above 0.');

  const keys = registered.map(({ key }) => key);
  const vendors = await startSoakVendors(keys);
  const limits = Object.fromEntries(keys.map((key) => [`${key.toUpperCase()}_TIMEOUT_MS`, '1500']));
  const fleet = await startFleet({ ...vendors.settings, ...limits, REQUEST_TIMEOUT_MS: '4000' });
  const tally = newTally();
  let memory: number[] = [];
  try {
    memory = await soak(minutes * 60_000, fleet, vendors, tally);
  } finally {
    tally.violations.push(...(await fleet.stop()));
    await vendors.close();
  }
  report(minutes, fleet, vendors, tally, memory);
}

/** Runs the load, round after round; the samples of memory. */
async function soak(lengthMs: number, fleet: Fleet, vendors: SoakVendors, tally: Tally): Promise<number[]> {
  const endsAt = performance.now() + lengthMs;
  const isOver = (): boolean => performance.now() >= endsAt;
  const memory: number[] = [];
  const sampling = setInterval(() => {
    const bytes = fleet.memory();
    if (bytes !== undefined) memory.push(bytes);
  }, SAMPLE_EVERY_MS);
  const expiring = setInterval(() => vendors.expireTokens(), EXPIRE_EVERY_MS);
  const killing = killAgainAndAgain(fleet, vendors, isOver);
  const load = createLoad(fleet, vendors, tally, { pauseMs: PAUSE_MS, mayBreak: true });
  const reading = Promise.all(Array.from({ length: READERS }, () => load.read(isOver)));
  while (!isOver()) {
    const roundEndsAt = Math.min(performance.now() + ROUND_MS, endsAt);
    await Promise.all(Array.from({ length: WRITERS }, () => load.write(() => performance.now() >= roundEndsAt)));
    vendors.beginAnew();
  }
  await Promise.all([reading, killing]);
  clearInterval(sampling);
  clearInterval(expiring);
  return memory;
}

/** Kills while answers are long in coming, so that it happens between the mark and the answer. */
async function killAgainAndAgain(fleet: Fleet, vendors: SoakVendors, isOver: () => boolean): Promise<void> {
  for (let left = KILL_EVERY_MS; !isOver(); left -= 100) {
    await sleep(100);
    if (left > 0) continue;
    vendors.beSlow(true);
    await sleep(400);
    const restarted = fleet.killOne();
    vendors.beSlow(false);
    await restarted;
    left = KILL_EVERY_MS;
  }
}

function report(minutes: number, fleet: Fleet, vendors: SoakVendors, tally: Tally, memory: readonly number[]): void {
  const growth = growthOf(memory);
  const rows: readonly (readonly [string, string | number])[] = [
    ['minutes', minutes],
    ['keys kept in', fleet.store],
    ['replicas killed', fleet.kills],
    ['requests at the vendors', vendors.arrivals],
    ['keys', tally.keys],
    ...Object.entries(tally.outcomes).map(([outcome, count]) => [`tickets ${outcome}`, count] as const),
    ['answers of an earlier call', tally.replayed],
    ['calls made again', tally.again],
    ['reads (some failed in part)', `${tally.reads} (${tally.partialReads})`],
    ['memory of the one that lived', growth?.text ?? 'not measured'],
    ['violations', tally.violations.length],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(30)}${value}`);
  for (const violation of tally.violations.slice(0, 20)) console.log(`VIOLATION: ${violation}`);
  if (growth && growth.share > MAX_GROWTH) console.log('FLAGGED: memory grew by more than half.');
  if (tally.violations.length > 0) process.exitCode = 1;
}

/** The mean of the last quarter against that of the first. */
function growthOf(samples: readonly number[]): { share: number; text: string } | undefined {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return undefined;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, last] = [mean(samples.slice(0, quarter)), mean(samples.slice(-quarter))];
  const share = last / first - 1;
  const toText = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
  return { share, text: `${toText(first)}, later ${toText(last)} (${Math.round(share * 100)} %)` };
}

await main();
