/** `tickets`, `ticket`, `actions` and `schema` as processes against a running endpoint over the sandbox. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClientSchema, buildSchema, parse, print, printSchema, type GraphQLUnionType } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { runCommand, type Ended } from '../support/command.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const CASE = 'huawei:TS-123456';

function run(testServer: TestServer, ...words: string[]): Promise<Ended> {
  return runCommand(words, { environment: { TICKETGRAPH_URL: testServer.url } });
}

/** The first column of a table, without its head. */
function firstColumn(table: string): string[] {
  const [, ...rows] = table.trimEnd().split('\n');
  return rows.map((row) => row.split(/ {2,}/)[0]!);
}

describe('tickets', () => {
  test('tickets prints a table, newest first, without colours in a pipe', async () => {
    const testServer = await startTestServer();
    const { code, stdout, stderr } = await run(testServer, 'tickets', '--first', '5');
    expect(code).toBe(0);
    const { data } = await testServer.ask(
      '{ tickets(first: 5) { nodes { ... on TicketFields { id } } pageInfo { endCursor } } }',
    );
    const { nodes, pageInfo } = data.tickets;
    expect(firstColumn(stdout)).toEqual(nodes.map(({ id }: { id: string }) => id));
    expect(stdout).toMatch(/^ID +STATUS +TITLE +UPDATED\n/);
    expect(stderr).toBe(`More tickets available: use --all, or --after ${pageInfo.endCursor}\n`);
    expect(stdout).not.toContain('\u001b');
    const next = await run(testServer, 'tickets', '--first', '5', '--after', pageInfo.endCursor);
    expect(firstColumn(next.stdout)).toHaveLength(5);
    expect(firstColumn(next.stdout)).not.toContain(nodes[4].id);
  });

  test('tickets passes vendor, category and search filters on, case-insensitively', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    const { code, stdout } = await run(
      testServer,
      ...['tickets', '--vendor', 'omnidesk', '--category', 'new,Open', '--search', 'pakket', '--json'],
    );
    expect(code).toBe(0);
    const { tickets } = JSON.parse(stdout);
    expect(tickets.length).toBeGreaterThan(0);
    for (const { vendor, status, title } of tickets) {
      expect([vendor, status.category]).toEqual(['OMNIDESK', expect.stringMatching(/^(NEW|OPEN)$/)]);
      expect(title).toMatch(/pakket/i);
    }
    expect(vendors.filter(({ key }) => testServer.calls(key).length > 0).map(({ key }) => key)).toEqual(['omnidesk']);
  });

  test('tickets passes --view and --archived on', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    const { code, stdout } = await run(testServer, 'tickets', '--view', 'all', '--archived', '--first', '3', '--json');
    expect(code).toBe(0);
    const { tickets } = JSON.parse(stdout);
    expect(tickets.map(({ vendor }: { vendor: string }) => vendor)).toEqual(['OMNIDESK', 'OMNIDESK', 'OMNIDESK']);
    const query = testServer.calls('omnidesk')[0]!.arrival.query;
    expect([query.get('applyView'), query.get('searchArchived')]).toEqual(['all', 'yes']);
  });

  test('tickets --all loads all pages', { tags: ['full'] }, async () => {
    const testServer = await startTestServer({ keys: ['huawei', 'akana'] });
    const all = await run(testServer, 'tickets', '--all', '--json');
    const expected = [
      ...testServer.vendor('huawei').vendor.ticketIds(),
      ...testServer.vendor('akana').vendor.ticketIds(),
    ];
    const { tickets, pageInfo } = JSON.parse(all.stdout);
    expect(tickets).toHaveLength(expected.length);
    expect(pageInfo.hasNextPage).toBe(false);
    expect(all.code).toBe(0);
  });

  test('tickets warns about a failed vendor, prints the others and exits with 1', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    testServer.vendor('huawei').faults = () => ({ kind: 'answer', applied: false, reply: { status: 500, body: '' } });
    const { code, stdout, stderr } = await run(testServer, 'tickets', '--first', '3');
    expect(code).toBe(1);
    expect(firstColumn(stdout)).toHaveLength(3);
    expect(stderr).toMatch(/^warning: HUAWEI: .* \(VENDOR_UNAVAILABLE\)$/m);
  });

  test(
    'tickets warns about a vendor without a list only if it is named with --vendor',
    { tags: ['full'] },
    async () => {
      const testServer = await startTestServer();
      const { code, stdout, stderr } = await run(testServer, 'tickets', '--vendor', 'requestor');
      expect({ code, rows: firstColumn(stdout) }).toEqual({ code: 1, rows: [] });
      expect(stderr).toContain('warning: REQUESTOR: Requestor has no list of tickets');
    },
  );

  test("tickets removes terminal control characters from a vendor's text", { tags: ['full'] }, async () => {
    const testServer = await startTestServer({ keys: ['omnidesk'] });
    testServer.vendor('omnidesk').faults = (arrival) => {
      const { status, headers = {}, body = '' } = testServer.vendor('omnidesk').vendor.handle(arrival);
      const steering = body.replace(/"title":"[^"]*"/, '"title":"\\u001b[31mred\\u0007 \\u202eend"');
      return { kind: 'answer', applied: false, reply: { status, headers, body: steering } };
    };
    const { stdout } = await run(testServer, 'tickets', '--first', '1');
    expect(stdout).toMatch(/\[31mred +end/);
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe('ticket', () => {
  test("ticket prints every field of the vendor's type without loading the actions", async () => {
    const testServer = await startTestServer();
    const { code, stdout } = await run(testServer, 'ticket', CASE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^status +OPEN \(1\)$/m);
    expect(stdout).toMatch(/^rootCause +-$/m);
    const { data } = await testServer.ask('{ __type(name: "HuaweiTicket") { fields { name } } }');
    const fields = data.__type.fields.map(({ name }: { name: string }) => name);
    const shown = firstColumn(stdout);
    expect(shown.toSorted()).toEqual(
      ['type', ...fields.filter((name: string) => name !== 'availableActions')].toSorted(),
    );
    const json = JSON.parse((await run(testServer, 'ticket', CASE, '--json')).stdout);
    expect(json).toMatchObject({ __typename: 'HuaweiTicket', id: CASE, status: { category: 'OPEN', raw: '1' } });
  });

  test('ticket names the next step for a missing ticket or an invalid id', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    const cases = [
      ['huawei:TS-999999', 1, 'Ticket huawei:TS-999999 not found.'],
      ['unknown:1', 2, 'names no known source; ids start with one of'],
      ['omnidesk:a/b', 2, 'they look like omnidesk:858462'],
    ] as const;
    const ended = await Promise.all(cases.map(([id]) => run(testServer, 'ticket', id)));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect({ code, stdout }).toEqual({ code: cases[index]![1], stdout: '' });
      expect(stderr).toContain(cases[index]![2]);
      expect(stderr).toContain('\nticketgraph tickets ');
    }
  });

  test(
    'ticket exits with 1 and points to doctor if the vendor rejects the credentials',
    { tags: ['full'] },
    async () => {
      const testServer = await startTestServer();
      testServer.vendor('omnidesk').faults = () => ({
        kind: 'answer',
        applied: false,
        reply: { status: 401, body: '' },
      });
      const { code, stderr } = await run(testServer, 'ticket', 'omnidesk:858462');
      expect(code).toBe(1);
      expect(stderr).toContain('VENDOR_UNAUTHENTICATED');
      expect(stderr).toContain('ticketgraph doctor');
    },
  );
});

describe('actions', () => {
  test('actions prints inputs and their choices', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    const { code, stdout } = await run(testServer, 'actions', 'requestor:47');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^IncidentAssignOther +Assign to someone else +- +pushWorkflow +userProviderKey:ID\*$/m);
    expect(stdout).toMatch(
      /^IncidentAssignOther +userProviderKey +8fdfc703-b9d5-4c1e-9a67-2f0b1d5e8c34 +Jana Novotná$/m,
    );
  });

  test('actions --json prints JSON', { tags: ['full'] }, async () => {
    const testServer = await startTestServer();
    const { stdout } = await run(testServer, 'actions', CASE, '--json');
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(['cancel', 'close', 'press']);
  });
});

