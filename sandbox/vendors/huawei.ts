/**
 * Simulates Huawei Cloud Service Tickets (OSM, API version 2), and the part of IAM that issues tokens.
 *
 * Documentation: https://support.huaweicloud.com/en-us/api-ticket/UpdateCases.html (the action) and
 * …/ShowCaseStatus.html, https://support.huaweicloud.com/eu/api-ticket/ListCases.html, …/ShowCaseDetail.html,
 * …/ErrorCode.html, https://support.huaweicloud.com/api-ticket/ticket_api_20001.html (codes with other statuses than 200)
 * and the models of github.com/huaweicloud/huaweicloud-sdk-python-v3, folder huaweicloud-sdk-osm.
 *
 * Not documented and therefore invented:
 * - which action is legal in which status, the ten minutes between two presses, that a deleted case is gone;
 * - the response to a successful action: each action uses another possible one;
 * - an unreadable body (not JSON, wrong Content-Type) is 400 OSM.0001; one that exceeds a documented
 *   bound is OSM.01010001, and so is a field or query parameter that is not documented;
 * - the wording of error_msg, the gateway's codes for 404 and 405, IAM's error bodies (Keystone's own form);
 * - the default limit of a list (10), that several search keys or labels match any of them, that a query
 *   time without a zone is in X-Time-Zone, and the order of the operate log (newest first);
 * - the members of message_list, satisfaction_dimension_list and `operator_*`, the operate_type numbers;
 * - all tickets are the user's own, so group_id is validated and otherwise ignored.
 *
 * The digits of an id are not documented to be a date: ids are constant and independent of create_time.
 * Not simulated: score, messages, contact-info, export.
 *
 * One file, to be read beside the vendor's documentation: each endpoint is as strict as described there.
 */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { decodeSegment, isObject, json, mediaTypeOf, parseJson } from '../reply.ts';
import {
  LOG_TYPES,
  wireTime,
  toLogEntry,
  DIMENSIONS,
  seedIncidents,
  type Incident,
  type Satisfaction,
} from '../seeds/huawei.ts';
import type {
  ReceivedRequest,
  CannedResponse,
  SimulatedVendor,
  Simulation,
  SimulationTools,
  SampleWrite,
} from '../simulation.ts';

const ACCOUNT = { domain: 'sandbox-domain', name: 'sandbox', password: 'sandbox-password' };
const TOKEN_LIFE_MS = 24 * 3_600_000;
const PRESS_PAUSE_MS = 10 * 60_000;

// ---- What is simulated ----

interface ActionBody {
  readonly judgement?: string;
  readonly operate_desc?: string;
  readonly group_id?: string;
  readonly incident_satisfaction_list?: readonly Satisfaction[];
}

const OPEN = [0, 1, 2, 5, 17];

interface Action {
  readonly from: readonly number[];
  readonly to?: number;
  readonly logType?: number;
  /** The body of a success. None is documented, so each action uses another possible one. */
  readonly answer?: unknown;
}

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['press', { from: [0, 1, 2, 17], logType: LOG_TYPES.press }],
  ['close', { from: OPEN, to: 3, logType: LOG_TYPES.close, answer: {} }],
  ['cancel', { from: OPEN, to: 4, logType: LOG_TYPES.cancel, answer: { error_code: null, error_msg: null } }],
  ['delete', { from: [3, 4], answer: { error_code: '', error_msg: '' } }],
]);

// ---- Answers ----

/** Longer than the documented 32 characters of error_msg, as the documented messages are. */
const BUSINESS_ERRORS = {
  'OSM.01010001': 'Parameter validation failed.',
  'OSM.01010004': 'You have urged too frequently. Please try again later.',
  'OSM.01010013': 'The operation must be cancel, close, press or delete.',
  'OSM.01010015': 'The service ticket does not exist.',
  'OSM.01010062': 'The workflow node does not exist.',
} as const;

function failure(status: number, code: string, message: string): CannedResponse {
  return json(status, { error_code: code, error_msg: message });
}

