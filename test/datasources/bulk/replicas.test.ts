/** Bulk jobs of replicas that share a Redis: no ticket is sent twice, none is missing, whichever of them ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRedisLedger } from '../../../datasources/bulk/redis-ledger.ts';
import { useRedis } from '../../support/bulk-engines.ts';
import {
  FIELDS,
  SOLVE,
  allResults,
  countsOf,
  expectSound,
  findJob,
  follow,
  startBulk,
  type Json,
} from '../../support/bulk.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { startManyTickets, type ManyTickets } from '../../support/many-tickets.ts';
import { startDurableRedis, whyNoRedis } from '../../support/redis.ts';
import { startReplica, type Replica } from '../../support/replica.ts';

const ACTION = { executeAction: { action: 'status.solved' } };

async function startVendor(count: number): Promise<ManyTickets> {
  const vendor = await startManyTickets(count);
  onTestFinished(() => vendor.close());
  return vendor;
}

/** Resolves when the vendor has received so many writes. */
function createCounter(vendor: ManyTickets, delayMs = 0): (writes: number) => Promise<void> {
  const waiting: { readonly writes: number; resolve(): void }[] = [];
  vendor.beforeWrite = () => {
    for (const { writes, resolve } of waiting) if (vendor.writes >= writes) resolve();
    return sleep(delayMs);
  };
  return (writes) =>
    new Promise((resolve) => {
      if (vendor.writes >= writes) resolve();
      else waiting.push({ writes, resolve });
    });
}

