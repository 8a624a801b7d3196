/** Huawei Cloud's pure parts: what is planned, how answers are read, how cases are mapped, how it is signed in. */
import { describe, expect, it } from 'vitest';
import type {
  RequestScope,
  Planner,
  RejectedPlan,
  SettingsOf,
  Authenticator,
  Ticket,
  TicketAction,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
  VendorTools,
  WriteResult,
  Write,
} from '../../datasources/contract.ts';
import { toFailure, toSignInFailure } from '../../datasources/huawei/failure.ts';
import { huawei } from '../../datasources/huawei/index.ts';
import { fromFilter, toOffsetMinutes, toStatus, toTicket as toTicketOf } from '../../datasources/huawei/mapping.ts';
import { createSignIn } from '../../datasources/huawei/sign-in.ts';
import { parseCase, parseCaseList } from '../../datasources/huawei/wire.ts';
import { Failure, describeRejection } from '../../datasources/vendor-kit/failure.ts';
import { parseGlobalId } from '../../datasources/vendor-kit/global-id.ts';
import { toTarget } from '../../datasources/vendor-kit/request.ts';
import { readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { toPlain } from '../../datasources/vendor-kit/lazy.ts';

/** A ticket of the default source. */
const toTicket = (wire: Parameters<typeof toTicketOf>[0], timeZone: string) =>
  toTicketOf(wire, { sourceKey: 'huawei', timeZone });

type Settings = SettingsOf<typeof huawei.settings>;

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };

const SETTINGS: Settings = {
  URL: 'https://osm.example',
  AUTH_TOKEN: 'token-of-iam',
  IAM_URL: undefined,
  DOMAIN: undefined,
  USERNAME: undefined,
  PASSWORD: undefined,
  FORWARD_TOKEN: undefined,
  SITE: undefined,
  LANGUAGE: 'en-us',
  TIME_ZONE: 'GMT+0',
  GROUP_ID: undefined,
};

interface Recorder extends Upstream {
  readonly requests: UpstreamRequest[];
}

/** An upstream that gives the answers in turn; a status of 400 or more as a failure, like the real client. */
function answering(...answers: readonly (UpstreamAnswer | Failure)[]): Recorder {
  const requests: UpstreamRequest[] = [];
  return {
    requests,
    async read(request) {
      const answer = answers[requests.length];
      requests.push(request);
      if (!answer) throw new Error(`unexpected request ${request.method} ${request.path}`);
      if (answer instanceof Failure) throw answer;
      if (answer.status >= 400) throw new Failure(describeRejection(answer, toFailure));
      return answer;
    },
  };
}