/** A business error: a rejection with status 200. */
function reject(code: keyof typeof BUSINESS_ERRORS): CannedResponse {
  return failure(200, code, BUSINESS_ERRORS[code]);
}

const unauthorized = (): CannedResponse => failure(401, 'OSM.0002', 'Unauthorized');
const unreadable = (): CannedResponse => failure(400, 'OSM.0001', 'failed');

// ---- What the pages bound ----

type Check = (value: unknown) => boolean;
type Checks = Readonly<Record<string, Check>>;

const text =
  (low: number, high: number): Check =>
  (value) => {
    if (typeof value !== 'string') return false;
    const length = Array.from(value).length;
    return length >= low && length <= high;
  };

const integer =
  (high: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= high;

const list =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);

/** An object with all of `required`, any of `optional`, and nothing else. */
const object =
  (required: Checks, optional: Checks = {}): Check =>
  (value) => {
    if (!isObject(value) || !Object.keys(required).every((name) => Object.hasOwn(value, name))) return false;
    const checks = { ...required, ...optional };
    return Object.entries(value).every(([name, member]) => Object.hasOwn(checks, name) && checks[name]?.(member));
  };

const isSatisfaction = object(
  { satisfaction_id: integer(9999), satisfaction_value: integer(65_535) },
  {
    value: integer(65_535),
    satisfaction_name: text(0, 32),
    per_value: integer(65_535),
    sat_category_id: text(0, 32),
    sat_category_name: text(0, 32),
  },
);

/** The table and the SDK define an array, the documented example shows `{}`. Only an array is accepted here. */
const isActionBody = object(
  {},
  {
    judgement: text(0, 400),
    operate_desc: text(0, 400),
    group_id: text(0, 64),
    incident_satisfaction_list: list(isSatisfaction),
  },
);

const anyText = text(0, Infinity);
const isDomain = object({ name: anyText });

const isSignIn = object({
  auth: object({
    identity: object({
      methods: (value) => isDeepStrictEqual(value, ['password']),
      password: object({ user: object({ domain: isDomain, name: anyText, password: anyText }) }),
    }),
    scope: object({ domain: isDomain }),
  }),
});

const digits =
  (high: number): Check =>
  (value) =>
    typeof value === 'string' && /^\d{1,10}$/.test(value) && Number(value) <= high;

const csv =
  (high: number, item: Check): Check =>
  (value) => {
    const items = splitCsv(String(value));
    return items.length <= high && items.every(item);
  };

function splitCsv(value: string | null): string[] {
  return value ? value.split(',') : [];
}

/** The format is not documented for v2. Version 1 shows `2019-05-22 03:30:52` and `2019-05-22T03:30:52Z`. */
const isTime: Check = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?$/.test(value) &&
  !Number.isNaN(toInstant(value, undefined));

function toInstant(value: string, zone: string | undefined): number {
  const utc = Date.parse(`${value.replace(' ', 'T').replace('Z', '')}Z`);
  if (value.endsWith('Z')) return utc;
  const [, sign, hours, minutes] = /^GMT([+-])(\d{1,2})(?::(\d\d))?$/.exec(zone ?? '') ?? [null, '+', '8'];
  const offset = Number(hours) * 60 + Number(minutes ?? 0);
  return utc - (sign === '-' ? -offset : offset) * 60_000;
}

const PAGING: Checks = { offset: digits(65_535), limit: digits(100) };
const GROUP: Checks = { group_id: text(0, 64) };
const LIST_QUERY: Checks = {
  ...PAGING,
  ...GROUP,
  search_key: csv(32, anyText),
  label_id_list: csv(5, digits(2 ** 31 - 1)),
  app_key: anyText,
  // The bounds in lists are unclear, so the 64 of the path applies.
  incident_id: text(0, 64),
  query_start_time: isTime,
  query_end_time: isTime,
  status: digits(20),
  // "Status list", interpreted like the other lists of this query: comma-separated.
  incident_status: csv(21, digits(20)),
  x_customer_id: anyText,
  x_customer_name: anyText,
};

