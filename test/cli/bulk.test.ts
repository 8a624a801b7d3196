/** `bulk` as a process against a running endpoint: what the vendor received, what was printed, and the exit code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { as, writeApiKeys } from '../support/api-keys.ts';
import { follow } from '../support/bulk.ts';
import { runCommand, startCommand, type CommandOptions, type Ended } from '../support/command.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startEndpoint, type Endpoint } from '../support/endpoint.ts';
import { startManyTickets, type ManyTickets } from '../support/many-tickets.ts';
import { startReplica } from '../support/replica.ts';
import { startTestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

interface Setup {
  readonly vendor: ManyTickets;
  readonly server: Endpoint;
}

async function setUp(count: number, settings: Record<string, string> = {}): Promise<Setup> {
  const vendor = await startManyTickets(count);
  // Tests hold writes while commands start, which may take long on a busy machine.
  const server = await startEndpoint({ ...vendor.settings, OMNIDESK_TIMEOUT_MS: '60000', ...settings });
  onTestFinished(async () => {
    await server.close(0);
    await vendor.close();
    expect(server.defects).toEqual([]);
  });
  return { vendor, server };
}

const at = (url: string, environment: Record<string, string> = {}): CommandOptions => ({
  environment: { TICKETGRAPH_URL: url, ...environment },
});

function bulk(server: Pick<Endpoint, 'url'>, words: readonly string[], input?: string): Promise<Ended> {
  return runCommand(['bulk', ...words], { ...at(server.url), ...(input !== undefined && { input }) });
}

/** Deleted after the test. */
function writeFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tickets');
  writeFileSync(file, text);
  return file;
}

const fileOf = ({ ids }: ManyTickets): string => writeFile(`${ids.join('\n')}\n`);
const SOLVE = ['start', '--set-status', 'solved'];

/** Holds writes until it is called. */
function hold(vendor: ManyTickets): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  vendor.beforeWrite = () => released;
  return release;
}

const idIn = (text: string): string => /bulk-job:[\w-]+/.exec(text)![0];

