import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { simulation } from '../../sandbox/vendors/omnidesk.ts';

const NOW = Date.parse('2026-03-31T10:00:00Z');
const SIX = ['new', 'open', 'pending', 'holding', 'solved', 'closed'];
const FORM = 'application/x-www-form-urlencoded';
const SUCCESS = { type: 'result', message: 'Successful response' };
const ERROR = { status: 'error', message: expect.stringMatching(/./) as string };

interface Item {
  [field: string]: unknown;
  id: number;
  status: string;
  created_at: string;
}
interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: { [field: string]: unknown; item?: Item; items?: Item[]; total?: number };
}

let omnidesk: RunningVendor;
let now = NOW;

beforeEach(async () => {
  now = NOW;
  omnidesk = await startVendor(simulation, { now: () => now });
});
afterEach(() => omnidesk.close());

async function call(method: string, tail: string, body?: string, type: string | null = FORM): Promise<Answer> {
  const address = new URL(`${omnidesk.url}/api/v2/ticket${tail}`);
  if (!address.searchParams.has('apiKey')) address.searchParams.set('apiKey', 'sandbox-key');
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: Buffer.from(body), headers: type ? { 'content-type': type } : {} }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

const json = (method: string, tail: string, body: unknown): Promise<Answer> =>
  call(method, tail, JSON.stringify(body), 'application/json');

async function all(): Promise<Item[]> {
  return (await call('GET', '?itemLimit=9999')).body.items ?? [];
}

async function read(id: number | string, query = ''): Promise<Item> {
  const { body } = await call('GET', `/${id}${query}`);
  return body.item!;
}

async function idsOf(status: string, count: number): Promise<number[]> {
  const ids = (await all()).filter((item) => item.status === status).map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(count);
  return ids.slice(0, count);
}

/** A rejection in the vendor's way, after which the data are as they were. */
async function expectRejection(answer: Promise<Answer>, status = 400): Promise<void> {
  const { type, body, ...rest } = await answer;
  expect({ status: rest.status, type, body }).toEqual({ status, type: 'application/json', body: ERROR });
  expect(omnidesk.effects).toEqual([]);
}

describe('sign-in', () => {
  it('has settings to connect to it', () => {
    expect(omnidesk.settings).toEqual({ OMNIDESK_URL: omnidesk.url, OMNIDESK_API_KEY: 'sandbox-key' });
  });

  it.each(['', '?apiKey=', '?apiKey=wrong', '?apikey=sandbox-key', '?apiKey=sandbox-key&apiKey=sandbox-key'])(
    'rejects every call with the query "%s"',
    async (query) => {
      const requests = [
        ['GET', ''],
        ['GET', '/858462'],
        ['DELETE', '/858462'],
        ['POST', '/setStatus'],
        ['DELETE', '/multi'],
      ] as const;
      for (const [method, tail] of requests) {
        const response = await fetch(`${omnidesk.url}/api/v2/ticket${tail}${query}`, { method });
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual(ERROR);
      }
      expect(omnidesk.effects).toEqual([]);
    },
  );

  it('does not accept the key in a header', async () => {
    const headers = { authorization: 'apikey sandbox-key', 'x-api-key': 'sandbox-key' };
    const response = await fetch(`${omnidesk.url}/api/v2/ticket`, { headers });
    expect(response.status).toBe(401);
  });
});