/** Whether every parameter is documented, occurs once, and is within its bounds. */
function isQuery(query: URLSearchParams, checks: Checks): boolean {
  const names = [...query.keys()];
  if (new Set(names).size !== names.length) return false;
  return names.every((name) => Object.hasOwn(checks, name) && checks[name]?.(query.get(name)));
}

function hasLegalHeaders(headers: ReceivedRequest['headers']): boolean {
  const { 'x-site': site = '0', 'x-language': language = 'zh-cn', 'x-time-zone': zone = 'GMT+8' } = headers;
  return /^[01]$/.test(site) && text(1, 32)(language) && text(1, 32)(zone);
}

/** Returns the parsed body if it is sent as JSON, else `undefined`. */
function readJson(arrival: ReceivedRequest): unknown {
  return mediaTypeOf(arrival) === 'application/json' ? parseJson(arrival.body) : undefined;
}

// ---- IAM ----

interface Iam {
  handle(arrival: ReceivedRequest): CannedResponse;
  isValid(token: string | undefined): boolean;
  expireAll(): void;
}

function keystoneError(code: number, title: string, message: string): CannedResponse {
  return json(code, { error: { code, title, message } });
}

/** The exact sign-in of the sandbox's only account. */
const SIGN_IN = {
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: { domain: { name: ACCOUNT.domain }, name: ACCOUNT.name, password: ACCOUNT.password },
      },
    },
    scope: { domain: { name: ACCOUNT.domain } },
  },
};

/** Keystone uses microseconds. */
function keystoneTime(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '000Z');
}

const TOKEN_PATH = '/v3/auth/tokens';

function createIam(now: () => number): Iam {
  const expiries = new Map<string, number>();
  const isValid = (token: string | undefined): boolean => now() < (expiries.get(token ?? '') ?? -Infinity);
  const issue = (): CannedResponse => {
    for (const token of expiries.keys()) if (!isValid(token)) expiries.delete(token);
    // As long as real tokens, to expose buffers and logs with a size limit.
    const token = `MII${randomBytes(900).toString('base64url')}`;
    const issuedAt = now();
    expiries.set(token, issuedAt + TOKEN_LIFE_MS);
    const life = { expires_at: keystoneTime(issuedAt + TOKEN_LIFE_MS), issued_at: keystoneTime(issuedAt) };
    return json(201, { token: life }, { 'x-subject-token': token });
  };
  const handle = (arrival: ReceivedRequest): CannedResponse => {
    if (arrival.method !== 'POST') return keystoneError(405, 'Method Not Allowed', 'Use POST.');
    const body = readJson(arrival);
    if (!isSignIn(body)) return keystoneError(400, 'Bad Request', 'Invalid request body.');
    if (isDeepStrictEqual(body, SIGN_IN)) return issue();
    return keystoneError(401, 'Unauthorized', 'The username or password is wrong.');
  };
  return { handle, isValid, expireAll: () => expiries.clear() };
}

// ---- What a case looks like ----

/** Chinese unless English is requested: zh-cn is the documented default. */
function languageOf(headers: ReceivedRequest['headers']): 0 | 1 {
  return (headers['x-language'] ?? 'zh-cn').toLowerCase().startsWith('en') ? 0 : 1;
}

function toRequired(incident: Incident, language: 0 | 1): Record<string, unknown> {
  return {
    status: incident.status,
    business_type_name: incident.product.name[language],
    incident_type_name: incident.kind[language],
    customer_id: incident.customer[1],
    dc_name: incident.center[language],
    simple_description: incident.title,
    create_time: wireTime(incident.createdAt),
  };
}

function toInfo(incident: Incident, language: 0 | 1): unknown {
  const { labels, product, extras } = incident;
  return {
    incident_id: incident.id,
    ...toRequired(incident, language),
    product_category_name: product.category[language],
    ...extras,
    ...(labels.length > 0 && {
      label_list: labels.map(([label_id, name, color]) => ({ label_id, name, color })),
    }),
  };
}

