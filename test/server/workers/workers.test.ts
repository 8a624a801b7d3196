/**
 * Several workers on one port. The vendors run in the test's process, so that their ledgers outlive every worker.
 *
 * @module-tag full
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../sandbox/index.ts';
import type { LedgerEntry, RunningVendor } from '../../../sandbox/server.ts';
import { findFreePort } from '../../support/free-port.ts';
import { openStream } from '../../support/stream-text.ts';
import { startWithWorkers, type Connection, type RunningWorkers } from '../../support/workers.ts';

/** Only the event matters, no matter when. */
const SOON = { interval: 10 };

const ID = 'omnidesk:858462';
const READ = `{ ticket(id: "${ID}") { ... on TicketFields { status { category } } } }`;
const EXECUTE = `mutation ($input: ExecuteActionInput!) { payload: executeAction(input: $input) {
  outcome replayed problems { code retryable } transition { ... on TransitionFields { ticketId at } } } }`;

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly object[];
}

async function execute(connection: Connection, input: Readonly<Record<string, unknown>>): Promise<Payload> {
  const { data, errors } = await connection.ask(EXECUTE, { input });
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

async function startVendors() {
  const sandbox = await startSandbox(['omnidesk', 'akana']);
  onTestFinished(() => sandbox.close());
  const [omnidesk, akana] = sandbox.vendors as [RunningVendor, RunningVendor];
  return { settings: sandbox.settings, omnidesk, akana };
}

const isSignIn = ({ arrival }: LedgerEntry): boolean => arrival.path.startsWith('/api/login');

/** Writes to one ticket. */
const writes = ({ ledger }: RunningVendor, id: string): LedgerEntry[] =>
  ledger.filter((entry) => {
    const { method, path, body } = entry.arrival;
    return method !== 'GET' && !isSignIn(entry) && `${path} ${body}`.includes(id);
  });

const reads = ({ ledger }: RunningVendor): LedgerEntry[] => ledger.filter(({ arrival }) => arrival.method === 'GET');

/** Holds responses to requests that arrive from now on, until the returned function is called. */
function hold(vendor: RunningVendor): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  vendor.faults = () => ({ kind: 'hold', until: promise });
  return () => resolve(undefined);
}

/** A connection that node:cluster hands to a worker which is killed at that moment is never answered. */
const limited = (): AbortSignal => AbortSignal.timeout(2_000);

/** Resolves when the port refuses connections. */
async function untilClosed(running: RunningWorkers): Promise<void> {
  const url = await running.ready;
  const look = () =>
    fetch(url, { signal: limited() }).then(
      () => 'open',
      (error: unknown) => ((error as Error).name === 'TimeoutError' ? 'open' : 'closed'),
    );
  await expect.poll(look, SOON).toBe('closed');
}

/** The log is written with a delay. */
async function pidsOf(running: RunningWorkers): Promise<number[]> {
  const find = () => running.log().find(({ msg }) => msg === 'all workers listen');
  await expect.poll(find, SOON).toBeDefined();
  return find()!['pids'] as number[];
}

async function connectMany(running: RunningWorkers, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (let n = 0; n < count; n += 1) connections.push(await running.connect());
  return connections;
}

async function connectToBoth(running: RunningWorkers): Promise<readonly [Connection, Connection]> {
  return (await running.connectToEach(2)) as [Connection, Connection];
}

/** Code that every process of the server runs first. */
const preload = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-workers-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function scrape(connection: Connection): Promise<string> {
  const { status, text } = await connection.get('/metrics');
  expect(status).toBe(200);
  return text;
}