describe.skipIf(whyNoRedis)('replicas', () => {
  const redis = useRedis();

  async function startEndpoints(
    vendor: ManyTickets,
    settings: Record<string, string> = {},
    url = redis().url,
  ): Promise<[Endpoint, Endpoint]> {
    const environment = { ...vendor.settings, REDIS_URL: url, ...settings };
    const endpoints = await Promise.all([startEndpoint(environment), startEndpoint(environment)]);
    onTestFinished(async () => {
      await Promise.all(endpoints.map((endpoint) => endpoint.close(0)));
      expect(endpoints.flatMap(({ defects }) => defects)).toEqual([]);
    });
    return endpoints;
  }

  const environmentOf = (vendor: ManyTickets): Record<string, string> => ({
    ...vendor.settings,
    REDIS_URL: redis().url,
  });

  async function startReplicas(vendor: ManyTickets): Promise<Replica[]> {
    const replicas = await Promise.all([1, 2].map(() => startReplica(environmentOf(vendor))));
    onTestFinished(async () => {
      await Promise.all(replicas.map((replica) => replica.kill()));
    });
    return replicas;
  }

  test('a job goes on while its replicas are killed in turn', async () => {
    const vendor = await startVendor(1_500);
    const reached = createCounter(vendor, 10);
    const replicas = await startReplicas(vendor);
    const { job } = await startBulk(replicas[0]!, { work: ACTION, tickets: { ids: vendor.ids } });
    let wrongSums = 0;
    const check = (now: Json): void => void (wrongSums += Number(countsOf(now) !== now.total));
    for (const [turn, writes] of [300, 600, 900].entries()) {
      await reached(writes);
      const killed = turn % 2;
      await replicas[killed]!.kill();
      check(await findJob(replicas[1 - killed]!, job.id));
      replicas[killed] = await startReplica(environmentOf(vendor));
    }
    const done = await follow(replicas[0]!, job.id, undefined, check);
    expect(wrongSums).toBe(0);
    await expectSound(vendor, replicas[0]!, done);
  });

  test('10,000 tickets, with one of two replicas killed every 2 s', { tags: ['full'], timeout: 300_000 }, async () => {
    const vendor = await startVendor(10_000);
    vendor.beforeWrite = () => sleep(2);
    const replicas = await startReplicas(vendor);
    const { job } = await startBulk(replicas[0]!, { work: ACTION, tickets: { ids: vendor.ids } });
    let [kills, wrongSums] = [0, 0];
    for (;;) {
      await sleep(2_000);
      const killed = kills % 2;
      const now = await findJob(replicas[1 - killed]!, job.id);
      wrongSums += Number(countsOf(now) !== now.total);
      if (now.state === 'DONE') break;
      await replicas[killed]!.kill();
      kills += 1;
      replicas[killed] = await startReplica(environmentOf(vendor));
    }
    expect(kills).toBeGreaterThan(1);
    expect(wrongSums).toBe(0);
    await expectSound(vendor, replicas[0]!, await findJob(replicas[0]!, job.id));
  });

  test('tickets that were in flight when both replicas were killed are read', { tags: ['full'] }, async () => {
    const vendor = await startVendor(150);
    const [first, second] = (await startReplicas(vendor)) as [Replica, Replica];
    let isReached = (): void => undefined;
    const reached = new Promise<void>((resolve) => (isReached = resolve));
    // Applied, but not answered.
    vendor.beforeWrite = async () => {
      if (vendor.writes >= 20) isReached();
      await sleep(vendor.writes >= 20 ? 300 : 0);
    };
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    await reached;
    await Promise.all([first.kill(), second.kill()]);
    vendor.beforeWrite = undefined;
    const third = await startReplica(environmentOf(vendor));
    onTestFinished(() => third.kill());
    const startedAt = performance.now();
    const done = await follow(third, job.id);
    // Twice what it should take: the machine may be busy.
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    await expectSound(vendor, third, done);
    const results = await allResults(third, job.id);
    expect(results.filter(({ reconciled }) => reconciled).length).toBeGreaterThan(0);
  });

  test('a replica that is stopped finishes what is in flight, and another goes on at once', async () => {
    const vendor = await startVendor(400);
    const reached = createCounter(vendor, 5);
    const [first, second] = (await startReplicas(vendor)) as [Replica, Replica];
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    await reached(60);
    expect(await first.stop()).toBe(0);
    expect(first.complaints()).toBe('');
    expect(await follow(second, job.id)).toMatchObject({ state: 'DONE', applied: 400, unknown: 0 });
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('two replicas share the work, and the same key at both is one job', async () => {
    const vendor = await startVendor(1_000);
    const [first, second] = await startEndpoints(vendor);
    const input = { work: SOLVE, tickets: { ids: vendor.ids }, idempotencyKey: 'monday' };
    const [one, other] = await Promise.all([startBulk(first, input), startBulk(second, input)]);
    expect([one.problems, other.problems]).toEqual([[], []]);
    expect(other.job.id).toBe(one.job.id);
    await follow(second, one.job.id, undefined, (now) => expect(countsOf(now)).toBe(now.total));
    expect(await findJob(first, one.job.id)).toMatchObject({ state: 'DONE', total: 1_000, applied: 1_000 });
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('a job that is canceled at one replica begins no further ticket at the other', async () => {
    const vendor = await startVendor(500);
    let release = (): void => undefined;
    const released = new Promise<void>((go) => (release = go));
    vendor.beforeWrite = () => released;
    const [first, second] = await startEndpoints(vendor, { OMNIDESK_CONCURRENCY: '4' });
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    const { inFlight } = await follow(first, job.id, (now) => now.inFlight === 2 && vendor.writes === 2);
    const query = `mutation($id: ID!) { cancelBulk(input: { id: $id }) { job { ${FIELDS} } problems { code } } }`;
    const answer = (await second.ask(query, { id: job.id })) as Json;
    expect(answer.data.cancelBulk).toMatchObject({ job: { state: 'CANCELLING', inFlight }, problems: [] });
    release();
    expect(await follow(first, job.id)).toMatchObject({ state: 'CANCELLED', applied: 2, waiting: 498, inFlight: 0 });
    expect(vendor.writes).toBe(2);
  });

  test('unknown outcomes at all replicas count to stopAfterUnknown', async () => {
    const vendor = await startVendor(1_000);
    vendor.answer = () => ({ status: 500 });
    const [first, second] = await startEndpoints(vendor, { OMNIDESK_CONCURRENCY: '4' });
    const input = { work: ACTION, tickets: { ids: vendor.ids }, stopAfterUnknown: 5 };
    const { job } = await startBulk(first, input);
    const stopped = await follow(second, job.id);
    expect(stopped).toMatchObject({ state: 'CANCELLED', problem: { code: 'OUTCOME_UNKNOWN' }, inFlight: 0 });
    expect(stopped.problem.message).toMatch(/^Stopped: \d tickets/);
    expect(stopped.unknown).toBe(vendor.writes);
    expect(vendor.writes).toBeLessThan(10);
  });

  test('atMostPerSecond holds for all replicas together', async () => {
    const vendor = await startVendor(60);
    const times: number[] = [];
    vendor.beforeWrite = async () => void times.push(performance.now());
    const [first] = await startEndpoints(vendor);
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids }, atMostPerSecond: 20 });
    expect(await follow(first, job.id)).toMatchObject({ state: 'DONE', applied: 60 });
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(1_900);
  });

  test(
    'a ticket that ends the process each time that it is prepared holds up neither the job nor the others',
    { tags: ['full'] },
    async () => {
      const vendor = await startVendor(3);
      const ledger = createRedisLedger(redis().url, 60_000);
      onTestFinished(() => ledger.close());
      const starter = await startReplica({ ...environmentOf(vendor), OMNIDESK_CONCURRENCY: '4' });
      vendor.beforeWrite = () => new Promise(() => undefined);
      const { job } = await startBulk(starter, { work: ACTION, tickets: { ids: vendor.ids } });
      await follow(starter, job.id, ({ inFlight }) => inFlight === 1 && vendor.writes === 1);
      await starter.kill();
      vendor.beforeWrite = undefined;
      // What processes do that end after each start: they take the tickets, and nothing more. From the fourth on, they take
      // the first alone, which shows that it is the cause.
      const id = job.id.slice('bulk-job:'.length);
      for (let crash = 0; crash < 11; crash += 1) await ledger.take(id, 'omnidesk 0');
      const last = await startReplica(environmentOf(vendor));
      onTestFinished(() => last.kill());
      const counts = { applied: 1, notApplied: 1, unknown: 1, inFlight: 0 };
      expect(await follow(last, job.id)).toMatchObject({ state: 'DONE', ...counts });
      expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([1, 0, 1]);
    },
  );

  test('while Redis is down nothing is sent, and the job goes on when it is back', async () => {
    const durable = await startDurableRedis();
    onTestFinished(() => durable.close());
    const vendor = await startVendor(600);
    const reached = createCounter(vendor, 5);
    const [first, second] = await startEndpoints(vendor, {}, durable.url);
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    await reached(100);
    await durable.stop();
    const query = 'query($id: ID!) { bulkJob(id: $id) { state } }';
    const ask = async (): Promise<string> =>
      ((await first.ask(query, { id: job.id })) as Json).errors[0].extensions.code;
    expect(await ask()).toBe('IDEMPOTENCY_UNAVAILABLE');
    const other = await startBulk(second, { work: ACTION, tickets: { ids: vendor.ids } });
    expect(other).toMatchObject({ job: null, problems: [{ code: 'IDEMPOTENCY_UNAVAILABLE' }] });
    const writesWithin = async (ms: number): Promise<number> => {
      const { writes } = vendor;
      await sleep(ms);
      return vendor.writes - writes;
    };
    // What was marked before may still arrive.
    await expect.poll(() => writesWithin(300)).toBe(0);
    expect(await writesWithin(1_000)).toBe(0);
    expect(await ask()).toBe('IDEMPOTENCY_UNAVAILABLE');
    await durable.start();
    const done = await follow(second, job.id, undefined, (now) => expect(countsOf(now)).toBe(now.total));
    await expectSound(vendor, first, done);
  });

  test('a Redis that hangs for longer than a command may take loses no ticket, and sends none twice', async () => {
    const vendor = await startVendor(600);
    const reached = createCounter(vendor, 5);
    const [first, second] = await startEndpoints(vendor);
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    await reached(100);
    redis().freeze();
    onTestFinished(() => redis().thaw());
    await sleep(3_500);
    redis().thaw();
    const done = await follow(second, job.id, undefined, (now) => expect(countsOf(now)).toBe(now.total));
    await expectSound(vendor, first, done);
  });

  test('a replica that stands still and goes on later sends nothing that another has', { tags: ['full'] }, async () => {
    const vendor = await startVendor(600);
    const reached = createCounter(vendor, 5);
    const [first, second] = (await startReplicas(vendor)) as [Replica, Replica];
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    await reached(60);
    process.kill(first.pid, 'SIGSTOP');
    const done = await follow(second, job.id);
    process.kill(first.pid, 'SIGCONT');
    // The one that stood still answers again, and has nothing left to do.
    expect(await findJob(first, job.id)).toEqual(done);
    expect(await first.stop()).toBe(0);
    expect(first.complaints()).toBe('');
    await expectSound(vendor, second, await findJob(second, job.id));
  });

  test('after Redis has lost all data, a job is gone, and nothing is sent twice', async () => {
    const vendor = await startVendor(500);
    const reached = createCounter(vendor, 5);
    const [first, second] = await startEndpoints(vendor);
    const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
    const client = await createClient({ url: redis().url }).connect();
    onTestFinished(() => client.destroy());
    await reached(100);
    await client.flushAll();
    const { writes } = vendor;
    expect([await findJob(first, job.id), await findJob(second, job.id)]).toEqual([null, null]);
    const next = await startBulk(second, { work: ACTION, tickets: { ids: vendor.ids.slice(0, 1) } });
    await follow(first, next.job.id);
    const again = vendor.ids.slice(1).filter((id) => vendor.sent(id) > 1);
    expect(again).toEqual([]);
    // What was in flight at both.
    expect(vendor.writes).toBeLessThanOrEqual(writes + 2 * 32 + 1);
  });
});