function toDetail(incident: Incident, language: 0 | 1): unknown {
  const [name, , area_code, remind_mobile, remind_mail] = incident.customer;
  const message = { replier_name: name, content: incident.title, create_time: wireTime(incident.createdAt) };
  return {
    ...toRequired(incident, language),
    ...incident.detail,
    judgement: incident.judgement,
    message_list: [{ message_id: `${incident.id}-m1`, ...message }],
    incident_satisfaction: incident.satisfaction,
    ext_info: { area_code, remind_mobile, remind_mail, cc_email: `team+${remind_mail}` },
  };
}

function page<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const offset = Number(query.get('offset') ?? 0);
  return items.slice(offset, offset + Number(query.get('limit') ?? 10));
}

function isListed(incident: Incident, { query, headers }: ReceivedRequest): boolean {
  const anyOf = (name: string, holds: (item: string) => boolean): boolean => {
    const items = splitCsv(query.get(name));
    return items.length === 0 || items.some(holds);
  };
  const isSame = (name: string, value: unknown): boolean => !query.get(name) || query.get(name) === String(value);
  const bound = (name: string, otherwise: number): number =>
    query.has(name) ? toInstant(query.get(name) ?? '', headers['x-time-zone']) : otherwise;
  const searched = `${incident.id}\n${incident.title}`.toLowerCase();
  return (
    anyOf('search_key', (key) => searched.includes(key.toLowerCase())) &&
    anyOf('label_id_list', (label) => incident.labels.some(([id]) => id === Number(label))) &&
    anyOf('incident_status', (status) => incident.status === Number(status)) &&
    (!query.has('status') || incident.status === Number(query.get('status'))) &&
    isSame('incident_id', incident.id) &&
    isSame('x_customer_id', incident.extras.xcustomer_id) &&
    isSame('x_customer_name', incident.extras.xcustomer_name) &&
    incident.createdAt >= bound('query_start_time', -Infinity) &&
    incident.createdAt <= bound('query_end_time', Infinity)
  );
}

// ---- The service ----

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly query: Checks;
  run(arrival: ReceivedRequest, caseId: string): CannedResponse;
}

function readActionBody(arrival: ReceivedRequest): ActionBody | CannedResponse {
  if (arrival.body === '') return {};
  const parsed = readJson(arrival);
  if (parsed === undefined) return unreadable();
  return isActionBody(parsed) ? (parsed as ActionBody) : reject('OSM.01010001');
}

function createActions(incidents: Map<string, Incident>, tools: SimulationTools): Route['run'] {
  const record = (incident: Incident, logType: number, body: ActionBody): void => {
    const { id, customer } = incident;
    incident.log.push(toLogEntry(id, logType, customer, body.operate_desc ?? '', tools.now()));
    incident.judgement = body.judgement ?? incident.judgement;
    incident.satisfaction = body.incident_satisfaction_list ?? incident.satisfaction;
  };
  const apply = (incident: Incident, name: string, action: Action, body: ActionBody): CannedResponse => {
    if (action.logType !== undefined) record(incident, action.logType, body);
    if (name === 'press') incident.pressedAt = tools.now();
    if (name === 'close') incident.extras.confirmed_time = wireTime(tools.now());
    if (name === 'delete') incidents.delete(incident.id);
    incident.status = action.to ?? incident.status;
    tools.applied({ what: name, ticket: incident.id });
    return action.answer ? json(200, action.answer) : { status: 200 };
  };
  return (arrival, caseId) => {
    const name = arrival.query.get('action_id');
    if (name === null) return reject('OSM.01010001');
    const body = readActionBody(arrival);
    if ('status' in body) return body;
    const action = ACTIONS.get(name);
    if (!action) return reject('OSM.01010013');
    const incident = incidents.get(caseId);
    if (!incident) return reject('OSM.01010015');
    if (!action.from.includes(incident.status)) return reject('OSM.01010062');
    const isTooSoon = tools.now() - (incident.pressedAt ?? -Infinity) < PRESS_PAUSE_MS;
    if (name === 'press' && isTooSoon) return reject('OSM.01010004');
    return apply(incident, name, action, body);
  };
}