function said(status: number, body: unknown, headers: UpstreamAnswer['headers'] = {}): UpstreamAnswer {
  return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

function connect(settings: Partial<Settings> = {}, upstream: Upstream = answering()) {
  const options: UpstreamOptions[] = [];
  const tools: VendorTools = {
    sourceKey: 'huawei',
    connect(given) {
      options.push(given);
      return upstream;
    },
    now: () => 0,
  };
  return { source: huawei.connect({ ...SETTINGS, ...settings }, tools), options };
}

function plan(
  mutation: string,
  input: object,
  settings: Partial<Settings> = {},
  upstream?: Upstream,
): Write | RejectedPlan {
  const { source } = connect(settings, upstream);
  const planned = (source.writes[mutation] as Planner<object>)(input, ['TS-123456'], call);
  expect(planned).toHaveLength(1);
  return planned[0]!;
}

function write(...given: Parameters<typeof plan>): Write {
  const planned = plan(...given);
  if (!('request' in planned)) throw new Error(`rejected: ${planned.failure.message}`);
  return planned;
}

function rejection(...given: Parameters<typeof plan>): RejectedPlan['failure'] {
  const planned = plan(...given);
  if ('request' in planned) throw new Error('was planned');
  return planned.failure;
}

const bodyOf = ({ request }: Write): unknown => JSON.parse(request.body!);

const HEADERS = { Accept: 'application/json', 'X-Language': 'en-us', 'X-Time-Zone': 'GMT+0' };

describe('executeAction', () => {
  it("executeAction sends the four parameters in Huawei's spelling, and the satisfaction as a list", () => {
    const inputs = {
      judgement: 'quick',
      groupId: '123456',
      satisfaction: [
        {
          value: 1,
          satisfactionId: 2,
          satisfactionValue: 3,
          satisfactionName: 'speed',
          perValue: 4,
          satCategoryId: '5',
          satCategoryName: 'service',
        },
      ],
    };
    const { request, targets } = write('executeAction', { action: 'press', comment: 'please', inputs });
    expect(targets).toEqual(['TS-123456']);
    expect(request).toEqual({
      method: 'POST',
      path: '/v2/servicerequest/cases/TS-123456/action',
      query: [['action_id', 'press']],
      headers: { ...HEADERS, 'Content-Type': 'application/json' },
      body:
        '{"judgement":"quick","operate_desc":"please","group_id":"123456","incident_satisfaction_list":[{"value":1,' +
        '"satisfaction_id":2,"satisfaction_value":3,"satisfaction_name":"speed","per_value":4,"sat_category_id":"5",' +
        '"sat_category_name":"service"}]}',
    });
    expect(toTarget(request)).toBe('/v2/servicerequest/cases/TS-123456/action?action_id=press');
  });

  it('executeAction sends only the given values, and treats null as missing', () => {
    expect(write('executeAction', { action: 'close' }).request.body).toBe('{}');
    const inputs = { judgement: null, groupId: null, satisfaction: null };
    expect(write('executeAction', { action: 'close', comment: null, inputs }).request.body).toBe('{}');
    const satisfaction = [{ satisfactionId: 0, satisfactionValue: 0, value: null }];
    expect(bodyOf(write('executeAction', { action: 'close', inputs: { satisfaction } }))).toEqual({
      incident_satisfaction_list: [{ satisfaction_id: 0, satisfaction_value: 0 }],
    });
  });

  it('executeAction sends numbers as numbers, even if given as strings', () => {
    const satisfaction = [{ satisfactionId: '7', satisfactionValue: '0', value: '1', perValue: '65535' }];
    expect(bodyOf(write('executeAction', { action: 'close', inputs: { satisfaction } }))).toEqual({
      incident_satisfaction_list: [{ value: 1, satisfaction_id: 7, satisfaction_value: 0, per_value: 65_535 }],
    });
  });

  it('executeAction sends an empty satisfaction list as a list', () => {
    expect(bodyOf(write('executeAction', { action: 'close', inputs: { satisfaction: [] } }))).toEqual({
      incident_satisfaction_list: [],
    });
  });

  it('executeAction uses the configured group unless the caller gives one or removes it', () => {
    const settings = { GROUP_ID: 'group-of-settings' };
    expect(bodyOf(write('executeAction', { action: 'press' }, settings))).toEqual({ group_id: 'group-of-settings' });
    const given = (groupId: unknown): unknown =>
      bodyOf(write('executeAction', { action: 'press', inputs: { groupId } }, settings));
    expect(given('mine')).toEqual({ group_id: 'mine' });
    expect(given(77)).toEqual({ group_id: '77' });
    expect(given('')).toEqual({ group_id: '' });
  });

  it('sends X-Site only if configured, and the configured language and time zone', () => {
    const { request } = write(
      'executeAction',
      { action: 'close' },
      { SITE: '0', LANGUAGE: 'zh-cn', TIME_ZONE: 'GMT+8' },
    );
    expect(request.headers).toMatchObject({ 'X-Site': '0', 'X-Language': 'zh-cn', 'X-Time-Zone': 'GMT+8' });
    expect(write('executeAction', { action: 'close' }).request.headers).not.toHaveProperty('X-Site');
  });

  it('executeAction passes on unknown action names', () => {
    for (const action of ['reopen', 'v2.re_open-now', 'a'.repeat(64)]) {
      const planned = write('executeAction', { action });
      expect(planned.request.query).toEqual([['action_id', action]]);
      expect(planned.verify).toBeUndefined();
    }
  });

  it.each([
    ['CLOSE', 'close'],
    ['Cancel', 'cancel'],
    ['pRESS', 'press'],
    ['DELETE', 'delete'],
  ])('recognizes the action %s as %s', (action, name) => {
    const planned = write('executeAction', { action });
    expect(planned.request.query).toEqual([['action_id', name]]);
    expect(planned.verify === undefined).toBe(name === 'press');
    expect(planned.interpret(said(200, '{}'))).toMatchObject({ kind: 'accepted', transition: { action: name } });
  });

  it('executeAction plans one write per ticket', () => {
    const { source } = connect();
    const planned = (source.writes['executeAction'] as Planner<object>)({ action: 'close' }, ['A-1', 'B-2'], call);
    expect(planned.map((one) => 'request' in one && one.request.path)).toEqual([
      '/v2/servicerequest/cases/A-1/action',
      '/v2/servicerequest/cases/B-2/action',
    ]);
  });

  it.each([
    ['', ['action']],
    ['a'.repeat(65), ['action']],
    ['close&action_id=delete', ['action']],
    ['close\n', ['action']],
    ['löschen', ['action']],
  ])('rejects the action name %j', (action, field) => {
    expect(rejection('executeAction', { action })).toMatchObject({ kind: 'invalid-input', field });
  });

  const entry = (fields: object): object => ({
    satisfaction: [{ satisfactionId: 1, satisfactionValue: 1, ...fields }],
  });
  it.each([
    [{ judgement: 'x'.repeat(401) }, ['inputs', 'judgement']],
    [{ judgement: 5 }, ['inputs', 'judgement']],
    [{ groupId: 'x'.repeat(65) }, ['inputs', 'groupId']],
    [{ group_id: 'x' }, ['inputs', 'group_id']],
    [{ satisfaction: {} }, ['inputs', 'satisfaction']],
    [{ satisfaction: [3] }, ['inputs', 'satisfaction', '0']],
    [{ satisfaction: [{ satisfactionValue: 1 }] }, ['inputs', 'satisfaction', '0', 'satisfactionId']],
    [{ satisfaction: [{ satisfactionId: 1 }] }, ['inputs', 'satisfaction', '0', 'satisfactionValue']],
    [entry({ satisfactionId: 10_000 }), ['inputs', 'satisfaction', '0', 'satisfactionId']],
    [entry({ satisfactionId: -1 }), ['inputs', 'satisfaction', '0', 'satisfactionId']],
    [entry({ satisfactionId: 'one' }), ['inputs', 'satisfaction', '0', 'satisfactionId']],
    [entry({ satisfactionId: '10000' }), ['inputs', 'satisfaction', '0', 'satisfactionId']],
    [entry({ satisfactionValue: 65_536 }), ['inputs', 'satisfaction', '0', 'satisfactionValue']],
    [entry({ value: -1 }), ['inputs', 'satisfaction', '0', 'value']],
    [entry({ value: 65_536 }), ['inputs', 'satisfaction', '0', 'value']],
    [entry({ satisfactionName: 'x'.repeat(33) }), ['inputs', 'satisfaction', '0', 'satisfactionName']],
    [entry({ perValue: 65_536 }), ['inputs', 'satisfaction', '0', 'perValue']],
    [entry({ satCategoryId: 'x'.repeat(33) }), ['inputs', 'satisfaction', '0', 'satCategoryId']],
    [entry({ satCategoryName: 'x'.repeat(33) }), ['inputs', 'satisfaction', '0', 'satCategoryName']],
    [entry({ satisfaction_id: 1 }), ['inputs', 'satisfaction', '0', 'satisfaction_id']],
  ])('rejects the inputs %j, naming the field', (inputs, field) => {
    expect(rejection('executeAction', { action: 'close', inputs })).toMatchObject({ kind: 'invalid-input', field });
  });

  it('accepts every documented bound', () => {
    const satisfaction = [
      {
        satisfactionId: 9_999,
        satisfactionValue: 65_535,
        value: 65_535,
        satisfactionName: 'x'.repeat(32),
        perValue: 65_535,
        satCategoryId: 'x'.repeat(32),
        satCategoryName: 'x'.repeat(32),
      },
    ];
    const inputs = { judgement: 'x'.repeat(400), groupId: 'x'.repeat(64), satisfaction };
    const body = bodyOf(write('executeAction', { action: 'close', comment: 'x'.repeat(400), inputs }));
    expect(body).toMatchObject({ operate_desc: 'x'.repeat(400), judgement: 'x'.repeat(400), group_id: 'x'.repeat(64) });
  });

  it('rejects a comment of more than 400 characters', () => {
    const failure = rejection('executeAction', { action: 'close', comment: 'x'.repeat(401) });
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['comment'] });
  });
});

