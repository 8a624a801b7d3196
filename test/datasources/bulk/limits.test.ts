/** What holds a bulk job back: its sources, its limits, and its rights. Asserted by what the vendor has received. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createPacer } from '../../../datasources/bulk/limiter.ts';
import { as, writeApiKeys } from '../../support/api-keys.ts';
import { FIELDS, SOLVE, allResults, findJob, follow, startBulk, type Json } from '../../support/bulk.ts';
import { startBulkServer } from '../../support/bulk-server.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { startManyTickets } from '../../support/many-tickets.ts';

const ACTION = { executeAction: { action: 'status.solved' } };

const CANCEL = `mutation($id: ID!) { cancelBulk(input: { id: $id }) { job { ${FIELDS} } problems { code } } }`;

const sourceOf = ({ sources }: Json, id: string): Json => sources.find(({ source }: Json) => source.id === id);

/** Two sources, of which the first cannot be reached. */
async function startWithOneDown(): Promise<{ server: Endpoint; downIds: readonly string[]; upIds: readonly string[] }> {
  const [down, up] = [await startManyTickets(60), await startManyTickets(50, 'omnidesk@emea')];
  await down.close();
  const server = await startEndpoint({ ...down.settings, ...up.settings });
  onTestFinished(async () => {
    await server.close(0);
    await up.close();
    expect(server.defects).toEqual([]);
  });
  return { server, downIds: down.ids, upIds: up.ids };
}

test('an open circuit breaker pauses its source alone, and the tickets of others are written', async () => {
  const { server, downIds, upIds } = await startWithOneDown();
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: [...downIds, ...upIds] } });
  const paused = await follow(server, job.id, ({ state }) => state === 'PAUSED');
  expect(sourceOf(paused, 'omnidesk@emea')).toMatchObject({ applied: 50, waiting: 0, pausedUntil: null });
  expect(sourceOf(paused, 'omnidesk')).toMatchObject({
    waiting: 60,
    pausedUntil: expect.stringMatching(/^2/),
    problem: { code: expect.stringMatching(/^VENDOR_/) },
  });
  await server.ask(CANCEL, { id: job.id });
  expect(await follow(server, job.id)).toMatchObject({ state: 'CANCELLED', waiting: 60, applied: 50, unknown: 0 });
});

test('jobs that are paused do not hold up jobs of other sources', async () => {
  const { server, downIds, upIds } = await startWithOneDown();
  const start = (ids: readonly string[]): Promise<Json> => startBulk(server, { work: ACTION, tickets: { ids } });
  // More than run at once.
  const paused = await Promise.all(Array.from({ length: 5 }, () => start(downIds)));
  for (const { job } of paused) await follow(server, job.id, ({ state }) => state === 'PAUSED');
  const { job } = await start(upIds);
  expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 50 });
});

test('a ticket that is rate limited each time is tried six times, and then not applied', async () => {
  const { vendor, server } = await startBulkServer(2);
  vendor.answer = () => ({ status: 429, headers: { 'retry-after': '0' } });
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } });
  expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', notApplied: 2 });
  expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([6, 6]);
  expect((await allResults(server, job.id))[0].problem.code).toBe('VENDOR_RATE_LIMITED');
});

test('atMostPerSecond bounds how fast tickets are begun', async () => {
  const { vendor, server } = await startBulkServer(50, { OMNIDESK_CONCURRENCY: '40' });
  const startedAt = performance.now();
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids }, atMostPerSecond: 20 });
  let mostBefore = 0;
  vendor.beforeWrite = async () => {
    // In t seconds, at most 20 for each begun second.
    const allowed = 20 * (1 + Math.floor((performance.now() - startedAt) / 1_000));
    mostBefore = Math.max(mostBefore, vendor.writes - allowed);
  };
  expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 50 });
  expect(mostBefore).toBeLessThanOrEqual(0);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  expect(vendor.ids.map((id) => vendor.sent(id))).toEqual(vendor.ids.map(() => 1));
});

test('a pacer admits no more than its rate within any second, also after a delay', () => {
  let now = 0;
  const pacer = createPacer(10, () => now);
  expect(pacer.delayFor(10)).toBe(0);
  // The first ten wait for a free place.
  now = 900;
  expect(pacer.admit(10)).toBe(true);
  expect(pacer.delayFor(10)).toBe(100);
  now = 1_000;
  expect(pacer.admit(1)).toBe(false);
  now = 1_899;
  expect(pacer.admit(1)).toBe(false);
  now = 1_900;
  expect(pacer.admit(10)).toBe(true);
});