/** Returns the response of a route about one existing case. */
type CaseAnswer = (incident: Incident, arrival: ReceivedRequest) => unknown;

function readCase(incidents: Map<string, Incident>, answer: CaseAnswer): Route['run'] {
  return (arrival, caseId) => {
    const incident = incidents.get(caseId);
    return incident ? json(200, answer(incident, arrival)) : reject('OSM.01010015');
  };
}

const detailOf: CaseAnswer = (incident, { headers }) => ({
  incident_detail_info: toDetail(incident, languageOf(headers)),
});

const statusOf: CaseAnswer = ({ status }) => ({ status });

const logsOf: CaseAnswer = ({ log }, { query }) => ({
  total_count: log.length,
  incident_operate_log_list: page(log.toReversed(), query),
});

function listCases(incidents: Map<string, Incident>, arrival: ReceivedRequest): CannedResponse {
  const found = [...incidents.values()].filter((incident) => isListed(incident, arrival));
  const language = languageOf(arrival.headers);
  const shown = page(found, arrival.query).map((incident) => toInfo(incident, language));
  return json(200, { total_count: found.length, incident_info_list: shown });
}

function countCases(incidents: Map<string, Incident>, { query }: ReceivedRequest): CannedResponse {
  const groups = Map.groupBy(incidents.values(), ({ status }) => status);
  const statuses = query.has('status') ? [Number(query.get('status'))] : [...groups.keys()].sort((a, b) => a - b);
  const counts = statuses.map((status) => ({ status, count: groups.get(status)?.length ?? 0 }));
  return json(200, { incident_status_counts: counts });
}

function createRoutes(incidents: Map<string, Incident>, tools: SimulationTools): readonly Route[] {
  const route = (method: Route['method'], tail: string, query: Checks, run: Route['run']): Route => {
    const pattern = tail.replace('{case_id}', '(?<caseId>[^/]*)');
    return { method, path: new RegExp(`^/v2/servicerequest/${pattern}$`), query, run };
  };
  const dimensions = (): CannedResponse => json(200, { satisfaction_dimension_list: DIMENSIONS });
  return [
    route('GET', 'cases', LIST_QUERY, (arrival) => listCases(incidents, arrival)),
    route('GET', 'cases/count', { status: digits(20) }, (arrival) => countCases(incidents, arrival)),
    route('GET', 'cases/{case_id}', GROUP, readCase(incidents, detailOf)),
    // Not documented for this route, but "mandatory when querying other tickets of the same group".
    route('GET', 'cases/{case_id}/status', GROUP, readCase(incidents, statusOf)),
    route('GET', 'cases/{case_id}/operate-logs', { ...PAGING, ...GROUP }, readCase(incidents, logsOf)),
    route('POST', 'cases/{case_id}/action', { action_id: text(1, 64) }, createActions(incidents, tools)),
    route('GET', 'config/satisfaction-dimensions', {}, dimensions),
  ];
}

function serve(routes: readonly Route[], iam: Iam, arrival: ReceivedRequest): CannedResponse {
  const route = routes.find(({ path }) => path.test(arrival.path));
  // Gateway codes begin with APIGW. These two numbers are invented.
  if (!route) return failure(404, 'APIGW.0101', 'The API does not exist or has not been published.');
  if (route.method !== arrival.method) return failure(405, 'APIGW.0102', 'The method is not allowed.');
  if (!iam.isValid(arrival.headers['x-auth-token'])) return unauthorized();
  const segment = route.path.exec(arrival.path)?.groups?.caseId;
  const caseId = segment === undefined ? '-' : decodeSegment(segment);
  if (caseId === undefined) return unreadable();
  const isLegal = hasLegalHeaders(arrival.headers) && text(1, 64)(caseId) && isQuery(arrival.query, route.query);
  return isLegal ? route.run(arrival, caseId) : reject('OSM.01010001');
}

