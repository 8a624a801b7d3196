/** Bulk jobs by the typed client: uploads, the job as it proceeds, and results, against a real server and vendor. */
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createTicketgraph,
  hasBulkEnded,
  newIdempotencyKey,
  type BulkTickets,
  type Ticketgraph,
} from '../../client/index.ts';
import { as, writeApiKeys } from '../support/api-keys.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startEndpoint, type Endpoint } from '../support/endpoint.ts';
import { startManyTickets, type ManyTickets } from '../support/many-tickets.ts';
import { until } from '../support/until.ts';

interface Setup {
  readonly vendor: ManyTickets;
  readonly server: Endpoint;
  readonly client: Ticketgraph;
}

async function setUp(count: number, settings: Record<string, string> = {}): Promise<Setup> {
  const vendor = await startManyTickets(count);
  // Tests hold writes, for long on a busy machine.
  const server = await startEndpoint({ ...vendor.settings, OMNIDESK_TIMEOUT_MS: '60000', ...settings });
  onTestFinished(async () => {
    await server.close(0);
    await vendor.close();
    expect(server.defects).toEqual([]);
  });
  return { vendor, server, client: createTicketgraph({ url: server.url }) };
}

async function start(client: Ticketgraph, tickets: object): Promise<string> {
  const work = { setStatus: { status: 'SOLVED' } } as const;
  const { job, problems } = await client.startBulk({
    input: { work, tickets, idempotencyKey: newIdempotencyKey() } as never,
  });
  expect(problems).toEqual([]);
  return job!.id;
}

/** Holds writes until it is called. */
function hold(vendor: ManyTickets): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  vendor.beforeWrite = () => released;
  return release;
}

/** Open streams, by the server's metrics. */
async function streamsOf(server: Endpoint): Promise<number> {
  const text = await (await fetch(`${server.monitoringUrl}/metrics`)).text();
  return Number(/^ticketgraph_streams(?:\{.*\})? (\d+)$/m.exec(text)?.[1]);
}

async function* later<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  for (const value of values) {
    await Promise.resolve();
    yield value;
  }
}

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('uploadTickets', () => {
  const forms: [string, (ids: readonly string[]) => BulkTickets][] = [
    ['a text', (ids) => `${ids.join('\n')}\n`],
    ['ids', (ids) => ids],
    ['ids as they are read', (ids) => later(ids)],
    ['objects', (ids) => ids.map((ticketId, index) => ({ ticketId, comment: `No. ${index}` }))],
    [
      'lines of NDJSON as they are read',
      (ids) => later(['\ufeff', ...ids.map((ticketId) => `{"ticketId":"${ticketId}"}`)]),
    ],
  ];

  test.each(forms)('uploadTickets takes %s, and each ticket is written to once', async (_, form) => {
    const { vendor, client } = await setUp(1_000);
    const id = await start(client, { uploadId: await client.uploadTickets(form(vendor.ids)) });
    for await (const job of client.watchBulk(id)) if (hasBulkEnded(job)) expect(job).toMatchObject({ applied: 1_000 });
    expect(vendor.ids.filter((ticketId) => vendor.sent(ticketId) !== 1)).toEqual([]);
    expect((await collect(client.bulkResults(id))).map(({ ticketId }) => ticketId)).toEqual(vendor.ids);
  });

  test('uploadTickets reports invalid lines with their numbers, blank lines counted', async () => {
    const { vendor, client } = await setUp(3);
    for (const form of [(all: readonly string[]) => all, later]) {
      const uploading = client.uploadTickets(form([vendor.ids[0]!, '', 'unknown:1', vendor.ids[1]!, 'omnidesk:x']));
      await expect(uploading).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        status: 400,
        outcome: null,
        lines: [{ line: 3 }, { line: 5 }],
      });
    }
    await expect(client.uploadTickets(later([]))).rejects.toMatchObject({ code: 'INVALID_INPUT', lines: [] });
  });

  test.each([
    ['BODY_TOO_LARGE', 413, { MAX_UPLOAD_BYTES: '1000000' }, 'reader'],
    ['UNAUTHENTICATED', 401, {}, 'stranger'],
    ['FORBIDDEN', 403, {}, 'reader'],
  ])(
    'uploadTickets reports %s before the last line was sent, and stops reading',
    async (code, status, settings, caller) => {
      const isForbidden = code === 'FORBIDDEN';
      const callers = writeApiKeys(['reader'], isForbidden ? {} : { reader: ',ticket:batch' });
      const { server } = await setUp(1, { ...callers, ...settings });
      let isStopped = false;
      const endless = async function* (): AsyncGenerator<string> {
        try {
          for (let id = 100_000; ; id += 1) yield `omnidesk:${id}`;
        } finally {
          isStopped = true;
        }
      };
      const client = createTicketgraph({ url: server.url, headers: as(caller).headers });
      await expect(client.uploadTickets(endless())).rejects.toMatchObject({ code, status, lines: [] });
      await until(() => expect(isStopped).toBe(true));
    },
  );
});

