/** Uploads of tickets for bulk jobs, and downloads of results. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationTypeNode } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digest, printManifest } from '../../server/graphql/trusted-documents.ts';
import { as, writeApiKeys } from '../support/api-keys.ts';
import { SOLVE, findJob, follow, startBulk, type Json } from '../support/bulk.ts';
import { startBulkServer, type BulkServer } from '../support/bulk-server.ts';
import { describeEngines } from '../support/bulk-engines.ts';
import type { Endpoint } from '../support/endpoint.ts';
import type { ManyTickets } from '../support/many-tickets.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const TEXT = { 'content-type': 'text/plain', 'apollo-require-preflight': '1' };

async function send(
  server: Endpoint,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(new URL('/bulk/uploads', server.url), { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

async function upload(server: Endpoint, vendor: ManyTickets): Promise<object> {
  const { body } = await send(server, lines(vendor), TEXT);
  return { work: SOLVE, tickets: { uploadId: body.uploadId } };
}

function download(
  server: Endpoint,
  id: string,
  format: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const key = id.replace('bulk-job:', '');
  return fetch(new URL(`/bulk/jobs/${key}/results?format=${format}`, server.url), { headers });
}

/** The reader may not run bulk jobs. */
const withCallers = () => writeApiKeys(['one', 'two', 'reader'], { one: ',ticket:batch', two: ',ticket:batch' });

const lines = (vendor: ManyTickets): string => vendor.ids.join('\n');

describeEngines((engine) => {
  const start = (count: number, settings: Record<string, string> = {}): Promise<BulkServer> =>
    startBulkServer(count, { ...engine.settings(), ...settings });

  test('an upload of ids starts a job, whose results are downloaded in input order', async () => {
    const { vendor, server } = await start(700);
    const { status, body } = await send(server, `${lines(vendor)}\n`, TEXT);
    expect([status, Object.keys(body)]).toEqual([201, ['uploadId']]);
    const { job } = await startBulk(server, { work: SOLVE, tickets: { uploadId: body.uploadId } });
    expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', total: 700, applied: 700 });
    const response = await download(server, job.id, 'ndjson');
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const results = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.map(({ ticketId }) => ticketId)).toEqual(vendor.ids);
    expect(results[0]).toEqual({ ticketId: vendor.ids[0], outcome: 'APPLIED', code: null, message: null });
  });

  test('a line of NDJSON may have a comment of its own', async () => {
    const { vendor, server } = await start(2);
    const text = vendor.ids.map((ticketId, index) => JSON.stringify({ ticketId, comment: `No ${index}` })).join('\n');
    const { body } = await send(server, text, NDJSON);
    const { job } = await startBulk(server, { work: SOLVE, tickets: { uploadId: body.uploadId } });
    expect(await follow(server, job.id)).toMatchObject({ state: 'DONE', applied: 2 });
    expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([1, 1]);
  });

  test('every bad line is reported, however many there are', async () => {
    const { server } = await start(1);
    const { status, body } = await send(server, 'omnidesk:x\n'.repeat(500), TEXT);
    expect([status, body.lines.length, body.lines.at(-1).line]).toEqual([400, 500, 500]);
  });

  test('a bad line rejects the whole upload with its number', async () => {
    const { vendor, server } = await start(300);
    const text = `${lines(vendor)}\nunknown:1\n${vendor.ids[0]}\nomnidesk:x`;
    const { status, body } = await send(server, text, TEXT);
    expect(status).toBe(400);
    expect(body.lines.map(({ line }: Json) => line)).toEqual([301, 303]);
    expect(body.errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
    const again = await send(server, `{"ticketId": 1}\n{"ticketId": "${vendor.ids[0]}", "x": 1}\nno\n`, NDJSON);
    expect(again.body.lines.map(({ line }: Json) => line)).toEqual([1, 2, 3]);
  });

  test.each([
    ['text/plain without the preflight header', 'omnidesk:1', { 'content-type': 'text/plain' }, 400, 'BAD_REQUEST'],
    ['another media type', '{}', { 'content-type': 'application/json' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['nothing', '\n', TEXT, 400, 'INVALID_INPUT'],
    ['too many bytes', 'omnidesk:1\n'.repeat(1_000), TEXT, 413, 'BODY_TOO_LARGE'],
  ])('an upload of %s is rejected', async (_, body, headers, status, code) => {
    const { server } = await start(1, { MAX_UPLOAD_BYTES: '2000' });
    const answer = await send(server, body, headers);
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([status, code]);
  });

  test('the same lines, uploaded again, give the same job under the same key', async () => {
    const { vendor, server } = await start(300);
    const first = await startBulk(server, { ...(await upload(server, vendor)), idempotencyKey: 'monday' });
    const second = await startBulk(server, { ...(await upload(server, vendor)), idempotencyKey: 'monday' });
    expect(second.job.id).toBe(first.job.id);
    const { body } = await send(server, vendor.ids[0]!, TEXT);
    const other = { work: SOLVE, tickets: { uploadId: body.uploadId }, idempotencyKey: 'monday' };
    expect((await startBulk(server, other)).problems).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    await follow(server, first.job.id);
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('a download has only the outcomes that it names, and rejects others', async () => {
    const { vendor, server } = await start(2);
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: [...vendor.ids, 'unknown:1'] } });
    await follow(server, job.id);
    const named = async (query: string): Promise<string> => (await download(server, job.id, `csv${query}`)).text();
    expect(await named('&outcome=NOT_APPLIED&outcome=UNKNOWN')).toMatch(
      /^ticketId\S*\r\n"unknown:1","NOT_APPLIED"[^\n]*\n$/,
    );
    expect((await named('&outcome=APPLIED')).match(/"APPLIED"/g)).toHaveLength(2);
    expect((await download(server, job.id, 'csv&outcome=WAITING')).status).toBe(400);
  });

  test('an unknown upload starts nothing', async () => {
    const { server } = await start(1);
    const { job, problems } = await startBulk(server, { work: SOLVE, tickets: { uploadId: 'x' } });
    expect([job, problems[0].code, problems[0].field]).toEqual([null, 'INVALID_INPUT', ['tickets', 'uploadId']]);
  });

  test('cells of CSV that a spreadsheet would take for a formula are made harmless', async () => {
    const { server } = await start(1);
    const ids = ['=HYPERLINK("x")', '@a', 'omnidesk:100000'];
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids } });
    await follow(server, job.id);
    const text = await (await download(server, job.id, 'csv')).text();
    const [header, first, second, third] = text.split('\r\n');
    expect(header).toBe('ticketId,outcome,code,message');
    expect(first).toContain(`"'=HYPERLINK(""x"")","NOT_APPLIED","INVALID_INPUT"`);
    expect(second).toContain(`"'@a"`);
    expect(third).toBe('"omnidesk:100000","APPLIED","",""');
  });

  test('jobs, uploads and results of another caller do not exist', async () => {
    const { vendor, server } = await start(3, withCallers());
    const [own, other] = [as('one').headers, as('two').headers];
    const input = { work: SOLVE, tickets: { ids: vendor.ids } };
    const { job } = await startBulk(server, input, { headers: own });
    const watching = {
      ask: (query: string, variables?: object) => server.ask(query, variables as never, { headers: own }),
    };
    expect(await follow(watching, job.id)).toMatchObject({ state: 'DONE', applied: 3 });
    expect(await findJob(server, job.id, { headers: other })).toBeNull();
    const query = `mutation($id: ID!) { cancelBulk(input: { id: $id }) { job { id } } } `;
    expect(((await server.ask(query, { id: job.id }, { headers: other })) as Json).data.cancelBulk.job).toBeNull();
    expect((await server.ask('{ bulkJobs { nodes { id } } }', {}, { headers: other })).data.bulkJobs.nodes).toEqual([]);
    expect((await download(server, job.id, 'ndjson', other)).status).toBe(404);
    expect((await download(server, job.id, 'ndjson')).status).toBe(401);
    expect((await download(server, job.id, 'ndjson', own)).status).toBe(200);
    const { body } = await send(server, lines(vendor), { ...TEXT, ...own });
    const stolen = await startBulk(server, { work: SOLVE, tickets: { uploadId: body.uploadId } }, { headers: other });
    expect(stolen.problems[0].code).toBe('INVALID_INPUT');
  });

  test('a caller without the scopes changes nothing', async () => {
    const { vendor, server } = await start(3, withCallers());
    const reader = as('reader');
    const { job } = await startBulk(server, { work: SOLVE, tickets: { ids: vendor.ids } }, reader);
    const watching = { ask: (query: string, variables?: object) => server.ask(query, variables as never, reader) };
    expect(await follow(watching, job.id)).toMatchObject({ state: 'DONE', notApplied: 3, applied: 0 });
    expect((await send(server, lines(vendor), { ...TEXT, ...reader.headers })).status).toBe(403);
    expect(vendor.writes).toBe(0);
  });
});

