/**
 * Simulates Jifeline's Partner API: remote vehicle diagnostics, tickets of workshops that wait for,
 * or are in the hands of, a remote operator. Read from
 *
 * - https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets (paths, bodies, 303, problem body)
 * - https://partner-api-001.redoc.ly/tag/Authentication and /tag/Concepts (token, x-api-key, statuses)
 * - …/tag/tickets-pending-tickets, …-outsourced-tickets, …-closed-tickets, …-cancelled-tickets and
 *   …-cancel-reasons (fields of each kind)
 *
 * Invented: all tickets, people and workshops, the cancel reasons, the wording of `title` and `detail`;
 * 405 and 415, since the page's list of statuses is cut off; and what is said where it is decided below.
 */
import { randomUUID } from 'node:crypto';
import { isObject, parseJson, type Unchecked } from '../reply.ts';
import { createRandom, type Random } from '../random.ts';
import {
  MINUTE,
  HOUR,
  INT64_MAX,
  REASONS,
  seedTickets,
  toDateTime,
  type Json,
  type Fields,
  type Kind,
  type Ticket,
} from '../seeds/jifeline.ts';
import type {
  ReceivedRequest,
  CannedResponse,
  SimulatedVendor,
  Simulation,
  SimulationTools,
  SampleInput,
} from '../simulation.ts';

const TOKEN_LIFE_MS = HOUR;
const TOKEN_CACHE_MS = 5 * MINUTE;
const INT32_MAX = 2 ** 31 - 1;

const CLIENT_ID = 'sandbox-client';
const CLIENT_SECRET = 'sandbox-secret';
const API_KEY = 'sandbox-api-key';

const TOKEN_PATH = '/oauth2/token';
const REASONS_PATH = '/v2/tickets/cancel-reasons';
// Only in-progress-tickets and outsourced-tickets stand in the page verbatim; the rest follow their pattern.
const TICKETS_PATH = /^\/v2\/tickets\/(pending|in-progress|outsourced|closed|cancelled)-tickets(?:\/([^/]+))?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const COMMON = 'id created_at customer_id ticket_number vehicle_model_id vin connection_id';
const FINISHED = 'finished_at externally_processed external_reference operator_id vehicle_battery_voltage';
const SHOWN: Record<Kind, string> = {
  pending: COMMON,
  'in-progress': `${COMMON} service_started_at operator_id voucher_code outsourced`,
  outsourced: `${COMMON} outsource_provider_id outsource_ticket_id reclaimable voucher_code`,
  closed: `${COMMON} ${FINISHED}`,
  cancelled: `${COMMON} ${FINISHED} cancel_reason_id`,
};

/** Of an in-progress ticket that is there from the start. */
const SAMPLE_ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
/** Of a product, a provider or an operator: this installation knows any. */
const OTHER_ID = '0d6c9e3b-6c1a-4b1e-9c39-5f9d1c1f7a10';

export const simulation: Simulation = {
  key: 'jifeline',
  settings: (url) => ({
    JIFELINE_URL: url,
    JIFELINE_TOKEN_URL: `${url}${TOKEN_PATH}`,
    JIFELINE_CLIENT_ID: CLIENT_ID,
    JIFELINE_CLIENT_SECRET: CLIENT_SECRET,
    JIFELINE_API_KEY: API_KEY,
  }),
  changesNothing: ({ path }) => path === TOKEN_PATH,
  start: startJifeline,
  samples: {
    ticketId: SAMPLE_ID,
    otherSpellings: [SAMPLE_ID.toUpperCase(), '497F6eca-6276-4993-bfeb-53cbbbba6f08'],
    unknownId: '00000000-0000-4000-8000-000000000000',
    invalidIds: ['497f6eca', 'not-a-uuid', `${SAMPLE_ID}/`, `{${SAMPLE_ID}}`, SAMPLE_ID.replaceAll('-', '')],
    action: 'complete',
    discardingActions: ['cancel'],
    acceptedStatus: 303,
    writes: [
      {
        title: 'transitionInProgress outsource',
        mutation: 'transitionInProgress',
        input: {
          ticketId: `jifeline:${SAMPLE_ID}`,
          transition: { outsource: { productIds: [OTHER_ID], providerId: OTHER_ID } },
        },
        ticketIds: [SAMPLE_ID],
        effect: 'outsource',
        // The sandbox gives it another id there.
        canBeVerified: false,
        acceptsEmpty: true,
      },
      {
        title: 'transitionInProgress complete',
        mutation: 'transitionInProgress',
        input: { ticketId: `jifeline:${SAMPLE_ID}`, transition: { complete: {} } },
        ticketIds: [SAMPLE_ID],
        effect: 'complete',
        canBeVerified: true,
        acceptsEmpty: true,
      },
      {
        title: 'assignOperator',
        mutation: 'assignOperator',
        input: { ticketId: `jifeline:${SAMPLE_ID}`, operatorId: OTHER_ID },
        ticketIds: [SAMPLE_ID],
        effect: 'update operator_id',
        canBeVerified: true,
        acceptsEmpty: false,
      },
    ],
    keyedAction: { ticketId: `jifeline:${SAMPLE_ID}`, action: 'complete' },
    rejected: [
      {
        mutation: 'executeAction',
        input: { ticketId: 'jifeline:00000000-0000-4000-8000-000000000000', action: 'complete' },
      },
    ],
    inputs: sampleInputs,
    connections: [
      {
        title: 'Jifeline without an API key',
        settings: { JIFELINE_API_KEY: '' },
        write: {
          mutation: 'assignOperator',
          input: { ticketId: `jifeline:${SAMPLE_ID}`, operatorId: OTHER_ID },
        },
      },
    ],
    errorBody: (message) => ({ status: 400, type: 'about:blank', title: 'Bad Request', detail: message }),
    signIn: {
      addressSetting: 'JIFELINE_TOKEN_URL',
      unusableTokens: ['abc\r\nX-Evil: 1', 'abc def'].map((access_token): CannedResponse =>
        json({ access_token, expires_in: 3600 }),
      ) as [CannedResponse, CannedResponse],
    },
    list: {
      path: '/v2/tickets/in-progress-tickets',
      total: 52,
      offset: 'offset',
      limit: 'limit',
      entry: (n, createdAt) => ({
        id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        ticket_number: n,
        created_at: createdAt,
      }),
      page: (result, total) => ({ result, ...(total !== null && { total }) }),
    },
  },
};

