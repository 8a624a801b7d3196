/** Replicas that share live updates through a Redis of the test: which one polls, what subscribers get, and what Redis contains. */
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { LiveReplicas } from '../../../datasources/live/index.ts';
import { connectReplicas } from '../../../datasources/live/redis/index.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { ANY_TICKET, kindsOf, listen } from '../../support/live-listener.ts';
import { findFreePort } from '../../support/free-port.ts';
import { startRedis, whyNoRedis, type RunningRedis } from '../../support/redis.ts';
import { startReplica as startProcess } from '../../support/replica.ts';
import { samplesOf } from '../../support/samples.ts';
import { openStream } from '../../support/stream-text.ts';

const KEY = 'omnidesk';
const { id } = samplesOf(KEY);
const LIVE = { LIVE_EVERY_MS: '200', LIVE_AT_MOST_MS: '400', OMNIDESK_LIVE_CALLS_PER_MINUTE: '100000' };
/** Polls so rarely that only a write can be the reason for an event. */
const RARE = { ...LIVE, LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000' };
/** As `everyMs`: leases so long that none changes hands because the machine is busy. */
const STEADY_MS = 3_000;
const SET = `mutation ($id: ID!, $status: StatusCategory!) { setStatus(input: { ticketIds: [$id], status: $status }) { outcome } }`;

interface Replica extends Endpoint {
  readonly replicas: LiveReplicas;
  /** Loses its connection to Redis with its leases, as a process that is killed, and stops to poll. */
  die(): void;
}

describe.skipIf(whyNoRedis)('replicas', () => {
  let redis: RunningRedis;
  let sandbox: Sandbox;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    const started = await startSandbox([KEY]);
    sandbox = started;
    const client = await createClient({ url: redis.url }).connect();
    await client.flushAll();
    client.destroy();
    onTestFinished(() => started.close());
  });

  interface ReplicaOptions {
    readonly url?: string;
    readonly environment?: Readonly<Record<string, string>>;
    /** Decides how long a lease lasts. Defaults to `LIVE_EVERY_MS`. */
    readonly everyMs?: number;
  }

  async function startReplica(options: ReplicaOptions = {}): Promise<Replica> {
    const { url = redis.url, environment = LIVE, everyMs = Number(environment.LIVE_EVERY_MS) } = options;
    const replicas = await connectReplicas({ url, everyMs });
    const endpoint = await startEndpoint({ ...sandbox.settings, ...environment }, { live: { replicas } });
    onTestFinished(() => endpoint.close());
    return { ...endpoint, replicas, die: () => void replicas.log.close() };
  }

  async function write(to: Pick<Endpoint, 'ask'>, status: string, ticketId = id): Promise<void> {
    const { data } = await to.ask(SET, { id: ticketId, status });
    expect(data.setStatus).toEqual({ outcome: 'APPLIED' });
  }

  /** Changes the ticket without the replicas' knowledge. */
  async function writeElsewhere(status: string, ticketId = id): Promise<void> {
    const other = await startEndpoint(sandbox.settings);
    await write(other, status, ticketId);
    await other.close();
  }

  const holders = (all: readonly Replica[]): Replica[] => all.filter(({ replicas }) => replicas.peers.holds(KEY));
  const callsOf = ({ sources }: Replica): number => sources.live!.stateOf(KEY)!.callsPerMinute;

  async function startTwo(options: ReplicaOptions = {}): Promise<[holder: Replica, other: Replica]> {
    const holder = await startReplica(options);
    const other = await startReplica(options);
    return [holder, other];
  }

  test('one of two polls, and both subscribers get a change once', async () => {
    const [first, second] = await startTwo({ everyMs: STEADY_MS });
    const listeners = [listen(first.sources, { ids: [id] }), listen(second.sources, { ids: [id] })];
    await Promise.all(listeners.map((one) => one.next()));
    await expect.poll(() => holders([first, second]).length).toBe(1);
    // On a very busy machine a lease may run out all the same, and change hands.
    const isPolledByOne = async (): Promise<boolean> => {
      const before = [callsOf(first), callsOf(second)];
      await expect.poll(() => callsOf(first) + callsOf(second)).toBeGreaterThan(before[0]! + before[1]! + 3);
      return callsOf(first) === before[0] || callsOf(second) === before[1];
    };
    await expect.poll(isPolledByOne).toBe(true);
    await writeElsewhere('CLOSED');
    for (const one of listeners) expect(await one.next()).toMatchObject({ kind: 'CHANGED', origin: 'POLL' });
    await isPolledByOne();
    expect(listeners.map(({ events }) => kindsOf(events))).toEqual([
      ['CURRENT', 'CHANGED'],
      ['CURRENT', 'CHANGED'],
    ]);
  });

  test('a write of one replica is seen at the other at once, by ids and by filter', async () => {
    const [first, second] = await startTwo({ environment: RARE });
    const byId = listen(second.sources, { ids: [id] });
    await byId.next();
    const filtered = listen(second.sources, { filter: { ...ANY_TICKET, categories: ['OPEN', 'NEW', 'PENDING'] } });
    await expect.poll(() => callsOf(second)).toBeGreaterThan(1);
    await write(first, 'CLOSED');
    expect(await byId.next()).toMatchObject({ kind: 'CHANGED', origin: 'OWN_WRITE' });
    expect(await filtered.next()).toMatchObject({ kind: 'LEFT', ticketId: id, origin: 'OWN_WRITE' });
  });

  test('the lease of a replica that dies is taken over, and what changed meanwhile is delivered once', async () => {
    const [first, second] = await startTwo();
    const one = listen(first.sources, { ids: [id] });
    await one.next();
    await expect.poll(() => holders([first]).length).toBe(1);
    const other = listen(second.sources, { ids: [id] });
    await other.next();
    await writeElsewhere('PENDING');
    for (const listener of [one, other]) expect(await listener.next()).toMatchObject({ kind: 'CHANGED' });
    first.die();
    one.close();
    await writeElsewhere('CLOSED');
    expect(await other.next()).toMatchObject({ kind: 'CHANGED', origin: 'POLL' });
    expect(holders([second])).toHaveLength(1);
    const after = callsOf(second);
    await expect.poll(() => callsOf(second)).toBeGreaterThan(after + 3);
    expect(kindsOf(other.events)).toEqual(['CURRENT', 'CHANGED', 'CHANGED']);
  });

  test('the holder polls also what only the other watches', async () => {
    const [first, second] = await startTwo({ everyMs: STEADY_MS });
    const { data } = await first.ask('{ tickets(first: 3) { nodes { ... on TicketFields { id } } } }');
    const another = data.tickets.nodes.map((ticket: { id: string }) => ticket.id).find((one: string) => one !== id);
    await listen(first.sources, { ids: [id] }).next();
    await expect.poll(() => holders([first]).length).toBe(1);
    const listener = listen(second.sources, { ids: [another] });
    const filtered = listen(second.sources, { filter: ANY_TICKET });
    await listener.next();
    await expect.poll(() => first.sources.live!.stateOf(KEY)?.watched).toBe(3);
    await writeElsewhere('CLOSED', another);
    for (const one of [listener, filtered]) {
      const events = await one.until(({ kind }) => kind === 'CHANGED');
      expect(events.at(-1)).toMatchObject({ ticketId: another, origin: 'POLL' });
    }
    expect(holders([second])).toEqual([]);
    listener.close();
    filtered.close();
    await expect.poll(() => first.sources.live!.stateOf(KEY)?.watched).toBe(1);
  });

  test('a cursor of one replica is valid at the other', async () => {
    const [first, second] = await startTwo({ environment: RARE });
    const { data } = await first.ask('{ liveCursor }');
    await write(first, 'CLOSED');
    const listener = listen(second.sources, { ids: [id], after: data.liveCursor });
    expect(await listener.next()).toMatchObject({ kind: 'CHANGED', ticketId: id, origin: 'OWN_WRITE' });
    const quiet = listen(second.sources, { ids: [id], after: listener.events[0]!.cursor });
    await write(first, 'OPEN');
    expect((await quiet.until(({ origin }) => origin === 'OWN_WRITE')).length).toBe(1);
  });

  test('when the process that polls is killed, another finds the changes', { tags: ['full'] }, async () => {
    const environment = { ...sandbox.settings, ...LIVE, REDIS_URL: redis.url };
    const first = await startProcess(environment);
    const query = `subscription { ticketChanged(ids: ["${id}"]) { kind origin } }`;
    const one = await openStream(first.url, query);
    await expect.poll(() => one.text()).toContain('CURRENT');
    const second = await startProcess(environment);
    onTestFinished(() => second.kill());
    const other = await openStream(second.url, query);
    await expect.poll(() => other.text()).toContain('CURRENT');
    await first.kill();
    await writeElsewhere('CLOSED');
    await expect.poll(() => other.text()).toContain('"kind":"CHANGED","origin":"POLL"');
    await write(second, 'OPEN');
    // By the write's own entry, or by a poll that was under way.
    await expect.poll(() => other.text().match(/"kind":"CHANGED"/g)).toHaveLength(2);
  });

  const WATCH = `subscription ($after: String) { ticketChanged(ids: ["${id}"], after: $after) { cursor kind origin changed } }`;
  interface Sent {
    readonly cursor: string;
    readonly kind: string;
    readonly origin: string;
    readonly changed: readonly string[];
  }
  const watchAt = async (url: string, after?: string): Promise<{ all(): Sent[]; text(): string }> => {
    const { text } = await openStream(url, WATCH, { after });
    return {
      text,
      all: () => [...text().matchAll(/"ticketChanged":(\{[^}]*\})/g)].map(([, json]) => JSON.parse(json!) as Sent),
    };
  };
  const reads = (): number =>
    sandbox.vendors[0]!.ledger.filter(({ arrival }) => arrival.method === 'GET' && arrival.target.includes('858462'))
      .length;

  test('a write of one process is seen by another, by its entry and not by a poll', { tags: ['full'] }, async () => {
    const minute = { LIVE_EVERY_MS: '60000', LIVE_AT_MOST_MS: '60000' };
    const environment = { ...sandbox.settings, ...minute, REDIS_URL: redis.url };
    const [first, second] = [await startProcess(environment), await startProcess(environment)];
    onTestFinished(() => Promise.all([first.kill(), second.kill()]).then(() => undefined));
    const streams = [await watchAt(first.url), await watchAt(second.url)];
    for (const { all } of streams) await expect.poll(() => all().map(({ kind }) => kind)).toEqual(['CURRENT']);
    const client = await createClient({ url: redis.url }).connect();
    onTestFinished(() => client.destroy());
    const before = { reads: reads(), entries: (await client.xRange('ticketgraph:live:changes', '-', '+'))!.length };
    await write(second, 'CLOSED');
    for (const { all } of streams) await expect.poll(() => all().length).toBe(2);
    for (const { all } of streams) expect(all()[1]).toMatchObject({ kind: 'CHANGED', origin: 'OWN_WRITE' });
    const entries = (await client.xRange('ticketgraph:live:changes', '-', '+'))!.slice(before.entries);
    expect(entries.map(({ message }) => JSON.parse(message['entry']!) as unknown)).toMatchObject([
      { kind: 'WRITE', ticketId: id },
    ]);
    // Before the write, after it, and once for the subscribers of each process: no poll is due for a minute.
    expect(reads() - before.reads).toBeLessThanOrEqual(4);
  });

  test(
    'a client of a process that is killed resumes at another one, which sends each state once',
    { tags: ['full'] },
    async () => {
      const environment = { ...sandbox.settings, ...LIVE, REDIS_URL: redis.url };
      const first = await startProcess(environment);
      const one = await watchAt(first.url);
      await expect.poll(() => one.all().length).toBe(1);
      await writeElsewhere('PENDING');
      await expect.poll(() => one.all().length).toBe(2);
      const second = await startProcess(environment);
      onTestFinished(() => second.kill());
      await first.kill();
      // No replica polls at present, and the second one has never read the ticket.
      await writeElsewhere('CLOSED');
      const resumed = await watchAt(second.url, one.all().at(-1)!.cursor);
      await expect.poll(() => resumed.all().length).toBe(1);
      const before = reads();
      await expect.poll(reads).toBeGreaterThan(before + 3);
      const again = await watchAt(second.url, resumed.all().at(-1)!.cursor);
      await write(second, 'OPEN');
      // By the write's own entry, or by a poll that was under way.
      await expect.poll(() => again.all().map(({ kind }) => kind)).toEqual(['CHANGED']);
      await expect.poll(() => resumed.all().map(({ kind }) => kind)).toEqual(['CHANGED', 'CHANGED']);
    },
  );

  test(
    'SIGTERM ends the streams of a process with a reason, and they go on at another',
    { tags: ['full'] },
    async () => {
      const environment = { ...sandbox.settings, ...LIVE, REDIS_URL: redis.url, SHUTDOWN_GRACE_MS: '600000' };
      const [first, second] = [await startProcess(environment), await startProcess(environment)];
      onTestFinished(() => second.kill());
      const one = await watchAt(first.url);
      await expect.poll(() => one.all().length).toBe(1);
      // Far below the time that requests in flight may take.
      expect(await first.stop()).toBe(0);
      expect(one.text()).toContain('"extensions":{"code":"STREAM_ENDED","retryable":true}');
      expect(one.text()).toContain('event: complete');
      const resumed = await watchAt(second.url, one.all()[0]!.cursor);
      await write(second, 'CLOSED');
      // By the write's own entry, or by a poll that was under way.
      await expect.poll(() => resumed.all().map(({ kind }) => kind)).toEqual(['CHANGED']);
    },
  );

  test('Redis contains ids and names of fields, and nothing else of a ticket', async () => {
    const [first] = await startTwo();
    const listener = listen(first.sources, { ids: [id] });
    const { ticket } = await listener.next();
    await write(first, 'PENDING');
    await listener.next();
    await writeElsewhere('CLOSED');
    await listener.next();
    const client = await createClient({ url: redis.url }).connect();
    const entries = await client.xRange('ticketgraph:live:changes', '-', '+');
    client.destroy();
    const text = JSON.stringify(entries);
    expect(text).toContain(id);
    expect(text).toContain('status');
    expect(text).not.toContain(ticket!.title!);
    const names = entries!.flatMap(({ message }) => Object.keys(JSON.parse(message['entry']!)));
    expect(new Set(names)).toEqual(new Set(['kind', 'ticketId', 'group', 'filter', 'changed', 'movedTo']));
  });

  test('while Redis is down, each replica looks itself, and says that its view is behind', async () => {
    const port = await findFreePort();
    const own = await startRedis(port);
    const replica = await startReplica({ url: own.url });
    const listener = listen(replica.sources, { ids: [id] });
    await listener.next();
    await own.close();
    expect(await listener.next()).toMatchObject({ kind: 'STALE', source: KEY, failure: { kind: 'unavailable' } });
    await writeElsewhere('CLOSED');
    expect(await listener.next()).toMatchObject({ kind: 'CHANGED', ticketId: id });
    const again = await startRedis(port);
    onTestFinished(() => again.close());
    const events = await listener.until(({ kind }) => kind === 'FRESH');
    // What its stream contained is lost with it.
    expect(kindsOf(events)).toEqual(['RESYNC', 'FRESH']);
    await writeElsewhere('OPEN');
    expect(await listener.next()).toMatchObject({ kind: 'CHANGED', ticketId: id });
  });

  test('after a pause of Redis, entries of other replicas are read', async () => {
    const [first, second] = await startTwo();
    const listener = listen(second.sources, { ids: [id] });
    await listener.next();
    redis.freeze();
    expect(await listener.next()).toMatchObject({ kind: 'STALE' });
    redis.thaw();
    expect(await listener.next()).toMatchObject({ kind: 'FRESH' });
    await expect.poll(() => first.replicas.peers.isConnected).toBe(true);
    await write(first, 'CLOSED');
    expect(await listener.next()).toMatchObject({ kind: 'CHANGED', ticketId: id });
  });
});
