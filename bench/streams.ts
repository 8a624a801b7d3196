/**
 * Measures streams of live updates: memory of an idle one, one event to all of them, and how soon a write is seen on another
 * replica while polls are a minute apart.
 *
 *   npm run streams -- --streams 5000 --writes 20
 *
 * The figures are in docs/live.md.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startSandbox } from '../sandbox/index.ts';
import { startRedis, whyNoRedis } from '../test/support/redis.ts';
import { startReplica, type Replica } from '../test/support/replica.ts';

const { values } = parseArgs({
  options: { streams: { type: 'string', default: '5000' }, writes: { type: 'string', default: '20' } },
});
const [streamCount, writeCount] = [Number(values.streams), Number(values.writes)];

const ID = 'omnidesk:858462';
const WATCH = `subscription { ticketChanged(ids: ["${ID}"]) {
  cursor kind changed ticket { ... on TicketFields { title status { category } updatedAt } } } }`;
const RENAME = `mutation ($title: String!) { updateTicket(input: { ticketId: "${ID}", title: $title }) { outcome } }`;

/** Streams open at the same time while they are opened. */
const OPENED_AT_ONCE = 100;
const SETTLE_MS = 5_000;

/** Milliseconds of `performance.now` at which each stream has shown a text. */
class Streams {
  readonly #agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  readonly #texts: { text: string; at: number }[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async open(count: number): Promise<void> {
    for (let left = count; left > 0; left -= OPENED_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(left, OPENED_AT_ONCE) }, () => this.#openOne()));
    }
  }

  #openOne(): Promise<void> {
    const last = { text: '', at: 0 };
    this.#texts.push(last);
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: 'POST', headers, agent: this.#agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`A stream was rejected: HTTP ${response.statusCode}.`));
        response.setEncoding('utf8').on('data', (text: string) => {
          if (text.startsWith(':')) return;
          last.text = text;
          last.at = performance.now();
          resolve();
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ query: WATCH }));
    });
  }

  /** Resolves to the times at which the streams have shown the text, sorted. */
  async whenAllShow(text: string): Promise<number[]> {
    while (!this.#texts.every((last) => last.text.includes(text))) await sleep(1);
    return this.#texts.map(({ at }) => at).toSorted((one, other) => one - other);
  }
}

function memoryOf({ pid }: Replica): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

async function rename(replica: Replica, title: string): Promise<void> {
  const { errors } = await replica.ask(RENAME, { title });
  if (errors) throw new Error(`The ticket could not be renamed: ${JSON.stringify(errors)}`);
}

function percentile(sorted: readonly number[], share: number): string {
  return `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(0)} ms`;
}

async function measureMany(replica: Replica): Promise<void> {
  const before = memoryOf(replica);
  const streams = new Streams(replica.url);
  await streams.open(streamCount);
  await sleep(SETTLE_MS);
  const each = (memoryOf(replica) - before) / streamCount / 1024;
  console.log(`memory of an idle stream: ${each.toFixed(1)} KiB resident, of ${streamCount}`);
  const [firsts, lasts, delays]: [number[], number[], number[]] = [[], [], []];
  for (let count = 0; count < writeCount; count += 1) {
    const sentAt = performance.now();
    await rename(replica, `All ${count}.`);
    const times = await streams.whenAllShow(`All ${count}.`);
    firsts.push(times[0]! - sentAt);
    lasts.push(times.at(-1)! - sentAt);
    delays.push(times.at(-1)! - times[0]!);
  }
  for (const [name, all] of Object.entries({ first: firsts, last: lasts, 'first to last': delays })) {
    all.sort((one, other) => one - other);
    console.log(
      `an own write to ${streamCount} streams, ${name}: median ${percentile(all, 0.5)}, longest ${percentile(all, 1)}`,
    );
  }
}

async function measureOther(writer: Replica, other: Replica): Promise<void> {
  const streams = new Streams(other.url);
  await streams.open(1);
  const delays: number[] = [];
  for (let count = 0; count < writeCount; count += 1) {
    await rename(writer, `Other ${count}.`);
    const answeredAt = performance.now();
    const [at] = await streams.whenAllShow(`Other ${count}.`);
    delays.push(Math.max(0, at! - answeredAt));
  }
  delays.sort((one, other_) => one - other_);
  console.log(
    `a write seen on another replica after its answer: median ${percentile(delays, 0.5)}, longest ${percentile(delays, 1)}`,
  );
}

const sandbox = await startSandbox(['omnidesk']);
const redis = whyNoRedis === undefined ? await startRedis() : undefined;
const environment = {
  ...sandbox.settings,
  ...(redis && { REDIS_URL: redis.url }),
  LIVE_EVERY_MS: '60000',
  LIVE_AT_MOST_MS: '60000',
  MAX_STREAMS: '100000',
  MAX_STREAMS_PER_CALLER: '100000',
};
const replicas = [await startReplica(environment), ...(redis ? [await startReplica(environment)] : [])];
const [first, second] = replicas;
if (second) await measureOther(first!, second);
else console.log(`not measured on another replica: ${whyNoRedis}`);
await measureMany(first!);
await Promise.all(replicas.map((replica) => replica.kill()));
await Promise.all([redis?.close(), sandbox.close()]);
process.exit(0);