describe('watchBulk', () => {
  test('watchBulk resumes after a cut, and ends with the job', async () => {
    const { vendor, server, client } = await setUp(400, { OMNIDESK_CONCURRENCY: '4' });
    const release = hold(vendor);
    const id = await start(client, { ids: vendor.ids });
    const proxy = await startCuttableProxy(server.url);
    const retries: string[] = [];
    const options = { retryDelayMs: 20, onRetry: ({ code }: { code: string }) => void retries.push(code) };
    const states: string[] = [];
    for await (const { state, applied } of createTicketgraph({ url: proxy.url }).watchBulk(id, options)) {
      states.push(`${state} ${applied}`);
      if (states.length > 1) continue;
      proxy.cut();
      await until(() => expect(proxy.accepted).toBeGreaterThan(0));
      proxy.restore();
      release();
    }
    expect(states.at(-1)).toBe('DONE 400');
    expect(new Set(retries)).toEqual(new Set(['CONNECTION_FAILED']));
    // Of a job that has ended, there is one event.
    const again = [];
    for await (const { state } of client.watchBulk(id)) again.push(state);
    expect(again).toEqual(['DONE']);
  });

  test('leaving the loop closes the stream and does not cancel the job', async () => {
    const { vendor, server, client } = await setUp(50);
    const release = hold(vendor);
    const id = await start(client, { ids: vendor.ids });
    for await (const job of client.watchBulk(id)) {
      expect(hasBulkEnded(job)).toBe(false);
      expect(await streamsOf(server)).toBe(1);
      break;
    }
    await until(async () => expect(await streamsOf(server)).toBe(0));
    release();
    const last = await collect(client.watchBulk(id));
    expect(last.at(-1)).toMatchObject({ state: 'DONE', applied: 50 });
  });

  test('watchBulk throws for a job that the caller does not have, and for its signal', async () => {
    const callers = writeApiKeys(['one', 'two'], { one: ',ticket:batch', two: ',ticket:batch' });
    const { vendor, server } = await setUp(3, callers);
    const release = hold(vendor);
    const [one, two] = ['one', 'two'].map((name) =>
      createTicketgraph({ url: server.url, headers: as(name).headers }),
    ) as [Ticketgraph, Ticketgraph];
    const id = await start(one, { ids: vendor.ids });
    await expect(two.watchBulk(id).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(two.bulkResults(id).next()).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    const stopping = new AbortController();
    const watching = one.watchBulk(id, { signal: stopping.signal });
    await watching.next();
    stopping.abort();
    await expect(watching.next()).rejects.toMatchObject({ code: 'ABORTED' });
    release();
  });
});

describe('bulkResults', () => {
  test('bulkResults reads the lines of an outcome, and openBulkResults gives the file', async () => {
    const { vendor, client } = await setUp(2);
    const id = await start(client, { ids: ['unknown:1', ...vendor.ids] });
    await collect(client.watchBulk(id));
    expect(await collect(client.bulkResults(id, { outcomes: ['NOT_APPLIED', 'UNKNOWN'] }))).toEqual([
      { ticketId: 'unknown:1', outcome: 'NOT_APPLIED', code: 'INVALID_INPUT', message: expect.any(String) },
    ]);
    const file = await client.openBulkResults(id, 'csv', { outcomes: ['APPLIED'] });
    const rows = vendor.ids.map((ticketId) => `"${ticketId}","APPLIED","",""\r\n`);
    expect(await new Response(file).text()).toBe(['ticketId,outcome,code,message\r\n', ...rows].join(''));
  });

  test('bulkResults throws if the results are cut off', async () => {
    const { vendor, server, client } = await setUp(50_000);
    hold(vendor);
    const id = await start(client, { uploadId: await client.uploadTickets(vendor.ids) });
    const proxy = await startCuttableProxy(server.url);
    await until(async () => expect((await client.bulkJob({ id }))?.state).toBe('RUNNING'));
    const reading = async (): Promise<number> => {
      let count = 0;
      for await (const line of createTicketgraph({ url: proxy.url }).bulkResults(id)) {
        expect(line.outcome).toBeNull();
        if (++count === 1) proxy.cut();
      }
      return count;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  });
});
