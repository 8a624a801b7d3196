/** `ticketgraph query` as a process against a running endpoint over the sandbox. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digest, printManifest } from '../../server/graphql/trusted-documents.ts';
import { runCommand, type CommandOptions, type Ended } from '../support/command.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const TICKET = 'omnidesk:858462';

function run(server: TestServer, words: string[], options: CommandOptions = {}): Promise<Ended> {
  return runCommand(['query', ...words], { ...options, environment: { TICKETGRAPH_URL: server.url } });
}

function writeFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-query-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('what query sends', () => {
  const DOCUMENT = `
    query One($id: ID!) { ticket(id: $id) { ... on TicketFields { id } } }
    query Two { vendors { key } }`;

  test('query prints the data of a document, a file or stdin, with variables and the chosen operation', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const file = writeFile('both.graphql', DOCUMENT);
    const variables = writeFile('variables.json', JSON.stringify({ id: TICKET }));
    const one = ['--operation', 'One', '--variables'];
    const runs = [
      () => run(server, [DOCUMENT, ...one, JSON.stringify({ id: TICKET })]),
      () => run(server, [file, ...one, `@${variables}`]),
      () => run(server, ['-', ...one, `@${variables}`], { input: DOCUMENT }),
      () => run(server, [...one, `@${variables}`], { input: DOCUMENT }),
    ];
    // One after the other: equal reads at the same time share one call.
    for (const start of runs) {
      const { code, stdout, stderr } = await start();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({ ticket: { id: TICKET } });
    }
    expect(server.calls('omnidesk')).toHaveLength(4);
  });

  test('query runs a registered operation by its text or its id, and no other', { tags: ['full'] }, async () => {
    const body = 'query Keys { vendors { key } }';
    const id = digest(body);
    const manifest = writeFile('operations.json', printManifest([{ id, name: 'Keys', type: 'query' as never, body }]));
    const environment = { OPERATIONS: 'registered', OPERATIONS_MANIFEST: manifest };
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    const [byText, byId, other] = await Promise.all([
      run(server, [body]),
      run(server, [id, '--raw']),
      run(server, ['{ vendors { name } }']),
    ]);
    expect(JSON.parse(byText.stdout).vendors).toContainEqual({ key: 'OMNIDESK' });
    expect(JSON.parse(byId.stdout)).toEqual({ data: JSON.parse(byText.stdout) });
    expect([byText.code, byId.code, other.code]).toEqual([0, 0, 4]);
    expect(other.stderr).toContain('npm run operations:register');
  });

  test(
    'query sends nothing if the document, its operation or its variables are invalid',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['omnidesk'] });
      const mistakes: [string[], string][] = [
        [['{ vendors {'], 'The document is not valid GraphQL: Syntax Error'],
        [['missing.graphql'], 'Cannot read the file missing.graphql.'],
        [[DOCUMENT], 'Choose one with --operation. It has: One, Two.'],
        [[DOCUMENT, '--operation', 'Three'], 'The document has no operation Three.'],
        [['{ vendors { key } }', '--variables', '[]'], 'Expected a JSON object.'],
        [['{ vendors { key } }', '--variables', '@missing.json'], 'Cannot read missing.json.'],
      ];
      const ended = await Promise.all(mistakes.map(([words]) => run(server, words)));
      for (const [index, { code, stdout, stderr }] of ended.entries()) {
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toContain(mistakes[index]![1]);
      }
    },
  );
});

describe('how query ends', () => {
  test('query prints partial data on stdout and errors on stderr, and exits with 1', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'akana'] });
    server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 500, body: '' } });
    const document = `{ vendors { key } ticketsById(ids: ["${TICKET}"]) { ... on TicketFields { id } } }`;
    const { code, stdout, stderr } = await run(server, [document]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).ticketsById).toEqual([null]);
    expect(stderr).toMatch(/^error: OMNIDESK: .* \(VENDOR_UNAVAILABLE\) at ticketsById\.0\n$/);
    const raw = await run(server, [document, '--raw']);
    expect(raw).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(raw.stdout).errors[0].extensions.code).toBe('VENDOR_UNAVAILABLE');
    const json = await run(server, [document, '--json']);
    expect(JSON.parse(json.stderr).errors[0]).toMatchObject({ code: 'VENDOR_UNAVAILABLE', vendor: 'OMNIDESK' });
  });

  test('query exits with 4 and prints every error if the server rejects the document', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { code, stdout, stderr } = await run(server, ['{ one two }']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/"one".*"two"/);
    const raw = await run(server, ['{ one two }', '--raw']);
    expect(raw.code).toBe(4);
    expect(JSON.parse(raw.stdout).errors).toHaveLength(2);
  });

  test("query exits by a mutation's outcome, and asks nothing before it", { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const mutation = (more: string): string =>
      `mutation { setStatus(input: { ticketIds: ["${TICKET}"], status: SOLVED ${more} }) { outcome plan { url } problems { code } } }`;
    const planned = await run(server, [mutation('dryRun: true')]);
    expect(planned.code).toBe(0);
    expect(server.vendor('omnidesk').effects).toEqual([]);
    const applied = await run(server, [mutation('')]);
    expect(JSON.parse(applied.stdout).setStatus).toEqual({ outcome: 'APPLIED', plan: null, problems: [] });
    expect(applied.code).toBe(0);
    expect(server.vendor('omnidesk').effects).toHaveLength(1);
    server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 429, body: '' } });
    const rejected = await run(server, [mutation('')]);
    expect(JSON.parse(rejected.stdout).setStatus.outcome).toBe('NOT_APPLIED');
    expect(rejected.code).toBe(1);
    server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 500, body: '' } });
    expect((await run(server, [mutation('')])).code).toBe(3);
  });

  test(
    'query exits with 3 if the response to a mutation is lost, and with 4 if that to a query is',
    { tags: ['full'] },
    async () => {
      const server = createServer((request) => request.socket.destroy());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
      const write = await runCommand(['query', 'mutation { runBatch { outcome } }', '--url', url]);
      expect(write.code).toBe(3);
      expect(write.stderr).toContain('idempotencyKey');
      expect((await runCommand(['query', '{ vendors { key } }', '--url', url])).code).toBe(4);
      const unsent = ['query', 'mutation { runBatch { outcome } }', '--url', 'http://127.0.0.1:1/graphql'];
      expect((await runCommand(unsent)).code).toBe(4);
    },
  );
});