describe('seeded tickets', () => {
  it('holds at least 48 tickets of the last 60 days, newest first, the same after every start', async () => {
    const items = await all();
    const times = items.map(({ created_at }) => created_at);
    expect(items.length).toBeGreaterThanOrEqual(48);
    expect(times).toEqual(times.toSorted().reverse());
    expect(times[0]! <= '2026-03-31 10:00:00' && times.at(-1)! >= '2026-01-30 10:00:00').toBe(true);
    expect(items.map(({ id }) => String(id))).toEqual(omnidesk.vendor.ticketIds());
    const second = simulation.start({ now: () => NOW, applied: () => undefined });
    expect(second.ticketIds()).toEqual(omnidesk.vendor.ticketIds());
  });

  it('has distinct ticket numbers, including 858462', async () => {
    const ids = (await all()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(Number.isSafeInteger)).toBe(true);
    expect(ids).toContain(858462);
  });

  it('holds six known and two unknown statuses, both directions and all priorities', async () => {
    const items = await all();
    const values = (field: string): Set<unknown> => new Set(items.map((item) => item[field]));
    expect([...values('status')].sort()).toEqual([...SIX, 'merged', 'spam'].sort());
    expect([...values('direction')].sort()).toEqual(['inbound', 'outbound']);
    expect([...values('priority')].sort()).toEqual(['high', 'low', 'medium', 'urgent']);
  });

  it('holds fields with and without a value, and a long title', async () => {
    const items = await all();
    const some = (check: (item: Item) => boolean): boolean => items.some(check) && !items.every(check);
    expect(some((item) => item.assigned_user_id === 0)).toBe(true);
    expect(some((item) => item.customer_id === 0)).toBe(true);
    expect(some((item) => item.form_id === null)).toBe(true);
    expect(some((item) => item.grade_by_customer === null)).toBe(true);
    expect(some((item) => item.from_name === ' ')).toBe(true);
    expect(some((item) => String(item.title).length > 250)).toBe(true);
    expect(items.every((item) => (item.closed_at !== null) === (item.status === 'closed'))).toBe(true);
    expect(items.every((item) => String(item.last_update) >= item.created_at)).toBe(true);
  });
});

describe('ticket list', () => {
  it('returns an envelope with the newest 15 tickets and the total', async () => {
    const { status, type, body } = await call('GET', '');
    expect({ status, type }).toEqual({ status: 200, type: 'application/json' });
    expect(Object.keys(body)).toEqual(['type', 'items', 'total']);
    expect(body.type).toBe('list');
    expect(body.items!.map(({ id }) => String(id))).toEqual(omnidesk.vendor.ticketIds().slice(0, 15));
    expect(body.total).toBe(omnidesk.vendor.ticketIds().length);
  });

  it('pages by itemStart and itemLimit', async () => {
    const ids = omnidesk.vendor.ticketIds();
    const { body } = await call('GET', '?itemStart=10&itemLimit=7');
    expect(body.items!.map(({ id }) => String(id))).toEqual(ids.slice(10, 17));
    expect((await call('GET', '?itemStart=9000')).body).toEqual({
      type: 'list',
      items: [],
      total: ids.length,
    });
  });

  it('searches by words of the title, ignoring case, and by number', async () => {
    const { body } = await call('GET', '?query=WACHTWOORD%20vergeten');
    expect(body.total).toBe(2);
    expect(body.items!.every(({ title }) => String(title).startsWith('Wachtwoord vergeten'))).toBe(true);
    expect((await call('GET', '?query=858462')).body.items!.map(({ id }) => id)).toEqual([858462]);
  });

  it('filters by view and by status', async () => {
    const unfinished = (await call('GET', '?applyView=unfinished&itemLimit=9999')).body.items!;
    expect(unfinished.length).toBeGreaterThan(10);
    expect(unfinished.filter(({ status }) => status === 'solved' || status === 'closed')).toEqual([]);
    const unassigned = (await call('GET', '?applyView=unassigned&itemLimit=9999')).body.items!;
    expect(new Set(unassigned.map((item) => item.assigned_user_id))).toEqual(new Set([0]));
    const holding = (await call('GET', '?status=holding')).body.items!;
    expect(new Set(holding.map(({ status }) => status))).toEqual(new Set(['holding']));
  });

  it('accepts searchArchived as no or yes', async () => {
    expect((await call('GET', '?searchArchived=no')).status).toBe(200);
    expect((await call('GET', '?searchArchived=yes')).status).toBe(200);
  });

  it('lists archived tickets after the others only with searchArchived=yes, and reads them by number', async () => {
    const current = (await call('GET', '?itemLimit=9999')).body;
    const all = (await call('GET', '?searchArchived=yes&itemLimit=9999')).body;
    const archived = all.items!.slice(current.items!.length);
    expect(archived.length).toBeGreaterThan(0);
    expect(all.total).toBe(current.total! + archived.length);
    expect(archived.every(({ created_at }) => created_at < current.items!.at(-1)!.created_at)).toBe(true);
    expect((await call('GET', `/${archived[0]!.id}`)).body.item?.id).toBe(archived[0]!.id);
    expect((await call('DELETE', `/${archived[0]!.id}`)).status).toBe(404);
  });

  it.each([
    'query=',
    'applyView=',
    'applyView=a',
    'applyView=a.b',
    'applyView=unknown-view',
    'applyView=constructor',
    'searchArchived=',
    'searchArchived=maybe',
    'itemStart=',
    'itemStart=-1',
    'itemLimit=ten',
    'itemLimit=10000',
    'status=',
    'status=spam',
    'page=2',
  ])('rejects the parameter %s', (parameter) => expectRejection(call('GET', `?${parameter}`)));
});

