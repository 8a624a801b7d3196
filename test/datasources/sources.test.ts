/** Several sources of one vendor: each has its own ids, credentials, connections and records. Checked by the ledgers. */
import { describe, expect, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { isSignIn, samplesOf, LISTING, SAMPLED } from '../support/samples.ts';
import { bystandersOf, expectNothingReceived, startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const READ = `query ($ids: [ID!]!) { ticketsById(ids: $ids) {
  ... on TicketFields { id vendor sourceSystem { id name vendor } availableActions { __typename } } } }`;
const PAGE = `query ($first: Int, $after: String, $filter: TicketFilter) {
  tickets(first: $first, after: $after, filter: $filter, patienceMs: 0) {
    nodes { ... on TicketFields { id } } pageInfo { endCursor hasNextPage }
    sources { vendor source { id } problem { code source message } } } }`;
const ACT = `mutation ($input: ExecuteActionInput!) { executeAction(input: $input) {
  outcome replayed ticket { ... on TicketFields { id } } problems { code source vendor ticketId }
  plan { vendor source { id } url } } }`;
const CREATE = `mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
  outcome ticket { ... on TicketFields { id } } problems { code message field source } } }`;

const BOTH = ['omnidesk', 'omnidesk@emea'] as const;
/** One that the sandbox accepts. */
const NEW_TICKET = samplesOf('omnidesk')
  .samples.inputs('Printer')
  .find(({ mutation }) => mutation === 'createTicket')!.input['ticket'];

interface SourceResult {
  readonly source: { readonly id: string };
  readonly problem: { readonly code: string; readonly source: string; readonly message: string } | null;
}

describe.each(SAMPLED)('two sources of $key', ({ key, samples }) => {
  const second = `${key}@emea`;
  const { ticketId } = samples;

  test('a ticket is read from the source that its id names, and says so', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const { data } = await server.ask(READ, { ids: [`${second}:${ticketId}`] });
    const [ticket] = data.ticketsById;
    const vendor = vendors.find((one) => one.key === key)!;
    expect(ticket.id.startsWith(`${second}:`)).toBe(true);
    expect(ticket.vendor).toBe(key.toUpperCase());
    expect(ticket.sourceSystem).toEqual({ id: second, name: `${vendor.name} emea`, vendor: key.toUpperCase() });
    expect(server.vendor(key).ledger).toEqual([]);
    expect(server.calls(second).length).toBeGreaterThan(0);
  });

  test('the same native id at two sources is two tickets, in one request and in two', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const { data } = await server.ask(READ, { ids: [`${key}:${ticketId}`, `${second}:${ticketId}`] });
    const sources = data.ticketsById.map((ticket: { sourceSystem: { id: string } }) => ticket.sourceSystem.id);
    expect(sources).toEqual([key, second]);
    expect(server.calls(key).length).toBe(server.calls(second).length);
  });

  test('a write reaches its source alone, once, and an idempotency key holds for it alone', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const write = async (source: string) => {
      const input = { ticketId: `${source}:${ticketId}`, action: samples.action, idempotencyKey: `key of ${source}` };
      return (await server.ask(ACT, { input })).data.executeAction;
    };
    expect(await write(second)).toMatchObject({ outcome: 'APPLIED', replayed: false });
    expect(server.vendor(key).ledger).toEqual([]);
    expect(await write(second)).toMatchObject({ outcome: 'APPLIED', replayed: true });
    expect(await write(key)).toMatchObject({ outcome: 'APPLIED', replayed: false });
    expect(server.vendor(key).effects).toHaveLength(1);
    expect(server.vendor(second).effects).toHaveLength(1);
  });

  test('the same key for the same ticket of another source is a different write', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const write = (source: string) =>
      server.ask(ACT, { input: { ticketId: `${source}:${ticketId}`, action: samples.action, idempotencyKey: 'one' } });
    expect((await write(key)).data.executeAction.outcome).toBe('APPLIED');
    expect((await write(second)).data.executeAction).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
    expect(server.vendor(second).effects).toEqual([]);
  });

  test('a dry run names the source and shows its address, and sends nothing', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const input = { ticketId: `${second}:${ticketId}`, action: samples.action, dryRun: true };
    const { plan } = (await server.ask(ACT, { input })).data.executeAction;
    expect(plan[0]).toMatchObject({ vendor: key.toUpperCase(), source: { id: second } });
    for (const { url } of plan) expect(url.startsWith(server.vendor(second).url)).toBe(true);
    expect(server.vendor(second).ledger).toEqual([]);
  });

  test('a source that is down leaves the other as it is', async () => {
    const server = await startTestServer({ keys: [key, second], faults: new Map([[second, 'down']]) });
    for (let attempt = 0; attempt < 12; attempt += 1) await server.ask(READ, { ids: [`${second}:${ticketId}`] });
    const failed = await server.ask(READ, { ids: [`${second}:${ticketId}`] });
    expect(failed.errors?.[0]?.extensions).toMatchObject({ source: second, vendor: key.toUpperCase() });
    const { data, errors } = await server.ask(READ, { ids: [`${key}:${ticketId}`] });
    expect(errors).toBeUndefined();
    expect(data.ticketsById[0]).not.toBeNull();
    const info = await server.ask('{ vendors { key breaker sources { source { id } breaker reachable } } }');
    const states = info.data.vendors.find((one: { key: string }) => one.key === key.toUpperCase());
    const [first, other] = states.sources;
    expect(first).toEqual({ source: { id: key }, breaker: 'CLOSED', reachable: true });
    // If the sign-in fails already, nothing is known of the address for tickets.
    const isKnown = samples.signIn === undefined;
    expect(other).toEqual({
      source: { id: second },
      breaker: isKnown ? 'OPEN' : 'CLOSED',
      reachable: isKnown ? false : null,
    });
    expect(states.breaker).toBe(other.breaker);
  });

  test('each source signs in with its own credentials', async () => {
    const marked = Object.fromEntries(
      secretsOf(key).map((name) => [`${second.toUpperCase()}_${name}`, 'another-value']),
    );
    const server = await startTestServer({ keys: [key, second], environment: marked });
    await server.ask(READ, { ids: [`${key}:${ticketId}`, `${second}:${ticketId}`] });
    expect(sentTo(server, key)).not.toContain('another-value');
    expect(sentTo(server, second)).toContain('another-value');
  });
});

