import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { simulation } from '../../sandbox/vendors/akana.ts';

const TENANT = 'acmepaymentscorp';
const EXAMPLE = `ticket25687.${TENANT}`;
const V81 = 'application/vnd.soa.v81+json';
const START = Date.parse('2026-03-01T12:00:00Z');
const HALF_HOUR_MS = 30 * 60_000;
const ACTION = { ActionName: 'ticket.action.resolve', Comments: 'Fixed in the gateway.' };

type Headers = Record<string, string>;
type Wire = Record<string, unknown>;

let akana: RunningVendor;
let now: number;

beforeEach(async () => {
  now = START;
  akana = await startVendor(simulation, { now: () => now });
});
afterEach(() => akana.close());

function send(method: string, target: string, headers: Headers = {}, body?: string): Promise<Response> {
  return fetch(akana.url + target, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
}

function postJson(target: string, value: unknown, headers: Headers = {}): Promise<Response> {
  return send('POST', target, { 'content-type': 'application/json', ...headers }, JSON.stringify(value));
}

const act = (id: string, value: unknown, headers: Headers): Promise<Response> =>
  postJson(`/api/tickets/${id}/actions`, value, headers);

/** The values of the two cookies, as sent. */
function tokens(response: Response): { auth: string; csrf: string } {
  const value = (name: string): string => {
    const line = response.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
    return line?.slice(name.length + 1).split(';')[0] ?? '';
  };
  return { auth: value(`AtmoAuthToken_${TENANT}`), csrf: value(`Csrf-Token_${TENANT}`) };
}

const headersOf = ({ auth, csrf }: { auth: string; csrf: string }): Headers => ({
  cookie: `AtmoAuthToken_${TENANT}=${auth}`,
  [`X-Csrf-Token_${TENANT}`]: csrf,
});

async function signIn(): Promise<Headers> {
  const response = await postJson('/api/login', { username: 'sandbox', password: 'sandbox-password' });
  expect(response.status).toBe(200);
  return headersOf(tokens(response));
}

async function list(query: string, headers: Headers): Promise<Wire[]> {
  const response = await send('GET', `/api/tickets${query}`, { ...headers, accept: V81 });
  expect(response.status).toBe(200);
  return [((await response.json()) as { Ticket: Wire | Wire[] }).Ticket].flat();
}

async function read(id: string, headers: Headers): Promise<Wire> {
  const response = await send('GET', `/api/tickets/${id}`, { ...headers, accept: V81 });
  expect(response.status).toBe(200);
  return (await response.json()) as Wire;
}

async function findByState(state: RegExp, headers: Headers): Promise<string> {
  const all = await list('?count=200', headers);
  return String(all.find((ticket) => state.test(String(ticket['State'])) && 'Title' in ticket)?.['TicketID']);
}

describe('sign-in', () => {
  it('sets the token and the CSRF value as percent-encoded cookies named after the tenant', async () => {
    const response = await postJson('/api/login', { username: 'sandbox', password: 'sandbox-password' });
    const { auth, csrf } = tokens(response);
    expect(response.status).toBe(200);
    expect(auth).toMatch(/^TokenID%3D[0-9a-f-]{36}$/);
    expect(csrf).toMatch(/^TokenID%3D[0-9a-f-]{36}%2CexpirationTime%3D\d+$/);
  });

  it('accepts either a user name or an email address, but not both or neither', async () => {
    const password = 'sandbox-password';
    expect((await postJson('/api/login', { email: 'sandbox', password })).status).toBe(200);
    expect((await postJson('/api/login', { email: 'sandbox', username: 'sandbox', password })).status).toBe(400);
    expect((await postJson('/api/login', { password })).status).toBe(400);
  });

  it.each([
    ['a wrong password', { username: 'sandbox', password: 'sandbox' }],
    ['an unknown user', { username: 'someone', password: 'sandbox-password' }],
  ])('rejects the sign-in %s with 401 and no cookie', async (_, credentials) => {
    const response = await postJson('/api/login', credentials);
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('rejects a sign-in with a form, a malformed body or an unknown field', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send('POST', '/api/login', form, 'username=sandbox&password=sandbox-password')).status).toBe(404);
    expect((await send('POST', '/api/login', { 'content-type': 'application/json' }, '{"user')).status).toBe(400);
    const extra = { username: 'sandbox', password: 'sandbox-password', remember: 'yes' };
    expect((await postJson('/api/login', extra)).status).toBe(400);
  });

  it('expires a token after exactly thirty minutes', async () => {
    const headers = await signIn();
    now = START + HALF_HOUR_MS - 1;
    expect((await read(EXAMPLE, headers))['TicketID']).toBe(EXAMPLE);
    now = START + HALF_HOUR_MS;
    expect((await send('GET', `/api/tickets/${EXAMPLE}`, { ...headers, accept: V81 })).status).toBe(401);
  });

  it('invalidates all tokens with expireTokens', async () => {
    const headers = await signIn();
    akana.vendor.expireTokens?.();
    expect((await send('GET', `/api/tickets/${EXAMPLE}`, { ...headers, accept: V81 })).status).toBe(401);
    expect((await act(EXAMPLE, ACTION, headers)).status).toBe(401);
    expect((await read(EXAMPLE, await signIn()))['TicketID']).toBe(EXAMPLE);
  });
});

