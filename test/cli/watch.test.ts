/** `watch` as a process against a running endpoint over the sandbox. */
import { describe, expect, test } from 'vitest';
import { runCommand, startCommand, type RunningCommand } from '../support/command.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const ID = 'omnidesk:858462';

function watch(url: string, ...words: string[]): RunningCommand {
  return startCommand(['watch', ...words], { environment: { TICKETGRAPH_URL: url } });
}

async function rename(server: TestServer, title: string): Promise<void> {
  const { data } = await server.ask(
    'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { outcome } }',
    { input: { ticketId: ID, title } },
  );
  expect(data.updateTicket.outcome).toBe('APPLIED');
}

describe('watch', () => {
  test('watch prints a line per change, resumes after a cut, and ends with 0 on Ctrl-C', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const proxy = await startCuttableProxy(server.url);
    const running = watch(proxy.url, ID);
    await running.stdoutUntil(/^\S+Z {2}omnidesk:858462 {2}CURRENT {2}- {2}.+ {2}NEW\n$/);
    await rename(server, 'A new title');
    await running.stdoutUntil(/^\S+Z {2}omnidesk:858462 {2}CHANGED {2}title\S* {2}A new title {2}NEW\n/m);
    proxy.cut();
    await rename(server, 'Renamed meanwhile');
    await running.stderrUntil(/^warning: .+ \(CONNECTION_FAILED\)\. Resuming in \d+\.\d s\.\n/);
    proxy.restore();
    await running.stdoutUntil(/CHANGED {2}\S+ {2}Renamed meanwhile {2}NEW\n/);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  test('watch --json prints one object per line, and --count ends it', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { code, stdout } = await watch(server.url, ID, '--json', '--count', '1').ended;
    expect(code).toBe(0);
    const [line, ...others] = stdout.trimEnd().split('\n');
    expect(others).toEqual([]);
    expect(JSON.parse(line!)).toMatchObject({ kind: 'CURRENT', ticketId: ID, ticket: { id: ID }, errors: [] });
  });

  test('watch takes the filter of tickets', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { data } = await server.ask('{ liveCursor }');
    await rename(server, 'A filtered title');
    const filter = ['--vendor', 'omnidesk', '--category', 'new', '--after', data.liveCursor];
    const { code, stdout } = await watch(server.url, ...filter, '--count', '1').ended;
    expect(code).toBe(0);
    expect(stdout).toContain('A filtered title');
  });
});

describe('exit codes', () => {
  test.each([
    [2, 'Ids and a filter were given.', [ID, '--vendor', 'omnidesk']],
    [4, 'The server at http://127.0.0.1:1/graphql is unreachable.', [ID]],
  ])('watch exits with %i: %s', { tags: ['full'] }, async (expected, message, words) => {
    const { code, stderr } = await runCommand(['watch', ...words, '--url', 'http://127.0.0.1:1/graphql']);
    expect(stderr).toContain(`error: ${message}\n`);
    expect(code).toBe(expected);
  });

  test('watch exits with 2 for an invalid id', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    expect((await watch(server.url, 'nonsense').ended).code).toBe(2);
  });
});