describe('the server', () => {
  test('an unreachable server is reported with how to start it', async () => {
    const { code, stderr } = await runCommand(['tickets', '--url', 'http://127.0.0.1:1/graphql']);
    expect(code).toBe(4);
    expect(stderr).toBe(
      'error: The server at http://127.0.0.1:1/graphql is unreachable.\n' +
        'Start it with ticketgraph serve, or set --url or TICKETGRAPH_URL.\n',
    );
  });

  test('a server that is not ticketgraph is reported with advice to check the URL', { tags: ['full'] }, async () => {
    const server = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { code, stderr } = await runCommand(['ticket', CASE, '--url', url, '--json']);
    expect(code).toBe(4);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ exitCode: 4, nextStep: 'Check --url: it must end in /graphql.' });
  });

  test(
    'a server that requires authentication is reported with the options to use, and no secret is printed',
    { tags: ['full'] },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const file = join(folder, 'keys');
      writeFileSync(file, `reader ${createHash('sha256').update('right').digest('hex')} ticket:read\n`);
      const testServer = await startTestServer({ environment: { AUTH_API_KEYS_FILE: file } });
      const anonymous = await run(testServer, 'tickets');
      expect(anonymous.code).toBe(4);
      expect(anonymous.stderr).toMatch(/TICKETGRAPH_API_KEY or TICKETGRAPH_TOKEN .*--api-key or --token/);
      const wrong = await run(testServer, 'tickets', '--api-key', 'canary');
      expect(wrong.code).toBe(4);
      expect(wrong.stderr).toContain('rejected the API key or token');
      const unfit = await run(testServer, 'tickets', '--token', 'canary\nx');
      expect(unfit.code).toBe(2);
      expect(wrong.stderr + unfit.stderr).not.toContain('canary');
      const environment = { TICKETGRAPH_URL: testServer.url, TICKETGRAPH_API_KEY: 'right' };
      expect((await runCommand(['tickets', '--first', '1'], { environment })).code).toBe(0);
      const written = await runCommand(['act', 'omnidesk:858462', 'status.solved'], { environment });
      expect(written.code).toBe(1);
      expect(written.stderr).toContain('FORBIDDEN');
      expect(testServer.vendor('omnidesk').effects).toEqual([]);
    },
  );

  test('a URL with a password is neither called nor printed', { tags: ['full'] }, async () => {
    const { code, stderr } = await runCommand(['tickets', '--url', 'http://me:canary@127.0.0.1:1/graphql']);
    expect(code).toBe(2);
    expect(stderr).not.toContain('canary');
  });
});

