/** The simulated Huawei Cloud ticket service, asked directly: what it answers and what it rejects. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { simulation } from '../../sandbox/vendors/huawei.ts';

const NOON = Date.UTC(2026, 4, 20, 12);
const DAY_MS = 24 * 3_600_000;
const CASES = '/v2/servicerequest/cases';
const INVALID = { error_code: 'OSM.01010001', error_msg: 'Parameter validation failed.' };

interface Info {
  incident_id: string;
  status: number;
  business_type_name: string;
  simple_description: string;
  create_time: string;
  label_list?: { label_id: number; name: string; color: string }[];
  xcustomer_id?: string;
}

interface CaseList {
  total_count: number;
  incident_info_list: Info[];
}

interface Answer {
  status: number;
  type: string | null;
  text: string;
  headers: Headers;
}

let running: RunningVendor;
let clock: number;
let token: string;

beforeEach(async () => {
  clock = NOON;
  running = await startVendor(simulation, { now: () => clock });
  token = (await signIn()).headers.get('x-subject-token') ?? '';
});

afterEach(() => running.close());

async function send(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(running.url + path, { redirect: 'manual', ...init });
  const { status, headers } = response;
  return { status, headers, type: headers.get('content-type'), text: await response.text() };
}

function signInBody(change: { password?: string; domain?: string; scope?: string } = {}): unknown {
  const { password = 'sandbox-password', domain = 'sandbox-domain', scope = 'sandbox-domain' } = change;
  const user = { domain: { name: domain }, name: 'sandbox', password };
  const identity = { methods: ['password'], password: { user } };
  return { auth: { identity, scope: { domain: { name: scope } } } };
}

function signIn(body: unknown = signInBody(), type = 'application/json'): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send('/v3/auth/tokens', { method: 'POST', headers: { 'content-type': type }, body: text });
}

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send(path, { headers: { 'x-auth-token': token, ...headers } });
}

async function read<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const answer = await get(path, headers);
  expect(answer).toMatchObject({ status: 200, type: 'application/json' });
  return JSON.parse(answer.text) as T;
}

function act(id: string, action: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const headers: Record<string, string> = { 'x-auth-token': token };
  const path = `${CASES}/${id}/action?action_id=${action}`;
  if (body === undefined) return send(path, { method: 'POST', headers });
  headers['content-type'] = type;
  return send(path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function inStatus(status: number): Promise<Info> {
  const { incident_info_list } = await read<CaseList>(`${CASES}?status=${status}&limit=1`);
  expect(incident_info_list).toHaveLength(1);
  return incident_info_list[0]!;
}

function expectBusinessError(answer: Answer, code: string): void {
  expect(answer).toMatchObject({ status: 200, type: 'application/json' });
  expect(JSON.parse(answer.text)).toEqual({ error_code: code, error_msg: expect.any(String) });
}

const statusOf = (id: string): Promise<unknown> => read(`${CASES}/${id}/status`);

describe('sign-in', () => {
  it('has settings to connect to it', () => {
    expect(running.settings).toEqual({
      HUAWEI_URL: running.url,
      HUAWEI_IAM_URL: running.url,
      HUAWEI_DOMAIN: 'sandbox-domain',
      HUAWEI_USERNAME: 'sandbox',
      HUAWEI_PASSWORD: 'sandbox-password',
    });
  });

  it('issues a token for a day, in a header, with its lifetime in microseconds', async () => {
    const answer = await signIn();
    expect(answer).toMatchObject({ status: 201, type: 'application/json' });
    expect(answer.headers.get('x-subject-token')).toMatch(/^MII[\w-]{1000,4997}$/);
    expect(JSON.parse(answer.text)).toEqual({
      token: { issued_at: '2026-05-20T12:00:00.000000Z', expires_at: '2026-05-21T12:00:00.000000Z' },
    });
  });

  it('rejects a wrong password, user domain or scope', async () => {
    for (const change of [{ password: 'guess' }, { domain: 'other' }, { scope: 'other' }]) {
      const answer = await signIn(signInBody(change));
      expect(answer.status, JSON.stringify(change)).toBe(401);
      expect(answer.headers.has('x-subject-token')).toBe(false);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 401, title: 'Unauthorized' } });
    }
  });

  it('rejects an undocumented sign-in body', async () => {
    const unscoped = { auth: { identity: (signInBody() as { auth: { identity: unknown } }).auth.identity } };
    const project = { auth: { ...unscoped.auth, scope: { project: { name: 'cn-south-1' } } } };
    for (const body of ['{', 'null', {}, unscoped, project]) expect((await signIn(body)).status).toBe(400);
    expect((await signIn(signInBody(), 'text/plain')).status).toBe(400);
    expect((await send('/v3/auth/tokens', {})).status).toBe(405);
  });

  it('accepts a token until the millisecond it expires', async () => {
    clock = NOON + DAY_MS - 1;
    expect((await get(CASES)).status).toBe(200);
    clock = NOON + DAY_MS;
    expect((await get(CASES)).status).toBe(401);
  });

  it('returns 401 with its own code without a token, with a wrong one, and after a restart', async () => {
    const body = '{"error_code":"OSM.0002","error_msg":"Unauthorized"}';
    expect(await send(CASES, {})).toMatchObject({ status: 401, type: 'application/json', text: body });
    expect(await get(CASES, { 'x-auth-token': 'MIIwrong' })).toMatchObject({ status: 401, text: body });
    running.vendor.expireTokens?.();
    expect(await get(CASES)).toMatchObject({ status: 401, text: body });
  });
});

describe('case list', () => {
  it('lists at least 48 cases of the last 60 days, newest first, in every status and id format', async () => {
    const { total_count, incident_info_list: all } = await read<CaseList>(`${CASES}?limit=100`);
    const times = all.map(({ create_time }) => Date.parse(create_time));
    expect(total_count).toBe(all.length);
    expect(total_count).toBeGreaterThanOrEqual(48);
    expect(all.map(({ incident_id }) => incident_id)).toEqual(running.vendor.ticketIds());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times[0]).toBeLessThan(NOON);
    expect(times.at(-1)).toBeGreaterThan(NOON - 60 * DAY_MS);
    expect(all.every(({ create_time }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(create_time))).toBe(true);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3, 4, 5, 12, 17, 9, 15]));
    const shapes = all.map(({ incident_id }) => incident_id.replace(/\d/g, '9'));
    expect(new Set(shapes)).toEqual(new Set(['TT999999999999', 'TS-999999']));
  });

  it('returns the required fields of each case', async () => {
    const { incident_info_list } = await read<CaseList>(`${CASES}?incident_id=TS-123456`, {
      'x-language': 'en-us',
    });
    expect(incident_info_list).toHaveLength(1);
    expect(incident_info_list[0]).toMatchObject({
      incident_id: 'TS-123456',
      status: 1,
      business_type_name: 'Relational Database Service',
      incident_type_name: 'Fault report',
      customer_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      dc_name: expect.any(String),
      simple_description: 'MySQL read replica lags by more than 20 minutes',
    });
  });

  it('returns Chinese names unless English is requested', async () => {
    const path = `${CASES}?incident_id=TS-123456`;
    const chinese = await read<CaseList>(path);
    expect(chinese.incident_info_list[0]?.business_type_name).toBe('云数据库');
    expect(await read(path, { 'x-language': 'zh-cn' })).toEqual(chinese);
  });

  it('pages by offset and limit, with the total count', async () => {
    const all = await read<CaseList>(`${CASES}?limit=100`);
    const slice = await read<CaseList>(`${CASES}?offset=5&limit=7`);
    expect(slice.incident_info_list).toEqual(all.incident_info_list.slice(5, 12));
    expect(slice.total_count).toBe(all.total_count);
    const none = await read<CaseList>(`${CASES}?limit=0`);
    expect(none).toEqual({ total_count: all.total_count, incident_info_list: [] });
    expect((await read<CaseList>(`${CASES}?offset=65535`)).incident_info_list).toEqual([]);
  });

  it('filters by status, status list, search words, labels, customer and time', async () => {
    const all = (await read<CaseList>(`${CASES}?limit=100`)).incident_info_list;
    const labelled = all.find(({ label_list }) => label_list)!;
    const label = labelled.label_list![0]!.label_id;
    const customer = all.find(({ xcustomer_id }) => xcustomer_id)!.xcustomer_id;
    const since = all[9]!.create_time;
    const zoneless = new Date(Date.parse(since) + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    const title = ({ simple_description: words }: Info): boolean => /mysql|kernel/i.test(words);
    const expected: [query: string, holds: (info: Info, index: number) => boolean][] = [
      ['status=17', ({ status }) => status === 17],
      ['incident_status=3,4', ({ status }) => status === 3 || status === 4],
      ['search_key=MYSQL,kernel', title],
      [`label_id_list=${label},65000`, ({ label_list }) => !!label_list?.some((one) => one.label_id === label)],
      [`x_customer_id=${customer}`, ({ xcustomer_id }) => xcustomer_id === customer],
      [`query_start_time=${since}`, (_, index) => index <= 9],
      [`query_end_time=${encodeURIComponent(zoneless)}`, (_, index) => index >= 9],
    ];
    for (const [query, holds] of expected) {
      const found = await read<CaseList>(`${CASES}?limit=100&${query}`);
      expect(found.incident_info_list, query).toEqual(all.filter(holds));
      expect(found.total_count, query).toBe(found.incident_info_list.length);
      expect(found.total_count, query).toBeGreaterThan(0);
    }
  });

  it('reads a time without a zone in the zone of X-Time-Zone', async () => {
    const all = (await read<CaseList>(`${CASES}?limit=100`)).incident_info_list;
    const utc = all[9]!.create_time.slice(0, 19);
    const path = `${CASES}?query_start_time=${utc}`;
    expect(await read(path, { 'x-time-zone': 'GMT+0' })).toMatchObject({ total_count: 10 });
    expect(await read(path, { 'x-time-zone': 'GMT-3' })).not.toMatchObject({ total_count: 10 });
  });

  it('rejects parameters that are out of bounds, unknown or repeated, with a 200', async () => {
    const many = Array.from({ length: 33 }, (_, index) => `k${index}`).join(',');
    const queries = ['offset=-1', 'offset=65536', 'limit=101', 'limit=ten', 'limit=', 'status=21', 'status=1,2'];
    queries.push('incident_status=1,21', `search_key=${many}`, 'label_id_list=1,2,3,4,5,6', 'label_id_list=red');
    queries.push('query_start_time=yesterday', 'query_end_time=2026-13-01T00:00:00Z', 'page=2', 'status=1&status=2');
    queries.push(`group_id=${'g'.repeat(65)}`, `incident_id=${'T'.repeat(65)}`, 'constructor=1');
    for (const query of queries) {
      const answer = await get(`${CASES}?${query}`);
      expect(answer.status, query).toBe(200);
      expect(JSON.parse(answer.text), query).toEqual(INVALID);
    }
    await read(`${CASES}?offset=0&limit=100&status=20&group_id=${'g'.repeat(64)}`);
  });
});

describe('headers', () => {
  it('rejects X-Site, X-Language and X-Time-Zone outside their bounds', async () => {
    const wrong = ['2', 'cn', ''].map((site) => ['x-site', site]);
    wrong.push(['x-language', ''], ['x-language', 'l'.repeat(33)], ['x-time-zone', 'z'.repeat(33)]);
    for (const [name = '', value = ''] of wrong) {
      expectBusinessError(await get(CASES, { [name]: value }), 'OSM.01010001');
    }
  });

  it('accepts X-Site, X-Language and X-Time-Zone within their bounds', async () => {
    for (const site of ['0', '1']) {
      const headers = { 'x-site': site, 'x-language': 'l'.repeat(32), 'x-time-zone': 'GMT+0' };
      expect(await read<CaseList>(CASES, headers)).toHaveProperty('total_count');
    }
  });

  it('adds a unique request id to every response', async () => {
    const ids = [await get(CASES), await get('/nowhere')].map(({ headers }) => headers.get('x-request-id'));
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('single case', () => {
  it('returns a single case with its contact data', async () => {
    const { incident_detail_info: detail } = await read<{ incident_detail_info: Record<string, unknown> }>(
      `${CASES}/TS-123456?group_id=123456`,
    );
    expect(detail).toMatchObject({
      status: 1,
      judgement: '',
      simple_description: 'MySQL read replica lags by more than 20 minutes',
      source_name: expect.any(String),
      message_list: [{ content: 'MySQL read replica lags by more than 20 minutes' }],
      incident_satisfaction: [],
      ext_info: {
        area_code: expect.stringMatching(/^00\d+$/),
        remind_mobile: expect.stringMatching(/^\d{9,11}$/),
        remind_mail: expect.stringMatching(/@example\.(com|net|org)$/),
        cc_email: expect.stringMatching(/^team\+.+@example\./),
      },
    });
  });

  it('omits the optional incident_id from some single cases', async () => {
    const carried = await Promise.all(
      running.vendor.ticketIds().map(async (id) => {
        const answer = await read<{ incident_detail_info: { incident_id?: string } }>(`${CASES}/${id}`);
        return answer.incident_detail_info.incident_id ?? 'absent';
      }),
    );
    const ids: readonly string[] = running.vendor.ticketIds();
    expect(carried).toContain('absent');
    expect(carried.every((id, index) => id === 'absent' || id === ids[index])).toBe(true);
    expect(new Set(carried).size).toBeGreaterThan(2);
  });

  it('has a case with a description of 2000 characters', async () => {
    const { incident_info_list: all } = await read<CaseList>(`${CASES}?limit=100`);
    expect(Math.max(...all.map(({ simple_description: words }) => words.length))).toBe(2000);
  });

  it('returns the status alone, and accepts an encoded id', async () => {
    expect(await statusOf('TS-123456')).toEqual({ status: 1 });
    expect(await statusOf('TS%2D123456')).toEqual({ status: 1 });
  });

  it('counts cases by status like the list', async () => {
    const { incident_info_list: all } = await read<CaseList>(`${CASES}?limit=100`);
    const { incident_status_counts: counts } = await read<{
      incident_status_counts: { status: number; count: number }[];
    }>(`${CASES}/count`);
    expect(counts.length).toBe(10);
    for (const { status, count } of counts) {
      expect(count).toBe(all.filter((info) => info.status === status).length);
    }
    const pending = all.filter(({ status }) => status === 17).length;
    const one = { incident_status_counts: [{ status: 17, count: pending }] };
    expect(await read(`${CASES}/count?status=17`)).toEqual(one);
    expectBusinessError(await get(`${CASES}/count?status=21`), 'OSM.01010001');
  });

  it('lists the satisfaction dimensions', async () => {
    const { satisfaction_dimension_list: dimensions } = await read<{
      satisfaction_dimension_list: unknown[];
    }>('/v2/servicerequest/config/satisfaction-dimensions');
    expect(dimensions).toContainEqual({
      satisfaction_id: 1001,
      satisfaction_name: 'Response speed',
      value: 5,
      per_value: 1,
      sat_category_id: '1',
      sat_category_name: 'Service',
    });
  });

  it('rejects a missing case or an id that is too long with a 200', async () => {
    for (const tail of ['', '/status', '/operate-logs']) {
      expectBusinessError(await get(`${CASES}/TT209901010000${tail}`), 'OSM.01010015');
      expectBusinessError(await get(`${CASES}/${'T'.repeat(65)}${tail}`), 'OSM.01010001');
    }
    expectBusinessError(await get(`${CASES}/${'T'.repeat(64)}`), 'OSM.01010015');
    expectBusinessError(await act('TT209901010000', 'close'), 'OSM.01010015');
    expect(await get(`${CASES}/%E0%A4%A`)).toMatchObject({
      status: 400,
      text: expect.stringContaining('OSM.0001'),
    });
  });

  it("returns the gateway's 404 for an unknown path and 405 for a wrong method", async () => {
    const unknown = await get('/v2/servicerequest/case/TS-123456');
    expect(unknown).toMatchObject({ status: 404, text: expect.stringContaining('"APIGW.') });
    expect((await get(`${CASES}/TS-123456/action?action_id=close`)).status).toBe(405);
    const method = { method: 'PUT', headers: { 'x-auth-token': token } };
    expect((await send(`${CASES}/TS-123456/action?action_id=close`, method)).status).toBe(405);
    expect(running.effects).toEqual([]);
  });
});

describe('case action', () => {
  it('responds to successful actions in every undocumented form', async () => {
    expect(await act('TS-123456', 'press')).toMatchObject({ status: 200, type: null, text: '' });
    const nulls = '{"error_code":null,"error_msg":null}';
    expect(await act('TS-123456', 'cancel')).toMatchObject({ status: 200, text: nulls });
    const empty = '{"error_code":"","error_msg":""}';
    expect(await act('TS-123456', 'delete')).toMatchObject({ status: 200, text: empty });
    const other = await inStatus(2);
    expect(await act(other.incident_id, 'close')).toMatchObject({ status: 200, text: '{}' });
    expect(running.effects).toEqual([
      { what: 'press', ticket: 'TS-123456' },
      { what: 'cancel', ticket: 'TS-123456' },
      { what: 'delete', ticket: 'TS-123456' },
      { what: 'close', ticket: other.incident_id },
    ]);
  });

  it('rejects an action in other statuses, without an effect', async () => {
    const legal: Record<string, number[]> = {
      press: [0, 1, 2, 17],
      close: [0, 1, 2, 5, 17],
      cancel: [0, 1, 2, 5, 17],
      delete: [3, 4],
    };
    for (const [action, from] of Object.entries(legal)) {
      for (const status of [0, 1, 2, 3, 4, 5, 9, 12, 15, 17]) {
        const { incident_id: id } = await inStatus(status);
        const before = running.effects.length;
        const answer = await act(id, action);
        const isLegal = from.includes(status);
        expect(running.effects.slice(before), `${action} from ${status}`).toEqual(
          isLegal ? [{ what: action, ticket: id }] : [],
        );
        if (!isLegal) expectBusinessError(answer, 'OSM.01010062');
      }
    }
  });

  it('changes the status in all reads: close to 3, cancel to 4, press to none', async () => {
    const [closed, cancelled] = [await inStatus(2), await inStatus(17)];
    await act(closed.incident_id, 'close');
    await act(cancelled.incident_id, 'cancel');
    await act('TS-123456', 'press');
    expect(await statusOf(closed.incident_id)).toEqual({ status: 3 });
    expect(await statusOf(cancelled.incident_id)).toEqual({ status: 4 });
    expect(await statusOf('TS-123456')).toEqual({ status: 1 });
    const listed = await read<CaseList>(`${CASES}?incident_id=${closed.incident_id}`);
    expect(listed.incident_info_list[0]).toMatchObject({ status: 3, confirmed_time: '2026-05-20T12:00:00Z' });
    const detail = await read(`${CASES}/${cancelled.incident_id}`);
    expect(detail).toMatchObject({ incident_detail_info: { status: 4 } });
  });

  it('removes a deleted case from every read', async () => {
    const { incident_id: id } = await inStatus(4);
    await act(id, 'delete');
    expectBusinessError(await get(`${CASES}/${id}`), 'OSM.01010015');
    expectBusinessError(await get(`${CASES}/${id}/status`), 'OSM.01010015');
    expectBusinessError(await act(id, 'delete'), 'OSM.01010015');
    expect(await read(`${CASES}?incident_id=${id}`)).toEqual({ total_count: 0, incident_info_list: [] });
    expect(running.vendor.ticketIds()).not.toContain(id);
    expect(running.effects).toHaveLength(1);
  });

  it('rejects a second press of the same case within ten minutes', async () => {
    await act('TS-123456', 'press');
    clock += 10 * 60_000 - 1;
    expectBusinessError(await act('TS-123456', 'press'), 'OSM.01010004');
    expect((await act((await inStatus(0)).incident_id, 'press')).text).toBe('');
    clock += 1;
    expect((await act('TS-123456', 'press')).text).toBe('');
    expect(running.effects.map(({ ticket }) => ticket === 'TS-123456')).toEqual([true, false, true]);
  });

  it("stores an action's comment in the log, and judgement and satisfaction in the case", async () => {
    const entry = { satisfaction_id: 1001, satisfaction_value: 4, satisfaction_name: 'Response speed' };
    const body = {
      judgement: 'Quick',
      operate_desc: 'Thanks',
      group_id: '',
      incident_satisfaction_list: [entry],
    };
    const answer = await act('TS-123456', 'close', body, 'application/json; charset=utf-8');
    expect(answer.text).toBe('{}');
    const kept = { status: 3, judgement: 'Quick', incident_satisfaction: [entry] };
    expect(await read(`${CASES}/TS-123456`)).toMatchObject({ incident_detail_info: kept });
    expect(await read(`${CASES}/TS-123456/operate-logs?limit=1`)).toMatchObject({
      total_count: 2,
      incident_operate_log_list: [{ operate_desc: 'Thanks', operate_time: '2026-05-20T12:00:00Z' }],
    });
    expectBusinessError(await get(`${CASES}/TS-123456/operate-logs?limit=101`), 'OSM.01010001');
  });

  it('accepts the documented maximum values', async () => {
    const entry = {
      value: 65_535,
      satisfaction_id: 9999,
      satisfaction_value: 65_535,
      satisfaction_name: 'n'.repeat(32),
      per_value: 65_535,
      sat_category_id: 'i'.repeat(32),
      sat_category_name: 'c'.repeat(32),
    };
    const texts = { judgement: '好'.repeat(400), operate_desc: 'o'.repeat(400), group_id: 'g'.repeat(64) };
    const answer = await act('TS-123456', 'close', { ...texts, incident_satisfaction_list: [entry] });
    expect(answer.text).toBe('{}');
  });

  it('rejects a body beyond the documented bounds', async () => {
    const entry = { satisfaction_id: 1, satisfaction_value: 1 };
    const entries: unknown[] = [
      { satisfaction_id: 1 },
      { satisfaction_value: 1 },
      { ...entry, satisfaction_id: 10_000 },
      { ...entry, satisfaction_id: -1 },
      { ...entry, satisfaction_id: '1' },
      { ...entry, satisfaction_value: 65_536 },
      { ...entry, satisfaction_value: 1.5 },
      { ...entry, value: 65_536 },
      { ...entry, value: null },
      { ...entry, per_value: -1 },
      { ...entry, satisfaction_name: 'n'.repeat(33) },
      { ...entry, sat_category_id: 'i'.repeat(33) },
      { ...entry, sat_category_id: 7 },
      { ...entry, sat_category_name: 'c'.repeat(33) },
      { ...entry, satisfactionId: 1 },
      'entry',
    ];
    const bodies: unknown[] = [
      { judgement: 'j'.repeat(401) },
      { judgement: null },
      { operate_desc: 'o'.repeat(401) },
      { group_id: 'g'.repeat(65) },
      { group_id: 123456 },
      { operateDesc: 'camel case' },
      '{"__proto__":{}}',
      { incident_satisfaction_list: {} },
      { incident_satisfaction_list: null },
      [],
      'null',
      ...entries.map((one) => ({ incident_satisfaction_list: [entry, one] })),
    ];
    for (const body of bodies) {
      const answer = await act('TS-123456', 'close', body);
      expect(answer.status, JSON.stringify(body)).toBe(200);
      expect(JSON.parse(answer.text), JSON.stringify(body)).toEqual(INVALID);
    }
    expect(running.effects).toEqual([]);
    expect(await statusOf('TS-123456')).toEqual({ status: 1 });
  });

  it('rejects an unreadable body with 400', async () => {
    const text = '{"error_code":"OSM.0001","error_msg":"failed"}';
    expect(await act('TS-123456', 'close', '{"judgement":')).toMatchObject({ status: 400, text });
    expect(await act('TS-123456', 'close', { judgement: 'x' }, 'text/plain')).toMatchObject({
      status: 400,
      text,
    });
    const form = 'application/x-www-form-urlencoded';
    expect(await act('TS-123456', 'close', 'judgement=x', form)).toMatchObject({ status: 400, text });
    expect(running.effects).toEqual([]);
  });

  it('reads one action_id from the query only, and supports four', async () => {
    for (const action of ['resolve', 'Close', 'constructor', 'a'.repeat(64)]) {
      expectBusinessError(await act('TS-123456', action), 'OSM.01010013');
    }
    for (const action of ['', 'a'.repeat(65), 'close&action_id=cancel', 'close&judgement=x']) {
      expectBusinessError(await act('TS-123456', action), 'OSM.01010001');
    }
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' };
    const body = '{"action_id":"close"}';
    const unnamed = await send(`${CASES}/TS-123456/action`, { method: 'POST', headers, body });
    expectBusinessError(unnamed, 'OSM.01010001');
    expect(running.effects).toEqual([]);
  });

  it('requires a token for an action', async () => {
    const answer = await send(`${CASES}/TS-123456/action?action_id=close`, { method: 'POST' });
    expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('OSM.0002') });
    expect(running.effects).toEqual([]);
  });
});

it('starts with the same cases each time', async () => {
  const all = await read<CaseList>(`${CASES}?limit=100`);
  await act('TS-123456', 'cancel');
  await running.close();
  running = await startVendor(simulation, { now: () => clock });
  token = (await signIn()).headers.get('x-subject-token') ?? '';
  expect(await read(`${CASES}?limit=100`)).toEqual(all);
});
