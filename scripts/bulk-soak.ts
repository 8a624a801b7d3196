/**
 * Measures bulk jobs of many tickets by what the vendor has received. First one server that is left alone: memory, event
 * loop, and interactive reads beside the job. Then one that is killed again and again.
 *
 * Usage: npm run bulk:soak [-- [--replicas] [--actions] [<tickets>]] (default 100000).
 * --replicas: over a Redis, and the second part with two replicas that are killed in turn
 * --actions: one call for each ticket, instead of one for up to 100
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SOLVE, allResults, countsOf, findJob, follow, startBulk } from '../test/support/bulk.ts';
import { startManyTickets, type ManyTickets } from '../test/support/many-tickets.ts';
import { startDurableRedis } from '../test/support/redis.ts';
import { startReplica, type Replica } from '../test/support/replica.ts';

/** Milliseconds that a server runs, once it has gone on with the job, before it is killed. */
const KILL_AFTER_MS = 2_000;

/** Milliseconds between two interactive reads. */
const READ_EVERY_MS = 20;

/**
 * Queries before a job, of 20 tickets each, and how many at once: as of a server that has served for a while. V8's young
 * generation grows to its limit with any load, by 100 MB, and is not given back.
 */
const WARM_UP_QUERIES = 15_000;
const WARM_UP_AT_ONCE = 64;

/** Milliseconds that the vendor takes to answer. Real ones take longer. */
const VENDOR_MS = 20;

const IDLE_READS = 500;

interface JobNow {
  readonly state: string;
  readonly total: number;
  readonly waiting: number;
  readonly [count: string]: unknown;
}

interface Result {
  readonly ticketId: string;
  readonly outcome: string;
  readonly reconciled: boolean;
}

interface Figure {
  readonly figure: string;
  readonly measured: string;
  readonly 'to hold': string;
  readonly holds: boolean;
}

const isReplicated = process.argv.includes('--replicas');
const work = process.argv.includes('--actions') ? { executeAction: { action: 'status.solved' } } : SOLVE;
const count = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 100_000);
const figures: Figure[] = [];
const note = (figure: string, measured: string, toHold: string, holds: boolean): void => {
  figures.push({ figure, measured, 'to hold': toHold, holds });
};

for (const run of [runUndisturbed, runKilled]) {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-soak-'));
  const vendor = await startManyTickets(count);
  const redis = isReplicated ? await startDurableRedis() : undefined;
  const shared = redis && { REDIS_URL: redis.url };
  await run(vendor, { ...vendor.settings, STORE_PATH: join(folder, 'store'), ...shared });
  await redis?.close();
  await vendor.close();
  rmSync(folder, { recursive: true, force: true });
}
console.table(figures);
process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;

async function runUndisturbed(vendor: ManyTickets, environment: Readonly<Record<string, string>>): Promise<void> {
  const server = await startReplica(environment);
  const read = async (): Promise<number> => {
    const startedAt = performance.now();
    await server.ask(`{ ticket(id: "${vendor.ids[0]}") { ... on TicketFields { id title } } }`);
    return performance.now() - startedAt;
  };
  const fields = vendor.ids
    .slice(0, 20)
    .map((id, index) => `_${index}: ticket(id: "${id}") { ... on TicketFields { id title } }`);
  const warmUp = async (): Promise<void> => {
    for (let queries = 0; queries < WARM_UP_QUERIES / WARM_UP_AT_ONCE; queries += 1) {
      await server.ask(`{ ${fields.join(' ')} }`);
    }
  };
  await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, warmUp));
  answerLate(vendor);
  const idle: number[] = [];
  while (idle.length < IDLE_READS) {
    idle.push(await read());
    await sleep(READ_EVERY_MS);
  }
  const before = await memoryOf(server);
  const id = await start(server, vendor);
  const beside: number[] = [];
  let most = before;
  // Reading the metrics begins a new histogram of delays.
  await eventLoopDelay(server);
  let delayMs = 0;
  const startedAt = performance.now();
  let now = await find(server, id);
  for (let polls = 1; now.state !== 'DONE'; polls += 1) {
    await sleep(READ_EVERY_MS);
    beside.push(await read());
    if (polls % 20 > 0) continue;
    now = await find(server, id);
    if (polls % 200 > 0) continue;
    delayMs = Math.max(delayMs, await eventLoopDelay(server));
    most = Math.max(most, await memoryOf(server));
  }
  delayMs = Math.max(delayMs, await eventLoopDelay(server));
  const seconds = (performance.now() - startedAt) / 1_000;
  await server.stop();
  note(`${count} tickets, left alone`, `${seconds.toFixed(0)} s`, '', true);
  const grown = most - before;
  note('memory in addition', `${grown.toFixed(0)} MB (from ${before.toFixed(0)} MB)`, '< 100 MB', grown < 100);
  note('event-loop delay, highest p99 of some seconds', `${delayMs.toFixed(0)} ms`, '< 100 ms', delayMs < 100);
  for (const [name, part] of [
    ['median', 0.5],
    ['p95', 0.95],
  ] as const) {
    const [usual, besideJob] = [quantile(idle, part), quantile(beside, part)];
    const both = `${besideJob.toFixed(1)} ms, usually ${usual.toFixed(1)} ms`;
    note(`interactive read beside the job, ${name}`, both, '< twice the usual', besideJob < 2 * usual);
  }
}

