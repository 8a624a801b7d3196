/** Bulk jobs of processes that share a ledger which cannot be used for a while, or of which one is killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countsOf, expectSound, follow, startBulk, type Asking } from '../../support/bulk.ts';
import { startManyTickets } from '../../support/many-tickets.ts';
import { post } from '../../support/post.ts';
import { startReplica } from '../../support/replica.ts';
import { startWithWorkers } from '../../support/workers.ts';

const ACTION = { executeAction: { action: 'status.solved' } };
const CONCURRENCY = 4;

function makeStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

test('while the ledger cannot be written, nothing is sent and the job is PAUSED', { tags: ['full'] }, async () => {
  const vendor = await startManyTickets(300);
  onTestFinished(() => vendor.close());
  const store = makeStore();
  const server = await startReplica({
    ...vendor.settings,
    STORE_PATH: store,
    OMNIDESK_CONCURRENCY: String(CONCURRENCY),
  });
  onTestFinished(() => server.kill());
  const started = Promise.withResolvers<undefined>();
  vendor.beforeWrite = async () => {
    if (vendor.writes === 20) started.resolve(undefined);
  };
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } });
  await started.promise;
  // As another program may lock the file, e.g. to copy it. It can still be read.
  const other = new DatabaseSync(`${store}-bulk`, { timeout: 60_000 });
  other.exec('BEGIN IMMEDIATE');
  const paused = await follow(server, job.id, ({ state }) => state === 'PAUSED');
  expect(countsOf(paused)).toBe(300);
  const writes = vendor.writes;
  expect(writes).toBeLessThan(300);
  // A few polls, each of which takes as long as the server waits for the lock.
  let polls = 0;
  await follow(
    server,
    job.id,
    () => polls === 3,
    ({ state }) => {
      polls += 1;
      expect(state).toBe('PAUSED');
    },
  );
  expect(vendor.writes).toBe(writes);
  other.exec('ROLLBACK');
  other.close();
  const done = await follow(server, job.id);
  expect(done).toMatchObject({ applied: 300, unknown: 0 });
  await expectSound(vendor, server, done);
});

test('a job of a worker that is killed is taken over by another', { tags: ['full'] }, async () => {
  const vendor = await startManyTickets(400);
  onTestFinished(() => vendor.close());
  const workers = startWithWorkers({
    ...vendor.settings,
    LOG_LEVEL: 'info',
    OMNIDESK_CONCURRENCY: String(CONCURRENCY),
  });
  const [one, two] = await workers.connectToEach(2);
  const url = await workers.ready;
  // A connection that is handed to a worker at the moment of its end gets no answer; `follow` sends the next one.
  const server: Asking = {
    ask: (query, variables) => post(url, { query, variables }, { signal: AbortSignal.timeout(5_000) }),
  };
  // Slow enough that it has not ended before both are killed: one of them runs it.
  vendor.beforeWrite = () => new Promise((resolve) => setTimeout(resolve, 25));
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } });
  for (const { pid } of [one!, two!]) {
    const { waiting } = await follow(server, job.id, (now) => now.state === 'RUNNING' && now.inFlight > 0);
    process.kill(pid, 'SIGKILL');
    await follow(
      server,
      job.id,
      (now) => now.waiting < waiting - 10,
      (now) => expect(countsOf(now)).toBe(now.total),
    );
  }
  const done = await follow(server, job.id);
  // A ticket that a kill caught between its mark and its first byte was never sent: its outcome is UNKNOWN.
  await expectSound(vendor, server, done);
  expect(done.unknown).toBeLessThanOrEqual(2 * CONCURRENCY);
});