function sampleInputs(text: string): SampleInput[] {
  const ticketId = `jifeline:${SAMPLE_ID}`;
  const outsource = { productIds: [OTHER_ID], providerId: OTHER_ID };
  return [
    { mutation: 'executeAction', input: { ticketId, action: 'cancel', inputs: { cancelReasonId: 2 } } },
    { mutation: 'setStatus', input: { ticketIds: [ticketId], status: 'SOLVED' } },
    { mutation: 'transitionInProgress', input: { ticketId, transition: { complete: { extra: { text } } } } },
    { mutation: 'transitionInProgress', input: { ticketId, transition: { outsource } } },
    { mutation: 'assignOperator', input: { ticketId, operatorId: OTHER_ID } },
  ];
}

function startJifeline(tools: SimulationTools): SimulatedVendor {
  const random = createRandom(20_497);
  const tickets = seedTickets(random, tools.now());
  const desk = openTokenDesk(tools);

  const handle = (arrival: ReceivedRequest): CannedResponse => {
    if (arrival.path === TOKEN_PATH) return desk.grant(arrival);
    const [, kind, id] = TICKETS_PATH.exec(arrival.path) ?? [];
    if (!kind && arrival.path !== REASONS_PATH) return problem(404, 'There is no such resource.');
    const refusal = desk.refusalOf(arrival);
    if (refusal) return refusal;
    if (!kind) return reasons(arrival);
    return id === undefined ? list(arrival, kind as Kind) : item(arrival, kind as Kind, id);
  };

  const list = (arrival: ReceivedRequest, kind: Kind): CannedResponse => {
    if (arrival.method !== 'GET') return wrongMethod('GET');
    const rows = tickets.filter((ticket) => ticket.kind === kind).map(toWire);
    return page(arrival, rows, ['limit', 'offset', 'ticket_number']);
  };

  const item = (arrival: ReceivedRequest, kind: Kind, id: string): CannedResponse => {
    const allowed = kind === 'in-progress' ? ['GET', 'PUT', 'PATCH'] : ['GET'];
    if (!allowed.includes(arrival.method)) return wrongMethod(allowed.join(', '));
    if (!UUID.test(id)) return problem(400, `The path parameter {${kind}-ticket-id} must be a uuid.`);
    if (arrival.query.size > 0) return problem(400, 'This operation takes no query parameters.');
    const ticket = tickets.find((each) => each.kind === kind && each.id === id.toLowerCase());
    if (!ticket) return problem(404, `There is no ticket with this id among the ${kind} tickets.`);
    if (arrival.method === 'GET') return json(toWire(ticket));
    return arrival.method === 'PUT' ? assign(arrival, ticket, tools) : transit(arrival, ticket, random, tools);
  };

  return {
    handle,
    ticketIds: () => tickets.map((ticket) => ticket.id),
    expireTokens: desk.expire,
  };
}

function reasons(arrival: ReceivedRequest): CannedResponse {
  return arrival.method === 'GET' ? page(arrival, REASONS, ['limit', 'offset']) : wrongMethod('GET');
}

