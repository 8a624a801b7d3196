/** `act` and `set-status` as processes: what reached the vendors, what was printed, and the exit code. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { runCommand, startCommand, type CommandOptions, type Ended } from '../support/command.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const CASE = 'huawei:TS-123456';
const TICKET = 'omnidesk:858462';

function run(server: TestServer, words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return runCommand(words, { environment: { TICKETGRAPH_URL: server.url }, ...options });
}

/** Of actions on cases; reads and the sign-in get through. */
function faultOfActions(server: TestServer, fault: Fault): void {
  server.vendor('huawei').faults = ({ path }) => (path.endsWith('/action') ? fault : undefined);
}

describe('act', () => {
  test('act executes an action with a comment and inputs parsed by type', async () => {
    const server = await startTestServer();
    const satisfaction = '[{"satisfactionId": 1, "satisfactionValue": 5}]';
    const inputs = ['--input', 'judgement=12', '--input', 'groupId=7', '--input', `satisfaction=${satisfaction}`];
    const { code, stdout, stderr } = await run(server, ['act', CASE, 'close', '--comment', 'Index added.', ...inputs]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `APPLIED  ${CASE}  close  now CLOSED\n`, stderr: '' });
    expect(server.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    const sent = JSON.parse(server.calls('huawei').findLast(({ arrival }) => arrival.method !== 'GET')!.arrival.body);
    expect(sent).toMatchObject({ operate_desc: 'Index added.', judgement: '12', group_id: '7' });
    expect(JSON.stringify(sent)).toContain('satisfaction');
  });

  test('act parses an input of type OBJECT as JSON', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const words = ['act', 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08', 'complete', '--dry-run'];
    const { code, stdout } = await run(server, [...words, '--input', 'extra={"note": "done"}']);
    expect(code).toBe(0);
    expect(stdout).toContain('{"transition":{"type":"complete","note":"done"}}');
    for (const unfit of ['extra=done', 'extra=[1]', 'extra=null']) {
      const { code, stderr } = await run(server, [...words, '--input', unfit]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('Expected an object as JSON')]);
    }
  });

  test(
    'act rejects unknown and invalid inputs, names the known ones, and writes nothing',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer();
      const unknown = await run(server, ['act', CASE, 'close', '--input', 'nothing=1']);
      expect(unknown.code).toBe(2);
      expect(unknown.stderr).toBe(
        'error: Unknown input nothing for the action close.\nKnown inputs: judgement, groupId, satisfaction.\n',
      );
      const unfit = await run(server, ['act', CASE, 'close', '--input', 'satisfaction=5']);
      expect(unfit.code).toBe(2);
      expect(unfit.stderr).toContain('Expected a list as JSON');
      const notOffered = await run(server, ['act', CASE, 'dance', '--input', 'judgement=1']);
      expect(notOffered.code).toBe(1);
      expect(notOffered.stderr).toContain('Available actions: cancel, close, press.');
      expect(server.vendor('huawei').effects).toEqual([]);
      expect(server.calls('huawei').filter(({ arrival }) => arrival.method !== 'GET')).toEqual([]);
    },
  );

  test('act without inputs does not load the actions first', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    await run(server, ['act', CASE, 'press']);
    expect(server.calls('huawei').map(({ arrival }) => arrival.method)).toEqual(['POST']);
  });

  test('act --dry-run prints the request without secrets and sends nothing', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const { code, stdout } = await run(server, ['act', CASE, 'close', '--comment', 'Done.', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# dry run: request to HUAWEI\n\w+ http:\/\/127\.0\.0\.1:\d+\/\S+action_id=close$/m);
    expect(stdout).toMatch(/^X-Auth-Token: REDACTED$/m);
    expect(stdout).toMatch(/^{"operate_desc":"Done\."}$/m);
    expect(server.vendor('huawei').ledger).toEqual([]);
    const json = await run(server, ['act', CASE, 'close', '--dry-run', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: [{ vendor: 'HUAWEI' }], idempotencyKey: null });
  });

  test("act exits with 1 and the vendor's message if the vendor rejects the action", { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const reply = {
      status: 409,
      headers: { 'content-type': 'application/json' },
      body: '{"error_msg":"Case is locked."}',
    };
    faultOfActions(server, { kind: 'answer', applied: false, reply });
    const { code, stdout, stderr } = await run(server, ['act', CASE, 'close']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `NOT_APPLIED  ${CASE}  close\n` });
    expect(stderr).toMatch(/^problem: .*"Case is locked\." \(VENDOR_REJECTED\)$/m);
    expect(stderr).toContain(`Available actions: ticketgraph actions ${CASE}`);
  });

  test('act exits with 3 for an unknown outcome, and a repeat with the same key sends nothing', async () => {
    const server = await startTestServer();
    faultOfActions(server, { kind: 'reset', applied: true });
    const first = await run(server, ['act', CASE, 'press', '--json']);
    expect(first.code).toBe(3);
    const { outcome, idempotencyKey } = JSON.parse(first.stdout);
    expect(outcome).toBe('UNKNOWN');
    const again = await run(server, ['act', CASE, 'press', '--key', idempotencyKey]);
    expect(again.code).toBe(3);
    expect(again.stdout).toContain('stored result of an earlier request with the same key');
    expect(again.stderr).toContain(`Check the ticket: ticketgraph ticket ${CASE}`);
    expect(server.vendor('huawei').effects).toHaveLength(1);
  });

  test(
    'act exits with 3 after a lost response, and the printed command returns the stored result',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer();
      const lossy = await startLossyProxy(server.url);
      const words = ['act', CASE, 'close', '--comment', "It's done.", '--input', 'judgement=5', '--url', lossy];
      const { code, stdout, stderr } = await run(server, words);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('error: Outcome unknown');
      const command = /applied only once: ticketgraph (.*)$/m.exec(stderr)![1]!;
      expect(command).toContain(`--comment 'It'\\''s done.' --inputs '{"judgement":"5"}'`);
      const repeated = await run(server, wordsOf(command.replace(lossy, server.url)));
      expect({ code: repeated.code, stderr: repeated.stderr }).toEqual({ code: 0, stderr: '' });
      expect(repeated.stdout).toContain('stored result of an earlier request with the same key');
      expect(server.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    },
  );

  test('act exits with 4 if the server is unreachable, as nothing was sent', { tags: ['full'] }, async () => {
    const { code, stderr } = await runCommand(['act', CASE, 'close', '--url', 'http://127.0.0.1:1/graphql']);
    expect(code).toBe(4);
    expect(stderr).toContain('is unreachable');
  });
});