describe('setStatus', () => {
  it.each([
    ['SOLVED', 'close', { category: 'CLOSED', raw: '3' }],
    ['CLOSED', 'close', { category: 'CLOSED', raw: '3' }],
    ['CANCELLED', 'cancel', { category: 'CANCELLED', raw: '4' }],
  ])('maps the status %s to the action %s', (status, action, to) => {
    const planned = write('setStatus', { status, comment: 'done' }, { GROUP_ID: 'g' });
    expect(toTarget(planned.request)).toBe(`/v2/servicerequest/cases/TS-123456/action?action_id=${action}`);
    expect(planned.request.body).toBe('{"operate_desc":"done","group_id":"g"}');
    expect(planned.interpret(said(200, ''))).toMatchObject({
      kind: 'accepted',
      transition: { __typename: 'StatusTransition', action, to },
    });
  });

  it.each(['NEW', 'OPEN', 'PENDING', 'ON_HOLD'])('setStatus rejects %s, and names alternatives', (status) => {
    const failure = rejection('setStatus', { status });
    expect(failure).toMatchObject({ kind: 'unsupported', field: ['status'] });
    expect(failure.message).toContain('executeAction');
  });

  it('rejects a comment of more than 400 characters', () => {
    const failure = rejection('setStatus', { status: 'CLOSED', comment: 'x'.repeat(401) });
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['comment'] });
  });
});