function metric(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

const QUERIES = 'ticketgraph_operations_total{type="query",result="ok",caller="anonymous"}';

describe('serving', () => {
  test('the limit on requests is divided, so that it holds for all workers together', async () => {
    const { settings, omnidesk } = await startVendors();
    const LIMIT = { RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '60' };
    const running = startWithWorkers({ ...settings, ...LIMIT });
    await running.ready;
    const startedAt = performance.now();
    const both = await connectToBoth(running);
    const admitted = async (connection: Connection): Promise<number> => {
      let count = 0;
      for (let n = 0; n < 60; n += 1) {
        const { errors } = await connection.ask(READ);
        if (!errors) count += 1;
        else expect(errors[0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
      }
      return count;
    };
    const counts = [await admitted(both[0]), await admitted(both[1])] as const;
    const refilled = 2 + (performance.now() - startedAt) / 1_000;
    for (const count of counts) expect(count).toBeGreaterThan(10);
    expect(counts[0] + counts[1]).toBeLessThanOrEqual(60 + refilled);
    expect(reads(omnidesk)).toHaveLength(counts[0] + counts[1]);
    const limited = metric(await scrape(both[0]), 'ticketgraph_rate_limited_total{caller="anonymous"}');
    expect(limited).toBeGreaterThanOrEqual(120 - counts[0] - counts[1]);
  });

  test('PORT=0 gives one port, over which connections are spread evenly', async () => {
    const { settings } = await startVendors();
    const running = startWithWorkers(settings);
    const byWorker = Map.groupBy(await connectMany(running, 20), ({ pid }) => pid);
    expect([...byWorker.keys()].toSorted()).toEqual((await pidsOf(running)).toSorted());
    expect([...byWorker.values()].map(({ length }) => length)).toEqual([10, 10]);
    expect(byWorker.has(running.pid)).toBe(false);
    expect(running.output().match(/is ready at/g)).toHaveLength(1);
  });

  test('metrics of all workers are added up, and those of a killed one stay in the sum', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const both = await connectToBoth(running);
    const [one, other] = both;
    const before = metric(await scrape(one), QUERIES);
    for (let n = 0; n < 7; n += 1) await one.ask(READ);
    for (let n = 0; n < 4; n += 1) await other.ask(READ);
    for (const connection of both) {
      const text = await scrape(connection);
      expect(metric(text, QUERIES)).toBe(before + 11);
      expect(metric(text, 'ticketgraph_request_duration_seconds_count{type="query"}')).toBe(before + 11);
      const calls =
        'vendor="omnidesk",source="omnidesk",operation="GET /api/v2/ticket/:id",result="ok",caller="anonymous"';
      expect(metric(text, `ticketgraph_upstream_calls_total{${calls}}`)).toBe(reads(omnidesk).length);
      // Not 2, although it holds for both.
      expect(metric(text, 'ticketgraph_breaker_state{vendor="omnidesk",source="omnidesk",state="closed"}')).toBe(1);
      expect(text).not.toMatch(/ null$/m);
    }
    process.kill(one.pid, 'SIGKILL');
    await expect.poll(() => running.log().some(({ signal }) => signal === 'SIGKILL'), SOON).toBe(true);
    expect(metric(await scrape(other), QUERIES)).toBe(before + 11);
    await connectToBoth(running);
    expect(metric(await scrape(other), QUERIES)).toBeGreaterThanOrEqual(before + 13);
  });

  test('a write through one worker is visible through the other at once, although reads are cached', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers({ ...settings, OMNIDESK_CACHE_MS: '600000' });
    const [one, other] = await connectToBoth(running);
    const status = async () => (await other.ask(READ)).data.ticket.status.category as string;
    const steps = [
      ['status.pending', 'PENDING'],
      ['status.solved', 'SOLVED'],
      ['status.pending', 'PENDING'],
    ] as const;
    for (const [action, category] of steps) {
      await status();
      const before = reads(omnidesk).length;
      await status();
      // From its cache.
      expect(reads(omnidesk)).toHaveLength(before);
      expect(await execute(one, { ticketId: ID, action })).toMatchObject({ outcome: 'APPLIED' });
      expect(await status()).toBe(category);
    }
  });

  test('with a cache, a read does not join one that began before a write through another worker', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers({ ...settings, OMNIDESK_CACHE_MS: '600000' });
    const connections = await connectMany(running, 4);
    const [one, other] = [connections[0]!, connections[1]!];
    const again = connections.find((connection) => connection !== other && connection.pid === other.pid)!;
    expect(one.pid).not.toBe(other.pid);
    const release = hold(omnidesk);
    const early = other.ask(READ);
    await expect.poll(() => reads(omnidesk).length, SOON).toBe(1);
    omnidesk.faults = undefined;
    await execute(one, { ticketId: ID, action: 'status.solved' });
    expect((await again.ask(READ)).data.ticket.status.category).toBe('SOLVED');
    release();
    await early;
  });

  test('workers share the limit on concurrent calls of a vendor', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers({ ...settings, OMNIDESK_CONCURRENCY: '3' });
    const connections = await connectMany(running, 20);
    const release = hold(omnidesk);
    const ids = omnidesk.vendor.ticketIds();
    const asked = connections.map((connection, index) =>
      connection.ask(`{ ticket(id: "omnidesk:${ids[index]}") { ... on TicketFields { id } } }`),
    );
    const watcher = await running.connect();
    const queued = async () =>
      metric(await scrape(watcher), 'ticketgraph_queue_length{vendor="omnidesk",source="omnidesk"}');
    await expect.poll(queued, SOON).toBe(17);
    expect(reads(omnidesk)).toHaveLength(3);
    release();
    for (const { data } of await Promise.all(asked)) expect(data.ticket.id).toMatch(/^omnidesk:/);
  });

  test('all workers serve the tickets of one sandbox, and the pages', async () => {
    const running = startWithWorkers({});
    const [one, other] = await connectToBoth(running);
    expect(running.output().match(/SANDBOX/g)).toHaveLength(1);
    const ticketId = 'akana:ticket25687.acmepaymentscorp';
    expect(await execute(one, { ticketId, action: 'ticket.action.resolve' })).toMatchObject({ outcome: 'APPLIED' });
    const read = `{ ticket(id: "${ticketId}") { ... on TicketFields { status { category } } } }`;
    expect((await other.ask(read)).data.ticket.status.category).toBe('SOLVED');
    for (const connection of [one, other]) expect((await connection.get('/console')).status).toBe(200);
    expect((await one.get('/')).text).toBe((await other.get('/')).text);
  });

  test('/health/ready answers 503 until all workers listen', async () => {
    const { settings } = await startVendors();
    const go = join(makeFolder(), 'go');
    const port = await findFreePort();
    const wait = `import { existsSync } from 'node:fs';
      if (process.env.TICKETGRAPH_WORKER?.includes('"index":1'))
        while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 20));`;
    const running = startWithWorkers({ ...settings, PORT: String(port), ...preload(wait) });
    const health = async (): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
      return response && [response.status, ((await response.json()) as { status: string }).status];
    };
    await expect.poll(health, SOON).toEqual([503, 'starting']);
    expect(running.output()).not.toContain('ready at');
    writeFileSync(go, '');
    await running.ready;
    for (let n = 0; n < 4; n += 1) expect(await health()).toEqual([200, 'ready']);
  });
});