function toWire(ticket: Ticket): Fields {
  const all: Fields = { ...ticket.fields, id: ticket.id };
  return Object.fromEntries(SHOWN[ticket.kind].split(' ').map((name) => [name, all[name]]));
}

/* ---- Writes --------------------------------------------------------------------------------- */

// The schema of PUT has operator_id alone; its sample with more fields contradicts it and is not followed.
function assign(arrival: ReceivedRequest, ticket: Ticket, tools: SimulationTools): CannedResponse {
  const { body, refusal } = readBody(arrival, ['operator_id']);
  if (refusal) return refusal;
  const { operator_id } = body;
  if (!isUuid(operator_id)) return problem(400, 'operator_id is required and must be a uuid.');
  if (ticket.fields.operator_id !== operator_id) {
    ticket.fields = { ...ticket.fields, operator_id };
    tools.applied({ what: 'update operator_id', ticket: ticket.id });
  }
  return json(toWire(ticket));
}

function transit(arrival: ReceivedRequest, ticket: Ticket, random: Random, tools: SimulationTools): CannedResponse {
  const { body, refusal } = readBody(arrival, ['transition']);
  if (refusal) return refusal;
  const { transition } = body;
  if (!isObject(transition)) return problem(400, 'transition is required and must be an object.');
  const fault = faultOf(transition);
  if (fault) return problem(400, fault);
  const before = ticket.id;
  if (transition.type === 'outsource') outsource(ticket, transition, random);
  else finish(ticket, transition, tools.now());
  tools.applied({ what: String(transition.type), ticket: before });
  return { status: 303, headers: { location: `/v2/tickets/${ticket.kind}-tickets/${ticket.id}` }, body: '' };
}

/** Whether the id is kept is not documented. A new one catches a client that assumes it is. */
function outsource(ticket: Ticket, transition: Unchecked, random: Random): void {
  ticket.id = random.uuid();
  ticket.kind = 'outsourced';
  ticket.fields = {
    ...ticket.fields,
    outsource_provider_id: String(transition.provider_id),
    outsource_ticket_id: random.uuid(),
    reclaimable: true,
  };
}

/** Complete and Cancel. A reason that was not given is a field that is not there. */
function finish(ticket: Ticket, transition: Unchecked, nowMs: number): void {
  ticket.kind = transition.type === 'complete' ? 'closed' : 'cancelled';
  const cancel_reason_id = transition.cancel_reason_id as number | undefined;
  ticket.fields = { ...ticket.fields, finished_at: toDateTime(nowMs), cancel_reason_id };
}

/* ---- Sign-in -------------------------------------------------------------------------------- */

function openTokenDesk(tools: SimulationTools) {
  let given: { token: string; atMs: number }[] = [];
  const ageMs = (each: { atMs: number }): number => tools.now() - each.atMs;

  const tokenForNow = (): string => {
    given = given.filter((each) => ageMs(each) < TOKEN_LIFE_MS);
    const cached = given.find((each) => ageMs(each) < TOKEN_CACHE_MS);
    if (cached) return cached.token;
    const token = randomUUID();
    given.push({ token, atMs: tools.now() });
    return token;
  };

  // What a refused sign-in looks like is not documented; the problem body of the rest is taken.
  const grant = (arrival: ReceivedRequest): CannedResponse => {
    if (arrival.method !== 'POST') return wrongMethod('POST');
    if (!hasMediaType(arrival, 'application/x-www-form-urlencoded')) {
      return problem(415, 'The body must be application/x-www-form-urlencoded.');
    }
    const form = new URLSearchParams(arrival.body);
    if ([...form.keys()].sort().join() !== 'client_id,client_secret,grant_type') {
      return problem(400, 'Expected grant_type, client_id and client_secret, each once.');
    }
    if (form.get('grant_type') !== 'client_credentials') {
      return problem(400, 'grant_type must be client_credentials.');
    }
    if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET) {
      return problem(401, 'The client credentials are invalid.');
    }
    // expires_in is 3600 in the page; that a cached token has up to five minutes less is not told.
    return json({ access_token: tokenForNow(), expires_in: TOKEN_LIFE_MS / 1000, token_type: 'Bearer' });
  };

  // "OAuth2 and ApiKey": both are credentials, and 401 is documented for credentials that are invalid.
  const refusalOf = ({ headers }: ReceivedRequest): CannedResponse | undefined => {
    if (headers['x-api-key'] !== API_KEY) return problem(401, 'The x-api-key header is missing or invalid.');
    const isKnown = given.some(
      (each) => headers.authorization === `Bearer ${each.token}` && ageMs(each) < TOKEN_LIFE_MS,
    );
    return isKnown ? undefined : problem(401, 'The access token is missing, invalid or expired.');
  };

  const expire = (): void => {
    given = [];
  };
  return { grant, refusalOf, expire };
}

/* ---- What comes in -------------------------------------------------------------------------- */