/** All that a source has received, with credentials of HTTP Basic decoded. */
function sentTo(server: TestServer, source: string): string {
  const received = server.vendor(source).ledger.map(({ arrival: { target, headers, body } }) => {
    const [, basic = ''] = /^Basic (.+)$/.exec(headers['authorization'] ?? '') ?? [];
    return [target, headers, body, Buffer.from(basic, 'base64').toString()];
  });
  return JSON.stringify(received);
}

/** Secrets that the sandbox's settings use. */
function secretsOf(key: string): string[] {
  const { settings } = vendors.find((vendor) => vendor.key === key)!;
  return Object.entries(settings)
    .flatMap(([name, { isSecret }]) => (isSecret ? [name] : []))
    .slice(0, 1);
}

describe.each(LISTING)('a page over two sources of $key', ({ key }) => {
  const second = `${key}@emea`;

  test('merges both, and sources says how each answered', async () => {
    const server = await startTestServer({ keys: [key, second] });
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { data } = await server.ask(PAGE, { first: 20, after });
      seen.push(...data.tickets.nodes.map(({ id }: { id: string }) => id));
      expect(data.tickets.sources.map((one: SourceResult) => one.source.id)).toEqual([key, second]);
      after = data.tickets.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(60);
    for (const source of [key, second]) expect(seen.filter((id) => id.startsWith(`${source}:`))).toHaveLength(30);
  });
});