describe('start', () => {
  test('bulk start writes once to each ticket of a file, and again not at all with the same key', async () => {
    const { vendor, server } = await setUp(350);
    const file = fileOf(vendor);
    const { code, stdout, stderr } = await bulk(server, [...SOLVE, file, '--key', 'monday']);
    expect(stderr).toMatch(/^Started bulk-job:\S+ with the key monday\.\n$/);
    expect(stdout).toMatch(/^SOURCE {4}WAITING {2}IN FLIGHT {2}APPLIED/m);
    expect(stdout).toMatch(/\nDONE: 350 of 350 tickets applied\.\n$/);
    expect(code).toBe(0);
    const again = await bulk(server, [...SOLVE, file, '--key', 'monday']);
    expect([again.code, idIn(again.stderr)]).toEqual([0, idIn(stderr)]);
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1 || !vendor.isSolved(id))).toEqual([]);
    const other = await bulk(server, [...SOLVE, writeFile(vendor.ids[0]!), '--key', 'monday']);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('(IDEMPOTENCY_KEY_REUSED)')]);
  });

  test('bulk start reads NDJSON with a comment and inputs for each ticket from stdin', async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    // JSON may contain characters that end lines elsewhere.
    const line = { ticketId: 'huawei:TS-123456', comment: 'Index\u2028added.', inputs: { judgement: '12' } };
    const { code, stderr } = await bulk(server, ['start', '--action', 'close'], `\n${JSON.stringify(line)}\r\n`);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Started \S+ with the key [0-9a-f]{32}\.\n$/)]);
    expect(server.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    const sent = JSON.parse(server.calls('huawei').findLast(({ arrival }) => arrival.method !== 'GET')!.arrival.body);
    expect(sent).toMatchObject({ operate_desc: 'Index\u2028added.', judgement: '12' });
  });

  test('bulk start takes the filter of tickets', async () => {
    const { vendor, server } = await setUp(120);
    const { code, stdout } = await bulk(server, [...SOLVE, '--vendor', 'omnidesk', '--category', 'open']);
    expect(stdout).toContain('DONE: 120 of 120 tickets applied.');
    expect(code).toBe(0);
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('bulk start reports each bad line with its number, and nothing is sent', async () => {
    const { vendor, server } = await setUp(3);
    const file = writeFile(`${vendor.ids[0]}\n\nunknown:1\n${vendor.ids[1]}\nomnidesk:x\n`);
    const { code, stderr, stdout } = await bulk(server, [...SOLVE, file]);
    expect([code, stdout]).toEqual([2, '']);
    const [third, fifth, error, step] = stderr.split('\n');
    expect(third).toMatch(new RegExp(`^${file}:3: .+`));
    expect(fifth).toMatch(new RegExp(`^${file}:5: .+`));
    expect(error).toMatch(/^error: Line 3: .+ 2 of 4 lines are invalid\.$/);
    expect(step).toBe('Correct the lines, and start the job again.');
    const json = await bulk(server, [...SOLVE, '--json'], '{"ticketId": 1}\n');
    expect([json.code, JSON.parse(json.stderr.split('\n')[0]!).lines[0].line]).toEqual([2, 1]);
    expect(vendor.writes).toBe(0);
    expect((await server.ask('{ bulkJobs { nodes { id } } }')).data.bulkJobs.nodes).toEqual([]);
  });

  test('bulk start --dry-run prints the requests and what would be rejected, and sends nothing', async () => {
    const { vendor, server } = await setUp(5);
    const fine = await bulk(server, [...SOLVE, fileOf(vendor), '--dry-run']);
    expect(fine.stdout).toMatch(/^# dry run: request to OMNIDESK\nPOST http:\S+setStatus\?apiKey=REDACTED\n/);
    expect(fine.stdout).toMatch(/^OMNIDESK {2}5$/m);
    expect([fine.code, fine.stderr]).toEqual([0, 'dry run: 5 tickets, 0 would be rejected. Nothing was sent.\n']);
    const words = ['start', '--action', 'dance', '--dry-run', '--json'];
    const rejected = await bulk(server, words, vendor.ids.join('\n'));
    const problems = JSON.parse(rejected.stdout).problems as { code: string }[];
    expect([rejected.code, problems[0]!.code]).toEqual([1, 'INVALID_INPUT']);
    expect(vendor.writes).toBe(0);
    expect((await server.ask('{ bulkJobs { nodes { id } } }')).data.bulkJobs.nodes).toEqual([]);
  });

  test.each([
    ['setStatus', ['--set-status', 'CLOSED'], 'status=closed'],
    ['setPriority', ['--set-priority', 'urgent'], 'priority=urgent'],
    ['deleteTickets', ['--delete', '--confirm'], '858462'],
    ['executeAction', ['--action', 'status.solved'], 'status=solved'],
  ])('bulk start performs %s', { tags: ['full'] }, async (_, words, body) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    expect((await bulk(server, ['start', ...words], 'omnidesk:858462\n')).code).toBe(0);
    const writes = server.calls('omnidesk').filter(({ arrival }) => arrival.method !== 'GET');
    expect(writes).toHaveLength(1);
    expect(`${writes[0]!.arrival.target} ${writes[0]!.arrival.body}`).toContain(body);
  });

  test('bulk start performs an action with inputs', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const words = ['start', '--action', 'close', '--inputs', '{"judgement": "12"}', '--comment', 'Index added.'];
    expect((await bulk(server, words, 'huawei:TS-123456\n')).code).toBe(0);
    expect(server.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    const sent = JSON.parse(server.calls('huawei').findLast(({ arrival }) => arrival.method !== 'GET')!.arrival.body);
    expect(sent).toMatchObject({ operate_desc: 'Index added.', judgement: '12' });
  });
});

