/** `act` and `set-status` as processes: what reached the vendors, what was printed, and the exit code. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { runCommand, startCommand, type CommandOptions, type Ended } from '../support/command.ts';
import { startWorld, type World } from '../support/sandbox.ts';

const CASE = 'huawei:TS-123456';
const TICKET = 'omnidesk:858462';

function run(world: World, words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return runCommand(words, { environment: { TICKETGRAPH_URL: world.url }, ...options });
}

/** Of actions on cases; reads and the sign-in get through. */
function faultOfActions(world: World, fault: Fault): void {
  world.vendor('huawei').faults = ({ path }) => (path.endsWith('/action') ? fault : undefined);
}

describe('act', () => {
  test('performs an action with a comment and inputs, read by the types that the action names', async () => {
    const world = await startWorld();
    const satisfaction = '[{"satisfactionId": 1, "satisfactionValue": 5}]';
    const inputs = ['--input', 'judgement=12', '--input', 'groupId=7', '--input', `satisfaction=${satisfaction}`];
    const { code, stdout, stderr } = await run(world, ['act', CASE, 'close', '--comment', 'Index added.', ...inputs]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `APPLIED  ${CASE}  close  now CLOSED\n`, stderr: '' });
    expect(world.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    const sent = JSON.parse(world.calls('huawei').findLast(({ arrival }) => arrival.method !== 'GET')!.arrival.body);
    expect(sent).toMatchObject({ operate_desc: 'Index added.', judgement: '12', group_id: '7' });
    expect(JSON.stringify(sent)).toContain('satisfaction');
  });

  test('an input of type OBJECT is read as JSON', { tags: ['full'] }, async () => {
    const world = await startWorld({ keys: ['jifeline'] });
    const words = ['act', 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08', 'complete', '--dry-run'];
    const { code, stdout } = await run(world, [...words, '--input', 'extra={"note": "done"}']);
    expect(code).toBe(0);
    expect(stdout).toContain('{"transition":{"type":"complete","note":"done"}}');
    for (const unfit of ['extra=done', 'extra=[1]', 'extra=null']) {
      const { code: refused, stderr } = await run(world, [...words, '--input', unfit]);
      expect([refused, stderr]).toEqual([2, expect.stringContaining('Give it an object as JSON')]);
    }
  });

  test(
    'inputs that the action does not take, or that do not fit, are refused with what it takes, and nothing is written',
    { tags: ['full'] },
    async () => {
      const world = await startWorld();
      const unknown = await run(world, ['act', CASE, 'close', '--input', 'nothing=1']);
      expect(unknown.code).toBe(2);
      expect(unknown.stderr).toBe(
        'error: The action close takes no nothing.\nIt takes: judgement, groupId, satisfaction.\n',
      );
      const unfit = await run(world, ['act', CASE, 'close', '--input', 'satisfaction=5']);
      expect(unfit.code).toBe(2);
      expect(unfit.stderr).toContain('Give it a list as JSON');
      const notOffered = await run(world, ['act', CASE, 'dance', '--input', 'judgement=1']);
      expect(notOffered.code).toBe(1);
      expect(notOffered.stderr).toContain('What may be done: cancel, close, press.');
      expect(world.vendor('huawei').effects).toEqual([]);
      expect(world.calls('huawei').filter(({ arrival }) => arrival.method !== 'GET')).toEqual([]);
    },
  );

  test('without inputs nothing is asked before', { tags: ['full'] }, async () => {
    const world = await startWorld();
    await run(world, ['act', CASE, 'press']);
    expect(world.calls('huawei').map(({ arrival }) => arrival.method)).toEqual(['POST']);
  });

  test('a dry run prints what would be sent, without secrets, and sends nothing', { tags: ['full'] }, async () => {
    const world = await startWorld();
    const { code, stdout } = await run(world, ['act', CASE, 'close', '--comment', 'Done.', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# would be sent to HUAWEI\n\w+ http:\/\/127\.0\.0\.1:\d+\/\S+action_id=close$/m);
    expect(stdout).toMatch(/^X-Auth-Token: REDACTED$/m);
    expect(stdout).toMatch(/^{"operate_desc":"Done\."}$/m);
    expect(world.vendor('huawei').ledger).toEqual([]);
    const json = await run(world, ['act', CASE, 'close', '--dry-run', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: [{ vendor: 'HUAWEI' }], idempotencyKey: null });
  });

  test(
    'what the vendor refuses ends with 1, its words, and the way to what may be done',
    { tags: ['full'] },
    async () => {
      const world = await startWorld();
      const reply = {
        status: 409,
        headers: { 'content-type': 'application/json' },
        body: '{"error_msg":"Case is locked."}',
      };
      faultOfActions(world, { kind: 'answer', applied: false, reply });
      const { code, stdout, stderr } = await run(world, ['act', CASE, 'close']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: `NOT_APPLIED  ${CASE}  close\n` });
      expect(stderr).toMatch(/^problem: .*"Case is locked\." \(VENDOR_REJECTED\)$/m);
      expect(stderr).toContain(`What may be done: ticketgraph actions ${CASE}`);
    },
  );

  test('what nobody knows ends with 3, and the same key does nothing twice', async () => {
    const world = await startWorld();
    faultOfActions(world, { kind: 'reset', applied: true });
    const first = await run(world, ['act', CASE, 'press', '--json']);
    expect(first.code).toBe(3);
    const { outcome, idempotencyKey } = JSON.parse(first.stdout);
    expect(outcome).toBe('UNKNOWN');
    const again = await run(world, ['act', CASE, 'press', '--key', idempotencyKey]);
    expect(again.code).toBe(3);
    expect(again.stdout).toContain('the answer of an earlier try with the same key');
    expect(again.stderr).toContain(`Look at it: ticketgraph ticket ${CASE}`);
    expect(world.vendor('huawei').effects).toHaveLength(1);
  });

  test(
    'an answer that is lost on the way ends with 3 and a command that asks for it, doing nothing twice',
    { tags: ['full'] },
    async () => {
      const world = await startWorld();
      const lossy = await startLossyProxy(world.url);
      const words = ['act', CASE, 'close', '--comment', "It's done.", '--input', 'judgement=5', '--url', lossy];
      const { code, stdout, stderr } = await run(world, words);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('error: It is not known whether it happened');
      const command = /does nothing twice: ticketgraph (.*)$/m.exec(stderr)![1]!;
      expect(command).toContain(`--comment 'It'\\''s done.' --inputs '{"judgement":"5"}'`);
      const repeated = await run(world, wordsOf(command.replace(lossy, world.url)));
      expect({ code: repeated.code, stderr: repeated.stderr }).toEqual({ code: 0, stderr: '' });
      expect(repeated.stdout).toContain('the answer of an earlier try with the same key');
      expect(world.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
    },
  );

  test('a server that is not there ends with 4, as nothing was sent', { tags: ['full'] }, async () => {
    const { code, stderr } = await runCommand(['act', CASE, 'close', '--url', 'http://127.0.0.1:1/graphql']);
    expect(code).toBe(4);
    expect(stderr).toContain('No server answers');
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
  test('sets tickets of several vendors, shows each with its outcome, and ends with 0 where all are applied', async () => {
    const world = await startWorld();
    const ids = [TICKET, CASE, 'akana:ticket25687.acmepaymentscorp'];
    const { code, stdout, stderr } = await run(world, ['set-status', 'solved', ...ids, TICKET]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(/^omnidesk:858462 +APPLIED +SOLVED +-$/),
      expect.stringMatching(/^huawei:TS-123456 +APPLIED +\w+ +-$/),
      expect.stringMatching(/^akana:ticket25687.acmepaymentscorp +APPLIED +SOLVED +-$/),
    ]);
    expect(world.vendor('omnidesk').effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
  });

  test('ends with 1 where one is not applied, and says why', { tags: ['full'] }, async () => {
    const world = await startWorld();
    const { code, stdout } = await run(world, ['set-status', 'ON-HOLD', TICKET, 'huawei:TS-123456', 'nobody:1']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^omnidesk:858462 +APPLIED +ON_HOLD/m);
    expect(stdout).toMatch(/^huawei:TS-123456 +NOT_APPLIED .*\(UNSUPPORTED\)$/m);
    expect(stdout).toMatch(/^nobody:1 +NOT_APPLIED .*\(INVALID_INPUT\)$/m);
  });

  test(
    'reads ids from standard input, any number, a hundred at a time, each with a key of its own',
    { tags: ['full'] },
    async () => {
      const world = await startWorld({ keys: ['omnidesk'] });
      const ids = Array.from({ length: 230 }, (_, index) => `omnidesk:${index + 1}`);
      const reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"type":"result"}' };
      world.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply });
      const words = ['set-status', 'SOLVED', '--json', '--key', 'nightly'];
      const { code, stdout, stderr } = await run(world, words, {
        environment: { TICKETGRAPH_URL: world.url },
        input: ids.join('\n'),
      });
      expect(stderr).toBe('');
      const { results, idempotencyKey } = JSON.parse(stdout);
      expect(results.map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual(ids);
      expect(idempotencyKey).toBe('nightly');
      const sent = world.calls('omnidesk').filter(({ arrival }) => arrival.method === 'POST');
      expect(sent).toHaveLength(3);
      expect(code).toBe(0);
      world.forget();
      const again = await run(world, [...words, '-'], {
        environment: { TICKETGRAPH_URL: world.url },
        input: ids.join(' '),
      });
      expect(again.code).toBe(0);
      expect(world.calls('omnidesk')).toEqual([]);
    },
  );

  test('ends with 3 where nobody knows of one, with the key to repeat it', { tags: ['full'] }, async () => {
    const world = await startWorld();
    world.vendor('omnidesk').faults = () => ({ kind: 'reset', applied: true });
    const { code, stdout, stderr } = await run(world, ['set-status', 'SOLVED', TICKET, CASE]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^omnidesk:858462 +UNKNOWN .*\(OUTCOME_UNKNOWN\)$/m);
    expect(stdout).toMatch(/^huawei:TS-123456 +APPLIED/m);
    expect(stderr).toMatch(/--key [0-9a-f]{32}: nothing happens twice/);
  });

  test(
    'when the server goes away, what was sent is unknown, and the rest is not sent',
    { tags: ['full'] },
    async () => {
      const world = await startWorld({ keys: ['omnidesk'] });
      const lossy = await startLossyProxy(world.url);
      const ids = Array.from({ length: 150 }, (_, index) => `omnidesk:${index + 1}`);
      const { code, stdout } = await run(world, ['set-status', 'SOLVED', '--url', lossy, '--json', ...ids]);
      expect(code).toBe(3);
      const told = JSON.parse(stdout).results.map(
        ({ outcome, problem }: { outcome: string; problem: { code: string } }) => [outcome, problem.code].join(' '),
      );
      expect(told).toEqual([
        ...Array.from({ length: 100 }, () => 'UNKNOWN CONNECTION_FAILED'),
        ...Array.from({ length: 50 }, () => 'NOT_APPLIED NOT_SENT'),
      ]);
      expect(world.calls('omnidesk')).toHaveLength(1);
    },
  );

  test('an interruption lets the request under way end, and tells what became of it', { tags: ['full'] }, async () => {
    const world = await startWorld({ keys: ['omnidesk'] });
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    world.vendor('omnidesk').faults = () => ({ kind: 'hold', until });
    const ids = Array.from({ length: 150 }, (_, index) => `omnidesk:${index + 1}`);
    const environment = { TICKETGRAPH_URL: world.url };
    const running = startCommand(['set-status', 'SOLVED', '--json', ...ids], { environment });
    while (world.calls('omnidesk').length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    running.child.kill('SIGINT');
    await running.stderrUntil(/Waiting for the request under way/);
    answer();
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    const { results } = JSON.parse(stdout);
    const unsent = results.filter(({ problem }: { problem: { code: string } }) => problem.code === 'NOT_SENT');
    expect([results.length, unsent.length]).toEqual([150, 50]);
    expect(world.calls('omnidesk')).toHaveLength(1);
  });

  test('a dry run prints the plan of all, and what would be refused', { tags: ['full'] }, async () => {
    const world = await startWorld();
    const { code, stdout } = await run(world, ['set-status', 'SOLVED', TICKET, 'requestor:47', '--dry-run']);
    expect(code).toBe(1);
    expect(stdout).toContain('# would be sent to OMNIDESK');
    expect(stdout).toMatch(/^requestor:47 +NOT_APPLIED .*\(UNSUPPORTED\)$/m);
    expect(world.vendor('omnidesk').ledger).toEqual([]);
  });

  test('without an id it says how to name some; without a server how to start it', { tags: ['full'] }, async () => {
    const [none, nobody] = await Promise.all([
      runCommand(['set-status', 'SOLVED']),
      runCommand(['set-status', 'SOLVED', TICKET, '--url', 'http://127.0.0.1:1/graphql']),
    ]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Name them as arguments, or on standard input');
    expect(nobody.code).toBe(4);
    expect(nobody.stderr).toContain('ticketgraph serve');
  });
});