describe('idempotency keys', () => {
  test('a hundred requests with one key to two workers send one write and get one report', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const connections = await connectMany(running, 100);
    expect(new Set(connections.map(({ pid }) => pid)).size).toBe(2);
    const id = omnidesk.vendor.ticketIds()[25]!;
    omnidesk.faults = () => ({ kind: 'delay', delayMs: 100 });
    const input = { ticketId: `omnidesk:${id}`, action: 'priority.urgent', idempotencyKey: 'a hundred' };
    const payloads = await Promise.all(connections.map((connection) => execute(connection, input)));
    const first = payloads.filter(({ replayed }) => !replayed);
    expect(first).toMatchObject([{ outcome: 'APPLIED' }]);
    expect(payloads.filter(({ replayed }) => replayed)).toEqual(Array(99).fill({ ...first[0], replayed: true }));
    expect(writes(omnidesk, id)).toHaveLength(1);
  });

  test('a write whose worker was killed after sending is UNKNOWN for all workers, and never sent again', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const [one, other] = await connectToBoth(running);
    const id = omnidesk.vendor.ticketIds()[30]!;
    const input = { ticketId: `omnidesk:${id}`, action: 'priority.high', idempotencyKey: 'killed after' };
    omnidesk.faults = ({ method }) => (method === 'GET' ? undefined : { kind: 'silent', applied: true });
    const lost = expect(execute(one, input)).rejects.toThrow();
    await expect.poll(() => writes(omnidesk, id).length, SOON).toBe(1);
    process.kill(one.pid, 'SIGKILL');
    await lost;
    omnidesk.faults = undefined;
    const unknown = { outcome: 'UNKNOWN', replayed: true, problems: [{ code: 'OUTCOME_UNKNOWN', retryable: false }] };
    expect(await execute(other, input)).toMatchObject(unknown);
    for (const connection of await connectToBoth(running)) {
      expect(connection.pid).not.toBe(one.pid);
      expect(await execute(connection, input)).toMatchObject(unknown);
    }
    expect(writes(omnidesk, id)).toHaveLength(1);
  });

  test('a write whose worker was killed before sending is sent once by another', async () => {
    const { settings, akana } = await startVendors();
    const running = startWithWorkers(settings);
    const [one, other] = await connectToBoth(running);
    const id = 'ticket25687.acmepaymentscorp';
    const signIns = () => akana.ledger.filter(isSignIn).length;
    akana.faults = () => (signIns() === 1 ? { kind: 'silent', applied: false } : undefined);
    const input = { ticketId: `akana:${id}`, action: 'ticket.action.resolve', idempotencyKey: 'killed before' };
    const lost = expect(execute(one, input)).rejects.toThrow();
    await expect.poll(signIns, SOON).toBe(1);
    process.kill(one.pid, 'SIGKILL');
    await lost;
    expect(writes(akana, id)).toEqual([]);
    const applied = await execute(other, input);
    expect(applied).toMatchObject({ outcome: 'APPLIED', replayed: false, problems: [] });
    expect(await execute(other, input)).toEqual({ ...applied, replayed: true });
    expect(writes(akana, id)).toHaveLength(1);
  });
});