describe('exit codes', () => {
  test('bulk start exits with 1 if a ticket was not applied, and names the command that says why', async () => {
    const { vendor, server } = await setUp(2);
    vendor.answer = (ids) => (ids.includes('100001') ? { status: 404 } : undefined);
    const partial = await bulk(server, ['start', '--action', 'status.solved', fileOf(vendor)]);
    expect(partial.stdout).toMatch(/DONE: 1 of 2 tickets applied\.\n$/);
    expect(partial.stderr).toContain(`ticketgraph bulk results ${idIn(partial.stderr)} --outcome not-applied --url`);
    expect(partial.code).toBe(1);
  });

  test('bulk start exits with 3 if an outcome is unknown, and stops after as many as were allowed', async () => {
    const { vendor, server } = await setUp(200);
    vendor.answer = () => ({ status: 500 });
    const words = ['start', '--action', 'status.solved', fileOf(vendor), '--stop-after-unknown', '1'];
    const { code, stdout, stderr } = await bulk(server, words);
    expect(stdout).toMatch(/\nCANCELLED: 0 of 200 tickets applied\.\n$/);
    expect(stderr).toContain('Check the UNKNOWN tickets: ticketgraph bulk results ');
    expect(code).toBe(3);
    expect(vendor.writes).toBeLessThan(200);
  });

  test('bulk start exits with 3 if the answer is lost, and a repeat with its key gives the same job', async () => {
    const { vendor, server } = await setUp(3);
    const lossy = await startLossyProxy(server.url);
    const file = fileOf(vendor);
    const lost = await bulk({ url: lossy }, [...SOLVE, file]);
    expect(lost.code).toBe(3);
    const key = /--key (\w+): they give the same job/.exec(lost.stderr)![1]!;
    const again = await bulk(server, [...SOLVE, file, '--key', key, '--detach']);
    expect(again.code).toBe(0);
    await follow(server, again.stdout.trim());
    expect((await server.ask('{ bulkJobs { nodes { id } } }')).data.bulkJobs.nodes).toHaveLength(1);
    expect(vendor.ids.map((id) => vendor.sent(id))).toEqual([1, 1, 1]);
  });

  test.each([
    [2, 'No work was given.', ['start']],
    [2, 'Several works were given.', [...SOLVE, '--action', 'close']],
    [2, '--delete was not confirmed: a deletion cannot be undone.', ['start', '--delete']],
    [2, '--comment does not fit the work.', ['start', '--set-priority', 'low', '--comment', 'x']],
    [2, '--inputs does not fit the work.', [...SOLVE, '--inputs', '{}']],
    [2, 'A file and a filter were given.', [...SOLVE, 'x.txt', '--vendor', 'omnidesk']],
    [2, 'Cannot read nothing-here.txt: ENOENT.', [...SOLVE, 'nothing-here.txt']],
    [2, '--watch needs the id of a job.', ['status', '--watch']],
    [4, 'The server at http://127.0.0.1:1/graphql is unreachable.', [...SOLVE, '-']],
    [4, 'The server at http://127.0.0.1:1/graphql is unreachable.', ['status', '1', '--watch']],
  ])('bulk exits with %i: %s', { tags: ['full'] }, async (expected, message, words) => {
    const { code, stderr } = await bulk({ url: 'http://127.0.0.1:1/graphql' }, words, 'omnidesk:1\n');
    expect(stderr).toContain(`error: ${message}\n`);
    expect(code).toBe(expected);
  });

  test('bulk start exits with 2 if there is no ticket', { tags: ['full'] }, async () => {
    const { server } = await setUp(1);
    const { code, stderr } = await bulk(server, SOLVE, '\n');
    expect([code, stderr]).toEqual([2, expect.stringContaining('error: The upload is empty.')]);
  });
});

/** Forwards requests, and destroys the connection instead of answering one that starts a job. */
const startLossyProxy = (target: string): Promise<string> => startStartProxy(target, () => Promise.resolve(false));

