/**
 * What is particular to Request Tracker: the traps of its REST 2.0, by what the simulated one received, and the rules that
 * follow from them. Its plain reads and writes are in its exchanges.
 */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { fromFilter, pickRows, STOCK_CATEGORIES, toWirePage } from '../../datasources/rt/mapping.ts';
import { rt } from '../../datasources/rt/index.ts';
import { parseTicketList } from '../../datasources/rt/wire.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const ACT = `mutation ($input: ExecuteActionInput!) { done: executeAction(input: $input) {
  outcome reconciled replayed problems { code message upstreamMessage retryable }
  transition { ... on ActionTransition { ticketId movedToId action to { raw } } }
  ticket { ... on RtTicket { id state title mergedInto owner } } } }`;

interface Payload {
  readonly outcome: string;
  readonly reconciled: boolean;
  readonly replayed: boolean;
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly upstreamMessage: string | null;
    readonly retryable: boolean;
  }[];
  readonly transition: Readonly<Record<string, unknown>> | null;
  readonly ticket: Readonly<Record<string, unknown>> | null;
}

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return startTestServer({ keys: ['rt'], environment });
}

async function act(server: TestServer, ticketId: string, action: string, more: object = {}): Promise<Payload> {
  const { data, errors } = await server.ask(ACT, { input: { ticketId, action, ...more } });
  expect(errors).toBeUndefined();
  expect(server.defects).toEqual([]);
  return data.done as Payload;
}

/** The requests that may have changed something, as `METHOD path body`. */
function writesTo(server: TestServer): string[] {
  return server
    .calls('rt')
    .filter(({ arrival }) => arrival.method !== 'GET')
    .map(({ arrival: { method, path, body } }) => `${method} ${path.replace('/REST/2.0', '')} ${body}`);
}

const content = (text: string) => ({ inputs: { content: text } });

const reply = (status: number, body: unknown, applied = false): Fault => ({
  kind: 'answer',
  applied,
  reply: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

describe('an answered write', () => {
  it('is NOT_APPLIED with the words of the vendor if the ticket is as before, and stays so under its key', async () => {
    const server = await start();
    const input = { idempotencyKey: 'key' };
    const first = await act(server, 'rt:23', 'status.done', input);
    expect(first).toMatchObject({ outcome: 'NOT_APPLIED', reconciled: false, replayed: false });
    expect(first.problems).toMatchObject([
      {
        code: 'VENDOR_REJECTED',
        retryable: false,
        upstreamMessage: "Ticket 23: You can't change status from 'review' to 'done'.",
      },
    ]);
    expect(await act(server, 'rt:23', 'status.done', input)).toMatchObject({ outcome: 'NOT_APPLIED', replayed: true });
    expect(writesTo(server)).toEqual(['PUT /ticket/23 {"Status":"done"}']);
    expect(server.vendor('rt').effects).toEqual([]);
  });

  it('is APPLIED without reconciliation if the ticket is in the new state', async () => {
    const server = await start();
    expect(await act(server, 'rt:23', 'status.approved')).toMatchObject({
      outcome: 'APPLIED',
      reconciled: false,
      problems: [],
      transition: { to: { raw: 'approved' } },
    });
  });

  it.each([
    ['in German, made', 'status.open', 'APPLIED', /Status von 'neu' auf 'offen'/],
    ['in German, refused', 'status.nonsense', 'NOT_APPLIED', /isn't a valid status|kein gültiger/],
  ])('is decided by the ticket, whatever the language: %s', async (_, action, outcome, words) => {
    const server = await start({ RT_USERNAME: 'german', RT_PASSWORD: 'german-pass' });
    const payload = await act(server, 'rt:1', action);
    expect(payload.outcome).toBe(outcome);
    if (outcome === 'NOT_APPLIED') expect(payload.problems[0]!.upstreamMessage).toMatch(words);
  });

  it('is UNKNOWN if the read after it fails, and is not sent again under its key', async () => {
    const server = await start();
    let hasWritten = false;
    server.vendor('rt').faults = ({ method }) => {
      if (method !== 'GET') hasWritten = true;
      return method === 'GET' && hasWritten ? reply(403, { message: 'Forbidden' }) : undefined;
    };
    const ask = async (): Promise<unknown> =>
      (
        await server.ask(
          `mutation { done: executeAction(input: { ticketId: "rt:1", action: "status.open", idempotencyKey: "key" }) {
             outcome replayed problems { code } } }`,
        )
      ).data.done;
    const problems = [{ code: 'OUTCOME_UNKNOWN' }];
    expect(await ask()).toEqual({ outcome: 'UNKNOWN', replayed: false, problems });
    server.vendor('rt').faults = undefined;
    expect(await ask()).toEqual({ outcome: 'UNKNOWN', replayed: true, problems });
    expect(writesTo(server)).toHaveLength(1);
  });

  it('is not believed if it says yes to a change that was not made', async () => {
    const server = await start();
    const lie = ["Ticket 1: Status changed from 'new' to 'open'"];
    server.vendor('rt').faults = ({ method }) => (method === 'PUT' ? reply(200, lie) : undefined);
    expect(await act(server, 'rt:1', 'status.open')).toMatchObject({
      outcome: 'NOT_APPLIED',
      ticket: { state: 'new' },
    });
  });

  it('sends nothing if the read before it fails, and the key may be used again', async () => {
    const server = await start();
    server.vendor('rt').faults = () => reply(429, { message: 'Slow down' });
    const input = { idempotencyKey: 'key' };
    expect(await act(server, 'rt:1', 'status.open', input)).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_RATE_LIMITED', retryable: true }],
      ticket: null,
    });
    expect(writesTo(server)).toEqual([]);
    server.vendor('rt').faults = undefined;
    expect(await act(server, 'rt:1', 'status.open', input)).toMatchObject({ outcome: 'APPLIED', replayed: false });
  });

  it('carries the version that was read, and is not made if the ticket has changed since', async () => {
    const server = await start();
    let isFirst = true;
    const { vendor } = server.vendor('rt');
    server.vendor('rt').faults = ({ method, headers }) => {
      if (method !== 'PUT' || !isFirst) return undefined;
      isFirst = false;
      // Somebody else, in the moment between the read and the write.
      const other = { method: 'POST', path: '/REST/2.0/ticket/1/comment', target: '', query: new URLSearchParams() };
      const { authorization } = headers as { authorization: string };
      const sent = { authorization, 'content-type': 'application/json' };
      vendor.handle({ ...other, headers: sent, body: '{"Content":"Me first","ContentType":"text/plain"}' });
      return undefined;
    };
    expect(await act(server, 'rt:1', 'status.open')).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_REJECTED', upstreamMessage: 'Precondition Failed' }],
      ticket: { state: 'new' },
    });
    expect(server.calls('rt').find(({ arrival }) => arrival.method === 'PUT')).toMatchObject({
      status: 412,
      arrival: { headers: { 'if-match': expect.stringMatching(/^"\d+"$/) } },
    });
  });
});

describe('a trap of Request Tracker', () => {
  it('a merged ticket answers under another id: it keeps its own, and a write says where it is', async () => {
    const server = await start();
    const { data } = await server.ask('{ ticket(id: "rt:20") { ... on RtTicket { id nativeId mergedInto title } } }');
    expect(data.ticket).toEqual({ id: 'rt:20', nativeId: '20', mergedInto: 'rt:1', title: 'Printer on fire' });
    expect(await act(server, 'rt:20', 'status.open')).toMatchObject({
      outcome: 'APPLIED',
      transition: { ticketId: 'rt:20', movedToId: 'rt:1' },
      ticket: { id: 'rt:1', state: 'open', mergedInto: null },
    });
    expect(server.vendor('rt').effects).toEqual([{ what: 'Status open', ticket: '1' }]);
  });

  it('a comment with a refused status is 201: the two are sent apart, the comment second', async () => {
    const server = await start();
    expect(await act(server, 'rt:23', 'status.approved', { comment: 'Fine.' })).toMatchObject({ outcome: 'APPLIED' });
    expect(writesTo(server)).toEqual([
      'PUT /ticket/23 {"Status":"approved"}',
      'POST /ticket/23/comment {"Content":"Fine.","ContentType":"text/plain"}',
    ]);
    server.forget();
    expect(await act(server, 'rt:24', 'status.done', { comment: 'Fine.' })).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(writesTo(server)).toEqual(['PUT /ticket/24 {"Status":"done"}']);
  });

  it.each([
    ['refused', reply(400, { message: 'Permission Denied' }), 'VENDOR_REJECTED', /was not added\./],
    ['lost', { kind: 'reset', applied: true }, 'OUTCOME_UNKNOWN', /unknown whether the comment was added/],
  ] as const)(
    'a comment that is %s leaves the action applied, and is a problem beside it',
    async (_, fault, code, words) => {
      const server = await start();
      server.vendor('rt').faults = ({ method }) => (method === 'POST' ? fault : undefined);
      const payload = await act(server, 'rt:6', 'status.stalled', { comment: 'Waiting.' });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [{ code }], ticket: { state: 'stalled' } });
      expect(payload.problems[0]!.message).toMatch(words);
      expect(writesTo(server)).toHaveLength(2);
    },
  );

  it('a comment is not sent if it is unknown whether its action was applied, and that is said', async () => {
    const server = await start();
    server.vendor('rt').faults = ({ method }) => (method === 'PUT' ? { kind: 'reset', applied: false } : undefined);
    const payload = await act(server, 'rt:6', 'status.stalled', { comment: 'Waiting.' });
    expect(payload).toMatchObject({ outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] });
    expect(payload.problems[0]!.message).toContain('The comment was not sent.');
    expect(writesTo(server)).toHaveLength(1);
  });

  it('a missing ticket is 400 for a comment: a read tells it from a missing right', async () => {
    const server = await start();
    expect(await act(server, 'rt:4711', 'comment', content('Seen.'))).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'NOT_FOUND' }],
    });
    const reader = await start({ RT_USERNAME: 'reader', RT_PASSWORD: 'reader-pass' });
    expect(await act(reader, 'rt:6', 'comment', content('Seen.'))).toMatchObject({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'VENDOR_REJECTED', upstreamMessage: 'Permission Denied' }],
    });
  });

  it('DELETE is 500 for a plain no: a deletion is a status, and its refusal NOT_APPLIED', async () => {
    const server = await start();
    const { data } = await server.ask(
      'mutation { done: deleteTickets(input: { ticketIds: ["rt:2", "rt:23"] }) { results { outcome problem { code } } } }',
    );
    expect(data.done.results).toEqual([
      { outcome: 'APPLIED', problem: null },
      { outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_REJECTED' } },
    ]);
    expect(writesTo(server).filter((write) => write.startsWith('DELETE'))).toEqual([]);
  });

  it('a reply opens a resolved ticket again, and the comment of an action does not', async () => {
    const server = await start();
    expect(await act(server, 'rt:14', 'correspond', content('Still broken?'))).toMatchObject({
      outcome: 'APPLIED',
      transition: { to: null },
      ticket: { state: 'open' },
    });
    expect(await act(server, 'rt:6', 'status.resolved', { comment: 'Done.' })).toMatchObject({
      outcome: 'APPLIED',
      ticket: { state: 'resolved' },
    });
  });

  it('a priority that is no number is set to 0: it is refused before anything is sent', async () => {
    const server = await start();
    const { errors } = await server.ask(
      'mutation ($ticket: NewTicketInput!) { createTicket(input: { ticket: $ticket }) { outcome } }',
      { ticket: { rt: { queue: 'Support', priority: 'abc' } } },
    );
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(server.calls('rt')).toEqual([]);
  });

  it.each([
    ['cut', 'x'.repeat(201)],
    ['joined', 'two\nlines'],
  ])('a subject that would be %s without a word is refused before anything is sent', async (_, subject) => {
    const server = await start();
    const { data } = await server.ask(
      `mutation ($subject: String!) {
         created: createTicket(input: { ticket: { rt: { queue: "Support", subject: $subject } } }) { ...Result }
         updated: updateTicket(input: { ticketId: "rt:1", title: $subject }) { ...Result }
       }
       fragment Result on MutationPayload { outcome problems { code } }`,
      { subject },
    );
    const refused = { outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT' }] };
    expect(data).toEqual({ created: refused, updated: refused });
    expect(server.calls('rt')).toEqual([]);
  });

  it('an owner, a custom field and a value that are dropped without a word are reported beside APPLIED', async () => {
    const server = await start();
    const customFields = [
      { name: 'Severity', values: ['Catastrophic'] },
      { name: 'Asset tag', values: ['A-1'] },
    ];
    const { data } = await server.ask(
      'mutation ($ticket: NewTicketInput!) { done: createTicket(input: { ticket: $ticket }) { outcome problems { message } } }',
      { ticket: { rt: { queue: 'Support', owner: 'reader', customFields } } },
    );
    const message = 'The ticket was created, but Request Tracker left out the owner, the custom field "Severity".';
    expect(data.done).toEqual({ outcome: 'APPLIED', problems: [{ message }] });
  });

  it('deleted tickets are in no list, and are read by their id', async () => {
    const server = await start();
    const query = `{ list: tickets(first: 200, filter: { categories: [CANCELLED] }) { nodes { ... on RtTicket { id state } } }
                     one: ticketsById(ids: ["rt:19", "rt:1"]) { ... on RtTicket { id state } } }`;
    const { data } = await server.ask(query);
    expect(data.list.nodes.map(({ state }: { state: string }) => state)).not.toContain('deleted');
    expect(data.one).toEqual([
      { id: 'rt:19', state: 'deleted' },
      { id: 'rt:1', state: 'new' },
    ]);
  });

  it('lists without an order are in any: the newest first is asked for', async () => {
    const server = await start();
    const { data } = await server.ask('{ tickets(first: 10) { nodes { ... on TicketFields { nativeId } } } }');
    const ids = data.tickets.nodes.map(({ nativeId }: { nativeId: string }) => Number(nativeId));
    expect(ids).toEqual(ids.toSorted((one: number, other: number) => other - one));
    const { arrival } = server.calls('rt')[0]!;
    expect(arrival.query.getAll('orderby')).toEqual(['Created', 'id']);
    expect(arrival.query.getAll('order')).toEqual(['DESC', 'DESC']);
  });

  it('RT 6 answers the last page again: the list ends all the same, with every ticket once', async () => {
    const server = await start();
    const { vendor } = server.vendor('rt');
    server.vendor('rt').faults = (arrival) => {
      if (!arrival.path.endsWith('/tickets')) return undefined;
      const query = new URLSearchParams(arrival.query);
      const answer = JSON.parse(vendor.handle(arrival).body!) as { page: number; pages: number };
      if (answer.page <= answer.pages) return undefined;
      query.set('page', String(answer.pages));
      return { kind: 'answer', applied: false, reply: vendor.handle({ ...arrival, query }) };
    };
    const met: string[] = [];
    for (let after: string | null = null, hasNext = true; hasNext && met.length < 100;) {
      const { data } = await server.ask(
        `query ($after: String) { tickets(first: 9, after: $after) {
           nodes { ... on TicketFields { nativeId } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      met.push(...data.tickets.nodes.map(({ nativeId }: { nativeId: string }) => nativeId));
      ({ hasNextPage: hasNext, endCursor: after } = data.tickets.pageInfo);
    }
    expect(met).toEqual(vendor.ticketIds());
  });

  it('a cookie or a browser is sent to the login page: neither is ever sent, though one was set', async () => {
    const server = await start();
    const login = { status: 302, headers: { location: '/NoAuth/Login.html', 'set-cookie': 'RT_SID=1' }, body: '' };
    server.vendor('rt').faults = () => ({ kind: 'answer', applied: false, reply: login });
    const { errors } = await server.ask('{ ticket(id: "rt:1") { __typename } }');
    expect(errors?.[0]?.extensions?.['code']).toBe('VENDOR_PROTOCOL');
    server.vendor('rt').faults = undefined;
    await act(server, 'rt:1', 'status.open');
    for (const { arrival } of server.calls('rt')) {
      expect(arrival.headers).not.toHaveProperty('cookie');
      expect(arrival.headers['user-agent'] ?? '').not.toContain('Mozilla');
      expect(arrival.headers).not.toHaveProperty('if-unmodified-since');
    }
  });

  it('a write may land after its caller gave up: the old state proves nothing', async () => {
    const server = await start({ RT_TIMEOUT_MS: '400' });
    const { vendor } = server.vendor('rt');
    let land = (): unknown => undefined;
    server.vendor('rt').faults = (arrival) => {
      if (arrival.method !== 'PUT') return undefined;
      land = () => vendor.handle(arrival);
      return { kind: 'silent', applied: false };
    };
    expect(await act(server, 'rt:1', 'status.open')).toMatchObject({ outcome: 'UNKNOWN', ticket: { state: 'new' } });
    land();
    const { data } = await server.ask('{ ticket(id: "rt:1") { ... on RtTicket { state } } }');
    expect(data.ticket).toEqual({ state: 'open' });
    expect(writesTo(server)).toHaveLength(1);
  });
});