describe('renewal', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const renew = (headers: Headers): Promise<Response> => send('POST', '/api/login/renewToken', headers);

  it('renews with new cookies of full lifetime while the old ones stay valid', async () => {
    const headers = await signIn();
    now = START + HALF_HOUR_MS - 1;
    const response = await renew({ ...headers, ...FORM });
    expect(response.status).toBe(200);
    now = START + 2 * HALF_HOUR_MS - 2;
    const renewed = headersOf(tokens(response));
    expect((await act(EXAMPLE, ACTION, renewed)).status).toBe(200);
    expect((await act(EXAMPLE, ACTION, headers)).status).toBe(401);
  });

  it('rejects a renewal with an expired cookie, or without the CSRF header', async () => {
    const headers = await signIn();
    expect((await renew({ cookie: headers['cookie']!, ...FORM })).status).toBe(401);
    now = START + HALF_HOUR_MS;
    expect((await renew({ ...headers, ...FORM })).status).toBe(401);
  });

  it('rejects a renewal with another content type or a body', async () => {
    const headers = await signIn();
    expect((await renew({ ...headers, 'content-type': 'application/json' })).status).toBe(404);
    expect((await renew(headers)).status).toBe(404);
    expect((await send('POST', '/api/login/renewToken', { ...headers, ...FORM }, 'token=1')).status).toBe(400);
  });
});