describe('workers that end', () => {
  test('the port answers while a worker is killed, and another takes its place', async () => {
    const { settings } = await startVendors();
    const running = startWithWorkers(settings);
    const [one, other] = await connectToBoth(running);
    process.kill(one.pid, 'SIGKILL');
    await expect.poll(() => running.log().some(({ signal }) => signal === 'SIGKILL'), SOON).toBe(true);
    // Rejects if a connection is refused.
    const pids = new Set<number>();
    while (pids.size < 2) pids.add((await running.connect()).pid);
    expect(pids).toContain(other.pid);
    expect(pids).not.toContain(one.pid);
    const line = running.log().find(({ signal }) => signal === 'SIGKILL');
    expect(line).toMatchObject({ level: 'warn', pid: running.pid, restartInMs: 100 });
    running.signal('SIGTERM');
    expect(await running.exited).toBe(0);
  });

  test('a worker that gets SIGTERM finishes its requests, and another takes its place', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const [one, other] = await connectToBoth(running);
    const release = hold(omnidesk);
    const write = execute(one, { ticketId: ID, action: 'status.solved' });
    await expect.poll(() => omnidesk.ledger.length, SOON).toBe(1);
    process.kill(one.pid, 'SIGTERM');
    await expect.poll(async () => (await running.connectToEach(1))[0]?.pid, SOON).toBe(other.pid);
    release();
    expect(await write).toMatchObject({ outcome: 'APPLIED' });
    await expect.poll(() => running.log().some(({ code }) => code === 0), SOON).toBe(true);
    const pids = (await connectToBoth(running)).map(({ pid }) => pid);
    expect(pids).toContain(other.pid);
    expect(pids).not.toContain(one.pid);
  });

  test('with PORT=0 the port stays the same although all workers were killed', async () => {
    const { settings } = await startVendors();
    const running = startWithWorkers(settings);
    const url = await running.ready;
    const before = await pidsOf(running);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    const health = () => fetch(new URL('/health/ready', url), { signal: limited() }).then(({ status }) => status);
    await expect.poll(() => health().catch(() => 0), SOON).toBe(200);
    for (const { pid } of await connectToBoth(running)) expect(before).not.toContain(pid);
  });

  test('a worker that keeps ending stops the server with 1, after requests in flight', async () => {
    const { settings, omnidesk } = await startVendors();
    const broken = join(makeFolder(), 'broken');
    const code = `import { existsSync } from 'node:fs';
      if (process.env.TICKETGRAPH_WORKER && existsSync(${JSON.stringify(broken)})) process.exit(3);`;
    const running = startWithWorkers({ ...settings, ...preload(code) });
    const [one, other] = await connectToBoth(running);
    writeFileSync(broken, '');
    process.kill(one.pid, 'SIGKILL');
    await expect.poll(() => running.log().filter(({ code: exitCode }) => exitCode === 3).length, SOON).toBe(4);
    const release = hold(omnidesk);
    const write = execute(other, { ticketId: ID, action: 'status.solved' });
    await untilClosed(running);
    release();
    expect(await write).toMatchObject({ outcome: 'APPLIED' });
    expect(await running.exited).toBe(1);
    const ends = running.log().filter(({ msg }) => String(msg).startsWith('A worker ended'));
    expect(ends.map(({ code: exitCode, signal }) => exitCode ?? signal)).toEqual(['SIGKILL', 3, 3, 3, 3, 3]);
    expect(ends.at(-1)).toMatchObject({ level: 'error' });
  });

  test('a setting that proves invalid in the workers is printed once', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { settings } = await startVendors();
    const { port } = taken.address() as AddressInfo;
    const busy = startWithWorkers({ ...settings, PORT: String(port) });
    const invalid = startWithWorkers({ ...settings, STORE_PATH: '/dev/null' });
    expect(await Promise.all([busy.exited, invalid.exited])).toEqual([1, 1]);
    expect(busy.output()).toMatch(/^PORT \d+ is already in use on 127\.0\.0\.1 \(EADDRINUSE\)\. .*\.\n$/);
    expect(invalid.output()).toMatch(/^STORE_PATH cannot hold the idempotency store \(\w+\)\. .*\.$/m);
    expect(invalid.output().match(/STORE_PATH cannot/g)).toHaveLength(1);
  });
});