type BodyRead = { body: Unchecked; refusal?: undefined } | { body?: undefined; refusal: CannedResponse };

/** The body as an object that has no other members than `known`. */
function readBody(arrival: ReceivedRequest, known: readonly string[]): BodyRead {
  if (!hasMediaType(arrival, 'application/json')) {
    return { refusal: problem(415, 'The body must be application/json.') };
  }
  const body = parseJson(arrival.body);
  if (!isObject(body)) return { refusal: problem(400, 'The body must be a JSON object.') };
  const stranger = strangerIn(body, known);
  if (stranger !== undefined) return { refusal: problem(400, `Unknown property: ${stranger}.`) };
  return { body };
}

function hasMediaType(arrival: ReceivedRequest, expected: string): boolean {
  const [type = '', ...parameters] = (arrival.headers['content-type'] ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((each) => /^\s*charset="?utf-8"?\s*$/.test(each));
  return type.trim() === expected && isUtf8;
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

function strangerIn(value: Unchecked, known: readonly string[]): string | undefined {
  return Object.keys(value).find((name) => !known.includes(name));
}

/** What is wrong with a transition, if anything. */
function faultOf(transition: Unchecked): string | undefined {
  switch (transition.type) {
    case 'outsource':
      return outsourceFault(transition);
    // Complete and Cancel are named in the page and not expanded: anything beside `type` is let pass.
    case 'complete':
      return undefined;
    case 'cancel':
      return cancelFault(transition);
    default:
      return 'transition.type must be one of outsource, complete, cancel.';
  }
}

// That products must be of type "base" cannot be judged here: no product list is documented.
function outsourceFault(transition: Unchecked): string | undefined {
  const { product_ids: products, provider_id: provider } = transition;
  const switches = ['allow_customer_chat_write_access', 'share_customer_information'];
  const stranger = strangerIn(transition, ['type', 'product_ids', 'provider_id', ...switches]);
  if (stranger !== undefined) return `Unknown property: transition.${stranger}.`;
  if (!Array.isArray(products) || products.length === 0 || !products.every(isUuid)) {
    return 'transition.product_ids is required and must be a non-empty array of uuid.';
  }
  if (!isUuid(provider)) return 'transition.provider_id is required and must be a uuid.';
  const wrong = switches.find((name) => !['undefined', 'boolean'].includes(typeof transition[name]));
  return wrong && `transition.${wrong} must be a boolean.`;
}

function cancelFault({ cancel_reason_id: reason }: Unchecked): string | undefined {
  const isInt32 = Number.isInteger(reason) && Math.abs(reason as number) <= INT32_MAX;
  return reason === undefined || isInt32 ? undefined : 'transition.cancel_reason_id must be an int32.';
}

/** A whole number in the query; a string says what is wrong with it. */
function readInteger(query: URLSearchParams, name: string, low: bigint, high: bigint): bigint | string | undefined {
  const [text, ...more] = query.getAll(name);
  if (text === undefined) return undefined;
  const value = more.length === 0 && /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  const isWithin = value !== undefined && value >= low && value <= high;
  return isWithin ? value : `${name} must be one whole number from ${low} to ${high}.`;
}

/* ---- What goes out -------------------------------------------------------------------------- */

function page(arrival: ReceivedRequest, rows: readonly Fields[], known: readonly string[]): CannedResponse {
  const stranger = [...arrival.query.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) return problem(400, `Unknown query parameter: ${stranger}.`);
  const limit = readInteger(arrival.query, 'limit', 0n, 1000n) ?? 25n;
  const offset = readInteger(arrival.query, 'offset', 0n, INT64_MAX) ?? 0n;
  const ticket_number = readInteger(arrival.query, 'ticket_number', -INT64_MAX, INT64_MAX);
  if (typeof limit === 'string') return problem(400, limit);
  if (typeof offset === 'string') return problem(400, offset);
  if (typeof ticket_number === 'string') return problem(400, ticket_number);
  const isWanted = (row: Fields): boolean => row.ticket_number === ticket_number;
  const found = ticket_number === undefined ? rows : rows.filter(isWanted);
  const result = found.slice(Number(offset), Number(offset + limit));
  return json({ query: { limit, offset, ticket_number }, result, total: found.length });
}

function json(value: Fields): CannedResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: toJson(value) };
}

/** JSON in which a bigint keeps all its digits and an undefined member is left out. */
function toJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(',')}}`;
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
};

function problem(status: number, detail: string, headers: Record<string, string> = {}): CannedResponse {
  const body = JSON.stringify({ status, type: 'about:blank', title: TITLES[status], detail });
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body };
}

function wrongMethod(allow: string): CannedResponse {
  return problem(405, `Only ${allow} can be used here.`, { allow });
}

/* ---- What there is to begin with ------------------------------------------------------------ */