describe('actions of several tickets', () => {
  it('are read with one search for a whole page', async () => {
    const server = await start();
    const { data } = await server.ask(
      `{ tickets(first: 40, patienceMs: 0) { nodes { ... on RtTicket { availableActions { ... on RtAction { name } } } } } }`,
    );
    expect(data.tickets.nodes).toHaveLength(40);
    expect(server.calls('rt')).toHaveLength(1);
  });

  it('offer one of take, untake and steal by the owner, with a token as well', async () => {
    const server = await start({ RT_USERNAME: '', RT_PASSWORD: '', RT_TOKEN: `1-27-${'0123456789abcdef'.repeat(2)}` });
    const { data } = await server.ask(
      `{ ticketsById(ids: ["rt:6", "rt:5", "rt:7"]) { ... on RtTicket { owner availableActions { ... on RtAction { name } } } } }`,
    );
    const offers = data.ticketsById.map((ticket: { owner: string | null; availableActions: { name: string }[] }) => [
      ticket.owner,
      ticket.availableActions.at(-1)!.name,
    ]);
    expect(offers).toEqual([
      [null, 'take'],
      ['gateway', 'untake'],
      ['marta', 'steal'],
    ]);
    // The name of the token's user is read once.
    expect(server.calls('rt').filter(({ arrival }) => arrival.path.includes('/user/')).length).toBeLessThanOrEqual(2);
  });

  it('fail for one ticket alone if the account may not see it', async () => {
    const server = await start({ RT_USERNAME: 'reader', RT_PASSWORD: 'reader-pass' });
    const { data, errors } = await server.ask(
      '{ ticketsById(ids: ["rt:6", "rt:23", "rt:7"]) { ... on TicketFields { id } } }',
    );
    expect(data.ticketsById).toEqual([{ id: 'rt:6' }, null, { id: 'rt:7' }]);
    expect(errors).toMatchObject([
      { path: ['ticketsById', 1], extensions: { code: 'VENDOR_FORBIDDEN', ticketId: 'rt:23' } },
    ]);
  });
});