describe('selecting sources', () => {
  const idsOf = async (server: TestServer, filter: object): Promise<string[]> => {
    const { data } = await server.ask(PAGE, { first: 5, filter });
    return data.tickets.sources.map((one: SourceResult) => one.source.id);
  };

  test('by source, by vendor, and by both', async () => {
    const server = await startTestServer({ keys: [...BOTH, 'akana'] });
    expect(await idsOf(server, {})).toEqual(['akana', ...BOTH]);
    expect(await idsOf(server, { sources: ['omnidesk@emea'] })).toEqual(['omnidesk@emea']);
    expect(await idsOf(server, { vendors: ['OMNIDESK'] })).toEqual([...BOTH]);
    expect(await idsOf(server, { vendors: ['OMNIDESK'], sources: ['omnidesk'] })).toEqual(['omnidesk']);
  });

  test('an unknown source is rejected, with the known ones', async () => {
    const server = await startTestServer({ keys: BOTH });
    const { errors } = await server.ask(PAGE, { filter: { sources: ['omnidesk@apac'] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['filter', 'sources'] });
    expect(errors?.[0]?.message).toContain('omnidesk, omnidesk@emea');
  });

  test('a vendor whose default source is not configured is listed by its further ones', async () => {
    const server = await startTestServer({ keys: ['omnidesk@emea'], isAlone: true });
    expect(await idsOf(server, {})).toEqual(['omnidesk@emea']);
    expect(await idsOf(server, { vendors: ['OMNIDESK'] })).toEqual(['omnidesk@emea']);
    const { errors } = await server.ask(READ, { ids: ['omnidesk:1'] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VENDOR_NOT_CONFIGURED', source: 'omnidesk' });
  });

  test('filter.reference asks all sources', async () => {
    const server = await startTestServer({ keys: BOTH });
    const { data } = await server.ask(PAGE, { filter: { reference: '858462' } });
    const ids = data.tickets.nodes.map(({ id }: { id: string }) => id);
    expect(ids.toSorted()).toEqual(['omnidesk:858462', 'omnidesk@emea:858462']);
  });

  test('a source that fails has its problem, the other its tickets', async () => {
    const server = await startTestServer({ keys: BOTH, faults: new Map([['omnidesk@emea', 'down']]) });
    const { data } = await server.ask(PAGE, { first: 5 });
    expect(data.tickets.nodes).toHaveLength(5);
    expect(data.tickets.sources).toMatchObject([
      { source: { id: 'omnidesk' }, problem: null },
      { source: { id: 'omnidesk@emea' }, problem: { code: 'VENDOR_UNAVAILABLE', source: 'omnidesk@emea' } },
    ]);
  });
});

describe('a mutation that names no ticket', () => {
  test('has to name one of several sources, and the ticket is created there', async () => {
    const server = await startTestServer({ keys: BOTH });
    const missing = (await server.ask(CREATE, { input: { ticket: NEW_TICKET } })).data.createTicket;
    expect(missing).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT', field: ['source'] }] });
    expect(missing.problems[0].message).toContain('omnidesk, omnidesk@emea');
    const input = { ticket: NEW_TICKET, source: 'omnidesk@emea' };
    const created = (await server.ask(CREATE, { input })).data.createTicket;
    expect(created).toMatchObject({ outcome: 'APPLIED', problems: [] });
    expect(created.ticket.id.startsWith('omnidesk@emea:')).toBe(true);
    expect(server.vendor('omnidesk').effects).toEqual([]);
    expect(server.vendor('omnidesk@emea').effects).toHaveLength(1);
  });

  test('may leave out the only one, even if it is a further one', async () => {
    const server = await startTestServer({ keys: ['omnidesk@emea'], isAlone: true });
    const created = (await server.ask(CREATE, { input: { ticket: NEW_TICKET } })).data.createTicket;
    expect(created.ticket.id.startsWith('omnidesk@emea:')).toBe(true);
  });

  test('is rejected for a source of another vendor', async () => {
    const server = await startTestServer({ keys: [...BOTH, 'akana'] });
    const input = { ticket: NEW_TICKET, source: 'akana' };
    const { problems } = (await server.ask(CREATE, { input })).data.createTicket;
    expect(problems).toMatchObject([{ code: 'INVALID_INPUT', field: ['source'] }]);
    for (const key of BOTH) expect(server.vendor(key).effects).toEqual([]);
  });
});

test('a request to a source that a test has not addressed fails the test', async () => {
  const server = await startTestServer({ keys: BOTH });
  expect(() => expectNothingReceived([server.vendor('omnidesk')])).not.toThrow();
  await server.ask(READ, { ids: ['omnidesk:858462'] });
  expect(() => expectNothingReceived([server.vendor('omnidesk')])).toThrow('has received');
  expect(bystandersOf([...BOTH, 'akana@emea'])).toEqual(['akana']);
});

describe('limits of a source', () => {
  test('the concurrency of one source does not hold up the other', async () => {
    const environment = { 'OMNIDESK@EMEA_CONCURRENCY': '1' };
    const server = await startTestServer({ keys: BOTH, environment });
    server.vendor('omnidesk@emea').faults = () => ({ kind: 'silent', applied: false });
    const stop = new AbortController();
    const blocked = server.ask(READ, { ids: ['omnidesk@emea:1', 'omnidesk@emea:2'] }, { signal: stop.signal });
    await until(() => expect(server.calls('omnidesk@emea')).toHaveLength(1));
    const { data } = await server.ask(READ, { ids: [samplesOf('omnidesk').id] });
    expect(data.ticketsById[0]).not.toBeNull();
    stop.abort();
    await expect(blocked).rejects.toThrow();
  });

  test('metrics name vendor and source', async () => {
    const server = await startTestServer({ keys: BOTH });
    await server.ask(READ, { ids: ['omnidesk:858462', 'omnidesk@emea:858462'] });
    const text = await (await fetch(new URL('/metrics', server.url))).text();
    for (const source of BOTH) {
      expect(text).toMatch(
        new RegExp(`ticketgraph_upstream_calls_total\\{vendor="omnidesk",source="${source}",.*\\} 1`),
      );
      expect(text).toContain(`ticketgraph_queue_length{vendor="omnidesk",source="${source}"} 0`);
    }
  });
});

test('no sign-in of one source is used for another', async () => {
  for (const { key, samples } of SAMPLED.filter(({ samples: { signIn } }) => signIn)) {
    const server = await startTestServer({ keys: [key, `${key}@emea`] });
    await server.ask(READ, { ids: [`${key}:${samples.ticketId}`, `${key}@emea:${samples.ticketId}`] });
    for (const source of [key, `${key}@emea`]) {
      expect(
        server.vendor(source).ledger.filter(({ arrival }) => isSignIn(arrival)),
        source,
      ).toHaveLength(1);
    }
  }
});