/** A shell's words, as far as the command line quotes them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
}

/** Passes reads on; of writes it loses the answer. */
async function startLossyProxy(target: string): Promise<string> {
  const proxy = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const text = await answer.text();
      if (/mutation \w+\(/.test(body)) request.socket.destroy();
      else response.setHeader('content-type', 'application/json').end(text);
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/graphql`;
}

describe('set-status', () => {
  test('set-status prints the outcome of each ticket and exits with 0 if all are applied', async () => {
    const server = await startTestServer();
    const ids = [TICKET, CASE, 'akana:ticket25687.acmepaymentscorp'];
    const { code, stdout, stderr } = await run(server, ['set-status', 'solved', ...ids, TICKET]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(/^omnidesk:858462 +APPLIED +SOLVED +-$/),
      expect.stringMatching(/^huawei:TS-123456 +APPLIED +\w+ +-$/),
      expect.stringMatching(/^akana:ticket25687.acmepaymentscorp +APPLIED +SOLVED +-$/),
    ]);
    expect(server.vendor('omnidesk').effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
  });

  test('set-status exits with 1 and the reason if one ticket is not applied', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const { code, stdout } = await run(server, ['set-status', 'ON-HOLD', TICKET, 'huawei:TS-123456', 'unknown:1']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^omnidesk:858462 +APPLIED +ON_HOLD/m);
    expect(stdout).toMatch(/^huawei:TS-123456 +NOT_APPLIED .*\(UNSUPPORTED\)$/m);
    expect(stdout).toMatch(/^unknown:1 +NOT_APPLIED .*\(INVALID_INPUT\)$/m);
  });

  test(
    'set-status reads ids from stdin and sends 100 per request, each with its own key',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['omnidesk'] });
      const ids = Array.from({ length: 230 }, (_, index) => `omnidesk:${index + 1}`);
      const reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"type":"result"}' };
      server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply });
      const words = ['set-status', 'SOLVED', '--json', '--key', 'nightly'];
      const { code, stdout, stderr } = await run(server, words, {
        environment: { TICKETGRAPH_URL: server.url },
        input: ids.join('\n'),
      });
      expect(stderr).toBe('');
      const { results, idempotencyKey } = JSON.parse(stdout);
      expect(results.map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual(ids);
      expect(idempotencyKey).toBe('nightly');
      const sent = server.calls('omnidesk').filter(({ arrival }) => arrival.method === 'POST');
      expect(sent).toHaveLength(3);
      expect(code).toBe(0);
      server.forget();
      const again = await run(server, [...words, '-'], {
        environment: { TICKETGRAPH_URL: server.url },
        input: ids.join(' '),
      });
      expect(again.code).toBe(0);
      expect(server.calls('omnidesk')).toEqual([]);
    },
  );

  test('set-status exits with 3 for an unknown outcome and prints the key', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    server.vendor('omnidesk').faults = () => ({ kind: 'reset', applied: true });
    const { code, stdout, stderr } = await run(server, ['set-status', 'SOLVED', TICKET, CASE]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^omnidesk:858462 +UNKNOWN .*\(OUTCOME_UNKNOWN\)$/m);
    expect(stdout).toMatch(/^huawei:TS-123456 +APPLIED/m);
    expect(stderr).toMatch(/--key [0-9a-f]{32}: each write is applied only once/);
  });

  test(
    'set-status reports sent tickets as unknown and skips the rest if the connection is lost',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['omnidesk'] });
      const lossy = await startLossyProxy(server.url);
      const ids = Array.from({ length: 150 }, (_, index) => `omnidesk:${index + 1}`);
      const { code, stdout } = await run(server, ['set-status', 'SOLVED', '--url', lossy, '--json', ...ids]);
      expect(code).toBe(3);
      const outcomes = JSON.parse(stdout).results.map(
        ({ outcome, problem }: { outcome: string; problem: { code: string } }) => [outcome, problem.code].join(' '),
      );
      expect(outcomes).toEqual([
        ...Array.from({ length: 100 }, () => 'UNKNOWN CONNECTION_FAILED'),
        ...Array.from({ length: 50 }, () => 'NOT_APPLIED NOT_SENT'),
      ]);
      expect(server.calls('omnidesk')).toHaveLength(1);
    },
  );

  test('set-status finishes the current request after SIGINT and prints its outcomes', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    server.vendor('omnidesk').faults = () => ({ kind: 'hold', until });
    const ids = Array.from({ length: 150 }, (_, index) => `omnidesk:${index + 1}`);
    const environment = { TICKETGRAPH_URL: server.url };
    const running = startCommand(['set-status', 'SOLVED', '--json', ...ids], { environment });
    while (server.calls('omnidesk').length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    running.child.kill('SIGINT');
    await running.stderrUntil(/Stopping after the current request/);
    answer();
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    const { results } = JSON.parse(stdout);
    const unsent = results.filter(({ problem }: { problem: { code: string } }) => problem.code === 'NOT_SENT');
    expect([results.length, unsent.length]).toEqual([150, 50]);
    expect(server.calls('omnidesk')).toHaveLength(1);
  });

  test('set-status --dry-run prints the plan and the rejected tickets', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const { code, stdout } = await run(server, ['set-status', 'SOLVED', TICKET, 'requestor:47', '--dry-run']);
    expect(code).toBe(1);
    expect(stdout).toContain('# dry run: request to OMNIDESK');
    expect(stdout).toMatch(/^requestor:47 +NOT_APPLIED .*\(UNSUPPORTED\)$/m);
    expect(server.vendor('omnidesk').ledger).toEqual([]);
  });

  test(
    'set-status without ids explains how to pass them, and without a server how to start one',
    { tags: ['full'] },
    async () => {
      const [none, unreachable] = await Promise.all([
        runCommand(['set-status', 'SOLVED']),
        runCommand(['set-status', 'SOLVED', TICKET, '--url', 'http://127.0.0.1:1/graphql']),
      ]);
      expect(none.code).toBe(2);
      expect(none.stderr).toContain('Pass them as arguments, or on stdin');
      expect(unreachable.code).toBe(4);
      expect(unreachable.stderr).toContain('ticketgraph serve');
    },
  );
});