function start(tools: SimulationTools): SimulatedVendor {
  const incidents = new Map(seedIncidents(tools.now()).map((incident) => [incident.id, incident]));
  const iam = createIam(() => tools.now());
  const routes = createRoutes(incidents, tools);
  let requests = 0;
  const handle = (arrival: ReceivedRequest): CannedResponse => {
    const reply = arrival.path === TOKEN_PATH ? iam.handle(arrival) : serve(routes, iam, arrival);
    requests += 1;
    const requestId = requests.toString(16).padStart(32, '0');
    return { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } };
  };
  return { handle, ticketIds: () => [...incidents.keys()], expireTokens: () => iam.expireAll() };
}

export const simulation: Simulation = {
  key: 'huawei',
  settings: (url) => ({
    HUAWEI_URL: url,
    HUAWEI_IAM_URL: url,
    HUAWEI_DOMAIN: ACCOUNT.domain,
    HUAWEI_USERNAME: ACCOUNT.name,
    HUAWEI_PASSWORD: ACCOUNT.password,
  }),
  start,
  isReadOnly: ({ path }) => path === TOKEN_PATH,
  samples: {
    ticketId: 'TS-123456',
    otherSpellings: ['ts-123456', 'Ts-123456'],
    unknownId: 'TS-000000',
    invalidIds: ['../..', 'TS 1', 'TS-1\n', '%2e%2e', 'ＴS-123456'],
    action: 'close',
    discardingActions: ['cancel'],
    acceptedStatus: 200,
    writes: [sampleAction('close'), sampleAction('cancel'), sampleAction('press')],
    keyedAction: { ticketId: 'huawei:TS-123456', action: 'close', inputs: { judgement: 'quick', groupId: '7' } },
    rejected: [{ mutation: 'executeAction', input: { ticketId: 'huawei:TS-123456', action: 'delete' } }],
    inputs: (text) => [
      {
        mutation: 'executeAction',
        input: { ticketId: 'huawei:TS-123456', action: 'close', comment: text, inputs: { judgement: text } },
      },
      { mutation: 'executeAction', input: { ticketId: 'huawei:TS-123456', action: 'press' } },
      { mutation: 'setStatus', input: { ticketIds: ['huawei:TS-123456'], status: 'CANCELLED' } },
    ],
    connections: [
      {
        title: 'Huawei with a token, a site and a group',
        settings: { HUAWEI_AUTH_TOKEN: 'token', HUAWEI_SITE: '1', HUAWEI_GROUP_ID: 'g 7' },
        write: {
          mutation: 'executeAction',
          input: { ticketId: 'huawei:TS-123456', action: 'close', comment: 'Done.', inputs: { judgement: 'quick' } },
        },
      },
    ],
    errorBody: (message) => ({ error_code: 'OSM.0001', error_msg: message }),
    signIn: {
      addressSetting: 'HUAWEI_IAM_URL',
      unusableTokens: [
        {
          status: 201,
          headers: { 'content-type': 'application/json', 'x-subject-token': 'abc def' },
          body: '{"token":{}}',
        },
        'HTTP/1.1 201 Created\r\nX-Subject-Token: abc\r\n X-Evil: 1\r\nContent-Length: 2\r\n\r\n{}',
        'HTTP/1.1 201 Created\r\nX-Subject-Token: abc\rX-Evil: 1\r\nContent-Length: 2\r\n\r\n{}',
      ],
    },
    list: {
      path: '/v2/servicerequest/cases',
      total: 53,
      offset: 'offset',
      limit: 'limit',
      entry: (n, createdAt) => ({
        incident_id: `TS-${n}`,
        simple_description: `Ticket ${n}`,
        status: 1,
        create_time: createdAt,
      }),
      page: (cases, total) => ({ incident_info_list: cases, ...(total !== null && { total_count: total }) }),
    },
  },
};

/** A press is not visible in a read. */
function sampleAction(action: 'close' | 'cancel' | 'press'): SampleWrite {
  return {
    title: `executeAction ${action}`,
    mutation: 'executeAction',
    input: { ticketId: 'huawei:TS-123456', action },
    ticketIds: ['TS-123456'],
    effect: action,
    canBeVerified: action !== 'press',
    acceptsEmpty: true,
  };
}

// ---- Seeded tickets ----