describe('response to an action', () => {
  const interpret = (answer: UpstreamAnswer, action = 'close'): WriteResult =>
    write('executeAction', { action }).interpret(answer);

  it.each([
    ['an empty body', said(200, '')],
    ['blanks', said(200, ' \r\n')],
    ['an empty object', said(200, {})],
    ['null', said(200, 'null')],
    ['null fields', said(200, { error_code: null, error_msg: null })],
    ['empty fields', said(200, { error_code: '', error_msg: '' })],
    ['a message without a code', said(200, { error_msg: 'success' })],
    ['JSON under another name', said(200, {}, { 'content-type': 'text/plain' })],
    ['201', said(201, {})],
    ['202', said(202, '')],
    ['204', said(204, '')],
  ])('accepts an action with %s', (_, answer) => {
    expect(interpret(answer)).toEqual({
      kind: 'accepted',
      transition: {
        __typename: 'ActionTransition',
        action: 'close',
        to: { __typename: 'TicketStatus', category: 'CLOSED', raw: '3' },
        state: null,
      },
    });
  });

  it.each([
    ['cancel', 'CANCELLED'],
    ['press', undefined],
    ['delete', undefined],
    ['reopen', undefined],
  ])('reports the status after %s as %s', (action, category) => {
    const result = interpret(said(200, {}), action);
    expect(result).toMatchObject({ kind: 'accepted', transition: { action } });
    expect(result.kind === 'accepted' && result.transition?.to?.category).toBe(category);
  });

  it.each([
    ['OSM.01010001', 'invalid-input'],
    ['OSM.01010002', 'forbidden'],
    ['OSM.01010004', 'rate-limited'],
    ['OSM.01010007', 'forbidden'],
    ['OSM.01010011', 'unauthenticated'],
    ['OSM.01010013', 'invalid-input'],
    ['OSM.01010014', 'rejected'],
    ['OSM.01010015', 'not-found'],
    ['OSM.01010062', 'rejected'],
    ['toString', 'rejected'],
  ])('rejects an action with a 200 and %s', (code, kind) => {
    const message = 'a message that is longer than the thirty-two characters of the page';
    const result = interpret(said(200, { error_code: code, error_msg: message }));
    expect(result).toMatchObject({
      kind: 'rejected',
      failure: { kind, upstreamCode: code, upstreamMessage: message },
    });
  });

  it("rejects an action in the second spelling of the vendor's SDK", () => {
    expect(interpret(said(200, { errorCode: 'OSM.01010015', errorMsg: 'gone' }))).toMatchObject({
      kind: 'rejected',
      failure: { kind: 'not-found', upstreamCode: 'OSM.01010015', upstreamMessage: 'gone' },
    });
  });

  it('names the action as the invalid field if Huawei does not know it', () => {
    const result = interpret(said(200, { error_code: 'OSM.01010013', error_msg: 'no' }), 'reopen');
    expect(result).toMatchObject({ kind: 'rejected', failure: { field: ['action'] } });
  });

  it.each([
    ['HTML', said(200, '<html><body>Sign in</body></html>', { 'content-type': 'text/html' })],
    ['half of JSON', said(200, '{"error_code":')],
    ['bare text', said(200, 'OK')],
    ['a JSON text', said(200, '"OK"')],
    ['a number', said(200, '1')],
    ['a list', said(200, '[]')],
    ['a code that is no text', said(200, { error_code: 0 })],
    ['a code that is an object', said(200, { error_code: {} })],
    ['a redirect', said(302, '', { location: 'https://elsewhere.example' })],
    ['not modified', said(304, '')],
  ])('is inconclusive with %s', (_, answer) => {
    expect(interpret(answer)).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('verification after an unknown outcome', () => {
  const verify = async (
    action: string,
    answer: UpstreamAnswer | Failure,
    settings: Partial<Settings> = {},
    inputs = {},
  ) => {
    const upstream = answering(answer);
    const found = await write('executeAction', { action, inputs }, settings, upstream).verify!('TS-123456', call);
    return { found, target: toTarget(upstream.requests[0]!) };
  };
  const GONE = said(200, { error_code: 'OSM.01010015', error_msg: 'The case does not exist.' });
  const STATUS = '/v2/servicerequest/cases/TS-123456/status';

  it.each([
    ['close', said(200, { status: 3 })],
    ['close', said(200, { status: '3' })],
    ['cancel', said(200, { status: 4 })],
    ['delete', GONE],
    ['delete', said(404, '')],
    ['delete', said(200, { status: 13 })],
  ])('verifies %s by the status alone', async (action, answer) => {
    const { found, target } = await verify(action, answer);
    expect(target).toBe(STATUS);
    expect({ kind: 'accepted', ...found }).toEqual(write('executeAction', { action }).interpret(said(200, '')));
  });

  it.each([
    ['close', said(200, { status: 1 })],
    ['close', said(200, { status: 4 })],
    ['close', GONE],
    ['cancel', said(200, { status: 3 })],
    ['delete', said(200, { status: 3 })],
    ['delete', said(200, { status: 99 })],
  ])('does not verify %s by another status', async (action, answer) => {
    expect((await verify(action, answer)).found).toBeUndefined();
  });

  it('verifies by the whole case if a group is given, since the status takes none', async () => {
    const detail = said(200, { incident_detail_info: { status: 4 } });
    const bySettings = await verify('cancel', detail, { GROUP_ID: 'g 1' });
    expect(bySettings.target).toBe('/v2/servicerequest/cases/TS-123456?group_id=g+1');
    expect(bySettings.found).toMatchObject({ transition: { action: 'cancel' } });
    const byInput = await verify('cancel', detail, { GROUP_ID: 'g 1' }, { groupId: 'mine' });
    expect(byInput.target).toBe('/v2/servicerequest/cases/TS-123456?group_id=mine');
    const withoutGroup = await verify('cancel', said(200, { status: 4 }), { GROUP_ID: 'g' }, { groupId: '' });
    expect(withoutGroup.target).toBe('/v2/servicerequest/cases/TS-123456/status');
    expect(withoutGroup.found).toMatchObject({ transition: { action: 'cancel' } });
    const deleted = await verify('delete', GONE, { GROUP_ID: 'g' });
    expect(deleted.found).toMatchObject({ transition: { action: 'delete' } });
  });

  it('does not treat an error, a gateway error or a missing status as a deleted case', async () => {
    const rejected = [
      said(200, { error_code: 'OSM.01010002', error_msg: 'No operation permission.' }),
      said(404, { error_code: 'APIGW.0101', error_msg: 'The API does not exist.' }),
      said(200, {}),
      said(200, '<html>'),
    ];
    for (const answer of rejected) await expect(verify('delete', answer)).rejects.toBeInstanceOf(Failure);
  });

  it('does not verify press, and verifies setStatus like executeAction', async () => {
    expect(write('executeAction', { action: 'press' }).verify).toBeUndefined();
    const upstream = answering(said(200, { status: 3 }));
    const found = await write('setStatus', { status: 'SOLVED' }, {}, upstream).verify!('TS-123456', call);
    expect(found).toMatchObject({ transition: { __typename: 'StatusTransition', action: 'close' } });
  });
});

const DETAIL = {
  xcustomer_id: 'iam-user-1',
  xcustomer_name: 'ops',
  status: 17,
  judgement: 'good',
  incident_id: 'TS-123456',
  business_type_name: 'Remote login',
  incident_type_name: 'Fault report',
  customer_id: 'f9ae1952bf75',
  dc_name: 'CN-Hong Kong',
  simple_description: '\n Disk full \r\nsince noon',
  source_name: 'Console',
  create_time: '2019-05-22T03:30:52Z',
  severity_name: 'General',
  business_ownership: 1,
  ext_info: { remind_mail: 'person@example.com' },
};

describe('Huawei ticket', () => {
  it('maps every field of the single case, without contact data', () => {
    const ticket = toPlain(toTicket(parseCase({ incident_detail_info: DETAIL }, 'TS-123456')!, 'GMT+0'));
    expect(ticket).toEqual({
      __typename: 'HuaweiTicket',
      id: 'huawei:TS-123456',
      vendor: 'HUAWEI',
      nativeId: 'TS-123456',
      reference: 'TS-123456',
      title: 'Disk full',
      status: { __typename: 'TicketStatus', category: 'PENDING', raw: '17' },
      createdAt: '2019-05-22T03:30:52.000Z',
      updatedAt: null,
      statusCode: 17,
      description: '\n Disk full \r\nsince noon',
      businessType: 'Remote login',
      incidentType: 'Fault report',
      incidentServiceType: null,
      productCategory: null,
      customerId: 'f9ae1952bf75',
      subCustomerId: 'iam-user-1',
      subCustomerName: 'ops',
      dataCenter: 'CN-Hong Kong',
      severity: 'General',
      source: 'Console',
      businessOwnership: 'partner',
      rootCause: null,
      resolution: null,
      confirmedAt: null,
      judgement: 'good',
      labels: null,
    });
    expect(JSON.stringify(ticket)).not.toContain('person@example.com');
  });

  it('maps the fields that only the list returns', () => {
    const entry = {
      status: 3,
      incident_id: 'TT201801010000',
      product_category_name: 'Elastic Cloud Server',
      incident_service_type: 'Consulting',
      root_cause: 'full disk',
      resolution: 'bigger disk',
      confirmed_time: '2019-05-23T00:00:00Z',
      label_list: [{ label_id: 1, name: 'urgent', color: '2' }, { label_id: 2 }, null],
    };
    const { cases, total_count } = parseCaseList({ total_count: 7, incident_info_list: [entry, { status: 1 }, 'x'] });
    expect(total_count).toBe(7);
    expect(cases.map((one) => toTicket(one, 'GMT+0'))).toMatchObject([
      {
        nativeId: 'TT201801010000',
        title: null,
        productCategory: 'Elastic Cloud Server',
        incidentServiceType: 'Consulting',
        rootCause: 'full disk',
        resolution: 'bigger disk',
        confirmedAt: '2019-05-23T00:00:00.000Z',
        labels: ['urgent'],
      },
    ]);
  });

  it('uses the requested id if the response has none', () => {
    expect(parseCase({ incident_detail_info: { status: 1 } }, 'TS-9')!.incident_id).toBe('TS-9');
  });

  it('tolerates unexpected types and missing fields', () => {
    const odd = {
      status: '1',
      customer_id: 440303000,
      simple_description: '',
      create_time: 'soon',
      business_ownership: 9,
    };
    expect(toTicket(parseCase({ incident_detail_info: odd }, 'TS-9')!, 'GMT+0')).toMatchObject({
      status: { category: 'OPEN', raw: '1' },
      statusCode: 1,
      customerId: '440303000',
      title: null,
      description: null,
      createdAt: null,
      businessOwnership: '9',
    });
    expect(toTicket(parseCase({ incident_detail_info: { source_name: null } }, 'TS-9')!, 'GMT+0')).toMatchObject({
      status: { category: null, raw: '' },
      statusCode: null,
      businessOwnership: null,
      labels: null,
    });
  });

  it.each([
    undefined,
    'x',
    { status: 1 },
    { incident_detail_info: 'x' },
    { incident_detail_info: 7 },
    { incident_detail_info: [{ status: 1 }, { status: 2 }] },
  ])('rejects %j as a case', (body) => {
    expect(() => parseCase(body, 'TS-9')).toThrow(Failure);
  });

  it.each([null, [], {}, { incident_detail_info: null }, { incident_detail_info: [] }, { incident_detail_info: {} }])(
    'finds no case in %j',
    (body) => {
      expect(parseCase(body, 'TS-9')).toBeUndefined();
    },
  );

  it.each([{ incident_detail_info: [DETAIL] }, [{ incident_detail_info: { 0: DETAIL } }]])(
    'reads a case from a list of one',
    (body) => {
      expect(parseCase(body, 'TS-123456')!.incident_id).toBe('TS-123456');
    },
  );

  it.each([undefined, 'x', 7, { incident_info_list: 'x' }, { incident_info_list: 7 }, { cases: [] }, { status: 1 }])(
    'rejects %j as a list of cases',
    (body) => {
      expect(() => parseCaseList(body)).toThrow(Failure);
    },
  );

  it.each([
    null,
    [],
    {},
    { incident_info_list: null },
    { incident_info_list: {} },
    { error_code: null, error_msg: null },
    { total_count: 3 },
  ])('reads an empty list from %j', (body) => {
    expect(parseCaseList(body).cases).toEqual([]);
  });

  it('reads cases from every form of a list', () => {
    const [one, two] = [{ incident_id: 'TS-1' }, { incident_id: 'TS-2' }];
    const idsIn = (body: unknown): string[] => parseCaseList(body).cases.map(({ incident_id }) => incident_id);
    expect(idsIn({ incident_info_list: { 0: one, 2: two } })).toEqual(['TS-1', 'TS-2']);
    expect(idsIn({ incident_info_list: one })).toEqual(['TS-1']);
    expect(idsIn([one, two])).toEqual(['TS-1', 'TS-2']);
    expect(idsIn(one)).toEqual(['TS-1']);
  });

  it('reads labels from every form of a list', () => {
    const labelsIn = (label_list: unknown) =>
      parseCaseList({ incident_info_list: [{ incident_id: 'TS-1', label_list }] }).cases[0]!.label_list;
    expect(labelsIn({ 1: { name: 'b' }, 0: { name: 'a' } })).toEqual(['a', 'b']);
    expect(labelsIn({ name: 'a' })).toEqual(['a']);
    expect(labelsIn({})).toEqual([]);
    expect(labelsIn(null)).toBeNull();
    expect(labelsIn('urgent')).toBeNull();
  });

  it('reads a list from a response with only the count or only the list', () => {
    expect(parseCaseList({ total_count: 0 })).toEqual({ cases: [], rowCount: 0, total_count: 0 });
    expect(parseCaseList({ total_count: 0, incident_info_list: null })).toEqual({
      cases: [],
      rowCount: 0,
      total_count: 0,
    });
    expect(parseCaseList({ incident_info_list: [] })).toEqual({ cases: [], rowCount: 0, total_count: null });
  });

  it.each([
    ['0', 'NEW'],
    ['1', 'OPEN'],
    ['2', 'PENDING'],
    ['3', 'CLOSED'],
    ['4', 'CANCELLED'],
    ['5', 'ON_HOLD'],
    ['17', 'PENDING'],
    ['12', null],
    ['13', null],
    ['20', null],
    ['', null],
    ['done', null],
  ])('maps the status %j to %s', (raw, category) => {
    expect(toStatus(raw)).toMatchObject({ category, raw });
  });

  it.each([
    ['GMT+8', '2019-05-21T19:30:52.000Z'],
    ['UTC+08:00', '2019-05-21T19:30:52.000Z'],
    ['GMT-3:30', '2019-05-22T07:00:52.000Z'],
    ['GMT', '2019-05-22T03:30:52.000Z'],
    ['Asia/Shanghai', null],
  ])('reads times without a zone in the requested zone: %s', (timeZone, createdAt) => {
    const wire = parseCase({ incident_detail_info: { ...DETAIL, create_time: '2019-05-22 03:30:52' } }, 'TS-9')!;
    expect(toTicket(wire, timeZone).createdAt).toBe(createdAt);
    const zoned = parseCase({ incident_detail_info: DETAIL }, 'TS-9')!;
    expect(toTicket(zoned, timeZone).createdAt).toBe('2019-05-22T03:30:52.000Z');
  });

  it('has no offset for a zone of another format', () => {
    expect(toOffsetMinutes('GMT+0')).toBe(0);
    expect(toOffsetMinutes('GMT+1:99')).toBeNaN();
  });
});

describe('availableActions', () => {
  const offered = (raw: string): readonly string[] => {
    const unknown = toTicket(parseCase({ incident_detail_info: { source_name: null } }, 'TS-9')!, 'GMT+0');
    const ticket = { ...toPlain(unknown), status: toStatus(raw) };
    return (connect().source.actions(ticket, call) as readonly TicketAction[]).map(({ name }) => name);
  };

  it.each([
    ['0', ['cancel', 'close', 'press']],
    ['1', ['cancel', 'close', 'press']],
    ['2', ['cancel', 'close', 'press']],
    ['17', ['cancel', 'close', 'press']],
    ['5', ['cancel', 'close']],
    ['3', ['delete']],
    ['4', ['delete']],
    ['12', []],
    ['13', []],
    ['99', []],
    ['', []],
  ])('offers in status %j the actions %j', (raw, names) => {
    expect(offered(raw)).toEqual(names);
  });

  it("lists each action's resulting category and inputs", () => {
    const actions = ['1', '3'].flatMap(
      (raw) =>
        connect().source.actions({ status: toStatus(raw) } as unknown as Ticket, call) as readonly TicketAction[],
    );
    expect(actions.map(({ name, resultingCategory }) => [name, resultingCategory])).toEqual([
      ['cancel', 'CANCELLED'],
      ['close', 'CLOSED'],
      ['press', null],
      ['delete', null],
    ]);
    for (const action of actions) {
      expect(action).toMatchObject({ __typename: 'HuaweiAction', mutation: 'executeAction' });
      expect(action.inputs).toMatchObject([
        { name: 'judgement', type: 'STRING', required: false, maximumLength: 400 },
        { name: 'groupId', type: 'ID', required: false, maximumLength: 64 },
        { name: 'satisfaction', type: 'LIST', required: false },
      ]);
      // What is offered can be performed.
      expect(write('executeAction', { action: action.name }).request.method).toBe('POST');
    }
  });
});

describe('reads', () => {
  it('reads a case with the configured group', async () => {
    const upstream = answering(
      said(200, { incident_detail_info: DETAIL }),
      said(200, { incident_detail_info: DETAIL }),
    );
    const ticket = await connect({}, upstream).source.find('TS-123456', call);
    expect(ticket).toMatchObject({ id: 'huawei:TS-123456' });
    await connect({ GROUP_ID: 'g', SITE: '1' }, upstream).source.findByReference!('TS-123456', call);
    expect(upstream.requests).toEqual([
      { method: 'GET', path: '/v2/servicerequest/cases/TS-123456', query: [], headers: HEADERS },
      {
        method: 'GET',
        path: '/v2/servicerequest/cases/TS-123456',
        query: [['group_id', 'g']],
        headers: { ...HEADERS, 'X-Site': '1' },
      },
    ]);
  });

  it('finds no ticket after a 200 with an error code, or a 404', async () => {
    const gone = [said(200, { error_code: 'OSM.01010015', error_msg: 'x' }), said(404, '')];
    for (const answer of gone) {
      expect(await connect({}, answering(answer)).source.find('TS-1', call)).toBeUndefined();
    }
  });

  it('fails if a 200 has an error code, or an undocumented format', async () => {
    const failing = async (answer: UpstreamAnswer): Promise<unknown> => {
      const error: unknown = await connect({}, answering(answer))
        .source.find('TS-1', call)
        .catch((thrown: unknown) => thrown);
      return error instanceof Failure ? error.details : error;
    };
    expect(
      await failing(said(200, { error_code: 'OSM.01010002', error_msg: 'No operation permission.' })),
    ).toMatchObject({
      kind: 'forbidden',
      upstreamStatus: 200,
      upstreamCode: 'OSM.01010002',
      upstreamMessage: 'No operation permission.',
    });
    expect(await failing(said(200, '<html>'))).toMatchObject({ kind: 'protocol' });
    expect(await failing(said(200, ''))).toMatchObject({ kind: 'protocol' });
  });

  it('sends the part of a filter that the list supports', async () => {
    const list = {
      total_count: 9,
      incident_info_list: [
        { incident_id: 'A-1', status: 0 },
        { incident_id: 'A-2', status: 0 },
      ],
    };
    const upstream = answering(said(200, list), said(200, list));
    const { source } = connect({ GROUP_ID: 'g' }, upstream);
    const page = await source.list!(
      { offset: 20, limit: 100, filter: { categories: ['NEW'], search: 'disk full' } },
      call,
    );
    expect(page).toMatchObject({ totalCount: 9, unapplied: [], tickets: [{ nativeId: 'A-1' }, { nativeId: 'A-2' }] });
    expect(toTarget(upstream.requests[0]!)).toBe(
      '/v2/servicerequest/cases?search_key=disk+full&status=0&group_id=g&offset=20&limit=100',
    );
    const counted = await source.list!({ offset: 0, limit: 0, filter: { categories: ['PENDING'] } }, call);
    expect(counted).toMatchObject({ totalCount: 9, unapplied: ['categories'] });
    expect(toTarget(upstream.requests[1]!)).toBe('/v2/servicerequest/cases?group_id=g&offset=0&limit=0');
  });

  it("lists the cases of the filter's group, or without a group", async () => {
    const list = said(200, { total_count: 0, incident_info_list: [] });
    const upstream = answering(list, list, list);
    const { source } = connect({ GROUP_ID: 'g' }, upstream);
    for (const group of ['mine', '', 'x'.repeat(64)]) {
      await source.list!({ offset: 0, limit: 1, filter: { group } }, call);
    }
    expect(
      upstream.requests.map((request) => new URLSearchParams(request.query as [string, string][]).get('group_id')),
    ).toEqual(['mine', null, 'x'.repeat(64)]);
    const tooLong = source.list!({ offset: 0, limit: 1, filter: { group: 'x'.repeat(65) } }, call);
    await expect(tooLong).rejects.toMatchObject({ details: { kind: 'invalid-input', field: ['filter', 'group'] } });
  });

  it('returns an empty list without a call if no case can match', async () => {
    const upstream = answering();
    const { source } = connect({}, upstream);
    for (const categories of [['SOLVED'], []] as const) {
      const page = await source.list!({ offset: 0, limit: 10, filter: { categories } }, call);
      expect(page).toEqual({ tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true });
    }
    expect(upstream.requests).toEqual([]);
  });

  it('reports the maximum offset of the list', async () => {
    const upstream = answering();
    const page = connect({}, upstream).source.list!({ offset: 65_536, limit: 10, filter: {} }, call);
    await expect(page).rejects.toMatchObject({ details: { kind: 'unsupported' } });
    expect(upstream.requests).toEqual([]);
  });

  it.each([
    [{}, { unapplied: [] }],
    [{ search: '  ' }, { unapplied: [] }],
    [{ categories: ['ON_HOLD', 'SOLVED'] }, { status: '5', unapplied: [] }],
    [
      { categories: ['NEW', 'OPEN'], search: 'x' },
      { search_key: 'x', unapplied: ['categories'] },
    ],
    [{ categories: ['PENDING'] }, { unapplied: ['categories'] }],
    [{ categories: ['SOLVED'], search: 'x' }, undefined],
  ] as const)('maps the filter %j to %j', (filter, wire) => {
    expect(fromFilter(filter)).toEqual(wire);
  });
});

it.each(['constructor', '__proto__', 'toString'])('maps the owner %s only if it is known', (owner) => {
  const body = { incident_detail_info: { business_ownership: owner } };
  expect(toTicket(parseCase(body, 'TS-9')!, 'GMT+0').businessOwnership).toBe(owner);
});

describe('Huawei errors', () => {
  it.each([
    [400, { error_code: 'OSM.0001', error_msg: 'Failed' }, 'rejected'],
    [401, { error_code: 'OSM.0002', error_msg: 'Unauthorized' }, 'unauthenticated'],
    [401, { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information' }, 'unauthenticated'],
    [403, { error_code: 'OSM.0003', error_msg: 'Forbidden' }, 'forbidden'],
    [404, { error_code: 'OSM.01010015', error_msg: 'gone' }, 'not-found'],
    [404, { error_code: 'APIGW.0101', error_msg: 'The API does not exist' }, 'rejected'],
    [429, { error_code: 'APIGW.0308', error_msg: 'The throttling threshold has been reached' }, 'rate-limited'],
    [500, { error_code: 'OSM.0004', error_msg: 'Internal Server Error' }, 'unavailable'],
    [503, { error_code: 'OSM.01010015', error_msg: 'gone' }, 'unavailable'],
    [200, { error_code: 'OSM.0002', error_msg: 'Unauthorized' }, 'unauthenticated'],
  ])('maps status %i with %j to %s', (status, body, kind) => {
    expect(toFailure(said(status, body))).toMatchObject({
      kind,
      upstreamCode: body.error_code,
      upstreamMessage: body.error_msg,
    });
  });

  it.each([
    [{ errorCode: 'A', errorMsg: 'b' }],
    [{ code: 'A', message: 'b' }],
    [{ error: { code: 'A', message: 'b' } }],
    [{ error_code: '', error_msg: '', error: { error_code: 'A', error_msg: 'b' } }],
  ])('reads an error in the spelling %j', (body) => {
    expect(toFailure(said(400, body))).toEqual({ kind: 'rejected', upstreamCode: 'A', upstreamMessage: 'b' });
  });

  it.each(['', '<html>secret stack trace</html>', '[]', 'null', '"text"', '{"detail":"private"}'])(
    'uses only the status of the error %j',
    (text) => {
      expect(toFailure(said(403, text))).toEqual({ kind: 'forbidden' });
    },
  );

  it('ignores the codes of cases in a sign-in error', () => {
    expect(toSignInFailure(said(400, { error_code: 'OSM.01010015' }))).toEqual({
      kind: 'rejected',
      upstreamCode: 'OSM.01010015',
    });
  });
});

describe('case ids', () => {
  const vendors = new Map([['huawei', { key: 'huawei', vendor: huawei }]]);
  it.each(['TS-123456', 'TT201801010000', 'case-123', '7', 'a'.repeat(64)])('accepts the case id %s', (nativeId) => {
    expect(parseGlobalId(`huawei:${nativeId}`, vendors).nativeId).toBe(nativeId);
    expect(huawei.isReference(nativeId)).toBe(true);
  });

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a%2fb',
    'TS-1?action_id=delete',
    'TS-1#x',
    '-TS-1',
    'TS 1',
    'TS-1\n',
    'TS-1\u0000',
    'TS_1',
    'TS.1',
    '١٢٣',
    'ＴＳ-1',
    'a'.repeat(65),
  ])('rejects the case id %j', (nativeId) => {
    expect(() => parseGlobalId(`huawei:${nativeId}`, vendors)).toThrow(Failure);
    expect(huawei.isReference(nativeId)).toBe(false);
  });
});

describe('sign-in with a configured token', () => {
  it('sends a configured token in X-Auth-Token', async () => {
    expect(await createSignIn({ token: 't0k3n' }, () => 0).authorize(call)).toEqual({
      headers: { 'X-Auth-Token': 't0k3n' },
    });
  });

  it('previews a placeholder, and cannot renew a configured token', () => {
    const signIn = createSignIn({ token: 't0k3n' }, () => 0);
    expect(signIn.preview.headers).toEqual({ 'X-Auth-Token': 'REDACTED' });
    expect(signIn.invalidate).toBeUndefined();
  });
});

describe('sign-in through IAM', () => {
  const account = { domain: 'acme', username: 'robot', password: 'pass"word' };
  const NOW = Date.parse('2026-01-01T00:00:00Z');
  const token = (value: string, expires_at?: string): UpstreamAnswer =>
    said(201, { token: { expires_at } }, { 'x-subject-token': value });
  const tokenOf = async (signIn: Authenticator): Promise<string | undefined> =>
    (await signIn.authorize(call)).headers!['X-Auth-Token'];

  it('requests a token of the domain with the password', async () => {
    const iam = answering(token('one'));
    const authHeaders = await createSignIn({ ...account, iam }, () => NOW).authorize(call);
    expect(authHeaders).toEqual({ headers: { 'X-Auth-Token': 'one' } });
    expect(iam.requests).toEqual([
      {
        method: 'POST',
        path: '/v3/auth/tokens',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' },
        body:
          '{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"acme"},"name":"robot",' +
          '"password":"pass\\"word"}}},"scope":{"domain":{"name":"acme"}}}}',
      },
    ]);
  });

  it('signs in once for all waiting calls', async () => {
    const iam = answering(token('one'));
    const signIn = createSignIn({ ...account, iam }, () => NOW);
    expect(await Promise.all([tokenOf(signIn), tokenOf(signIn), tokenOf(signIn)])).toEqual(['one', 'one', 'one']);
    expect(iam.requests).toHaveLength(1);
  });

  it.each([
    ['five minutes before its end', '2026-01-02T00:00:00.000000Z', 24 * 60 - 5],
    ['a tenth of a short life before its end', '2026-01-01T00:10:00.000000Z', 9],
    ['five minutes before 24 hours where its end cannot be read', 'tomorrow', 24 * 60 - 5],
  ])('uses a token until %s', async (_, expiresAt, minutes) => {
    let now = NOW;
    const signIn = createSignIn({ ...account, iam: answering(token('one', expiresAt), token('two')) }, () => now);
    expect(await tokenOf(signIn)).toBe('one');
    now = NOW + minutes * 60_000 - 1;
    expect(await tokenOf(signIn)).toBe('one');
    now += 1;
    expect(await tokenOf(signIn)).toBe('two');
  });

  it('uses a token that is expired by the local clock until it is rejected, and warns about the clock', async () => {
    const warnings: string[] = [];
    const iam = answering(token('one', '2025-12-31T23:00:00.000000Z'), token('two'));
    const signIn = createSignIn(
      { ...account, iam },
      () => NOW,
      (message) => void warnings.push(message),
    );
    const first = await signIn.authorize(call);
    expect([await tokenOf(signIn), await tokenOf(signIn)]).toEqual(['one', 'one']);
    expect(iam.requests).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining('already expired by the clock of this machine')]);
    expect(signIn.invalidate!(first)).toBe(true);
    expect(await tokenOf(signIn)).toBe('two');
  });

  it('renews a token after a 401, and keeps one that was renewed in the meantime', async () => {
    const iam = answering(token('one'), token('two'));
    const signIn = createSignIn({ ...account, iam }, () => NOW);
    const rejected = await signIn.authorize(call);
    expect(signIn.invalidate!(rejected)).toBe(true);
    expect(await tokenOf(signIn)).toBe('two');
    expect(signIn.invalidate!(rejected)).toBe(true);
    expect(await tokenOf(signIn)).toBe('two');
    expect(iam.requests).toHaveLength(2);
  });

  it.each([
    ['no token', said(201, {})],
    ['a 200', said(200, {}, { 'x-subject-token': 'one' })],
    ['two tokens', said(201, {}, { 'x-subject-token': ['one', 'two'] })],
    ['an empty one', token('')],
    ['one that no header can carry', token('one\r\nX-Other: x')],
  ])('fails on %s without quoting it, and retries later', async (_, answer) => {
    let now = NOW;
    const signIn = createSignIn({ ...account, iam: answering(answer, token('two')) }, () => now);
    const error: unknown = await Promise.resolve(signIn.authorize(call)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { kind: 'unauthenticated' } });
    expect(String(error)).toContain('no valid token in X-Subject-Token');
    expect(String(error)).not.toContain('one');
    now += 5_000;
    expect(await tokenOf(signIn)).toBe('two');
  });

  it.each([
    [400, 'unauthenticated'],
    [401, 'unauthenticated'],
    [403, 'unauthenticated'],
    [404, 'unauthenticated'],
    [408, 'timeout'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
  ])('maps a sign-in error %i to %s, never to a missing case', async (status, kind) => {
    const rejection = said(status, { error: { code: status, message: 'no' } });
    const iam = answering(new Failure(describeRejection(rejection, toSignInFailure)));
    const error = await tokenOf(createSignIn({ ...account, iam }, () => NOW)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { kind, upstreamStatus: status, upstreamMessage: 'no' } });
    if (kind === 'unauthenticated') expect((error as Failure).message).toContain('HUAWEI_PASSWORD');
  });

  it('previews a sign-in without a call', () => {
    const iam = answering();
    expect(createSignIn({ ...account, iam }, () => NOW).preview.headers).toEqual({
      'X-Auth-Token': 'REDACTED',
    });
    expect(iam.requests).toEqual([]);
  });
});

describe('settings', () => {
  const read = (environment: Record<string, string>) =>
    readSourceSettings({ key: huawei.key, vendor: huawei }, { HUAWEI_URL: 'https://osm.example', ...environment });
  const IAM = {
    HUAWEI_IAM_URL: 'https://iam.example/',
    HUAWEI_DOMAIN: 'd',
    HUAWEI_USERNAME: 'u',
    HUAWEI_PASSWORD: 'p',
  };
  const mistaken = (environment: Record<string, string>): readonly string[] => {
    const result = read(environment);
    return 'errors' in result ? result.errors.map(({ variable }) => variable) : [];
  };

  it('requires a token or a complete account', () => {
    expect(mistaken({ HUAWEI_AUTH_TOKEN: 't' })).toEqual([]);
    expect(mistaken(IAM)).toEqual([]);
    expect(mistaken({})).toEqual(['HUAWEI_AUTH_TOKEN']);
    expect(mistaken({ HUAWEI_USERNAME: 'u' })).toEqual(['HUAWEI_IAM_URL', 'HUAWEI_DOMAIN', 'HUAWEI_PASSWORD']);
    expect(mistaken({ ...IAM, HUAWEI_PASSWORD: '' })).toEqual(['HUAWEI_PASSWORD']);
  });

  it('has default settings', () => {
    expect(read({ HUAWEI_AUTH_TOKEN: 't' })).toMatchObject({
      settings: { LANGUAGE: 'en-us', TIME_ZONE: 'GMT+0', SITE: undefined, GROUP_ID: undefined },
    });
    expect(read({ ...IAM, HUAWEI_SITE: '1' })).toMatchObject({
      settings: { SITE: '1', IAM_URL: 'https://iam.example' },
    });
  });

  it.each([
    [{ HUAWEI_SITE: '2' }, 'HUAWEI_SITE'],
    [{ HUAWEI_LANGUAGE: 'x'.repeat(33) }, 'HUAWEI_LANGUAGE'],
    [{ HUAWEI_LANGUAGE: '中文' }, 'HUAWEI_LANGUAGE'],
    [{ HUAWEI_TIME_ZONE: 'x'.repeat(33) }, 'HUAWEI_TIME_ZONE'],
    [{ HUAWEI_TIME_ZONE: 'GMT +8' }, 'HUAWEI_TIME_ZONE'],
    [{ HUAWEI_GROUP_ID: 'x'.repeat(65) }, 'HUAWEI_GROUP_ID'],
    [{ HUAWEI_AUTH_TOKEN: 'x'.repeat(5001) }, 'HUAWEI_AUTH_TOKEN'],
    [{ HUAWEI_AUTH_TOKEN: 'two words' }, 'HUAWEI_AUTH_TOKEN'],
    [{ HUAWEI_IAM_URL: 'http://iam.example' }, 'HUAWEI_IAM_URL'],
  ])('rejects the settings %j', (environment, variable) => {
    expect(mistaken({ HUAWEI_AUTH_TOKEN: 't', ...environment })).toEqual([variable]);
  });

  it('connects to IAM only if no token is configured', () => {
    const account = { IAM_URL: 'https://iam.example', DOMAIN: 'd', USERNAME: 'u', PASSWORD: 'p' };
    expect(connect(account).options.map(({ url }) => url)).toEqual(['https://osm.example']);
    const { options } = connect({ ...account, AUTH_TOKEN: undefined });
    expect(options.map(({ url, signIn }) => [url, signIn !== undefined])).toEqual([
      ['https://iam.example', false],
      ['https://osm.example', true],
    ]);
  });
});