describe('schema', () => {
  test(
    'schema prints the SDL with its directives, or the introspection result as JSON',
    { tags: ['full'] },
    async () => {
      const sdl = await runCommand(['schema']);
      expect(sdl.code).toBe(0);
      expect(parse(sdl.stdout).kind).toBe('Document');
      expect(sdl.stdout).toContain('@needs(scope: "ticket:status")');
      const json = JSON.parse((await runCommand(['schema', '--json'])).stdout);
      expect(json.__schema.queryType.name).toBe('Query');
    },
  );

  test(
    'schema --client prints no type extensions and no federation, also with --url and --json',
    { tags: ['full'] },
    async () => {
      const { code, stdout } = await runCommand(['schema', '--client']);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(
        /^extend |^directive | @(?!deprecated|specifiedBy|oneOf)|_entities|_service|_Any|federation__/m,
      );
      const union = buildSchema(stdout).getType('Ticket') as GraphQLUnionType;
      expect(union.getTypes()).toHaveLength(6);
      const json = JSON.parse((await runCommand(['schema', '--client', '--json'])).stdout);
      expect(printSchema(buildClientSchema(json))).toBe(printSchema(buildSchema(stdout)));
      const testServer = await startTestServer({ keys: ['omnidesk'] });
      const running = await runCommand(['schema', '--client', '--url', testServer.url]);
      expect(print(parse(running.stdout))).toBe(print(parse(stdout)));
    },
  );

  test(
    'schema --url prints the schema of a running server, or reports disabled introspection',
    { tags: ['full'] },
    async () => {
      const testServer = await startTestServer({ keys: ['omnidesk'] });
      const { code, stdout } = await runCommand(['schema', '--url', testServer.url]);
      expect(code).toBe(0);
      expect(buildSchema(stdout).getType('OmnideskTicket')).toBeDefined();
      const silent = await startTestServer({ keys: ['omnidesk'], environment: { INTROSPECTION: 'off' } });
      const refused = await runCommand(['schema', '--url', silent.url]);
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('INTROSPECTION=on');
    },
  );
});
