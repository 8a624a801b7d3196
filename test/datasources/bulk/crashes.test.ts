/** Bulk jobs of real server processes that are killed: no ticket is sent twice, none is missing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { allResults, countsOf, expectSound, findJob, follow, startBulk } from '../../support/bulk.ts';
import { startManyTickets } from '../../support/many-tickets.ts';
import { startReplica } from '../../support/replica.ts';

const ACTION = { executeAction: { action: 'status.solved' } };

function makeStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

test('a job goes on after kill -9, and what was in flight is read instead of sent again', async () => {
  const vendor = await startManyTickets(400);
  onTestFinished(() => vendor.close());
  const environment = { ...vendor.settings, STORE_PATH: makeStore() };
  const first = await startReplica(environment);
  let writes = 0;
  let isReached = (): void => undefined;
  const reached = new Promise<void>((resolve) => (isReached = resolve));
  // Applied, but not answered: the process ends first.
  vendor.beforeWrite = async () => {
    writes += 1;
    if (writes < 100) return;
    isReached();
    await sleep(200);
  };
  const { job } = await startBulk(first, { work: ACTION, tickets: { ids: vendor.ids } });
  await reached;
  await first.kill();
  vendor.beforeWrite = undefined;
  const second = await startReplica(environment);
  onTestFinished(() => second.kill());
  const done = await follow(second, job.id);
  await expectSound(vendor, second, done);
});

test('10,000 tickets, killed every 2 s, are each sent once', { tags: ['full'], timeout: 300_000 }, async () => {
  const vendor = await startManyTickets(10_000);
  onTestFinished(() => vendor.close());
  vendor.beforeWrite = () => sleep(2);
  const environment = { ...vendor.settings, STORE_PATH: makeStore() };
  let server = await startReplica(environment);
  onTestFinished(() => server.kill());
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } });
  let kills = 0;
  for (;;) {
    await sleep(2_000);
    const now = await findJob(server, job.id);
    expect(countsOf(now)).toBe(now.total);
    if (now.state === 'DONE') break;
    // A process that has just started needs its time: a lease lasts 10 s.
    await server.kill();
    kills += 1;
    server = await startReplica(environment);
    await follow(server, job.id, ({ state, waiting }) => state === 'DONE' || waiting < now.waiting);
  }
  expect(kills).toBeGreaterThan(1);
  await expectSound(vendor, server, await findJob(server, job.id));
});

test('a ticket that ends the process each time that it is prepared holds up neither the job nor the others', async () => {
  const vendor = await startManyTickets(3);
  onTestFinished(() => vendor.close());
  const store = makeStore();
  const environment = { ...vendor.settings, STORE_PATH: store };
  const { createSqliteLedger } = await import('../../../datasources/bulk/sqlite-ledger.ts');
  const starter = await startReplica({ ...environment, OMNIDESK_CONCURRENCY: '4' });
  vendor.beforeWrite = () => new Promise(() => undefined);
  const { job } = await startBulk(starter, { work: ACTION, tickets: { ids: vendor.ids } });
  await follow(starter, job.id, ({ inFlight }) => inFlight === 1 && vendor.writes === 1);
  await starter.kill();
  vendor.beforeWrite = undefined;
  // What processes do that end after each start: they take the tickets, and nothing more. From the fourth on, they take
  // the first alone, which shows that it is the cause.
  const ledger = createSqliteLedger(`${store}-bulk`, () => Date.now() + 60_000);
  for (let crash = 0; crash < 11; crash += 1) {
    const found = (await ledger.lease(`owner-${crash}`))!;
    await ledger.take(found, `owner-${crash}`, 'omnidesk', 100);
    await ledger.release(found, `owner-${crash}`);
  }
  await ledger.close();
  const last = await startReplica(environment);
  onTestFinished(() => last.kill());
  expect(await follow(last, job.id)).toMatchObject({ state: 'DONE', notApplied: 1, waiting: 0, inFlight: 0 });
  expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([1, 0, 1]);
  expect((await allResults(last, job.id))[2].outcome).toBe('APPLIED');
});