describe('with registered operations', () => {
  const START = 'mutation S($input: StartBulkInput!) { startBulk(input: $input) { job { id } } }';
  const READ = 'query R($id: ID!) { bulkJob(id: $id) { ...Parts } } fragment Parts on BulkJob { state resultsUrl }';
  const OTHER = 'query V { vendors { key } }';

  test.each([
    ['neither without an operation for them', [OTHER], 400, 400],
    ['uploads with one that starts jobs', [OTHER, START], 201, 400],
    ['results with one that selects resultsUrl', [READ, OTHER], 400, 404],
  ])('the server takes %s', async (_, documents, uploaded, downloaded) => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-registered-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const OPERATIONS_MANIFEST = join(folder, 'operations.json');
    const operations = documents.map((body) => {
      const type = body.startsWith('query') ? OperationTypeNode.QUERY : OperationTypeNode.MUTATION;
      return { id: digest(body), name: body.split(' ')[1]!, type, body };
    });
    writeFileSync(OPERATIONS_MANIFEST, printManifest(operations));
    const { vendor, server } = await startBulkServer(1, { OPERATIONS: 'registered', OPERATIONS_MANIFEST });
    const answer = await send(server, lines(vendor), TEXT);
    expect(answer.status).toBe(uploaded);
    const results = await download(server, 'x', 'ndjson');
    expect(results.status).toBe(downloaded);
    const body = (await results.json()) as Json;
    for (const [status, { errors }] of [[uploaded, answer.body] as const, [downloaded, body] as const]) {
      if (status === 400) expect(errors[0].extensions.code).toBe('OPERATION_NOT_REGISTERED');
    }
  });
});

test('jobs are listed only for callers that may run bulk jobs at some source', async () => {
  const { server } = await startBulkServer(1, withCallers());
  const list = async (caller: string): Promise<Json> =>
    (await server.ask('{ bulkJobs { nodes { id } } }', {}, as(caller))) as Json;
  expect(await list('reader')).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(await list('one')).toMatchObject({ data: { bulkJobs: { nodes: [] } } });
});
