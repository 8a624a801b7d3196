/** Bulk jobs by what the vendor has received: each ticket at most once, whatever happens in between. */
import { expect, onTestFinished, test } from 'vitest';
import { FIELDS, SOLVE, allResults, countsOf, findJob, follow, startBulk, type Json } from '../../support/bulk.ts';
import { startBulkServer, type BulkServer } from '../../support/bulk-server.ts';
import { describeEngines } from '../../support/bulk-engines.ts';
import { startEndpoint, type EndpointOptions } from '../../support/endpoint.ts';
import { startManyTickets } from '../../support/many-tickets.ts';
import { until } from '../../support/until.ts';

const action = (name: string): object => ({ executeAction: { action: name } });

describeEngines((engine) => {
  const start = (
    count: number,
    settings: Record<string, string> = {},
    options?: EndpointOptions,
  ): Promise<BulkServer> => startBulkServer(count, { ...engine.settings(), ...settings }, options);

  test.each([
    ['status', SOLVE, 20],
    ['action', action('status.solved'), 2_000],
  ])('a job of 2,000 tickets changes each once by %s, and its counts add up at every poll', async (_, work, writes) => {
    const { vendor, server } = await start(2_000);
    const { job, problems } = await startBulk(server, { work, tickets: { ids: vendor.ids } });
    expect(problems).toEqual([]);
    const done = await follow(server, job.id, undefined, (now) => expect(countsOf(now)).toBe(now.total));
    expect(done).toMatchObject({ state: 'DONE', total: 2_000, applied: 2_000, problem: null });
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1 || !vendor.isSolved(id))).toEqual([]);
    expect(vendor.writes).toBe(writes);
    const results = await allResults(server, job.id);
    expect(results.map(({ ticketId }) => ticketId)).toEqual(vendor.ids);
  });

  test('results have a line for each line of the input, and repeated tickets are sent once', async () => {
    const { vendor, server } = await start(3);
    const [a = '', b = '', c = ''] = vendor.ids;
    const ids = [a, 'unknown:1', b, a, 'omnidesk:x', c, a];
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids } });
    expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', total: 7, applied: 5, notApplied: 2 });
    const results = await allResults(server, job.id);
    expect(results.map(({ ticketId }) => ticketId)).toEqual(ids);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      'APPLIED',
      'NOT_APPLIED',
      'APPLIED',
      'APPLIED',
      'NOT_APPLIED',
      'APPLIED',
      'APPLIED',
    ]);
    expect((await allResults(server, job.id, ['NOT_APPLIED'])).map(({ problem }) => problem.code)).toEqual([
      'INVALID_INPUT',
      'INVALID_INPUT',
    ]);
    expect(vendor.sent(a)).toBe(1);
  });

  test('the same key gives the same job, and another input is rejected', async () => {
    const { vendor, server } = await start(5);
    const input = { work: SOLVE, tickets: { ids: vendor.ids }, idempotencyKey: 'monday' };
    const [first, second] = await Promise.all([startBulk(server, input), startBulk(server, input)]);
    expect(second.job.id).toBe(first.job.id);
    const other = await startBulk(server, { ...input, tickets: { ids: vendor.ids.slice(1) } });
    expect(other).toMatchObject({ job: null, problems: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
    await follow(server, first.job.id);
    expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([1, 1, 1, 1, 1]);
  });

  test('a job whose only source is paused grows old in the metrics, until it is canceled', async () => {
    const { vendor, server } = await start(2);
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: vendor.ids } });
    await follow(server, job.id, ({ state }) => state === 'PAUSED');
    const age = (): number => server.sources.bulk!.status()!.progressAgeMs;
    await until(() => expect(age()).toBeGreaterThan(1_000));
    await server.ask('mutation($id: ID!) { cancelBulk(input: { id: $id }) { job { state } } }', { id: job.id });
    await follow(server, job.id);
    await until(() => expect(age()).toBe(0));
  });

  test('a canceled job begins no further ticket and finishes those in flight', async () => {
    const { vendor, server } = await start(500, { OMNIDESK_CONCURRENCY: '4' });
    let release = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      const released = new Promise<void>((go) => (release = go));
      vendor.beforeWrite = async () => {
        resolve();
        await released;
      };
    });
    const { job } = await startBulk(server, { work: action('status.solved'), tickets: { ids: vendor.ids } });
    await arrived;
    const query = `mutation($id: ID!) { cancelBulk(input: { id: $id }) { job { ${FIELDS} } problems { code } } }`;
    const canceled = (await server.ask(query, { id: job.id })) as Json;
    expect(canceled.data.cancelBulk).toMatchObject({ job: { state: 'CANCELLING', inFlight: 1 }, problems: [] });
    release();
    expect(await follow(server, job.id)).toMatchObject({ state: 'CANCELLED', applied: 1, waiting: 499, inFlight: 0 });
    expect(vendor.writes).toBe(1);
  });

  test('a rate limit pauses the source, and all tickets end as APPLIED', async () => {
    const { vendor, server } = await start(60);
    let rejections = 0;
    vendor.answer = () => (rejections++ < 3 ? { status: 429, headers: { 'retry-after': '1' } } : undefined);
    const { job } = await startBulk(server, { work: action('status.solved'), tickets: { ids: vendor.ids } });
    const paused = await follow(server, job.id, ({ state }) => state === 'PAUSED' || state === 'DONE');
    expect(paused).toMatchObject({ state: 'PAUSED', sources: [{ problem: { code: 'VENDOR_RATE_LIMITED' } }] });
    expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 60 });
    expect(vendor.ids.every((id) => vendor.isSolved(id))).toBe(true);
  });

  test('a job stops after so many unknown outcomes, and is never DONE', async () => {
    const { vendor, server } = await start(300);
    vendor.answer = () => ({ status: 500 });
    const input = { work: SOLVE, tickets: { ids: vendor.ids }, stopAfterUnknown: 1 };
    const { job } = await startBulk(server, input);
    const stopped = await follow(server, job.id);
    expect(stopped).toMatchObject({ state: 'CANCELLED', unknown: 100, problem: { code: 'OUTCOME_UNKNOWN' } });
    expect(vendor.writes).toBe(1);
  });

  test('a filter job solves all tickets that match when it starts', async () => {
    const { vendor, server } = await start(450);
    const { job } = await startBulk(server, { work: SOLVE, tickets: { filter: { categories: ['OPEN'] } } });
    expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', total: 450, applied: 450 });
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('a dry run counts and shows requests, and sends nothing', async () => {
    const { vendor, server } = await start(10);
    const ids = [...vendor.ids, 'unknown:1'];
    const { job, plan } = await startBulk(server, { work: SOLVE, tickets: { ids }, dryRun: true });
    expect(job).toBeNull();
    expect(plan).toMatchObject({
      total: 11,
      rejected: 1,
      complete: true,
      sources: [{ source: { id: 'omnidesk' }, tickets: 10 }],
    });
    expect(plan.requests[0].method).toBe('POST');
    expect(plan.problems).toEqual([{ code: 'INVALID_INPUT', ticketId: 'unknown:1' }]);
    expect(vendor.writes).toBe(0);
  });

  test('two sources of one vendor are counted on their own', async () => {
    const [main, emea] = [await startManyTickets(30), await startManyTickets(40, 'omnidesk@emea')];
    const server = await startEndpoint({ ...main.settings, ...emea.settings, ...engine.settings() });
    onTestFinished(async () => {
      await server.close(0);
      await Promise.all([main.close(), emea.close()]);
    });
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: [...main.ids, ...emea.ids] } });
    const done = await follow(server, job.id);
    expect(done.sources.map(({ source, applied }: Json) => [source.id, applied])).toEqual([
      ['omnidesk', 30],
      ['omnidesk@emea', 40],
    ]);
    expect([main.writes, emea.writes]).toEqual([1, 1]);
  });

  test('a node of a bulk job is found by its id, and the list of jobs has it', async () => {
    const { vendor, server } = await start(1);
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: vendor.ids } });
    await follow(server, job.id);
    const query = `query($id: ID!) { node(id: $id) { __typename id ... on BulkJob { state } }
    bulkJobs(first: 1) { nodes { id } edges { cursor } pageInfo { hasNextPage } } }`;
    const { data } = (await server.ask(query, { id: job.id })) as Json;
    expect(data.node).toEqual({ __typename: 'BulkJob', id: job.id, state: 'DONE' });
    expect(data.bulkJobs).toMatchObject({ nodes: [{ id: job.id }], pageInfo: { hasNextPage: false } });
    expect(await findJob(server, 'bulk-job:other')).toBeNull();
  });

  test('a subscription sends the job until it ends, and then ends itself', async () => {
    const { vendor, server } = await start(300);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    vendor.beforeWrite = () => released;
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: vendor.ids } });
    const query = 'subscription($id: ID!) { bulkJobChanged(id: $id) { state applied total } }';
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables: { id: job.id } }),
    });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('bulkJobChanged')) release();
    }
    const events = [...text.matchAll(/"bulkJobChanged":(\{[^}]*\})/g)].map(([, event]) => JSON.parse(event!));
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toEqual({ state: 'DONE', applied: 300, total: 300 });
  });

  test('one audit line is written for each ticket', async () => {
    const written: (string | null)[] = [];
    const observe = [{ onWriteEnd: ({ ticketId, outcome }: Json) => void written.push(`${ticketId} ${outcome}`) }];
    const { vendor, server } = await start(30, {}, { observe });
    const { job } = await startBulk(server, { work: action('status.solved'), tickets: { ids: vendor.ids } });
    await follow(server, job.id);
    expect(written.toSorted()).toEqual(vendor.ids.map((id) => `${id} APPLIED`).toSorted());
  });
});
