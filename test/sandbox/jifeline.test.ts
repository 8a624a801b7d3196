/** The simulated Jifeline, spoken to with plain `fetch` as its documentation says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { simulation } from '../../sandbox/vendors/jifeline.ts';

const SAMPLE = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const OPERATOR = '0e4b1d52-6a3c-4f0e-9d0a-5b7c8f1f2a11';
const PRODUCT = '5c1f3a52-0b6e-4d1d-8b57-2d0f6f0c7e21';
const PROVIDER = 'b7d7b0f4-33a5-4a8c-9b9a-0c41a9c0d733';
const NOWHERE = '00000000-0000-4000-8000-000000000000';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MINUTE = 60_000;
const KINDS = ['pending', 'in-progress', 'outsourced', 'closed', 'cancelled'] as const;
const IN_PROGRESS = '/v2/tickets/in-progress-tickets';
const OUTSOURCE = { type: 'outsource', product_ids: [PRODUCT], provider_id: PROVIDER };
const FORM = 'application/x-www-form-urlencoded';
const CREDENTIALS = {
  grant_type: 'client_credentials',
  client_id: 'sandbox-client',
  client_secret: 'sandbox-secret',
};

type Row = Record<string, unknown> & { id: string; created_at: string; service_started_at?: string };
interface Listing {
  query: Record<string, number>;
  result: Row[];
  total: number;
}

let vendor: RunningVendor;
let clockMs: number;
let token: string;

beforeEach(async () => {
  clockMs = Date.parse('2026-03-14T09:26:53Z');
  vendor = await startVendor(simulation, { now: () => clockMs });
  token = await newToken();
});

afterEach(() => vendor.close());

function post(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams(form).toString();
  return fetch(`${vendor.url}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': FORM, ...headers },
    body,
  });
}

async function newToken(): Promise<string> {
  const answer = (await (await post(CREDENTIALS)).json()) as { access_token: string };
  return answer.access_token;
}

/** A signed-in call; an empty header is one that is not sent. */
function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${token}`, 'x-api-key': 'sandbox-api-key' });
  new Headers(init.headers).forEach((value, name) => {
    if (value === '') headers.delete(name);
    else headers.set(name, value);
  });
  return fetch(vendor.url + path, { redirect: 'manual', ...init, headers });
}

function send(method: string, path: string, body: unknown, type = 'application/json'): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return call(path, { method, body: text, headers: { 'content-type': type } });
}

const transit = (id: string, transition: unknown): Promise<Response> =>
  send('PATCH', `${IN_PROGRESS}/${id}`, { transition });

async function listing(path: string): Promise<Listing> {
  const response = await call(path);
  expect(response.status).toBe(200);
  return (await response.json()) as Listing;
}

async function row(path: string): Promise<Row> {
  const response = await call(path);
  expect(response.status).toBe(200);
  return (await response.json()) as Row;
}

async function expectProblem(response: Response, status: number, detail: RegExp): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(Object.keys(body).sort()).toEqual(['detail', 'status', 'title', 'type']);
  expect(body).toMatchObject({ status, type: 'about:blank', title: expect.stringMatching(/\w/) });
  expect(body.detail).toMatch(detail);
}

describe('sign-in', () => {
  it('issues a bearer token for one hour for client credentials in a form, without an API key', async () => {
    const response = await post(CREDENTIALS);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^\S+$/),
      expires_in: 3600,
      token_type: 'Bearer',
    });
  });

  it('has settings to connect to it', async () => {
    expect(vendor.settings).toEqual({
      JIFELINE_URL: vendor.url,
      JIFELINE_TOKEN_URL: `${vendor.url}/oauth2/token`,
      JIFELINE_CLIENT_ID: 'sandbox-client',
      JIFELINE_CLIENT_SECRET: 'sandbox-secret',
      JIFELINE_API_KEY: 'sandbox-api-key',
    });
  });

  it('issues the same token for five minutes, then another while the first stays valid', async () => {
    clockMs += 5 * MINUTE - 1;
    expect(await newToken()).toBe(token);
    clockMs += 1;
    const second = await newToken();
    expect(second).not.toBe(token);
    expect((await call(IN_PROGRESS)).status).toBe(200);
    token = second;
    expect((await call(IN_PROGRESS)).status).toBe(200);
  });

  it('expires a token after an hour', async () => {
    clockMs += 60 * MINUTE - 1;
    expect((await call(IN_PROGRESS)).status).toBe(200);
    clockMs += 1;
    await expectProblem(await call(IN_PROGRESS), 401, /access token/);
  });

  it('invalidates all tokens with expireTokens, and issues a new one', async () => {
    vendor.vendor.expireTokens?.();
    await expectProblem(await call(IN_PROGRESS), 401, /access token/);
    token = await newToken();
    expect((await call(IN_PROGRESS)).status).toBe(200);
  });

  it.each(['client_id', 'client_secret'])('rejects a wrong %s', async (name) => {
    await expectProblem(await post({ ...CREDENTIALS, [name]: 'guess' }), 401, /credentials/);
  });

  it('rejects another grant type, a missing field and an extra field', async () => {
    await expectProblem(await post({ ...CREDENTIALS, grant_type: 'password' }), 400, /grant_type/);
    await expectProblem(await post({ client_id: 'sandbox-client' }), 400, /client_secret/);
    await expectProblem(await post({ ...CREDENTIALS, audience: 'x' }), 400, /each once/);
  });

  it('rejects a token request as JSON or as a GET', async () => {
    await expectProblem(await post(CREDENTIALS, { 'content-type': 'application/json' }), 415, /urlencoded/);
    const response = await fetch(`${vendor.url}/oauth2/token?${new URLSearchParams(CREDENTIALS).toString()}`);
    expect(response.headers.get('allow')).toBe('POST');
    await expectProblem(response, 405, /POST/);
  });

  it.each([
    ['no token', { authorization: '' }, /access token/],
    ['an unknown token', { authorization: 'Bearer nonsense' }, /access token/],
    ['another scheme', { authorization: 'Basic c2FuZGJveA==' }, /access token/],
    ['a wrong API key', { 'x-api-key': 'other' }, /x-api-key/],
    ['no API key', { 'x-api-key': '' }, /x-api-key/],
  ])('rejects a call with %s', async (_, headers, detail) => {
    await expectProblem(await call(IN_PROGRESS, { headers }), 401, detail);
  });
});

describe('ticket lists', () => {
  it.each(KINDS)('pages through the %s tickets, newest first, each once', async (kind) => {
    const path = `/v2/tickets/${kind}-tickets`;
    const whole = await listing(`${path}?limit=1000`);
    expect(whole.query).toEqual({ limit: 1000, offset: 0 });
    expect(whole.total).toBe(whole.result.length);
    expect(whole.total).toBeGreaterThanOrEqual(kind === 'in-progress' ? 48 : 8);
    const created = whole.result.map((each) => Date.parse(each.created_at));
    expect(created).toEqual([...created].sort((one, other) => other - one));
    const second = await listing(`${path}?limit=3&offset=3`);
    expect(second).toEqual({
      query: { limit: 3, offset: 3 },
      result: whole.result.slice(3, 6),
      total: whole.total,
    });
  });

  it('spreads the in-progress tickets over the last 60 days', async () => {
    const { result } = await listing(`${IN_PROGRESS}?limit=1000`);
    const agesInDays = result.map((each) => (clockMs - Date.parse(each.created_at)) / (24 * 60 * MINUTE));
    expect(Math.min(...agesInDays)).toBeGreaterThan(0);
    expect(Math.max(...agesInDays)).toBeGreaterThan(45);
    expect(Math.max(...agesInDays)).toBeLessThanOrEqual(60);
  });

  it('returns 25 tickets without a limit, and only the total for a limit of 0', async () => {
    expect((await listing(IN_PROGRESS)).result).toHaveLength(25);
    const counted = await listing(`${IN_PROGRESS}?limit=0`);
    expect(counted.result).toEqual([]);
    expect(counted.total).toBeGreaterThanOrEqual(48);
  });

  it('returns an empty list beyond the end and for an unknown number', async () => {
    expect((await listing(`${IN_PROGRESS}?offset=9007199254740993`)).result).toEqual([]);
    expect(await listing(`${IN_PROGRESS}?ticket_number=7`)).toMatchObject({ result: [], total: 0 });
  });

  it('keeps every digit of a 64-bit number in the ticket, the filter and its echo', async () => {
    const text = await (await call(`${IN_PROGRESS}?ticket_number=9007199254740993`)).text();
    expect(text).toContain('"query":{"limit":25,"offset":0,"ticket_number":9007199254740993}');
    expect(text).toMatch(/"result":\[\{"id":"[^{}]*"ticket_number":9007199254740993,[^{}]*\}\],"total":1\}$/);
    const largest = await (await call(`${IN_PROGRESS}?ticket_number=9223372036854775807`)).text();
    expect(largest).toContain('"vehicle_model_id":9007199254740995,');
  });

  it.each([
    ['limit=1001', /limit/],
    ['limit=-1', /limit/],
    ['limit=ten', /limit/],
    ['limit=', /limit/],
    ['limit=1&limit=2', /limit/],
    ['offset=-1', /offset/],
    ['offset=1.5', /offset/],
    ['ticket_number=T-12', /ticket_number/],
    ['ticket_number=9223372036854775808', /ticket_number/],
    ['ticketNumber=12', /ticketNumber/],
  ])('rejects the query %s', async (query, detail) => {
    await expectProblem(await call(`${IN_PROGRESS}?${query}`), 400, detail);
  });

  it('lists the cancel reasons with all their fields', async () => {
    const { result, total } = await listing('/v2/tickets/cancel-reasons?limit=2&offset=1');
    expect(total).toBeGreaterThan(2);
    expect(result).toHaveLength(2);
    expect(result[0]).toEqual({
      id: 2,
      name: 'Vehicle is not supported',
      allows_ticket_reopening: false,
      customer_fault: false,
      manually_applicable: true,
    });
  });

  it('rejects ticket_number for cancel reasons', async () => {
    await expectProblem(await call('/v2/tickets/cancel-reasons?ticket_number=1'), 400, /ticket_number/);
  });
});

describe('single ticket', () => {
  const vehicle = ['vehicle_model_id', 'vin', 'connection_id'];
  const common = ['id', 'created_at', 'customer_id', 'ticket_number', ...vehicle];
  const finished = ['finished_at', 'externally_processed', 'external_reference', 'operator_id'];
  it.each([
    ['pending', []],
    ['in-progress', ['service_started_at', 'operator_id', 'voucher_code', 'outsourced']],
    ['outsourced', ['outsource_provider_id', 'outsource_ticket_id', 'reclaimable', 'voucher_code']],
    ['closed', [...finished, 'vehicle_battery_voltage']],
    ['cancelled', [...finished, 'vehicle_battery_voltage', 'cancel_reason_id']],
  ])('returns exactly the documented fields of %s tickets', async (kind, own) => {
    const { result } = await listing(`/v2/tickets/${kind}-tickets?limit=1000`);
    const seen = new Set(result.flatMap((each) => Object.keys(each)));
    expect([...seen].sort()).toEqual([...common, ...own].sort());
    const first = result[0]!;
    expect(await row(`/v2/tickets/${kind}-tickets/${first.id}`)).toEqual(first);
  });

  it('returns fields in the documented formats', async () => {
    const { result } = await listing(`${IN_PROGRESS}?limit=1000`);
    for (const each of result) {
      expect(each.id).toMatch(UUID);
      expect(each.vin ?? 'A'.repeat(17)).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/);
      expect(each.voucher_code ?? 'NONE').toMatch(/^[A-Z0-9]{4,8}$/);
      const startedMs = Date.parse(each.service_started_at ?? each.created_at);
      expect(startedMs).toBeGreaterThanOrEqual(Date.parse(each.created_at));
      expect(startedMs).toBeLessThan(clockMs);
    }
  });

  it('includes nulls and missing fields where the documentation allows them', async () => {
    const { result } = await listing(`${IN_PROGRESS}?limit=1000`);
    expect(result.some((each) => each.voucher_code === null)).toBe(true);
    expect(result.some((each) => each.connection_id === null)).toBe(true);
    expect(result.some((each) => !('operator_id' in each))).toBe(true);
    expect(result.some((each) => !('vin' in each))).toBe(true);
    const cancelled = await listing('/v2/tickets/cancelled-tickets?limit=1000');
    expect(cancelled.result.some((each) => each.operator_id === null)).toBe(true);
    const closed = await listing('/v2/tickets/closed-tickets?limit=1000');
    expect(closed.result.some((each) => String(each.external_reference).length === 255)).toBe(true);
  });

  it('finds a ticket by a UUID in upper case', async () => {
    expect((await row(`${IN_PROGRESS}/${SAMPLE.toUpperCase()}`)).id).toBe(SAMPLE);
  });

  it('holds the same tickets after each start', async () => {
    const twin = await startVendor(simulation, { now: () => clockMs });
    expect(twin.vendor.ticketIds()).toEqual(vendor.vendor.ticketIds());
    expect(vendor.vendor.ticketIds()).toContain(SAMPLE);
    await twin.close();
  });

  it('rejects an id that is not a UUID, is unknown, or is of another kind', async () => {
    await expectProblem(await call(`${IN_PROGRESS}/47`), 400, /uuid/);
    await expectProblem(await call(`${IN_PROGRESS}/${NOWHERE}`), 404, /no ticket/);
    await expectProblem(await call(`/v2/tickets/closed-tickets/${SAMPLE}`), 404, /no ticket/);
    await expectProblem(await call(`${IN_PROGRESS}/${SAMPLE}?expand=all`), 400, /query/);
  });
});

describe('paths and methods', () => {
  it.each(['/', '/v2/tickets', '/v2/tickets/prepared-tickets', `${IN_PROGRESS}/`, `${IN_PROGRESS}/${SAMPLE}/notes`])(
    'has no resource at %s',
    async (path) => {
      await expectProblem(await call(path), 404, /no such resource/);
    },
  );

  it.each([
    ['POST', IN_PROGRESS, 'GET'],
    ['DELETE', `${IN_PROGRESS}/${SAMPLE}`, 'GET, PUT, PATCH'],
    ['PATCH', `/v2/tickets/outsourced-tickets/${NOWHERE}`, 'GET'],
    ['PUT', '/v2/tickets/cancel-reasons', 'GET'],
  ])('rejects %s %s', async (method, path, allow) => {
    const response = await send(method, path, {});
    expect(response.headers.get('allow')).toBe(allow);
    await expectProblem(response, 405, /Only/);
    expect(vendor.effects).toEqual([]);
  });
});

describe('PUT of an operator', () => {
  const path = `${IN_PROGRESS}/${SAMPLE}`;

  it('returns the ticket, and a later read shows the operator', async () => {
    const before = await row(path);
    const response = await send('PUT', path, { operator_id: OPERATOR }, 'application/json; charset=utf-8');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...before, operator_id: OPERATOR });
    expect(await row(path)).toEqual({ ...before, operator_id: OPERATOR });
    expect(vendor.effects).toEqual([{ what: 'update operator_id', ticket: SAMPLE }]);
  });

  it('records no effect for the same operator', async () => {
    await send('PUT', path, { operator_id: OPERATOR });
    expect((await send('PUT', path, { operator_id: OPERATOR })).status).toBe(200);
    expect(vendor.effects).toHaveLength(1);
  });

  it.each([
    ['nothing', {}, 400, /operator_id/],
    ['a name', { operator_id: 'Halvard' }, 400, /operator_id/],
    ['null', { operator_id: null }, 400, /operator_id/],
    ['another field beside it', { operator_id: OPERATOR, vin: 'A'.repeat(17) }, 400, /Unknown property: vin/],
    ['an array', [OPERATOR], 400, /JSON object/],
    ['half of a document', '{"operator_id":', 400, /JSON object/],
  ])('rejects the operator in %s', async (_, body, status, detail) => {
    await expectProblem(await send('PUT', path, body), status, detail);
    expect(vendor.effects).toEqual([]);
  });

  it('rejects a PUT with another content type or for a missing ticket', async () => {
    for (const type of ['text/plain', 'application/json; charset=iso-8859-1']) {
      await expectProblem(await send('PUT', path, { operator_id: OPERATOR }, type), 415, /json/);
    }
    const absent = await send('PUT', `${IN_PROGRESS}/${NOWHERE}`, { operator_id: OPERATOR });
    await expectProblem(absent, 404, /no ticket/);
    expect(vendor.effects).toEqual([]);
  });
});

describe('PATCH of a transition', () => {
  it('outsources with 303, an empty body and a path with another id', async () => {
    const before = await row(`${IN_PROGRESS}/${SAMPLE}`);
    const response = await transit(SAMPLE, {
      ...OUTSOURCE,
      allow_customer_chat_write_access: false,
      share_customer_information: true,
    });
    expect(response.status).toBe(303);
    expect(await response.text()).toBe('');
    const location = response.headers.get('location') ?? '';
    expect(location).toMatch(/^\/v2\/tickets\/outsourced-tickets\/[0-9a-f-]{36}$/);
    expect(location).not.toContain(SAMPLE);
    const { created_at, ticket_number } = before;
    const after = await row(location);
    expect(after).toMatchObject({ created_at, ticket_number, reclaimable: true });
    expect(after.outsource_provider_id).toBe(PROVIDER);
    expect(location.endsWith(`/${after.id}`)).toBe(true);
    expect(vendor.effects).toEqual([{ what: 'outsource', ticket: SAMPLE }]);
  });

  it('moves a ticket from the in-progress list to the other, sorted by age', async () => {
    const before = await listing(`${IN_PROGRESS}?limit=1000`);
    await transit(SAMPLE, OUTSOURCE);
    await expectProblem(await call(`${IN_PROGRESS}/${SAMPLE}`), 404, /no ticket/);
    const after = await listing(`${IN_PROGRESS}?limit=1000`);
    expect(after.result).toEqual(before.result.filter((each) => each.id !== SAMPLE));
    const { result } = await listing('/v2/tickets/outsourced-tickets?limit=1000');
    const created = result.map((each) => each.created_at);
    expect(created).toEqual([...created].sort().reverse());
    expect(created).toContain(before.result.find((each) => each.id === SAMPLE)?.created_at);
    expect(vendor.vendor.ticketIds()).not.toContain(SAMPLE);
  });

  it('completes to the closed tickets with the same id, whatever the other members', async () => {
    const response = await transit(SAMPLE, { type: 'complete', remarks: ['anything'] });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/v2/tickets/closed-tickets/${SAMPLE}`);
    const closed = await row(`/v2/tickets/closed-tickets/${SAMPLE}`);
    expect(closed.finished_at).toBe('2026-03-14T09:26:53Z');
    expect(closed).not.toHaveProperty('cancel_reason_id');
    expect(vendor.effects).toEqual([{ what: 'complete', ticket: SAMPLE }]);
  });

  it.each([
    [{ type: 'cancel', cancel_reason_id: 3, note: 'x' }, 3],
    [{ type: 'cancel' }, undefined],
  ])('cancels to the cancelled tickets with the same id: %j', async (transition, reason) => {
    const response = await transit(SAMPLE, transition);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/v2/tickets/cancelled-tickets/${SAMPLE}`);
    const cancelled = await row(`/v2/tickets/cancelled-tickets/${SAMPLE}`);
    expect(cancelled.cancel_reason_id).toBe(reason);
    expect(cancelled.finished_at).toBe('2026-03-14T09:26:53Z');
    expect(vendor.effects).toEqual([{ what: 'cancel', ticket: SAMPLE }]);
  });

  it('finds no in-progress ticket for a second transition', async () => {
    await transit(SAMPLE, { type: 'complete' });
    await expectProblem(await transit(SAMPLE, { type: 'complete' }), 404, /no ticket/);
    await expectProblem(await transit(SAMPLE, OUTSOURCE), 404, /no ticket/);
    expect(vendor.effects).toHaveLength(1);
  });

  it.each([
    ['no type', { product_ids: [PRODUCT], provider_id: PROVIDER }, /type/],
    ['an unknown type', { type: 'reclaim' }, /type/],
    ['a type in capitals', { ...OUTSOURCE, type: 'OUTSOURCE' }, /type/],
    ['no products', { type: 'outsource', provider_id: PROVIDER }, /product_ids/],
    ['an empty list of products', { ...OUTSOURCE, product_ids: [] }, /product_ids/],
    ['a product that is no uuid', { ...OUTSOURCE, product_ids: [PRODUCT, 'base'] }, /product_ids/],
    ['one product without a list', { ...OUTSOURCE, product_ids: PRODUCT }, /product_ids/],
    ['no provider', { type: 'outsource', product_ids: [PRODUCT] }, /provider_id/],
    ['a provider that is no uuid', { ...OUTSOURCE, provider_id: 12 }, /provider_id/],
    ['a word for a boolean', { ...OUTSOURCE, share_customer_information: 'yes' }, /customer_information/],
    ['null for a boolean', { ...OUTSOURCE, allow_customer_chat_write_access: null }, /chat_write_access/],
    ['a field that is not listed', { ...OUTSOURCE, providerId: PROVIDER }, /transition\.providerId/],
    ['a cancel reason in words', { type: 'cancel', cancel_reason_id: 'duplicate' }, /cancel_reason_id/],
    ['a cancel reason beyond 32 bits', { type: 'cancel', cancel_reason_id: 2 ** 31 }, /cancel_reason_id/],
    ['a list of transitions', [OUTSOURCE], /transition/],
    ['null', null, /transition/],
  ])('rejects the transition %s, and leaves the ticket unchanged', async (_, transition, detail) => {
    const before = await row(`${IN_PROGRESS}/${SAMPLE}`);
    await expectProblem(await transit(SAMPLE, transition), 400, detail);
    expect(await row(`${IN_PROGRESS}/${SAMPLE}`)).toEqual(before);
    expect(vendor.effects).toEqual([]);
  });

  it('rejects a body without a transition, with other members, without JSON or of another type', async () => {
    const path = `${IN_PROGRESS}/${SAMPLE}`;
    await expectProblem(await send('PATCH', path, OUTSOURCE), 400, /Unknown property: type/);
    await expectProblem(await send('PATCH', path, {}), 400, /transition is required/);
    const more = { transition: OUTSOURCE, operator_id: OPERATOR };
    await expectProblem(await send('PATCH', path, more), 400, /Unknown property: operator_id/);
    await expectProblem(await send('PATCH', path, 'outsource'), 400, /JSON object/);
    const patch = 'application/merge-patch+json';
    await expectProblem(await send('PATCH', path, { transition: OUTSOURCE }, patch), 415, /json/);
    expect(vendor.effects).toEqual([]);
  });
});