test('a job has a quarter of the concurrency, and interactive requests go first', async () => {
  const { vendor, server } = await startBulkServer(40, { OMNIDESK_CONCURRENCY: '8' });
  let [inFlight, peak] = [0, 0];
  const released = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  vendor.beforeWrite = async () => {
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    if (inFlight === 2) reached.resolve(undefined);
    await released.promise;
    await new Promise(setImmediate);
    inFlight -= 1;
  };
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } });
  await reached.promise;
  // The job waits for the vendor; these six do not wait for the job.
  const reads = vendor.ids
    .slice(0, 6)
    .map((id) => server.ask(`{ ticket(id: "${id}") { ... on TicketFields { id } } }`));
  expect((await Promise.all(reads)).map(({ errors }) => errors)).toEqual(reads.map(() => undefined));
  expect([inFlight, vendor.writes]).toEqual([2, 2]);
  released.resolve(undefined);
  expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 40 });
  expect(peak).toBe(2);
});

test('a filter that cannot be read fails the job, and nothing is sent', async () => {
  const { vendor, server } = await startBulkServer(10);
  vendor.beforeRead = async () => 401;
  const { job } = await startBulk(server, { work: SOLVE, tickets: { filter: { categories: ['OPEN'] } } });
  const failed = await follow(server, job.id);
  expect(failed).toMatchObject({ state: 'FAILED', problem: { code: expect.stringMatching(/^VENDOR_/) } });
  expect(vendor.writes).toBe(0);
});

test('a source that uses credentials of callers takes no bulk jobs', async () => {
  const { vendor, server } = await startBulkServer(1, {
    HUAWEI_URL: 'http://127.0.0.1:9',
    HUAWEI_FORWARD_TOKEN: 'x-huawei-token',
  });
  const ids = ['huawei:TS-123456', ...vendor.ids];
  const { job } = await startBulk(server, { work: SOLVE, tickets: { ids } });
  expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 1, notApplied: 1 });
  const [rejected] = await allResults(server, job.id, ['NOT_APPLIED']);
  expect(rejected).toMatchObject({ ticketId: 'huawei:TS-123456', problem: { code: 'UNSUPPORTED' } });
});

test('a job keeps the rights that its caller had at the start', async () => {
  const settings = writeApiKeys(['one', 'two'], { one: ',ticket:batch', two: ',ticket:batch' });
  const { AUTH_API_KEYS_FILE: file } = settings;
  const { vendor, server } = await startBulkServer(3, { ...settings, OMNIDESK_CONCURRENCY: '4' });
  const released = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  const last = Promise.withResolvers<undefined>();
  vendor.beforeWrite = async () => {
    arrived.resolve(undefined);
    if (vendor.writes === 3) last.resolve(undefined);
    await released.promise;
  };
  const { job } = await startBulk(server, { work: ACTION, tickets: { ids: vendor.ids } }, as('one'));
  await arrived.promise;
  // Its key is revoked while one of three tickets is being written to.
  const lines = readFileSync(file, 'utf8');
  writeFileSync(file, lines.replace(/^one .*\n/m, ''));
  await server.reloader.reload();
  expect(await findJob(server, job.id, as('one'))).toHaveProperty('errors');
  expect(vendor.writes).toBe(1);
  released.resolve(undefined);
  await last.promise;
  writeFileSync(file, lines);
  await server.reloader.reload();
  const own = { ask: (query: string, variables?: object) => server.ask(query, variables as never, as('one')) };
  expect(await follow(own, job.id)).toMatchObject({ state: 'DONE', applied: 3 });
});

test('a rejected ticket has an audit line as well', async () => {
  const written: string[] = [];
  const observe = [{ onWriteEnd: ({ ticketId, outcome }: Json) => void written.push(`${ticketId} ${outcome}`) }];
  const { vendor, server } = await startBulkServer(1, {}, { observe });
  const [own = ''] = vendor.ids;
  const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: [own, 'nobody:1', own, 'nobody:1'] } });
  await follow(server, job.id);
  expect(written.toSorted()).toEqual(['nobody:1 NOT_APPLIED', `${own} APPLIED`]);
});