describe('a search', () => {
  const queryOf = (search: string) => fromFilter({ search }, STOCK_CATEGORIES);

  it.each([
    ['plain', "Subject LIKE 'plain'", []],
    ["it's", "Subject LIKE 'it\\'s'", []],
    ['50%', "Subject LIKE '50%'", ['search']],
    ['a_b', "Subject LIKE 'a_b'", ['search']],
    ['back\\slash', "Subject LIKE 'back_slash'", ['search']],
    ['Größe', "Subject LIKE 'Gr__e'", ['search']],
    ['日本', "Subject LIKE '日本'", []],
  ])('of %s is quoted, and repeated here if it has wildcards', (search, query, unapplied) => {
    expect(queryOf(search)).toEqual({ query, unapplied });
  });

  it('by categories asks for the statuses that have them', () => {
    const categories = new Map([...STOCK_CATEGORIES, ['review', 'PENDING' as const]]);
    expect(fromFilter({ categories: ['SOLVED', 'PENDING'] }, categories)?.query).toBe(
      "(Status = 'resolved' OR Status = 'review')",
    );
    expect(fromFilter({ categories: ['CLOSED'] }, categories)).toBeUndefined();
    expect(fromFilter({}, categories)?.query).toBe('id > 0');
  });
});

describe('numbered pages', () => {
  it('hold the first of the wanted rows, and as many of them as fit, for every offset', () => {
    for (let offset = 0; offset < 450; offset += 1) {
      for (const limit of [1, 3, 25, 28, 50, 99, 100]) {
        const { page, perPage, skip } = toWirePage(offset, limit);
        expect((page - 1) * perPage + skip).toBe(offset);
        expect(skip).toBeLessThan(perPage);
        expect(perPage).toBeLessThanOrEqual(100);
        expect(Math.min(limit, perPage - skip)).toBeGreaterThanOrEqual(Math.ceil(limit / 2));
      }
    }
  });

  it('are cut to the wanted rows, with their places', () => {
    const items = [1, 2, null, 4, 5].map((id) => (id === null ? { nonsense: 1 } : { id: String(id), Status: 'new' }));
    const list = parseTicketList({ items, total: 9, page: 2 });
    const rows = pickRows(list, { page: 2, perPage: 5, skip: 1 }, 3);
    expect(rows.tickets.map(({ id }) => id)).toEqual(['2', '4']);
    expect(rows).toMatchObject({ rowCount: 3, rowIndexes: [0, 2], totalCount: 9 });
    expect(pickRows(list, { page: 3, perPage: 5, skip: 0 }, 5)).toMatchObject({ tickets: [], rowCount: 0 });
  });
});