describe('shutdown', () => {
  test('SIGTERM loses no request: those in flight are answered, and what reaches a vendor is', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const connections = await connectMany(running, 20);
    expect(new Set(connections.map(({ pid }) => pid)).size).toBe(2);
    const ids = omnidesk.vendor.ticketIds();
    const release = hold(omnidesk);
    const held = connections.map((connection, index) =>
      execute(connection, { ticketId: `omnidesk:${ids[index]}`, action: 'priority.low' }),
    );
    await expect.poll(() => omnidesk.ledger.length, SOON).toBe(20);
    omnidesk.faults = undefined;
    // Clients that open connections until these are refused.
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const input = { ticketId: ID, action: 'priority.high' };
        const { data } = await running.askAlone(EXECUTE, { input });
        expect(data.payload).toMatchObject({ outcome: 'APPLIED' });
        answered += 1;
      }
    };
    const clients = [1, 2, 3, 4].map(() => expect(client()).rejects.toThrow(/ECONN|other side closed/));
    await expect.poll(() => answered, SOON).toBeGreaterThan(20);
    running.signal('SIGTERM');
    running.signal('SIGTERM');
    running.signal('SIGINT');
    await untilClosed(running);
    release();
    for (const payload of await Promise.all(held)) expect(payload).toMatchObject({ outcome: 'APPLIED' });
    expect(await running.exited).toBe(0);
    await Promise.all(clients);
    expect(omnidesk.ledger.filter(({ end }) => end !== 'answered')).toEqual([]);
    expect(omnidesk.ledger).toHaveLength(20 + answered);
  });

  test('all workers report draining and still serve during SHUTDOWN_DELAY_MS', async () => {
    const { settings } = await startVendors();
    const running = startWithWorkers({ ...settings, SHUTDOWN_DELAY_MS: '4000' });
    const both = await connectToBoth(running);
    running.signal('SIGTERM');
    for (const connection of both) {
      await expect.poll(async () => (await connection.get('/health/ready')).status, SOON).toBe(503);
      expect((await connection.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    }
    expect(await running.exited).toBe(0);
  });

  test('if the primary process is killed, its workers finish their requests and end', async () => {
    const { settings, omnidesk } = await startVendors();
    const running = startWithWorkers(settings);
    const both = await connectToBoth(running);
    const release = hold(omnidesk);
    const ids = omnidesk.vendor.ticketIds();
    const held = both.map((connection, index) =>
      execute(connection, { ticketId: `omnidesk:${ids[index]}`, action: 'priority.low' }),
    );
    await expect.poll(() => omnidesk.ledger.length, SOON).toBe(2);
    running.signal('SIGKILL');
    await untilClosed(running);
    release();
    for (const payload of await Promise.all(held)) expect(payload).toMatchObject({ outcome: 'APPLIED' });
    // Its pipes are closed when the last process has ended.
    expect(await running.exited).toBeNull();
  });
});

test('a write through one worker is seen by subscribers of the other at once', async () => {
  const { settings } = await startVendors();
  const running = startWithWorkers({ ...settings, LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000' });
  const [writer] = await connectToBoth(running);
  const query = `subscription { ticketChanged(ids: ["${ID}"]) { kind origin } }`;
  const address = await running.ready;
  // Connections are handed out in turn, so that these are streams of both workers.
  const streams = await Promise.all([1, 2, 3, 4].map(() => openStream(address, query)));
  for (const stream of streams) await expect.poll(() => stream.text(), SOON).toContain('CURRENT');
  expect(await execute(writer, { ticketId: ID, action: 'status.solved' })).toMatchObject({ outcome: 'APPLIED' });
  for (const stream of streams) await expect.poll(() => stream.text(), SOON).toContain('"OWN_WRITE"');
});