describe('ticket list', () => {
  it('lists at least 48 tickets of the last sixty days, newest first', async () => {
    const all = await list('?count=200', await signIn());
    const times = all.map((ticket) => Date.parse(String(ticket['Created'])));
    expect(all.map((ticket) => ticket['TicketID'])).toEqual(akana.vendor.ticketIds());
    expect(all.length).toBeGreaterThanOrEqual(48);
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect(times[0]).toBeLessThan(START);
    expect(times.at(-1)).toBeGreaterThanOrEqual(START - 60 * 86_400_000);
  });

  it('lists both forms of id, every spelling of a state, both environments and visibilities', async () => {
    const all = await list('?count=200', await signIn());
    const values = (field: string): Set<unknown> => new Set(all.map((ticket) => ticket[field]));
    expect(all.some(({ TicketID }) => /^ticket\d+\.acmepaymentscorp$/.test(String(TicketID)))).toBe(true);
    expect(all.some(({ TicketID }) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\./.test(String(TicketID)))).toBe(
      true,
    );
    for (const state of [
      'OPEN',
      'RESOLVED',
      'CLOSED',
      'REOPEN',
      'Open',
      'Resolved',
      'Closed',
      'Reopened',
      'REOPENED',
    ]) {
      expect(values('State')).toContain(state);
    }
    expect(values('State')).toContain('Awaiting Partner');
    expect(values('Environment')).toEqual(new Set(['Sandbox', 'Production', undefined]));
    expect(values('Visibility')).toEqual(new Set(['Public', 'Limited', undefined]));
  });

  it('lists tickets with missing fields, nulls, empty lists and a very long title', async () => {
    const all = await list('?count=200', await signIn());
    expect(all.some((ticket) => ticket['Title'] !== undefined && !('APIID' in ticket))).toBe(true);
    expect(all.some((ticket) => ticket['AppID'] === null)).toBe(true);
    expect(all.some((ticket) => ticket['UserName'] === null)).toBe(true);
    expect(all.some((ticket) => Array.isArray(ticket['Label']) && ticket['Label'].length === 0)).toBe(true);
    expect(all.some((ticket) => String(ticket['Title']).length > 500)).toBe(true);
  });

  it('pages by start, from 0, and count', async () => {
    const headers = await signIn();
    const page = await list('?start=2&count=3', headers);
    expect(page.map((ticket) => ticket['TicketID'])).toEqual(akana.vendor.ticketIds().slice(2, 5));
    expect(await list('?start=999&count=3', headers)).toEqual([]);
  });

  it('filters by API, app and author', async () => {
    const headers = await signIn();
    const all = await list('?count=200', headers);
    for (const [parameter, field] of [
      ['APIID', 'APIID'],
      ['AppID', 'AppID'],
      ['AuthorID', 'UserID'],
    ] as const) {
      const value = all.find((ticket) => typeof ticket[field] === 'string')?.[field];
      const found = await list(`?count=200&${parameter}=${String(value)}`, headers);
      expect(found.length).toBeLessThan(all.length);
      expect(found).toEqual(all.filter((ticket) => ticket[field] === value));
    }
  });

  it('hides limited tickets from other users', async () => {
    const headers = await signIn();
    const all = await list('?count=200', headers);
    const reader = all[0]?.['UserID'];
    const found = await list(`?count=200&RetrievingUserID=${String(reader)}`, headers);
    expect(found).toEqual(all.filter((ticket) => ticket['Visibility'] === 'Public' || ticket['UserID'] === reader));
    expect(found.length).toBeLessThan(all.length);
  });

  it('returns a single match as an object, and several as an array', async () => {
    const headers = { ...(await signIn()), accept: V81 };
    const single = (await (await send('GET', '/api/tickets?count=1', headers)).json()) as { Ticket: Wire };
    const several = (await (await send('GET', '/api/tickets?count=2', headers)).json()) as { Ticket: Wire[] };
    expect(single.Ticket['TicketID']).toBe(EXAMPLE);
    expect(several.Ticket).toHaveLength(2);
  });

  it.each(['v72', 'v80', 'v81'])('responds in the custom media type of %s', async (version) => {
    const accept = `application/vnd.soa.${version}+json`;
    const response = await send('GET', '/api/tickets?count=2', { ...(await signIn()), accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(accept);
    expect(await response.json()).toHaveProperty('Ticket');
  });

  it('responds to plain JSON with an RSS channel', async () => {
    const headers = { ...(await signIn()), accept: 'application/json' };
    const response = await send('GET', '/api/tickets?count=2', headers);
    const { channel } = (await response.json()) as { channel: { version: string; item: Wire[] } };
    expect(channel.version).toBe('1.0');
    expect(channel.item.map((item) => item['TicketID'])).toEqual(akana.vendor.ticketIds().slice(0, 2));
    expect(channel.item[0]?.['title']).toBe(channel.item[0]?.['Title']);
  });

  it('selects by quality among several accepted types', async () => {
    const accept = `application/json;q=0.5, ${V81}`;
    const response = await send('GET', '/api/tickets?count=2', { ...(await signIn()), accept });
    expect(response.headers.get('content-type')).toBe(V81);
  });

  it.each(['*/*', 'application/vnd.soa.v71+json', 'text/html', `${V81};q=0`])(
    'rejects Accept %s with 404',
    async (accept) => {
      expect((await send('GET', '/api/tickets', { ...(await signIn()), accept })).status).toBe(404);
    },
  );

  it.each([
    ['Count=2', 404],
    ['SortBy=DescendingDate', 404],
    ['count=many', 400],
    ['count=0', 400],
    ['start=-1', 400],
    ['count=1&count=2', 400],
  ])('rejects the query %s with %i', async (query, status) => {
    const headers = { ...(await signIn()), accept: V81 };
    expect((await send('GET', `/api/tickets?${query}`, headers)).status).toBe(status);
  });

  it('requires only the login cookie for the list', async () => {
    const { cookie } = await signIn();
    expect((await send('GET', '/api/tickets', { cookie: cookie!, accept: V81 })).status).toBe(200);
    expect((await send('GET', '/api/tickets', { accept: V81 })).status).toBe(401);
  });
});

describe('single ticket', () => {
  it('reads a ticket by either form of id, with the documented fields', async () => {
    const headers = await signIn();
    const ticket = await read(EXAMPLE, headers);
    expect(ticket).toMatchObject({ TicketID: EXAMPLE, State: 'OPEN', Comments: expect.any(Number) });
    expect(ticket).toMatchObject({
      UserName: expect.any(String),
      Label: [expect.stringMatching(/^com\.soa\.ticket\./)],
    });
    const other = `132f7a34-b71f-448f-9a49-6e8777de2b4c.${TENANT}`;
    expect((await read(other, headers))['TicketID']).toBe(other);
  });

  it.each(['application/json', 'application/vnd.soa.v71+json', V81])('reads a ticket as %s', async (accept) => {
    const response = await send('GET', `/api/tickets/${EXAMPLE}`, { ...(await signIn()), accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(accept);
  });

  it('returns few fields and rejects actions without permission on the resource', async () => {
    const headers = await signIn();
    const limited = (await list('?count=200', headers)).find((ticket) => !('Title' in ticket));
    const id = String(limited?.['TicketID']);
    expect(Object.keys(await read(id, headers))).toEqual(['TicketID', 'State', 'Created']);
    expect((await act(id, { ActionName: 'ticket.action.reopen' }, headers)).status).toBe(403);
    expect(akana.effects).toEqual([]);
  });

  it('rejects an unknown id, another Accept, a parameter and another method with 404', async () => {
    const headers = { ...(await signIn()), accept: V81 };
    expect((await send('GET', `/api/tickets/ticket1.${TENANT}`, headers)).status).toBe(404);
    expect((await send('GET', `/api/tickets/${EXAMPLE}`, { ...headers, accept: 'text/plain' })).status).toBe(404);
    expect((await send('GET', `/api/tickets/${EXAMPLE}?count=1`, headers)).status).toBe(404);
    expect((await send('DELETE', `/api/tickets/${EXAMPLE}`, headers)).status).toBe(404);
  });

  it('accepts a percent-encoded id, and rejects a malformed encoding with 400', async () => {
    const headers = { ...(await signIn()), accept: V81 };
    expect((await send('GET', `/api/tickets/${EXAMPLE.replace('.', '%2E')}`, headers)).status).toBe(200);
    expect((await send('GET', '/api/tickets/%E0%A4%A', headers)).status).toBe(400);
  });
});

describe('workflow action', () => {
  it('returns the new state as text, changes the ticket, and records one effect', async () => {
    const headers = await signIn();
    const before = await read(EXAMPLE, headers);
    const response = await act(EXAMPLE, ACTION, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await response.text()).toBe('RESOLVED');
    expect(akana.effects).toEqual([{ what: 'ticket.action.resolve', ticket: EXAMPLE }]);
    const after = await read(EXAMPLE, headers);
    expect(after['State']).toBe('RESOLVED');
    expect(after['Comments']).toBe(Number(before['Comments']) + 1);
  });

  it('moves a ticket from open to resolved, closed, reopened and back to closed', async () => {
    const headers = await signIn();
    const answers: string[] = [];
    for (const verb of ['resolve', 'close', 'reopen', 'close']) {
      answers.push(await (await act(EXAMPLE, { ActionName: `ticket.action.${verb}` }, headers)).text());
    }
    expect(answers).toEqual(['RESOLVED', 'CLOSED', 'REOPEN', 'CLOSED']);
    expect(akana.effects).toHaveLength(4);
  });

  it('resolves a reopened ticket: only Closed -> Resolved is documented as illegal', async () => {
    const headers = await signIn();
    const reopened = await findByState(/^reopen/i, headers);
    expect(await (await act(reopened, ACTION, headers)).text()).toBe('RESOLVED');
    expect(akana.effects).toEqual([{ what: 'ticket.action.resolve', ticket: reopened }]);
  });

  it('closes an open ticket, and resolves one in the custom state', async () => {
    const headers = await signIn();
    expect(await (await act(EXAMPLE, { ActionName: 'ticket.action.close' }, headers)).text()).toBe('CLOSED');
    const custom = await findByState(/^Awaiting Partner$/, headers);
    expect(await (await act(custom, ACTION, headers)).text()).toBe('RESOLVED');
  });

  it.each([
    [/^closed$/i, 'ticket.action.resolve'],
    [/^closed$/i, 'ticket.action.close'],
    [/^resolved$/i, 'ticket.action.resolve'],
    [/^open$/i, 'ticket.action.reopen'],
    [/^open$/i, '@modify'],
    [/^open$/i, 'constructor'],
  ])('rejects in state %s the action %s with 500, and changes nothing', async (state, ActionName) => {
    const headers = await signIn();
    const id = await findByState(state, headers);
    const before = await read(id, headers);
    const response = await act(id, { ActionName }, headers);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await response.text()).toContain('IllegalStateException');
    expect(await read(id, headers)).toEqual(before);
    expect(akana.effects).toEqual([]);
  });

  it('rejects an action with a missing or wrong cookie, or a missing, wrong or decoded CSRF value', async () => {
    const headers = await signIn();
    const other = await signIn();
    const name = `X-Csrf-Token_${TENANT}`;
    const cookie = headers['cookie']!;
    const csrf = headers[name]!;
    const rejected: Headers[] = [
      {},
      { [name]: csrf },
      { cookie },
      { cookie: cookie.replace(TENANT, 'othertenant'), [name]: csrf },
      { cookie, 'X-Csrf-Token': csrf },
      { cookie, [name]: `${csrf}0` },
      { cookie, [name]: decodeURIComponent(csrf) },
      { cookie, [name]: other[name]! },
      { cookie: `${cookie}; Csrf-Token_${TENANT}=${other[name]}`, [name]: csrf },
      { cookie: decodeURIComponent(cookie), [name]: csrf },
    ];
    for (const attempt of rejected) expect((await act(EXAMPLE, ACTION, attempt)).status).toBe(401);
    expect(akana.effects).toEqual([]);
    const both = { cookie: `${cookie}; Csrf-Token_${TENANT}=${csrf}`, [name]: csrf };
    expect((await act(EXAMPLE, ACTION, both)).status).toBe(200);
  });

  it.each([
    ...['v71', 'v72', 'v80', 'v81'].map((v) => `application/vnd.soa.${v}+json`),
    'application/json; charset=UTF-8',
  ])('accepts an action with a body of type %s', async (type) => {
    expect((await act(EXAMPLE, ACTION, { ...(await signIn()), 'content-type': type })).status).toBe(200);
  });

  it('fails with an XML body, whose format is not documented', async () => {
    const headers = await signIn();
    for (const type of ['application/xml', 'application/vnd.soa.v81+xml']) {
      const typed = { ...headers, 'content-type': type };
      expect((await send('POST', `/api/tickets/${EXAMPLE}/actions`, typed, '<Action/>')).status).toBe(500);
    }
    expect(akana.effects).toEqual([]);
  });

  it('rejects with 404 another content type or method, an Accept without text and an unknown ticket', async () => {
    const headers = await signIn();
    expect((await act(EXAMPLE, ACTION, { ...headers, 'content-type': 'text/plain' })).status).toBe(404);
    expect((await act(EXAMPLE, ACTION, { ...headers, accept: 'application/json' })).status).toBe(404);
    expect((await act(`ticket1.${TENANT}`, ACTION, headers)).status).toBe(404);
    const put = { ...headers, 'content-type': 'application/json' };
    expect((await send('PUT', `/api/tickets/${EXAMPLE}/actions`, put, JSON.stringify(ACTION))).status).toBe(404);
    expect(akana.effects).toEqual([]);
  });

  it.each([
    ['a missing action name', '{"Comments":"done"}'],
    ['an empty action name', '{"ActionName":""}'],
    ['a number as action name', '{"ActionName":207}'],
    ['comments in an array', '{"ActionName":"ticket.action.resolve","Comments":["done"]}'],
    ['comments of null', '{"ActionName":"ticket.action.resolve","Comments":null}'],
    ['lower-camel keys', '{"actionName":"ticket.action.resolve"}'],
    ['an unknown field', '{"ActionName":"ticket.action.resolve","Reason":"done"}'],
    ['an array', '[{"ActionName":"ticket.action.resolve"}]'],
    ['a cut body', '{"ActionName":"ticket.action.res'],
    ['no body', ''],
  ])('rejects %s with 400', async (_, body) => {
    const headers = { ...(await signIn()), 'content-type': 'application/json' };
    expect((await send('POST', `/api/tickets/${EXAMPLE}/actions`, headers, body)).status).toBe(400);
    expect(akana.effects).toEqual([]);
  });
});

describe('comment', () => {
  const target = `/api/tickets/${EXAMPLE}/comments`;

  it('adds a comment with a text response, counts it on the ticket, and records the effect', async () => {
    const headers = await signIn();
    const before = await read(EXAMPLE, headers);
    const response = await postJson(target, { Content: 'We see it too.', UserID: 'someone' }, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await read(EXAMPLE, headers)).toEqual({ ...before, Comments: Number(before['Comments']) + 1 });
    expect(akana.effects).toEqual([{ what: 'comment', ticket: EXAMPLE }]);
  });

  it('requires content, the CSRF header and an Accept with text for a comment', async () => {
    const headers = await signIn();
    expect((await postJson(target, { UserID: 'someone' }, headers)).status).toBe(400);
    expect((await postJson(target, { Content: 'Hi', Comments: 'Hi' }, headers)).status).toBe(400);
    expect((await postJson(target, { Content: 'Hi' }, { cookie: headers['cookie']! })).status).toBe(401);
    expect((await postJson(target, { Content: 'Hi' }, { ...headers, accept: V81 })).status).toBe(404);
    expect(akana.effects).toEqual([]);
  });
});

it('holds the same tickets on every start at the same time', async () => {
  const again = await startVendor(simulation, { now: () => now });
  expect(again.vendor.ticketIds()).toEqual(akana.vendor.ticketIds());
  await again.close();
});

it('has settings to connect to it', () => {
  expect(akana.settings).toEqual({
    AKANA_URL: akana.url,
    AKANA_TENANT: TENANT,
    AKANA_USERNAME: 'sandbox',
    AKANA_PASSWORD: 'sandbox-password',
  });
});