async function runKilled(vendor: ManyTickets, environment: Readonly<Record<string, string>>): Promise<void> {
  answerLate(vendor);
  const servers = await Promise.all((isReplicated ? [0, 1] : [0]).map(() => startReplica(environment)));
  const id = await start(servers[0]!, vendor);
  const startedAt = performance.now();
  let [kills, polls, wrongSums, slowestResumeMs] = [0, 0, 0, 0];
  const check = (job: JobNow): void => {
    polls += 1;
    if (countsOf(job as never) !== job.total) wrongSums += 1;
  };
  for (;;) {
    const end = performance.now() + KILL_AFTER_MS;
    const index = kills % servers.length;
    const killed = servers[index]!;
    const now = (await follow(killed, id, ({ state }) => state === 'DONE' || performance.now() > end, check)) as JobNow;
    if (now.state === 'DONE') break;
    await killed.kill();
    const killedAt = performance.now();
    kills += 1;
    const starting = startReplica(environment).then((server) => (servers[index] = server));
    // The other replica goes on; without one, the next server does.
    if (!isReplicated) await starting;
    await follow(servers[(index + 1) % servers.length]!, id, (later: JobNow) => isFurther(later, now), check);
    slowestResumeMs = Math.max(slowestResumeMs, performance.now() - killedAt);
    await starting;
    if (kills % 10 === 0) console.log(`${kills} kills: ${now.state}, ${now.waiting} of ${now.total} wait`);
  }
  const server = servers[0]!;
  const seconds = (performance.now() - startedAt) / 1_000;
  const results = (await allResults(server, id)) as readonly Result[];
  await Promise.all(servers.map((one) => one.stop()));
  note(`${count} tickets, killed each 2 s`, `${seconds.toFixed(0)} s, ${kills} kills`, '', kills > 0);
  const resume = slowestResumeMs / 1_000;
  note('slowest resumption after a kill', `${resume.toFixed(1)} s`, '< 20 s', resume < 20);
  const twice = vendor.ids.filter((one) => vendor.sent(one) > 1).length;
  note('tickets sent twice', String(twice), '0', twice === 0);
  const isInOrder = results.length === count && results.every(({ ticketId }, index) => ticketId === vendor.ids[index]);
  note('results', `${results.length}, ${isInOrder ? 'in input order' : 'in another order'}`, `${count}`, isInOrder);
  const outcomes = new Map<string, number>();
  for (const { outcome } of results) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const missing = results.filter(({ outcome, ticketId }) => outcome === 'APPLIED' && !vendor.isSolved(ticketId)).length;
  note('tickets APPLIED that the vendor has not solved', String(missing), '0', missing === 0);
  const unsent = results.filter(({ outcome, ticketId }) => outcome !== 'UNKNOWN' && vendor.sent(ticketId) !== 1).length;
  note('tickets with another outcome than UNKNOWN, not sent once', String(unsent), '0', unsent === 0);
  const neverSent = results.filter(({ ticketId }) => vendor.sent(ticketId) === 0).length;
  const text = [...outcomes].map(([outcome, tickets]) => `${tickets} ${outcome}`).join(', ');
  const reconciled = results.filter((result) => result.reconciled).length;
  note(
    'outcomes',
    `${text}; ${reconciled} found by a read, ${neverSent} marked and not sent`,
    'no NOT_APPLIED',
    !outcomes.has('NOT_APPLIED'),
  );
  note(`polls with counts that do not add up, of ${polls}`, String(wrongSums), '0', wrongSums === 0);
}

function answerLate(vendor: ManyTickets): void {
  const wait = (): Promise<undefined> => sleep(VENDOR_MS, undefined);
  [vendor.beforeRead, vendor.beforeWrite] = [wait, wait];
}

/** Uploads the tickets and starts a job. Returns its id. */
async function start(server: Replica, vendor: ManyTickets): Promise<string> {
  const response = await fetch(new URL('/bulk/uploads', server.url), {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'apollo-require-preflight': '1' },
    body: vendor.ids.join('\n'),
  });
  const { uploadId } = (await response.json()) as { readonly uploadId: string };
  const { job } = (await startBulk(server, { work, tickets: { uploadId } })) as { job: { id: string } };
  return job.id;
}

async function find(server: Replica, id: string): Promise<JobNow> {
  return (await findJob(server, id)) as JobNow;
}

function isFurther(later: JobNow, before: JobNow): boolean {
  return later.state === 'DONE' || later.total > before.total || later.waiting < before.waiting;
}

/** Resident memory in megabytes. */
async function memoryOf(server: Replica): Promise<number> {
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(await metricsOf(server))![1]) / 1e6;
}

/** The 99th percentile in milliseconds since it was last read: `monitorEventLoopDelay` of node:perf_hooks. */
async function eventLoopDelay(server: Replica): Promise<number> {
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(await metricsOf(server))![1]) * 1_000;
}

async function metricsOf({ url }: Replica): Promise<string> {
  return (await fetch(new URL('/metrics', url))).text();
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * part)]!;
}