describe('RT_STATUS_MAP', () => {
  const read = (text: string | undefined) => rt.settings.STATUS_MAP.read(text, {});

  it.each(['review', 'review=', '=OPEN', 'review=OPENED', 'new=OPEN', 'Deleted=CLOSED', 'a=OPEN,', 'a=OPEN=CLOSED'])(
    'rejects %s',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('adds to the stock statuses, ignoring letter case', () => {
    expect(read(undefined)).toEqual({ value: STOCK_CATEGORIES });
    const map = read('In Review=OPEN, done = CLOSED')!.value as ReadonlyMap<string, string>;
    expect([map.get('in review'), map.get('done'), map.get('new')]).toEqual(['OPEN', 'CLOSED', 'NEW']);
  });
});

describe('the account', () => {
  const check = (values: Readonly<Record<string, string | undefined>>) =>
    rt.check!({ URL: 'http://127.0.0.1', STATUS_MAP: STOCK_CATEGORIES, ...values } as never).map(([name]) => name);

  it.each([
    [{}, ['USERNAME', 'PASSWORD']],
    [{ USERNAME: 'gateway' }, ['PASSWORD']],
    [{ PASSWORD: 'x' }, ['USERNAME']],
    [{ USERNAME: 'a:b', PASSWORD: 'x' }, ['USERNAME']],
    [{ USERNAME: 'gateway', PASSWORD: 'x' }, []],
    [{ TOKEN: '1-27-ab' }, []],
    [{ TOKEN: '1-27-ab', USERNAME: 'gateway' }, []],
    [{ TOKEN: '1-27-ab', PASSWORD: 'x' }, ['PASSWORD']],
    [{ TOKEN: 'with a space' }, ['TOKEN']],
  ])('with %o lacks or has too much of %o', (values, names) => {
    expect(check(values)).toEqual(names);
  });
});