/** Forwards requests. @param onStart called when a job was started: whether that is answered */
async function startStartProxy(target: string, onStart: () => Promise<boolean>): Promise<string> {
  const proxy = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const headers = { 'content-type': request.headers['content-type']!, 'apollo-require-preflight': '1' };
      const answer = await fetch(new URL(request.url!, target), { method: 'POST', headers, body });
      const text = await answer.text();
      if (body.includes('StartBulk') && !(await onStart())) response.destroy();
      else response.writeHead(answer.status).end(text);
    })();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    return new Promise((resolve) => proxy.close(() => resolve()));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/graphql`;
}

describe('watching', () => {
  test('Ctrl-C ends watching and not the job, and bulk status --watch goes on with it', async () => {
    const { vendor, server } = await setUp(300);
    const release = hold(vendor);
    const running = startCommand(['bulk', ...SOLVE, fileOf(vendor)], at(server.url));
    const [, id = ''] = await running.stdoutUntil(/^(bulk-job:\S+) {2}RUNNING {2}0\/300/m);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toContain(`Stopped watching. The job ${id} goes on.\n`);
    expect(stderr).toContain(`Watch it again: ticketgraph bulk status ${id} --watch --url ${server.url}\n`);
    expect(code).toBe(3);
    const again = startCommand(['bulk', 'status', id, '--watch'], at(server.url));
    await again.stdoutUntil(/RUNNING {2}0\/300/);
    release();
    const ended = await again.ended;
    expect(ended.stdout).toMatch(/\nDONE: 300 of 300 tickets applied\.\n$/);
    expect(ended.code).toBe(0);
    expect(vendor.ids.filter((ticket) => vendor.sent(ticket) !== 1)).toEqual([]);
  });

  test('Ctrl-C while the job is started waits for its id', async () => {
    const { vendor, server } = await setUp(3);
    const release = hold(vendor);
    let answerStart = (): void => undefined;
    const isAnswered = new Promise<boolean>((resolve) => (answerStart = () => resolve(true)));
    let markStarted = (): void => undefined;
    const isStarted = new Promise<void>((resolve) => (markStarted = resolve));
    const url = await startStartProxy(server.url, () => {
      markStarted();
      return isAnswered;
    });
    const running = startCommand(['bulk', ...SOLVE, fileOf(vendor), '--key', 'k'], at(url));
    await isStarted;
    running.child.kill('SIGINT');
    answerStart();
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/^Started (\S+) with the key k\.\nStopped watching\. The job \1 goes on\.\n/);
    expect(code).toBe(3);
    release();
    expect(await follow(server, idIn(stderr))).toMatchObject({ state: 'DONE', applied: 3 });
  });

  test('bulk start resumes watching after a cut', async () => {
    const { vendor, server } = await setUp(300);
    const release = hold(vendor);
    const proxy = await startCuttableProxy(server.url);
    const running = startCommand(['bulk', ...SOLVE, fileOf(vendor)], at(proxy.url));
    await running.stdoutUntil(/RUNNING {2}0\/300/);
    proxy.cut();
    await running.stderrUntil(/^warning: .+ \(CONNECTION_FAILED\)\. Resuming in \d+\.\d s\.\n/m);
    release();
    proxy.restore();
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/\nDONE: 300 of 300 tickets applied\.\n$/);
    expect(code).toBe(0);
  });

  test('bulk start exits with 3 and says how to go on if the job cannot be watched any more', async () => {
    const { vendor, server } = await setUp(300);
    const { server: other } = await setUp(1);
    const release = hold(vendor);
    const proxy = await startCuttableProxy(server.url);
    const running = startCommand(['bulk', ...SOLVE, fileOf(vendor)], at(proxy.url));
    const [, id = ''] = await running.stdoutUntil(/^(bulk-job:\S+) {2}RUNNING {2}0\/300/m);
    proxy.cut();
    proxy.retarget(other.url);
    proxy.restore();
    const { code, stderr } = await running.ended;
    expect(stderr).toContain(`error: Cannot watch the job ${id}, which goes on: `);
    expect(stderr).toContain(`Watch it again: ticketgraph bulk status ${id} --watch --url ${proxy.url}\n`);
    expect(code).toBe(3);
    release();
    expect(await follow(server, id)).toMatchObject({ state: 'DONE', applied: 300 });
  });

  test('bulk start goes on with a server process that is killed and started again', { tags: ['full'] }, async () => {
    const vendor = await startManyTickets(400);
    onTestFinished(() => vendor.close());
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const environment = { ...vendor.settings, OMNIDESK_TIMEOUT_MS: '60000', STORE_PATH: join(folder, 'store') };
    const first = await startReplica(environment);
    const proxy = await startCuttableProxy(first.url);
    const release = hold(vendor);
    const running = startCommand(['bulk', ...SOLVE, fileOf(vendor)], at(proxy.url));
    await until(() => expect(vendor.writes).toBeGreaterThan(0));
    await first.kill();
    release();
    const second = await startReplica(environment);
    onTestFinished(() => second.kill());
    proxy.retarget(second.url);
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/\nDONE: \d+ of 400 tickets applied\.\n$/);
    expect([0, 3]).toContain(code);
    expect(vendor.ids.filter((id) => vendor.sent(id) !== 1)).toEqual([]);
  });

  test('bulk start --json prints the job as one object per line', async () => {
    const { vendor, server } = await setUp(30);
    const { code, stdout } = await bulk(server, [...SOLVE, fileOf(vendor), '--json', '--key', 'k']);
    const jobs = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(jobs.at(-1)).toMatchObject({ state: 'DONE', applied: 30, idempotencyKey: 'k' });
    expect(code).toBe(0);
  });
});

describe('status, results and cancel', () => {
  test('bulk start --detach prints the id, and bulk cancel begins no further ticket', async () => {
    const { vendor, server } = await setUp(500, { OMNIDESK_CONCURRENCY: '4' });
    const release = hold(vendor);
    const started = await bulk(server, ['start', '--action', 'status.solved', fileOf(vendor), '--detach']);
    expect([started.code, started.stdout]).toEqual([0, expect.stringMatching(/^bulk-job:\S+\n$/)]);
    const id = started.stdout.trim();
    await until(() => expect(vendor.writes).toBeGreaterThan(0));
    const shown = await bulk(server, ['status', id]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/^RUNNING +\d+ +\d+ +0 +0 +0 +-$/m)]);
    const canceled = await bulk(server, ['cancel', id.replace('bulk-job:', '')]);
    expect([canceled.code, canceled.stdout]).toEqual([0, expect.stringMatching(/^CANCELL(ING|ED) /m)]);
    release();
    const watched = await bulk(server, ['status', id, '--watch']);
    expect([watched.code, watched.stdout]).toEqual([1, expect.stringContaining('CANCELLED: ')]);
    expect(vendor.writes).toBeLessThan(500);
    const list = await bulk(server, ['status']);
    expect(list.stdout).toMatch(new RegExp(`^ID .*\n${id} +CANCELLED +\\S+Z +500 `));
  });

  test('bulk results prints a table, NDJSON or CSV, of some outcomes, to a file', async () => {
    const { vendor, server } = await setUp(3);
    vendor.answer = (ids) => (ids.includes('100001') ? { status: 404 } : undefined);
    const started = await bulk(server, ['start', '--action', 'status.solved', fileOf(vendor)]);
    const id = idIn(started.stderr);
    const table = (await bulk(server, ['results', id])).stdout.split('\n');
    expect(table[0]).toMatch(/^TICKET {11}OUTCOME {6}CODE +MESSAGE$/);
    expect(table[1]).toBe('omnidesk:100000  APPLIED      -             -'.replace(/ +- +-$/, table[1]!.slice(24)));
    expect(table.map((row) => row.split(/ +/)[1])).toEqual(['OUTCOME', 'APPLIED', 'NOT_APPLIED', 'APPLIED', undefined]);
    const ndjson = await bulk(server, ['results', id, '--json', '--outcome', 'applied']);
    expect(
      ndjson.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).ticketId),
    ).toEqual(['omnidesk:100000', 'omnidesk:100002']);
    const file = writeFile('');
    const written = await bulk(server, [
      'results',
      id,
      '--format',
      'csv',
      '--outcome',
      'not-applied',
      '--output',
      file,
    ]);
    expect([written.code, written.stdout]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^ticketId,outcome,code,message\r\n"omnidesk:100001","NOT_APPLIED",.+\r\n$/,
    );
    const unwritable = await bulk(server, ['results', id, '--output', '/nowhere/x']);
    expect([unwritable.code, unwritable.stderr]).toEqual([2, 'error: Cannot write /nowhere/x: ENOENT.\n']);
  });

  test('bulk results of 1,000 tickets have one line each, in the order of the input', { tags: ['full'] }, async () => {
    const { vendor, server } = await setUp(1_000);
    const id = idIn((await bulk(server, [...SOLVE, fileOf(vendor)])).stderr);
    const rows = (await bulk(server, ['results', id])).stdout.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(vendor.ids);
  });

  test("another caller sees nothing of a caller's jobs", async () => {
    const callers = writeApiKeys(['one', 'two'], { one: ',ticket:batch', two: ',ticket:batch' });
    const { vendor, server } = await setUp(3, callers);
    const by = (name: 'one' | 'two', words: readonly string[]): Promise<Ended> =>
      runCommand(['bulk', ...words], at(server.url, { TICKETGRAPH_API_KEY: as(name).headers['x-api-key']! }));
    const started = await by('one', [...SOLVE, fileOf(vendor)]);
    expect(started.code).toBe(0);
    const id = idIn(started.stderr);
    expect((await by('two', ['status'])).stdout.trimEnd().split('\n')).toHaveLength(1);
    for (const words of [
      ['status', id],
      ['status', id, '--watch'],
      ['results', id],
      ['cancel', id],
    ]) {
      const { code, stdout, stderr } = await by('two', words);
      expect([code, stdout, stderr.split('\n')[0]]).toEqual([1, '', `error: Bulk job ${id} not found.`]);
    }
    expect((await by('one', ['results', id, '--json'])).stdout.trimEnd().split('\n')).toHaveLength(3);
  });
});