describe('single ticket', () => {
  it('returns every field of the documented sample', async () => {
    const { status, body } = await call('GET', '/858462');
    expect(status).toBe(200);
    expect(body.type).toBe('item');
    expect(body.item).toMatchObject({
      id: 858462,
      status: 'new',
      priority: 'medium',
      direction: 'inbound',
      channel_account_id: '0',
      assigned_user_id: 0,
      closed_at: null,
      grade_by_customer: null,
      last_update_agent: null,
      show_timeline: 1,
      timeline: [],
    });
    expect(body.item!.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const documented =
      'assigned_group_id channel_id customer_id external_gui_url external_id form_id from from_name icon ' +
      'last_update last_update_customer sla_next_breach sla_next_breach_current_status sla_policy_id ' +
      'snooze_time snooze_time_sent title to to_name channel_name channel_icon brand_name brand_id';
    expect(Object.keys(body.item!)).toEqual(expect.arrayContaining(documented.split(' ')));
  });

  it('returns a timeline with string ids of notes if the history is requested', async () => {
    const [id] = await idsOf('solved', 1);
    const timeline = (await read(id!, '?getTicketHistory=true')).timeline as Record<string, unknown>[];
    expect(timeline.map((entry) => [entry.type, typeof entry.id])).toEqual([
      ['event', 'number'],
      ['note', 'string'],
    ]);
    expect((await read(id!, '?getTicketHistory=false')).timeline).toEqual([]);
    await expectRejection(call('GET', `/${id}?getTicketHistory=`));
  });

  it.each(['/1', '/0858462', '/858462x', '/multi', '/setStatus', '/', '/858462/notes', '/%zz'])(
    'finds no ticket at %s',
    (tail) => expectRejection(call('GET', tail), 404),
  );
});

describe('creation', () => {
  const required = {
    brandID: '2',
    channelID: '1',
    direction: 'outbound',
    from: 'service@kadekoffie.example',
    to: 'iemand@post.example',
    title: 'Uw nieuwe molen',
  };

  it('creates a ticket with the documented defaults, and lists it first', async () => {
    const { status, body } = await call('POST', '', new URLSearchParams(required).toString());
    expect(status).toBe(200);
    expect(body.type).toBe('item');
    expect(body.item).toMatchObject({
      id: 858463,
      brand_id: 2,
      channel_id: 1,
      direction: 'outbound',
      title: 'Uw nieuwe molen',
      status: 'new',
      from_name: ' ',
      assigned_group_id: 0,
      form_id: null,
      created_at: '2026-03-31 10:00:00',
    });
    expect(omnidesk.vendor.ticketIds()[0]).toBe('858463');
    expect(omnidesk.effects).toEqual([{ what: 'create', ticket: '858463' }]);
    expect(await read(858463)).toEqual(body.item);
  });

  it('creates a ticket from JSON, with numbers and the optional fields', async () => {
    const input = {
      ...required,
      brandID: 1,
      channelID: 4,
      fromName: 'Lotte',
      assignedGroupID: 3,
      formID: 12,
    };
    const { status, body } = await json('POST', '', input);
    expect(status).toBe(200);
    expect(body.item).toMatchObject({ from_name: 'Lotte', assigned_group_id: 3, form_id: 12, brand_id: 1 });
  });

  it.each([
    [FORM, `${new URLSearchParams(required as unknown as Record<string, string>).toString()}&formID=`],
    ['application/json', JSON.stringify({ ...required, formID: null })],
  ])('accepts null for the form in %s', async (type, body) => {
    const { status, body: made } = await call('POST', '', body, type);
    expect([status, made.item?.['form_id']]).toEqual([200, null]);
  });

  it.each(Object.keys(required))('rejects a ticket without %s', async (name) => {
    const { [name as keyof typeof required]: _left, ...rest } = required;
    await expectRejection(json('POST', '', rest));
  });

  it.each([
    { direction: 'inboundX' },
    { direction: 'INBOUND' },
    { brandID: 'two' },
    { channelID: 1.5 },
    { title: '' },
    { formID: 'none' },
    { priority: 'high' },
  ])('rejects a ticket with %o', (wrong) => expectRejection(json('POST', '', { ...required, ...wrong })));
});

describe('update', () => {
  it('updates title and status, visible in a read', async () => {
    const answer = await call('PUT', '/858462', 'title=Nieuwe+titel&status=closed');
    expect(answer).toMatchObject({ status: 200, type: 'application/json', body: SUCCESS });
    expect(await read(858462)).toMatchObject({
      title: 'Nieuwe titel',
      status: 'closed',
      closed_at: '2026-03-31 10:00:00',
      last_update: '2026-03-31 10:00:00',
    });
    expect(omnidesk.effects).toEqual([{ what: 'update', ticket: '858462' }]);
  });

  it('links the same customer to the same external primary id', async () => {
    const ids = await idsOf('open', 3);
    for (const [position, externalPrimaryID] of ['CRM-7', 'CRM-8', 'CRM-7'].entries()) {
      await json('PUT', `/${ids[position]}`, { externalPrimaryID, title: null });
    }
    const customers = await Promise.all(ids.map(async (id) => (await read(id)).customer_id));
    expect(customers).toEqual([60001, 60002, 60001]);
  });

  it('accepts an update without fields, and changes nothing', async () => {
    expect((await json('PUT', '/858462', { title: null, status: null })).body).toEqual(SUCCESS);
    expect(omnidesk.effects).toEqual([]);
  });

  it.each(['new', 'open', 'pending', 'holding', 'Solved', ''])('rejects the update status "%s"', (status) =>
    expectRejection(call('PUT', '/858462', `status=${status}`)),
  );

  it('rejects an unknown field, and finds no unknown ticket', async () => {
    await expectRejection(call('PUT', '/858462', 'priority=high'));
    await expectRejection(call('PUT', '/1', 'status=solved'), 404);
  });
});

describe('deletion', () => {
  it('deletes a single ticket', async () => {
    const before = omnidesk.vendor.ticketIds();
    expect((await call('DELETE', '/858462')).body).toEqual(SUCCESS);
    expect(omnidesk.vendor.ticketIds()).toEqual(before.filter((id) => id !== '858462'));
    expect(omnidesk.effects).toEqual([{ what: 'delete', ticket: '858462' }]);
    expect((await call('GET', '/858462')).status).toBe(404);
    expect((await call('DELETE', '/858462')).status).toBe(404);
    expect(omnidesk.effects).toHaveLength(1);
  });

  it.each(['/multi', '/%6dulti'])('records an effect if a client calls the bulk delete by %s', async (tail) => {
    const before = omnidesk.vendor.ticketIds();
    expect((await call('DELETE', tail)).body).toEqual(SUCCESS);
    expect(omnidesk.effects).toEqual([{ what: 'multi', ticket: '' }]);
    expect(omnidesk.vendor.ticketIds()).toEqual(before);
  });

  it('deletes several tickets with the bulk delete', async () => {
    const ids = (await idsOf('closed', 2)).map(String);
    await call('DELETE', `/multi?ticketIDs[]=${ids[0]}&ticketIDs[]=${ids[1]}`);
    expect(omnidesk.effects).toEqual(ids.map((ticket) => ({ what: 'multi', ticket })));
    expect(omnidesk.vendor.ticketIds()).not.toContain(ids[0]);
  });
});

describe('setStatus', () => {
  it.each(SIX)('sets tickets of every status to %s', async (status) => {
    const ids = [...new Map((await all()).map((item) => [item.status, item.id])).values()];
    expect(ids).toHaveLength(8);
    const body = new URLSearchParams({ status });
    for (const id of ids) body.append('ticketIDs[]', String(id));
    expect(await call('POST', '/setStatus', body.toString())).toMatchObject({ status: 200, body: SUCCESS });
    for (const id of ids) expect((await read(id)).status).toBe(status);
    expect(omnidesk.effects.map(({ ticket }) => ticket).sort()).toEqual(ids.map(String).sort());
    expect(new Set(omnidesk.effects.map(({ what }) => what))).toEqual(new Set([`setStatus ${status}`]));
  });

  it('sets closed_at on closing, and removes it on reopening', async () => {
    now += 60_000;
    await json('POST', '/setStatus', { status: 'closed', ticketIDs: [858462] });
    expect((await read(858462)).closed_at).toBe('2026-03-31 10:01:00');
    await json('POST', '/setStatus', { status: 'open', ticketIDs: ['858462'] });
    expect((await read(858462)).closed_at).toBeNull();
  });

  it('changes a ticket once if it is given twice', async () => {
    await call('POST', '/setStatus', 'status=solved&ticketIDs[]=858462&ticketIDs%5B%5D=858462');
    expect(omnidesk.effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
  });

  it('changes nothing if one of the tickets does not exist', async () => {
    await expectRejection(call('POST', '/setStatus', 'status=solved&ticketIDs[]=858462&ticketIDs[]=1'));
    expect((await read(858462)).status).toBe('new');
  });

  it.each([
    'status=solved',
    'ticketIDs[]=858462',
    'status=spam&ticketIDs[]=858462',
    'status=SOLVED&ticketIDs[]=858462',
    'status=solved&ticketIDs=858462',
    'status=solved&ticketIDs[]=',
    'status=solved&ticketIDs[]=multi',
    'status=solved&ticketIDs[a]=858462',
    'status=solved&TicketIDs=858462',
    'status=solved&ticketIDs[]=858462&comment=ok',
    '',
  ])('rejects the setStatus form %s', (body) => expectRejection(call('POST', '/setStatus', body)));

  it('rejects query parameters of setStatus', () =>
    expectRejection(call('POST', '/setStatus?status=solved', 'status=solved&ticketIDs[]=858462')));
});

describe('setPriority', () => {
  it.each(['low', 'medium', 'high', 'urgent'])('sets the priority %s', async (priority) => {
    const [other] = await idsOf('open', 1);
    const answer = await call('POST', '/setPriority', `priority=${priority}&ticketIDs[]=858462&ticketIDs[]=${other}`);
    expect(answer).toMatchObject({ status: 200, body: SUCCESS });
    expect([(await read(858462)).priority, (await read(other!)).priority]).toEqual([priority, priority]);
    expect(omnidesk.effects).toEqual([
      { what: `setPriority ${priority}`, ticket: '858462' },
      { what: `setPriority ${priority}`, ticket: String(other) },
    ]);
  });

  it('rejects another priority, no ticket and an unknown ticket', async () => {
    await expectRejection(call('POST', '/setPriority', 'priority=critical&ticketIDs[]=858462'));
    await expectRejection(json('POST', '/setPriority', { priority: 'high', ticketIDs: [] }));
    await expectRejection(json('POST', '/setPriority', { priority: 'high', ticketIDs: [1] }));
  });
});

describe('unlinkCustomerFromTicket', () => {
  it('removes the customer from the ticket', async () => {
    const linked = (await all()).find((item) => item.customer_id !== 0)!;
    expect((await call('POST', '/unlinkCustomerFromTicket', `ticketID=${linked.id}`)).body).toEqual(SUCCESS);
    expect((await read(linked.id)).customer_id).toBe(0);
    expect(omnidesk.effects).toEqual([{ what: 'unlinkCustomerFromTicket', ticket: String(linked.id) }]);
  });

  it('rejects to unlink no ticket, a list of tickets or an unknown ticket', async () => {
    await expectRejection(call('POST', '/unlinkCustomerFromTicket', ''));
    await expectRejection(call('POST', '/unlinkCustomerFromTicket', 'ticketID[]=858462'));
    await expectRejection(call('POST', '/unlinkCustomerFromTicket', 'ticketID=1'));
  });
});

describe('batch', () => {
  it('runs each action on each ticket of a list with commas and spaces', async () => {
    const [other] = await idsOf('open', 1);
    const body =
      `TicketIDs=858462,+${other}&actions[0][actionType]=setStatus&actions[0][value]=pending` +
      '&actions[1][actionType]=setPriority&actions[1][value]=urgent' +
      '&actions[2][actionType]=addTag&actions[2][value]=vip';
    expect(await call('POST', '/batch', body)).toMatchObject({ status: 200, body: SUCCESS });
    for (const id of [858462, other!]) {
      expect(await read(id)).toMatchObject({ status: 'pending', priority: 'urgent' });
    }
    const what = 'batch setStatus pending, setPriority urgent, addTag vip';
    expect(omnidesk.effects).toEqual([
      { what, ticket: '858462' },
      { what, ticket: String(other) },
    ]);
    const timeline = (await read(858462, '?getTicketHistory=1')).timeline as Record<string, unknown>[];
    expect(timeline.at(-1)).toMatchObject({ type: 'event', description: what });
  });

  it('runs a batch from JSON', async () => {
    const actions = [{ actionType: 'setStatus', value: 'solved' }];
    expect((await json('POST', '/batch', { TicketIDs: '858462', actions })).body).toEqual(SUCCESS);
    expect((await read(858462)).status).toBe('solved');
  });

  const action = { actionType: 'setStatus', value: 'solved' };
  it.each([
    { TicketIDs: '858462' },
    { TicketIDs: '858462', actions: [] },
    { TicketIDs: '858462', actions: [{ actionType: 'setStatus' }] },
    { TicketIDs: '858462', actions: [{ actionType: 'explode', value: 'now' }] },
    { TicketIDs: '858462', actions: [{ actionType: 'setStatus', value: 'spam' }] },
    { TicketIDs: '858462;1', actions: [action] },
    { TicketIDs: ' , ', actions: [action] },
    { TicketIDs: [858462], actions: [action] },
    { ticketIDs: [858462], actions: [action] },
    { TicketIDs: '858462,1', actions: [action] },
  ])('rejects the batch %j', (body) => expectRejection(json('POST', '/batch', body)));
});

describe('solveUnfinishedTickets', () => {
  it('solves all tickets that are neither solved nor closed', async () => {
    const before = await all();
    const unfinished = before.filter(({ status }) => status !== 'solved' && status !== 'closed');
    expect((await call('PUT', '/solveUnfinishedTickets')).body).toEqual(SUCCESS);
    const what = 'solveUnfinishedTickets';
    expect(omnidesk.effects).toEqual(unfinished.map(({ id }) => ({ what, ticket: String(id) })));
    const after = await all();
    expect(after.map(({ status }) => status)).toEqual(
      before.map(({ status }) => (status === 'closed' ? 'closed' : 'solved')),
    );
  });

  it('rejects parameters of solveUnfinishedTickets', () =>
    expectRejection(call('PUT', '/solveUnfinishedTickets', 'status=solved')));
});

describe('invalid requests', () => {
  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', null])(
    'rejects a body of type %s',
    (type) => expectRejection(call('POST', '/setStatus', 'status=solved&ticketIDs[]=858462', type)),
  );

  it('accepts a charset in the content type', async () => {
    const answer = await call('POST', '/setStatus', 'status=open&ticketIDs[]=858462', `${FORM};charset=UTF-8`);
    expect(answer.status).toBe(200);
  });

  it.each(['{', '[]', 'null', '"x"', 'status=solved&ticketIDs[]=858462'])('rejects the JSON %s', (body) =>
    expectRejection(call('POST', '/setStatus', body, 'application/json')),
  );

  it('rejects JSON that is declared as a form', () =>
    expectRejection(call('POST', '/setStatus', '{"status":"solved","ticketIDs":[858462]}')));

  it.each([
    ['PUT', '', 'GET, POST'],
    ['DELETE', '', 'GET, POST'],
    ['POST', '/858462', 'GET, PUT, DELETE'],
    ['PATCH', '/858462', 'GET, PUT, DELETE'],
  ])('returns the allowed methods after %s on "%s"', async (method, tail, allow) => {
    const answer = await call(method, tail);
    expect(answer).toMatchObject({ status: 405, body: ERROR });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it.each([
    ['GET', '/setStatus'],
    ['PUT', '/setPriority'],
    ['POST', '/solveUnfinishedTickets'],
    ['POST', '/multi'],
    ['POST', '/setstatus'],
  ])('finds nothing with %s on %s', (method, tail) => expectRejection(call(method, tail), 404));

  it('finds nothing outside the ticket resource', async () => {
    const response = await fetch(`${omnidesk.url}/api/cases.json?apiKey=sandbox-key`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(ERROR);
  });
});
